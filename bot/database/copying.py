"""The whole memory from one database into another one that is empty: for backups, and to move."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from bot.database.connection import Database
from bot.database.postgres import LIVING
from bot.database.tables import ANSWERS, CALLS, FACTS, INBOX, METADATA

_AT_ONCE = 500  # rows
_KEPT = [table for table in METADATA.sorted_tables if table is not CALLS]
# numbers are never given twice, also not those of rows that are erased: buttons carry them
_NUMBERED = ((INBOX, "seq"), (ANSWERS, "id"))


def copy(source: Database, target: Database) -> None:
    """Every row as of one moment, all or none. Raises MemoryFailed."""
    with source.writing() as old, target.writing() as new:
        if old.dialect.name == "postgresql":
            old.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            old.execute(text("SET LOCAL statement_timeout = 0"))
        new.execute(delete(FACTS))  # what it noted of itself when it was made
        for table in _KEPT:
            for rows in _batches(old, table):
                new.execute(insert(table), rows)
        for table, column in _NUMBERED:
            _go_on_after(new, table, column, _last(old, table, column))


def _batches(db: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    rows = db.execute(select(table)).mappings()
    owner = {"owner": None} if table is INBOX else {}  # whoever dealt with it is not here
    while some := rows.fetchmany(_AT_ONCE):
        yield [dict(row) | owner for row in some]


def is_empty(database: Database) -> bool:
    """Whether nothing of people is kept: what the bot noted of itself does not count."""
    with database.reading() as db:
        return not any(
            db.scalar(select(func.count()).select_from(table))
            for table in _KEPT
            if table.name in ("inbox", "sends", "answers", "chats")
        )


def others(database: Database) -> int:
    """How many other processes have the memory in use, where several may share it."""
    if database.worker is None:
        return 0
    with database.reading() as db:
        found = db.execute(text(LIVING)).scalars().all()
    return len([number for number in found if number != database.worker])


def _last(db: Connection, table: Table, column: str) -> int:
    """The highest number that a row was ever given."""
    if db.dialect.name == "sqlite":
        asked = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return int(db.scalar(asked, {"table": table.name}) or 0)
    sequence = db.scalar(_SEQUENCE, {"table": table.name, "column": column})
    given = db.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
    return int(given.last_value) if given.is_called else 0


def _go_on_after(db: Connection, table: Table, column: str, last: int) -> None:
    if not last:
        return
    if db.dialect.name == "sqlite":
        named = {"table": table.name, "last": last}
        db.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), named)
        db.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), named)
    else:
        sequence = db.scalar(_SEQUENCE, {"table": table.name, "column": column})
        db.execute(text("SELECT setval(CAST(:name AS regclass), :last)"),
                   {"name": sequence, "last": last})  # fmt: skip


_SEQUENCE = text("SELECT pg_get_serial_sequence(:table, :column)")
