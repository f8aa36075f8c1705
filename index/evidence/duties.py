"""What a document gives a body to do, where that is asked: the section under its name, or the line that says so."""

from __future__ import annotations

import re

from index.evidence.stretches import Stretch, begun, section_at
from index.evidence.subject import POLITE
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.lines import line_around, stripped
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
_DUTIES = re.compile(r"[Tt]rách nhiệm|[Nn]hiệm vụ")


def duties(asked: Understanding, path: str, generation: Generation) -> tuple[Stretch, ...]:
    """Of the document asked about; none where something else is asked, or it says none."""
    question = fold(asked.alone)
    if not _ASKS.search(question):
        return ()
    said, about = frozenset(syllables(question)), generation.metadata(path)
    named = [asked.cleaned[slice(*one.span)] for one in asked.references]
    named += [about.kind, about.number, about.title, about.issuer, *generation.provinces[path]]
    beside = said - _ASKED - frozenset(syllables(" ".join([*named, *asked.years])))
    document = generation.document(path)
    outline = generation.outline(path)
    found: list[tuple[bool, bool, int, int]] = []
    for line in _NAMED.finditer(document.text):
        name = frozenset(syllables(line["name"]))
        number = section_at(outline, line.start("name"))
        if not beside <= name <= said or number < 0 or outline[number].kind in ("row", "table"):
            continue
        begins = line.start() - 1 <= outline[number].start <= line.start("name")
        if not (begins or line["does"]):
            continue  # a cell of a table that was drawn without rulings
        if begins:
            span = outline[number].start, outline[number].end
        else:
            span = line_around(document.text, line.start("name"), line.start("name"))
        called = _DUTIES.search(document.text, line.start(), line.start("name")) is not None
        # "Điều 81. Trách nhiệm của …" first
        found.append((not called, outline[number].kind != "article", *span))
    if not found:
        return ()
    _, _, *best = min(found)
    return ((path, *begun(document, stripped(document.text, *best), SHOWN)),)
