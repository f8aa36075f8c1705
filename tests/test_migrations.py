"""A memory of whatever version is taken over without loss, or refused."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import bot.database
from bot.database.connection import open_database
from bot.database.naming import Key
from bot.database.tables import METADATA, VERSION
from bot.delivery.state import State
from bot.delivery.stored import dump_answer
from knowledge.errors import StorageFailed
from tests.conftest import Clock
from tests.personal import found_in
from tests.test_state import ANSWER, keep

# as version 0.1.0 wrote it, before there were migrations
FIRST = """
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
PRAGMA user_version = 1;
"""


def first_version(file: Path, now: float) -> None:
    """A file as the first version left it, with something in each table."""
    db = sqlite3.connect(file)
    db.executescript(FIRST)
    db.executemany(
        "INSERT INTO inbox (update_id, received, state, body) VALUES (?, ?, ?, ?)",
        [(5, now, "done", ""), (6, now, "new", '{"update_id": 6, "a": "ă"}')],
    )
    db.execute("INSERT INTO sends VALUES (5, 7, 'sent', 3, 100, ?)", (now,))
    db.execute(
        "INSERT INTO answers VALUES (3, 7, 8, 'question', 1, 100, ?, ?, 0.5, 'answered',"
        " '[\"trước\"]', '{\"a.md\": \"f\"}', ?, -1, 'd')",
        (now, now, dump_answer(ANSWER)),
    )
    db.execute("INSERT INTO chats VALUES (7, 'en')")
    db.execute("INSERT INTO albums VALUES (7, 'x', 5, ?)", (now,))
    db.execute("INSERT INTO facts VALUES ('generation told of', 'g')")
    db.commit()
    db.close()


def test_a_file_of_the_first_version_is_taken_over_without_loss(file: Path, clock: Clock) -> None:
    """Updates that wait, marks, answers, choices, facts; and numbers go on where they were."""
    first_version(file, clock.now)
    for _ in range(2):  # the second time there is nothing left to do
        state = State(file, clock)
        (waiting,) = state.adopt()
        assert (waiting.seq, waiting.body) == (2, {"update_id": 6, "a": "ă"})
        assert state.take([{"update_id": 5}]) == []
        mark = state.send(5)
        assert mark is not None
        assert (mark.state, mark.answer, mark.message) == ("sent", 3, 100)
        kept = state.kept(3, 7)
        assert kept is not None
        assert (kept.answer, kept.turns, kept.hashes) == (ANSWER, ("trước",), {"a.md": "f"})
        assert (kept.message, kept.thumb) == (100, -1)
        assert [one.id for one in state.recent(7, 8, 0)] == [3]
        assert state.stats(0).reasons == {"d": 1}
        assert state.language(7) == "en"
        assert state.fact("generation told of") == "g"
        state.close()
    state = State(file, clock)
    assert state.take([{"update_id": 8}])[0].seq > waiting.seq
    assert state.keep(ANSWER, chat=1, user=1, question_message=1, asked=clock.now).id == 4
    state.close()


def test_what_the_first_version_knew_of_people_is_gone_from_the_file(
    file: Path, clock: Clock
) -> None:
    """Ids are renamed, questions masked, parked updates lose their words; no page keeps the old."""
    first_version(file, clock.now)
    db = sqlite3.connect(file)
    asked = "Tôi tên Lò Thị Mẩy, số điện thoại 0987123654, học phí bao nhiêu?"
    body = dump_answer(replace(ANSWER, question=asked, understood=asked))
    db.execute(
        "UPDATE answers SET body = ?, turns = ?, chat = 7311942000517", (body, json.dumps([asked]))
    )
    db.execute("INSERT INTO inbox (update_id, received, state, body) VALUES (9, 0, 'parked', ?)",
               (json.dumps({"update_id": 9, "text": asked}),))  # fmt: skip
    db.commit()
    db.close()
    state = State(file, clock)
    kept = state.kept(3, 7311942000517)
    assert kept is not None
    assert kept.answer.question == "Tôi tên [tên], số điện thoại [điện thoại], học phí bao nhiêu?"
    assert kept.turns == (kept.answer.question,)
    secrets: list[str | int] = ["Lò Thị Mẩy", "0987123654", 7311942000517]
    assert found_in(file.parent, secrets) == []
    state.close()


def test_what_the_third_version_took_a_message_for_is_masked(
    state: State, place: Path | str, key: Key
) -> None:
    """It was kept in the person's own words, beside their masked question."""
    kept = keep(state)
    asked = dump_answer(replace(ANSWER, meant="Tôi tên Lò Thị Mẩy, học phí bao nhiêu?"))
    with state._database.writing() as db:
        db.execute(text("UPDATE answers SET body = :body"), {"body": asked})
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '3'")
    state.close()
    state = State(place, key=key)
    told = state.kept(kept, 7)
    assert told is not None
    assert told.answer.meant == "Tôi tên [tên], học phí bao nhiêu?"
    assert told.answer.quotes == ANSWER.quotes
    state.close()


def test_a_later_versions_memory_is_refused_with_one_line(
    state: State, place: Path | str, key: Key
) -> None:
    """And left as it is: whoever installed an old version by mistake loses nothing."""
    state.take([{"update_id": 5}])
    with state._database.writing() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '99'")
    for _ in range(2):
        with pytest.raises(StorageFailed, match="mới hơn") as refused:
            State(place, key=key)
        assert "\n" not in str(refused.value)
    assert len(state.waiting()) == 1


def test_a_file_whose_own_count_is_later_is_refused_too(file: Path, clock: Clock) -> None:
    first_version(file, clock.now)
    db = sqlite3.connect(file)
    db.execute("PRAGMA user_version = 7")
    db.close()
    with pytest.raises(StorageFailed, match="mới hơn"):
        State(file)


def test_a_migration_that_fails_changes_nothing(
    file: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is as it was, and the next start takes it over."""
    first_version(file, clock.now)

    def broken(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.operations.Operations.create_table", broken)
        with pytest.raises(RuntimeError):
            State(file, clock)
    state = State(file, clock)
    assert len(state.waiting()) == 1
    state.close()


def test_migrations_lead_to_the_tables_of_this_version(place: Path | str, key: Key) -> None:
    """Those that the statements are written for, in both databases; and all are shipped."""
    database = open_database(place, key)
    with database.reading() as db:
        assert compare_metadata(MigrationContext.configure(db), METADATA) == []
    database.close()
    folder = Path(bot.database.__file__).parent / "migrations"
    scripts = ScriptDirectory(str(folder))
    assert scripts.get_current_head() == VERSION
