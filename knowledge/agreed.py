"""What a scanned line says where two programs read it differently.

Tesseract is the surer reader; trueocr is where Tesseract fails again and again: on the letter of a
điểm ("đ)" becomes "ở)"), on Roman digits ("III." becomes "II.", "I." "IL.") and on the letters that
repeat in a document's number ("BTLLT").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from knowledge.numbers import NUMBER, kind_and_issuer
from knowledge.vietnamese import LOWER, fold

_LEAD: Final = re.compile(  # as Tesseract has it: "1,2.", "]).", ")", "IL."
    r"(\d{1,2}(?:[.,]\d{1,2}){0,3}[.,)]|[^\s.,()\[“”\"'‘’]{0,5}[.,)]|[ILVX]{1,5}$)(.*)"
)
_POINT: Final = re.compile(r"[abcdđeghiklmnopqrstuvxy]\)")
_CLAUSE: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.")
_ROMAN: Final = re.compile(r"([IVXL][IVXLlỊ1]{0,5})([.,]?)")
_STEMS: Final = str.maketrans("LlỊ1", "IIII")  # an L is an I with its stop for a foot
_NUMERAL: Final = re.compile(r"(?=\S*[IVXH])([IVXHLl1]{1,6})([.,;:)]*)")
_TOLD: Final = re.compile(r"(?=\S*[IVX])[IVXl1]+(?=\W*$)")
_PIECE: Final = re.compile(r"[A-ZĐ'’]{1,4}([.,;:)]*)")  # of a number that was cut in two
_COUNTS: Final = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_SPOT: Final = re.compile(r"(.*[\w,.;])['ˆ°]")
_CAPITAL: Final = re.compile(rf"[^\W\d_{LOWER}]")
_NUMBERED: Final = re.compile(r"(\W*)(\d{1,5}[a-zđ]?/\S+?)([.,;:)\]”\"]*)$")


def agreed(words: Sequence[str], other: str) -> list[str]:
    """Tesseract's `words` of a line, mended by trueocr's reading `other` of it where that is sure.

    A word that was a piece of the one before it becomes empty.
    """
    if not words:
        return []
    first = _marked(words[0], " ".join(words[1:]), other)
    others = other.split()
    counted = _counted([first, *words[1:]], others)
    return _numbered([_unspotted(word, counted, others) for word in counted], other)


def _marked(first: str, rest: str, other: str) -> str:
    """The line's first word with the mark that numbers the line as it is printed."""
    lead = _LEAD.match(first)
    if not lead:
        return first
    for told in filter(None, (form.match(other) for form in (_POINT, _CLAUSE, _ROMAN))):
        own, after = (text.lstrip() for text in (lead[2] or rest, other[told.end() :]))
        mark = _mark(lead[1], told)
        if mark and fold(own[:3]) == fold(after[:3]) and _CAPITAL.match(own):
            glued = lead[2] and not other[told.end()].isspace()
            return f"{mark}{lead[2]}" if glued else f"{mark} {lead[2]}".rstrip()
    return first


def _mark(own: str, told: re.Match[str]) -> str:
    """The mark of a line whose readings have `own` and `told` for it; empty where that is unsure."""
    is_decimal = own[:1].isdecimal() and own[1:].strip("0123456789.,)") == ""
    if told.re is _CLAUSE:  # figures are Tesseract's
        return told[0] if own.replace(",", ".") == told[0] else ""
    if is_decimal:
        return ""
    if told.re is _POINT:
        return told[0] if own.endswith(")") else ""
    count = told[1].translate(_STEMS)
    if own.endswith(")") or not _COUNTS.fullmatch(count):
        return ""
    stopped = told[2] or own.endswith((".", ",")) or "L" in own + told[1]
    return f"{count}." if stopped else count


def _unspotted(word: str, words: Sequence[str], others: Sequence[str]) -> str:
    """A word without a note's mark that was read as an apostrophe: "31' tháng 12"."""
    spotted = _SPOT.fullmatch(word)
    alone = spotted and sum(map(" ".join(words).count, "'‘ˆ°")) == 1
    return spotted[1] if spotted and alone and spotted[1] in others else word


def _counted(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words with Roman numerals as the other reading counts them: "Chương II" is "Chương III"."""
    counted = list(words)
    start = 0
    for at, word in enumerate(words):
        found = _NUMERAL.fullmatch(word)
        before = fold(words[at - 1]) if at else None
        for place in range(start, len(others)) if found else ():
            if before != (fold(others[place - 1]) if place else None):
                continue
            told = _TOLD.match(others[place])
            count = told[0].translate(_STEMS) if told else ""
            if found and count and _COUNTS.fullmatch(count):
                counted[at] = count + found[2]
            start = place + 1
            break
    return counted


def _numbered(words: Sequence[str], other: str) -> list[str]:
    """The words, a document's number with letters that name a kind and an issuer if `other` has them."""
    numbered = list(words)
    for at, word in enumerate(words):
        found = _NUMBERED.match(word)
        if not found or _is_known(found[2]):
            continue
        digits = found[2].rpartition("/")[0] + "/"
        told = (number[0] for number in re.finditer(NUMBER, other) if number[0].startswith(digits))
        number = next(filter(_is_known, told), found[2])
        piece = _PIECE.fullmatch(words[at + 1]) if at + 1 < len(words) else None
        if number != found[2] and not found[3] and piece and f"{number}{piece[1]}" in other:
            numbered[at : at + 2] = [f"{found[1]}{number}{piece[1]}", ""]
        else:
            numbered[at] = f"{found[1]}{number}{found[3]}"
    return numbered


def _is_known(number: str) -> bool:
    return all(kind_and_issuer(number))
