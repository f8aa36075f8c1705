"""Threads share their heaps, so that a bot that runs for months does not grow with its threads."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_M_ARENA_MAX = -8  # of glibc's mallopt


def share_heaps() -> None:
    """As with MALLOC_ARENA_MAX=2; to be called before any thread is made.

    glibc keeps a heap for each of many threads and hardly gives any back: a hundred megabytes in all,
    and ten more with each thousand questions.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
