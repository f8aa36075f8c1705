"""What went wrong or was done with people's data: one line of JSON each, for an officer to hand over.

No line has anybody's words or numbers. Whoever logs something of this kind adds `extra=incident(…)`;
`Incidents` writes it down.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from knowledge.calendar import VIETNAM

INCIDENTS_FILE = "incidents.jsonl"
_AGAIN = 60.0  # seconds in which the same again is only counted: a flood must not fill the disk


def incident(kind: str, **facts: str | int) -> dict[str, Any]:
    """What a log call takes as `extra`. `facts` are ours: no words, no numbers of people."""
    return {"incident": {"incident": kind, **facts}}


def note(data: Path, kind: str, **facts: str | int) -> None:
    """Append one line to the folder's file; whole, also beside other processes."""
    at = datetime.now(VIETNAM).isoformat("T", "seconds")
    line = json.dumps({"time": at, "incident": kind, **facts}, ensure_ascii=False) + "\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    file = os.open(data / INCIDENTS_FILE, flags, 0o600)
    try:
        os.write(file, line.encode())
        os.fsync(file)
    finally:
        os.close(file)


class Incidents(logging.Handler):
    """Writes down the log records that are incidents."""

    def __init__(self, data: Path, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._data = data
        self._clock = clock
        self._last: dict[str, tuple[float, int]] = {}  # when each was written, and how often since

    def emit(self, record: logging.LogRecord) -> None:
        facts = getattr(record, "incident", None)
        if facts is None:
            return
        same = json.dumps(facts)
        at, unwritten = self._last.get(same, (-_AGAIN, 0))
        if self._clock() - at < _AGAIN:
            self._last[same] = (at, unwritten + 1)
            return
        self._last[same] = (self._clock(), 0)
        more = {"also_before": unwritten} if unwritten else {}
        try:
            note(self._data, facts["incident"],
                 **{name: value for name, value in facts.items() if name != "incident"}, **more)  # fmt: skip
        except OSError:
            self.handleError(record)
