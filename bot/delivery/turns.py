"""Whose question is answered next: nobody's flood holds up the others."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

PLACES = 2  # questions answered side by side: as many as a small server has cores
PATIENCE = 10.0  # seconds that a long message lets short ones go before it
_HALF = 30.0  # seconds after which half of what was taken is forgotten
_MOST_CHATS = 1000  # remembered at a time


@dataclass(slots=True, eq=False)
class _Turn:
    chat: int
    begins: asyncio.Future[None]
    long: bool
    since: float


class Turns:
    """Chats that took least of late come first; long messages never fill all places, and begin
    where no short one is being answered: it is soon done, and sooner alone."""

    def __init__(self, places: int = PLACES, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = places
        self._for_long = max(1, places - 1)
        self._short = 0  # being answered
        self._clock = clock
        self._taken: dict[int, tuple[float, float]] = {}  # seconds by chat, and as of when
        self._waiting: list[_Turn] = []

    @contextlib.asynccontextmanager
    async def of(self, chat: int, long: bool = False) -> AsyncIterator[None]:
        """Enter when it is this chat's turn; the time spent inside is what it takes."""
        turn = _Turn(chat, asyncio.get_running_loop().create_future(), long, self._clock())
        self._waiting.append(turn)
        self._begin()
        try:
            await turn.begins
            began = self._clock()
            try:
                yield
            finally:
                now = self._clock()
                self._taken[chat] = (self.of_late(chat) + now - began, now)
        finally:
            if turn in self._waiting:  # cancelled before it began
                self._waiting.remove(turn)
            else:
                self._free += 1
                self._for_long += turn.long
                self._short -= not turn.long
                self._begin()

    def of_late(self, chat: int) -> float:
        """Seconds that a chat has taken, the longer ago the less."""
        seconds, at = self._taken.get(chat, (0.0, 0.0))
        return float(seconds * 0.5 ** ((self._clock() - at) / _HALF))

    def _may_be_long(self, turn: _Turn) -> bool:
        waited = self._clock() - turn.since
        return bool(self._for_long and (not self._short or waited >= PATIENCE))

    def _begin(self) -> None:
        for turn in sorted(self._waiting, key=lambda one: self.of_late(one.chat)):
            if turn.begins.cancelled() or (turn.long and not self._may_be_long(turn)):
                continue
            if not self._free:
                return
            self._waiting.remove(turn)
            self._free -= 1
            self._for_long -= turn.long
            self._short += not turn.long
            turn.begins.set_result(None)
        if len(self._taken) > _MOST_CHATS:
            self._taken = {n: one for n, one in self._taken.items() if self.of_late(n) > 0.1}
