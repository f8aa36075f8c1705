"""The reply while answering is off."""

from __future__ import annotations

from telegram import Update

from bot.handlers.desk import Desk
from bot.screens.answers import off_screen
from bot.screens.render import Screen
from bot.screens.texts import Texts
from bot.watching.switch import Off


async def silent(desk: Desk, update: Update, off: Off, question: bool) -> None:
    """Reply that nothing is answered for now, once."""

    def screen(texts: Texts) -> Screen:
        desk.metrics.answered("question", "off")
        return off_screen(texts, off.reason, desk.settings.contact, question)

    await desk.reply(update, screen)
