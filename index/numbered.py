"""Numbered things besides clauses that a document may lack: "cấp độ 7", "Phụ lục VIII", "hạng 6"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.vietnamese import fold

_NOUNS = "cấp độ|mức độ|phụ lục|chương|hạng|bậc|nhóm|loại"
_NUMBER = r"\d{1,2}|[ivx]{1,5}"
_STATED = re.compile(rf"\b({_NOUNS})\s+(?:số\s+)?({_NUMBER})(?![\w/.,%-]*\d|\w)", re.IGNORECASE)
_AMONG = r"\s*(?:,|;|va|hoac|den|-|–)\s*"
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A noun, the number with it, and both as typed."""

    noun: str
    number: int
    typed: str


def numbered_in(question: str) -> Iterator[Numbered]:
    """What a question, with its diacritics, names by number."""
    for stated in _STATED.finditer(question):
        number = _value(stated[2].lower())
        if number:
            yield Numbered(stated[1].lower(), number, stated[0])


def lacks(folded: str, thing: Numbered) -> int:
    """The highest number that a folded text has of such a thing, where it has not this one; else 0.

    A text that numbers no such thing tells nothing.
    """
    noun = fold(thing.noun)
    runs = re.finditer(
        rf"\b{noun}\s+(?:so\s+)?0?(?:{_NUMBER})\b(?:{_AMONG}(?:{noun}\s+)?(?:so\s+)?0?(?:{_NUMBER})\b)*",
        folded,
    )
    known = {number for run in runs for number in _numbers(run[0].replace(noun, " "))}
    return 0 if not known or thing.number in known else max(known)


def _numbers(run: str) -> Iterator[int]:
    parts = re.findall(rf"\b(?:{_NUMBER})\b|den|-|–", run)
    for at, part in enumerate(parts):
        number = _value(part)
        if number:
            yield number
        elif 0 < at < len(parts) - 1:
            yield from range(_value(parts[at - 1]) + 1, _value(parts[at + 1]))


def _value(written: str) -> int:
    """Of Arabic or Roman digits; 0 of anything else."""
    if written.isdigit():
        return int(written)
    digits = [_ROMAN.get(letter, 0) for letter in written]
    if not digits or 0 in digits:
        return 0
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)
