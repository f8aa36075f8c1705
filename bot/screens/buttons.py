"""Buttons under messages. A button carries at most 64 bytes, all of it here:

a:ID:p:N  page N of an answer        a:ID:m:N  its other passages       a:ID:s  show it
a:ID:u|d:N  thumb up or down    a:ID:r:CODE:N  the reason    a:ID:h  ask it again
a:ID:n  ask it as it was typed
q:PLACE:ID  ask what a neighbouring heading answers
d:DOC:N:ID  outline    t:PLACE:N:ID  a section's text    w:DOC:N:ID  all of it (ID to go back to, with an
    "s" that of a search)
v, v:KIND, v:KIND:YEAR:N  the shelves    n:N  lately added    e:N  example question
l:LANGUAGE  the language, with ":start" below the welcome, which is shown anew
f:y, f:n  erase all that is kept, or not    p:y, p:n  keep questions, or not
o  answer the question replied to    x  a page number, which does nothing
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote as url_quote

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.screens.cutting import shortened
from bot.screens.texts import Texts

Row = list[InlineKeyboardButton]
FOUND = "s"
_DIGITS = 18  # of the largest number that every database keeps


class OldButton(Exception):
    """What a button carries is of another version of the bot, or of none."""


def word(carried: Sequence[str], at: int) -> str:
    """A part of what a button carries. Raises OldButton where there is none."""
    try:
        return carried[at]
    except IndexError:
        raise OldButton from None


def number(carried: Sequence[str], at: int) -> int:
    """A part that is a page or an id. Raises OldButton where it is neither."""
    written = word(carried, at)
    if not written.isdecimal() or len(written) > _DIGITS:
        raise OldButton
    return int(written)


def button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(shortened(label, 60), callback_data=data)


def turning(texts: Texts, page: int, count: int, data: str) -> list[Row]:
    """A row to turn pages, to where there are any; `data` has `{}` where the page goes."""
    if count < 2:
        return []
    row = [button(texts.page_of.format(page=page + 1, pages=count), "x")]
    if page > 0:
        row.insert(0, button(f"‹ {texts.previous}", data.format(page - 1)))
    if page + 1 < count:
        row.append(button(f"{texts.following} ›", data.format(page + 1)))
    return [row]


def keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def link(username: str, payload: str) -> str:
    """An address that opens a document or a section in the bot."""
    return f"https://t.me/{username}?start={payload}"


def share(texts: Texts, username: str, payload: str, title: str) -> InlineKeyboardButton:
    address = url_quote(link(username, payload), safe="")
    text = url_quote(shortened(title, 150), safe="")
    return InlineKeyboardButton(
        texts.share, url=f"https://t.me/share/url?url={address}&text={text}"
    )


def back_row(texts: Texts, back: str) -> Row:
    label = texts.back_found if back.endswith(FOUND) else texts.back
    return [button(f"« {label}", f"a:{back.rstrip(FOUND)}:p:0")] if back else []
