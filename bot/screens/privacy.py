"""What people are told about their data."""

from __future__ import annotations

from bot.screens.buttons import button, keyboard
from bot.screens.cutting import shortened
from bot.screens.render import Screen, escape
from bot.screens.texts import Texts
from bot.settings import Settings


def privacy_notice(texts: Texts, settings: Settings) -> str:
    """In two lines, for whoever writes for the first time."""
    return texts.privacy_notice.format(days=settings.keep_days)


def privacy_screen(texts: Texts, settings: Settings, stored: bool) -> Screen:
    """What is kept, why, how long, who answers for it; and a button to choose otherwise."""
    now = texts.privacy_stored if stored else texts.privacy_unstored
    html = texts.privacy.format(
        days=settings.keep_days,
        contact=escape(shortened(settings.contact, 500)) or texts.privacy_nobody,
        now=now.format(minutes=settings.context_minutes),
    )
    label, data = (texts.privacy_stop, "p:n") if stored else (texts.privacy_go_on, "p:y")
    return Screen(html, keyboard([[button(label, data)]]))
