"""A database brought to the tables of this version, whichever version made it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.database.tables import VERSION
from knowledge.errors import StorageFailed

_MIGRATIONS = Path(__file__).parent / "migrations"
_LATER = (
    "Bộ nhớ của bot do một bản cdsbot mới hơn ghi (phiên bản {found}, bản này biết tới {known}): hãy "
    "cài bản mới hơn, hoặc chép lại bản sao lưu cũ."
)


def bring_up_to_date(db: Connection, before_migrations: str = "") -> None:
    """Within the transaction of `db`; raises StorageFailed where a later version has been at it.

    `before_migrations` is the version of a database whose tables are there without Alembic's own.
    """
    found = _version(db) or before_migrations
    if found == VERSION:
        return
    if found and not (found.isdecimal() and int(found) < int(VERSION)):
        raise StorageFailed(_LATER.format(found=found, known=VERSION))
    from alembic import command  # slow to import, and seldom needed
    from alembic.config import Config

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    if before_migrations and not _version(db):
        command.stamp(config, before_migrations)
    command.upgrade(config, VERSION)


def _version(db: Connection) -> str:
    """The migration that was applied last; "" where there was none."""
    if not inspect(db).has_table("alembic_version"):
        return ""
    return str(db.scalar(text("SELECT version_num FROM alembic_version")) or "")
