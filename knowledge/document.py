"""The frozen data everything else speaks in: documents, their sections, passages and citations."""

from __future__ import annotations

import datetime
import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, NamedTuple

Status = Literal["in force", "amended", "expired", "draft", "unknown"]

Stands = Status | Literal["not yet"]
"""A status as of some day: before its first day in force, a document stands "not yet"."""

SectionKind = Literal[
    "part", "chapter", "division", "article", "clause", "point", "heading", "table", "row"
]
"""Phần / phụ lục, chương, mục, điều, khoản, điểm, a table with the line that introduces it, its rows;
`heading` is any other titled section."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document besides its words. Dates are ISO (YYYY-MM-DD) or empty."""

    title: str
    number: str = ""
    date: str = ""
    issuer: str = ""
    kind: str = ""  # "Nghị định", "Kế hoạch", "Bài báo"…, as people call it
    status: Status = "unknown"
    effective: str = ""
    expires: str = ""
    replaced_by: str = ""
    source: str = ""
    url: str = ""
    note: str = ""
    licence: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Of each document in one file, its own first; `number` has a semicolon between them."""
        return tuple(filter(None, map(str.strip, self.number.split(";"))))

    @property
    def own_number(self) -> str:
        """Of the first document of a file; empty where it has none."""
        return next(iter(self.numbers), "")

    def stands(self, day: datetime.date) -> Stands:
        """Its status on `day`: what its dates say goes before what was noted on another day."""
        if self.status == "draft":
            return "draft"
        if self.status == "expired" or (self.expires and self.expires < day.isoformat()):
            return "expired"
        return "not yet" if self.effective > day.isoformat() else self.status


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a library. `text` is canonical: NFC, line structure kept, all offsets count in it."""

    path: str  # relative to its library folder, with forward slashes
    text: str
    metadata: Metadata
    pages: tuple[int, ...] = ()  # offset at which each page begins; empty where there are no pages
    scanned: tuple[int, ...] = ()  # pages, from 1, whose words a machine read off a picture
    doubts: tuple[str, ...] = ()  # of its reading, for whoever keeps the library; in Vietnamese

    def page_at(self, offset: int) -> int | None:
        """The page, from 1, on which the character stands."""
        return bisect_right(self.pages, offset) or 1 if self.pages else None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class Section(NamedTuple):  # a tuple is made ten times as fast, and an answer reads thousands
    """One node of a document's outline, in reading order; `text[start:end]` is all of it."""

    kind: SectionKind
    number: str  # "5" of Điều 5, "b" of điểm b, "II" of a heading; empty where there is none
    title: str
    start: int
    end: int
    parent: int  # index into the outline, -1 at the top
    label: str  # as cited: "Điều 2, khoản 3, điểm b"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document fit to be found: `text[start:end]`, cited by `section`."""

    document: str
    start: int
    end: int
    section: str  # label of the innermost section that holds all of it; may be empty
    heading: str  # titles from the top down, prepended for search, never shown as a quotation
    page: int | None = None
