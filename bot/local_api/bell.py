"""Waiting for something to change, from a coroutine or from another thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Everybody who waits looks again whenever it rings."""

    def __init__(self) -> None:
        self._waiting: set[Callable[[], object]] = set()
        self._lock = threading.Lock()

    def ring(self) -> None:
        with self._lock:
            waiting = tuple(self._waiting)
        for wake in waiting:
            with contextlib.suppress(RuntimeError):  # that loop has just closed
                wake()

    async def until(self, ready: Callable[[], T], seconds: float) -> T:
        """What `ready` says once it is truthy, or at the end of the time."""
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        deadline = loop.time() + seconds

        def wake() -> None:
            loop.call_soon_threadsafe(event.set)

        with self._listening(wake):
            while not (value := ready()) and (left := deadline - loop.time()) > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await event.wait()
                event.clear()
        return value

    def wait_until(self, ready: Callable[[], T], seconds: float) -> T:
        """The same for code without an event loop."""
        event = threading.Event()
        deadline = time.monotonic() + seconds
        with self._listening(event.set):
            while not (value := ready()) and (left := deadline - time.monotonic()) > 0:
                event.wait(left)
                event.clear()
        return value

    @contextlib.contextmanager
    def _listening(self, wake: Callable[[], object]) -> Iterator[None]:
        with self._lock:
            self._waiting.add(wake)
        try:
            yield
        finally:
            with self._lock:
                self._waiting.discard(wake)
