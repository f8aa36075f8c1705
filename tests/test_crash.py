"""Nothing is lost and nothing is said twice, whatever happens to the process, the network, the disk."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from telegram import Update

from bot.database.connection import MemoryFailed
from bot.database.naming import Key
from bot.delivery.inbox import Inbox, Poller
from bot.delivery.lanes import lane_of
from bot.delivery.state import State
from bot.delivery.webhook import address_for, listen, secret_for, shut
from bot.local_api import Chat
from bot.records import Send
from bot.screens.texts import VIETNAMESE
from bot.telegram import Pulse
from index.answer import Answerer
from index.retrieval.encoder import Encoder
from index.serving import Serving
from knowledge.errors import AlreadyRunning, SettingsInvalid, StorageFailed
from tests.cluster_run import cluster_run
from tests.crash_run import crash_run
from tests.postgres import Server, programs, server
from tests.running_bot import GOAL, UNSAID, Running, free_port, running_bot, settings_for
from tests.test_state import driver, parked


@pytest.fixture
def bot(tmp_path: Path, starter_serving: Serving) -> Iterator[Running]:
    with running_bot(tmp_path, starter_serving) as running:
        yield running


def answers(bot: Running, chat: Chat) -> list[str]:
    return [seen.text for seen in bot.replies(chat) if seen.text != VIETNAMESE.wait]


# Killed


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_killed_at_random_moments_every_question_is_answered_once(
    tmp_path: Path, starter_data: Path, webhook: bool
) -> None:
    """Counted in the chats; what was on its way at the kill is offered behind a button.

    The large run: python -m tests.crash_run --kills 50 --questions 200 --chats 20 [--webhook]
    """
    outcome = crash_run(
        starter_data, tmp_path, kills=6, questions=36, chats=8, webhook=webhook, seed=3
    )
    assert outcome.lost == 0
    assert outcome.doubled == 0
    assert outcome.apologies == 0
    assert outcome.unopened == 0
    assert outcome.answered + outcome.offered - outcome.offered_besides == 36
    assert outcome.offered <= 2 * outcome.kills


def test_of_three_processes_one_is_killed_and_every_question_is_answered_once_in_order(
    tmp_path: Path, starter_data: Path, postgres: Server
) -> None:
    """The others go on, and take over what the killed one had begun.

    The large run: python -m tests.cluster_run --kills 50 --chats 60 --each 10
    """
    shared = cluster_run(
        starter_data, tmp_path, postgres.database(), kills=2, chats=6, each=4, seed=3
    )
    outcome = shared.outcome
    assert (outcome.lost, outcome.doubled, outcome.apologies, outcome.unopened) == (0, 0, 0, 0)
    assert outcome.answered + outcome.offered - outcome.offered_besides == 24
    assert shared.disordered == 0
    assert shared.overruns == 0


def test_a_process_beside_others_takes_nothing_in_before_its_index_serves(
    tmp_path: Path, starter_data: Path, encoder: Encoder, postgres: Server
) -> None:
    """The others answer at once; here a question would wait until it is opened."""
    port, listening = free_port(), list[bool]()

    class Slow(Serving):
        def answerer(self) -> Answerer:
            if not listening:
                time.sleep(1)
                with socket.socket() as probe:
                    listening.append(probe.connect_ex(("127.0.0.1", port)) == 0)
            return super().answerer()

    address = SecretStr(postgres.database())
    with running_bot(tmp_path, Slow(starter_data, encoder), start=False, database=address) as bot:
        here = {"webhook_url": f"http://127.0.0.1:{port}", "webhook_port": port}
        bot.settings = bot.settings.model_copy(update=here)
        bot.start(webhook=True)
        an, chat = bot.chat()
        assert "15 tỉnh" in bot.say(chat, an, GOAL).text
    assert listening == [False]


def test_asked_while_down_answered_when_back(bot: Running) -> None:
    """Telegram keeps it, and so do we: once each, in order."""
    an, chat = bot.chat()
    bot.stop()
    bot.standin.send_text(chat, an, GOAL)
    bot.standin.send_text(chat, an, UNSAID)
    assert answers(bot, chat) == []
    bot.start()
    assert bot.standin.wait_until(lambda: len(answers(bot, chat)) == 2, 30)
    assert [seen.reply_to for seen in bot.replies(chat)] == [1, 2]
    bot.stop()
    bot.start()
    bot.say(chat, an, "/help")
    assert len(answers(bot, chat)) == 3


def test_a_graceful_stop_finishes_what_was_begun(bot: Running) -> None:
    """The answer that is being sent arrives, is marked, and does not come again."""
    an, chat = bot.chat()
    bot.standin.fail("sendMessage", delay=1.0)
    bot.standin.send_text(chat, an, GOAL)
    taken = State(bot.settings.data / "bot.sqlite3")
    assert bot.standin.wait_until(lambda: bot.standin.bot.updates.pending == {}, 20)
    bot.stop()
    assert len(answers(bot, chat)) == 1
    assert taken.waiting() == []
    taken.close()
    bot.start()
    bot.say(chat, an, "/help")
    assert len(answers(bot, chat)) == 2


# The network


def test_an_answer_without_a_receipt_is_offered_not_repeated(bot: Running) -> None:
    """The connection broke after Telegram had it: a note with a button, no second answer."""
    an, chat = bot.chat()
    bot.standin.fail("sendMessage", drop="after")
    bot.standin.send_text(chat, an, GOAL)
    assert bot.standin.wait_until(lambda: len(answers(bot, chat)) == 2, 30)
    answer, note = bot.replies(chat)
    assert "15 tỉnh" in answer.text
    assert note.text == VIETNAMESE.lost
    shown = bot.press(chat, an, note, VIETNAMESE.show_answer).text
    assert answer.text.startswith(shown)  # the first one also told what is kept


def test_an_answer_that_never_arrived_comes_by_the_button(bot: Running) -> None:
    """The connection broke before Telegram had it; we cannot know, so it is one tap away."""
    an, chat = bot.chat()
    bot.standin.fail("sendMessage", drop="before")
    note = bot.say(chat, an, GOAL)
    assert note.text == VIETNAMESE.lost
    assert "15 tỉnh" in bot.press(chat, an, note, VIETNAMESE.show_answer).text
    follow = bot.say(chat, an, "còn đến năm 2030 thì sao?", reply_to=note.message_id)
    assert "nhóm 10" in follow.text


@pytest.mark.parametrize("status", [500, 502])
def test_a_broken_gateway_is_no_receipt_either(bot: Running, status: int) -> None:
    """Whether the message arrived nobody can say."""
    an, chat = bot.chat()
    bot.standin.fail("sendMessage", status=status)
    assert bot.say(chat, an, GOAL).text == VIETNAMESE.lost


def test_429_is_waited_out(bot: Running) -> None:
    """Telegram said no for a second: then the same answer, once."""
    an, chat = bot.chat()
    bot.standin.fail("sendMessage", status=429, retry_after=1, times=2)
    assert "15 tỉnh" in bot.say(chat, an, GOAL).text
    bot.say(chat, an, "/help")
    assert len(answers(bot, chat)) == 2


def test_trouble_while_fetching_is_waited_out(bot: Running) -> None:
    """Broken, dropped and refused polls; the questions are still there afterwards."""
    an, chat = bot.chat()
    bot.standin.fail("getUpdates", status=502)
    bot.standin.fail("getUpdates", drop="after")
    bot.standin.fail("getUpdates", status=429, retry_after=1)
    bot.standin.send_text(chat, an, GOAL)
    bot.standin.send_text(chat, an, UNSAID)
    assert bot.standin.wait_until(lambda: len(answers(bot, chat)) == 2, 40)
    bot.say(chat, an, "/help")
    assert len(answers(bot, chat)) == 3


def test_booting_before_the_network(tmp_path: Path, starter_serving: Serving) -> None:
    """A machine whose network comes up late: the bot waits instead of giving up."""
    with running_bot(tmp_path, starter_serving, start=False) as bot:
        bot.standin.fail("getMe", drop="before")
        bot.standin.fail("deleteWebhook", status=502)
        bot.start()
        an, chat = bot.chat()
        assert bot.say(chat, an, "/help").text.startswith("Cách hỏi")


def test_somebody_who_blocked_the_bot_stops_nobody(bot: Running) -> None:
    """The next person is served; nothing is tried for ever."""
    an, chat = bot.chat()
    binh, other = bot.chat("Bình")
    bot.standin.send_text(chat, an, GOAL)
    bot.standin.block(an)
    assert "15 tỉnh" in bot.say(other, binh, GOAL).text


# Updates


def test_an_update_that_cannot_be_parsed_is_parked(bot: Running) -> None:
    """It blocks neither its batch nor the next one, and is kept for whoever looks into it."""
    an, chat = bot.chat()
    bot.standin.raw_update({"message": {"message_id": 1, "date": "yesterday", "chat": 7}})
    bot.standin.raw_update({"message": {"message_id": "?"}})
    bot.standin.raw_update({"nothing": {"known": True}})
    assert "15 tỉnh" in bot.say(chat, an, GOAL).text
    state = State(bot.settings.data / "bot.sqlite3")
    assert len(parked(state)) == 2
    state.close()
    fetched = [call for call in bot.standin.calls if call.method == "getUpdates"]
    for call in fetched:  # these answers break the specification on purpose
        bot.standin.calls.remove(call)


def test_ids_that_start_anew_are_no_trouble(bot: Running) -> None:
    """After a quiet week update ids begin at random, also lower than before."""
    an, chat = bot.chat()
    bot.say(chat, an, "/help")
    bot.stop()
    bot.standin.bot.updates.renumber(17)
    bot.start()
    assert "15 tỉnh" in bot.say(chat, an, GOAL).text


# One poller


def test_a_second_process_on_this_machine_stops_with_a_clear_message(bot: Running) -> None:
    """The lock says so before Telegram has to."""
    an, chat = bot.chat()
    bot.say(chat, an, "/help")
    second = Running(bot.standin, bot.settings, bot.serving)
    second.start()
    second.join()
    assert isinstance(second.error, AlreadyRunning)
    assert "đang chạy" in str(second.error)
    assert bot.say(chat, an, "/help").text.startswith("Cách hỏi")


def test_a_second_poller_elsewhere_stops_and_the_first_goes_on(
    bot: Running, tmp_path: Path
) -> None:
    """Telegram answers 409; the newcomer gives way."""
    an, chat = bot.chat()
    bot.say(chat, an, "/help")
    elsewhere = settings_for(bot.standin, tmp_path / "elsewhere")
    second = Running(bot.standin, elsewhere, bot.serving)
    second.start()
    second.join()
    assert isinstance(second.error, AlreadyRunning)
    assert "cùng token" in str(second.error)
    assert bot.error is None
    assert "15 tỉnh" in bot.say(chat, an, GOAL).text


# The webhook and its health


def post(url: str, body: object, secret: str) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(
        url, data, {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_webhook_takes_updates_with_its_secret_only(
    tmp_path: Path, starter_serving: Serving
) -> None:
    """Questions arrive through it; strangers are turned away; /healthz is beside it."""
    with running_bot(tmp_path, starter_serving, start=False) as bot:
        port = bot.settings.webhook_port
        base = f"http://127.0.0.1:{port}"
        bot.settings = bot.settings.model_copy(update={"webhook_url": base})
        bot.start(webhook=True)
        an, chat = bot.chat()
        assert "15 tỉnh" in bot.say(chat, an, GOAL).text
        url, path = address_for(base, bot.standin.token)
        hook = bot.standin.bot.webhook
        assert hook is not None
        assert (hook.url, hook.secret) == (url, secret_for(bot.standin.token))
        assert bot.standin.token.partition(":")[2] not in path
        assert post(url, {"update_id": 1}, "guess") == 403
        assert post(f"{base}/", {"update_id": 1}, hook.secret) == 404
        assert post(url, b"{", hook.secret) == 400
        assert post(url, {"no": "id"}, hook.secret) == 400
        assert health(port) == (200, True)
        bot.stop()
        assert bot.standin.bot.webhook is not None
        bot.standin.send_text(chat, an, UNSAID)
        bot.start(webhook=True)
        assert bot.standin.wait_until(lambda: len(answers(bot, chat)) == 2, 30)


def test_a_webhooks_path_is_taken_as_it_is_written(
    tmp_path: Path, starter_serving: Serving
) -> None:
    """Not as a pattern: the path is part of what keeps strangers out."""
    with running_bot(tmp_path, starter_serving, start=False) as bot:
        base = f"http://127.0.0.1:{bot.settings.webhook_port}"
        bot.settings = bot.settings.model_copy(update={"webhook_url": f"{base}/a.b+(c)"})
        bot.start(webhook=True)
        an, chat = bot.chat()
        assert "15 tỉnh" in bot.say(chat, an, GOAL).text
        secret = secret_for(bot.standin.token)
        assert post(f"{base}/a-bbc", {"update_id": 1}, secret) == 404
        assert post(f"{base}/a.b+(c)", {"update_id": 10**24}, secret) == 400
        assert post(f"{base}/a.b+(c)", [1], secret) == 400


@pytest.fixture
def left(tmp_path: Path, starter_serving: Serving) -> Iterator[Running]:
    """A bot that is not running, for a webhook, and an update that an earlier run left it."""
    with running_bot(tmp_path, starter_serving, start=False, checked=False) as bot:
        memory = State(tmp_path / "bot.sqlite3", key=Key(tmp_path))
        memory.take([question(1, bot.chat()[1].id)])
        memory.close()
        yield bot


def ended(bot: Running) -> tuple[list[int], Send | None]:
    """Which updates still wait once a bot for a webhook has failed, and how far the first one's reply is."""
    bot.start(webhook=True)
    bot.join()
    assert isinstance(bot.error, SettingsInvalid)
    memory = State(bot.settings.data / "bot.sqlite3", key=Key(bot.settings.data))
    try:
        return [taken.update_id for taken in memory.waiting()], memory.send(1)
    finally:
        memory.close()


def test_without_a_webhooks_address_nothing_is_begun(left: Running) -> None:
    assert ended(left) == ([1], None)
    assert left.standin.calls == []


def test_what_was_begun_is_finished_where_telegram_refuses_the_webhook(left: Running) -> None:
    """An answer on its way, when it is refused, is an answer that arrives."""
    base = f"http://127.0.0.1:{left.settings.webhook_port}"
    left.settings = left.settings.model_copy(update={"webhook_url": base})
    left.standin.fail("setWebhook", delay=2, status=400)
    left.standin.fail("sendMessage", delay=4)
    waiting, reply = ended(left)
    assert waiting == []
    assert reply is not None
    assert reply.state == "sent"


def test_half_open_requests_hold_up_nobody(tmp_path: Path) -> None:
    """Neither many at once, of which the oldest give way, nor slow ones, which time out."""

    async def scenario() -> tuple[int, int, bytes]:
        taken: list[dict[str, Any]] = []

        async def take(updates: list[dict[str, Any]]) -> None:
            taken.extend(updates)

        async def well() -> dict[str, Any]:
            return {"ok": True}

        port = free_port()
        server = listen("127.0.0.1", port, well, take, "/hook", "s", seconds=1.0)
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        for _, writer in slow:
            writer.write(b"POST /hook HTTP/1.1\r\nContent-Length: 10\r\n")
        status = await asyncio.to_thread(
            post, f"http://127.0.0.1:{port}/hook", {"update_id": 1}, "s"
        )
        ends = [await asyncio.wait_for(reader.read(), 20) for reader, _ in slow]
        body, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /hook HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf")
        end = await asyncio.wait_for(body.read(), 20)
        for _, one in [*slow, (body, writer)]:
            one.close()
        await shut(server)
        return status, len(ends), end

    assert asyncio.run(scenario()) == (200, 300, b"HTTP/1.1 400 Bad Request\r\n\r\n")


def health(port: int) -> tuple[int, bool]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            return answer.status, json.load(answer)["ok"]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["ok"]


def test_polling_has_a_health_endpoint_too(bot: Running) -> None:
    """200 while updates are being taken in."""
    an, chat = bot.chat()
    bot.say(chat, an, "/help")
    assert health(bot.settings.webhook_port) == (200, True)


def test_health_notices_a_dead_or_stalled_poller(tmp_path: Path) -> None:
    """A process that lives while nobody fetches updates is not healthy."""

    async def scenario() -> list[bool]:
        now = [0.0]
        poller = Poller(None, None, clock=lambda: now[0])  # type: ignore[arg-type]  # never run
        forever = asyncio.create_task(asyncio.sleep(60))
        pulse = Pulse(forever, poller, clock=lambda: now[0])
        seen = [pulse.health()["ok"]]
        now[0] = 500.0
        seen.append(pulse.health()["ok"])
        poller.turned = 500.0
        seen.append(pulse.health()["ok"])
        forever.cancel()
        await asyncio.gather(forever, return_exceptions=True)
        seen.append(pulse.health()["ok"])
        return seen

    assert asyncio.run(scenario()) == [True, False, True, False]


# The disk


def question(number: int, chat: int = 7) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "An"}
    place = {"id": chat, "type": "private", "first_name": "An"}
    message = {"message_id": number, "date": 1, "chat": place, "from": person, "text": "x" * 3000}
    return {"update_id": number, "message": message}


def test_a_full_disk_confirms_nothing(tmp_path: Path) -> None:
    """What could not be stored raises, so that polling and webhook let Telegram keep it."""

    async def scenario() -> list[int]:
        state = State(tmp_path / "bot.sqlite3")
        handled: list[int] = []

        async def process(update: Update) -> None:
            handled.append(update.update_id)

        async def crowded(update: Update) -> None: ...

        inbox = Inbox(
            state, lambda body: Update.de_json(body, None), process, crowded, lambda body: False
        )
        pages = driver(state).execute("PRAGMA page_count").fetchone()[0]
        driver(state).execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(MemoryFailed, match="full"):
            await inbox.take([question(1), question(2)])
        assert state.waiting() == []
        driver(state).execute("PRAGMA max_page_count = 1000000")
        await inbox.take([question(1), question(2)])
        await inbox.close(5)
        state.close()
        return handled

    assert asyncio.run(scenario()) in ([], [1, 2])


def test_a_disk_that_fills_up_while_answering_delays_and_loses_nothing(
    tmp_path: Path,
) -> None:
    """A handler that could not write is tried again when there is room."""

    async def scenario() -> list[int]:
        state = State(tmp_path / "bot.sqlite3")
        tries: list[int] = []

        async def process(update: Update) -> None:
            tries.append(update.update_id)
            if len(tries) < 2:
                raise MemoryFailed("database or disk is full")

        async def crowded(update: Update) -> None: ...

        inbox = Inbox(
            state, lambda body: Update.de_json(body, None), process, crowded, lambda body: False
        )
        await inbox.take([question(1)])
        while state.waiting():
            await asyncio.sleep(0.05)
        state.close()
        return tries

    assert asyncio.run(scenario()) == [1, 1]


def test_a_chat_whose_update_could_not_even_be_parked_goes_on(tmp_path: Path) -> None:
    """A fault of ours while the memory is locked: set aside once it is not, and the next one comes."""

    async def scenario() -> tuple[list[int], list[tuple[int, str]]]:
        state = State(tmp_path / "bot.sqlite3")
        handled: list[int] = []
        other = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)

        async def process(update: Update) -> None:
            handled.append(update.update_id)
            if update.update_id == 1:
                driver(state).execute("PRAGMA busy_timeout = 10")
                other.execute("BEGIN IMMEDIATE")
                asyncio.get_running_loop().call_later(0.5, other.execute, "ROLLBACK")
                raise ValueError("a fault of ours")

        async def crowded(update: Update) -> None: ...

        inbox = Inbox(
            state, lambda body: Update.de_json(body, None), process, crowded, lambda body: False
        )
        await inbox.take([question(1), question(2)])
        for _ in range(100):
            if not state.waiting():
                break
            await asyncio.sleep(0.05)
        aside = parked(state)
        state.close()
        return handled, aside

    assert asyncio.run(scenario()) == ([1, 2], [(1, "ValueError")])


def test_health_tells_while_the_memory_is_locked(bot: Running) -> None:
    """By another process, say a backup; afterwards all that was asked is answered."""
    an, chat = bot.chat()
    bot.say(chat, an, "/help")
    other = sqlite3.connect(bot.settings.data / "bot.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    bot.standin.send_text(chat, an, GOAL)
    assert health(bot.settings.webhook_port) == (503, False)
    other.execute("ROLLBACK")
    other.close()
    assert bot.standin.wait_until(lambda: len(answers(bot, chat)) == 2, 40)
    assert bot.standin.wait_until(lambda: health(bot.settings.webhook_port) == (200, True), 40)


def test_a_damaged_memory_is_told_and_used_again_when_it_is_whole(
    tmp_path: Path, starter_serving: Serving
) -> None:
    """/healthz and the administrators say so while the bot lives; a backup put in place is enough."""
    file = tmp_path / "bot.sqlite3"
    with running_bot(tmp_path, starter_serving, admins=[4242]) as bot:
        office = bot.standin.private(bot.standin.person("Chủ", id=4242), begun=True)
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)
        other = sqlite3.connect(file)
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()
        whole = file.read_bytes()
        with file.open("r+b") as damaged:
            damaged.write(bytes(len(whole)))
        assert bot.standin.wait_until(lambda: health(bot.settings.webhook_port)[0] == 503, 20)
        assert bot.standin.wait_until(lambda: bot.replies(office), 30)
        assert "bot.sqlite3" in bot.replies(office)[0].text
        bot.standin.send_text(chat, an, UNSAID)
        with file.open("r+b") as damaged:
            damaged.write(whole)
        assert bot.standin.wait_until(lambda: len(answers(bot, chat)) == 2, 40)
        assert bot.standin.wait_until(lambda: health(bot.settings.webhook_port)[0] == 200, 20)
        assert bot.standin.wait_until(lambda: len(bot.replies(office)) == 2, 30)


def test_a_memory_that_cannot_be_opened_is_one_clear_line(
    tmp_path: Path, starter_serving: Serving
) -> None:
    """Which file, and what to do."""
    (tmp_path / "bot.sqlite3").write_bytes(b"no database" * 1000)
    with running_bot(tmp_path, starter_serving) as bot:
        bot.join()
        assert isinstance(bot.error, StorageFailed)
        assert "bot.sqlite3" in str(bot.error)


def test_a_postgres_that_goes_and_comes_back_loses_nothing(
    tmp_path: Path, starter_serving: Serving, postgres: Server
) -> None:
    """What is asked meanwhile Telegram keeps; afterwards each is answered, once and in order."""
    address = SecretStr(postgres.database())
    with running_bot(tmp_path, starter_serving, admins=[4242], database=address) as bot:
        office = bot.standin.private(bot.standin.person("Chủ", id=4242), begun=True)
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)
        assert not (tmp_path / "bot.sqlite3").exists()
        observer = State(address.get_secret_value(), key=Key(tmp_path))
        assert bot.standin.wait_until(lambda: observer.waiting() == [], 20)  # it has its receipt
        observer.close()
        postgres.stop()
        try:
            bot.standin.send_text(chat, an, UNSAID)
            bot.standin.send_text(chat, an, GOAL)
            assert health(bot.settings.webhook_port) == (503, False)
            assert bot.standin.wait_until(lambda: bot.replies(office), 30)
            assert "PostgreSQL" in bot.replies(office)[0].text
            assert len(answers(bot, chat)) == 1
        finally:
            postgres.start()
        assert bot.standin.wait_until(lambda: len(answers(bot, chat)) == 3, 60)
        assert bot.standin.wait_until(lambda: health(bot.settings.webhook_port)[0] == 200, 20)
        assert bot.standin.wait_until(lambda: len(bot.replies(office)) == 2, 30)
        first, second, third = (seen.reply_to or 0 for seen in bot.replies(chat))
        assert first < second < third


def test_a_postgres_that_fails_over_to_its_follower_loses_nothing(
    tmp_path: Path, starter_serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    """The address names both servers. What was answered is remembered by the one that leads now; what
    was asked in between is answered once and in order."""
    if programs() is None:
        pytest.skip("no PostgreSQL on this machine")
    with server() as primary, server(primary) as follower:
        primary.synchronous()
        address = primary.database(follower)
        with running_bot(tmp_path, starter_serving, database=SecretStr(address)) as bot:
            an, chat = bot.chat()
            first = bot.say(chat, an, GOAL)
            before = State(address, key=Key(tmp_path))
            assert bot.standin.wait_until(lambda: before.waiting() == [], 20)  # it has its receipt
            before.close()
            primary.stop()
            bot.standin.send_text(chat, an, UNSAID)
            bot.standin.send_text(chat, an, GOAL)
            follower.promote()
            assert bot.standin.wait_until(lambda: len(answers(bot, chat)) == 3, 60)
            replied = [seen.reply_to or 0 for seen in bot.replies(chat)]
            assert replied == sorted(set(replied))
            assert VIETNAMESE.more_title in bot.press(chat, an, first, VIETNAMESE.more).text
            after = State(address, key=Key(tmp_path))
            assert len(after.exported(chat.id)["questions"]) == 3
            after.close()
    assert "cannot be counted: bad" not in caplog.text


def test_a_clock_that_jumps_while_the_bot_works_costs_no_answer(
    tmp_path: Path, starter_serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year ahead, and two back: questions, those that follow up, and buttons of before."""
    ahead = [0.0]

    def clock() -> float:
        return time.time() + ahead[0]

    monkeypatch.setattr(
        "bot.telegram.open_memory", lambda one: State(one.data / "bot.sqlite3", clock)
    )
    with running_bot(tmp_path, starter_serving) as bot:
        an, chat = bot.chat()
        first = bot.say(chat, an, GOAL)
        for jump in (400 * 86400.0, -400 * 86400.0):
            ahead[0] = jump
            assert "2030" in bot.say(chat, an, "còn đến năm 2030 thì sao?").text
            assert "15 tỉnh" in bot.say(chat, an, GOAL).text
        assert VIETNAMESE.more_title in bot.press(chat, an, first, VIETNAMESE.more).text
    state = State(tmp_path / "bot.sqlite3")
    seconds = [one.seconds for one in state.asked(0)]
    assert len(seconds) == 5
    assert all(one is None or 0 <= one < 3600 for one in seconds)
    state.close()


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"message": {"chat": {"id": 5}}}, ("chat", 5)),
        ({"edited_message": {"chat": {"id": 5}}}, ("chat", 5)),
        ({"callback_query": {"from": {"id": 5}}}, ("callback_query", 5)),
        ({"message": None}, ("other", 0)),
        ({"message": {"chat": [1]}}, ("other", 0)),
        ({}, ("other", 0)),
    ],
)
def test_lanes(update: dict[str, Any], lane: tuple[str, int]) -> None:
    """An edit keeps its place behind its message; a pressed button waits for no question."""
    assert lane_of(update) == lane
