"""The answerer of whatever generation serves now: a reindex is noticed, no question is dropped."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from index.answer import Answerer
from index.retrieval.encoder import Encoder
from index.store.generation import open_serving, serving_folder
from knowledge.errors import CdsbotError

_log = logging.getLogger(__name__)


class Serving:
    """Opens the serving generation on first use, and the next one as soon as it is switched to."""

    def __init__(self, data: Path, encoder: Encoder, contact: str = "") -> None:
        self._data = data
        self._encoder = encoder
        self._contact = contact
        self._lock = threading.Lock()
        self._current: Answerer | None = None
        self._refused = ""

    def answerer(self) -> Answerer:
        """Raises IndexMissing, IndexDamaged or ModelMismatch only while nothing has ever served."""
        with self._lock:
            name = ""
            try:
                name = serving_folder(self._data).name
                current = self._current.generation.identity if self._current else ""
                if name not in (current, self._refused):
                    generation = open_serving(self._data, self._encoder.fingerprint)
                    self._current = Answerer(generation, self._encoder, self._data, self._contact)
                    threading.Thread(target=generation.warm, daemon=True).start()
            except CdsbotError as error:
                # the generation in memory is whole: keep answering, and say so once
                if self._current and self._refused != name:
                    _log.error("Giữ chỉ mục cũ, chưa mở được chỉ mục mới: %s", error)
                    self._refused = name
                if not self._current:
                    raise
            if not self._current:
                raise AssertionError("unreachable: a refused first generation raises")
            return self._current
