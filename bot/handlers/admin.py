"""What administrators see: figures, and the questions the library could not answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from telegram import BotCommand, BotCommandScopeChat, Update
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.handlers.desk import App, Callback, Desk, add_commands
from bot.handlers.weekly import report_screen, week
from bot.reports.figures import alike
from bot.screens.cutting import shortened
from bot.screens.render import Piece, Screen, escape, pages
from bot.screens.texts import VIETNAMESE, Texts
from bot.watching.incidents import incident
from knowledge.calendar import date_of, day_at

_LOG = logging.getLogger(__name__)
_GROUPS = 15


class Admin:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def register(self, application: App) -> None:
        commands: dict[str, Callback] = {
            "thongke": self.stats, "baocao": self.report, "chuatraloi": self.unanswered,
        }  # fmt: skip
        add_commands(application, commands)
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
        fact = f"menu of {self.desk.state.named(chat.id)}"
        digest = str([command.to_dict() for command in wanted])
        if await asyncio.to_thread(self.desk.state.fact, fact) != digest:
            await context.bot.set_my_commands(wanted, scope=BotCommandScopeChat(chat.id))
            await asyncio.to_thread(self.desk.state.set_fact, fact, digest)

    async def stats(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._reply(update, self._stats)

    async def report(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """What comes on Mondays, of the last seven days."""
        today = day_at(self.desk.state.clock())
        await self._reply(update, lambda texts: report_screen(week(self.desk, today), texts))

    async def unanswered(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        chat = update.effective_chat
        alone = chat is not None and chat.type == chat.PRIVATE
        # other people's questions: not for the eyes of a group
        await self._reply(
            update, self._unanswered if alone else lambda texts: Screen(texts.own_chat_only)
        )

    async def _reply(self, update: Update, make: Callable[[Texts], Screen]) -> None:
        user = update.effective_user

        def allowed(texts: Texts) -> Screen:
            if user is not None and user.id in self.desk.settings.admins:
                return make(texts)
            _LOG.warning(
                "An administrators' command was refused", extra=incident("command refused")
            )
            return Screen(texts.admins_only)

        await self.desk.reply(update, allowed)

    def _stats(self, texts: Texts) -> Screen:
        stats = self.desk.state.stats(self.desk.state.clock() - 7 * 86400)
        asked = sum(day.questions for day in stats.days)
        if not asked:
            return Screen(texts.stats_none)
        reasons = "".join(
            f"\n• {texts.reasons.get(code, code)}: {count}" for code, count in stats.reasons.items()
        )
        html = texts.stats.format(
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
        return Screen(html)

    def _unanswered(self, texts: Texts) -> Screen:
        questions = self.desk.state.unanswered(self.desk.state.clock() - 30 * 86400)
        if not questions:
            return Screen(texts.unanswered_none)
        lines = [
            Piece(
                f"• {escape(shortened(group[0], 150))}"
                + (f" <b>×{len(group)}</b>" * (len(group) > 1))
            )
            for group in alike(questions)[:_GROUPS]
        ]
        return Screen(pages([Piece(texts.unanswered), *lines])[0])
