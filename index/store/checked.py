"""Segments whose vectors were found whole, so that a reindex that makes nothing of them need not hash
them again: four fifths of an index, which decide what is found and are never shown.

DATA/checked.json is a cache: without it everything is hashed. The disk's own faults change no file's
time: all is hashed again after a week, before anything is built on it, and once `verify` found a fault.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.store.stamps import JUST_NOW
from index.store.written import write_json

VECTORS = frozenset(("dense.faiss", "sentences.bin", "tokens.bin"))
AGAIN = 7 * 86_400 * 10**9  # ns
_FILE = "checked.json"

State = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """When a segment's vectors began to be hashed (ns), and how their files were afterwards."""

    begun: int
    state: State  # size, time (ns) and inode of each

    def holds(self, segment: Path) -> bool:
        """Whether nobody can have written to these files since: they would be as they were."""
        try:
            return (
                0 <= time.time_ns() - self.begun < AGAIN
                and max(changed for _, changed, _ in self.state) < self.begun - JUST_NOW
                and self.state == _state(segment)
            )
        except (OSError, ValueError, TypeError):  # it is no longer there; a spoilt cache
            return False


def _state(segment: Path) -> State:
    found = ((segment / name).stat() for name in sorted(VECTORS))
    return tuple((stat.st_size, stat.st_mtime_ns, stat.st_ino) for stat in found)


def load_checks(data: Path) -> dict[str, Check]:
    """By segment; none where they cannot be read."""
    try:
        known = json.loads((data / _FILE).read_text(encoding="utf-8"))
        return {name: Check(row["begun"], tuple(map(tuple, row["state"])))
                for name, row in known.items()}  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_checks(
    data: Path, segments: Sequence[Path], known: Mapping[str, Check], begun: int
) -> None:
    """Of segments that were hashed since `begun`, or are as `known`; a full disk costs hashing only."""
    with contextlib.suppress(OSError):
        checks = {one.name: known.get(one.name) or Check(begun, _state(one)) for one in segments}
        write_json(data / _FILE, {name: asdict(one) for name, one in checks.items()})


def forget_checks(data: Path) -> None:
    """Have the next reindex hash everything."""
    with contextlib.suppress(OSError):
        (data / _FILE).unlink(missing_ok=True)
