"""Chats and people go by keyed hashes, questions are masked, days that are over become counts."""

from __future__ import annotations

import json
from typing import Any

from alembic import context, op
from sqlalchemy import Column, Integer, Text, text

from bot.database.naming import Key
from bot.watching.nameless import nameless_fields, nameless_turns, shape

revision = "3"
down_revision = "2"

_AT_ONCE = 500  # rows


def upgrade() -> None:
    for name, default in (("told", "0"), ("stored", "1")):
        op.add_column("chats", Column(name, Integer, nullable=False, server_default=default))
    op.add_column("answers", Column("fleeting", Integer, nullable=False, server_default="0"))
    op.create_table(
        "counts",
        Column("day", Text, primary_key=True),
        Column("outcome", Text, primary_key=True),
        Column("questions", Integer, nullable=False),
        Column("up", Integer, nullable=False),
        Column("down", Integer, nullable=False),
    )
    key: Key = context.config.attributes["key"]
    _rename("sends", "update_id", key)
    _rename_answers(key)
    _rename_chats(key)
    _rename_lanes(key)
    op.execute("DELETE FROM albums")  # of the last day
    op.execute("DELETE FROM facts WHERE name LIKE 'menu of %'")  # they are sent again
    if op.get_context().dialect.name == "postgresql":
        op.execute("DELETE FROM calls")  # of the last minute


def _rename(table: str, number: str, key: Key) -> None:
    db = op.get_bind()
    rows = db.execute(text(f"SELECT {number} AS id, chat FROM {table}")).all()
    if rows:
        db.execute(
            text(f"UPDATE {table} SET chat = :chat WHERE {number} = :id"),
            [{"id": row.id, "chat": key.named(row.chat)} for row in rows],
        )


def _rename_answers(key: Key) -> None:
    db, last = op.get_bind(), 0
    some = text(
        'SELECT id, chat, "user", turns, body FROM answers WHERE id > :last ORDER BY id'
        f" LIMIT {_AT_ONCE}"
    )
    change = text(
        'UPDATE answers SET chat = :chat, "user" = :user, turns = :turns, body = :body WHERE id = :id'
    )
    while rows := db.execute(some, {"last": last}).all():
        last = rows[-1].id
        db.execute(change, [
            {
                "id": row.id, "chat": key.named(row.chat), "user": key.named(row.user),
                "turns": json.dumps(nameless_turns(json.loads(row.turns))),
                "body": json.dumps(nameless_fields(json.loads(row.body)), ensure_ascii=False),
            }
            for row in rows
        ])  # fmt: skip


def _rename_chats(key: Key) -> None:
    db = op.get_bind()
    rows = db.execute(text("SELECT chat, language FROM chats")).all()
    op.execute("DELETE FROM chats")
    if rows:
        db.execute(
            text("INSERT INTO chats (chat, language) VALUES (:chat, :language)"),
            [{"chat": key.named(row.chat), "language": row.language} for row in rows],
        )


def _rename_lanes(key: Key) -> None:
    db = op.get_bind()
    rows = db.execute(text("SELECT seq, state, lane, body FROM inbox")).all()
    if rows:
        db.execute(
            text("UPDATE inbox SET lane = :lane, body = :body WHERE seq = :seq"),
            [{"seq": row.seq, "lane": _lane(row.lane, key), "body": _body(row)} for row in rows],
        )


def _lane(lane: str, key: Key) -> str:
    kind, _, number = lane.partition(" ")
    return f"{kind} {key.named(int(number))}" if number else ""


def _body(row: Any) -> str:
    return (
        json.dumps(shape(json.loads(row.body))) if row.state == "parked" and row.body else row.body
    )
