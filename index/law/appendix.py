"""Appendices asked for by their number: "Phụ lục III", "phụ lục 02"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.law.numbered import value_of
from knowledge.document import Section
from knowledge.vietnamese import fold

NAMED = re.compile(r"\bphu luc (?:so )?(?P<number>\d{1,2}|[ivx]{1,5})\b")


def appendix_asked(question: str) -> int:
    """The number of the appendix that a question names; 0 where it names none, or several."""
    numbers = {value_of(match["number"]) for match in NAMED.finditer(fold(question))}
    return numbers.pop() if len(numbers) == 1 else 0


def appendix_part(outline: Sequence[Section], number: int) -> Section | None:
    """The section of a document that is this appendix, however its number is written."""
    for section in outline:
        named = NAMED.match(fold(section.label)) if section.kind == "part" else None
        if named and value_of(named["number"]) == number:
            return section
    return None
