"""While answering is off: what people get instead, before any other handler sees an update."""

from __future__ import annotations

import asyncio

from telegram import CallbackQuery, Message, Update
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler, filters

from bot.handlers.buttons import answered
from bot.handlers.desk import App, Desk
from bot.handlers.questions import addressed, question_in
from bot.handlers.silence import silent, silent_inline
from bot.screens.texts import VIETNAMESE
from bot.watching.switch import Off

_FIRST = -1  # the group of handlers that is asked before all others
# what people may always do with their own data, and administrators with theirs
_ALWAYS = {"xoadulieu", "dulieucuatoi", "riengtu", "ngonngu", "thongke", "baocao", "chuatraloi"}
_ALWAYS_PRESSED = ("f:", "p:", "l:", "x")


class Gate:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def register(self, application: App) -> None:
        application.add_handler(TypeHandler(Update, self.checked), group=_FIRST)

    async def checked(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Raises ApplicationHandlerStop where answering is off, once that has been said."""
        off = self.desk.off()
        if off is None:
            return
        message = update.message or update.edited_message
        if update.callback_query:
            if (update.callback_query.data or "").startswith(_ALWAYS_PRESSED):
                return
            await self._pressed(update, update.callback_query)
        elif update.inline_query:
            await silent_inline(update.inline_query)
        elif message is None or self._command(message) in _ALWAYS:
            return
        elif self._is_for_us(message):
            await self._written(update, message, off)
        raise ApplicationHandlerStop

    def _command(self, message: Message) -> str:
        """The name of a command that is ours; "" for any other message."""
        first = (message.text or "").split(maxsplit=1)[:1]
        name, _, whose = first[0].lower().partition("@") if first else ("", "", "")
        ours = whose in ("", self.desk.username.lower())
        return name[1:] if name.startswith("/") and ours else ""

    def _is_for_us(self, message: Message) -> bool:
        if filters.StatusUpdate.ALL.check_update(Update(0, message=message)):
            return False
        return (
            addressed(message, self.desk.sender.bot)
            or self._command(message) in VIETNAMESE.commands
        )

    async def _pressed(self, update: Update, query: CallbackQuery) -> None:
        texts = await asyncio.to_thread(self.desk.texts, update)
        await answered(query, texts.off_short)

    async def _written(self, update: Update, message: Message, off: Off) -> None:
        if not await self.desk.speaks(update, message):
            return
        question = not self._command(message) and bool(question_in(message, self.desk.sender.bot))
        await silent(self.desk, update, off, question)
