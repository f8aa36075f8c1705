"""Documents that were written together, once: a generation is made of segments, and shares them.

SEGMENT/
    documents.jsonl             what is known of each document but its words: metadata, hash, facts
    texts.bin, texts.npy        canonical texts, UTF-8, and where each begins
    outlines.bin, outlines.npy  their outlines, JSON
    strings.bin, strings.npy    labels and headings of passages, each once
    passages.npy                document, start, end, label, heading, page (0 for none), [passages, 6]
    dense.faiss                 one unit vector a passage, in half precision
    sentences.bin               one unit vector a sentence, [sentences, dimension] float16
    spans.npy, span_starts.npy  start, end, first and last token of each sentence; where a passage's begin
    tokens.bin, starts.npy      projected tokens of all passages, [tokens, width] int8; where each begins
    keys.npy                    hash of what was encoded, one row a passage, for reuse
    terms/, language/           BM25 postings, and what the restorer learns from these texts

Only documents.jsonl is kept when a segment is opened; everything else stays on disk until asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.law.facts import Facts
from index.question.diacritics import learn_library
from index.retrieval.encoder import Encoded
from index.retrieval.lexical import Postings, mapped
from index.retrieval.search import dense_index
from index.store.reading import Reading
from knowledge.document import Document, Metadata, Passage, Section
from knowledge.errors import IndexDamaged

# the files of which what a document says is made, without any vector
WORDS = frozenset(
    ("documents.jsonl", "passages.npy",
     *(f"{name}.{kind}" for name in ("texts", "outlines", "strings") for kind in ("bin", "npy")))
)  # fmt: skip
_LARGE = frozenset(("dense.faiss", "sentences.bin", "tokens.bin", "texts.bin", "keys.npy"))


def is_told(name: str) -> bool:
    """Whether titles, numbers, labels or offsets are shown as a file of a segment has them.

    Those are checked when the segment is opened; texts are whenever one is read. Vectors, postings and
    the language decide what is found, and are never shown.
    """
    return name not in _LARGE and "/" not in name


@dataclass(frozen=True, slots=True)
class Record:
    """A document as a segment keeps it."""

    reading: Reading
    added: str  # ISO moment of the reindex that first brought it
    keys: NDArray[np.uint8]  # [passages, 32]
    encoded: Encoded
    spans: tuple[NDArray[np.int32], ...]  # of each passage, [sentences, 2] in the canonical text


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of one document of a segment without opening its text."""

    path: str
    metadata: Metadata
    sha256: str
    digest: str
    pages: tuple[int, ...]
    scanned: tuple[int, ...]
    added: str
    passages: int
    first: int  # row of its first passage
    facts: Facts

    @property
    def rows(self) -> range:
        """Of its passages."""
        return range(self.first, self.first + self.passages)


class _BlobWriter:
    """Pieces of bytes one after another."""

    def __init__(self, file: Path) -> None:
        self._file, self._out, self._ends = file, file.with_suffix(".bin").open("wb"), [0]

    def add(self, piece: bytes) -> None:
        self._out.write(piece)
        self._ends.append(self._ends[-1] + len(piece))

    def close(self) -> None:
        self._out.close()
        np.save(self._file.with_suffix(".npy"), np.array(self._ends, np.int64))


class _Blob:
    """The pieces that a _BlobWriter wrote."""

    def __init__(self, file: Path) -> None:
        self._starts = mapped(file.with_suffix(".npy"))
        self._bytes = _raw(file.with_suffix(".bin"), np.uint8)

    def __getitem__(self, at: int) -> bytes:
        return self._bytes[int(self._starts[at]) : int(self._starts[at + 1])].tobytes()


def _raw(file: Path, kind: Any) -> NDArray[Any]:
    return np.asarray(np.memmap(file, kind, "r")) if file.stat().st_size else np.empty(0, kind)


class SegmentWriter:
    """A new segment in a new folder; whole only after `close`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self._documents = (folder / "documents.jsonl").open("w", encoding="utf-8", newline="\n")
        self._texts, self._outlines = (
            _BlobWriter(folder / "texts"),
            _BlobWriter(folder / "outlines"),
        )
        self._strings: dict[str, int] = {}
        self._sentences = (folder / "sentences.bin").open("wb")
        self._tokens = (folder / "tokens.bin").open("wb")
        self._dense: Any = None
        self._passages: list[tuple[int, ...]] = []
        self._keys: list[NDArray[np.uint8]] = []
        self._spans: list[NDArray[np.int32]] = []
        self._sizes: list[int] = []  # tokens of each passage
        self._span_sizes: list[int] = []
        self.documents = 0

    @property
    def passages(self) -> int:
        return len(self._passages)

    def add(self, record: Record) -> None:
        reading, encoded = record.reading, record.encoded
        document = reading.document
        row = {
            "path": document.path, "metadata": asdict(document.metadata), "sha256": document.sha256,
            "digest": reading.digest, "pages": document.pages, "scanned": document.scanned,
            "added": record.added, "passages": len(reading.passages), "facts": reading.facts.as_json(),
        }  # fmt: skip
        self._documents.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._texts.add(document.text.encode())
        self._outlines.add(json.dumps(reading.outline, ensure_ascii=False).encode())
        self._passages += [
            (self.documents, one.start, one.end, self._string(one.section),
             self._string(one.heading), one.page or 0)
            for one in reading.passages
        ]  # fmt: skip
        if self._dense is None:
            self._dense = dense_index(encoded.texts.shape[1])
        self._dense.add(encoded.texts)
        self._sentences.write(encoded.spans.astype(np.float16).tobytes())
        self._tokens.write(np.ascontiguousarray(encoded.tokens, np.int8).tobytes())
        self._spans.append(np.hstack([np.concatenate(record.spans), encoded.span_tokens]))
        self._keys.append(record.keys)
        self._sizes += encoded.sizes.tolist()
        self._span_sizes += map(len, record.spans)
        self.documents += 1

    def _string(self, text: str) -> int:
        return self._strings.setdefault(text, len(self._strings))

    def close(self) -> None:
        """Write what is known only at the end. At least one document was added."""
        folder = self.folder
        strings = _BlobWriter(folder / "strings")
        for text in self._strings:
            strings.add(text.encode())
        for file in (self._documents, self._texts, self._outlines, strings, self._sentences,
                     self._tokens):  # fmt: skip
            file.close()
        # through a file of ours: FAISS tells a full disk as a RuntimeError
        faiss.serialize_index(self._dense).tofile(folder / "dense.faiss")
        np.save(folder / "passages.npy", np.array(self._passages, np.int32))
        np.save(folder / "keys.npy", np.concatenate(self._keys))
        np.save(folder / "spans.npy", np.concatenate(self._spans).astype(np.int32))
        np.save(folder / "span_starts.npy", np.cumsum([0, *self._span_sizes]))
        np.save(folder / "starts.npy", np.cumsum([0, *self._sizes]))
        texts = _Blob(folder / "texts")
        Postings.of(self._searched(texts)).save(folder / "terms")
        learn_library((texts[at].decode() for at in range(self.documents)), folder / "language")

    def _searched(self, texts: _Blob) -> Iterator[str]:
        """Each passage below its heading, as the lexical half reads it."""
        strings, text, of = list(self._strings), "", -1
        for document, start, end, _, heading, _ in self._passages:
            if document != of:
                text, of = texts[document].decode(), document
            yield f"{strings[heading]}\n{text[start:end]}"


class Segment:
    """An opened segment. Nothing in it changes; many threads may read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = tuple(_kept(folder / "documents.jsonl"))
        self._texts, self._outlines, self._strings = (
            _Blob(folder / name) for name in ("texts", "outlines", "strings")
        )
        # mapped: a search reads all of it, but nothing is copied, and a switch shares the pages
        self.dense = faiss.read_index(str(folder / "dense.faiss"), faiss.IO_FLAG_MMAP_IFC)
        self.passages, self.spans, self.span_starts, self.starts = (
            mapped(folder / f"{name}.npy")
            for name in ("passages", "spans", "span_starts", "starts")
        )
        self.sentences = _raw(folder / "sentences.bin", np.float16).reshape(-1, self.dense.d)
        tokens = _raw(folder / "tokens.bin", np.int8)
        count = int(self.starts[-1])
        self.tokens = tokens.reshape(count, -1) if count else np.empty((0, 0), np.int8)
        self.terms = Postings.open(folder / "terms")

    def text(self, at: int) -> str:
        """The canonical text. Raises IndexDamaged where it is not what was indexed."""
        kept, text = self.documents[at], self._texts[at]
        if hashlib.sha256(text).hexdigest() != kept.sha256:
            raise IndexDamaged(f"{kept.path}: nội dung khác với mã băm đã ghi")
        return text.decode()

    def outline(self, at: int) -> tuple[Section, ...]:
        return tuple(map(Section._make, json.loads(self._outlines[at].decode())))

    def document(self, at: int) -> Document:
        kept = self.documents[at]
        return Document(kept.path, self.text(at), kept.metadata, kept.pages, kept.scanned)

    def passage(self, row: int) -> Passage:
        document, start, end, label, heading, page = self.passages[row].tolist()
        path = self.documents[document].path
        above = self._strings[label].decode(), self._strings[heading].decode()
        return Passage(path, start, end, *above, page or None)

    def sentences_of(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float16]]:
        """Start, end, first and last token of a passage's sentences, and their vectors."""
        own = slice(int(self.span_starts[row]), int(self.span_starts[row + 1]))
        return self.spans[own], self.sentences[own]

    def encoded(self, row: int) -> Encoded:
        """What the model made of one passage."""
        spans, vectors = self.sentences_of(row)
        tokens = self.tokens[int(self.starts[row]) : int(self.starts[row + 1])]
        return Encoded(
            np.asarray(self.dense.reconstruct(row))[None],
            np.asarray(vectors, np.float32),
            np.asarray(tokens),
            np.array([len(tokens)]),
            np.asarray(spans[:, 2:]),
        )

    def keys(self) -> NDArray[np.uint8]:
        """Hash of what was encoded, [passages, 32]."""
        return mapped(self.folder / "keys.npy")

    def reading(self, at: int) -> Reading:
        kept = self.documents[at]
        return Reading(
            self.document(at), self.outline(at), tuple(map(self.passage, kept.rows)), kept.facts,
            kept.digest,
        )  # fmt: skip


def _kept(file: Path) -> Iterator[Kept]:
    first = 0
    with file.open(encoding="utf-8", newline="\n") as lines:
        for row in map(json.loads, lines):
            yield Kept(
                row["path"], Metadata(**row["metadata"]), row["sha256"], row["digest"],
                tuple(row["pages"]), tuple(row["scanned"]), row["added"], row["passages"], first,
                Facts.of_json(row["facts"]),
            )  # fmt: skip
            first += row["passages"]


def inconsistencies(segment: Segment, live: Sequence[int]) -> Iterator[str]:
    """What does not fit together in a segment whose files are whole, of its documents `live`."""
    count = len(segment.passages)
    for at in live:
        kept, text = segment.documents[at], segment.text(at)
        for row in segment.passages[kept.rows.start : kept.rows.stop]:
            if row[0] != at or not 0 <= row[1] < row[2] <= len(text):
                yield f"{kept.path}: đoạn {row[1]}–{row[2]} nằm ngoài văn bản"
    if segment.dense.ntotal != count or sum(one.passages for one in segment.documents) != count:
        yield f"số véc-tơ ({segment.dense.ntotal}) khác số đoạn ({count})"
    if not len(segment.sentences) == len(segment.spans) == segment.span_starts[-1]:
        yield "số véc-tơ câu khác số câu"
    if len(segment.starts) != count + 1 or segment.starts[-1] != len(segment.tokens):
        yield "số véc-tơ từ khác số đã ghi"
