"""The reply while answering is off."""

from __future__ import annotations

import contextlib

from telegram import InlineQuery, Update
from telegram.error import TelegramError

from bot.handlers.desk import Desk
from bot.screens.chat import off_screen
from bot.screens.render import Screen
from bot.screens.texts import Texts
from bot.watching.switch import Off


async def silent(desk: Desk, update: Update, off: Off, question: bool) -> None:
    """Reply that nothing is answered for now, once."""
    # below a button stands a message of ours: nothing to ask again
    again = question and update.callback_query is None

    def screen(texts: Texts) -> Screen:
        desk.metrics.answered("question", "off")
        return off_screen(texts, off.reason, desk.settings.contact, again)

    await desk.reply(update, screen)


async def silent_inline(query: InlineQuery) -> None:
    """Offer nothing, and let nobody keep that."""
    with contextlib.suppress(TelegramError):  # the person has typed on meanwhile
        await query.answer([], cache_time=0, is_personal=True)
