"""A word from a reindex that failed to the bot that runs beside it: one small file in the data folder."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path

from index.store.written import write_json

_FILE = "reindex-failed.json"


def record_failure(data: Path, reason: str) -> None:
    """Left for the running bot to tell its administrators; a disk that is full is no new error."""
    word = {"at": datetime.now(UTC).isoformat(), "reason": reason}
    with contextlib.suppress(OSError):
        write_json(data / _FILE, word)


def last_failure(data: Path) -> tuple[str, str]:
    """When the last failed reindex failed, and why; empty where none did."""
    try:
        word = json.loads((data / _FILE).read_text(encoding="utf-8"))
        return str(word["at"]), str(word["reason"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ""
