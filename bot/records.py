"""What the bot's memory holds, as the rest of the bot sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from index.result import Answer

SendState = Literal["sending", "sent", "failed"]

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Taken:
    """An update in the inbox: its place in line, its bytes, and when we got it."""

    seq: int
    update_id: int
    received: float
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Send:
    """How far the reply to an update has come."""

    state: SendState
    answer: int | None
    message: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given, with what its buttons need."""

    id: int
    chat: int
    kind: str  # "question" or "search"
    question_message: int
    message: int | None
    answer: Answer
    turns: tuple[str, ...]
    hashes: dict[str, str]  # of each candidate's document when it was given
    thumb: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day's questions for /thongke."""

    day: str
    questions: int
    answered: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many questions of a day had an outcome, where they are kept no longer."""

    day: str
    outcome: str
    questions: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as statistics see it: its answer, and what became of it."""

    at: float
    seconds: float | None  # from intake to sent; None: never sent
    thumb: int | None
    reason: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Stats:
    days: tuple[Day, ...]
    median_seconds: float
    up: int
    down: int
    reasons: dict[str, int]
