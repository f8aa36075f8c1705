"""The tables of the bot's memory as they are now; `migrations` has how they came to be so.

Chats and people are named as `bot.database.naming` does. Only the bodies of updates that wait for their
reply tell who they are.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TextClause,
    text,
)

VERSION = "4"  # the newest migration; a test holds it against the files
METADATA = MetaData()
# in SQLite only INTEGER numbers rows by itself, and holds 64 bits anyway
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

INBOX = Table(
    "inbox",
    METADATA,
    Column("seq", _NUMBER, primary_key=True),
    Column("update_id", _NUMBER, nullable=False, unique=True),
    Column("received", Double, nullable=False),
    Column("state", Text, nullable=False, server_default="new"),  # new, done, parked
    Column("body", Text, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
    Column("lane", Text, nullable=False, server_default=""),  # updates of one keep their order
    Column("owner", _NUMBER),  # the process that deals with it, where several share the memory
    sqlite_autoincrement=True,
)
Index("inbox_new", INBOX.c.lane, INBOX.c.seq, sqlite_where=text("state = 'new'"),
      postgresql_where=text("state = 'new'"))  # fmt: skip

SENDS = Table(
    "sends",
    METADATA,
    Column("update_id", _NUMBER, primary_key=True, autoincrement=False),
    Column("chat", _NUMBER, nullable=False),
    Column("state", Text, nullable=False),  # sending, sent, failed
    Column("answer", _NUMBER),
    Column("message", _NUMBER),
    Column("at", Double, nullable=False),
)

ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", _NUMBER, primary_key=True),
    Column("chat", _NUMBER, nullable=False),
    Column("user", _NUMBER, nullable=False),
    Column("kind", Text, nullable=False),  # question, search
    Column("question_message", _NUMBER, nullable=False),
    Column("message", _NUMBER),
    Column("asked", Double, nullable=False),
    Column("sent", Double),
    Column("seconds", Double),
    Column("outcome", Text, nullable=False),
    Column("turns", Text, nullable=False),
    Column("hashes", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("thumb", Integer),
    Column("reason", Text),
    Column("fleeting", Integer, nullable=False, server_default="0"),  # kept for its buttons only
    Index("answers_question", "chat", "question_message"),
    Index("answers_message", "chat", "message"),
    Index("answers_asked", "asked"),
    sqlite_autoincrement=True,
)

CHATS = Table(
    "chats",
    METADATA,
    Column("chat", _NUMBER, primary_key=True, autoincrement=False),
    Column("language", Text, nullable=False),  # "": not chosen
    Column("told", Integer, nullable=False, server_default="0"),  # what is kept, and why
    Column("stored", Integer, nullable=False, server_default="1"),  # 0: they do not want it
)

ALBUMS = Table(
    "albums",
    METADATA,
    Column("chat", _NUMBER, primary_key=True, autoincrement=False),
    Column("album", Text, primary_key=True),
    Column("update_id", _NUMBER, nullable=False),
    Column("at", Double, nullable=False),
)

FACTS = Table(
    "facts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

COUNTS = Table(  # what is left of questions that are too old to be kept
    "counts",
    METADATA,
    Column("day", Text, primary_key=True),  # ISO 8601, Vietnam's
    Column("outcome", Text, primary_key=True),
    Column("questions", Integer, nullable=False),
    Column("up", Integer, nullable=False),
    Column("down", Integer, nullable=False),
)

CALLS = Table(  # to Telegram, of the last minute: processes that share the memory share its limits
    "calls",
    METADATA,
    Column("id", _NUMBER, primary_key=True),
    Column("chat", _NUMBER, nullable=False),
    Column("owner", _NUMBER, nullable=False),
    Column("began", Double, nullable=False),
    Column("ended", Double),  # none: on its way
)


def put(table: Table) -> TextClause:
    """INSERT of a whole row, in place of the one with its key.

    Both databases spell ON CONFLICT alike; SQLAlchemy has a class of its own for each.
    """
    names = [column.name for column in table.columns]
    keys = ", ".join(column.name for column in table.primary_key)
    others = [column.name for column in table.columns if not column.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return text(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES (:{', :'.join(names)})"
        f" ON CONFLICT ({keys}) DO UPDATE SET {changes}"
    )
