"""What a scanned line says where two programs read it differently.

Tesseract is the surer reader; trueocr is where Tesseract fails always alike: on the letter of a điểm
("đ)" becomes "ở)"), on "I." ("IL.") and on letters that repeat in a document's number ("BTLLT").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from knowledge.numbers import NUMBER, kind_and_issuer
from knowledge.vietnamese import LOWER, fold

_LETTERS: Final = "abcdđeghiklmnopqrstuvxy"  # of điểm
_MARK: Final = re.compile(
    rf"(?:[IVX]{{1,5}}|[A-H]|\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})\.|[{_LETTERS}]\)"
)
_FOOT: Final = re.compile(r"^([IVX]{0,4})L[.,]?")  # the stop of "I." taken for the foot of an L
_BARE: Final = re.compile(r"^([IVX]{0,4})I(?= )")
_LEAD: Final = re.compile(r"((?:[^\W_]|€){1,3}[.,)]|[ILVX]{1,5}$)(.*)")
_CAPITAL: Final = re.compile(rf"[^\W\d_{LOWER}]")
_NUMBERED: Final = re.compile(r"(\W*)(\d{1,5}[a-zđ]?/\S+?)([.,;:)\]”\"]*)$")


def agreed(words: Sequence[str], other: str) -> list[str]:
    """Tesseract's `words` of a line, mended by trueocr's reading `other` of it where that is sure."""
    if not words:
        return []
    first = _marked(words[0], " ".join(words[1:]), other)
    return [_numbered(word, other) for word in (first, *words[1:])]


def _marked(first: str, rest: str, other: str) -> str:
    """The line's first word with the mark that numbers the line as it is printed."""
    lead = _LEAD.match(first)
    if not lead:
        return first
    told = _FOOT.sub(r"\1I.", other)
    if lead[1].endswith((".", "L")):
        told = _BARE.sub(r"\1I.", told)
    mark = _MARK.match(told)
    if not mark:
        return first
    own, after = (text.lstrip() for text in (lead[2] or rest, told[mark.end() :]))
    if fold(own[:3]) != fold(after[:3]) or not _CAPITAL.match(own):
        return first
    both_letters = _MARK.fullmatch(lead[1]) and {lead[1], mark[0]} == {"d)", "đ)"}
    if both_letters or not (_MARK.fullmatch(lead[1]) or lead[1][:-1].isdecimal()):
        return f"{mark[0]} {lead[2]}".rstrip()
    return first


def _numbered(word: str, other: str) -> str:
    """A document's number with letters that name a kind and an issuer, if the other reading has them."""
    found = _NUMBERED.match(word)
    if not found or _is_known(found[2]):
        return word
    digits = found[2].rpartition("/")[0] + "/"
    told = (number[0] for number in re.finditer(NUMBER, other) if number[0].startswith(digits))
    number = next(filter(_is_known, told), found[2])
    return f"{found[1]}{number}{found[3]}"


def _is_known(number: str) -> bool:
    return all(kind_and_issuer(number))
