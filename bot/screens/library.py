"""What the library looks like: a document's outline, its words, the shelves."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from telegram import CopyTextButton, InlineKeyboardButton

from bot.screens.buttons import Row, back_row, button, keyboard, share, turning
from bot.screens.catalogue import Catalogue, Place, document_key, kind_key
from bot.screens.cutting import shortened
from bot.screens.render import (
    Piece,
    Screen,
    escape,
    official_page,
    pages,
    quoted,
    source,
    title_of,
)
from bot.screens.standing import aside, standing, warning
from bot.screens.texts import Texts
from bot.screens.words import tidy
from index.store.generation import Entry
from knowledge.calendar import date_of, day_of, today
from knowledge.document import Metadata
from knowledge.vietnamese import fold

_LIST = 8  # buttons in one list
_NO_JUMPS = 3  # pages that next and back are enough for
_TAG = re.compile(r"<[^>]*>")
_LAST_PART = re.compile(r"(?:“[^”]*”|[^,“”]+)$")  # "khoản 3" of "Điều 2, khoản 3"


def outline_screen(
    entry: Entry, texts: Texts, catalogue: Catalogue, username: str, page: int = 0, back: str = ""
) -> Screen:
    """What a document is, and its Điều or headings to choose from."""
    key = document_key(entry.path)
    places = catalogue.chapters(entry)
    count = max(1, -(-len(places) // _LIST))
    page = page % count
    rows: list[Row] = [
        [button(_place_name(place), f"t:{place.key}:0:{back}")]
        for place in places[page * _LIST : (page + 1) * _LIST]
    ]
    rows += turning(texts, page, count, f"d:{key}:{{}}:{back}")
    rows.append(
        [
            button(texts.whole_text, f"w:{key}:0:{back}"),
            share(texts, username, f"d_{key}", entry.metadata.title),
        ]
    )
    rows.append(_document_row(entry, texts))
    rows.append(back_row(texts, back))
    hint = texts.outline_hint if places else texts.outline_empty
    return Screen(f"{_about(entry, texts)}\n\n{hint}", keyboard(rows))


def _place_name(place: Place) -> str:
    """A section among its siblings: the last part of its label, and its title where it adds any."""
    own = _LAST_PART.search(place.section.label)
    label = (own[0] if own else place.section.label).strip(" “”")
    label = label[:1].upper() + label[1:]
    title = place.section.title
    if not title or _starts(label, title):
        return label
    return title if _starts(title, label) else f"{label}. {title}"


def _starts(text: str, start: str) -> bool:
    """Whether one begins with the other, as people read: case, marks and an ellipsis aside."""
    return fold(text).startswith(fold(start).rstrip(" ….:;,"))


def _document_row(entry: Entry, texts: Texts) -> Row:
    metadata = entry.metadata
    row: Row = []
    if metadata.number:
        label = shortened(texts.copy_number.format(number=metadata.number), 60)
        row.append(InlineKeyboardButton(label, copy_text=CopyTextButton(metadata.number[:256])))
    if address := official_page(metadata):
        row.append(InlineKeyboardButton(texts.original, url=address))
    return row


def _about(entry: Entry, texts: Texts) -> str:
    metadata = entry.metadata
    effective = (
        texts.effective.format(date=date_of(metadata.effective)) if metadata.effective else ""
    )
    lines = [
        source(metadata, "", "", texts).html,
        escape(" · ".join(fact for fact in (shortened(metadata.issuer, 150), effective) if fact)),
        f"<i>{escape(shortened(metadata.note, 400))}</i>" if metadata.note else "",
    ]
    return "\n".join(line for line in lines if line)


def section_screen(
    place: Place, texts: Texts, catalogue: Catalogue, username: str, page: int = 0, back: str = ""
) -> Screen:
    """A section's own words, with the ones before and after it."""
    metadata = place.entry.metadata
    section = place.section
    words = tidy(catalogue.words(place))
    own = section.label.strip("“”")
    heading = [] if _starts(words, own) else [Piece(f"<b>{escape(shortened(own, 200))}</b>")]
    shown = pages([*heading, *quoted(words), source(metadata, "", "", texts)])
    page = page % len(shown)
    rows = turning(texts, page, len(shown), f"t:{place.key}:{{}}:{back}")
    rows.append(_neighbours(place, catalogue, back))
    rows.append(
        [
            button(texts.outline, f"d:{document_key(place.entry.path)}:0:{back}"),
            share(texts, username, f"s_{place.key}", f"{metadata.title}, {section.label}"),
        ]
    )
    rows.append(back_row(texts, back))
    return Screen(_warned(shown, page, metadata, texts), keyboard(rows))


def _warned(shown: Sequence[str], page: int, metadata: Metadata, texts: Texts) -> str:
    """A page of a document's words; one that does not name its source says if it is out of force."""
    said = escape(shortened(warning(metadata, texts), 250))
    return shown[page] if said in shown[page] else f"{said}\n{shown[page]}"


def _neighbours(place: Place, catalogue: Catalogue, back: str) -> Row:
    alike = catalogue.alike(place)
    at = alike.index(place)
    row = []
    if at > 0:
        row.append(button(f"‹ {_neighbour(alike[at - 1])}", f"t:{alike[at - 1].key}:0:{back}"))
    if at + 1 < len(alike):
        row.append(button(f"{_neighbour(alike[at + 1])} ›", f"t:{alike[at + 1].key}:0:{back}"))
    return row


def _neighbour(place: Place) -> str:
    own = _LAST_PART.search(place.section.label)
    return shortened((own[0] if own else place.section.label).strip(" “”"), 28)


def whole_screen(
    entry: Entry, texts: Texts, catalogue: Catalogue, page: int = 0, back: str = ""
) -> Screen:
    """A document from beginning to end, page by page."""
    text = catalogue.generation.document(entry.path).text
    head = source(entry.metadata, "", "", texts)
    shown = pages([head, *quoted(tidy(text.strip()))])
    page = page % len(shown)
    key = document_key(entry.path)
    data = f"w:{key}:{{}}:{back}"
    rows = [
        *_jumps(entry, texts, catalogue, shown, page, data),
        *turning(texts, page, len(shown), data),
    ]
    rows.append([button(texts.outline, f"d:{key}:0:{back}")])
    rows.append(back_row(texts, back))
    return Screen(_warned(shown, page, entry.metadata, texts), keyboard(rows))


def _jumps(
    entry: Entry, texts: Texts, catalogue: Catalogue, shown: Sequence[str], page: int, data: str
) -> list[Row]:
    """To the sections that begin next on other pages, before and after, and to either end."""
    if len(shown) <= _NO_JUMPS:
        return []
    begins: dict[int, Place] = {}
    at = 0
    words = [" ".join(html.unescape(_TAG.sub(" ", one)).split()) for one in shown]
    for place in catalogue.chapters(entry):
        heading = " ".join(tidy(catalogue.words(place)).split("\n", 1)[0].split())[:60].strip()
        found = next((n for n in range(at, len(words)) if heading and heading in words[n]), None)
        if found is not None:
            at = found
            begins.setdefault(found, place)
    before = max((n for n in begins if n < page), default=None)
    after = min((n for n in begins if n > page), default=None)
    sections = [
        button(f"⏪ {_neighbour(begins[before])}", data.format(before))
        if before is not None
        else None,
        button(f"{_neighbour(begins[after])} ⏩", data.format(after))
        if after is not None
        else None,
    ]
    ends = [
        button(f"⏮ {texts.first}", data.format(0)) if page else None,
        button(f"{texts.last} ⏭", data.format(len(shown) - 1)) if page < len(shown) - 1 else None,
    ]
    return [[one for one in row if one] for row in (sections, ends)]


# The shelves


def kinds_screen(texts: Texts, catalogue: Catalogue) -> Screen:
    buttons = [
        button(f"{kind or texts.kind_other} ({count})", f"v:{kind_key(kind)}")
        for kind, count in catalogue.kinds()[:40]
    ]
    rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    said = texts.browse_kinds.format(count=len(catalogue.generation.entries))
    return Screen(said, keyboard(rows))


def years_screen(kind: str, texts: Texts, catalogue: Catalogue) -> Screen:
    key = kind_key(kind)
    buttons = [
        button(f"{year or texts.year_unknown} ({count})", f"v:{key}:{year or '-'}:0")
        for year, count in catalogue.years(kind)[:60]
    ]
    rows = [buttons[n : n + 3] for n in range(0, len(buttons), 3)]
    rows.append([button("«", "v")])
    return Screen(texts.browse_years.format(kind=escape(kind or texts.kind_other)), keyboard(rows))


def shelf_screen(kind: str, year: str, texts: Texts, catalogue: Catalogue, page: int) -> Screen:
    entries = catalogue.shelf(kind, year)
    count = max(1, -(-len(entries) // _LIST))
    page = page % count
    key = kind_key(kind)
    rows: list[Row] = [
        [button(_shelf_name(entry, texts), f"d:{document_key(entry.path)}:0:")]
        for entry in entries[page * _LIST : (page + 1) * _LIST]
    ]
    rows += turning(texts, page, count, f"v:{key}:{year or '-'}:{{}}")
    rows.append([button("«", f"v:{key}")])
    said = texts.browse_documents.format(
        kind=escape(kind or texts.kind_other), year=year or texts.year_unknown
    )
    return Screen(said, keyboard(rows))


def recent_screen(texts: Texts, catalogue: Catalogue, page: int) -> Screen:
    entries = catalogue.recent()[: 5 * _LIST]
    if not entries:
        return Screen(texts.recent_none)
    count = -(-len(entries) // _LIST)
    page = page % count
    shown = list(enumerate(entries[page * _LIST : (page + 1) * _LIST], page * _LIST + 1))
    lines = [
        f"{number}. {date_of(day_of(entry.added))}: {title_of(entry.metadata, 120)}"
        f"{aside(entry.metadata.stands(today()), texts)}"
        for number, entry in shown
    ]
    opening = [
        button(f"📖 {number}", f"d:{document_key(entry.path)}:0:") for number, entry in shown
    ]
    rows = [opening[: _LIST // 2], opening[_LIST // 2 :], *turning(texts, page, count, "n:{}")]
    return Screen("\n".join([texts.recent, *lines]), keyboard(rows))


def _shelf_name(entry: Entry, texts: Texts) -> str:
    """The number and the title, but first that it is out of force: a button shows its beginning."""
    number, title = entry.metadata.number, entry.metadata.title
    name = f"{number}: {title}" if number and number not in title else title
    return (
        f"⚠️ {standing(entry.metadata, texts)}. {name}" if warning(entry.metadata, texts) else name
    )
