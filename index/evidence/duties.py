"""What a document gives a body to do, where that is asked: the section under its name, or the line that says so."""

from __future__ import annotations

import re

from index.evidence.sentences import titles_above
from index.evidence.stretches import Stretch, begun, section_at
from index.evidence.subject import POLITE
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.lines import line_around
from knowledge.people import BODY
from knowledge.vietnamese import fold, syllables

SHOWN = 150  # words, at most

_ASKS = re.compile(r"\b(?:nhiem vu|trach nhiem)\b|\b(?:lam|giao|phai)\b.*\bgi\b")
_ASKED = POLITE | frozenset(
    "co nhiem vu trach nhiem viec duoc giao lam phai gi nhung cac nao theo trong cua tai o so dieu khoan nay do ra"
    " sao thuc hien trien khai".split()
)  # folded words of a question that asks what a body has to do, beside its name and the document's
_NAMED = re.compile(  # a line that begins with a body's name, as a title or as who has to do something
    r"^\W*(?:(?:Điều )?\d{1,3}(?:\.\d+)*[.)]\s*|[a-zđ]\)\s*)?(?:(?:Trách nhiệm|Nhiệm vụ) của |Giao )?"
    rf"(?P<name>(?={BODY.pattern})[^\n:;.]{{4,90}}?)"
    r"(?:(?P<does>\s+(?:có (?:trách nhiệm|nhiệm vụ)|chịu trách nhiệm(?! thi hành)|chủ trì)\b)|\s*:?\s*$)",
    re.MULTILINE,
)


# titles of what gives bodies something to do
_DUTIES = re.compile(r"(?i:trách nhiệm|nhiệm vụ|tổ chức thực hiện|phân công)")


def duties(asked: Understanding, path: str, generation: Generation) -> tuple[Stretch, ...]:
    """Of the document asked about; none where something else is asked, or it says none."""
    said = frozenset(syllables(fold(asked.alone)))
    if not _ASKS.search(fold(asked.alone)):
        return ()
    about, document = generation.metadata(path), generation.document(path)
    spans = " ".join(asked.cleaned[slice(*one.span)] for one in asked.references)
    own = f"{about.kind} {about.number} {about.title} {about.issuer} {spans} {asked.years}"
    beside = said - _ASKED - frozenset(syllables(f"{own} {generation.provinces[path]}"))
    outline = generation.outline(path)
    found: list[tuple[bool, Stretch]] = []
    for line in _NAMED.finditer(document.text):
        name = frozenset(syllables(line["name"]))
        number = section_at(outline, line.start("name"))
        if not beside <= name <= said or number < 0 or outline[number].kind in ("row", "table"):
            continue
        given = _DUTIES.search(line[0]) or _DUTIES.search(
            titles_above(generation, path, line.start("name"))
        )
        span = (outline[number].start, outline[number].end)
        if line["does"] and span[0] < line.start() - len(line[0]):
            span = line_around(document.text, line.start("name"), line.start("name"))
        found.append((given is None, (path, *begun(document, span, SHOWN))))
    return tuple(stretch for _, stretch in sorted(found, key=lambda one: one[0])[:1])
