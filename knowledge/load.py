"""Files into documents: one reader per format, and one boundary where every failure is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from knowledge.canonical import canonical
from knowledge.document import Document
from knowledge.errors import Rejected
from knowledge.metadata import front_matter, metadata_of


def documents_under(library: Path) -> Iterator[Path]:
    yield from sorted(p for p in library.rglob("*") if p.is_file())


def read_document(file: Path, library: Path) -> Document:
    """`file` as canonical text and metadata; `Rejected`, in Vietnamese, where it cannot be read."""
    try:
        header, text = front_matter(canonical(file.read_bytes().decode("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise Rejected(f"không đọc được tệp: {error}") from error
    path = file.relative_to(library).as_posix()
    return Document(path, canonical(text), metadata_of(file.stem, text, header))
