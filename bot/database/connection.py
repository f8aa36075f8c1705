"""What both databases have in common: how they are opened, read, written, and how they fail."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, TimeoutError

from bot.database.naming import Key


class MemoryFailed(Exception):
    """The bot's memory cannot be read or written now; what was begun is undone."""


class ClaimLost(MemoryFailed):
    """Another process deals with this update: it took this one for dead."""


class Database(Protocol):
    """Thread-safe. Within a context the rows have to be fetched; what fails raises MemoryFailed."""

    @property
    def key(self) -> Key:
        """What names chats and people in it."""
        ...

    @property
    def worker(self) -> int | None:
        """The number of this process among those that share the memory; None where none does."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Statements that change nothing."""
        ...

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction: all of it is safe on the disk at the end, or none."""
        ...

    def in_turn(self, db: Connection, what: str) -> None:
        """Go on, within a transaction, when no other one is at `what`."""
        ...

    def present(self) -> None:
        """Make sure that the others see that this process lives."""
        ...

    def problem(self) -> str:
        """What keeps the memory from being read, as the database says it; "" where nothing does."""
        ...

    def scrub(self, whole: bool = False) -> bool:
        """Leave nothing in files of what was erased, for which `whole` looks everywhere; False where
        this has to be tried again later."""
        ...

    def close(self) -> None: ...


def open_database(place: Path | str, key: Key | None = None) -> Database:
    """The file, made where there is none, or the PostgreSQL at an address; its tables brought up to
    date. A file's key lies beside it unless it is given. Raises MemoryFailed, and StorageFailed where a later version has been at it."""
    if isinstance(place, Path):
        from bot.database.sqlite import Sqlite

        return Sqlite(place, key)
    from bot.database.postgres import Postgres

    if key is None:
        raise ValueError("an address has no folder in which a key could lie")
    return Postgres(place, key)


FAILURES = (DBAPIError, TimeoutError)  # what is no fault of a statement


def failure(error: Exception) -> MemoryFailed:
    """The database's own words, without the statement: its values are what people wrote."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return MemoryFailed(str(cause).partition("\n")[0])
