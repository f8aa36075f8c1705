"""Bring the generation in line with the library folders, encoding only what changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from tqdm import tqdm

from index.retrieval.encoder import Encoded, Encoder, Span, joined
from index.retrieval.lexical import LexicalIndex
from index.store.generation import (
    Contents,
    Generation,
    open_serving,
    retire,
    serving_folder,
    switch,
    verify_folder,
    write_generation,
)
from knowledge.document import Document, Passage
from knowledge.errors import (
    AlreadyRunning,
    IndexDamaged,
    IndexMissing,
    ModelMismatch,
    NothingToIndex,
    Rejected,
    StorageFailed,
)
from knowledge.load import documents_under, read_document
from knowledge.split import passages, sentences


@dataclass(frozen=True, slots=True)
class RejectedFile:
    path: str
    reason: str


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
    encoded: int
    model_changed: bool
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


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
    before, model_changed = _previous(data, encoder)
    known = {entry.path: entry for entry in before.entries} if before else {}
    documents, rejected = _read(libraries, progress)
    if not documents:
        reasons = "".join(f"\n  {file.path}: {file.reason}" for file in rejected)
        raise NothingToIndex(f"Không có văn bản nào đọc được trong {_names(libraries)}.{reasons}")
    same = {
        document.path
        for document in documents
        if (entry := known.get(document.path))
        and (entry.sha256, entry.metadata) == (document.sha256, document.metadata)
    }
    new = {document.path for document in documents}
    encoded = 0
    if before is None or model_changed or len(same) < len(documents) or known.keys() - new:
        encoded = _build(data, documents, None if model_changed else before, encoder, progress)
    folder = serving_folder(data)
    count = sum(entry.passages for entry in _open(data, encoder).entries)
    retire(data, {folder.name, before.identity if before else ""})
    return Report(
        documents=len(documents),
        passages=count,
        added=tuple(sorted(new - known.keys())),
        changed=tuple(sorted(new & known.keys() - same)),
        removed=tuple(sorted(known.keys() - new)),
        unchanged=len(same),
        rejected=tuple(rejected),
        encoded=encoded,
        model_changed=model_changed,
        seconds=round(time.monotonic() - started, 2),
    )


def _open(data: Path, encoder: Encoder) -> Generation:
    return open_serving(data, encoder.fingerprint)


def _previous(data: Path, encoder: Encoder) -> tuple[Generation | None, bool]:
    """The generation to build on, and whether another model made the one that serves."""
    try:
        return _open(data, encoder), False
    except ModelMismatch:
        return None, True
    except (IndexMissing, IndexDamaged):
        return None, False


def _names(libraries: Sequence[Path]) -> str:
    return ", ".join(str(library) for library in libraries)


def _read(libraries: Sequence[Path], progress: bool) -> tuple[list[Document], list[RejectedFile]]:
    documents: dict[str, Document] = {}
    rejected: list[RejectedFile] = []
    files = [(file, library) for library in libraries for file, library in _files(library)]
    for file, library in tqdm(files, "Đọc văn bản", unit="tệp", disable=not progress, leave=False):
        name = file.relative_to(library).as_posix()
        try:
            document = read_document(file, library)
            if document.path in documents:
                raise Rejected("trùng tên với một tệp ở thư mục khác; hãy đổi tên một trong hai")
            if not passages(document):
                raise Rejected("không có nội dung để tìm kiếm")
            documents[document.path] = document
        except Rejected as error:
            rejected.append(RejectedFile(name, str(error)))
    return sorted(documents.values(), key=lambda document: document.path), rejected


def _files(library: Path) -> Iterator[tuple[Path, Path]]:
    if library.is_file():
        yield library, library.parent
    elif library.is_dir():
        yield from ((file, library) for file in documents_under(library))
    else:
        raise NothingToIndex(f"Không có tệp hay thư mục {library}.")


def _build(
    data: Path,
    documents: Sequence[Document],
    before: Generation | None,
    encoder: Encoder,
    progress: bool,
) -> int:
    """Write, verify and switch to a new generation; gives how many passages were encoded."""
    cut = [passages(document) for document in documents]
    pieces = [
        _piece(document, passage)
        for document, group in zip(documents, cut, strict=True)
        for passage in group
    ]
    vectors, encoded = _encode(pieces, before, encoder, progress)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    added = {entry.path: entry.added for entry in before.entries} if before else {}
    contents = Contents(
        documents=documents,
        added=[added.get(document.path, created) for document in documents],
        passages=cut,
        keys=np.frombuffer(b"".join(p.key for p in pieces), np.uint8).reshape(-1, 32),
        encoded=vectors,
        sentences=[(at, *span) for at, piece in enumerate(pieces) for span in piece.sentences],
        lexical=LexicalIndex.build([piece.text for piece in pieces]),
    )
    folder = write_generation(data, contents, encoder.fingerprint, created)
    checked = verify_folder(folder)
    if not checked.ok:
        raise StorageFailed(f"Chỉ mục vừa ghi không đọc lại được đúng: {checked.problems[0]}")
    switch(data, folder)
    return encoded


def _piece(document: Document, passage: Passage) -> _Piece:
    head = passage.heading + "\n"
    found = tuple(sentences(document.text, passage.start, passage.end))
    shift = len(head) - passage.start
    return _Piece(
        head + document.text[passage.start : passage.end],
        tuple((start + shift, end + shift) for start, end in found),
        found,
    )


def _encode(
    pieces: Sequence[_Piece], before: Generation | None, encoder: Encoder, progress: bool
) -> tuple[Encoded, int]:
    """All pieces encoded, from `before` where the text is the same; how many were encoded anew."""
    reused = _reusable(before)
    of_piece: list[Encoded | None] = [
        before.encoded(reused[piece.key]) if before and piece.key in reused else None
        for piece in pieces
    ]
    new = [at for at, known in enumerate(of_piece) if known is None]
    with tqdm(total=len(new), desc="Mã hoá đoạn văn", unit="đoạn", disable=not progress) as bar:
        # in slices, so that memory stays bounded whatever the library's size
        for start in range(0, len(new), 512):
            chosen = new[start : start + 512]
            done = encoder.encode_document(
                [pieces[at].text for at in chosen], [pieces[at].spans for at in chosen], bar.update
            )
            for at, one in zip(
                chosen, done.each([len(pieces[at].spans) for at in chosen]), strict=True
            ):
                of_piece[at] = one
    return joined([one for one in of_piece if one]), len(new)


def _reusable(before: Generation | None) -> dict[bytes, int]:
    if before is None:
        return {}
    keys: NDArray[np.uint8] = np.load(before.folder / "keys.npy")
    return {key.tobytes(): at for at, key in enumerate(keys)}
