"""Files that could not be read the last time, and what goes on serving in their place.

DATA/unread.json is written by each reindex, for whoever shows the library or watches over it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.store.written import write_json

_FILE = "unread.json"


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """A file that could not be read. What was read of it before, if anything, goes on serving."""

    path: str
    reason: str
    kept_from: str = ""  # ISO moment of that reading


def save_unread(data: Path, files: Sequence[RejectedFile]) -> None:
    """A disk that is full is no new error: the reindex itself tells them."""
    with contextlib.suppress(OSError):
        write_json(data / _FILE, [asdict(file) for file in files])


def load_unread(data: Path) -> tuple[RejectedFile, ...]:
    """None where there is no such list, or it cannot be read."""
    try:
        rows = json.loads((data / _FILE).read_text(encoding="utf-8"))
        return tuple(RejectedFile(**row) for row in rows)
    except (OSError, ValueError, TypeError):
        return ()


def kept(data: Path) -> dict[str, RejectedFile]:
    """Those of which an earlier reading serves, by path."""
    return {file.path: file for file in load_unread(data) if file.kept_from}
