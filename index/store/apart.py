"""Files are read in a process of its own: none may take the machine, or the reindex, with it."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import index
from index.store.reading import Fresh
from knowledge.errors import Rejected, StorageFailed

CHILD = "index.store.child"
_CODE = 80  # MB that the libraries' code takes besides what they ask for
_START = 60.0  # seconds in which the process begins
_LARGE = 2 / 3  # of the memory allowed: a process that once had so much is not used again

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading a file may take. Pages of a scan may take `knowledge.pace.SLOW` times as long."""

    seconds: float = 18.0  # of the whole file, or of each page where a format has pages
    megabytes: int = 700


class _Lost(Exception):
    """The process ended, or had no memory left: by this file, or by what earlier ones left behind."""


class Apart:
    """Reads files in a child process, begun with the first and used for many."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._told: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, and what it may have started."""
        if self._process is None:
            return
        with contextlib.suppress(OSError):
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process = None

    def read(self, file: Path, library: Path) -> Fresh:
        """Raises Rejected whatever the file does, StorageFailed where no process can be begun."""
        for _ in range(2):
            fresh = self._begin()
            try:
                return self._read(file, library)
            except _Lost as lost:
                self.close()
                if fresh:
                    raise Rejected(str(lost)) from None
        raise AssertionError("the second process is a fresh one")

    def _begin(self) -> bool:
        """Whether a new process was begun; there was one already where not."""
        if self._process is not None:
            return False
        size = max(self._limits.megabytes - _CODE, _CODE) << 20
        command = [sys.executable, "-m", CHILD, str(self._limits.seconds), str(size)]
        own = [str(Path(index.__path__[0]).parent), os.environ.get("PYTHONPATH", "")]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, own))},
                start_new_session=True,
            )  # fmt: skip
            self._told = queue.Queue()
            arguments = (self._process.stdout, self._told)
            threading.Thread(target=_listen, args=arguments, daemon=True).start()
            begun = self._next(_START) == ("ready", "")
        except (OSError, RuntimeError, Rejected, _Lost):  # no memory, no handles, no threads
            begun = False
        if not begun:
            self.close()
            raise StorageFailed(
                "Không mở được tiến trình đọc tệp (máy có thể đã hết bộ nhớ). Chỉ mục cũ vẫn dùng "
                "được; hãy thử lại sau ít phút."
            )
        return True

    def _read(self, file: Path, library: Path) -> Fresh:
        assert self._process
        assert self._process.stdin
        try:
            pickle.dump((file, library), self._process.stdin)
            self._process.stdin.flush()
        except OSError:
            raise _Lost(_ENDED) from None
        seconds = self._limits.seconds
        while True:
            kind, what = self._next(seconds)
            if kind == "step":
                seconds = what * self._limits.seconds
            elif kind == "read":
                read, peak = what
                if peak > _LARGE * (self._limits.megabytes << 20):
                    self.close()
                assert isinstance(read, Fresh)
                return read
            elif kind == "refused":
                raise Rejected(what)
            elif kind == "memory":
                raise _Lost(
                    f"đọc tệp này cần hơn {self._limits.megabytes} MB bộ nhớ. Hãy tách thành nhiều "
                    "tệp, bỏ bớt hình, hoặc tăng CDSBOT_READ_MEGABYTES."
                )
            else:
                _log.debug("Reading %s failed: %s", file, what)
                raise Rejected(
                    "tệp có chỗ viết khác thường mà chương trình không đọc được. Hãy mở tệp, lưu lại "
                    "(nếu được thì thành .docx) rồi thêm lại."
                )

    def _next(self, seconds: float) -> tuple[str, Any]:
        """What the process tells next. Raises Rejected when it takes too long, _Lost when it ended."""
        try:
            kind, what = self._told.get(timeout=seconds)
        except queue.Empty:
            self.close()
            raise Rejected(
                f"đọc {seconds:.0f} giây vẫn chưa xong. Tệp có thể bị hỏng hoặc quá rối: hãy mở và "
                "lưu lại, hoặc tách nhỏ. Máy chậm thì tăng CDSBOT_READ_SECONDS."
            ) from None
        if kind == "ended":
            raise _Lost(_ENDED)
        return kind, what


_ENDED = (
    "chương trình đọc bị dừng đột ngột vì tệp này. Tệp có thể bị hỏng: hãy tải lại bản gốc, hoặc mở "
    "và lưu lại rồi thêm lại."
)


def _listen(stream: IO[bytes], told: queue.Queue[tuple[str, Any]]) -> None:
    try:
        while True:
            told.put(pickle.load(stream))
    except Exception:  # cut off in the middle of a word
        told.put(("ended", ""))
