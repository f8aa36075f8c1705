"""Telegram's flood limits, kept before Telegram has to say so."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

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
class Pace:
    """One every `seconds`, and up to `burst` at once after a rest."""

    burst: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What Telegram allows, a little less of it: its clock is not ours."""

    overall: Window = Window(27, 1.05)
    chat: Pace = Pace(2, 1.05)
    group: Window = Window(19, 61.0)


class _Track(Protocol):
    def free_at(self) -> float: ...
    def count(self, now: float) -> None: ...
    def idle(self, now: float) -> bool: ...


class _Windowed:
    """The times of the last `window.count` calls."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._times: deque[float] = deque(maxlen=window.count)

    def free_at(self) -> float:
        full = len(self._times) == self._window.count
        return self._times[0] + self._window.seconds if full else 0.0

    def count(self, now: float) -> None:
        self._times.append(now)

    def idle(self, now: float) -> bool:
        return not self._times or self._times[-1] + self._window.seconds < now


class _Paced:
    """When the calls so far would be over, had they kept the steady pace."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._over = 0.0

    def free_at(self) -> float:
        return self._over - (self._pace.burst - 1) * self._pace.seconds

    def count(self, now: float) -> None:
        self._over = max(self._over, now) + self._pace.seconds

    def idle(self, now: float) -> bool:
        return self._over < now


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
        self._overall = _Windowed(self.limits.overall)
        self._chats: dict[int, list[_Track]] = {}
        self._paused: dict[int, float] = {}
        self._turns: dict[int, asyncio.Lock] = {}

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def ready(self, chat: int) -> None:
        """Return when one message may be sent to `chat`, first come, first served."""
        async with self._turns.setdefault(chat, asyncio.Lock()):
            tracks = self._tracks(chat)
            await self._until(
                lambda: max(self._paused_until(chat), *(track.free_at() for track in tracks))
            )
            await self._until(self._overall.free_at)
            now = self._clock()
            for track in (*tracks, self._overall):
                track.count(now)
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
            group: list[_Track] = [_Windowed(self.limits.group)] if chat < 0 else []
            self._chats[chat] = [_Paced(self.limits.chat), *group]
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
        for chat in [c for c, tracks in self._chats.items() if all(t.idle(now) for t in tracks)]:
            if not self._turns[chat].locked():
                del self._chats[chat], self._turns[chat]
                self._paused.pop(chat, None)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait, whichever way the library spells durations."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
