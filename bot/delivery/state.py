"""What must outlive a restart, in one SQLite file: updates taken in, answers, feedback, choices.

A commit is on the disk when it returns (WAL, synchronous=FULL): an update may be confirmed to
Telegram, and a message may be sent, only after the row that remembers it is safe.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.delivery.stored import dump_answer, load_answer
from bot.records import SCHEMA, Asked, Day, Kept, Send, SendState, Stats, Taken
from index.result import Answer

KEEP_DAYS = 180  # as /help promises
_REMEMBER_UPDATES = (
    2 * 86400.0
)  # Telegram repeats for 24 hours; later the same id is another update
_RECHECKED = 600.0  # seconds after which a file that nobody touched is checked again
_OPEN_ANEW = {  # a file that was damaged or gone may be another one by now
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY,
}  # fmt: skip


class State:
    """The bot's memory. Thread-safe: one connection behind a lock, each call one transaction."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._path = path
        self._lock = threading.Lock()
        self._checked = (0, 0, 0.0)  # the file's time and size when it was found sound, and when
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = _opened(path)
        self._stale = False

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._stale:
                    self._db.close()
                    self._db = _opened(self._path)
                    self._stale = False
                yield self._db
            except sqlite3.Error as error:
                self._stale |= getattr(error, "sqlite_errorcode", 0) & 0xFF in _OPEN_ANEW
                raise

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as db, _all_or_nothing(db):
            yield db

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._connection() as db:
            return db.execute(sql, values).fetchall()

    def problem(self) -> str:
        """What keeps answers from being remembered, as SQLite says it; "" where nothing does.

        Writes, and reads the whole file where it was touched since. Waits as long as writing does.
        """
        try:
            self.set_fact("written", str(self.clock()))
            stat, now = self._path.stat(), time.monotonic()
            touched = self._checked[:2] != (stat.st_mtime_ns, stat.st_size)
            if not touched and now - self._checked[2] < _RECHECKED:
                return ""
            with closing(sqlite3.connect(self._path)) as other:  # holds up nobody
                found = str(other.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.Error as error:
            return str(error)
        except OSError as error:  # the file is gone: what is written meanwhile goes nowhere
            self._stale = True
            return str(error)
        if found != "ok":
            return found
        self._checked = (stat.st_mtime_ns, stat.st_size, now)
        return ""

    # Updates taken in

    def take(self, updates: Sequence[dict[str, Any]]) -> list[Taken]:
        """Store what is new among `updates`, in order; what was stored before is left out."""
        now = self.clock()
        taken = []
        with self._transaction() as db:
            told = max(map(_date_of, updates), default=0)
            db.execute(
                "INSERT INTO facts VALUES ('time told', ?) ON CONFLICT DO UPDATE"
                " SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))",
                (str(told),),
            )
            db.execute(
                "DELETE FROM inbox WHERE state != 'new' AND received < ?",
                (self._surely(db) - _REMEMBER_UPDATES,),
            )
            for update in updates:
                number = int(update["update_id"])
                row = db.execute(
                    "INSERT OR IGNORE INTO inbox (update_id, received, body) VALUES (?, ?, ?)",
                    (number, now, json.dumps(update, ensure_ascii=True)),
                )
                if row.rowcount:
                    # ids start anew after a quiet week: an old reply must not pass for this one's
                    db.execute("DELETE FROM sends WHERE update_id = ?", (number,))
                    taken.append(Taken(row.lastrowid or 0, number, now, update))
        return taken

    def _surely(self, db: sqlite3.Connection) -> float:
        """The time, but not after the last that Telegram told: by a clock that jumps nothing goes."""
        row = db.execute("SELECT value FROM facts WHERE name = 'time told'").fetchone()
        told = int(row["value"]) if row else 0
        return min(self.clock(), told) if told else self.clock()

    def waiting(self) -> list[Taken]:
        """Every update not yet dealt with, in the order it came."""
        rows = self._rows("SELECT * FROM inbox WHERE state = 'new' ORDER BY seq")
        return [
            Taken(row["seq"], row["update_id"], row["received"], json.loads(row["body"]))
            for row in rows
        ]

    def done(self, seq: int) -> None:
        """An update is dealt with; its words are forgotten, its id is not."""
        with self._transaction() as db:
            db.execute("UPDATE inbox SET state = 'done', body = '' WHERE seq = ?", (seq,))

    def park(self, seq: int, problem: str) -> None:
        """Set an update aside that cannot be understood, so that the next one gets its turn."""
        with self._transaction() as db:
            db.execute(
                "UPDATE inbox SET state = 'parked', problem = ? WHERE seq = ?", (problem, seq)
            )

    def parked(self) -> list[tuple[int, str]]:
        rows = self._rows("SELECT update_id, problem FROM inbox WHERE state = 'parked'")
        return [(row["update_id"], row["problem"]) for row in rows]

    # Replies on their way

    def send(self, update_id: int) -> Send | None:
        rows = self._rows("SELECT * FROM sends WHERE update_id = ?", update_id)
        return Send(rows[0]["state"], rows[0]["answer"], rows[0]["message"]) if rows else None

    def sending(self, update_id: int, chat: int, answer: int | None) -> None:
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO sends (update_id, chat, state, answer, at)"
                " VALUES (?, ?, 'sending', ?, ?)",
                (update_id, chat, answer, self.clock()),
            )

    def not_sent(self, update_id: int) -> None:
        """Telegram said no, or was never reached: the reply is still to be sent."""
        with self._transaction() as db:
            db.execute("DELETE FROM sends WHERE update_id = ?", (update_id,))

    def sent(self, update_id: int, message: int | None, state: SendState = "sent") -> None:
        now = self.clock()
        with self._transaction() as db:
            db.execute(
                "UPDATE sends SET state = ?, message = ? WHERE update_id = ?",
                (state, message, update_id),
            )
            db.execute(
                "UPDATE answers SET message = coalesce(?, message), sent = ?, seconds ="
                " ? - coalesce((SELECT received FROM inbox WHERE update_id = ?), asked)"
                " WHERE id = (SELECT answer FROM sends WHERE update_id = ?)",
                (message, now, now, update_id, update_id),
            )

    # Answers

    def keep(
        self,
        answer: Answer,
        *,
        chat: int,
        user: int,
        question_message: int,
        asked: float,
        kind: str = "question",
        turns: Sequence[str] = (),
        hashes: dict[str, str] | None = None,
    ) -> int:
        """Remember an answer before it is sent; the id is what its buttons carry."""
        with self._transaction() as db:
            oldest = self._surely(db) - KEEP_DAYS * 86400.0
            db.execute("DELETE FROM answers WHERE asked < ?", (oldest,))
            # killed before sending: the attempt is replaced, not counted twice
            db.execute(
                "DELETE FROM answers WHERE chat = ? AND question_message = ? AND message IS NULL"
                " AND id NOT IN (SELECT answer FROM sends WHERE answer IS NOT NULL)",
                (chat, question_message),
            )
            row = db.execute(
                "INSERT INTO answers (chat, user, kind, question_message, asked, outcome, turns,"
                " hashes, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    chat,
                    user,
                    kind,
                    question_message,
                    asked,
                    answer.outcome,
                    json.dumps(list(turns)),
                    json.dumps(hashes or {}),
                    dump_answer(answer),
                ),
            )
            return row.lastrowid or 0

    def revise(
        self, answer_id: int, answer: Answer, turns: Sequence[str], hashes: dict[str, str]
    ) -> None:
        """The question was edited: its answer changes in place, and old thumbs no longer count."""
        with self._transaction() as db:
            db.execute(
                "UPDATE answers SET outcome = ?, turns = ?, hashes = ?, body = ?, thumb = NULL,"
                " reason = NULL WHERE id = ?",
                (
                    answer.outcome,
                    json.dumps(list(turns)),
                    json.dumps(hashes),
                    dump_answer(answer),
                    answer_id,
                ),
            )

    def kept(self, answer_id: int) -> Kept | None:
        return self._kept("id = ?", answer_id)

    def answer_to(self, chat: int, question_message: int) -> Kept | None:
        """The answer that was given to this message of the chat."""
        return self._kept(
            "chat = ? AND question_message = ? AND message IS NOT NULL", chat, question_message
        )

    def answer_shown(self, chat: int, message: int) -> Kept | None:
        """The answer that this message of ours shows."""
        return self._kept("chat = ? AND message = ?", chat, message)

    def _kept(self, where: str, *values: object) -> Kept | None:
        rows = self._rows(f"SELECT * FROM answers WHERE {where} ORDER BY id DESC LIMIT 1", *values)
        if not rows:
            return None
        row = rows[0]
        return Kept(
            id=row["id"],
            chat=row["chat"],
            user=row["user"],
            kind=row["kind"],
            question_message=row["question_message"],
            message=row["message"],
            answer=load_answer(row["body"]),
            turns=tuple(json.loads(row["turns"])),
            hashes=json.loads(row["hashes"]),
            thumb=row["thumb"],
        )

    def latest(self, chat: int, user: int, since: float) -> Kept | None:
        """The last answer a person was given in a chat."""
        return self._kept(
            "chat = ? AND user = ? AND kind = 'question' AND asked >= ? AND message IS NOT NULL",
            chat,
            user,
            since,
        )

    def shown_in(self, answer_id: int, message: int) -> None:
        """Another message shows this answer now: replies to it and edits go there."""
        with self._transaction() as db:
            db.execute("UPDATE answers SET message = ? WHERE id = ?", (message, answer_id))

    def turns(self, chat: int, user: int, since: float, limit: int = 4) -> tuple[str, ...]:
        """A person's last questions in a chat, oldest first."""
        rows = self._rows(
            "SELECT body FROM answers WHERE chat = ? AND user = ? AND kind = 'question'"
            " AND asked >= ? AND message IS NOT NULL ORDER BY id DESC LIMIT ?",
            chat,
            user,
            since,
            limit,
        )
        return tuple(load_answer(row["body"]).question for row in reversed(rows))

    # Feedback, and what the administrators read

    def thumb(self, answer_id: int, up: bool) -> None:
        with self._transaction() as db:
            db.execute(
                "UPDATE answers SET thumb = ?, reason = NULL WHERE id = ?",
                (1 if up else -1, answer_id),
            )

    def reason(self, answer_id: int, reason: str) -> None:
        with self._transaction() as db:
            db.execute(
                "UPDATE answers SET thumb = -1, reason = ? WHERE id = ?", (reason, answer_id)
            )

    def stats(self, since: float) -> Stats:
        rows = self._rows(
            "SELECT date(asked, 'unixepoch', '+7 hours') AS day, outcome, seconds, thumb, reason"
            " FROM answers WHERE kind = 'question' AND asked >= ? ORDER BY asked",
            since,
        )
        days: dict[str, list[bool]] = {}
        reasons: dict[str, int] = {}
        for row in rows:
            days.setdefault(row["day"], []).append(row["outcome"] in ("answered", "uncertain"))
            if row["reason"]:
                reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
        seconds = sorted(row["seconds"] for row in rows if row["seconds"] is not None)
        return Stats(
            tuple(Day(day, len(answers), sum(answers)) for day, answers in days.items()),
            seconds[len(seconds) // 2] if seconds else 0.0,
            sum(row["thumb"] == 1 for row in rows),
            sum(row["thumb"] == -1 for row in rows),
            reasons,
        )

    def asked(self, since: float) -> Iterator[Asked]:
        """Every question since then, oldest first; a few at a time, so that nobody waits for all."""
        last = 0
        while rows := self._rows(
            "SELECT id, asked, seconds, thumb, reason, body FROM answers WHERE kind = 'question'"
            " AND asked >= ? AND id > ? ORDER BY id LIMIT 200",
            since,
            last,
        ):
            last = rows[-1]["id"]
            for row in rows:
                yield Asked(row["asked"], row["seconds"], row["thumb"], row["reason"] or "",
                            load_answer(row["body"]))  # fmt: skip

    def unanswered(self, since: float) -> list[str]:
        """Questions the documents did not answer, newest first."""
        rows = self._rows(
            "SELECT body FROM answers WHERE kind = 'question' AND asked >= ?"
            " AND outcome IN ('absent', 'nonexistent') ORDER BY id DESC LIMIT 500",
            since,
        )
        return [load_answer(row["body"]).question for row in rows]

    # Chats

    def language(self, chat: int) -> str | None:
        rows = self._rows("SELECT language FROM chats WHERE chat = ?", chat)
        return rows[0]["language"] if rows else None

    def set_language(self, chat: int, language: str) -> None:
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO chats VALUES (?, ?)", (chat, language))

    def forget(self, chat: int) -> None:
        """Erase all that is kept about a chat."""
        with self._transaction() as db:
            for table in ("answers", "sends", "chats", "albums"):
                db.execute(f"DELETE FROM {table} WHERE chat = ?", (chat,))
            db.execute("UPDATE inbox SET body = '' WHERE state = 'parked'")
        with self._connection() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def first_of_album(self, chat: int, album: str, update_id: int) -> bool:
        """Whether this update is the one that speaks for its album; the same after a restart."""
        with self._transaction() as db:
            db.execute("DELETE FROM albums WHERE at < ?", (self._surely(db) - 86400.0,))
            db.execute(
                "INSERT OR IGNORE INTO albums VALUES (?, ?, ?, ?)",
                (chat, album, update_id, self.clock()),
            )
            row = db.execute(
                "SELECT update_id FROM albums WHERE chat = ? AND album = ?", (chat, album)
            ).fetchone()
            return bool(row["update_id"] == update_id)

    # Small facts, such as the last generation the administrators were told of

    def fact(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM facts WHERE name = ?", name)
        return rows[0]["value"] if rows else None

    def set_fact(self, name: str, value: str) -> None:
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _date_of(update: dict[str, Any]) -> int:
    """When Telegram says that a message was written or edited; 0 where it does not."""
    for kind in ("message", "edited_message"):
        message = update.get(kind)
        if isinstance(message, dict):
            date = message.get("edit_date") or message.get("date")
            return date if isinstance(date, int) and 0 < date < 1 << 40 else 0
    return 0


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to the file, which is made where there is none."""
    db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA secure_delete=ON")  # erased words leave the file, not only the table
        with _all_or_nothing(db):
            if not db.execute("SELECT name FROM sqlite_master WHERE name = 'inbox'").fetchone():
                for statement in SCHEMA.split(";"):
                    db.execute(statement)
                db.execute("PRAGMA user_version = 1")
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def _all_or_nothing(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            with suppress(sqlite3.Error):  # what went wrong first is what is told
                db.execute("ROLLBACK")
        raise
