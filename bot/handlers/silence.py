"""The reply while answering is off."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot.handlers.desk import Desk
from bot.screens.answers import off_screen
from bot.watching.switch import Off


async def silent(desk: Desk, update: Update, off: Off, question: bool) -> None:
    """Reply that nothing is answered for now, once."""
    texts = await asyncio.to_thread(desk.texts, update)
    if await desk.sender.resume(update, texts):
        return
    desk.metrics.answered("question", "off")
    screen = off_screen(texts, off.reason, desk.settings.contact, question)
    await desk.sender.reply(update, screen, texts)
