"""The answerer of whatever generation serves now: a reindex is noticed, no question waits for it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from index.answer import Answerer
from index.retrieval.encoder import Encoder
from index.store.generation import Generation, open_serving, serving_folder
from knowledge.errors import CdsbotError

AGAIN = 60.0  # seconds; a fault that passes, such as no memory, bars no generation for good

_log = logging.getLogger(__name__)


class Serving:
    """Opens the serving generation on first use, and each later one beside it, warm before it serves."""

    def __init__(self, data: Path, encoder: Encoder, contact: str = "") -> None:
        self._data = data
        self._encoder = encoder
        self._contact = contact
        self._lock = threading.Lock()
        self._current: Answerer | None = None
        self._tried = ""  # name of the generation looked at last
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
                self._current = self._opened()
            elif self._is_due():
                threading.Thread(target=self._open_beside, daemon=True).start()
            return self._current

    def _is_due(self) -> bool:
        """Whether there is a generation to open, and it is not being opened nor was just refused."""
        newest = self.newest()
        now = time.monotonic()
        if newest in ("", self._tried) and now < self._again:
            return False
        self._tried, self._again = newest, now + AGAIN
        return self._current is None or newest not in ("", self._current.generation.identity)

    def newest(self) -> str:
        """The name of the generation that should serve; "" where there is none."""
        try:
            return serving_folder(self._data).name
        except CdsbotError:
            return ""

    def _opened(self) -> Answerer:
        generation = open_serving(self._data, self._encoder.fingerprint)
        return Answerer(generation, self._encoder, self._data, self._contact)

    def _open_beside(self) -> None:
        """The old generation goes on answering, and for good if the new one cannot be opened."""
        try:
            new = self._opened()
            new.warm()
        except Exception as error:  # whatever it is, the generation in memory is whole
            _log.error("Giữ chỉ mục cũ, chưa mở được chỉ mục mới: %s", error)
            self.refused = self._tried
            self.failures += 1
            return
        with self._lock:
            self._current, self.refused = new, ""
