"""One immutable index on disk: written whole, verified, then switched to by one atomic rename.

DATA/CURRENT                    name of the serving generation
DATA/generations/NAME/
    manifest.json               format, model, documents, and size and hash of every other file
    documents.jsonl             canonical texts and metadata
    passages.jsonl              offsets, labels and headings
    dense.faiss                 one unit vector a passage
    sentences.npy               one unit vector a sentence, [n, dim] float16
    spans.npy                   of each sentence: passage, start, end, first and last of its tokens
    tokens.npy, starts.npy      projected tokens of all passages, [m, width] int8; where each begins
    keys.npy                    hash of what was encoded, one row a passage, for reuse
    lexical/                    BM25
    language                    what the restorer learnt from these texts
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.law.definitions import Place, defined_terms
from index.law.effect import Relation, Standing, called, relations, statuses
from index.question.diacritics import learn_library
from index.retrieval.encoder import Encoded
from index.retrieval.lexical import LexicalIndex
from index.retrieval.search import Vectors
from knowledge.document import Document, Metadata, Passage, Section
from knowledge.errors import DocumentUnknown, IndexDamaged, IndexMissing, ModelMismatch
from knowledge.places import provinces_in, provinces_named
from knowledge.split import outline
from knowledge.vietnamese import fold

FORMAT = 2  # raise it when passages or files change meaning: the next reindex then starts afresh
OPENING = 500  # characters in which a document names the body that issued it
REBUILD = "Hãy chạy `cdsbot reindex`."


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the generation knows it; `first` is its first passage's number."""

    path: str
    metadata: Metadata
    sha256: str
    passages: int
    added: str  # ISO moment of the reindex that first brought it
    first: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a generation holds, as a build hands it over. Row i belongs to passage i."""

    documents: Sequence[Document]
    added: Sequence[str]
    passages: Sequence[Sequence[Passage]]  # one sequence a document
    keys: NDArray[np.uint8]  # [passages, 32]
    encoded: Encoded
    sentences: Sequence[tuple[int, int, int]]  # passage, start, end
    lexical: LexicalIndex


@dataclass(frozen=True, slots=True)
class Verification:
    problems: tuple[str, ...]
    files: int
    documents: int
    passages: int

    @property
    def ok(self) -> bool:
        return not self.problems


class Generation:
    """An opened generation. Nothing in it changes; many threads may read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = _manifest(folder)
        self.identity = folder.name
        self.created: str = self.manifest["created"]
        self.model: str = self.manifest["model"]
        self._documents = {document.path: document for document in _documents(folder)}
        self.entries = tuple(_entries(self.manifest["documents"]))
        self.passages = tuple(_passages(folder))
        tokens = np.load(folder / "tokens.npy", mmap_mode="r")
        starts = np.load(folder / "starts.npy")
        self.vectors = Vectors(faiss.read_index(str(folder / "dense.faiss")), tokens, starts)
        self.spans: NDArray[np.int32] = np.load(folder / "spans.npy")
        self.sentences: NDArray[np.float16] = np.load(folder / "sentences.npy", mmap_mode="r")
        self.lexical = LexicalIndex.open(folder / "lexical", len(self.passages))
        self.outline = lru_cache(maxsize=256)(self._outline)
        self.folded = lru_cache(maxsize=None)(self._folded)

    def document(self, path: str) -> Document:
        try:
            return self._documents[path]
        except KeyError:
            raise DocumentUnknown(f"Không có văn bản “{path}” trong chỉ mục.") from None

    def _outline(self, path: str) -> tuple[Section, ...]:
        return outline(self.document(path))

    def _folded(self, path: str) -> str:
        return fold(self.document(path).text)

    @cached_property
    def entry(self) -> dict[str, Entry]:
        return {entry.path: entry for entry in self.entries}

    def warm(self) -> None:
        """Work out in advance what the first questions would otherwise wait for."""
        _ = self.definitions, self.standing, self.provinces
        for entry in self.entries:
            self.folded(entry.path)

    @cached_property
    def provinces(self) -> dict[str, frozenset[str]]:
        """The provinces that each document is of; empty for the whole country's."""
        return {entry.path: self._provinces(entry) for entry in self.entries}

    def _provinces(self, entry: Entry) -> frozenset[str]:
        about, text = entry.metadata, self.document(entry.path).text
        named = provinces_in(f"{about.issuer}\n{about.title}")
        if not named and re.search(r"-(?:UBND|HĐND)\b", about.number):
            return provinces_in(text[:OPENING])
        if not named and not about.number:  # an article: what it speaks of most
            return frozenset(one for one, _ in Counter(provinces_named(text)).most_common(1))
        return named

    @cached_property
    def definitions(self) -> dict[str, list[Place]]:
        """Folded terms that the documents define, and where."""
        found: dict[str, list[Place]] = {}
        for entry in self.entries:
            for term, place in defined_terms(self.document(entry.path), self.outline(entry.path)):
                found.setdefault(term, []).append(place)
        return found

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        return tuple(Relation(**row) for row in _rows(self.folder / "relations.jsonl"))

    @cached_property
    def standing(self) -> dict[str, Standing]:
        """Whether each document is in force, as of the day this generation was opened."""
        return statuses(self.entries, self.relations, date.today())

    def metadata(self, path: str) -> Metadata:
        """A document's metadata, its status as other documents leave it."""
        known, standing = self.entry[path].metadata, self.standing.get(path)
        if standing is None:
            return known
        said, newer = standing.relation, ""
        if said and said.verb == "is newer":
            newer = said.target
        elif said and said.verb == "replaces" and standing.status == "expired":
            newer = called(self.entry[said.source].metadata)
        return standing.of(known, newer)

    @cached_property
    def listed(self) -> tuple[Entry, ...]:
        """The documents as people are shown them: `entries`, each with how it stands."""
        return tuple(replace(one, metadata=self.metadata(one.path)) for one in self.entries)

    def encoded(self, passage: int) -> Encoded:
        """What the model made of one passage."""
        own = slice(self.first_span[passage], self.first_span[passage + 1])
        tokens = self.vectors.tokens_of(passage)
        return Encoded(
            self.vectors.dense.reconstruct(passage)[None],
            np.asarray(self.sentences[own], np.float32),
            tokens,
            np.array([len(tokens)]),
            self.spans[own, 3:],
        )

    def text_of(self, passage: int) -> str:
        """A passage as it is written, without its headings."""
        found = self.passages[passage]
        return self.document(found.document).text[found.start : found.end]

    def token_span(self, passage: int, at: int) -> tuple[int, int]:
        """The first token of the passage's sentence that begins at `at`, and the one after its last."""
        rows = self.spans[self.first_span[passage] : self.first_span[passage + 1]]
        first, last = next((row[3:5] for row in rows if row[1] == at), (0, 0))
        return int(first), int(last)

    @cached_property
    def first_span(self) -> NDArray[np.int64]:
        """Row of each passage's first sentence, and one more for the end, [passages + 1]."""
        return np.searchsorted(self.spans[:, 0], np.arange(len(self.passages) + 1))


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"Chỉ mục {folder.name} hỏng: {error}. {REBUILD}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise IndexDamaged(f"Chỉ mục {folder.name} do phiên bản khác tạo ra. {REBUILD}")
    return manifest


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def _documents(folder: Path) -> Iterator[Document]:
    for row in _rows(folder / "documents.jsonl"):
        yield Document(row["path"], row["text"], Metadata(**row["metadata"]), tuple(row["pages"]))


def _passages(folder: Path) -> Iterator[Passage]:
    for row in _rows(folder / "passages.jsonl"):
        yield Passage(**row)


def _entries(rows: Sequence[dict[str, Any]]) -> Iterator[Entry]:
    first = 0
    for row in rows:
        yield Entry(row["path"], Metadata(**row["metadata"]), row["sha256"], row["passages"],
                    row["added"], first)  # fmt: skip
        first += row["passages"]


def write_generation(data: Path, contents: Contents, model: str, created: str) -> Path:
    """A complete new generation folder on disk, not yet serving. Raises OSError when it can't."""
    generations = data / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    name = f"{created.replace(':', '').replace('-', '')}-{os.urandom(3).hex()}"
    folder = generations / f".{name}"  # hidden until whole
    (folder / "lexical").mkdir(parents=True)
    _write_rows(folder / "documents.jsonl", map(_document_row, contents.documents))
    _write_rows(
        folder / "passages.jsonl", (asdict(p) for group in contents.passages for p in group)
    )
    _write_vectors(folder, contents)
    contents.lexical.save(folder / "lexical")
    _write_rows(folder / "relations.jsonl", map(asdict, relations(contents.documents)))
    learn_library((document.text for document in contents.documents), folder / "language")
    manifest = {
        "format": FORMAT,
        "created": created,
        "model": model,
        "files": {file: _facts(folder / file) for file in _files(folder)},
        "documents": [
            {"path": document.path, "metadata": asdict(document.metadata), "sha256": document.sha256,
             "passages": len(group), "added": added}
            for document, group, added in zip(
                contents.documents, contents.passages, contents.added, strict=True)
        ],
    }  # fmt: skip
    (folder / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8"
    )
    for file in [*_files(folder), "manifest.json"]:
        _sync(folder / file)
    final = generations / name
    folder.rename(final)
    _sync_folder(generations)
    return final


def _write_vectors(folder: Path, contents: Contents) -> None:
    encoded = contents.encoded
    dense = faiss.IndexFlatIP(encoded.texts.shape[1])
    dense.add(encoded.texts)
    faiss.write_index(dense, str(folder / "dense.faiss"))
    places = np.array(contents.sentences, np.int32).reshape(-1, 3)
    np.save(folder / "keys.npy", contents.keys)
    np.save(folder / "sentences.npy", encoded.spans.astype(np.float16))
    np.save(folder / "spans.npy", np.hstack([places, encoded.span_tokens]))
    np.save(folder / "tokens.npy", encoded.tokens)
    np.save(folder / "starts.npy", np.cumsum([0, *encoded.sizes]))


def _document_row(document: Document) -> dict[str, Any]:
    return {"path": document.path, "text": document.text, "metadata": asdict(document.metadata),
            "pages": document.pages}  # fmt: skip


def _write_rows(file: Path, rows: Iterator[dict[str, Any]] | Any) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _files(folder: Path) -> list[str]:
    found = (f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())
    return sorted(name for name in found if name != "manifest.json")


def _facts(file: Path) -> dict[str, Any]:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"bytes": file.stat().st_size, "sha256": digest}


def _sync(file: Path) -> None:
    with file.open("rb+") as content:
        os.fsync(content.fileno())


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows cannot open a folder, and needs no such step
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def switch(data: Path, folder: Path) -> None:
    """Make `folder` the serving generation: readers see the old name or the new, never neither."""
    pointer = data / ".CURRENT"
    pointer.write_text(folder.name, encoding="utf-8")
    _sync(pointer)
    for attempt in range(20):
        try:
            pointer.replace(data / "CURRENT")
            break
        except PermissionError:  # Windows, while another process is reading it
            if attempt == 19:
                raise
            time.sleep(0.05)
    _sync_folder(data)


def retire(data: Path, keep: set[str]) -> None:
    """Delete generations other than `keep`, and what killed builds left; what is in use may stay."""
    for folder in (data / "generations").iterdir():
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def serving_folder(data: Path) -> Path:
    """Folder of the generation being served. Raises IndexMissing where there is none."""
    try:
        name = (data / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(f"Chưa có chỉ mục trong {data}. {REBUILD}") from None
    folder = data / "generations" / name
    if not name or not folder.is_dir():
        raise IndexMissing(f"Chỉ mục {name} không còn trong {data}. {REBUILD}")
    return folder


def open_generation(folder: Path) -> Generation:
    """Raises IndexDamaged when a file is missing, cut short or not of this version."""
    try:
        return Generation(folder)
    except IndexDamaged:
        raise
    except Exception as error:  # FAISS, NumPy and JSON each complain in their own way
        raise IndexDamaged(f"Chỉ mục {folder.name} hỏng: {error}. {REBUILD}") from error


def open_serving(data: Path, model: str) -> Generation:
    """The serving generation. Raises ModelMismatch unless `model`, a fingerprint, built it."""
    generation = open_generation(serving_folder(data))
    if generation.model != model:
        raise ModelMismatch(
            f"Chỉ mục được tạo bằng mô hình khác với mô hình đang cấu hình. {REBUILD}"
        )
    return generation


def verify(data: Path) -> Verification:
    """The serving generation, checked in full. Raises IndexMissing where there is none."""
    return verify_folder(serving_folder(data))


def verify_folder(folder: Path) -> Verification:
    """Every file against the manifest, every passage against its document's hash and offsets."""
    manifest = _manifest(folder)
    problems = [
        f"{name}: {'thiếu' if not (folder / name).is_file() else 'khác với lúc tạo'}"
        for name, facts in manifest["files"].items()
        if not (folder / name).is_file() or _facts(folder / name) != facts
    ]
    passages = 0
    if not problems:
        generation = open_generation(folder)
        passages = len(generation.passages)
        problems = list(_inconsistencies(generation))
    documents = len(manifest["documents"])
    return Verification(tuple(problems), len(manifest["files"]), documents, passages)


def _inconsistencies(generation: Generation) -> Iterator[str]:
    for entry in generation.entries:
        document = generation.document(entry.path)
        if document.sha256 != entry.sha256:
            yield f"{entry.path}: nội dung khác với mã băm đã ghi"
        for passage in generation.passages[entry.first : entry.first + entry.passages]:
            if passage.document != entry.path or not (
                0 <= passage.start < passage.end <= len(document.text)
            ):
                yield f"{entry.path}: đoạn {passage.start}–{passage.end} nằm ngoài văn bản"
    count = len(generation.passages)
    vectors = generation.vectors
    if vectors.dense.ntotal != count or sum(e.passages for e in generation.entries) != count:
        yield f"số véc-tơ ({vectors.dense.ntotal}) khác số đoạn ({count})"
    if len(generation.sentences) != len(generation.spans):
        yield "số véc-tơ câu khác số câu"
    if len(vectors.starts) != count + 1 or vectors.starts[-1] != len(vectors.tokens):
        yield "số véc-tơ từ khác số đã ghi"
