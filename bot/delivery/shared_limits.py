"""Telegram's flood limits where several processes speak for one bot: their calls are counted in the
memory that they share, by its clock."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from bot.database.connection import Database, MemoryFailed
from bot.database.postgres import LIVING
from bot.delivery.limits import Limits

_LOG = logging.getLogger(__name__)
_AGAIN = 0.1  # seconds until there may be room among all calls
_AGAIN_IN_CHAT = 0.4
_FORGOTTEN = 70.0  # seconds; longer than any window
_LONGEST = 100.0  # seconds a call may be on its way, a little more than it may take


class SharedLimits:
    """Waits until all processes together may make one call more."""

    def __init__(
        self,
        database: Database,
        limits: Limits,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._sleep = sleep
        self._numbers = random.SystemRandom()
        self._turn = asyncio.Lock()  # of those that wait, one asks
        self._overall, self._chat, self._group = limits.overall, limits.chat, limits.group

    async def enter(self, chat: int) -> int | None:
        """The call's number; None where the memory is out of reach: then our own limits must do."""
        while True:
            async with self._turn:
                try:
                    number, room = await asyncio.to_thread(self._begin, chat)
                except MemoryFailed as error:
                    _LOG.warning("The calls of other processes cannot be counted: %s", error)
                    return None
                if number is None and not room:
                    await self._sleep(_AGAIN)
            if number is not None:
                return number
            if room:
                await self._sleep(_AGAIN_IN_CHAT)

    async def leave(self, number: int | None) -> None:
        if number is not None:
            try:
                await asyncio.to_thread(self._end, number)
            except MemoryFailed as error:
                _LOG.warning("The end of a call cannot be noted: %s", error)

    def _begin(self, chat: int) -> tuple[int | None, bool]:
        """The call's number where it may be made; else none, and whether it is only the chat's turn
        that has not come."""
        burst = self._chat.burst * self._chat.seconds
        windows = {"all": self._overall.seconds, "burst": burst, "minute": self._group.seconds}
        with self._database.writing() as db:
            name = self._database.key.named(chat)
            # a sequence of an unlogged table fails over badly
            number = self._numbers.getrandbits(62)
            row = {"number": number, "chat": name, "worker": self._database.worker}
            self._database.in_turn(db, "calls")
            so_far = db.execute(_SO_FAR, {"chat": name, **windows}).one()
            if so_far.overall >= self._overall.count:
                return None, False
            full = chat < 0 and so_far.group >= self._group.count
            if full or so_far.chat >= self._chat.burst:
                return None, True
            db.execute(_BEGIN, row)
            return number, True

    def _end(self, number: int) -> None:
        with self._database.reading() as db:
            db.execute(_END, {"number": number})


def forget_calls(database: Database) -> None:
    """What is past, and what is on its way for a process that is gone. MemoryFailed if need be."""
    with database.reading() as db:
        db.execute(_FORGET, {"long": _FORGOTTEN})
        db.execute(_GIVE_UP, {"longest": _LONGEST})


# Ours are single statements, which commit by themselves. The server's clock may jump: what lies as
# far ahead as a window is long counts as little as what lies behind it.
_NOW = "extract(epoch FROM clock_timestamp())"
_SO_FAR = text(
    "SELECT count(*) FILTER (WHERE age IS NULL OR age < :all) AS overall,"
    " count(*) FILTER (WHERE chat = :chat AND (age IS NULL OR age < :burst)) AS chat,"
    " count(*) FILTER (WHERE chat = :chat AND (age IS NULL OR age < :minute)) AS group"
    f" FROM (SELECT chat, abs({_NOW} - ended) AS age FROM calls) AS aged"
)
_BEGIN = text(
    f"INSERT INTO calls (id, chat, owner, began) VALUES (:number, :chat, :worker, {_NOW})"
)
_END = text(f"UPDATE calls SET ended = {_NOW} WHERE id = :number")
_FORGET = text(f"DELETE FROM calls WHERE abs({_NOW} - ended) > :long")
_GIVE_UP = text(
    f"UPDATE calls SET ended = {_NOW} WHERE ended IS NULL"
    f" AND (abs({_NOW} - began) > :longest OR owner NOT IN ({LIVING}))"
)
