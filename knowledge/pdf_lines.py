"""Words on a page into the lines that a reader's eye sees, raised note marks put where they belong."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median
from typing import Final

from knowledge.lines import REPUBLIC
from knowledge.pdf_glyphs import BLANK, Word

RAISED: Final = "\ue000{}\ue001"  # a raised mark within a line's text, till its note is looked for
STOP: Final = re.compile(r"[.;:!?…][”\"’)\]]*(?:\ue000[^\ue001]*\ue001)*$")
HYPHEN: Final = re.compile(r"[\w/][-\u00ad]$")  # that the end of a line may have come after
_DOTS: Final = re.compile(r"[.…_]{3,}|…")
_TAB: Final = 6.0  # heights of letters: as far as a list's mark stands from its words
_WIDE: Final = {".": 1.0, "…": 4.0}  # where other letters are 2
_RAISED: Final = re.compile(r"[\d*,()\[\]]{1,6}")
MARK: Final = re.compile(r"(?:[-–+•*o]|\(?\w{1,4}[.)/]|Điều \S+|\d+(?:\.\d+)+)$")  # of a list
_MOTTO: Final = re.compile(rf"{REPUBLIC}|ĐẢNG CỘNG SẢN VIỆT")  # its first four words


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of one printed line; a wide gap begins another. `lead` is its first word's width."""

    text: str
    x0: float
    x1: float
    y: float  # baseline
    size: float
    lead: float

    @property
    def top(self) -> float:
        return self.y - 0.8 * self.size


@dataclass(slots=True)
class _Row:
    """Words on one baseline."""

    y: float
    size: float
    words: list[tuple[Word, bool]]  # and whether it is raised


def lines_of(words: Sequence[Word]) -> list[Line]:
    """The lines from the top down, from left to right."""
    rows, small = _rows(_over_dots(words))
    _set_in(rows)
    for word in small:
        _attach(word, rows)
    lines = [line for row in rows for line in _stretches(row)]
    return sorted(lines, key=lambda line: (round(line.y), line.x0))


def _over_dots(words: Sequence[Word]) -> list[Word]:
    """The words without dots that others are written over: "Số: ..412../QĐ-UBND"."""
    dotted = [word for word in words if _DOTS.search(word.text)]
    rest = [word for word in words if word not in dotted]
    for host in dotted:
        pieces = list(_pieces(host))
        over = {at for at, one in enumerate(pieces) if any(_lies_on(word, one) for word in rest)}
        gone = {at for at in over if _DOTS.fullmatch(pieces[at].text)}
        rest.extend([one for at, one in enumerate(pieces) if at not in gone] if gone else [host])
    return rest


def _pieces(word: Word) -> Iterator[Word]:
    """Its dots and what stands before and after them, as words."""
    widths = [_WIDE.get(letter, 2.0) for letter in word.text]
    step = (word.x1 - word.x0) / sum(widths)
    ends = [0, *(end for run in _DOTS.finditer(word.text) for end in run.span()), len(word.text)]
    for start, end in pairwise(ends):
        if start < end:
            x0, x1 = (word.x0 + sum(widths[:at]) * step for at in (start, end))
            yield replace(word, text=word.text[start:end], x0=x0, x1=x1)


def _lies_on(word: Word, dots: Word) -> bool:
    level = abs(word.y - dots.y) < 0.45 * min(word.size, dots.size)
    return level and dots.x0 < (word.x0 + word.x1) / 2 < dots.x1


def one_line(texts: Iterable[str]) -> str:
    """Printed lines as one."""
    whole = ""
    for text in texts:
        whole += text if not whole or HYPHEN.search(whole) else " " + text
    return whole


def _rows(words: Sequence[Word]) -> tuple[list[_Row], list[Word]]:
    """Words by baseline, and those small figures that may be raised."""
    usual = median(word.size for word in words) if words else 0.0
    rows: list[_Row] = []
    small: list[Word] = []
    for word in sorted(words, key=lambda word: word.y):
        if word.size < 0.84 * usual and _RAISED.fullmatch(word.text):
            small.append(word)
        elif rows and word.y - rows[-1].y <= 0.15 * min(word.size, rows[-1].size):
            rows[-1].words.append((word, False))
            rows[-1].size = max(rows[-1].size, word.size)
        else:
            rows.append(_Row(word.y, word.size, [(word, False)]))
    return rows, small


def _set_in(rows: list[_Row]) -> None:
    """Words filled in a hair above or below their line, as a number and a date are when a document is
    signed, go into the blank that it keeps for them."""
    for row in sorted(rows, key=lambda row: len(row.words)):
        reach = 0.6 * row.size  # a word is at most .15 off its row's height, and .45 off its host's
        near = [one for one in rows if one is not row and abs(one.y - row.y) <= reach]
        for word, _ in sorted(row.words, key=lambda pair: pair[0].x0) if near else ():
            host = next((other for other in near if _keeps(other, word)), None)
            if host:
                row.words.remove((word, False))
                host.words.append((word, False))
    rows[:] = [row for row in rows if row.words]


def _keeps(row: _Row, word: Word) -> bool:
    """Whether a row keeps a blank at that word's place and height."""
    if (
        abs(row.y - word.y) > 0.45 * min(word.size, row.size)
        or not 0.7 < word.size / row.size < 1.4
    ):
        return False
    lap = 0.3 * row.size
    left = max((one.x1 for one, _ in row.words if one.x0 < word.x0), default=-inf)
    right = min((one.x0 for one, _ in row.words if one.x0 >= word.x0), default=inf)
    return left - lap < word.x0 and word.x1 < right + lap and right - left < 5 * row.size


def _attach(word: Word, rows: list[_Row]) -> None:
    """A small figure goes above the word it touches; else it stands on its own baseline."""
    ys = [row.y for row in rows]
    at = bisect_left(ys, word.y - 0.15 * word.size)
    level = None
    for row in rows[at : at + 4]:
        height = (row.y - word.y) / row.size
        near = any(
            -0.2 * row.size < gap < 0.45 * row.size
            for other, _ in row.words
            for gap in (word.x0 - other.x1, other.x0 - word.x1)
        )
        if near and 0.12 < height < 0.8 and word.size < 0.85 * row.size:
            row.words.append((word, True))
            return
        if abs(height) <= 0.12:
            level = row if near else level or row
            if near:
                break
    if level:
        level.words.append((word, False))
    else:
        rows.insert(bisect_left(ys, word.y), _Row(word.y, word.size, [(word, False)]))


def _stretches(row: _Row) -> Iterator[Line]:
    """The row cut where a gap is far wider than those between its words."""
    words = sorted(row.words, key=lambda pair: pair[0].x0)
    gaps = [after[0].x0 - before[0].x1 for before, after in pairwise(words)]
    blanks = [gap for gap in gaps if gap > BLANK * row.size]
    wide = max(1.2 * row.size, 2.2 * median(blanks)) if len(blanks) > 2 else 2 * row.size
    start = 0
    for at, gap in enumerate(gaps, 1):
        if gap <= 0.5 * row.size:
            continue
        right = " ".join(word.text for word, _ in words[at : at + 4])
        marks = gap < _TAB * row.size and MARK.match(_text(words[start:at]))
        if (gap > wide and not marks) or _MOTTO.match(right):
            yield _line(words[start:at], row)
            start = at
    yield _line(words[start:], row)


def _line(words: Sequence[tuple[Word, bool]], row: _Row) -> Line:
    first = words[0][0]
    lead = first.x1 - first.x0
    for (before, _), (word, _) in pairwise(words):
        if _apart(before, word):
            break
        lead = word.x1 - first.x0
    right = max(word.x1 for word, _ in words)
    sizes: Counter[float] = Counter()
    for word, raised in words:
        sizes[word.size] += 0 if raised else len(word.text)
    size = sizes.most_common(1)[0][0]
    return Line(_text(words), first.x0, right, row.y, size, lead)


def _text(words: Sequence[tuple[Word, bool]]) -> str:
    pieces: list[str] = []
    for at, (word, raised) in enumerate(words):
        if at and _apart(words[at - 1][0], word):
            pieces.append(" ")
        pieces.append(RAISED.format(word.text) if raised else word.text)
    return "".join(pieces)


def _apart(before: Word, word: Word) -> bool:
    """Words drawn one after the other are parted by a blank or a gap, others by what the eye sees."""
    gap = word.x0 - before.x1
    size = max(word.size, before.size)
    if word.order == before.order + 1:
        return not word.follows or gap > BLANK * size
    return gap > 0.1 * size
