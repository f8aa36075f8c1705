"""The memory in one SQLite file, of one process.

A commit is on the disk when it returns (WAL, synchronous=FULL): an update may be confirmed to
Telegram, and a message may be sent, only after the row that remembers it is safe.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, inspect
from sqlalchemy.exc import DBAPIError

from bot.database.connection import FAILURES, failure
from bot.database.naming import Key
from bot.database.schema import bring_up_to_date

_BUSY = 30.0  # seconds to wait for whoever has the file locked
_RECHECKED = 600.0  # seconds after which a file that nobody touched is checked again
_SMALL = 64 << 20  # bytes that are written anew within a second
_ANEW = (  # all pages of a table that is emptied are overwritten
    "CREATE TEMP TABLE rest AS SELECT * FROM inbox",
    "DELETE FROM inbox",
    "INSERT INTO inbox SELECT * FROM rest",
    "DROP TABLE temp.rest",
)
_OPEN_ANEW = {  # a file that was damaged or gone may be another one by now
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY,
}  # fmt: skip


class Sqlite:
    """One connection behind a lock. Its transactions are begun and ended here: Python's driver would
    begin one at the first change only."""

    worker = None

    def __init__(self, path: Path, key: Key | None = None) -> None:
        self._path = path
        self.key = key or Key(path.parent)
        self._lock = threading.Lock()
        self._checked = (0, 0, 0.0)  # the file's time and size when it was found sound, and when
        self._stale = False
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(
            "sqlite://", creator=self._connected, poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        try:
            self._file, self._connection = self._opened()
        except (sqlite3.Error, *FAILURES) as error:
            raise failure(error) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._lock:
            try:
                if self._stale:
                    self._connection.close()
                    self._file, self._connection = self._opened()
                    self._stale = False
                yield self._connection
            except (sqlite3.Error, *FAILURES) as error:
                cause = error.orig if isinstance(error, DBAPIError) else error
                self._stale |= getattr(cause, "sqlite_errorcode", 0) & 0xFF in _OPEN_ANEW
                raise failure(error) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.reading() as db, _all_or_nothing(self._file):
            yield db

    def in_turn(self, db: Connection, what: str) -> None:
        """A transaction is alone anyway."""

    def present(self) -> None:
        """Nobody asks."""

    def problem(self) -> str:
        """Reads the whole file where it was touched since."""
        try:
            stat, now = self._path.stat(), time.monotonic()
            touched = self._checked[:2] != (stat.st_mtime_ns, stat.st_size)
            if not touched and now - self._checked[2] < _RECHECKED:
                return ""
            with closing(sqlite3.connect(self._path)) as other:  # holds up nobody
                found = str(other.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.Error as error:
            return str(error)
        except OSError as error:  # the file is gone: what is written meanwhile goes nowhere
            self._stale = True
            return str(error)
        if found != "ok":
            return found
        self._checked = (stat.st_mtime_ns, stat.st_size, now)
        return ""

    def scrub(self, whole: bool = False) -> bool:
        """Where SQLite moved rows, copies of them stay in gaps of its pages: `whole` writes the table
        anew that had people's words, and a small file altogether."""
        with self.reading():
            if whole:
                self._file.execute("PRAGMA temp_store=MEMORY")  # no copy on the disk
                with _all_or_nothing(self._file):
                    for statement in _ANEW:
                        self._file.execute(statement)
            if whole and self._path.stat().st_size < _SMALL:
                return _rewritten(self._file)
            return _checkpointed(self._file)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _opened(self) -> tuple[sqlite3.Connection, Connection]:
        """The file, and the same as SQLAlchemy sees it."""
        db = self._engine.connect()
        file = db.connection.dbapi_connection
        assert isinstance(file, sqlite3.Connection)  # as _connected made it
        try:
            with _all_or_nothing(file):
                there = inspect(db).has_table("inbox")  # the first version counted by itself
                first = str(db.exec_driver_sql("PRAGMA user_version").scalar()) if there else ""
                migrated = bring_up_to_date(db, self.key, first)
            if migrated and there:
                _rewritten(file)  # what the version before knew of people
        except BaseException:
            db.close()
            raise
        return file, db

    def _connected(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._path, check_same_thread=False, isolation_level=None, timeout=_BUSY
        )
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA secure_delete=ON")  # erased words leave the file, not only the table
        except BaseException:
            db.close()
            raise
        return db


def _rewritten(db: sqlite3.Connection) -> bool:
    db.execute("PRAGMA temp_store=MEMORY")
    db.execute("VACUUM")
    return _checkpointed(db)


def _checkpointed(db: sqlite3.Connection) -> bool:
    """The journal emptied into the file; False while somebody else reads it."""
    db.execute("PRAGMA busy_timeout=0")
    try:
        return bool(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
    finally:
        db.execute(f"PRAGMA busy_timeout={int(_BUSY * 1000)}")


@contextmanager
def _all_or_nothing(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            with suppress(sqlite3.Error):  # what went wrong first is what is told
                db.execute("ROLLBACK")
        raise
