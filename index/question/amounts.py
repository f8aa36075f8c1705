"""Amounts as they are looked for: "bốn mươi triệu" as "40 triệu", "3 trụ cột" as "ba trụ cột"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from knowledge.vietnamese import fold

_UNITS: Final = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_NUMERALS: Final = tuple("một hai ba bốn năm sáu bảy tám chín mười".split())  # one to ten
SPELT: Final = tuple(map(fold, _NUMERALS))
# two to nine before what they count; "năm" is a year, too
_COUNT: Final = re.compile(r"(?<![\w/.,-])(?:([^\W\d_]+) )?([2-46-9]) ([^\W\d_]+)")
_LATER: Final = {"mốt", "tư", "lăm"}  # never begin a number: "đầu tư mười tỷ"
_SCALES: Final = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_FOLDED: Final = {fold(word): factor for word, factor in _SCALES.items()}
_WORD: Final = re.compile(r"[^\W\d_]+")
_PART: Final = {*_UNITS, "mười", "mươi", "chục", "trăm", "linh", "lẻ"}
_TELLING: Final = {"mười", "mươi", "chục", "trăm"}  # "năm", "ba" alone may be other words


def in_digits(text: str) -> str:
    """`text` with what it says of tens, hundreds, millions and per cent in digits.

    It has its diacritics: "sau mười ngày" is not "sáu mươi ngày".
    """
    words = list(_WORD.finditer(text))
    said = [word[0].lower() for word in words]
    found, at = [], 0
    while at < len(words):
        end = at
        while end < len(words) and said[end] in _PART and (end == at or _adjoin(text, words, end)):
            end += 1
        scaled = said[end : end + 2] == ["phần", "trăm"] or not _SCALES.keys().isdisjoint(
            said[end : end + 1]
        )
        for first in range(at, end):
            told = scaled or not _TELLING.isdisjoint(said[first:end])
            value = _value(said[first:end]) if told else None
            if value is not None:
                found.append((words[first].start(), words[end - 1].end(), str(value)))
                break
        at = max(end, at + 1)
    for start, stop, digits in reversed(found):
        text = f"{text[:start]}{digits}{text[stop:]}"
    return re.sub(r"(?<=\d) phần trăm\b", "%", text)


def as_counted(text: str, frequency: Callable[[str], int]) -> str:
    """`text` with a small number in words, where the documents write it so before what it counts.

    `frequency` tells how many passages have a pair of words: of "3 trụ cột" no passage, of "ba trụ"
    some. The number of an Điều stays, as that has a pair with the word before it.
    """

    def written(count: re.Match[str]) -> str:
        before, digit, counted = count.groups()
        word = _NUMERALS[int(digit) - 1]
        stands = [f"{digit}_{fold(counted)}", *([f"{fold(before)}_{digit}"] if before else [])]
        if any(map(frequency, stands)) or not frequency(f"{fold(word)}_{fold(counted)}"):
            return count[0]
        return f"{count[0][: count.start(2) - count.start()]}{word} {counted}"

    return _COUNT.sub(written, text)


def _adjoin(text: str, words: Sequence[re.Match[str]], at: int) -> bool:
    return text[words[at - 1].end() : words[at].start()] == " "


def _value(words: Sequence[str]) -> int | None:
    """Below a thousand; none where the words do not make a number."""
    if words[0] in _LATER or not (words[0] in _UNITS or words[0] == "mười"):
        return None
    total, digit = 0, None
    for word in words:
        if word in _UNITS and digit is None:
            digit = _UNITS[word]
        elif word == "trăm" and digit and not total:
            total, digit = 100 * digit, None
        elif word in ("mươi", "chục") and digit and not total % 100:
            total, digit = total + 10 * digit, None
        elif word == "mười" and digit is None and not total % 100:
            total += 10
        elif word not in ("linh", "lẻ") or digit is not None:
            return None
    return total + (digit or 0)


def written_out(number: str, scale: str) -> str:
    """ "40", "trieu" -> "40.000.000", as statutes write sums; empty where `scale` is none."""
    factor = _FOLDED.get(fold(scale)) if number.isdecimal() else None
    return f"{int(number) * factor:,}".replace(",", ".") if factor else ""


def sums_in(text: str) -> list[str]:
    """The sums a text states by a scale ("40 triệu"), written out."""
    tokens = re.findall(r"\w+", text)
    return [full for number, scale in pairwise(tokens) if (full := written_out(number, scale))]
