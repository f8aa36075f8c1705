"""What the bot's memory holds: its tables, and its rows as the rest of the bot sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from index.result import Answer

SendState = Literal["sending", "sent", "failed"]

SCHEMA = """
CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id INTEGER NOT NULL UNIQUE,
    received REAL NOT NULL,
    state TEXT NOT NULL DEFAULT 'new',
    body TEXT NOT NULL,
    problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX inbox_new ON inbox (seq) WHERE state = 'new';
CREATE TABLE sends (
    update_id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    state TEXT NOT NULL,
    answer INTEGER,
    message INTEGER,
    at REAL NOT NULL
);
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL,
    user INTEGER NOT NULL,
    kind TEXT NOT NULL,
    question_message INTEGER NOT NULL,
    message INTEGER,
    asked REAL NOT NULL,
    sent REAL,
    seconds REAL,
    outcome TEXT NOT NULL,
    turns TEXT NOT NULL,
    hashes TEXT NOT NULL,
    body TEXT NOT NULL,
    thumb INTEGER,
    reason TEXT
);
CREATE INDEX answers_question ON answers (chat, question_message);
CREATE INDEX answers_message ON answers (chat, message);
CREATE INDEX answers_asked ON answers (asked);
CREATE TABLE chats (chat INTEGER PRIMARY KEY, language TEXT NOT NULL);
CREATE TABLE albums (
    chat INTEGER NOT NULL, album TEXT NOT NULL, update_id INTEGER NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (chat, album)
);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


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
    user: int
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
