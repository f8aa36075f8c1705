"""Numbered things besides clauses that a document may lack: "cấp độ 7", "Phụ lục VIII", "hạng 6"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SCALES = ("cấp độ", "mức độ")  # of which all documents mean one; the others also count and rank
_NOUNS = "cấp độ|mức độ|phụ lục|chương|hạng|bậc|nhóm|loại"
_NUMBER = r"(?:\d{1,2}|[IVX]{1,5})\b(?!\s?%)"
# "mức độ vi phạm" numbers nothing
_ASKED = r"\d{1,2}|[IVX]{1,5}|(?:ii|iii|iv|vii|viii|ix|xii|xiii|xiv)"
_STATED = re.compile(rf"\b((?i:{_NOUNS}))\s+(?:số\s+)?({_ASKED})(?![\w/.,%-]*\d|\w)")
_AMONG = r"\s*(?:,|;|và|hoặc|đến|-|–)\s*"
_OF_ANOTHER = re.compile(
    r"[^.;\n]{0,40}?\b(?i:thông tư|nghị định|quyết định|luật|nghị quyết)(?: số)? \d"
)
_ROMAN = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A noun, the number with it, and both as typed."""

    noun: str
    number: int
    typed: str


def numbered_in(question: str) -> Iterator[Numbered]:
    """What a question, with its diacritics, names by number."""
    for stated in _STATED.finditer(question):
        number = value_of(stated[2])
        if number:
            yield Numbered(stated[1].lower(), number, stated[0])


def lacks(text: str, thing: Numbered) -> int:
    """The highest number that a text has of such a thing, where it does not reach this one; else 0.

    A text that numbers no such thing tells nothing; numbers that it gives another document's things
    do not count.
    """
    said = rf"(?i:\b{thing.noun})\s+(?:số\s+)?0?{_NUMBER}"
    runs = re.finditer(rf"{said}(?:{_AMONG}(?:(?i:{thing.noun})\s+)?(?:số\s+)?0?{_NUMBER})*", text)
    own = (run[0] for run in runs if not _OF_ANOTHER.match(text, run.end()))
    highest = max((number for run in own for number in _numbers(run)), default=0)
    return highest if thing.number > highest else 0


def _numbers(run: str) -> Iterator[int]:
    return (value_of(number) for number in re.findall(rf"\b0?({_NUMBER})", run))


def value_of(written: str) -> int:
    """Of Arabic or Roman digits; 0 of anything else."""
    if written.isdecimal():  # no "²"
        return int(written)
    digits = [_ROMAN.get(letter, 0) for letter in written.upper()]
    if not digits or 0 in digits:
        return 0
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)
