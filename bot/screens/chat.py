"""What the chat's own matters look like: the welcome, help, language, erasing, and what is said while
answering is off."""

from __future__ import annotations

from bot.screens.buttons import Row, button, keyboard
from bot.screens.cutting import shortened
from bot.screens.privacy import privacy_notice
from bot.screens.render import Screen, escape
from bot.screens.texts import Texts
from bot.settings import Settings


def off_screen(texts: Texts, reason: str, contact: str, question: bool) -> Screen:
    """That nothing is answered for now; a `question` can be asked again by one press."""
    lines = [texts.off]
    if reason:
        lines.append(texts.off_reason.format(reason=escape(reason)))
    if contact:
        lines.append(texts.contact.format(contact=escape(shortened(contact, 500))))
    if not question:
        return Screen("\n\n".join(lines))
    lines.append(texts.off_later.format(button=texts.off_ask))
    return Screen("\n\n".join(lines), keyboard([[button(texts.off_ask, "o")]]))


def welcome_screen(texts: Texts, settings: Settings) -> Screen:
    rows: list[Row] = [
        [button(example, f"e:{number}")] for number, example in enumerate(texts.examples)
    ]
    other = "vi" if texts.language == "en" else "en"
    rows.append([button(texts.other_language, f"l:{other}:start")])
    owner = escape(shortened(settings.contact, 500)) or texts.owner
    html = f"{texts.welcome.format(owner=owner)}\n\n{privacy_notice(texts, settings)}"
    return Screen(html, keyboard(rows))


def help_screen(texts: Texts, days: int) -> Screen:
    """`days` is how long questions are kept."""
    lines = "\n".join(f"/{name}: {escape(what)}" for name, what in texts.commands.items())
    return Screen(texts.help.format(commands=lines, days=days))


def language_screen(texts: Texts) -> Screen:
    row = [button("Tiếng Việt", "l:vi"), button("English", "l:en")]
    return Screen(texts.choose_language, keyboard([row]))


def erase_screen(texts: Texts) -> Screen:
    row = [button(texts.erase_yes, "f:y"), button(texts.erase_no, "f:n")]
    return Screen(texts.erase_sure, keyboard([row]))
