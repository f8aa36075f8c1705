"""Appendices asked for by their number ("Phụ lục III", "phụ lục 02"), or as the only one of a document; and
its other parts that a question names ("mục IV", "Chương II", "mục I Phần thứ hai")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.law.numbered import value_of
from knowledge.document import Section
from knowledge.vietnamese import fold, nfc

NAMED = re.compile(r"\bphu luc (?:so )?(?P<number>\d{1,2}|[ivx]{1,5})\b")
PART = re.compile(  # marked, or without any mark: "mức 2" is no "mục 2"
    r"\b(?:mục (?:[ivx]{1,5}|[a-h]|\d)|muc (?:[ivx]{1,5}|[a-h])|(?:chương|chuong) (?:[ivx]{1,5}|\d{1,2})"
    r"|(?:phần|phan) (?:[ivx]{1,5}|[a-h]|\d|(?:thứ )?(?:nhất|hai|ba|tư|năm)|thu (?:nhat|hai|ba|tu|nam))"
    r"|(?:phụ lục|phu luc) (?:(?:số|so) )?(?:[ivx]{1,5}|\d{1,2})|(?:mẫu|mau) (?:(?:số|so) )?\d{1,2}|dòng (?:số )?\d{1,3}|[a-h]\d{3})\b(?![.,/]\d)",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\bphu luc\b(?! (?:so|nao|gi|may|\d|[ivx]+\b))")
_OPENS = re.compile(r"[\s#*|]*PHỤ LỤC\b", re.IGNORECASE)


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


def asks_only_appendix(question: str) -> bool:
    """Whether a question speaks of "phụ lục" without a number."""
    return _ONLY.search(fold(question)) is not None


def only_appendix(outline: Sequence[Section], text: str) -> Section | None:
    """The one appendix of a document whose text this is; none where it has several."""
    parts = [one for one in outline if one.kind == "part" and _OPENS.match(text, one.start)]
    return parts[0] if len(parts) == 1 else None


def part_named(outline: Sequence[Section], question: str) -> Section | None:
    """The part of a document that a question names: at its top, or the only one that is called so."""
    said = [fold(one) for one in PART.findall(nfc(question))]
    as_headings = [re.sub("^phan", "muc", one) for one in said]  # "phần I" for "I. MỤC TIÊU"
    found = (_called(outline, frozenset(map(_called_so, one))) for one in (said, as_headings))
    return next(filter(None, found), None)


def _called(outline: Sequence[Section], named: frozenset[str]) -> Section | None:
    if not named:
        return None
    found = [
        (section, called)
        for section in outline
        if section.kind in ("part", "chapter", "division", "heading", "row")
        and (section.number or section.kind == "part")  # else it is called as what holds it
        for called in ([_called_so(one) for one in fold(section.label).split(", ")],)
        if called[-1] in named and named <= set(called)
    ]
    exact = [section for section, called in found if len(called) == len(named)]
    alone = [section for section, _ in found]
    return next((one[0] for one in (exact, alone) if len(one) == 1), None)


def _called_so(part: str) -> str:
    """One way of writing a part's number: "phụ lục số 02" is "Phụ lục II"; "mục 1" is no "mục I"."""
    kind, _, number = part.rpartition(" ")
    value = 0 if kind == "muc" else value_of(number)
    return f"{kind.removesuffix(' so')} {value or number}"
