"""Who issued a document and when, where that alone is asked: as its own letterhead tells it."""

from __future__ import annotations

import re

from index.evidence.subject import POLITE
from knowledge.heading import written_in
from knowledge.lines import line_around

_ASKING = POLITE | frozenset("ban hanh phat cong bo ra doi la duoc do cua va vao".split())
_OF_DAY = _ASKING | frozenset(
    "ngay nao may bao nhieu thang nam khi gio luc ky co the ho tro thoi gian diem".split()
)  # folded words of a question that asks when a document was issued, and nothing besides
_ASKS_DAY = frozenset({"ngay", "khi", "gio", "luc", "nam", "thang"})
_ISSUES = frozenset({"hanh", "ky", "doi"})  # ban hành, ký, ra đời
_OF_ISSUER = _ASKING | frozenset(
    "ai co quan don vi to chuc nao gi cap bo nganh tinh thanh pho dia phuong noi nguoi ben boi tu dau thuoc so".split()
)  # likewise of one that asks who issued it
_ASKS_ISSUER = frozenset({"ai", "quan", "vi", "nao"})  # ai, cơ quan, đơn vị, tỉnh nào
_OF_WHOM = frozenset({"hanh", "cua", "do", "boi", "thuoc"})
_LETTERHEAD = 4000  # characters at a text's beginning, or its end, where its own day stands
_LINE = 250  # characters of the line with that day


def asks_day(words: frozenset[str]) -> bool:
    """Whether `words`, folded, ask when a document was issued, and nothing besides."""
    of_number = "ngay" in words and bool(words & {"nhieu", "may", "nao"})
    return bool(words & _ASKS_DAY) and (bool(words & _ISSUES) or of_number) and words <= _OF_DAY


def asks_issuer(words: frozenset[str]) -> bool:
    """Whether `words`, folded, ask who issued a document, and nothing besides."""
    return bool(words & _ASKS_ISSUER) and bool(words & _OF_WHOM) and words <= _OF_ISSUER


def issuer_in(text: str, issuer: str) -> tuple[int, int] | None:
    """Where a letterhead has the name of the body that issued the document, in capitals."""
    body = written_in(text, issuer.partition(",")[0]) if issuer else None
    return body if body and text[slice(*body)].isupper() else None


def day_in(text: str, date: str) -> tuple[int, int] | None:
    """The line of a letterhead, or below the signatures, that has the document's own day."""
    if date.count("-") != 2:
        return None
    year, month, day = map(int, date.split("-"))
    own = re.compile(
        rf"ngày\s+0?{day}\s+tháng\s+0?{month}\s+năm\s+{year}|\b0?{day}[/.-]0?{month}[/.-]{year}\b"
    )
    for start in (0, max(0, len(text) - _LETTERHEAD)):
        for found in own.finditer(text, start, start + _LETTERHEAD):
            first, last = line_around(text, *found.span())
            if last - first <= _LINE and "hiệu lực" not in text[first:last]:
                return first, last
    return None
