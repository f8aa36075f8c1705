"""What administrators see: figures, and the questions the library could not answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from telegram import BotCommand, BotCommandScopeChat, Update
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.handlers.desk import App, Desk
from bot.screens.render import Piece, Screen, date_of, escape, pages, shortened
from bot.screens.texts import VIETNAMESE, Texts
from bot.watching.incidents import incident
from knowledge.vietnamese import syllables

_LOG = logging.getLogger(__name__)
_ALIKE = 0.5
_GROUPS = 15


class Admin:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def register(self, application: App) -> None:
        for name, callback in (("thongke", self.stats), ("chuatraloi", self.unanswered)):
            application.add_handler(
                CommandHandler(name, callback, filters=filters.UpdateType.MESSAGE)
            )

        written = filters.User(self.desk.settings.admins) & filters.ChatType.PRIVATE
        application.add_handler(MessageHandler(written & filters.COMMAND, self.menu), group=1)

    async def menu(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Their commands in their menu, once they write: before that Telegram knows no chat."""
        chat = update.effective_chat
        if chat is None:
            return
        wanted = [
            BotCommand(name, what)
            for name, what in (VIETNAMESE.commands | VIETNAMESE.admin_commands).items()
        ]
        fact, digest = (
            f"menu of {self.desk.state.named(chat.id)}",
            str([command.to_dict() for command in wanted]),
        )
        if await asyncio.to_thread(self.desk.state.fact, fact) != digest:
            await context.bot.set_my_commands(wanted, scope=BotCommandScopeChat(chat.id))
            await asyncio.to_thread(self.desk.state.set_fact, fact, digest)

    async def stats(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._reply(update, self._stats)

    async def unanswered(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        chat = update.effective_chat
        alone = chat is not None and chat.type == chat.PRIVATE
        # other people's questions: not for the eyes of a group
        await self._reply(update, self._unanswered if alone else lambda texts: texts.own_chat_only)

    async def _reply(self, update: Update, make: Callable[[Texts], str]) -> None:
        user = update.effective_user
        texts = await asyncio.to_thread(self.desk.texts, update)
        if await self.desk.sender.resume(update, texts):
            return
        allowed = user is not None and user.id in self.desk.settings.admins
        if not allowed:
            _LOG.warning(
                "An administrators' command was refused", extra=incident("command refused")
            )
        html = await asyncio.to_thread(make, texts) if allowed else texts.admins_only
        await self.desk.sender.reply(update, Screen(html), texts)

    def _stats(self, texts: Texts) -> str:
        stats = self.desk.state.stats(self.desk.state.clock() - 7 * 86400)
        asked = sum(day.questions for day in stats.days)
        if not asked:
            return texts.stats_none
        reasons = "".join(
            f"\n• {texts.reasons.get(code, code)}: {count}" for code, count in stats.reasons.items()
        )
        return texts.stats.format(
            days="\n".join(
                texts.stats_day.format(day=date_of(day.day), count=day.questions)
                for day in stats.days
            ),
            share=round(100 * sum(day.answered for day in stats.days) / asked),
            median=f"{stats.median_seconds:.1f}",
            up=stats.up,
            down=stats.down,
            reasons=reasons,
        )

    def _unanswered(self, texts: Texts) -> str:
        questions = self.desk.state.unanswered(self.desk.state.clock() - 30 * 86400)
        if not questions:
            return texts.unanswered_none
        lines = [
            Piece(
                f"• {escape(shortened(group[0], 150))}"
                + (f" <b>×{len(group)}</b>" * (len(group) > 1))
            )
            for group in alike(questions)[:_GROUPS]
        ]
        return pages([Piece(texts.unanswered), *lines])[0]


def alike(questions: Sequence[str]) -> list[list[str]]:
    """Questions in groups of those that share most of their words, largest group first.

    Each joins the first group whose first question is alike: dull, but explainable.
    """
    groups: list[tuple[set[str], list[str]]] = []
    for question in questions:
        words = set(syllables(question))
        for first, group in groups:
            if len(words & first) >= _ALIKE * len(words | first):
                group.append(question)
                break
        else:
            groups.append((words, [question]))
    return sorted((group for _, group in groups), key=len, reverse=True)
