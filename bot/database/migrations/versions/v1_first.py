"""The tables as the first version made them, before there were migrations."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Double, Integer, Text, text

revision = "1"
down_revision = None

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


# longer than a screen: the tables, one after the other
def upgrade() -> None:
    op.create_table(
        "inbox",
        Column("seq", _NUMBER, primary_key=True),
        Column("update_id", _NUMBER, nullable=False, unique=True),
        Column("received", Double, nullable=False),
        Column("state", Text, nullable=False, server_default="new"),
        Column("body", Text, nullable=False),
        Column("problem", Text, nullable=False, server_default=""),
        sqlite_autoincrement=True,
    )
    new = text("state = 'new'")
    op.create_index("inbox_new", "inbox", ["seq"], sqlite_where=new, postgresql_where=new)
    op.create_table(
        "sends",
        Column("update_id", _NUMBER, primary_key=True, autoincrement=False),
        Column("chat", _NUMBER, nullable=False),
        Column("state", Text, nullable=False),
        Column("answer", _NUMBER),
        Column("message", _NUMBER),
        Column("at", Double, nullable=False),
    )
    op.create_table(
        "answers",
        Column("id", _NUMBER, primary_key=True),
        Column("chat", _NUMBER, nullable=False),
        Column("user", _NUMBER, nullable=False),
        Column("kind", Text, nullable=False),
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
        sqlite_autoincrement=True,
    )
    op.create_index("answers_question", "answers", ["chat", "question_message"])
    op.create_index("answers_message", "answers", ["chat", "message"])
    op.create_index("answers_asked", "answers", ["asked"])
    op.create_table(
        "chats",
        Column("chat", _NUMBER, primary_key=True, autoincrement=False),
        Column("language", Text, nullable=False),
    )
    op.create_table(
        "albums",
        Column("chat", _NUMBER, primary_key=True, autoincrement=False),
        Column("album", Text, primary_key=True),
        Column("update_id", _NUMBER, nullable=False),
        Column("at", Double, nullable=False),
    )
    op.create_table(
        "facts",
        Column("name", Text, primary_key=True),
        Column("value", Text, nullable=False),
    )
