"""Bring the generation in line with the library folders: read, encode and write only what changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from tqdm import tqdm

from index.retrieval.encoder import Encoded, Encoder, Span, joined
from index.store.apart import Apart, Limits
from index.store.checked import VECTORS, Check, load_checks, save_checks
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
    whole_folders,
)
from index.store.library import Found, LibraryFile, found_in
from index.store.reading import Fresh, Reading
from index.store.room import A_PASSAGE, needed_for, require
from index.store.segment import WORDS, Record, Segment, SegmentWriter
from index.store.stamps import Stamp, load_stamps, save_stamps, stamp_of
from index.store.unread import RejectedFile, save_unread
from knowledge.document import Document, Passage
from knowledge.errors import (
    AlreadyRunning,
    CdsbotError,
    IndexDamaged,
    IndexMissing,
    LibraryShrinks,
    NothingToIndex,
    ReindexFailed,
    Rejected,
    StorageFailed,
)

AT_ONCE = 512  # passages encoded together: memory stays bounded whatever the library's size
LARGEST = 50_000  # passages of a segment: bounds memory, too
DENSE = 0.75  # of a segment's passages are in use; with fewer it is written anew without the others
# seconds; a process that was killed as it began another holds the lock a little longer
PATIENCE = 1.0
SHRUNK = 2 / 3  # of its documents; a library that keeps fewer is asked about first

Agree = Callable[[str], bool]
"""Whether a library may lose what the question names."""


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
class _Before:
    """What the serving generation has that may be used again: nothing damaged, nothing foreign."""

    folder: Path | None
    segments: tuple[tuple[Listed, Segment], ...]
    trusted: Mapping[str, Check]  # by segment, where an earlier check of its vectors still holds
    damaged: frozenset[str]  # paths of documents of which something is not as it was written
    wordy: tuple[
        tuple[Listed, Segment], ...
    ] = ()  # of which the words are whole, the vectors no use
    model_changed: bool = False
    broken: bool = False  # something is to be mended, even where no file changed
    created: str = ""

    @property
    def documents(self) -> Iterator[tuple[Segment, int]]:
        return _live(self.segments)

    @property
    def words(self) -> dict[str, tuple[Segment, int]]:
        """By path, the documents whose words are kept, whichever model encoded them."""
        live = (*_live(self.segments), *_live(self.wordy))
        return {segment.documents[at].path: (segment, at) for segment, at in live}


def _live(segments: Sequence[tuple[Listed, Segment]]) -> Iterator[tuple[Segment, int]]:
    return (
        (segment, at)
        for listed, segment in segments
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
    data: Path,
    libraries: Sequence[Path],
    encoder: Encoder,
    progress: bool = False,
    limits: Limits | None = None,
    agree: Agree | None = None,
) -> Report:
    """Raises NothingToIndex, AlreadyRunning, StorageFailed, ReindexFailed or, unless somebody agrees to
    it, LibraryShrinks; what served before then still does."""
    started = time.monotonic()
    try:
        data.mkdir(parents=True, exist_ok=True)
        with _locked(data), Apart(limits) as readers:
            job = data, libraries, encoder, progress, readers, agree, started
            try:
                return _reindex(*job, load_checks(data))
            except _Damaged:
                return _reindex(*job, {})
    except CdsbotError:
        raise
    except OSError as error:
        raise StorageFailed(
            f"Không ghi được vào {data}: {error.strerror or error}. Chỉ mục cũ vẫn dùng được; "
            "hãy kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại."
        ) from error
    except Exception as error:  # FAISS, NumPy and onnxruntime each complain in their own way
        reason = "thiếu bộ nhớ" if isinstance(error, MemoryError) else _one_line(error)
        raise ReindexFailed(
            f"Lập chỉ mục không thành ({reason}). Chỉ mục cũ vẫn dùng được; hãy chạy lại, hoặc chạy "
            "`cdsbot doctor`."
        ) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or "không rõ lý do"


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    owner = data / "reindex.pid"
    try:
        with FileLock(data / "reindex.lock", timeout=PATIENCE):
            owner.write_text(str(os.getpid()), encoding="ascii")
            yield
    except Timeout:
        pid = owner.read_text(encoding="ascii") if owner.exists() else "?"
        raise AlreadyRunning(
            f"Một lệnh reindex khác đang chạy trên {data} (tiến trình {pid}). Hãy đợi nó xong."
        ) from None


# longer than a screen: the report, a line for each of its figures
def _reindex(
    data: Path, libraries: Sequence[Path], encoder: Encoder, progress: bool, readers: Apart,
    agree: Agree | None, started: float, checks: Mapping[str, Check],
) -> Report:  # fmt: skip
    begun, stamps = time.time_ns(), load_stamps(data)
    before = _previous(data, encoder, frozenset(stamps), checks)
    base = before.folder.name if before.folder else ""
    retire(data, {base})  # what killed runs left makes room first
    known = {segment.documents[at].path for segment, at in before.documents} | before.damaged
    all_known = known | set(before.words)
    found = found_in(libraries, all_known, stamps)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    builder = _Builder(data, before, encoder, created)
    try:
        read = _Reader(before, stamps, builder, readers).read(found, progress)
        paths = read.kept | frozenset(read.new)
        rejected = (*found.doubles, *read.rejected)
        if not paths or not found.files:
            raise _nothing(libraries, rejected)
        _ask_before_shrinking(all_known, paths, rejected, agree)
        if read.new or known != paths or before.broken:
            builder.finish(read.kept)
    finally:
        builder.discard()
    if read.stamps != stamps:
        save_stamps(data, read.stamps)
    save_unread(data, rejected)
    whole = [folder for listed, _ in before.segments
             if (folder := serving_folder(data) / listed.name).is_dir()]  # fmt: skip
    save_checks(data, whole, before.trusted, begun)
    retire(data, {serving_folder(data).name, base})
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


def _ask_before_shrinking(
    known: set[str], paths: frozenset[str], rejected: Sequence[RejectedFile], agree: Agree | None
) -> None:
    """A disk that is not there, a folder emptied by mistake: better asked about than gone."""
    if len(paths) >= SHRUNK * len(known):
        return
    lost, reasons = sorted(known - paths), {one.path: f" ({one.reason})" for one in rejected}
    names = ", ".join(path + reasons.get(path, "") for path in lost[:5])
    question = (
        f"Kho văn bản sẽ từ {len(known)} còn {len(paths)} văn bản; không còn hoặc không đọc được: "
        f"{names}{'…' if len(lost) > 5 else ''}."
    )
    if agree is None or not agree(question):
        raise LibraryShrinks(
            f"{question} Nếu đúng ý, hãy chạy `cdsbot reindex --yes`. Chỉ mục cũ vẫn dùng được."
        )


def _previous(
    data: Path, encoder: Encoder, known: frozenset[str], checks: Mapping[str, Check]
) -> _Before:
    """What to build on; whatever is shown is checked against its hash first, and so are vectors, but
    for those that `checks` tell to be as they were: `_Builder` does before it makes anything of them.

    Where CURRENT or the manifest it leads to is damaged, the newest generation that can be read.
    `known` are the paths that were read the last time: those of a damaged segment among them.
    """
    try:
        serving = serving_folder(data)
        folders = [serving, *(one for one in whole_folders(data) if one != serving)]
    except (IndexMissing, IndexDamaged):
        serving, folders = None, whole_folders(data)
    for folder in folders:
        try:
            manifest = read_manifest(folder)
        except IndexDamaged:
            continue
        trusted = {name: one for name, one in checks.items() if one.holds(folder / name)}
        sound = tuple(
            (listed, segment)
            for listed in manifest.segments
            if (segment := _sound(folder, listed, listed.name in trusted))
        )
        wordy = tuple(_wordy(folder, manifest, sound))
        before = _Before(
            folder, sound, trusted, frozenset(), wordy, False, folder != serving, manifest.created
        )
        if manifest.model != encoder.fingerprint:
            return replace(
                before, segments=(), wordy=(*sound, *wordy), model_changed=True, broken=True
            )
        if len(sound) < len(manifest.segments):
            whole = {segment.documents[at].path for segment, at in before.documents}
            return replace(before, damaged=(known | set(before.words)) - whole, broken=True)
        return before
    return _Before(serving, (), {}, frozenset())


def _sound(folder: Path, listed: Listed, trusted: bool) -> Segment | None:
    """A segment of which nothing is damaged, its vectors hashed unless they are trusted."""
    if trusted:
        rest = {name: facts for name, facts in listed.files.items() if name not in VECTORS}
        with contextlib.suppress(Exception):  # what does not even open is hashed
            if not any(damages(folder, replace(listed, files=rest))):
                return Segment(folder / listed.name)
    return None if any(damages(folder, listed)) else Segment(folder / listed.name)


class _Damaged(Exception):
    """Vectors that were trusted are not as they were written."""


def _wordy(
    folder: Path, manifest: Manifest, sound: Sequence[tuple[Listed, Segment]]
) -> Iterator[tuple[Listed, Segment]]:
    """Damaged segments of which only vectors and the like are: a file that cannot be read needs them."""
    whole = {listed.name for listed, _ in sound}
    for listed in manifest.segments:
        words = {name: facts for name, facts in listed.files.items() if name in WORDS}
        if listed.name not in whole and not any(damages(folder, replace(listed, files=words))):
            with contextlib.suppress(Exception):  # what is damaged may not even be opened
                yield listed, Segment(folder / listed.name)


def _nothing(libraries: Sequence[Path], rejected: Sequence[RejectedFile]) -> NothingToIndex:
    names = ", ".join(str(library) for library in libraries)
    reasons = "".join(f"\n  {file.path}: {file.reason}" for file in rejected)
    return NothingToIndex(f"Không có văn bản nào đọc được trong {names}.{reasons}")


class _Reader:
    """Goes through the library's files, and hands to the builder what changed."""

    def __init__(
        self, before: _Before, stamps: Mapping[str, Stamp], builder: _Builder, readers: Apart
    ) -> None:
        self._before, self._stamps = before, stamps
        self._builder, self._readers = builder, readers
        self._words = before.words
        self._digests = {
            segment.documents[at].path: segment.documents[at].digest
            for segment, at in before.documents
        }
        self._kept: set[str] = set()
        self._new: list[str] = []
        self._rejected: list[RejectedFile] = []
        self._doubtful: list[DoubtfulFile] = []
        self._now: dict[str, Stamp] = {}

    def read(self, found: Found, progress: bool) -> _Read:
        changed = {one.name for one in found.files if not self._is_as_before(one)}
        self._builder.require(one.file for one in found.files if one.name in changed)
        with tqdm(found.files, "Đọc và mã hoá văn bản", unit="tệp", disable=not progress) as bar:
            for one in bar:
                if one.name in changed:
                    self._one(one)
                    bar.set_postfix_str(f"{self._builder.encoded} đoạn")
        for name, reason in found.unreachable.items():
            self._refuse(name, reason)
        return _Read(
            frozenset(self._kept), tuple(self._new), tuple(self._rejected), tuple(self._doubtful),
            self._now,
        )  # fmt: skip

    def _is_as_before(self, one: LibraryFile) -> bool:
        known, digest = self._stamps.get(one.name), self._digests.get(one.name)
        same = known.renewed(one.file) if known and known.digest == digest else None
        if same:
            self._kept.add(one.name)
            self._now[one.name] = same
        return same is not None

    def _one(self, one: LibraryFile) -> None:
        # the stamp is of the file before it is read: what is written meanwhile is read next time
        stamp = stamp_of(one.file)
        try:
            fresh = self._readers.read(one.file, one.library)
        except Rejected as error:
            self._refuse(one.name, str(error))
            return
        digest = fresh.reading.digest
        if stamp:
            self._now[one.name] = replace(stamp, digest=digest)
        if digest == self._digests.get(one.name):
            self._kept.add(one.name)
            return
        self._new.append(one.name)
        self._builder.add(fresh)
        if fresh.doubts:
            self._doubtful.append(DoubtfulFile(one.name, fresh.doubts))

    def _refuse(self, name: str, reason: str) -> None:
        """Half copied, perhaps, or open in Word: no reason to forget what was read before."""
        stamp, kept_from = self._stamps.get(name), ""
        if name in self._words:
            kept_from = _moment(stamp.read) if stamp else self._before.created
            if stamp:
                self._now[name] = stamp
            if name in self._digests:
                self._kept.add(name)
            else:  # another model's
                segment, at = self._words[name]
                self._new.append(name)
                self._builder.add(Fresh.of(segment.reading(at)))
        self._rejected.append(RejectedFile(name, reason, kept_from))


def _moment(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC).isoformat(timespec="seconds")


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
        self._checked = False
        self.encoded = self.passages = 0

    def require(self, files: Iterator[Path]) -> None:
        """Raises StorageFailed where the disk has no room for what these files will become."""
        some = list(files)
        if some:
            require(self._data, needed_for(some))

    def add(self, fresh: Fresh) -> None:
        """A new or changed document; it is encoded and written with others."""
        reading = fresh.reading
        self.passages += len(reading.passages)
        pieces = [
            _piece(reading.document, passage, found)
            for passage, found in zip(reading.passages, fresh.sentences, strict=True)
        ]
        self._waiting.append((reading, pieces))
        if sum(len(pieces) for _, pieces in self._waiting) >= AT_ONCE:
            self._flush()

    def finish(self, kept: frozenset[str]) -> None:
        """Write, verify and switch to the generation of the documents `kept` and those added."""
        self._check()
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

    def _check(self) -> None:
        """Raises _Damaged: a copy of damaged vectors would have a hash that is right."""
        for listed, segment in () if self._checked else self._before.segments:
            if listed.name in self._before.trusted and any(damages(segment.folder.parent, listed)):
                raise _Damaged
        self._checked = True

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
        self._check()
        require(self._data, A_PASSAGE * len(pieces))
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
    spans = tuple(np.asarray(segment.sentences_of(row)[0][:, :2]) for row in kept.rows)
    encoded = joined([segment.encoded(row) for row in kept.rows])
    keys = segment.keys()[kept.rows.start : kept.rows.stop]
    return Record(segment.reading(at), kept.added, keys, encoded, spans)


def _piece(document: Document, passage: Passage, found: tuple[Span, ...]) -> _Piece:
    head = passage.heading + "\n"
    shift = len(head) - passage.start
    return _Piece(
        head + document.text[passage.start : passage.end],
        tuple((start + shift, end + shift) for start, end in found),
        found,
    )
