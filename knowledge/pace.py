"""Word from a reader to whoever waits for it: it goes on, and how long its next step may take."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Final

SLOW: Final = 6.0  # a page read by machine, a file that LibreOffice converts

Listener = Callable[[float], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def next_step(share: float = 1.0) -> None:
    """Another page begins; it may take `share` times as long as a step usually may."""
    if listener := _listener.get():
        listener(share)


@contextlib.contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
