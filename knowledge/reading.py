"""What a reader of one format hands over: words, page starts, and what the file says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

MOST_CHARACTERS = 5_000_000  # a shelf of laws; beyond it the file is data, not a document

_STRUCTURED = re.compile(
    r"(?:phần|chương|mục|tiểu mục|điều|phụ lục)\b|(?:\d+(?:\.\d+)*|[ivx]+)[.)]|[a-zđ][.)] |số\s*:",
    re.IGNORECASE,
)

_LONG_CELL = 20  # lines
_LAID_OUT = re.compile(  # a letterhead, a signature, or a whole page inside a table
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA|ĐẢNG CỘNG SẢN VIỆT NAM|Nơi nhận|Điều \d+\."
)


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    pages: tuple[int, ...] = ()  # offsets into `text`, which is canonical where there are pages
    header: Mapping[str, str] = field(default_factory=dict)  # written for us: front matter
    hints: Mapping[str, str] = field(default_factory=dict)  # weaker than the text's own heading
    scanned: tuple[int, ...] = ()  # pages, from 1, whose words a machine read off a picture
    doubts: tuple[str, ...] = ()  # what a maintainer had better look at, in Vietnamese


def as_heading(text: str, level: int) -> str:
    """A heading as Markdown marks it, unless its own words already place it in the outline."""
    return text if not text.strip() or _STRUCTURED.match(text) else f"{'#' * level} {text}"


def table_lines(rows: Sequence[Sequence[Sequence[str]]]) -> Iterator[str]:
    """A table of cells of lines: a line for each row, but a table that only lays out is its cells."""
    cells = [[" ".join(line.split()) for line in cell] for row in rows for cell in row]
    if len(cells) == 1 or any(
        len(cell) > _LONG_CELL or any(map(_LAID_OUT.match, cell)) for cell in cells
    ):
        yield from (line for cell in cells for line in cell)
        return
    for row in rows:
        words = [" ".join(" ".join(cell).split()) for cell in row]
        if any(words):
            yield " | ".join(words)


def roman(number: int) -> str:
    """1 -> "i", 4 -> "iv"."""
    letters = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters += sign * count
    return letters


_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def letter(number: int) -> str:
    """1 -> "a", 26 -> "z", 27 -> "aa", as Word and browsers count (there is no đ)."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
