"""What a message was taken for is masked, as the message is."""

from __future__ import annotations

import json

from alembic import op
from sqlalchemy import text

from bot.watching.nameless import nameless_fields

revision = "4"
down_revision = "3"

_AT_ONCE = 500  # rows


def upgrade() -> None:
    db, last = op.get_bind(), 0
    some = text(f"SELECT id, body FROM answers WHERE id > :last ORDER BY id LIMIT {_AT_ONCE}")
    change = text("UPDATE answers SET body = :body WHERE id = :id")
    while rows := db.execute(some, {"last": last}).all():
        last = rows[-1].id
        masked = ((row.id, nameless_fields(json.loads(row.body))) for row in rows)
        db.execute(
            change,
            [{"id": one, "body": json.dumps(body, ensure_ascii=False)} for one, body in masked],
        )
