"""Flood limits as the server keeps them, and a record of every time one was overrun."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

UNLIMITED = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """About 1/s in a chat with short bursts, 20/min in a group, 30/s over all chats."""

    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20
    overall_per_second: int = 30

    @classmethod
    def none(cls) -> Limits:
        return cls(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED)


@dataclass(frozen=True, slots=True)
class Overrun:
    """One call that Telegram would have refused with 429."""

    time: float
    chat_id: int
    rule: str


@dataclass(slots=True)
class Flood:
    """Edits count in groups and overall, but not towards a chat's one a second."""

    limits: Limits
    overruns: list[Overrun] = field(default_factory=list)
    _free_at: dict[int, float] = field(default_factory=dict)
    _group: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _overall: deque[float] = field(default_factory=deque)

    def wait(self, chat_id: int, edit: bool, now: float) -> int:
        """Seconds to wait before this call; what has to wait goes on record."""
        waits = [
            ("30/s", _wait(self._overall, self.limits.overall_per_second, 1, now)),
            ("20/min", _wait(self._group[chat_id], self.limits.group_per_minute, 60, now)),
            ("1/s", 0.0 if edit else self._bucket_wait(chat_id, now)),
        ]
        rule, wait = max(waits, key=lambda one: one[1])
        if wait > 0:
            self.overruns.append(Overrun(now, chat_id, rule))
        return math.ceil(wait)

    def count(self, chat_id: int, group: bool, edit: bool, now: float) -> None:
        """One call that went through; what is refused for another reason does not count."""
        self._overall.append(now)
        if group:
            self._group[chat_id].append(now)
        if not edit:
            step = 1 / self.limits.chat_per_second
            self._free_at[chat_id] = max(self._free_at.get(chat_id, now), now) + step

    def _bucket_wait(self, chat_id: int, now: float) -> float:
        # A full bucket is `chat_burst` messages ahead of the steady rate.
        slack = (self.limits.chat_burst - 1) / self.limits.chat_per_second
        return self._free_at.get(chat_id, now) - slack - now


def _wait(times: deque[float], most: int, seconds: float, now: float) -> float:
    while times and times[0] <= now - seconds:
        times.popleft()
    return times[0] + seconds - now if len(times) >= most else 0.0
