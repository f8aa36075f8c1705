"""Telegram's flood limits, kept before Telegram has to say so."""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

_LOG = logging.getLogger(__name__)

# What shows no message: neither counted by Telegram's limits nor worth delaying.
_FREE = ("get", "set", "delete", "answer", "sendChatAction", "logOut", "close")


@dataclass(frozen=True, slots=True)
class Window:
    """At most `count` in any `seconds`."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What Telegram allows, a little less of it: its clock is not ours."""

    overall: Window = Window(27, 1.05)
    chat: Window = Window(1, 1.05)
    group: Window = Window(19, 61.0)


class _Track:
    """The times of the last `window.count` calls."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.times: deque[float] = deque(maxlen=window.count)

    def free_at(self) -> float:
        return self.times[0] + self.window.seconds if len(self.times) == self.window.count else 0.0


class Limiter(BaseRateLimiter[int]):
    """Waits before a call that Telegram would refuse. One chat's wait holds up no other chat.

    A call that comes with `rate_limit_args=1` has waited already, by `ready`.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.limits = limits or Limits()
        self._clock = clock
        self._sleep = sleep
        self._overall = _Track(self.limits.overall)
        self._chats: dict[int, list[_Track]] = {}
        self._paused: dict[int, float] = {}
        self._turns: dict[int, asyncio.Lock] = {}

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def ready(self, chat: int) -> None:
        """Return when one message may be sent to `chat`, first come, first served."""
        async with self._turns.setdefault(chat, asyncio.Lock()):
            tracks = self._tracks(chat)
            await self._until(lambda: max(self._paused_until(chat), *map(_Track.free_at, tracks)))
            await self._until(self._overall.free_at)
            now = self._clock()
            for track in (*tracks, self._overall):
                track.times.append(now)
        self._forget_idle()

    def pause(self, chat: int, seconds: float) -> None:
        """Telegram asked for silence in this chat."""
        self._paused[chat] = max(self._paused_until(chat), self._clock() + seconds)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        if rate_limit_args or endpoint.startswith(_FREE):
            return await callback(*args, **kwargs)
        chat = data.get("chat_id", 0)
        chat = chat if isinstance(chat, int) else 0
        while True:
            await self.ready(chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                seconds = seconds_of(error)
                _LOG.info("Telegram asks to wait %.0f s before %s", seconds, endpoint)
                self.pause(chat, seconds)

    def _tracks(self, chat: int) -> list[_Track]:
        if chat not in self._chats:
            windows = [self.limits.chat, self.limits.group] if chat < 0 else [self.limits.chat]
            self._chats[chat] = [_Track(window) for window in windows]
        return self._chats[chat]

    def _paused_until(self, chat: int) -> float:
        return self._paused.get(chat, 0.0)

    async def _until(self, free_at: Callable[[], float]) -> None:
        while (wait := free_at() - self._clock()) > 0:
            await self._sleep(wait)

    def _forget_idle(self) -> None:
        if len(self._chats) < 1000:
            return
        now = self._clock()
        for chat in [c for c, tracks in self._chats.items() if _idle(tracks, now)]:
            if not self._turns[chat].locked():
                del self._chats[chat], self._turns[chat]
                self._paused.pop(chat, None)


def _idle(tracks: list[_Track], now: float) -> bool:
    return all(not t.times or t.times[-1] + t.window.seconds < now for t in tracks)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait, whichever way the library spells durations."""
    with warnings.catch_warnings():  # it will become a timedelta, says the library at each use
        warnings.simplefilter("ignore")
        wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
