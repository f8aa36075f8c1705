"""The answerer of whatever generation serves now: a reindex is noticed, no question waits for it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from index.answer import Answerer
from index.retrieval.encoder import Encoder
from index.store.generation import Generation, open_serving, serving_folder
from knowledge.abbreviations import MAINTAINED, Abbreviation, maintained
from knowledge.errors import CdsbotError, IndexMissing, TableUnreadable

AGAIN = 60.0  # seconds; a fault that passes, such as no memory, bars no generation for good

Sought = tuple[str, tuple[int, int, int]]  # a generation, and how the maintainers' table stands

_log = logging.getLogger(__name__)


class Serving:
    """Opens the serving generation on first use, and each later one beside it, warm before it serves.

    So it does when the maintainers' abbreviations change. What cannot be opened or read is told in
    `problems`, and what was in memory goes on answering.
    """

    def __init__(self, data: Path, encoder: Encoder, contact: str = "") -> None:
        self._data = data
        self._encoder = encoder
        self._contact = contact
        self._lock = threading.Lock()
        self._current: Answerer | None = None
        self._own: tuple[Abbreviation, ...] = ()  # as they were last read
        self._table_problem = ""
        self._opening = False  # beside what serves: one at a time
        self._tried: Sought | None = None  # what was looked at last
        self._again = 0.0  # when it is looked at again
        self.refused = ""  # name of a generation that could not be opened
        self.failures = 0  # times that one could not

    @property
    def current(self) -> Generation | None:
        """What serves at this moment. Opens nothing, waits for nothing."""
        current = self._current
        return current.generation if current else None

    def answerer(self) -> Answerer:
        """Raises IndexMissing, IndexDamaged or ModelMismatch only while nothing has ever served."""
        with self._lock:
            if self._current is None:
                sought = self._sought()
                self._current = self._opened(sought[0])
                self._tried, self._again = sought, time.monotonic() + AGAIN
            elif not self._opening and (name := self._due(self._current)):
                self._opening = True
                threading.Thread(target=self._open_beside, args=(name,), daemon=True).start()
            return self._current

    def newest(self) -> str:
        """The name of the generation that should serve; "" where there is none."""
        try:
            return serving_folder(self._data).name
        except CdsbotError:
            return ""

    @property
    def problems(self) -> tuple[str, ...]:
        """What whoever looks after the library should know, in Vietnamese; empty where all is well."""
        if not self.refused:
            return self.troubles
        return *self.troubles, f"Bản cập nhật {self.refused} không mở được, bản cũ vẫn trả lời."

    @property
    def troubles(self) -> tuple[str, ...]:
        """The same, but for a generation that was refused."""
        current = self._current
        found = self._pointer_problem(), self._table_problem, current.problem if current else ""
        return tuple(filter(None, found))

    def _pointer_problem(self) -> str:
        try:
            serving_folder(self._data)
        except IndexMissing as error:
            return str(error) if self._current else ""  # no index yet is no fault
        except CdsbotError as error:
            return str(error)
        return ""

    def _sought(self) -> Sought:
        try:
            stat = (self._data / MAINTAINED).stat()
            table = stat.st_mtime_ns, stat.st_size, stat.st_ino
        except OSError:
            table = 0, 0, 0
        try:
            return serving_folder(self._data).name, table
        except CdsbotError:
            return (self._current.generation.identity if self._current else ""), table

    def _due(self, current: Answerer) -> str:
        """The generation to open, or to read the table anew for; "" where it was just refused, or
        nothing has changed."""
        sought, now = self._sought(), time.monotonic()
        if sought == self._tried and now < self._again:
            return ""
        changed = sought != self._tried
        self._tried, self._again = sought, now + AGAIN
        if changed or sought[0] != current.generation.identity or self._table_is_mended():
            return sought[0]
        return ""

    def _table_is_mended(self) -> bool:
        """Whether it can be read again though nothing about it changed: a fault that passed."""
        try:
            return bool(self._table_problem and maintained(self._data) is not None)
        except TableUnreadable:
            return False

    def _opened(self, name: str) -> Answerer:
        current = self._current
        if current and current.generation.identity == name:
            generation = current.generation
        else:
            generation = open_serving(self._data, self._encoder.fingerprint)
        return Answerer(generation, self._encoder, self._table(), self._contact)

    def _table(self) -> tuple[Abbreviation, ...]:
        """The maintainers' abbreviations, as they were before where they cannot be read."""
        try:
            self._own, self._table_problem = maintained(self._data), ""
        except TableUnreadable as error:
            _log.warning("%s", error)
            self._table_problem = str(error)
        return self._own

    def _open_beside(self, name: str) -> None:
        """The old generation goes on answering, and for good if the new one cannot be opened."""
        try:
            new = self._opened(name)
            new.warm()
            with self._lock:
                self._current, self.refused = new, ""
        except Exception as error:  # whatever it is, the generation in memory is whole
            _log.error("Giữ chỉ mục cũ, chưa mở được chỉ mục mới: %s", error)
            self.refused = name
            self.failures += 1
        finally:
            self._opening = False
