"""Several processes may share the memory: whose an update is, and after which it comes."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Double, Integer, Text, text

revision = "2"
down_revision = "1"

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    op.add_column("inbox", Column("lane", Text, nullable=False, server_default=""))
    op.add_column("inbox", Column("owner", _NUMBER))
    op.drop_index("inbox_new", "inbox")
    new = text("state = 'new'")
    op.create_index("inbox_new", "inbox", ["lane", "seq"], sqlite_where=new, postgresql_where=new)
    op.execute("DELETE FROM sends WHERE update_id NOT IN (SELECT update_id FROM inbox)")
    op.create_table(
        "calls",
        Column("id", _NUMBER, primary_key=True),
        Column("chat", _NUMBER, nullable=False),
        Column("owner", _NUMBER, nullable=False),
        Column("began", Double, nullable=False),
        Column("ended", Double),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE calls SET UNLOGGED")  # of the last minute: nothing to keep
