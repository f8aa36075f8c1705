"""“Điều tiếp theo”, “khoản trước”: what stands next to the clause that was just cited."""

from __future__ import annotations

import re

from bot.screens.catalogue import Catalogue, Place
from index.evidence.shown import origin
from index.result import Answer, Quote
from knowledge.document import Document, SectionKind
from knowledge.lines import stripped
from knowledge.vietnamese import fold

_KINDS: dict[str, SectionKind] = {
    "dieu": "article",
    "khoan": "clause",
    "diem": "point",
    "chuong": "chapter",
}
_ASKED = re.compile(
    r"(?:(?:con|the|va|vay|xem|doc|cho (?:toi|minh|em) (?:xem|biet))\s+)*"
    r"(?P<kind>dieu|khoan|diem|chuong)\s+"
    r"(?:(?P<after>tiep theo|ke tiep|tiep|(?:ngay |lien )?sau(?: do)?)|(?:ngay |lien )?truoc(?: do)?)"
    r"(?:\s+(?:thi|sao|noi|quy dinh|gi|la|the nao|nua|ve|cua no|do))*\W*"
)


def neighbour(question: str, before: Answer, catalogue: Catalogue) -> Answer | None:
    """The section next to what `before` cites first, as its answer; None where none is asked for."""
    asked = _ASKED.fullmatch(fold(question.strip()))
    cited = catalogue.place_of(before.quotes[0]) if asked and before.quotes else None
    if not asked or cited is None:
        return None
    step = 1 if asked["after"] else -1
    place = _beside(cited, _KINDS[asked["kind"]], step, catalogue)
    if place is None:
        return None
    return Answer(question, question, "answered", "", (_whole(place, catalogue),), confidence=1.0)


def _beside(cited: Place, kind: SectionKind, step: int, catalogue: Catalogue) -> Place | None:
    places = catalogue.places(cited.entry)
    at = cited.index
    while at >= 0 and places[at].section.kind != kind:
        at = places[at].section.parent
    if at < 0:
        return None
    alike = catalogue.alike(places[at])
    number = alike.index(places[at]) + step
    return alike[number] if 0 <= number < len(alike) else None


def question_of(place: Place) -> str:
    """What a section answers, as a question: its own heading where it is one."""
    title = place.section.title.strip(" #.:")
    if title.endswith("?"):
        return title
    return (
        f"{place.section.label.strip('“”')}: {title}" if place.section.kind == "article" else title
    )


def told_by(place: Place, catalogue: Catalogue) -> Answer:
    """A section as the answer to its own heading."""
    question = question_of(place)
    quote = _whole(place, catalogue, below=question.endswith("?"))
    return Answer(question, question, "answered", "", (quote,), confidence=1.0)


def _whole(place: Place, catalogue: Catalogue, below: bool = False) -> Quote:
    """All of a section as a quotation, verbatim; `below` its heading, where anything is."""
    document = catalogue.generation.document(place.entry.path)
    inside = document.text[place.section.start : place.section.end]
    heading, _, body = inside.lstrip().partition("\n")
    if below and body.strip():
        start = place.section.start + inside.index(heading) + len(heading)
        return _cut(place, document, start)
    return _cut(place, document, place.section.start)


def _cut(place: Place, document: Document, start: int) -> Quote:
    text = document.text
    start, end = stripped(text, start, place.section.end)
    page = document.page_at(start)
    return Quote(
        text=text[start:end],
        document=place.entry.path,
        metadata=place.entry.metadata,
        section=place.section.label,
        page=page,
        start=start,
        end=end,
        sha256=place.entry.sha256,
        scanned=page in document.scanned,
        origin=origin(text, start, end),
    )
