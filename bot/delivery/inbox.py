"""Updates: stored before they are confirmed to Telegram, then dealt with chat by chat, in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.database.connection import MemoryFailed
from bot.delivery.lanes import LaneKey, lane_of
from bot.delivery.limits import seconds_of
from bot.delivery.request import Patience
from bot.delivery.state import State
from bot.logs import log_fault
from bot.records import Taken
from bot.watching.incidents import incident
from knowledge.errors import AlreadyRunning

_LOG = logging.getLogger(__name__)

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
CROWD = 5  # questions waiting in one chat before it is told that they are
MOST_WAITING = 120  # updates of one chat that wait; at Telegram's pace two minutes of answers
_LONG_POLL = 25
_CONFLICTS = 4  # refusals in a row before we believe that another poller lives
_CONFLICTS_ESTABLISHED = 20  # the one that was there first holds out longer than the newcomer
_ADOPTING = 1.0  # seconds between looks for what a process that died has left


@dataclass(slots=True)
class _Lane:
    """The updates of one chat that wait their turn."""

    waiting: deque[Taken] = field(default_factory=deque)
    told: bool = False
    full_told: bool = False


class Inbox:
    """Hands stored updates to `process`, one at a time in each chat, chats side by side."""

    def __init__(
        self,
        state: State,
        parse: Callable[[dict[str, Any]], Update],
        process: Callable[[Update], Awaitable[None]],
        crowded: Callable[[Update], Awaitable[None]],
        counts: Callable[[dict[str, Any]], bool],
        full: Callable[[Update], Awaitable[None]] | None = None,
    ) -> None:
        """`counts` tells a question to us from other updates; `crowded` tells who has to wait, and
        `full` from which message on none is taken."""
        self._state = state
        self._parse = parse
        self._process = process
        self._crowded = crowded
        self._counts = counts
        self._full = full or crowded
        self._lanes: dict[LaneKey, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def open(self) -> None:
        """Take up what an earlier run left."""
        for taken in () if self._closing else await asyncio.to_thread(self._state.adopt):
            self._enqueue(taken)

    async def adopt(self) -> None:
        """For ever: see to it that others know we live, and take up what those left who died."""
        while True:
            await asyncio.sleep(_ADOPTING)
            try:
                await self.open()
            except MemoryFailed as error:
                _LOG.warning("The bot's memory cannot be reached: %s", error)

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Returns once `updates` are safe on disk; raises MemoryFailed where they are not."""
        over = []
        for taken in await asyncio.to_thread(self._state.take, updates):
            lane = self._lanes.get(lane_of(taken.body))
            if lane and len(lane.waiting) >= MOST_WAITING:
                over.append((lane, taken))
            else:
                self._enqueue(taken)
        for lane, taken in over:  # last: what goes wrong with one holds up no other
            await self._turn_away(lane, taken)

    def queue(self) -> tuple[int, float | None]:
        """How many updates wait or are being dealt with, and when the first of them came."""
        waiting = [taken for lane in self._lanes.values() for taken in lane.waiting]
        return len(waiting), min((taken.received for taken in waiting), default=None)

    async def close(self, seconds: float) -> None:
        """Finish what was begun, within `seconds`; the rest waits on disk for the next run."""
        self._closing = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _turn_away(self, lane: _Lane, taken: Taken) -> None:
        try:
            followers = await asyncio.to_thread(self._state.done, taken.seq)
        except MemoryFailed as error:
            _LOG.error("An update could not be turned away, it waits with the others: %s", error)
            # it is stored as one to deal with, and Telegram's repeat of it would bring nothing new
            followers = [taken]
        else:
            self._say_full(lane, taken)
        for follower in followers:
            self._enqueue(follower)

    def _say_full(self, lane: _Lane, taken: Taken) -> None:
        if not lane.full_told:
            lane.full_told = True
            self._start(self._tell_full(taken))

    async def _tell_full(self, taken: Taken) -> None:
        try:
            await self._full(self._parse(taken.body))
        except Exception as error:  # a notice; what it is about stands in the log
            log_fault(_LOG, error, "telling a chat that its queue is full")

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _enqueue(self, taken: Taken) -> None:
        key = lane_of(taken.body)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane()
            self._start(self._work(key, lane))
        if all(one.seq != taken.seq for one in lane.waiting):  # adopting looks twice after a fault
            lane.waiting.append(taken)

    async def _work(self, key: LaneKey, lane: _Lane) -> None:
        while lane.waiting and not self._closing:
            await self._one(lane, lane.waiting[0])
            lane.waiting.popleft()
        self._lanes.pop(key, None)

    async def _one(self, lane: _Lane, taken: Taken) -> None:
        pause, problem, failed = 1.0, "", False
        while True:
            try:
                if failed and not await asyncio.to_thread(self._state.holds, taken.seq):
                    return  # another process took us for dead
                problem = problem or await self._attempt(lane, taken)
                ended = (
                    asyncio.to_thread(self._state.park, taken.seq, problem)
                    if problem
                    else asyncio.to_thread(self._state.done, taken.seq)
                )
                for follower in await ended:
                    self._enqueue(follower)
                return
            except MemoryFailed as error:
                # a full disk: nothing may be sent that can't be remembered, so wait for room
                _LOG.error("The bot's memory cannot be written: %s", error)
                failed = True
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60.0)

    async def _attempt(self, lane: _Lane, taken: Taken) -> str:
        """Deal with one update; why it has to be parked, where it has. Raises MemoryFailed only."""
        if "inline_query" in taken.body and lane.waiting[-1] is not taken:
            return ""  # the person has typed on since: only the newest is worth a search
        try:
            update = self._parse(taken.body)
        except Exception as error:  # whatever the library trips over, the next update must pass
            name = type(error).__name__
            told = incident("update unreadable", error=name)
            _LOG.error("An update that cannot be parsed is parked: %s", name, extra=told)
            return type(error).__name__
        try:
            if not lane.told and sum(self._counts(one.body) for one in lane.waiting) > CROWD:
                lane.told = True
                await self._crowded(update)
            await self._process(update)
        except MemoryFailed:
            raise
        except Exception as error:  # a fault of ours must not stop this chat for ever
            log_fault(_LOG, error, "handling an update, which is parked")
            return type(error).__name__
        return ""


def has_id(update: object) -> bool:
    """Whether this is an update whose id can be kept."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return isinstance(number, int) and abs(number) < 1 << 63


class RawBot(ExtBot[int]):
    """A bot that also hands out updates unparsed: one bad update must not spoil its batch."""

    async def raw_updates(self, offset: int | None, timeout: int) -> list[dict[str, Any]]:
        data: dict[str, Any] = {"timeout": timeout, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            data["offset"] = offset
        result = await self._post("getUpdates", data, read_timeout=timeout + 10.0)
        if not isinstance(result, list):
            raise NetworkError("an answer to getUpdates that is no list of updates")
        return [update for update in result if isinstance(update, dict)]


class Poller:
    """Fetches, stores, and only then confirms: the next fetch carries the higher offset."""

    def __init__(
        self,
        bot: RawBot,
        inbox: Inbox,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._sleep = sleep
        self._clock = clock
        self._patience = Patience(clock)
        self.turned = clock()  # when the loop last came round: a dead poller stands still

    async def run(self) -> None:
        """Until cancelled; raises AlreadyRunning or SettingsInvalid where another poller has this
        token, or nobody has."""
        offset: int | None = None  # never a remembered one: ids start anew after a quiet week
        failures = conflicts = 0
        allowed = _CONFLICTS
        while True:
            self.turned = self._clock()
            try:
                updates = await self._bot.raw_updates(offset, _LONG_POLL)
                await self._inbox.take([update for update in updates if has_id(update)])
            except Conflict as error:
                conflicts += 1
                if conflicts >= allowed:
                    raise AlreadyRunning(_other_poller(error)) from error
                await self._sleep(2.0)
            except RetryAfter as error:
                await self._sleep(seconds_of(error))
            except (TelegramError, MemoryFailed) as error:
                failures += 1
                if isinstance(error, InvalidToken):
                    self._patience.refused()
                _LOG.warning("Updates could not be fetched or stored, trying again: %s", error)
                await self._sleep(min(2.0 ** (failures - 1), 30.0))
            else:
                self._patience.accepted()
                failures = conflicts = 0
                allowed = _CONFLICTS_ESTABLISHED
                numbers = [update["update_id"] for update in updates if has_id(update)]
                offset = max(numbers) + 1 if numbers else offset


def _other_poller(error: Conflict) -> str:
    return (
        "Một tiến trình khác đang chạy bot với cùng token nên bot này dừng lại. "
        f"Hãy tắt tiến trình kia rồi chạy lại. (Telegram: {error.message})"
    )
