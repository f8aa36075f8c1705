"""Appendices asked for by their number: "Phụ lục III", "phụ lục 02"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.document import Section
from knowledge.vietnamese import fold

NAMED = re.compile(r"\bphu luc (?:so )?(?P<number>\d{1,2}|[ivx]{1,5})\b")
_ROMAN = {"i": 1, "v": 5, "x": 10}


def appendix_asked(question: str) -> int:
    """The number of the appendix that a question names; 0 where it names none, or several."""
    numbers = {_value(match["number"]) for match in NAMED.finditer(fold(question))}
    return numbers.pop() if len(numbers) == 1 else 0


def appendix_part(outline: Sequence[Section], number: int) -> Section | None:
    """The section of a document that is this appendix, however its number is written."""
    for section in outline:
        named = NAMED.match(fold(section.label)) if section.kind == "part" else None
        if named and _value(named["number"]) == number:
            return section
    return None


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    values = [_ROMAN[letter] for letter in number]
    return sum(
        -one if one < max(values[at + 1 :], default=0) else one for at, one in enumerate(values)
    )
