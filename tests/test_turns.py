"""One chat's share of the bot is bounded, and so is what waits for it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from telegram import Update

from bot.database.connection import MemoryFailed
from bot.delivery.inbox import MOST_WAITING, Inbox
from bot.delivery.state import State
from bot.delivery.turns import PATIENCE, Turns
from bot.records import Taken
from tests.test_crash import question


class Time:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def begun(turns: Turns, asked: list[tuple[int, bool]]) -> list[int]:
    """The chats whose turn came while nobody ended theirs, of (chat, long) in a row."""
    seen, go_on = list[int](), asyncio.Event()

    async def ask(chat: int, long: bool) -> None:
        async with turns.of(chat, long):
            seen.append(chat)
            await go_on.wait()

    asking = []
    for chat, long in asked:
        asking.append(asyncio.create_task(ask(chat, long)))
        await asyncio.sleep(0.01)
    now = list(seen)
    go_on.set()
    await asyncio.gather(*asking)
    assert sorted(seen) == sorted(chat for chat, _ in asked)
    return now


def test_long_messages_never_fill_all_places() -> None:
    """Eight chats of them wait for one place together; who asks briefly finds the other free."""
    asked = [*((chat, True) for chat in range(8)), (99, False)]
    assert asyncio.run(begun(Turns(2), asked)) == [0, 99]


def test_a_long_message_begins_when_no_short_one_is_being_answered() -> None:
    """Side by side each would take twice as long; after some seconds it goes all the same."""
    clock = Time()
    turns = Turns(2, clock)

    async def scenario() -> list[list[int]]:
        order, seen = list[int](), list[list[int]]()

        async def ask(chat: int) -> None:
            async with turns.of(chat, long=True):
                order.append(chat)

        async def others(seconds: float) -> None:
            async with turns.of(99):
                asking.append(asyncio.create_task(ask(len(asking))))
                await asyncio.sleep(0.01)
                clock.now += seconds
                async with turns.of(98):  # the one after another goes on and on
                    pass
                await asyncio.sleep(0.01)
                seen.append(list(order))

        asking: list[asyncio.Task[None]] = []
        await others(1)
        await asyncio.gather(*asking)
        await others(PATIENCE)
        await asyncio.gather(*asking)
        return [*seen, order]

    assert asyncio.run(scenario()) == [[], [0, 1], [0, 1]]


def test_who_took_least_comes_first() -> None:
    """A chat that has asked all the time waits behind one that has not, though it came before."""

    async def scenario() -> list[int]:
        clock = Time()
        turns, order = Turns(1, clock), list[int]()

        async def ask(chat: int) -> None:
            async with turns.of(chat):
                order.append(chat)

        async with turns.of(1):
            clock.now += 5
        async with turns.of(7):
            asking = [asyncio.create_task(ask(chat)) for chat in (1, 1, 2)]
            await asyncio.sleep(0.01)
        await asyncio.gather(*asking)
        return order

    assert asyncio.run(scenario()) == [2, 1, 1]


def test_a_turn_that_is_given_up_is_the_next_ones() -> None:
    """Stopped while waiting, or while it is its turn."""

    async def scenario() -> None:
        turns = Turns(1)

        async def wait() -> None:
            async with turns.of(1):
                await asyncio.sleep(60)

        holding, waiting = asyncio.create_task(wait()), asyncio.create_task(wait())
        await asyncio.sleep(0.01)
        for task in (waiting, holding):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with asyncio.timeout(5), turns.of(2):
            pass

    asyncio.run(scenario())


def test_what_was_taken_is_forgotten_in_time() -> None:
    """A chat that was greedy an hour ago is like any other."""

    async def scenario() -> float:
        clock = Time()
        turns = Turns(2, clock)
        async with turns.of(1):
            clock.now += 100
        assert turns.of_late(1) == 100
        clock.now += 3600
        return turns.of_late(1)

    assert asyncio.run(scenario()) < 0.01


async def emptied(inbox: Inbox, state: State) -> None:
    """Both closed, once nothing waits."""
    for _ in range(400):
        if not state.waiting():
            break
        await asyncio.sleep(0.05)
    await inbox.close(5)
    state.close()


def test_beyond_so_many_a_chat_is_told_from_which_message_none_is_taken(tmp_path: Path) -> None:
    """Once; the others are not held up, and what waits is answered."""

    async def scenario() -> tuple[list[int], list[int]]:
        state, go_on = State(tmp_path / "bot.sqlite3"), asyncio.Event()
        handled, told = list[int](), list[int]()

        async def process(update: Update) -> None:
            await go_on.wait()
            handled.append(update.update_id)

        async def crowded(update: Update) -> None: ...

        async def full(update: Update) -> None:
            told.append(update.update_id)

        inbox = Inbox(
            state, lambda body: Update.de_json(body, None), process, crowded, lambda _: True, full
        )
        await inbox.take([question(number) for number in range(1, MOST_WAITING + 21)])
        await inbox.take([question(1000, chat=8)])
        go_on.set()
        await emptied(inbox, state)
        return handled, told

    handled, told = asyncio.run(scenario())
    assert sorted(handled) == [*range(1, MOST_WAITING + 1), 1000]
    assert told == [MOST_WAITING + 1]


def test_where_one_cannot_be_turned_away_it_and_all_others_are_answered(tmp_path: Path) -> None:
    """Telegram would repeat them, which brings nothing new: they are stored."""

    class Full(State):
        def done(self, seq: int) -> list[Taken]:
            if not handled:  # nothing is done yet: it is one that is turned away
                raise MemoryFailed("database or disk is full")
            return super().done(seq)

    handled = list[int]()

    async def scenario() -> None:
        state, go_on = Full(tmp_path / "bot.sqlite3"), asyncio.Event()

        async def process(update: Update) -> None:
            await go_on.wait()
            handled.append(update.update_id)

        async def crowded(update: Update) -> None: ...

        inbox = Inbox(
            state, lambda body: Update.de_json(body, None), process, crowded, lambda _: False
        )
        own = [question(number) for number in range(1, MOST_WAITING + 2)]
        await inbox.take([*own, question(1000, chat=8)])
        go_on.set()
        await emptied(inbox, state)

    asyncio.run(scenario())
    assert sorted(handled) == [*range(1, MOST_WAITING + 2), 1000]
