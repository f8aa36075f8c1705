"""What answers look like."""

from __future__ import annotations

import re

from telegram import InlineKeyboardButton

from bot.records import Kept
from bot.screens.buttons import FOUND, Row, button, keyboard, share, turning
from bot.screens.catalogue import Catalogue, document_key
from bot.screens.cutting import shortened
from bot.screens.naming import nearest_documents
from bot.screens.neighbours import question_of
from bot.screens.render import (
    Piece,
    Screen,
    Shown,
    answer_pages,
    escape,
    quoted,
    source,
)
from bot.screens.texts import Texts
from bot.screens.words import below
from index.result import Answer, Candidate
from index.store.generation import Entry

_PASSAGES = 3  # passages on one page
_EXCERPT = 700
_SHORT, _LONG = 6, 8  # lines of an answer that leave room for both, and for one
_OF_QUOTES = ("d", "i")  # reasons that speak of what was quoted
_NUMBERED = re.compile(r"(khoản|điểm|Điều) \w+$")  # what a part is called
_NEXT = 2  # questions that the neighbouring headings answer


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
    rows = turning(texts, page, len(shown), f"a:{kept.id}:p:{{}}")
    rows += (
        _reasons(kept, texts, page) if why else _answer_rows(kept, texts, catalogue, username, page)
    )
    return Screen(shown[page], keyboard(rows))


def _reasons(kept: Kept, texts: Texts, page: int) -> list[Row]:
    shown = kept.answer.answered  # where nothing was shown, no document was the wrong one
    buttons = [
        button(label, f"a:{kept.id}:r:{code}:{page}")
        for code, label in texts.reasons.items()
        if shown or code not in _OF_QUOTES
    ]
    return [[button(texts.why, "x")], buttons[:2], buttons[2:]]


def _answer_rows(
    kept: Kept, texts: Texts, catalogue: Catalogue | None, username: str, page: int
) -> list[Row]:
    quotes = () if kept.answer.listed else kept.answer.quotes
    mistaken = [button(texts.not_meant, f"a:{kept.id}:n")] if kept.answer.meant else []
    look: Row = []
    if other_passages(kept.answer) and not kept.answer.listed:
        look.append(button(texts.more, f"a:{kept.id}:m:0"))
    if quotes:
        look.append(button(texts.outline, f"d:{document_key(quotes[0].document)}:0:{kept.id}"))
    rate = [
        button(texts.up + (" ✓" if kept.thumb == 1 else ""), f"a:{kept.id}:u:{page}"),
        button(texts.down + (" ✓" if kept.thumb == -1 else ""), f"a:{kept.id}:d:{page}"),
    ]
    if quotes:
        place = catalogue.place_of(quotes[0]) if catalogue else None
        payload = f"s_{place.key}" if place else f"d_{document_key(quotes[0].document)}"
        title = ", ".join(filter(None, (quotes[0].metadata.title, quotes[0].section)))
        rate.append(share(texts, username, payload, title))
    rest = _rest(kept, texts, catalogue)
    return [mistaken, *_nearest(kept, texts), rest, look, *_asked_next(kept, catalogue), rate]


def _rest(kept: Kept, texts: Texts, catalogue: Catalogue | None) -> Row:
    """The section that is quoted first, to be read to its end, where more of it follows."""
    answer = kept.answer
    if not (catalogue and answer.quotes and answer.answered) or answer.parts or answer.listed:
        return []
    going_on = catalogue.going_on(Shown.of(answer).first[-1])
    if going_on is None:
        return []
    place, left = going_on
    label = texts.read_on.format(section=place.section.label.strip("“”"))
    if left:
        named = _NUMBERED.search(left[0].section.label)
        more = texts.left.format(count=len(left), parts=named[1] if named else texts.parts)
        label = f"{label} ({more})"
    return [button(f"📖 {label}", f"t:{place.key}:0:{kept.id}")]


def _asked_next(kept: Kept, catalogue: Catalogue | None) -> list[Row]:
    """What the headings beside the cited one answer, to ask with a tap."""
    answer = kept.answer
    if not (catalogue and answer.quotes and answer.answered) or answer.parts or answer.listed:
        return []
    lines = Shown.of(answer).lines + (2 if answer.meant else 0)
    room = _NEXT if lines <= _SHORT else 1 if lines <= _LONG else 0
    places = catalogue.beside(answer.quotes[0], room) if room else ()
    return [[button(f"❓ {question_of(place)}", f"q:{place.key}:{kept.id}")] for place in places]


def _nearest(kept: Kept, texts: Texts) -> list[Row]:
    """Where documents are asked for, or nothing answers: these, or the nearest, to open."""
    answer = kept.answer
    listed = [quote.document for quote in answer.quotes] if answer.listed else []
    if (answer.answered and not listed) or answer.parts:
        return []
    return [
        [
            button(f"📖 {number}", f"d:{document_key(path)}:0:{kept.id}")
            for number, path in enumerate(listed or nearest_documents(answer, texts), 1)
        ]
    ]


def other_passages(answer: Answer) -> list[Candidate]:
    """Passages that were considered and are not already quoted."""
    parts = answer.parts or (answer,)
    quotes = [q for part in parts if part.quotes for q in Shown.of(part).all]
    return [
        candidate
        for candidate in answer.candidates
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
        back = f"{kept.id}{FOUND if search else ''}"
        opening.append(_open_button(number, candidate, entry, catalogue, back))
    rows = [opening, *turning(texts, page, count, f"a:{kept.id}:m:{{}}")]
    if not search:
        rows.append([button(f"« {texts.back}", f"a:{kept.id}:p:0")])
    return Screen("\n".join(piece.html for piece in pieces), keyboard(rows))


def _same(path: str, hashes: dict[str, str], catalogue: Catalogue) -> bool:
    entry = catalogue.entry(path)
    return entry is not None and entry.sha256 == hashes.get(path)


def _excerpt(
    number: int, candidate: Candidate, entry: Entry, texts: Texts, catalogue: Catalogue
) -> list[Piece]:
    words = catalogue.generation.document(entry.path).text[candidate.start : candidate.end]
    frame = quoted(below(words, candidate.section), folded=True, limit=_EXCERPT)[:1]
    head = source(entry.metadata, candidate.section, "", texts, folded=True)
    return [Piece(f"\n<b>{number}.</b> {head.html}"), *frame]


def _open_button(
    number: int, candidate: Candidate, entry: Entry, catalogue: Catalogue, back: str
) -> InlineKeyboardButton:
    place = catalogue.holding(candidate)
    key = f"t:{place.key}:0:{back}" if place else f"w:{document_key(entry.path)}:0:{back}"
    return button(f"📖 {number}", key)


def outdated_screen(texts: Texts, answer: int | None = None) -> Screen:
    row = [button(texts.ask_again, f"a:{answer}:h")] if answer else []
    return Screen(texts.outdated, keyboard([row]))
