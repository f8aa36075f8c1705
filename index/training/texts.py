"""What the training data folder holds, and the ways Vietnamese is typed."""

import gzip
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BARE_D = str.maketrans("đĐ", "dD")


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a law, a decree or a circular."""

    law: str
    number: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of Wikipedia."""

    title: str
    section: str
    text: str


def read_articles(data: Path) -> Iterator[Article]:
    """The state documents, article by article."""
    for row in _rows(data / "legal.jsonl.gz"):
        yield Article(row["law"], row["article"], row["heading"], row["text"])


def read_paragraphs(data: Path) -> Iterator[Paragraph]:
    """Wikipedia, paragraph by paragraph."""
    for row in _rows(data / "wiki.jsonl.gz"):
        yield Paragraph(row["title"], row["section"], row["text"])


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def bare(text: str) -> str:
    """`text` without its diacritics, as people type in a hurry."""
    # NFD leaves đ whole, so it is folded by hand.
    decomposed = unicodedata.normalize("NFD", text.translate(_BARE_D))
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", kept)
