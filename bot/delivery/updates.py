"""Updates taken in, and replies on their way, in the bot's memory.

Where several processes share it, each update has one owner, who alone deals with it. Updates of one
lane (a chat's messages) have one owner at a time: who takes one in while another's wait leaves it to
that owner, or to whoever adopts the lane when the owner dies.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    text,
    update,
)

from bot.database.connection import ClaimLost, Database, MemoryFailed
from bot.database.postgres import LIVING
from bot.database.tables import ALBUMS, ANSWERS, FACTS, INBOX, SENDS, put
from bot.delivery.lanes import lane_of
from bot.delivery.limits import Limits
from bot.delivery.shared_limits import SharedLimits, forget_calls
from bot.records import Clock, Send, SendState, Taken
from bot.watching.nameless import shape
from knowledge.calendar import day_at

KEEP_DAYS = 180  # unless the settings say otherwise
_DAY = 86400.0
_REMEMBER_UPDATES = 2 * _DAY  # Telegram repeats for 24 hours; later the same id is another update
_SCRUBBING = 600.0  # seconds
_FORGETTING = 600.0  # seconds between looks for what is too old
_AT_ONCE = 20  # lanes that a process adopts at a time: the others want some, too
_TOLD = "time told"


class Updates:
    """Thread-safe; each call is one transaction, and raises MemoryFailed where it cannot be done."""

    def __init__(self, database: Database, clock: Clock, keep_days: int = KEEP_DAYS) -> None:
        self.clock = clock
        self._keep = keep_days * _DAY
        self._erasing: set[int] = set()  # updates at whose end nothing of them may stay in files
        self._unscrubbed = False
        self._scrubbed = -_SCRUBBING  # when nothing of people's words was left in gaps
        self.named = database.key.named
        self._database = database
        self._worker = {"worker": database.worker}
        self._unsure = False  # whether we own updates that nobody here may know of
        self._forgot = 0.0  # when what was too old went last
        with database.reading() as db:
            self._told = int(db.scalar(_TIME_TOLD) or 0)

    @property
    def database(self) -> Database:
        """Where it lies: for what is done with all of it."""
        return self._database

    @property
    def shared(self) -> bool:
        """Whether other processes may use this memory."""
        return self._database.worker is not None

    def shared_limits(self, limits: Limits) -> SharedLimits:
        """Telegram's limits, kept together with those other processes."""
        return SharedLimits(self._database, limits)

    def _lane(self, update: dict[str, Any]) -> str:
        kind, number = lane_of(update)
        return f"{kind} {self.named(number)}"

    # Taken in

    def take(self, updates: Sequence[dict[str, Any]]) -> list[Taken]:
        """Store what is new among `updates`, in order; gives what of it is for this process."""
        taken = []
        told = max(self._told, *map(_date_of, updates)) if updates else self._told
        try:
            with self._database.writing() as db:
                if told > self._told:
                    self._told = told
                    db.execute(_TELL, {"name": _TOLD, "value": str(told)})
                self._forget_old(db)
                for lane in sorted(set(map(self._lane, updates))) if self.shared else ():
                    self._database.in_turn(db, lane)
                for one in updates:
                    taken += self._take(db, one)
        except MemoryFailed:
            self._unsure = self.shared
            raise
        return taken

    def _take(self, db: Connection, body: dict[str, Any]) -> list[Taken]:
        number, received = int(body["update_id"]), self.clock()
        row = {"number": number, "received": received, "lane": self._lane(body), **self._worker}
        ours = (
            not self.shared or db.execute(_OTHERS_WAIT, row | {"its": row["lane"]}).first() is None
        )
        row |= {"body": json.dumps(body, ensure_ascii=True)} | ({} if ours else {"worker": None})
        seq = db.execute(_TAKE, row).scalar()
        return [Taken(seq, number, received, body)] if ours and seq is not None else []

    def _forget_old(self, db: Connection) -> None:
        """By the clock, but not after the last time told: by a clock that jumps nothing goes."""
        now = min(self.clock(), self._told or self.clock())
        if 0 <= now - self._forgot < _FORGETTING:
            return
        # ids start anew after a quiet week: an old reply must not pass for a new update's
        db.execute(_FORGET_SENDS, {"before": now - _REMEMBER_UPDATES})
        db.execute(_FORGET_UPDATES, {"before": now - _REMEMBER_UPDATES})
        self._count(db, now - self._keep)
        db.execute(_FORGET_ALBUMS, {"before": now - _DAY})
        self._forgot = now

    def _count(self, db: Connection, before: float) -> None:
        """Answers given before then become numbers."""
        counts: dict[tuple[str, str], list[int]] = {}
        for row in db.execute(_FORGET_ANSWERS, {"before": before}).all():
            if row.kind == "question" and not row.fleeting:
                day = day_at(row.asked).isoformat()
                count = counts.setdefault((day, row.outcome), [0, 0, 0])
                for place, one in enumerate((True, row.thumb == 1, row.thumb == -1)):
                    count[place] += one
        for (day, outcome), (questions, up, down) in counts.items():
            db.execute(_ADD, {"day": day, "outcome": outcome, "questions": questions, "up": up,
                              "down": down})  # fmt: skip

    def tidy(self, fleeting: float) -> None:
        """Let go of what is too old, and of what is kept for its buttons only after as many seconds;
        and leave nothing of it in files. For now and then."""
        with self._database.writing() as db:
            self._forget_old(db)
            db.execute(_FORGET_FLEETING, {"before": self.clock() - fleeting})
        due = abs(time.monotonic() - self._scrubbed) >= _SCRUBBING
        self._scrub(self._unscrubbed or due)

    def _scrub(self, whole: bool) -> None:
        done = self._database.scrub(whole)
        if whole:
            self._unscrubbed, self._scrubbed = not done, time.monotonic()

    def adopt(self) -> list[Taken]:
        """What waits for this process and nobody here may know of: what an earlier run left, or,
        of a memory that is shared, a process that is gone. In the order it came."""
        if not self.shared:
            return self.waiting()
        unsure, self._unsure = self._unsure, False
        try:
            self._database.present()
            with self._database.writing() as db:
                ours = db.execute(_OURS, self._worker).all() if unsure else []
                self._database.in_turn(db, "adoption")  # who lives is asked before what is free
                adopted = db.execute(_ADOPT, self._worker | {"most": _AT_ONCE}).all()
            forget_calls(self._database)
        except MemoryFailed:
            self._unsure = True
            raise
        return _in_order([*ours, *adopted])

    def waiting(self) -> list[Taken]:
        """Every update not yet dealt with, in the order it came."""
        with self._database.reading() as db:
            return _in_order(db.execute(_WAITING).all())

    def holds(self, seq: int) -> bool:
        """Whether an update is still ours to deal with."""
        with self._database.reading() as db:
            return db.execute(_HELD, {"number": seq, **self._worker}).first() is not None

    def done(self, seq: int) -> list[Taken]:
        """An update is dealt with; its words are forgotten, its id is not. Gives what others took in
        meanwhile and left to us."""
        return self._end(seq, {"ended": "done", "words": "", "why": ""})

    def park(self, seq: int, problem: str) -> list[Taken]:
        """Set an update aside that cannot be understood, so that the next one gets its turn. Its form
        stays for whoever looks into it, its words do not."""
        with self._database.reading() as db:
            body = json.loads(db.scalar(_BODY, {"number": seq}) or "{}")
        return self._end(seq, {"ended": "parked", "words": json.dumps(shape(body)), "why": problem})

    def _end(self, seq: int, how: dict[str, str]) -> list[Taken]:
        try:
            with self._database.writing() as db:
                ended = db.execute(_END, {"number": seq, **how, **self._worker}).first()
                rest: Sequence[Row[Any]] = ()
                if self.shared and ended:
                    self._database.in_turn(db, ended.lane)
                    rest = db.execute(_REST_OF_LANE, {"its": ended.lane, **self._worker}).all()
            if ended and ended.update_id in self._erasing:
                self._erasing.discard(ended.update_id)
                self._scrub(True)
            return _in_order(rest)
        except MemoryFailed:
            self._unsure = self.shared
            raise

    # Replies on their way

    def send(self, update_id: int) -> Send | None:
        with self._database.reading() as db:
            row = db.execute(_SEND, {"number": update_id}).first()
        return Send(row.state, row.answer, row.message) if row else None

    def sending(self, update_id: int, chat: int, answer: int | None) -> None:
        """Raises ClaimLost where another process deals with the update."""
        row = {
            "update_id": update_id,
            "chat": self.named(chat),
            "state": "sending",
            "answer": answer,
        }
        with self._database.writing() as db:
            if (
                self.shared
                and not db.execute(_CLAIM, {"number": update_id, **self._worker}).first()
            ):
                raise ClaimLost(f"update {update_id} is another process's")
            db.execute(_MARK, row | {"message": None, "at": self.clock()})

    def not_sent(self, update_id: int) -> None:
        """Telegram said no, or was never reached: the reply is still to be sent."""
        with self._database.writing() as db:
            db.execute(_NOT_SENT, {"number": update_id})

    def sent(self, update_id: int, message: int | None, state: SendState = "sent") -> None:
        row = {"number": update_id, "shown": message, "now": self.clock(), "how": state}
        with self._database.writing() as db:
            db.execute(_SENT, row)
            db.execute(_ANSWERED, row)


def _in_order(rows: Sequence[Row[Any]]) -> list[Taken]:
    return [
        Taken(row.seq, row.update_id, row.received, json.loads(row.body))
        for row in sorted(rows, key=lambda row: int(row.seq))
    ]


def _date_of(update: dict[str, Any]) -> int:
    """When Telegram says that a message was written or edited; 0 where it does not."""
    for kind in ("message", "edited_message"):
        message = update.get(kind)
        if isinstance(message, dict):
            date = message.get("edit_date") or message.get("date")
            return date if isinstance(date, int) and 0 < date < 1 << 40 else 0
    return 0


# The statements, made once: making one takes three times as long as SQLite takes to run it

_NUMBER: BindParameter[int] = bindparam("number")
_WORKER: BindParameter[int] = bindparam("worker")
_NEW = INBOX.c.state == "new"
_MINE = and_(_NEW, INBOX.c.owner.is_not_distinct_from(_WORKER))
_NOT_MINE = and_(_NEW, INBOX.c.owner.is_distinct_from(_WORKER))

_TAKE = text(
    "INSERT INTO inbox (update_id, received, body, lane, owner)"
    " VALUES (:number, :received, :body, :lane, :worker) ON CONFLICT DO NOTHING RETURNING seq"
)
_OTHERS_WAIT = select(INBOX.c.seq).where(INBOX.c.lane == bindparam("its"), _NOT_MINE).limit(1)
_REST_OF_LANE = (
    update(INBOX)
    .where(INBOX.c.lane == bindparam("its"), _NOT_MINE)
    .values(owner=_WORKER)
    .returning(*INBOX.c)
)
_WAITING = select(INBOX).where(_NEW)
_OURS = select(INBOX).where(_MINE)
_HELD = select(INBOX.c.seq).where(INBOX.c.seq == _NUMBER, _MINE)
# a process that adopts leaves alone what is just being marked
_CLAIM = select(INBOX.c.seq).where(INBOX.c.update_id == _NUMBER, _MINE).with_for_update()
_END = (
    update(INBOX)
    .where(INBOX.c.seq == _NUMBER, _MINE)
    .values(
        state=bindparam("ended"),
        body=bindparam("words"),
        problem=bindparam("why"),
    )
    .returning(INBOX.c.lane, INBOX.c.update_id)
)
# the first update of each lane whose owner is gone; the rest of the lane follows when it is done
_ADOPT = text(
    f"WITH living AS MATERIALIZED ({LIVING}), heads AS MATERIALIZED ("
    " SELECT seq FROM inbox WHERE state = 'new'"
    " AND (owner IS NULL OR owner NOT IN (SELECT number FROM living))"
    " AND NOT EXISTS (SELECT 1 FROM inbox AS earlier WHERE earlier.state = 'new'"
    "  AND earlier.lane = inbox.lane AND earlier.seq < inbox.seq)"
    " ORDER BY seq LIMIT :most FOR UPDATE SKIP LOCKED)"
    " UPDATE inbox SET owner = :worker FROM heads WHERE inbox.seq = heads.seq RETURNING inbox.*"
)
_TIME_TOLD = select(FACTS.c.value).where(FACTS.c.name == _TOLD)
_TELL = text(f"{put(FACTS)} WHERE CAST(facts.value AS BIGINT) < CAST(excluded.value AS BIGINT)")
_OLD = and_(INBOX.c.state != "new", INBOX.c.received < bindparam("before"))
_FORGET_SENDS = delete(SENDS).where(SENDS.c.update_id.in_(select(INBOX.c.update_id).where(_OLD)))
_FORGET_UPDATES = delete(INBOX).where(_OLD)
_FORGET_ANSWERS = (  # of several processes one is given each row: none is counted twice
    delete(ANSWERS)
    .where(ANSWERS.c.asked < bindparam("before"))
    .returning(*(ANSWERS.c[name] for name in ("asked", "kind", "outcome", "thumb", "fleeting")))
)
_FORGET_FLEETING = delete(ANSWERS).where(
    ANSWERS.c.fleeting == 1, ANSWERS.c.asked < bindparam("before")
)
_ADD = text(
    "INSERT INTO counts (day, outcome, questions, up, down)"
    " VALUES (:day, :outcome, :questions, :up, :down) ON CONFLICT (day, outcome) DO UPDATE SET"
    " questions = counts.questions + excluded.questions, up = counts.up + excluded.up,"
    " down = counts.down + excluded.down"
)
_BODY = select(INBOX.c.body).where(INBOX.c.seq == _NUMBER)
_FORGET_ALBUMS = delete(ALBUMS).where(ALBUMS.c.at < bindparam("before"))

_SEND = select(SENDS).where(SENDS.c.update_id == _NUMBER)
_MARK = put(SENDS)
_NOT_SENT = delete(SENDS).where(SENDS.c.update_id == _NUMBER)
_SENT = (
    update(SENDS)
    .where(SENDS.c.update_id == _NUMBER)
    .values(state=bindparam("how"), message=bindparam("shown"))
)
_RECEIVED = select(INBOX.c.received).where(INBOX.c.update_id == _NUMBER).scalar_subquery()
_TOOK: ColumnElement[float] = bindparam("now") - func.coalesce(_RECEIVED, ANSWERS.c.asked)
_ANSWERED = (
    update(ANSWERS)
    .where(
        ANSWERS.c.id == select(SENDS.c.answer).where(SENDS.c.update_id == _NUMBER).scalar_subquery()
    )
    .values(
        message=func.coalesce(bindparam("shown"), ANSWERS.c.message),
        sent=bindparam("now"),
        # a clock that jumped in between tells nothing
        seconds=case((and_(_TOOK >= 0, _TOOK < _REMEMBER_UPDATES), _TOOK)),
    )
)
