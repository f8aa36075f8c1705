"""What was read of each library file the last time, so that an unchanged one is not parsed again.

DATA/read.json is a cache: without it everything is read anew, and nothing else is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from re import match

import index.law
import knowledge
from index.store.written import write_json
from knowledge.metadata import sidecar_of

_FILE = "read.json"
JUST_NOW = 2_000_000_000  # ns; a file changed twice within a disk's tick may bear one time


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file and its sidecar as they were when they were read; `digest` is of what was understood."""

    file: str
    state: tuple[tuple[str, int, int], ...]  # name, size and time (ns) of the file and its sidecar
    sha256: str
    read: int  # when, ns
    digest: str

    def renewed(self, file: Path) -> Stamp | None:
        """This, where reading `file` again would give the same: by size and time, by hash in doubt."""
        try:
            if self.file == os.path.realpath(file) and self.state == _state(file):
                last = max(changed for *_, changed in self.state)
                if last < self.read - JUST_NOW:
                    return self
        except OSError:
            return None
        again = stamp_of(file)
        same = again is not None and again.sha256 == self.sha256
        return replace(again, digest=self.digest) if again and same else None


def stamp_of(file: Path) -> Stamp | None:
    """The stamp of a file that is about to be read; none where it cannot be."""
    moment = time.time_ns()
    try:
        return Stamp(os.path.realpath(file), _state(file), _hash(file), moment, "")
    except OSError:
        return None


def _sources(file: Path) -> list[Path]:
    sidecar = sidecar_of(file)
    return [file, sidecar] if sidecar else [file]


def _state(file: Path) -> tuple[tuple[str, int, int], ...]:
    found = ((one.name, one.stat()) for one in _sources(file))
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)


def _hash(file: Path) -> str:
    digest = hashlib.sha256()
    for one in _sources(file):
        digest.update(f"{one.name}\0{one.stat().st_size}\0".encode())
        with one.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def load_stamps(data: Path) -> dict[str, Stamp]:
    """By path in the library; none where they cannot be read.

    Those that other code made say where a file was and when it was read, but never that it is the same.
    """
    own = reader()  # as this process has it, whatever is installed while it runs
    try:
        known = json.loads((data / _FILE).read_text(encoding="utf-8"))
        found = {
            path: Stamp(**{**row, "state": tuple(map(tuple, row["state"]))})
            for path, row in known["files"].items()
        }
        if known["reader"] == own:
            return found
        return {path: replace(stamp, digest="") for path, stamp in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_stamps(data: Path, stamps: Mapping[str, Stamp]) -> None:
    """Kept for the next time; a disk that is full costs that time only."""
    files = {path: asdict(stamp) for path, stamp in stamps.items()}
    with contextlib.suppress(OSError):
        write_json(data / _FILE, {"reader": reader(), "files": files})


@lru_cache(maxsize=1)
def reader() -> str:
    """Changes whenever our code that reads documents does, or a library that it may use."""
    digest = hashlib.sha256()
    for package in (knowledge, index.law):
        for file in sorted(Path(package.__path__[0]).glob("*.py")):
            digest.update(file.read_bytes())
    with contextlib.suppress(PackageNotFoundError):  # run from a folder, not installed
        for requirement in sorted(requires("cdsbot") or ()):
            name = match(r"[\w.-]+", requirement)
            with contextlib.suppress(PackageNotFoundError):
                digest.update(f"{name[0]} {version(name[0])}\n".encode() if name else b"")
    return digest.hexdigest()
