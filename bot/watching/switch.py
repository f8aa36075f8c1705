"""Answering switched off and on: one small file in the data folder, which every process looks at.

A look costs one `stat`, so it is done at each update: off holds from the next one, everywhere.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.store.written import write_json

_FILE = "off.json"
LONGEST = 500  # characters of a reason: it stands in a message to everybody


@dataclass(frozen=True, slots=True)
class Off:
    """Why nothing is answered, in an officer's words, and since when (ISO 8601, UTC)."""

    reason: str
    since: str


def turn_off(data: Path, reason: str) -> Off:
    """Stop answering, from the next update on in every process over this folder."""
    off = Off(" ".join(reason.split())[:LONGEST], datetime.now(UTC).isoformat(timespec="seconds"))
    data.mkdir(parents=True, exist_ok=True)
    write_json(data / _FILE, asdict(off))
    return off


def turn_on(data: Path) -> bool:
    """Answer again; False where answering was on."""
    try:
        (data / _FILE).unlink()
    except FileNotFoundError:
        return False
    return True


def switched_off(data: Path) -> Off | None:
    """Why answering is off; None while it is on. A file that cannot be read still means off."""
    try:
        said = json.loads((data / _FILE).read_text("utf-8"))
        return Off(str(said["reason"]), str(said["since"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Off("", "")
