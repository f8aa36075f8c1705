"""A database brought to the tables of this version, whichever version made it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

from bot.database.naming import Key
from bot.database.tables import ANSWERS, CHATS, FACTS, INBOX, VERSION, put
from knowledge.errors import StorageFailed

_MIGRATIONS = Path(__file__).parent / "migrations"
_LATER = (
    "Bộ nhớ của bot do một bản cdsbot mới hơn ghi (phiên bản {found}, bản này biết tới {known}): hãy "
    "cài bản mới hơn, hoặc chép lại bản sao lưu cũ."
)


_OTHER_KEY = (
    "Tệp khóa {file} không có hoặc không phải của bộ nhớ này: hãy chép lại tệp ấy từ bản sao lưu, hoặc từ "
    "máy khác đang chạy cùng bot."
)
_KEY = "key"


def bring_up_to_date(db: Connection, key: Key, before_migrations: str = "") -> bool:
    """Within the transaction of `db`; whether anything had to be done. Raises StorageFailed where a
    later version has been at it, or one with another key.

    `before_migrations` is the version of a database whose tables are there without Alembic's own.
    """
    migrated = _migrated(db, key, before_migrations)
    known = db.scalar(select(FACTS.c.value).where(FACTS.c.name == _KEY))
    if known and not (key.exists() and key.fingerprint == known) and _names_somebody(db):
        raise StorageFailed(_OTHER_KEY.format(file=key.file))
    if known != key.fingerprint:
        db.execute(put(FACTS), {"name": _KEY, "value": key.fingerprint})
    return migrated


def _names_somebody(db: Connection) -> bool:
    counted = (select(func.count()).select_from(table) for table in (INBOX, ANSWERS, CHATS))
    return any(db.scalar(count) for count in counted)


def _migrated(db: Connection, key: Key, before_migrations: str) -> bool:
    found = _version(db) or before_migrations
    if found == VERSION:
        return False
    if found and not (found.isdecimal() and int(found) < int(VERSION)):
        raise StorageFailed(_LATER.format(found=found, known=VERSION))
    from alembic import command  # slow to import, and seldom needed
    from alembic.config import Config

    config = Config(attributes={"connection": db, "key": key})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    if before_migrations and not _version(db):
        command.stamp(config, before_migrations)
    command.upgrade(config, VERSION)
    return True


def _version(db: Connection) -> str:
    """The migration that was applied last; "" where there was none."""
    if not inspect(db).has_table("alembic_version"):
        return ""
    return str(db.scalar(text("SELECT version_num FROM alembic_version")) or "")
