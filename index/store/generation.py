"""One immutable index on disk: written whole, verified, then switched to by one atomic rename.

DATA/CURRENT                    name of the serving generation
DATA/generations/NAME/
    manifest.jsonl              format, model, segments with size and hash of every file; then its own hash
    SEGMENT/                    documents that were written together: index/store/segment.py

A segment is never changed. The next generation has it as hard links (copies where a disk knows none),
leaves out documents that are gone, and adds a segment with what is new.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from index.law.definitions import Place
from index.law.effect import Relations, Standing, called, statuses
from index.law.facts import Facts, relations
from index.retrieval.encoder import Encoded
from index.retrieval.late_interaction import Tokens
from index.retrieval.lexical import LexicalIndex
from index.retrieval.search import Part, Vectors
from index.store.checked import forget_checks
from index.store.segment import Segment, inconsistencies, is_told
from knowledge.calendar import today
from knowledge.document import Document, Metadata, Passage, Section
from knowledge.errors import DocumentUnknown, IndexDamaged, IndexMissing, ModelMismatch

FORMAT = 5  # raise it when passages or files change meaning: the next reindex then starts afresh
MANIFEST = "manifest.jsonl"
REBUILD = "Hãy chạy `cdsbot reindex`."
TEXTS = 64  # documents whose words are kept at hand
PASSAGES = 4096  # that are kept at hand: an answer asks for each of its own some dozen times


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the generation knows it; `first` is its first passage's number."""

    path: str
    metadata: Metadata
    sha256: str
    passages: int
    added: str  # ISO moment of the reindex that first brought it
    first: int = 0

    @property
    def rows(self) -> range:
        """Of its passages."""
        return range(self.first, self.first + self.passages)


@dataclass(frozen=True, slots=True)
class Listed:
    """A segment as a manifest lists it."""

    name: str
    dropped: tuple[int, ...]  # numbers of its documents that are no longer in the library
    files: dict[str, dict[str, Any]]  # bytes and sha256 of each, by path in the segment's folder


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of."""

    created: str
    model: str  # fingerprint
    segments: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    problems: tuple[str, ...]
    files: int
    documents: int
    passages: int

    @property
    def ok(self) -> bool:
        return not self.problems


class Passages(Sequence[Passage]):
    """The passages of a generation, each read when it is asked for."""

    def __init__(self, segments: Sequence[Segment], vectors: Vectors) -> None:
        self._segments, self._vectors = segments, vectors
        self._read = lru_cache(maxsize=PASSAGES)(self._passage)

    def __len__(self) -> int:
        return len(self._vectors)

    @overload
    def __getitem__(self, at: int) -> Passage: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Passage]: ...
    def __getitem__(self, at: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(at, slice):
            return [self[row] for row in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self._read(int(at))

    def _passage(self, at: int) -> Passage:
        segment, row = self._vectors.place(at)
        return self._segments[segment].passage(row)


class Generation:
    """An opened generation. Nothing in it changes; many threads may read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        manifest = read_manifest(folder)
        self.identity = folder.name
        self.created, self.model = manifest.created, manifest.model
        self._segments = [_opened(folder, listed) for listed in manifest.segments]
        self._place: dict[str, tuple[int, int]] = {}  # segment and number of each document
        entries, live, first = [], [], 0
        for number, (segment, listed) in enumerate(
            zip(self._segments, manifest.segments, strict=True)
        ):
            dropped, rows = set(listed.dropped), [np.empty(0, np.int64)]
            for at, kept in enumerate(segment.documents):
                if at not in dropped:
                    self._place[kept.path] = number, at
                    entries.append(Entry(kept.path, kept.metadata, kept.sha256, kept.passages,
                                         kept.added, first))  # fmt: skip
                    rows.append(np.asarray(kept.rows))
                    first += kept.passages
            live.append(np.concatenate(rows))
        self.entries = tuple(sorted(entries, key=lambda entry: entry.path))
        self.entry = {entry.path: entry for entry in self.entries}
        self.vectors = Vectors([
            Part(segment.dense, segment.tokens, segment.starts, rows)
            for segment, rows in zip(self._segments, live, strict=True)
        ])  # fmt: skip
        self.lexical = LexicalIndex([segment.terms for segment in self._segments], live)
        self.passages = Passages(self._segments, self.vectors)
        self.document = lru_cache(maxsize=TEXTS)(self._document)
        self.outline = lru_cache(maxsize=8 * TEXTS)(self._outline)
        # of a day, which passes while a generation serves
        self._standing = lru_cache(maxsize=2)(
            lambda day: statuses(self.entries, self.relations, day)
        )
        self._listed = lru_cache(maxsize=2)(lambda _: self._listed_today())

    @property
    def languages(self) -> list[Path]:
        """What the restorer learnt from each part of the library."""
        return [segment.folder / "language" for segment in self._segments]

    def _at(self, path: str) -> tuple[Segment, int]:
        try:
            number, at = self._place[path]
        except KeyError:
            raise DocumentUnknown(f"Không có văn bản “{path}” trong chỉ mục.") from None
        return self._segments[number], at

    def _document(self, path: str) -> Document:
        """Raises IndexDamaged where its words are no longer those that were indexed."""
        segment, at = self._at(path)
        return segment.document(at)

    def _outline(self, path: str) -> tuple[Section, ...]:
        segment, at = self._at(path)
        return segment.outline(at)

    @cached_property
    def facts(self) -> dict[str, Facts]:
        """What each document tells by itself."""
        return {
            path: self._segments[number].documents[at].facts
            for path, (number, at) in sorted(self._place.items())
        }

    def warm(self) -> None:
        """Work out in advance what the first questions would otherwise wait for."""
        _ = self.definitions, self.standing, self.provinces

    @cached_property
    def provinces(self) -> dict[str, frozenset[str]]:
        """The provinces that each document is of; empty for the whole country's."""
        return {path: facts.provinces for path, facts in self.facts.items()}

    @cached_property
    def definitions(self) -> dict[str, list[Place]]:
        """Folded terms that the documents define, and where."""
        found: dict[str, list[Place]] = {}
        for path, facts in self.facts.items():
            for term, at in facts.terms:
                found.setdefault(term, []).append((path, at))
        return found

    @cached_property
    def relations(self) -> Relations:
        return relations(self.entries, self.facts)

    @property
    def standing(self) -> dict[str, Standing]:
        """Whether each document is in force today."""
        return self._standing(today())

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

    @property
    def listed(self) -> dict[str, Entry]:
        """The documents by path as people are shown them: `entries`, each with how it stands today."""
        return self._listed(today())

    def _listed_today(self) -> dict[str, Entry]:
        return {one.path: replace(one, metadata=self.metadata(one.path)) for one in self.entries}

    def encoded(self, passage: int) -> Encoded:
        """What the model made of one passage."""
        segment, row = self.vectors.place(passage)
        return self._segments[segment].encoded(row)

    def sentences_of(self, passage: int) -> tuple[NDArray[np.int32], NDArray[np.float16]]:
        """Start, end, first and last token of a passage's sentences, and their vectors."""
        segment, row = self.vectors.place(passage)
        return self._segments[segment].sentences_of(row)

    def text_of(self, passage: int) -> str:
        """A passage as it is written, without its headings."""
        found = self.passages[passage]
        return self.document(found.document).text[found.start : found.end]

    def token_span(self, passage: int, at: int) -> tuple[int, int]:
        """The first token of the passage's sentence that begins at `at`, and the one after its last."""
        spans, _ = self.sentences_of(passage)
        first, last = next((row[2:] for row in spans if row[0] == at), (0, 0))
        return int(first), int(last)

    def heading_tokens(self, passage: int) -> Tokens:
        """Tokens of the titles above a passage, which are read before its first sentence."""
        spans, _ = self.sentences_of(passage)
        return self.vectors.tokens_of(passage)[: int(spans[0, 2]) if len(spans) else 0]


def _opened(folder: Path, listed: Listed) -> Segment:
    for name, facts in listed.files.items():
        if (folder / listed.name / name).stat().st_size != facts["bytes"]:
            raise ValueError(f"{listed.name}/{name}: khác với lúc tạo")
    told = {name: facts for name, facts in listed.files.items() if is_told(name)}
    for problem in damages(folder, replace(listed, files=told)):
        raise ValueError(problem)
    return Segment(folder / listed.name)


def read_manifest(folder: Path) -> Manifest:
    """Raises IndexDamaged where it is missing, damaged or of another version."""
    try:
        content, proof = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
        if json.loads(proof) != {"sha256": _sha256(content)}:
            raise ValueError("manifest khác với lúc tạo")
        read = json.loads(content)
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"Chỉ mục {folder.name} hỏng: {error}. {REBUILD}") from error
    if read.pop("format") != FORMAT:
        raise IndexDamaged(f"Chỉ mục {folder.name} do phiên bản khác tạo ra. {REBUILD}")
    segments = read.pop("segments")
    listed = (Listed(one["name"], tuple(one["dropped"]), one["files"]) for one in segments)
    return Manifest(**read, segments=tuple(listed))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def new_folder(data: Path, created: str) -> Path:
    """An empty folder for a generation, hidden until it is whole."""
    generations = data / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    name = f"{created.replace(':', '').replace('-', '')}-{os.urandom(3).hex()}"
    folder = generations / f".{name}"
    folder.mkdir()
    return folder


def share(source: Path, target: Path) -> None:
    """Have a segment's files in another generation too, without a second copy where the disk can."""
    for file in sorted(source.rglob("*")):
        if file.is_file():
            there = target / file.relative_to(source)
            there.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(file, there)
            except OSError:
                shutil.copyfile(file, there)
                _sync(there)


def list_segment(folder: Path, dropped: Sequence[int] = ()) -> Listed:
    """A segment just written, as it is on disk."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    facts = {file.relative_to(folder).as_posix(): file_facts(file) for file in files}
    for name in facts:
        _sync(folder / name)
    return Listed(folder.name, tuple(dropped), facts)


def seal(folder: Path, manifest: Manifest) -> Path:
    """Write the manifest of a new generation and show the folder under its name, not yet serving."""
    content = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False)
    proof = json.dumps({"sha256": _sha256(content)})
    (folder / MANIFEST).write_text(f"{content}\n{proof}\n", "utf-8")
    _sync(folder / MANIFEST)
    for inner in [folder, *(one for one in folder.rglob("*") if one.is_dir())]:
        _sync_folder(inner)
    final = folder.with_name(folder.name.removeprefix("."))
    folder.rename(final)
    _sync_folder(final.parent)
    return final


def file_facts(file: Path) -> dict[str, Any]:
    """Size and hash of a file, as a manifest has them."""
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
    for folder in (data / "generations").glob("*"):
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def whole_folders(data: Path) -> list[Path]:
    """Generations that were finished, newest first, whether or not one of them serves."""
    found = (data / "generations").glob("[!.]*")
    return sorted((one for one in found if one.is_dir()), reverse=True)


def serving_folder(data: Path) -> Path:
    """Folder of the generation being served. Raises IndexMissing where there is none, and IndexDamaged
    where what names it cannot be read."""
    try:
        name = (data / "CURRENT").read_text(encoding="utf-8").strip()
        folder = data / "generations" / name
        there = folder.name == name and not name.startswith(".") and folder.is_dir()
    except FileNotFoundError:
        raise IndexMissing(f"Chưa có chỉ mục trong {data}. {REBUILD}") from None
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"Tệp {data / 'CURRENT'} không đọc được. {REBUILD}") from error
    if not there:
        raise IndexMissing(f"Chỉ mục {name[:60]!r} không còn trong {data}. {REBUILD}")
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
    found = verify_folder(serving_folder(data))
    if not found.ok:
        forget_checks(data)
    return found


def verify_folder(folder: Path, only: Sequence[str] | None = None) -> Verification:
    """Every file against the manifest, every passage against its document's hash and offsets.

    `only` names the segments to look at; all, where it is not given.
    """
    try:
        manifest = read_manifest(folder)
    except IndexDamaged as error:
        return Verification((str(error),), 1, 0, 0)
    segments = [one for one in manifest.segments if only is None or one.name in only]
    problems = [problem for listed in segments for problem in damages(folder, listed)]
    documents = passages = 0
    if not problems:
        for listed in segments:
            segment = Segment(folder / listed.name)
            live = sorted(set(range(len(segment.documents))) - set(listed.dropped))
            try:
                problems += [f"{listed.name}: {one}" for one in inconsistencies(segment, live)]
            except IndexDamaged as error:
                problems.append(f"{listed.name}: {error}")
            documents += len(live)
            passages += sum(segment.documents[at].passages for at in live)
    files = 1 + sum(len(listed.files) for listed in segments)
    return Verification(tuple(problems), files, documents, passages)


def damages(folder: Path, listed: Listed) -> Iterator[str]:
    """Files of a segment that are missing or not as they were written."""
    for name, facts in listed.files.items():
        file = folder / listed.name / name
        try:
            if file_facts(file) != facts:
                yield f"{listed.name}/{name}: khác với lúc tạo"
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            yield f"{listed.name}/{name}: {'thiếu' if missing else error.strerror}"
