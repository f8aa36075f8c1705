"""Every handler, in the order they are tried, and what happens when one fails."""

from __future__ import annotations

import asyncio
import logging

from telegram import Update
from telegram.error import Forbidden, NetworkError
from telegram.ext import ContextTypes

from bot.database.connection import MemoryFailed
from bot.handlers.admin import Admin
from bot.handlers.buttons import Buttons
from bot.handlers.commands import Commands
from bot.handlers.desk import App, Desk
from bot.handlers.gate import Gate
from bot.handlers.inline import Inline
from bot.handlers.media import Media
from bot.handlers.questions import Questions
from bot.handlers.rights import Rights
from bot.logs import log_fault
from bot.screens.render import Screen

_LOG = logging.getLogger(__name__)


def register(application: App, desk: Desk) -> None:
    """Attach every handler to the application."""
    Gate(desk).register(application)
    questions = Questions(desk)
    commands = Commands(desk, questions)
    commands.register(application)
    Rights(desk).register(application)
    Admin(desk).register(application)
    commands.register_last(application)
    questions.register(application)
    Media(desk, questions).register(application)
    Buttons(desk, questions).register(application)
    Inline(desk).register(application)
    application.add_error_handler(Failures(desk).failed)


class Failures:
    """Apologises, logs, and lets what could not be stored be tried again."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        error = context.error
        if not isinstance(update, Update) or error is None:
            return
        if isinstance(error, MemoryFailed):
            self.desk.unstored.add(update.update_id)
            return
        log_fault(_LOG, error, "handling an update")
        self.desk.metrics.answered("question", "failed")
        if isinstance(error, NetworkError | Forbidden) or update.message is None:
            return
        texts = await asyncio.to_thread(self.desk.texts, update)
        mark = await asyncio.to_thread(self.desk.state.send, update.update_id)
        if mark is None:
            await self.desk.sender.reply(update, Screen(texts.apology), texts)
