"""Everything the bot shows, with its buttons. A button carries at most 64 bytes, all of it here:

a:ID:p:N  page N of an answer        a:ID:m:N  its other passages       a:ID:s  show it
a:ID:u|d|k:N  thumb up, down, or why not   a:ID:r:CODE:N  the reason    a:ID:h  ask it again
d:DOC:N:ID  outline    t:PLACE:N:ID  a section's text    w:DOC:N:ID  all of it (ID to go back to)
v, v:KIND, v:KIND:YEAR:N  the shelves    n:N  lately added    l:LANGUAGE    e:N  example question
x  a page number, which does nothing
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote as url_quote

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.catalogue import Catalogue, Place, document_key, kind_key
from bot.render import (
    Piece,
    Screen,
    answer_pages,
    date_of,
    escape,
    nearest_documents,
    pages,
    quoted,
    readable,
    shortened,
    source,
    title_of,
)
from bot.state import Kept
from bot.texts import Texts
from index.generation import Entry
from index.result import Answer, Candidate, Quote
from knowledge.vietnamese import fold

_LIST = 8  # buttons in one list
_PASSAGES = 3  # passages on one page
_EXCERPT = 700

_LAST_PART = re.compile(r"(?:“[^”]*”|[^,“”]+)$")  # "khoản 3" of "Điều 2, khoản 3"

Row = list[InlineKeyboardButton]


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(shortened(label, 60), callback_data=data)


def _turning(texts: Texts, page: int, count: int, data: str) -> list[Row]:
    """A row to turn pages; `data` has `{}` where the page goes."""
    if count < 2:
        return []
    return [
        [
            _button(f"‹ {texts.previous}", data.format((page - 1) % count)),
            _button(texts.page_of.format(page=page + 1, pages=count), "x"),
            _button(f"{texts.following} ›", data.format((page + 1) % count)),
        ]
    ]


def _keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(filled) if filled else None


def link(username: str, payload: str) -> str:
    """An address that opens a document or a section in the bot."""
    return f"https://t.me/{username}?start={payload}"


def _share(texts: Texts, username: str, payload: str, title: str) -> InlineKeyboardButton:
    address = url_quote(link(username, payload), safe="")
    text = url_quote(shortened(title, 150), safe="")
    return InlineKeyboardButton(
        texts.share, url=f"https://t.me/share/url?url={address}&text={text}"
    )


# Answers


def answer_screen(
    kept: Kept,
    texts: Texts,
    catalogue: Catalogue | None,
    contact: str,
    username: str,
    page: int = 0,
    notes: str = "",
    why: bool = False,
) -> Screen:
    """An answer with its buttons; `why` shows the reasons for a thumb down instead."""
    answer = kept.answer
    context = catalogue.context(answer.quotes[0]) if catalogue and answer.quotes else ""
    shown = answer_pages(answer, texts, contact, context, notes)
    page = page % len(shown)
    if answer.outcome == "refused":
        return Screen(shown[page])
    rows = _turning(texts, page, len(shown), f"a:{kept.id}:p:{{}}")
    rows += (
        _reasons(kept, texts, page) if why else _answer_rows(kept, texts, catalogue, username, page)
    )
    return Screen(shown[page], _keyboard(rows))


def _reasons(kept: Kept, texts: Texts, page: int) -> list[Row]:
    buttons = [
        _button(label, f"a:{kept.id}:r:{code}:{page}") for code, label in texts.reasons.items()
    ]
    return [[_button(texts.why, "x")], buttons[:2], buttons[2:]]


def _answer_rows(
    kept: Kept, texts: Texts, catalogue: Catalogue | None, username: str, page: int
) -> list[Row]:
    quotes = all_quotes(kept.answer)
    look: Row = []
    if other_passages(kept.answer):
        look.append(_button(texts.more, f"a:{kept.id}:m:0"))
    if quotes:
        look.append(_button(texts.outline, f"d:{document_key(quotes[0].document)}:0:{kept.id}"))
    rate = [
        _button(texts.up + (" ✓" if kept.thumb == 1 else ""), f"a:{kept.id}:u:{page}"),
        _button(texts.down + (" ✓" if kept.thumb == -1 else ""), f"a:{kept.id}:d:{page}"),
    ]
    if quotes:
        place = catalogue.place_of(quotes[0]) if catalogue else None
        payload = f"s_{place.key}" if place else f"d_{document_key(quotes[0].document)}"
        title = ", ".join(filter(None, (quotes[0].metadata.title, quotes[0].section)))
        rate.append(_share(texts, username, payload, title))
    return [*_nearest(kept, texts), look, rate]


def _nearest(kept: Kept, texts: Texts) -> list[Row]:
    """Where nothing answers: the nearest documents, to open."""
    if kept.answer.answered or kept.answer.parts:
        return []
    return [
        [
            _button(f"📖 {number}", f"d:{document_key(path)}:0:{kept.id}")
            for number, path in enumerate(nearest_documents(kept.answer), 1)
        ]
    ]


def all_quotes(answer: Answer) -> list[Quote]:
    return [*answer.quotes, *(q for part in answer.parts for q in part.quotes)]


def other_passages(answer: Answer) -> list[Candidate]:
    """Passages that were considered and are not already quoted."""
    quotes = all_quotes(answer)
    found = [*answer.candidates, *(c for part in answer.parts for c in part.candidates)]
    return [
        candidate
        for candidate in dict.fromkeys(found)
        if not any(
            quote.document == candidate.document and candidate.start <= quote.start < candidate.end
            for quote in quotes
        )
    ]


def passages_screen(kept: Kept, texts: Texts, catalogue: Catalogue, page: int) -> Screen | None:
    """Other passages of an answer, or what a search found; None where documents have changed."""
    search = kept.kind == "search"
    found = list(kept.answer.candidates) if search else other_passages(kept.answer)
    unchanged = [c for c in found if _same(c.document, kept.hashes, catalogue)]
    if found and not unchanged:
        return None
    count = max(1, -(-len(unchanged) // _PASSAGES))
    page = page % count
    shown = unchanged[page * _PASSAGES : (page + 1) * _PASSAGES]
    query = escape(shortened(kept.answer.question, 100))
    title = texts.search_title.format(query=query) if search else texts.more_title
    pieces = [
        Piece(f"<b>{title}</b>" if shown else (texts.search_none if search else texts.more_none))
    ]
    opening: Row = []
    for number, candidate in enumerate(shown, page * _PASSAGES + 1):
        entry = catalogue.entry(candidate.document)
        if entry is None:
            continue
        pieces += _excerpt(number, candidate, entry, texts, catalogue)
        opening.append(_open_button(number, candidate, entry, catalogue, kept.id))
    rows = [opening, *_turning(texts, page, count, f"a:{kept.id}:m:{{}}")]
    if not search:
        rows.append([_button(f"« {texts.back}", f"a:{kept.id}:p:0")])
    return Screen("\n".join(piece.html for piece in pieces), _keyboard(rows))


def _same(path: str, hashes: dict[str, str], catalogue: Catalogue) -> bool:
    entry = catalogue.entry(path)
    return entry is not None and entry.sha256 == hashes.get(path)


def _excerpt(
    number: int, candidate: Candidate, entry: Entry, texts: Texts, catalogue: Catalogue
) -> list[Piece]:
    text = catalogue.generation.document(entry.path).text[candidate.start : candidate.end]
    frame = quoted(readable(text.strip()), folded=True, limit=_EXCERPT)[:1]
    head = source(entry.metadata, candidate.section, None, texts, folded=True)
    return [Piece(f"\n<b>{number}.</b> {head.html}"), *frame]


def _open_button(
    number: int, candidate: Candidate, entry: Entry, catalogue: Catalogue, back: int
) -> InlineKeyboardButton:
    place = catalogue.holding(candidate)
    key = f"t:{place.key}:0:{back}" if place else f"w:{document_key(entry.path)}:0:{back}"
    return _button(f"📖 {number}", key)


# One document


def outline_screen(
    entry: Entry, texts: Texts, catalogue: Catalogue, username: str, page: int = 0, back: str = ""
) -> Screen:
    """What a document is, and its Điều or headings to choose from."""
    key = document_key(entry.path)
    places = catalogue.chapters(entry)
    count = max(1, -(-len(places) // _LIST))
    page = page % count
    rows: list[Row] = [
        [_button(_place_name(place), f"t:{place.key}:0:{back}")]
        for place in places[page * _LIST : (page + 1) * _LIST]
    ]
    rows += _turning(texts, page, count, f"d:{key}:{{}}:{back}")
    rows.append(
        [
            _button(texts.whole_text, f"w:{key}:0:{back}"),
            _share(texts, username, f"d_{key}", entry.metadata.title),
        ]
    )
    rows.append(_document_row(entry, texts))
    rows.append(_back_row(texts, back))
    hint = texts.outline_hint if places else texts.outline_empty
    return Screen(f"{_about(entry, texts)}\n\n{hint}", _keyboard(rows))


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
    if metadata.url.startswith(("http://", "https://")):
        row.append(InlineKeyboardButton(texts.original, url=metadata.url))
    return row


def _about(entry: Entry, texts: Texts) -> str:
    metadata = entry.metadata
    effective = (
        texts.effective.format(date=date_of(metadata.effective)) if metadata.effective else ""
    )
    lines = [
        source(metadata, "", None, texts).html,
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
    words = readable(catalogue.words(place))
    own = section.label.strip("“”")
    heading = [] if _starts(words, own) else [Piece(f"<b>{escape(shortened(own, 200))}</b>")]
    shown = pages([*heading, *quoted(words), source(metadata, "", None, texts)])
    page = page % len(shown)
    rows = _turning(texts, page, len(shown), f"t:{place.key}:{{}}:{back}")
    rows.append(_neighbours(place, catalogue, back))
    rows.append(
        [
            _button(texts.outline, f"d:{document_key(place.entry.path)}:0:{back}"),
            _share(texts, username, f"s_{place.key}", f"{metadata.title}, {section.label}"),
        ]
    )
    rows.append(_back_row(texts, back))
    return Screen(shown[page], _keyboard(rows))


def _neighbours(place: Place, catalogue: Catalogue, back: str) -> Row:
    alike = [
        other
        for other in catalogue.places(place.entry)
        if other.section.kind == place.section.kind
        and (other.section.kind == "article" or other.section.parent == place.section.parent)
    ]
    at = next((n for n, other in enumerate(alike) if other.key == place.key), 0)
    row = []
    if at > 0:
        row.append(_button(f"‹ {_neighbour(alike[at - 1])}", f"t:{alike[at - 1].key}:0:{back}"))
    if at + 1 < len(alike):
        row.append(_button(f"{_neighbour(alike[at + 1])} ›", f"t:{alike[at + 1].key}:0:{back}"))
    return row


def _neighbour(place: Place) -> str:
    own = _LAST_PART.search(place.section.label)
    return shortened((own[0] if own else place.section.label).strip(" “”"), 28)


def whole_screen(
    entry: Entry, texts: Texts, catalogue: Catalogue, page: int = 0, back: str = ""
) -> Screen:
    """A document from beginning to end, page by page."""
    text = catalogue.generation.document(entry.path).text
    shown = pages([Piece(title_of(entry.metadata)), *quoted(readable(text.strip()))])
    page = page % len(shown)
    key = document_key(entry.path)
    rows = _turning(texts, page, len(shown), f"w:{key}:{{}}:{back}")
    rows.append([_button(texts.outline, f"d:{key}:0:{back}")])
    rows.append(_back_row(texts, back))
    return Screen(shown[page], _keyboard(rows))


def _back_row(texts: Texts, back: str) -> Row:
    return [_button(f"« {texts.back}", f"a:{back}:p:0")] if back else []


# The shelves


def kinds_screen(texts: Texts, catalogue: Catalogue) -> Screen:
    buttons = [
        _button(f"{kind or texts.kind_other} ({count})", f"v:{kind_key(kind)}")
        for kind, count in catalogue.kinds()[:40]
    ]
    rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    html = texts.browse_kinds.format(count=len(catalogue.generation.entries))
    return Screen(html, _keyboard(rows))


def years_screen(kind: str, texts: Texts, catalogue: Catalogue) -> Screen:
    key = kind_key(kind)
    buttons = [
        _button(f"{year or texts.year_unknown} ({count})", f"v:{key}:{year or '-'}:0")
        for year, count in catalogue.years(kind)[:60]
    ]
    rows = [buttons[n : n + 3] for n in range(0, len(buttons), 3)]
    rows.append([_button("«", "v")])
    return Screen(texts.browse_years.format(kind=escape(kind or texts.kind_other)), _keyboard(rows))


def shelf_screen(kind: str, year: str, texts: Texts, catalogue: Catalogue, page: int) -> Screen:
    entries = catalogue.shelf(kind, year)
    count = max(1, -(-len(entries) // _LIST))
    page = page % count
    key = kind_key(kind)
    rows: list[Row] = [
        [_button(_shelf_name(entry), f"d:{document_key(entry.path)}:0:")]
        for entry in entries[page * _LIST : (page + 1) * _LIST]
    ]
    rows += _turning(texts, page, count, f"v:{key}:{year or '-'}:{{}}")
    rows.append([_button("«", f"v:{key}")])
    html = texts.browse_documents.format(
        kind=escape(kind or texts.kind_other), year=year or texts.year_unknown
    )
    return Screen(html, _keyboard(rows))


def recent_screen(texts: Texts, catalogue: Catalogue, page: int) -> Screen:
    entries = catalogue.recent()[: 5 * _LIST]
    if not entries:
        return Screen(texts.recent_none)
    count = -(-len(entries) // _LIST)
    page = page % count
    shown = list(enumerate(entries[page * _LIST : (page + 1) * _LIST], page * _LIST + 1))
    lines = [
        f"{number}. {date_of(entry.added[:10])}: {title_of(entry.metadata, 120)}"
        for number, entry in shown
    ]
    opening = [
        _button(f"📖 {number}", f"d:{document_key(entry.path)}:0:") for number, entry in shown
    ]
    rows = [opening[: _LIST // 2], opening[_LIST // 2 :], *_turning(texts, page, count, "n:{}")]
    return Screen("\n".join([texts.recent, *lines]), _keyboard(rows))


def _shelf_name(entry: Entry) -> str:
    number, title = entry.metadata.number, entry.metadata.title
    return f"{number}: {title}" if number and number not in title else title


# The chat itself


def welcome_screen(texts: Texts) -> Screen:
    rows: list[Row] = [
        [_button(example, f"e:{number}")] for number, example in enumerate(texts.examples)
    ]
    other = "vi" if texts.language == "en" else "en"
    rows.append([_button(texts.other_language, f"l:{other}:start")])
    return Screen(texts.welcome, _keyboard(rows))


def help_screen(texts: Texts) -> Screen:
    lines = "\n".join(f"/{name}: {escape(what)}" for name, what in texts.commands.items())
    return Screen(texts.help.format(commands=lines))


def language_screen(texts: Texts) -> Screen:
    row = [_button("Tiếng Việt", "l:vi"), _button("English", "l:en")]
    return Screen(texts.choose_language, _keyboard([row]))


def outdated_screen(texts: Texts, answer: int | None = None) -> Screen:
    row = [_button(texts.ask_again, f"a:{answer}:h")] if answer else []
    return Screen(texts.outdated, _keyboard([row]))
