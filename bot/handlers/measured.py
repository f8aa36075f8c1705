"""What /readyz and /metrics tell of a running bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.delivery.inbox import Inbox
from bot.delivery.memory import Memory
from bot.delivery.webhook import Health
from bot.handlers.desk import Desk
from bot.watching.metrics import Live
from bot.watching.pages import Route, routes


class Measured:
    """Looks at the inbox, the index and the memory when somebody asks; opens nothing for it."""

    def __init__(
        self, desk: Desk, inbox: Inbox, memory: Memory, clock: Callable[[], float] = time.time
    ) -> None:
        self._desk = desk
        self._inbox = inbox
        self._memory = memory
        self._clock = clock
        self._writable, self._off = True, False
        desk.metrics.follow(self._live)

    def health(self, pulse: Callable[[], dict[str, Any]]) -> Health:
        """`pulse`, whether what is said can be remembered, and what is wrong with the index."""

        async def health() -> dict[str, Any]:
            problem = await self._memory.problem()
            said = pulse()
            # told, but no reason to restart: what answers is in memory
            wrong = await asyncio.to_thread(lambda: self._desk.serving.problems)
            ok = said["ok"] and not problem
            return said | {"ok": ok, "memory": problem or "ok", "index": " ".join(wrong) or "ok"}

        return health

    def routes(self, health: Health) -> list[Route]:
        """/readyz, which is `health` with an index that serves, and /metrics."""

        async def ready() -> dict[str, Any]:
            said, there = await health(), self._desk.serving.current is not None
            index = said["index"] if there else "none serves"
            return said | {"ok": said["ok"] and there, "index": index}

        return routes(ready, self._exposed)

    async def _exposed(self) -> bytes:
        problem, off = await asyncio.gather(
            self._memory.problem(), asyncio.to_thread(self._desk.off)
        )
        self._writable, self._off = not problem, off is not None
        return self._desk.metrics.exposed()

    def _live(self) -> Live:
        waiting, first = self._inbox.queue()
        serving = self._desk.serving
        generation = serving.current
        now = self._clock()
        made = datetime.fromisoformat(generation.created).timestamp() if generation else None
        return Live(
            waiting=waiting,
            oldest=max(0.0, now - first) if first is not None else 0.0,
            age=max(0.0, now - made) if made is not None else None,
            documents=len(generation.entries) if generation else 0,
            passages=len(generation.passages) if generation else 0,
            refused=bool(serving.refused),
            reload_failures=serving.failures,
            off=self._off,
            memory=self._writable,
        )
