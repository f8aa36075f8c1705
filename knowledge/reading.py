"""What a reader of one format hands over: words, page starts, and what the file says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.heading import true_cased
from knowledge.table import table_lines as table_lines  # noqa: PLC0414  # readers take it here

MOST_CHARACTERS = 5_000_000  # a shelf of laws; beyond it the file is data, not a document

_STRUCTURED = re.compile(
    r"(?:phần|chương|mục|tiểu mục|điều|phụ lục)\b|(?:\d+(?:\.\d+)*|[ivx]+)[.)]|[a-zđ][.)]\s|số\s*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    pages: tuple[int, ...] = ()  # offsets into `text`, which is canonical where there are pages
    header: Mapping[str, str] = field(default_factory=dict)  # written for us: front matter
    hints: Mapping[str, str] = field(default_factory=dict)  # weaker than the text's own heading
    scanned: tuple[int, ...] = ()  # pages, from 1, whose words a machine read off a picture
    doubts: tuple[str, ...] = ()  # what a maintainer had better look at, in Vietnamese


def titled(text: str, title: str) -> Reading:
    """A text with a title of its own, which may be shouted."""
    cased = true_cased(title, text)
    return Reading(text, hints={"title": cased[:1].upper() + cased[1:]})


def as_heading(text: str, level: int) -> str:
    """A heading as Markdown marks it, unless its own words already place it in the outline."""
    return text if not text.strip() or _STRUCTURED.match(text) else f"{'#' * level} {text}"


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
