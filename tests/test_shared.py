"""Several processes on one PostgreSQL: each update has one owner, and a dead one's are taken over."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

from bot.database.connection import ClaimLost, Database, MemoryFailed
from bot.database.naming import Key
from bot.database.postgres import Postgres
from bot.delivery.limits import Limiter, Limits, Pace, Window
from bot.delivery.sending import Sender
from bot.delivery.shared_limits import SharedLimits
from bot.delivery.state import State
from bot.handlers.desk import Desk
from bot.handlers.watching import news
from bot.settings import Settings
from index.retrieval.encoder import Encoder
from index.serving import Serving
from tests.postgres import Server
from tests.running_bot import build_index, regulation, write_library

Open = Callable[[], State]


def message(number: int, chat: int = 7) -> dict[str, Any]:
    return {"update_id": number, "message": {"date": 1, "chat": {"id": chat}}}


@pytest.fixture
def another(postgres: Server, key: Key) -> Iterator[Open]:
    """Opens the memory once more, as another process would."""
    address, opened = postgres.database(), list[State]()

    def open_one() -> State:
        opened.append(State(address, key=key))
        return opened[-1]

    yield open_one
    for state in opened:
        state.close()


def numbers(taken: list[Any]) -> list[int]:
    return [one.update_id for one in taken]


def die(state: State) -> None:
    """As kill -9 leaves it for the server: its connections are closed, nothing is said."""
    state.close()


def left_behind(heir: State, seconds: float = 10) -> list[Any]:
    """What is adopted once the server has noticed that a connection is gone: a moment after it is."""
    until = time.monotonic() + seconds
    while not (adopted := heir.adopt()) and time.monotonic() < until:
        time.sleep(0.02)
    return adopted


def test_an_update_is_taken_once(another: Open) -> None:
    """Telegram repeats it to whoever the balancer picks."""
    a, b = another(), another()
    assert numbers(a.take([message(1)])) == [1]
    assert b.take([message(1)]) == []
    assert b.adopt() == []


def test_what_comes_elsewhere_is_left_to_whoever_is_at_the_chat(another: Open) -> None:
    """And handed over, in order, when that one is done; other chats are not held up."""
    a, b = another(), another()
    (first,) = a.take([message(1)])
    assert b.take([message(2)]) == []
    assert a.take([message(3)]) == []
    assert numbers(b.take([message(4, chat=8)])) == [4]
    assert b.adopt() == []
    assert numbers(a.done(first.seq)) == [2, 3]
    assert b.adopt() == []


def test_a_chat_that_is_through_is_anybodys(another: Open) -> None:
    a, b = another(), another()
    (first,) = a.take([message(1)])
    assert a.done(first.seq) == []
    assert numbers(b.take([message(2)])) == [2]


def test_what_a_dead_process_has_left_is_adopted_by_one(another: Open) -> None:
    """The chat's first, then the rest of the chat; what was done stays done."""
    dead, b, c = another(), another(), another()
    taken = dead.take([message(n) for n in (1, 2, 3)] + [message(4, chat=8)])
    dead.done(taken[0].seq)
    die(dead)
    adopted = left_behind(b)
    assert numbers(adopted) == [2, 4]
    assert c.adopt() == []
    assert c.take([message(5)]) == []
    assert numbers(b.done(adopted[0].seq)) == [3, 5]


def test_two_that_adopt_at_once_share_what_is_left(another: Open) -> None:
    """No chat is adopted twice."""
    dead, heirs = another(), [another() for _ in range(3)]
    dead.take([message(n, chat=n) for n in range(1, 40)])
    die(dead)
    adopted = list[int]()

    def adopt(state: State) -> None:
        adopted.extend(numbers(state.adopt()))

    for _ in range(2):
        threads = [threading.Thread(target=adopt, args=(heir,)) for heir in heirs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(adopted) == list(range(1, 40))


def test_who_was_taken_for_dead_sends_nothing(another: Open) -> None:
    """Nor does it end what is another's now."""
    a, b = another(), another()
    (taken,) = a.take([message(1)])
    assert isinstance(a._database, Postgres)
    a._database._leave()  # its connection broke; the process lives
    assert numbers(left_behind(b)) == [1]
    assert not a.holds(taken.seq)
    with pytest.raises(ClaimLost):
        a.sending(1, 7, None)
    assert a.done(taken.seq) == []
    assert b.holds(taken.seq)
    b.sending(1, 7, None)


def test_a_server_that_restarts_loses_no_claim_of_who_comes_back(another: Open) -> None:
    """All connections broke; whoever is there first again has what it had."""
    a = another()
    (taken,) = a.take([message(1)])
    with a._database.reading() as db:
        db.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
        )
    with pytest.raises(MemoryFailed):
        a.adopt()
    a.adopt()
    assert a.holds(taken.seq)
    assert another().adopt() == []


def test_what_was_stored_without_our_knowing_is_not_forgotten(
    another: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection broke while the commit was on its way: it may have come through."""
    a = another()
    database = a._database

    class Broken:
        def __getattr__(self, name: str) -> Any:
            return getattr(database, name)

        def writing(self) -> Any:
            return _breaking(database)

    monkeypatch.setattr(a, "_database", Broken())
    with pytest.raises(MemoryFailed):
        a.take([message(1)])
    monkeypatch.undo()
    assert numbers(a.adopt()) == [1]
    assert a.adopt() == []


class _breaking:
    """A transaction whose commit comes through, though nobody hears of it."""

    def __init__(self, database: Any) -> None:
        self._inner = database.writing()

    def __enter__(self) -> Any:
        return self._inner.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._inner.__exit__(*error)
        raise MemoryFailed("the server closed the connection unexpectedly")


def test_context_choices_and_feedback_are_everybodys(another: Open) -> None:
    """Whichever process a chat's next message comes to."""
    from tests.test_state import keep, turns

    a, b = another(), another()
    number = keep(a, "câu trước")
    a.set_language(7, "en")
    assert turns(b, 7, 7) == ("câu trước",)
    assert b.language(7) == "en"
    b.thumb(number, up=True)
    assert a.stats(0).up == 1


def test_a_notice_is_one_processs_to_send(another: Open) -> None:
    """Of all that notice a change, one is told that it was the first."""
    states = [another() for _ in range(3)]
    assert [state.set_fact("generation told of", "2") for state in states].count(True) == 1
    assert [state.set_fact("generation told of", "3") for state in states].count(True) == 1


def test_a_new_index_is_switched_to_by_each_and_told_by_one(
    another: Open, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a process that lags behind tell of the index before, as if that were new."""
    library = write_library(tmp_path / "library")
    build_index(tmp_path / "data", library, encoder)
    settings = Settings(data=tmp_path / "data", admins=[4242])
    ahead, behind = (
        Desk(settings, Serving(tmp_path / "data", encoder), another(), cast(Sender, None))
        for _ in range(2)
    )
    assert news(ahead) == news(behind) == []
    (library / "quy-che.md").write_text(regulation(articles=3), encoding="utf-8")
    build_index(tmp_path / "data", library, encoder)
    with monkeypatch.context() as patch:
        patch.setattr(behind.serving, "_due", lambda _: "")
        switched(ahead.serving)
        assert len(news(ahead)) == 1
        assert news(behind) == []
        assert news(ahead) == []
    switched(behind.serving)
    assert news(behind) == []


def switched(serving: Serving) -> None:
    while serving.answerer().generation.identity != serving.newest():
        time.sleep(0.05)


def test_processes_keep_telegrams_limits_together(another: Open) -> None:
    """Each alone would let through what all together may not: to one person, to a group, to all."""
    limits = Limits(Window(6, 0.5), Pace(2, 0.2), Window(3, 1.2))
    flood, began = list[tuple[float, int]](), time.monotonic()

    async def speak(limiter: Limiter, chat: int) -> None:
        async with limiter.slot(chat):
            flood.append((time.monotonic(), chat))

    async def scenario() -> None:
        limiters = [Limiter(limits) for _ in range(3)]
        for limiter in limiters:
            limiter.others = another().shared_limits(limits)
        chats = [7] * 2 + [-5] * 2 + list(range(10, 14))
        await asyncio.gather(*(speak(limiter, chat) for limiter in limiters for chat in chats))

    asyncio.run(scenario())
    assert len(flood) == 24
    assert most_within(0.5, flood) <= 6
    assert most_within(0.4, [one for one in flood if one[1] == 7]) <= 2
    assert most_within(1.2, [one for one in flood if one[1] == -5]) <= 3
    assert time.monotonic() - began < 20


def most_within(seconds: float, calls: list[tuple[float, int]]) -> int:
    return max(sum(at <= other < at + seconds for other, _ in calls) for at, _ in calls)


def test_calls_that_a_dead_process_was_making_bar_nobody_for_long(another: Open) -> None:
    """Nor does a memory that is out of reach: our own limits hold then."""
    limits = Limits(Window(1, 0.2), Pace(2, 0.2), Window(3, 1.2))
    dead, state = another(), another()

    async def scenario() -> tuple[int | None, int | None]:
        await dead.shared_limits(limits).enter(7)
        die(dead)
        state.adopt()
        number = await asyncio.wait_for(state.shared_limits(limits).enter(8), 10)
        return number, await SharedLimits(cast(Database, _Gone()), limits).enter(9)

    number, none = asyncio.run(scenario())
    assert number is not None
    assert none is None


class _Gone:
    worker = 1

    def writing(self) -> Any:
        raise MemoryFailed("connection refused")


def test_an_address_nobody_answers_at_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(MemoryFailed) as refused:
        State(f"postgresql://cdsbot:matkhau@/nobody?host={tmp_path}", key=Key(tmp_path))
    assert "\n" not in str(refused.value)
    assert "matkhau" not in str(refused.value)
