"""One document as it was read, and all that follows from its words alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.law.facts import Facts, facts_of
from knowledge.document import Document, Passage, Section
from knowledge.doubts import doubts
from knowledge.errors import Rejected
from knowledge.load import read_document
from knowledge.pace import next_step
from knowledge.split import outline, passages, sentences

_LONG = 1_000_000  # characters; what is longer may take longer, in proportion


@dataclass(frozen=True, slots=True)
class Reading:
    """What an index keeps of a document."""

    document: Document
    outline: tuple[Section, ...]
    passages: tuple[Passage, ...]
    facts: Facts
    digest: str  # changes whenever anything that is kept of the document would

    @classmethod
    def of(
        cls, document: Document, outline: tuple[Section, ...], passages: tuple[Passage, ...],
        facts: Facts,
    ) -> Self:  # fmt: skip
        told = repr((document.path, document.sha256, document.metadata, document.pages,
                     document.scanned, outline, passages, facts.as_json()))  # fmt: skip
        return cls(document, outline, passages, facts, hashlib.sha256(told.encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Fresh:
    """A reading of a file, with what only matters while it is indexed."""

    reading: Reading
    sentences: tuple[tuple[tuple[int, int], ...], ...]  # of each passage, offsets in the text
    doubts: tuple[str, ...] = ()  # what a person had better look at

    @classmethod
    def of(cls, reading: Reading, doubts: tuple[str, ...] = ()) -> Self:
        text = reading.document.text
        return cls(
            reading,
            tuple(tuple(sentences(text, one.start, one.end)) for one in reading.passages),
            doubts,
        )


def read_fresh(file: Path, library: Path) -> Fresh:
    """Everything that indexing needs of a file. Raises Rejected."""
    document = read_document(file, library)
    next_step(max(1.0, len(document.text) / _LONG))
    sections, cut = outline(document), passages(document)
    if not cut:
        raise Rejected("không có nội dung để tìm kiếm")
    reading = Reading.of(document, sections, cut, facts_of(document, sections))
    return Fresh.of(reading, doubts(document, sections))
