"""Trouble on the way to Telegram, made on purpose: slow, dropped and broken answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of a method ("*": of any)."""

    method: str
    times: int = 1
    delay: float = 0.0  # seconds before the work is done
    late: float = 0.0  # seconds after the work, before the answer
    drop: Literal["", "before", "after"] = ""  # the connection closes around the work
    status: int = 0  # answered instead of doing the work
    retry_after: int | None = None
    body: str = ""  # what comes back in place of the server's own words; no work with a `status`


@dataclass(slots=True)
class Faults:
    planned: list[Fault] = field(default_factory=list)

    def plan(self, fault: Fault) -> None:
        self.planned.append(fault)

    def take(self, method: str) -> Fault | None:
        for fault in self.planned:
            if fault.method in {method, "*"}:
                fault.times -= 1
                if fault.times <= 0:
                    self.planned.remove(fault)
                return fault
        return None
