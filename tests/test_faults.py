"""Whatever comes back from Telegram or stands before it: no answer is lost without a word."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from telegram.error import InvalidToken

from bot.delivery.inbox import Inbox, Poller, RawBot
from bot.delivery.request import TelegramRequest
from bot.delivery.state import State
from bot.local_api import StandIn
from index.serving import Serving
from knowledge.errors import SettingsInvalid
from tests.fault_run import FAULTS, PAGE, fault_run
from tests.running_bot import GOAL, running_bot


@pytest.mark.parametrize(
    ("method", "faults"),
    [
        ("sendMessage", ("200 HTML", "200 other result", "401", "403 HTML", "404", "409", "302")),
        ("editMessageText", ("200 HTML", "200 other result after", "401", "409")),
    ],
)
def test_no_fault_on_the_way_loses_an_answer_or_doubles_it(
    tmp_path: Path, starter_serving: Serving, method: str, faults: tuple[str, ...]
) -> None:
    """Each is answered, or offered behind a button that opens it; an edit comes in the end.

    Every method with every fault: python -m tests.fault_run
    """
    outcome = fault_run(tmp_path, starter_serving, [method], faults)
    assert outcome.lost == ()
    assert outcome.doubled == ()
    assert outcome.unopened == ()
    assert outcome.unedited == ()
    assert outcome.mute == ()
    assert outcome.answered + outcome.offered == len(faults)
    assert outcome.alive


@pytest.mark.parametrize("name", ["401", "404", "401 HTML", "404 HTML", "200 HTML", "200 list"])
def test_one_refusal_while_fetching_ends_nothing(
    tmp_path: Path, starter_serving: Serving, name: str
) -> None:
    """A fault on the way may look like a refused token, for once."""
    with running_bot(tmp_path, starter_serving, checked=False) as bot:
        an, chat = bot.chat()
        bot.standin.fail("getUpdates", **FAULTS[name])
        bot.standin.raw_update({})  # ends the poll that waits
        assert "15 tỉnh" in bot.say(chat, an, GOAL).text
        assert bot.error is None


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
def test_a_captive_portal_at_the_start_is_waited_out(
    tmp_path: Path, starter_serving: Serving, method: str
) -> None:
    """Its page, its redirect, and an answer of no known shape."""
    with running_bot(tmp_path, starter_serving, start=False, checked=False) as bot:
        for name in ("200 HTML", "200 list", "401"):
            bot.standin.fail(method, **FAULTS[name])
        bot.start()
        an, chat = bot.chat()
        assert bot.reply(chat, lambda: bot.standin.send_text(chat, an, "/help"), 40)


def test_a_token_refused_for_minutes_is_believed_to_be_refused(tmp_path: Path) -> None:
    """Several times over five minutes, by an injected clock, and nothing else in between."""

    async def scenario() -> tuple[float, int]:
        now, asked = [0.0], 0

        async def sleep(seconds: float) -> None:
            nonlocal asked
            asked += 1
            now[0] += seconds
            if asked == 3:  # an answer in between: all begins anew
                standin.faults.planned.clear()
                standin.fail("getUpdates", status=409)
                standin.fail("getUpdates", status=200, body='{"ok": true, "result": []}')
                standin.fail("getUpdates", status=401, times=1000)

        standin = StandIn()
        await standin.start()
        standin.fail("getUpdates", status=401, times=1000)
        bot = RawBot(
            standin.token,
            base_url=standin.base_url,
            request=TelegramRequest(),
            get_updates_request=TelegramRequest(),
        )
        await bot.initialize()
        state = State(tmp_path / "bot.sqlite3")
        inbox = Inbox(state, None, None, None, None)  # type: ignore[arg-type]  # nothing comes
        try:
            with pytest.raises(SettingsInvalid, match="CDSBOT_TELEGRAM_TOKEN"):
                await Poller(bot, inbox, sleep, lambda: now[0]).run()
        finally:
            await bot.shutdown()
            await standin.stop()
            state.close()
        return now[0], asked

    seconds, asked = asyncio.run(scenario())
    assert seconds >= 300
    assert asked >= 5


def test_a_page_in_place_of_an_answer_is_in_no_log(
    tmp_path: Path, starter_serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    """A proxy may send back what somebody wrote."""
    with running_bot(tmp_path, starter_serving, checked=False) as bot:
        an, chat = bot.chat()
        for status in (200, 403, 404, 502):
            bot.standin.fail("sendMessage", status=status, body=f"{PAGE} riêng tư")
            bot.say(chat, an, "/help")
    assert "bytes that are not Telegram's" in caplog.text
    assert "riêng tư" not in caplog.text


def test_telegrams_own_refusals_are_told_from_a_pages(tmp_path: Path) -> None:
    """A 401 as the Bot API writes it is one."""

    async def scenario() -> None:
        standin = StandIn()
        await standin.start()
        standin.fail("getMe", status=401)
        bot = RawBot(standin.token, base_url=standin.base_url, request=TelegramRequest())
        try:
            with pytest.raises(InvalidToken):
                await bot.get_me()
        finally:
            await standin.stop()

    asyncio.run(scenario())
