"""`cdsbot backup` and `cdsbot restore`: what cannot be made again, in one file that proves itself.

The archive is a tar.gz of the bot's memory, the maintainers' abbreviations and the library's files;
`manifest.json`, its last member, has the size and SHA-256 of each. The index is left out: `cdsbot
reindex` makes it from the library.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from bot.database import copying
from bot.database.connection import MemoryFailed
from bot.database.naming import KEY_FILE, Key
from bot.database.sqlite import Sqlite
from bot.delivery.opened import MEMORY, open_memory
from bot.private import keep_private
from bot.settings import Settings
from knowledge.abbreviations import MAINTAINED
from knowledge.errors import AlreadyRunning, ArchiveRefused, StorageFailed

_VERSION = 1
_MANIFEST = "manifest.json"
_MEMORY = f"state/{MEMORY}"
_RUNNING = "Bot đang chạy: hãy tắt bot rồi khôi phục."
_OTHERS = (MAINTAINED, KEY_FILE)
_MEMBER = re.compile(r"state/[\w.-]+|library/\d+(?:/[^/\\\0]+)*")
_BROKEN = (
    tarfile.TarError, zlib.error, EOFError, sqlite3.Error, MemoryFailed,
    KeyError, TypeError, AttributeError, ValueError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Archived:
    """What an archive holds."""

    made: str  # ISO 8601, UTC
    libraries: tuple[str, ...]  # the folders as the settings named them
    files: int
    bytes: int
    memory: bool  # with the bot's memory


def backup(settings: Settings, file: Path) -> Archived:
    """Write everything to `file`, whole or not at all, and read it back. The bot may run meanwhile.

    Raises ArchiveRefused where there is such a file already, nothing to keep, or a file in the library
    whose name no archive of ours could give back.
    """
    if file.exists():
        raise ArchiveRefused(f"{file} đã có: hãy cho một tên khác, để không đè lên bản cũ.")
    for name, path in _library(settings):
        _check(name, path)
    file.absolute().parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        # nobody else may read it: it holds what people asked
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _write(settings, out)
            out.flush()
            os.fsync(out.fileno())
        with _unpacked(part) as read:
            archived = read.archived
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return archived


def _write(settings: Settings, out: BinaryIO) -> None:
    listed: dict[str, dict[str, Any]] = {}
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as tar:
        for name, content in _contents(settings):
            listed[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            _add(tar, name, content)
        if not listed:
            raise ArchiveRefused(f"Chưa có gì để sao lưu trong {settings.data}.")
        manifest = {
            "version": _VERSION,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "libraries": [str(library) for library in settings.library],
            "files": listed,
        }
        _add(tar, _MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _contents(settings: Settings) -> Iterator[tuple[str, bytes]]:
    memory = settings.data / MEMORY
    if settings.database or memory.is_file():
        yield _MEMORY, _copied(settings, memory)
    for name in _OTHERS:
        if (settings.data / name).is_file():
            yield f"state/{name}", (settings.data / name).read_bytes()
    for name, path in _library(settings):
        yield name, path.read_bytes()


def _library(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The library's files, each with its name in the archive."""
    for number, library in enumerate(settings.library):  # the starter's travels with the program
        if library.is_file():
            yield f"library/{number}", library
        for path in sorted(filter(Path.is_file, library.rglob("*"))):
            yield f"library/{number}/{path.relative_to(library).as_posix()}", path


def _check(name: str, path: Path) -> None:
    """Raises ArchiveRefused for a name that no archive gives back: it is told before anything is written."""
    shown = str(path).encode("utf-8", "backslashreplace").decode()  # as it can be printed
    if "\\" in name or shown != str(path):
        raise ArchiveRefused(
            f"Không sao lưu được tệp {shown}: tên có dấu “\\” hoặc không phải UTF-8. Hãy đổi tên tệp "
            "hoặc thư mục đó, chạy `cdsbot reindex` rồi sao lưu lại."
        )


def _copied(settings: Settings, memory: Path) -> bytes:
    """The memory as of one moment, however much is written meanwhile; an SQLite file in any case."""
    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data, prefix=".backup-") as folder:
        copy = Path(folder) / memory.name
        if settings.database:
            with (
                closing(open_memory(settings)) as source,
                closing(Sqlite(copy, Key(settings.data))) as target,
            ):
                copying.copy(source.database, target)
        else:
            with closing(sqlite3.connect(memory)) as file, closing(sqlite3.connect(copy)) as made:
                file.backup(made)
        return copy.read_bytes()


def restore(settings: Settings, file: Path) -> Archived:
    """Put back what `file` holds, where nothing is yet: all of it, or nothing.

    Raises ArchiveRefused for an archive that is not whole and for a place that is not empty, before
    anything there is touched; AlreadyRunning while a bot runs over the data folder.
    """
    if not file.is_file():
        raise ArchiveRefused(f"Không có tệp {file}.")
    with _nobody_running(settings.data), _unpacked(file, settings) as read:
        _room_for(settings, read)
        done: list[Path] = []
        try:
            for number, library in enumerate(settings.library if read.libraries else ()):
                _moved(read.libraries[number], library, done)
            for path in sorted(read.state.iterdir()):
                if not (settings.database and path.name == read.memory.name):
                    _moved(path, settings.data / path.name, done)
            if settings.database and read.archived.memory:
                with (
                    closing(open_memory(settings)) as target,
                    closing(Sqlite(read.memory, Key(settings.data))) as source,
                ):
                    copying.copy(source, target.database)
        except BaseException as error:  # stopped halfway, too
            _taken_back(done)
            if isinstance(error, MemoryFailed):
                raise StorageFailed(f"Không ghi được vào CDSBOT_DATABASE: {error}") from error
            raise
        keep_private(settings.data)
        return read.archived


def _taken_back(done: list[Path]) -> None:
    for path in done:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _moved(source: Path, target: Path, done: list[Path]) -> None:
    if target.is_dir():  # empty: it was looked at; perhaps in a folder that is not ours to change
        for path in sorted(source.iterdir()):
            _moved(path, target / path.name, done)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    done.append(target)
    shutil.move(source, target)


@contextlib.contextmanager
def _nobody_running(data: Path) -> Iterator[None]:
    with contextlib.ExitStack() as held:
        for lock in sorted(data.glob("telegram-*.lock")):
            try:
                held.enter_context(FileLock(lock, timeout=0))
            except Timeout:
                raise AlreadyRunning(_RUNNING) from None
        yield


@dataclass(slots=True)
class _Read:
    """An archive laid out in a folder of its own, every byte of it as it was written."""

    archived: Archived
    state: Path
    memory: Path
    libraries: list[Path] = field(default_factory=list)


def _room_for(settings: Settings, read: _Read) -> None:
    taken: list[object] = []
    for path in read.state.iterdir():
        if settings.database and path.name == read.memory.name:
            with closing(open_memory(settings)) as state:
                if copying.others(state.database):
                    raise AlreadyRunning(_RUNNING)
                taken += [] if copying.is_empty(state.database) else ["CDSBOT_DATABASE"]
        elif path.name != KEY_FILE and (settings.data / path.name).exists():
            taken.append(settings.data / path.name)
    if read.libraries:
        if len(settings.library) != len(read.libraries):
            named = ",".join(read.archived.libraries)
            raise ArchiveRefused(
                f"Bản sao lưu có {len(read.libraries)} thư mục văn bản ({named}): hãy đặt CDSBOT_LIBRARY "
                "thành ngần ấy thư mục trống."
            )
        taken += [
            path for path in settings.library
            if path.is_file() or (path.is_dir() and any(path.iterdir()))
        ]  # fmt: skip
    if taken:
        raise ArchiveRefused(
            f"Đã có dữ liệu ở {', '.join(map(str, taken))}: hãy chuyển đi nơi khác, hoặc khôi phục vào thư "
            "mục trống (CDSBOT_DATA, CDSBOT_LIBRARY)."
        )


@contextlib.contextmanager
def _unpacked(file: Path, settings: Settings | None = None) -> Iterator[_Read]:
    """The archive laid out beside where it goes, and proven; gone again afterwards."""
    beside = settings.data if settings else file.absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as folder:
        try:
            read = _laid_out(file, Path(folder))
        except (*_BROKEN, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk's fault, not the archive's
            raise ArchiveRefused(
                f"Bản sao lưu {file} hỏng hoặc không phải của cdsbot ({error or type(error).__name__}). "
                "Không có gì bị thay đổi; hãy dùng bản khác."
            ) from error
        yield read


def _laid_out(file: Path, folder: Path) -> _Read:
    """Raises one of _BROKEN for whatever is not as it was written."""
    found: dict[str, tuple[int, str]] = {}
    manifest: dict[str, Any] = {}
    with tarfile.open(file, "r:gz") as tar:
        for member in tar:
            reader = tar.extractfile(member)
            if reader is None or not member.isreg():
                raise ValueError(f"{member.name} is no file")
            if member.name == _MANIFEST:
                manifest = json.loads(reader.read())
            else:
                found[member.name] = _laid(reader, member.name, folder)
    if manifest["version"] != _VERSION:
        raise ValueError(f"version {manifest['version']}")
    listed = {n: (int(one["bytes"]), str(one["sha256"])) for n, one in manifest["files"].items()}
    if found != listed:
        raise ValueError("files differ from the manifest")
    state, memory = folder / "state", folder / _MEMORY
    state.mkdir(exist_ok=True)
    if memory.exists():
        with closing(sqlite3.connect(memory)) as db:
            [(said,)] = db.execute("PRAGMA integrity_check(1)").fetchall()
            if said != "ok":
                raise ValueError(said)
        Sqlite(memory).close()  # brought up to date; one of a later version is refused
        for rest in ("-wal", "-shm"):  # of looking at it
            memory.with_name(memory.name + rest).unlink(missing_ok=True)
    libraries = tuple(map(str, manifest["libraries"]))
    held = [folder / "library" / str(number) for number in range(len(libraries))]
    for path in held:
        if not path.exists():
            path.mkdir(parents=True)  # it was empty
    archived = Archived(
        str(manifest["made"]), libraries, len(found), sum(size for size, _ in found.values()),
        memory.exists(),
    )  # fmt: skip
    return _Read(archived, state, memory, held)


def _laid(reader: Any, name: str, folder: Path) -> tuple[int, str]:
    """Write one member where it belongs; its size and SHA-256."""
    if not _MEMBER.fullmatch(name) or ".." in PurePosixPath(name).parts:
        raise ValueError(f"{name!r} lies outside")
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    with target.open("xb") as out:
        while block := reader.read(1 << 20):
            size += len(block)
            digest.update(block)
            out.write(block)
    return size, digest.hexdigest()
