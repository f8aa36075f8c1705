"""The memory in a PostgreSQL, which several processes on several machines may share.

Each goes by a number and holds a lock of that number on a connection of its own. The server drops the
lock with the connection: so a process that was killed is known to be gone at once, one whose machine
went silent within half a minute, and no clock is asked.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text

from bot.database.connection import FAILURES, MemoryFailed, failure
from bot.database.naming import Key
from bot.database.schema import bring_up_to_date

# kinds of advisory locks, ours by any number that no other program in this database may have drawn
_PRESENT = 0x6364_7301
_TURN = 0x6364_7302
_OPTIONS: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "application_name": "cdsbot",
    "options": "-c statement_timeout=30s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5"
               " -c tcp_keepalives_count=3",
}  # fmt: skip
_CONNECTIONS = 8  # a process answers two questions side by side

LIVING = (
    "SELECT objid::bigint AS number FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
    f" AND granted AND classid = {_PRESENT}"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""The numbers of the processes that live, as SQL."""


def server_version(address: str) -> str:
    """Of the server at an address, asked without touching anything. Raises MemoryFailed."""
    engine = create_engine(address, connect_args=_OPTIONS, poolclass=NullPool)
    try:
        with engine.connect() as db:
            return str(db.scalar(text("SHOW server_version")))
    except FAILURES as error:
        raise failure(error) from error


class Postgres:
    def __init__(self, address: str, key: Key) -> None:
        self.key = key
        self.worker = random.SystemRandom().randrange(1, 1 << 31)
        self._engine = create_engine(
            address, pool_size=_CONNECTIONS, max_overflow=0, connect_args=_OPTIONS
        )
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = threading.Lock()
        self._presence: Connection | None = None
        try:
            with self._failing(), self._engine.begin() as db:
                db.execute(text("SET LOCAL statement_timeout = 0"))  # as long as it takes
                self.in_turn(db, "migrations")
                bring_up_to_date(db, key)
            self.present()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._failing(), self._single.connect() as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._failing(), self._engine.begin() as db:
            yield db

    def in_turn(self, db: Connection, what: str) -> None:
        db.execute(_IN_TURN, {"kind": _TURN, "what": what})

    def present(self) -> None:
        with self._lock, self._failing():
            try:
                self._presence = self._presence or self._greeted()
                self._presence.execute(text("SELECT 1"))
            except FAILURES:
                self._leave()
                raise

    def problem(self) -> str:
        return ""  # what cannot be written is known from writing

    def scrub(self, whole: bool = False) -> bool:
        """Rows that are gone leave the tables; the server's log of changes is its own matter."""
        if not whole:
            return True
        with self._failing(), self._single.connect() as db:
            db.execute(text("SET statement_timeout = 0"))
            try:
                db.execute(text("VACUUM answers, sends, chats, albums, inbox"))
            finally:
                db.execute(text("RESET statement_timeout"))
        return True

    def close(self) -> None:
        with self._lock:
            self._leave()
        self._engine.dispose()

    def _greeted(self) -> Connection:
        db = self._single.connect()
        db.detach()  # beside the pool: it is held as long as the process lives
        taken = db.execute(_PRESENCE, {"kind": _PRESENT, "worker": self.worker}).scalar()
        if not taken:  # a connection of ours that broke is not gone for the server yet
            db.close()
            raise MemoryFailed("the server still holds a broken connection of this process")
        return db

    def _leave(self) -> None:
        presence, self._presence = self._presence, None
        if presence is not None:
            presence.close()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except FAILURES as error:
            raise failure(error) from error


_IN_TURN = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:what))")
_PRESENCE = text("SELECT pg_try_advisory_lock(:kind, :worker)")
