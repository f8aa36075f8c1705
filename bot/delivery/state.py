"""What must outlive a restart: updates taken in, answers, feedback, choices."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    text,
    update,
)

from bot.database.connection import MemoryFailed, open_database
from bot.database.naming import Key
from bot.database.tables import ALBUMS, ANSWERS, CHATS, COUNTS, FACTS, INBOX, SENDS, put
from bot.delivery.stored import dump_answer, load_answer
from bot.delivery.updates import KEEP_DAYS, Updates
from bot.records import Asked, Clock, Counted, Day, Kept, Stats
from bot.watching.nameless import nameless, nameless_turns
from index.question.understand import TURNS
from index.result import Answer
from knowledge.calendar import VIETNAM, day_at


class State(Updates):
    """The bot's memory. Thread-safe; each call is one transaction, and raises MemoryFailed where it
    cannot be done."""

    def __init__(
        self,
        place: Path | str,
        clock: Clock = time.time,
        key: Key | None = None,
        keep_days: int = KEEP_DAYS,
    ) -> None:
        """`place` is an SQLite file or the address of a PostgreSQL. The file's key lies beside it
        unless it is given; with an address it has to be."""
        super().__init__(open_database(place, key), clock, keep_days)

    def close(self) -> None:
        self._database.close()

    def problem(self) -> str:
        """What keeps answers from being remembered, as the database says it; "" where nothing does.

        Waits as long as writing does.
        """
        try:
            self.set_fact("written", str(self.clock()))
        except MemoryFailed as error:
            return str(error)
        return self._database.problem()

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
    ) -> Kept:
        """Remember an answer before it is sent; the id is what its buttons carry.

        The words that are given back are those of the question; what is kept of them is masked. It
        is kept for its buttons only where the chat or the person wants nothing stored.
        """
        named = {"chat": self.named(chat), "user": self.named(user)}
        whose = {**named, "kind": kind, "question_message": question_message}
        hashes = hashes or {}
        row = {**whose, "asked": asked, **_columns(answer, turns, hashes)}
        with self._database.writing() as db:
            self._forget_old(db)
            db.execute(_FORGET_UNSENT, {"in_chat": named["chat"], "to": question_message})
            fleeting = int(db.execute(_UNWANTED, named).first() is not None)
            number = int(db.execute(_KEEP, row | {"fleeting": fleeting}).scalar_one())
        return Kept(number, chat, kind, question_message, None, answer, tuple(turns), hashes, None)

    def revise(
        self, answer_id: int, answer: Answer, turns: Sequence[str], hashes: dict[str, str]
    ) -> None:
        """The question was edited: its answer changes in place, and old thumbs no longer count."""
        changes = _columns(answer, turns, hashes)
        self._change_answer(answer_id, thumb=None, reason=None, **changes)

    def kept(self, answer_id: int, chat: int) -> Kept | None:
        """The answer of this number, where it was given in this chat."""
        return self._kept(_BY_NUMBER, chat, number=answer_id)

    def answer_to(self, chat: int, question_message: int) -> Kept | None:
        """The answer that was given to this message of the chat."""
        return self._kept(_BY_QUESTION, chat, shown=question_message)

    def answer_shown(self, chat: int, message: int) -> Kept | None:
        """The answer that this message of ours shows."""
        return self._kept(_BY_MESSAGE, chat, shown=message)

    def recent(self, chat: int, user: int, since: float, limit: int = TURNS) -> list[Kept]:
        """The last answers to a person's questions in a chat, oldest first."""
        who = self.named(user)
        return self._all_kept(_BY_PERSON, chat, user=who, since=since, most=limit)[::-1]

    def _kept(self, which: Select[tuple[object, ...]], chat: int, **values: int) -> Kept | None:
        return next(iter(self._all_kept(which, chat, **values, most=1)), None)

    def _all_kept(
        self, which: Select[tuple[object, ...]], chat: int, **values: float
    ) -> list[Kept]:
        with self._database.reading() as db:
            rows = db.execute(which, values | {"chat": self.named(chat)}).all()
        return [
            Kept(
                id=row.id,
                chat=chat,
                kind=row.kind,
                question_message=row.question_message,
                message=row.message,
                answer=load_answer(row.body),
                turns=tuple(json.loads(row.turns)),
                hashes=json.loads(row.hashes),
                thumb=row.thumb,
            )
            for row in rows
        ]

    def shown_in(self, answer_id: int, message: int) -> None:
        """Another message shows this answer now: replies to it and edits go there."""
        self._change_answer(answer_id, message=message)

    def _change_answer(self, answer_id: int, **changes: object) -> None:
        with self._database.writing() as db:
            db.execute(update(ANSWERS).where(ANSWERS.c.id == answer_id).values(**changes))

    # Feedback, and what the administrators read

    def thumb(self, answer_id: int, up: bool) -> None:
        self._change_answer(answer_id, thumb=1 if up else -1, reason=None)

    def reason(self, answer_id: int, reason: str) -> None:
        self._change_answer(answer_id, thumb=-1, reason=reason)

    def stats(self, since: float) -> Stats:
        asked = ANSWERS.c.asked
        with self._database.reading() as db:
            rows = db.execute(
                select(
                    asked, *(ANSWERS.c[name] for name in ("outcome", "seconds", "thumb", "reason"))
                )
                .where(_COUNTED, asked >= since)
                .order_by(asked)
            ).all()
        days: dict[str, list[bool]] = {}
        reasons: dict[str, int] = {}
        for row in rows:
            day = day_at(row.asked).isoformat()
            days.setdefault(day, []).append(row.outcome in ("answered", "uncertain"))
            if row.reason:
                reasons[row.reason] = reasons.get(row.reason, 0) + 1
        seconds = sorted(row.seconds for row in rows if row.seconds is not None)
        return Stats(
            tuple(Day(day, len(answers), sum(answers)) for day, answers in days.items()),
            seconds[len(seconds) // 2] if seconds else 0.0,
            sum(row.thumb == 1 for row in rows),
            sum(row.thumb == -1 for row in rows),
            reasons,
        )

    def asked(self, since: float) -> Iterator[Asked]:
        """Every question since then, oldest first; a few at a time, so that nobody waits for all."""
        a, last = ANSWERS.c, 0
        while True:
            with self._database.reading() as db:
                rows = db.execute(
                    select(a.id, a.asked, a.seconds, a.thumb, a.reason, a.body)
                    .where(_COUNTED, a.asked >= since, a.id > last)
                    .order_by(a.id)
                    .limit(200)
                ).all()
            if not rows:
                return
            last = rows[-1].id
            for row in rows:
                yield Asked(row.asked, row.seconds, row.thumb, row.reason or "",
                            load_answer(row.body))  # fmt: skip

    def unanswered(self, since: float) -> list[str]:
        """Questions the documents did not answer, masked, newest first."""
        failed = ANSWERS.c.outcome.in_(("absent", "nonexistent"))
        with self._database.reading() as db:
            bodies = db.scalars(
                select(ANSWERS.c.body)
                .where(_COUNTED, ANSWERS.c.asked >= since, failed)
                .order_by(ANSWERS.c.id.desc())
                .limit(500)
            ).all()
        return [load_answer(body).question for body in bodies]

    def counted(self, since: str) -> list[Counted]:
        """What is left of the days from `since` (ISO 8601) on whose questions are no longer kept."""
        with self._database.reading() as db:
            rows = db.execute(select(COUNTS).where(COUNTS.c.day >= since)).all()
        return [Counted(*row) for row in rows]

    # Chats

    def language(self, chat: int) -> str | None:
        with self._database.reading() as db:
            return db.scalar(_LANGUAGE, {"chat": self.named(chat)}) or None

    def set_language(self, chat: int, language: str) -> None:
        self._change_chat(chat, language=language)

    def told(self, chat: int) -> bool:
        """Whether a chat knows what is kept of it."""
        with self._database.reading() as db:
            return bool(db.scalar(_TOLD, {"chat": self.named(chat)}))

    def set_told(self, chat: int) -> None:
        self._change_chat(chat, told=1)

    def stored(self, chat: int) -> bool:
        """Whether questions are kept for statistics; they are, unless somebody said no."""
        with self._database.reading() as db:
            return (
                db.execute(_UNWANTED, dict.fromkeys(("chat", "user"), self.named(chat))).first()
                is None
            )

    def set_stored(self, chat: int, stored: bool) -> None:
        """From now on, and for what is kept already: what is not wanted goes with its buttons."""
        self._change_chat(chat, stored=int(stored))
        if not stored:
            with self._database.writing() as db:
                db.execute(update(ANSWERS).where(_whose(self.named(chat))).values(fleeting=1))

    def _change_chat(self, chat: int, **changes: str | int) -> None:
        name = self.named(chat)
        with self._database.writing() as db:
            db.execute(_NEW_CHAT, {"chat": name})
            db.execute(update(CHATS).where(CHATS.c.chat == name).values(**changes))

    def exported(self, chat: int) -> dict[str, Any]:
        """All that is kept of a person or a group, as JSON takes it."""
        name = self.named(chat)
        with self._database.reading() as db:
            chosen = db.execute(select(CHATS).where(CHATS.c.chat == name)).first()
            rows = db.execute(select(ANSWERS).where(_whose(name)).order_by(ANSWERS.c.id)).all()
        return {
            "language": (chosen and chosen.language) or None,
            "stored": not chosen or bool(chosen.stored),
            "questions": [_exported(row) for row in rows],
        }

    def forget(self, chat: int, update_id: int | None = None) -> int:
        """Erase all that is kept about a person or a group; how many answers it was. `update_id` is
        the update that asks for it, whose own words go last. That somebody does not want anything
        stored is all that stays."""
        name = self.named(chat)
        with self._database.writing() as db:
            count = db.execute(delete(ANSWERS).where(_whose(name))).rowcount
            for table in (SENDS, ALBUMS):
                db.execute(delete(table).where(table.c.chat == name))
            db.execute(delete(CHATS).where(CHATS.c.chat == name, CHATS.c.stored == 1))
            # who wants nothing stored is not told again that it is
            db.execute(update(CHATS).where(CHATS.c.chat == name).values(language=""))
            marks = [f"menu of {name}", f"weekly report to {name}"]
            db.execute(delete(FACTS).where(FACTS.c.name.in_(marks)))
            lanes = [f"{kind} {name}" for kind in ("chat", "callback_query", "inline_query")]
            db.execute(
                update(INBOX)
                .where(INBOX.c.lane.in_(lanes), INBOX.c.state != "new")
                .values(lane="", body="")
            )
        if update_id is None:
            self._scrub(True)
        else:
            self._erasing.add(update_id)
        return count

    def first_of_album(self, chat: int, album: str, update_id: int) -> bool:
        """Whether this update is the one that speaks for its album; the same after a restart."""
        chat = self.named(chat)
        row = {"chat": chat, "album": album, "update_id": update_id, "at": self.clock()}
        with self._database.writing() as db:
            db.execute(_ALBUM, row)
            speaks = select(ALBUMS.c.update_id).where(
                ALBUMS.c.chat == chat, ALBUMS.c.album == album
            )
            return bool(db.scalar(speaks) == update_id)

    # Small facts, such as the last generation the administrators were told of

    def fact(self, name: str) -> str | None:
        with self._database.reading() as db:
            return db.scalar(_FACT, {"name": name})

    def set_fact(self, name: str, value: str) -> bool:
        """Whether it was otherwise before: of several processes, one is told so."""
        with self._database.writing() as db:
            return db.execute(_SET_FACT, {"name": name, "value": value}).first() is not None


def _whose(name: int) -> ColumnElement[bool]:
    """What is in a chat, or was asked by a person elsewhere."""
    return or_(ANSWERS.c.chat == name, ANSWERS.c.user == name)


def _exported(row: Row[Any]) -> dict[str, Any]:
    answer = load_answer(row.body)
    return {
        "asked": datetime.fromtimestamp(row.asked, VIETNAM).isoformat("T", "seconds"),
        "kind": row.kind,
        "question": answer.question,
        "questions before it": json.loads(row.turns),
        "outcome": row.outcome,
        "quotations": [
            {"document": quote.metadata.title, "number": quote.metadata.number,
             "section": quote.section, "text": quote.text}
            for quote in answer.quotes
        ],
        "thumb": {1: "up", -1: "down"}.get(row.thumb),
        "reason": row.reason,
        "only for its buttons": bool(row.fleeting),
    }  # fmt: skip


def _columns(answer: Answer, turns: Sequence[str], hashes: dict[str, str]) -> dict[str, str]:
    return {
        "outcome": answer.outcome,
        "turns": json.dumps(nameless_turns(turns)),
        "hashes": json.dumps(hashes),
        "body": dump_answer(nameless(answer)),
    }


def _newest(*which: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return select(ANSWERS).where(*which).order_by(ANSWERS.c.id.desc()).limit(bindparam("most"))


# The statements of every question, made once

_IN_CHAT = ANSWERS.c.chat == bindparam("chat")
_SHOWN = ANSWERS.c.message.is_not(None)
_BY_NUMBER = _newest(_IN_CHAT, ANSWERS.c.id == bindparam("number"))
_BY_QUESTION = _newest(_IN_CHAT, ANSWERS.c.question_message == bindparam("shown"), _SHOWN)
_BY_MESSAGE = _newest(_IN_CHAT, ANSWERS.c.message == bindparam("shown"))
_BY_PERSON = _newest(
    _IN_CHAT,
    ANSWERS.c.user == bindparam("user"),
    ANSWERS.c.kind == "question",
    ANSWERS.c.asked >= bindparam("since"),
    _SHOWN,
)
_COUNTED = and_(ANSWERS.c.kind == "question", ANSWERS.c.fleeting == 0)
_UNWANTED = (
    select(CHATS.c.chat)
    .where(CHATS.c.chat.in_((bindparam("chat"), bindparam("user"))), CHATS.c.stored == 0)
    .limit(1)
)
_KEEP = insert(ANSWERS).returning(ANSWERS.c.id)
# killed before sending: the attempt is replaced, not counted twice
_FORGET_UNSENT = delete(ANSWERS).where(
    ANSWERS.c.chat == bindparam("in_chat"),
    ANSWERS.c.question_message == bindparam("to"),
    ANSWERS.c.message.is_(None),
    ~exists().where(SENDS.c.answer == ANSWERS.c.id),
)
_LANGUAGE = select(CHATS.c.language).where(CHATS.c.chat == bindparam("chat"))
_TOLD = select(CHATS.c.told).where(CHATS.c.chat == bindparam("chat"))
_NEW_CHAT = text("INSERT INTO chats (chat, language) VALUES (:chat, '') ON CONFLICT DO NOTHING")
_ALBUM = text(
    "INSERT INTO albums (chat, album, update_id, at) VALUES (:chat, :album, :update_id, :at)"
    " ON CONFLICT DO NOTHING"
)
_FACT = select(FACTS.c.value).where(FACTS.c.name == bindparam("name"))
_SET_FACT = text(f"{put(FACTS)} WHERE facts.value != excluded.value RETURNING name")
