"""Bring the generation in line with the library folders: read, encode and write only what changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from tqdm import tqdm

from index.law.facts import facts_of
from index.retrieval.encoder import Encoded, Encoder, Span, joined
from index.store.generation import (
    Listed,
    Manifest,
    damages,
    list_segment,
    new_folder,
    read_manifest,
    retire,
    seal,
    serving_folder,
    share,
    switch,
    verify_folder,
)
from index.store.segment import Reading, Record, Segment, SegmentWriter
from index.store.stamps import Stamp, load_stamps, save_stamps, stamp_of
from knowledge.document import Document, Passage
from knowledge.doubts import doubts
from knowledge.errors import (
    AlreadyRunning,
    IndexDamaged,
    IndexMissing,
    NothingToIndex,
    Rejected,
    StorageFailed,
)
from knowledge.load import documents_under, read_document
from knowledge.split import outline, passages, sentences

AT_ONCE = 512  # passages encoded together: memory stays bounded whatever the library's size
LARGEST = 50_000  # passages of a segment: bounds memory, too
DENSE = 0.75  # of a segment's passages are in use; with fewer it is written anew without the others


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file that could not be read. What was read of it before, if anything, goes on serving."""

    path: str
    reason: str
    kept_from: str = ""  # ISO moment of that reading


@dataclass(frozen=True, slots=True)
class DoubtfulFile:
    """A new or changed file that was read, and what of it a person had better look at."""

    path: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a reindex did. `model_changed` says why everything was encoded again."""

    documents: int
    passages: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    rejected: tuple[RejectedFile, ...]
    doubtful: tuple[DoubtfulFile, ...]
    repaired: tuple[str, ...]  # what was damaged in the index and has been made again from its file
    encoded: int
    model_changed: bool
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _File:
    """A library file by the name it has in the index."""

    name: str
    file: Path
    library: Path


@dataclass(frozen=True, slots=True)
class _Before:
    """What the serving generation has that may be used again: nothing damaged, nothing foreign."""

    folder: Path | None
    segments: tuple[tuple[Listed, Segment], ...]
    damaged: frozenset[str]  # paths of documents of which something is not as it was written
    model_changed: bool = False
    broken: bool = False

    @property
    def documents(self) -> Iterator[tuple[Segment, int]]:
        return (
            (segment, at)
            for listed, segment in self.segments
            for at in range(len(segment.documents))
            if at not in listed.dropped
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """What became of the library's files."""

    kept: frozenset[str]  # paths that are as they were
    new: tuple[str, ...]  # and those that were written anew
    rejected: tuple[RejectedFile, ...]
    doubtful: tuple[DoubtfulFile, ...]
    stamps: dict[str, Stamp]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage as it is encoded: heading, then its words; spans are its sentences therein."""

    text: str
    spans: tuple[Span, ...]  # offsets in `text`
    sentences: tuple[Span, ...]  # the same sentences, offsets in the canonical text

    @property
    def key(self) -> bytes:
        return hashlib.sha256(f"{self.text}\0{self.spans}".encode()).digest()


def reindex(
    data: Path, libraries: Sequence[Path], encoder: Encoder, progress: bool = False
) -> Report:
    """Raises NothingToIndex, AlreadyRunning or StorageFailed; what served before then still does."""
    started = time.monotonic()
    try:
        data.mkdir(parents=True, exist_ok=True)
        with _locked(data):
            return _reindex(data, libraries, encoder, progress, started)
    except OSError as error:
        raise StorageFailed(
            f"Không ghi được vào {data}: {error.strerror or error}. Chỉ mục cũ vẫn dùng được; "
            "hãy kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại."
        ) from error


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    owner = data / "reindex.pid"
    try:
        with FileLock(data / "reindex.lock", timeout=0):
            owner.write_text(str(os.getpid()), encoding="ascii")
            yield
    except Timeout:
        pid = owner.read_text(encoding="ascii") if owner.exists() else "?"
        raise AlreadyRunning(
            f"Một lệnh reindex khác đang chạy trên {data} (tiến trình {pid}). Hãy đợi nó xong."
        ) from None


def _reindex(
    data: Path, libraries: Sequence[Path], encoder: Encoder, progress: bool, started: float
) -> Report:
    files, doubles = _files(libraries)
    stamps = load_stamps(data)
    before = _previous(data, encoder, frozenset(stamps))
    serving = before.folder.name if before.folder else ""
    retire(data, {serving})  # what killed runs left makes room first
    known = {segment.documents[at].path for segment, at in before.documents} | before.damaged
    created = datetime.now(UTC).isoformat(timespec="seconds")
    builder = _Builder(data, before, encoder, created)
    try:
        read = _read(files, before, stamps, builder, progress)
        paths = read.kept | set(read.new)
        rejected = (*doubles, *read.rejected)
        if not paths:
            raise _nothing(libraries, rejected)
        if read.new or known != paths or before.broken:
            builder.finish(read.kept)
    finally:
        builder.discard()
    save_stamps(data, read.stamps)
    retire(data, {serving_folder(data).name, serving})
    new = set(read.new)
    as_before = (segment.documents[at] for segment, at in before.documents)
    return Report(
        documents=len(paths),
        passages=builder.passages + sum(one.passages for one in as_before if one.path in read.kept),
        added=tuple(sorted(new - known)),
        changed=tuple(sorted(new & known - before.damaged)),
        removed=tuple(sorted(known - paths)),
        unchanged=len(read.kept),
        rejected=rejected,
        doubtful=read.doubtful,
        repaired=tuple(sorted(new & before.damaged)),
        encoded=builder.encoded,
        model_changed=before.model_changed,
        seconds=round(time.monotonic() - started, 2),
    )


def _previous(data: Path, encoder: Encoder, known: frozenset[str]) -> _Before:
    """What to build on; whatever is used again is checked against its hash first.

    `known` are the paths that were read the last time: those of a damaged segment among them.
    """
    try:
        folder = serving_folder(data)
    except IndexMissing:
        return _Before(None, (), frozenset())
    nothing = _Before(folder, (), frozenset())
    try:
        manifest = read_manifest(folder)
    except IndexDamaged:
        return nothing
    if manifest.model != encoder.fingerprint:
        return replace(nothing, model_changed=True)
    sound = tuple(
        (listed, Segment(folder / listed.name))
        for listed in manifest.segments
        if not any(damages(folder, listed))
    )
    whole = replace(nothing, segments=sound)
    if len(sound) < len(manifest.segments):
        left = {segment.documents[at].path for segment, at in whole.documents}
        return replace(whole, damaged=known - left, broken=True)
    return whole


def _nothing(libraries: Sequence[Path], rejected: Sequence[RejectedFile]) -> NothingToIndex:
    names = ", ".join(str(library) for library in libraries)
    reasons = "".join(f"\n  {file.path}: {file.reason}" for file in rejected)
    return NothingToIndex(f"Không có văn bản nào đọc được trong {names}.{reasons}")


def _files(libraries: Sequence[Path]) -> tuple[list[_File], tuple[RejectedFile, ...]]:
    """All files by name, and those whose name another library's file has already."""
    found: dict[str, _File] = {}
    doubles = []
    for library in libraries:
        root = library.parent if library.is_file() else library
        if not library.exists():
            raise NothingToIndex(f"Không có tệp hay thư mục {library}.")
        for file in documents_under(library):
            name = file.relative_to(root).as_posix()
            if name in found:
                reason = "trùng tên với một tệp ở thư mục khác; hãy đổi tên một trong hai"
                doubles.append(RejectedFile(name, reason))
            else:
                found[name] = _File(name, file, root)
    return [found[name] for name in sorted(found)], tuple(doubles)


# longer than a screen: each way that a file may go beside the others
def _read(
    files: Sequence[_File],
    before: _Before,
    stamps: dict[str, Stamp],
    builder: _Builder,
    progress: bool,
) -> _Read:
    """Read what changed and hand it to the builder; what did not is left where it is."""
    digests = {
        segment.documents[at].path: segment.documents[at].digest for segment, at in before.documents
    }
    kept, new, rejected, now = set[str](), [], [], dict[str, Stamp]()
    doubtful: list[DoubtfulFile] = []
    with tqdm(files, "Đọc và mã hoá văn bản", unit="tệp", disable=not progress) as bar:
        for one in bar:
            known, digest = stamps.get(one.name), digests.get(one.name)
            same = known.renewed(one.file) if known and known.digest == digest else None
            if same:
                kept.add(one.name)
                now[one.name] = same
                continue
            stamp = stamp_of(
                one.file
            )  # before it is read: what is written meanwhile is read next time
            try:
                reading = _reading(one)
            except Rejected as error:
                rejected.append(RejectedFile(one.name, str(error)))
                if (
                    known and digest
                ):  # half copied, perhaps, or open in Word: no reason to forget it
                    rejected[-1] = replace(rejected[-1], kept_from=_moment(known.read))
                    kept.add(one.name)
                    now[one.name] = known
                continue
            if stamp:
                now[one.name] = replace(stamp, digest=reading.digest)
            if reading.digest == digest:
                kept.add(one.name)
            else:
                new.append(one.name)
                builder.add(reading)
                if found := doubts(reading.document, reading.outline):
                    doubtful.append(DoubtfulFile(one.name, found))
                bar.set_postfix_str(f"{builder.encoded} đoạn")
    return _Read(frozenset(kept), tuple(new), tuple(rejected), tuple(doubtful), now)


def _moment(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC).isoformat(timespec="seconds")


def _reading(one: _File) -> Reading:
    document = read_document(one.file, one.library)
    sections, cut = outline(document), passages(document)
    if not cut:
        raise Rejected("không có nội dung để tìm kiếm")
    return Reading.of(document, sections, cut, facts_of(document, sections))


class _Builder:
    """A generation in the making, in a hidden folder that exists once there is something to write."""

    def __init__(self, data: Path, before: _Before, encoder: Encoder, created: str) -> None:
        self._data, self._before, self._encoder, self._created = data, before, encoder, created
        self._added = {s.documents[at].path: s.documents[at].added for s, at in before.documents}
        self._reusable: dict[bytes, tuple[Segment, int]] | None = None
        self._folder: Path | None = None
        self._writer: SegmentWriter | None = None
        self._written: list[Listed] = []
        self._waiting: list[tuple[Reading, list[_Piece]]] = []
        self.encoded = self.passages = 0

    def add(self, reading: Reading) -> None:
        """A new or changed document; it is encoded and written with others."""
        self.passages += len(reading.passages)
        pieces = [_piece(reading.document, passage) for passage in reading.passages]
        self._waiting.append((reading, pieces))
        if sum(len(pieces) for _, pieces in self._waiting) >= AT_ONCE:
            self._flush()

    def finish(self, kept: frozenset[str]) -> None:
        """Write, verify and switch to the generation of the documents `kept` and those added."""
        self._flush()
        shared = self._shared(kept)
        self._close()
        folder = self._hidden()
        for listed, source in shared:
            share(source, folder / listed.name)
        new = [listed.name for listed in self._written]
        manifest = Manifest(
            self._created,
            self._encoder.fingerprint,
            (*(listed for listed, _ in shared), *self._written),
        )
        sealed = seal(folder, manifest)
        checked = verify_folder(sealed, only=new)
        if not checked.ok:
            raise StorageFailed(f"Chỉ mục vừa ghi không đọc lại được đúng: {checked.problems[0]}")
        switch(self._data, sealed)
        self._folder = None

    def discard(self) -> None:
        """Leave nothing behind of what was not finished."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _hidden(self) -> Path:
        if self._folder is None:
            self._folder = new_folder(self._data, self._created)
        return self._folder

    def _shared(self, kept: frozenset[str]) -> list[tuple[Listed, Path]]:
        """The segments to have again; small or sparse ones are written anew, with what is new."""
        shared: list[tuple[Listed, Path]] = []
        for listed, segment in reversed(self._before.segments):
            live = [at for at, one in enumerate(segment.documents)
                    if at not in listed.dropped and one.path in kept]  # fmt: skip
            size = sum(segment.documents[at].passages for at in live)
            new = self._writer.passages if self._writer else 0
            small = 0 < size <= 2 * new and size + new <= LARGEST
            if small or size < DENSE * len(segment.passages):
                for at in live:
                    self._write(_record(segment, at))
            else:
                dropped = sorted(set(range(len(segment.documents))) - set(live))
                shared.append((replace(listed, dropped=tuple(dropped)), segment.folder))
        return shared[::-1]

    def _flush(self) -> None:
        """Encode and write what waits."""
        pieces = [piece for _, own in self._waiting for piece in own]
        if not pieces:
            return
        found = iter(self._encode(pieces))
        for reading, own in self._waiting:
            path = reading.document.path
            self._write(Record(
                reading,
                self._added.get(path, self._created),
                np.frombuffer(b"".join(piece.key for piece in own), np.uint8).reshape(-1, 32),
                joined([next(found) for _ in own]),
                tuple(np.array(piece.sentences, np.int32).reshape(-1, 2) for piece in own),
            ))  # fmt: skip
        self._waiting = []

    def _write(self, record: Record) -> None:
        writer = self._writer
        if writer and writer.passages + len(record.reading.passages) > LARGEST:
            self._close()
            writer = None
        if writer is None:
            name = f"s{self._created[2:19].translate(_PLAIN)}-{os.urandom(3).hex()}"
            self._writer = writer = SegmentWriter(self._hidden() / name)
        writer.add(record)

    def _close(self) -> None:
        if self._writer:
            self._writer.close()
            self._written.append(list_segment(self._writer.folder))
            self._writer = None

    def _encode(self, pieces: Sequence[_Piece]) -> list[Encoded]:
        """All pieces encoded, from what there was where the text is the same."""
        known = [self._known(piece.key) for piece in pieces]
        new = [piece for piece, found in zip(pieces, known, strict=True) if found is None]
        done: Iterator[Encoded] = iter(())
        if new:
            encoded = self._encoder.encode_document(
                [piece.text for piece in new], [piece.spans for piece in new]
            )
            done = encoded.each([len(piece.spans) for piece in new])
        self.encoded += len(new)
        return [next(done) if found is None else found for found in known]

    def _known(self, key: bytes) -> Encoded | None:
        if self._reusable is None:
            self._reusable = {
                row.tobytes(): (segment, at)
                for _, segment in self._before.segments
                for at, row in enumerate(segment.keys())
            }
        found = self._reusable.get(key)
        return found[0].encoded(found[1]) if found else None


_PLAIN = str.maketrans("", "", "-:T")


def _record(segment: Segment, at: int) -> Record:
    """A document of a segment, to be written again."""
    kept = segment.documents[at]
    rows = range(kept.first, kept.first + kept.passages)
    spans = tuple(np.asarray(segment.sentences_of(row)[0][:, :2]) for row in rows)
    encoded = joined([segment.encoded(row) for row in rows])
    return Record(
        segment.reading(at), kept.added, segment.keys()[rows.start : rows.stop], encoded, spans
    )


def _piece(document: Document, passage: Passage) -> _Piece:
    head = passage.heading + "\n"
    found = tuple(sentences(document.text, passage.start, passage.end))
    shift = len(head) - passage.start
    return _Piece(
        head + document.text[passage.start : passage.end],
        tuple((start + shift, end + shift) for start, end in found),
        found,
    )
