"""Telegram's flood limits, kept before Telegram has to say so."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

_LOG = logging.getLogger(__name__)
_MOST_CHATS = 1000  # remembered at a time, beyond those that are busy

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

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

    overall: Window = Window(28, 1.05)
    chat: Pace = Pace(2, 1.05)
    group: Window = Window(19, 61.0)


class Others(Protocol):
    """Processes that speak for the same bot: `enter` waits until all together may make a call."""

    async def enter(self, chat: int) -> int | None: ...

    async def leave(self, number: int | None) -> None: ...


class _Windowed:
    """Places for `window.count` calls, each taken until `window.seconds` after its call ended.

    Telegram counts a call somewhere between its start and its end: so this never lets too many
    through, however long a call is on its way or our own machine stalls.
    """

    def __init__(self, window: Window, clock: Clock, sleep: Sleep) -> None:
        self._window = window
        self._clock = clock
        self._sleep = sleep
        self._running = 0
        self._ended: deque[float] = deque()
        self._turn = asyncio.Lock()
        self._change = asyncio.Event()

    async def enter(self) -> None:
        async with self._turn:
            while self._full():
                self._change.clear()
                if self._ended:
                    await self._sleep(self._ended[0] + self._window.seconds - self._clock())
                else:
                    await self._change.wait()
            self._running += 1

    def leave(self) -> None:
        self._running -= 1
        self._ended.append(self._clock())
        self._change.set()

    def idle(self) -> bool:
        self._full()
        return not self._running and not self._ended

    def _full(self) -> bool:
        while self._ended and self._ended[0] + self._window.seconds <= self._clock():
            self._ended.popleft()
        return self._running + len(self._ended) >= self._window.count


class _Chat:
    """One chat's calls, one after the other, at its pace."""

    def __init__(self, limits: Limits, group: bool, clock: Clock, sleep: Sleep) -> None:
        self.paused_until = 0.0
        self._pace = limits.chat
        self._minute = _Windowed(limits.group, clock, sleep) if group else None
        self._clock = clock
        self._sleep = sleep
        self._over = 0.0  # when the calls so far would be over, had they kept the steady pace
        self._turn = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        async with self._turn:
            while (wait := self._free_at() - self._clock()) > 0:
                await self._sleep(wait)
            if self._minute:
                await self._minute.enter()
            try:
                yield
            finally:
                self._over = max(self._over, self._clock()) + self._pace.seconds
                if self._minute:
                    self._minute.leave()

    def _free_at(self) -> float:
        return max(self.paused_until, self._over - (self._pace.burst - 1) * self._pace.seconds)

    def idle(self) -> bool:
        resting = max(self._over, self.paused_until) < self._clock()
        return resting and not self._turn.locked() and (not self._minute or self._minute.idle())


class Limiter(BaseRateLimiter[int]):
    """Waits before a call that Telegram would refuse. One chat's wait holds up no other chat.

    A call that comes with `rate_limit_args=1` is made within a `slot` already.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.limits = limits or Limits()
        self._clock = clock
        self._sleep = sleep
        self._overall = _Windowed(self.limits.overall, clock, sleep)
        self.others: Others | None = None
        self._chats: dict[int, _Chat] = {}

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    @contextlib.asynccontextmanager
    async def slot(self, chat: int) -> AsyncIterator[None]:
        """Enter when one call may be made to `chat`, first come, first served; make it inside."""
        async with self._chat(chat).slot(), self._among_others(chat):
            await self._overall.enter()
            try:
                yield
            finally:
                self._overall.leave()

    @contextlib.asynccontextmanager
    async def _among_others(self, chat: int) -> AsyncIterator[None]:
        if self.others is None:
            yield
            return
        number = await self.others.enter(chat)
        try:
            yield
        finally:
            await self.others.leave(number)

    def pause(self, chat: int, seconds: float) -> None:
        """Telegram asked for silence in this chat."""
        known = self._chat(chat)
        known.paused_until = max(known.paused_until, self._clock() + seconds)

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
            async with self.slot(chat):
                try:
                    return await callback(*args, **kwargs)
                except RetryAfter as error:
                    seconds = seconds_of(error)
            _LOG.info("Telegram asks to wait %.0f s before %s", seconds, endpoint)
            self.pause(chat, seconds)

    def _chat(self, chat: int) -> _Chat:
        if len(self._chats) >= _MOST_CHATS and chat not in self._chats:
            self._chats = {n: one for n, one in self._chats.items() if not one.idle()}
        if chat not in self._chats:
            self._chats[chat] = _Chat(self.limits, chat < 0, self._clock, self._sleep)
        return self._chats[chat]


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait, whichever way the library spells durations."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
