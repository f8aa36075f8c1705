"""Administrators get the week's figures as a picture on Mondays: once, whatever happens in between."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
from resvg_py import svg_to_bytes

from bot.delivery.inbox import RawBot
from bot.delivery.limits import Limiter
from bot.delivery.request import TelegramRequest
from bot.delivery.sending import Sender
from bot.delivery.state import State
from bot.handlers.desk import Desk
from bot.handlers.weekly import Weekly, due
from bot.local_api import StandIn
from bot.records import Counted
from bot.reports.figures import figures
from bot.reports.picture import FAMILY, LETTERS, png
from bot.screens.texts import VIETNAMESE
from bot.settings import Settings
from index.serving import Serving
from knowledge.calendar import VIETNAM
from tests.conftest import Clock
from tests.running_bot import GOAL, running_bot
from tests.test_report import SINCE, UNTIL, asked, told
from tests.test_state import keep

CHIEF = 4242
MONDAY = datetime(2026, 11, 9, 8, tzinfo=VIETNAM).timestamp()
DAY = 86400.0
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-09 07:59", "2026-11-02"),
        ("2026-11-09 08:00", "2026-11-09"),
        ("2026-11-15 23:59", "2026-11-09"),
        ("2026-11-16 08:00", "2026-11-16"),
    ],
)
def test_a_report_is_due_on_mondays_at_eight(now: str, monday: str) -> None:
    """Vietnam's clock, wherever the server stands."""
    at = datetime.fromisoformat(now).replace(tzinfo=VIETNAM).timestamp()
    assert due(at) == date.fromisoformat(monday)


class Office:
    """An administrator's chat, and the weekly report as one process after another sees to it."""

    def __init__(self, standin: StandIn, desk: Desk, clock: Clock) -> None:
        self.standin, self.desk, self.clock = standin, desk, clock
        self.chat = standin.private(standin.person("Chủ", id=CHIEF), begun=True)
        self.weekly = Weekly(desk, clock)

    async def looks(self, at: float | None = None) -> list[str]:
        """What the administrator has read so far; "picture" for a picture."""
        self.clock.now = at or self.clock.now
        await self.weekly.look()
        seen = self.standin.visible(self.chat)
        return ["picture" if "photo" in one.body else one.text for one in seen]


@asynccontextmanager
async def office(state: State, clock: Clock) -> AsyncIterator[Office]:
    standin = StandIn()
    await standin.start()
    limiter = Limiter()
    bot = RawBot(
        standin.token,
        base_url=standin.base_url,
        request=TelegramRequest(),
        rate_limiter=limiter,
    )
    await bot.initialize()
    try:
        settings = Settings(admins=[CHIEF])
        desk = Desk(settings, None, state, Sender(bot, state, limiter, sleep=_at_once))  # type: ignore[arg-type]  # no index is asked
        yield Office(standin, desk, clock)
    finally:
        await bot.shutdown()
        await standin.stop()


async def _at_once(_: float) -> None: ...


def test_each_week_once_and_after_a_restart_not_again(state: State, clock: Clock) -> None:
    """A bot that was down on Monday sends it later; one that was down for weeks, the last one. The
    first look only begins."""

    async def scenario() -> list[int]:
        async with office(state, clock) as one:
            counts = [len(await one.looks(at)) for at in (MONDAY, MONDAY + 1, MONDAY + 7 * DAY)]
            one.weekly = Weekly(one.desk, clock)  # a restart
            return counts + [len(await one.looks(MONDAY + days * DAY)) for days in (8, 13, 15, 40)]

    assert asyncio.run(scenario()) == [0, 0, 1, 1, 1, 2, 3]


def test_of_several_processes_one_sends_it(state: State, clock: Clock) -> None:
    async def scenario() -> list[str]:
        async with office(state, clock) as one:
            await one.looks(MONDAY)
            clock.now = MONDAY + 7 * DAY
            await asyncio.gather(*(Weekly(one.desk, clock).look() for _ in range(3)))
            return await one.looks()

    assert asyncio.run(scenario()) == ["picture"]


def test_what_may_have_arrived_is_not_repeated_but_told(state: State, clock: Clock) -> None:
    """The connection broke behind the call; or the process died on the way."""

    async def scenario() -> tuple[list[str], list[str], list[str]]:
        async with office(state, clock) as one:
            await one.looks(MONDAY)
            one.standin.fail("sendPhoto", drop="after")
            broken = await one.looks(MONDAY + 7 * DAY)
            await asyncio.to_thread(
                state.set_fact, one.weekly._fact(CHIEF), "2026-11-23 sending"
            )  # as a kill leaves it
            alive = await one.looks(MONDAY + 14 * DAY)
            await one.looks(MONDAY + 14 * DAY + 601)
            return broken, alive, await one.looks()

    broken, alive, dead = asyncio.run(scenario())
    assert [text[:7] for text in broken] == ["picture", "Báo cáo"]
    assert alive == broken
    assert len(dead) == 3
    assert "/baocao" in dead[-1]


def test_a_clock_that_had_jumped_ahead_silences_no_week(state: State, clock: Clock) -> None:
    async def scenario() -> list[int]:
        async with office(state, clock) as one:
            return [len(await one.looks(MONDAY + days * DAY)) for days in (0, 400, 1, 7)]

    assert asyncio.run(scenario()) == [0, 1, 1, 2]


def test_the_picture_is_of_the_week_before(state: State, clock: Clock) -> None:
    """Monday to Sunday; its figures stand below it in words, too."""
    clock.now = MONDAY - DAY
    keep(state, "một")
    keep(state, "hai", "absent", question_message=2)

    async def scenario() -> str:
        async with office(state, clock) as one:
            await one.looks(MONDAY - 7 * DAY)
            await one.looks(MONDAY)
            return str(one.standin.visible(one.chat)[0].body["caption"])

    said = asyncio.run(scenario())
    assert "02/11/2026 – 08/11/2026" in said
    assert "2 câu hỏi, trả lời được 50 %" in said


def test_an_administrator_asks_for_it(tmp_path: Path, starter_serving: Serving) -> None:
    with running_bot(tmp_path, starter_serving, admins=[CHIEF]) as bot:
        chief = bot.standin.person("Chủ", id=CHIEF)
        own = bot.standin.private(chief, begun=True)
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)
        shown = bot.say(own, chief, "/baocao")
        assert "1 câu hỏi" in shown.body["caption"]
        assert bot.standin.wait_until(lambda: bot.standin.called("sendPhoto"))
        assert bot.standin.called("sendPhoto")[0].params["photo"].content[:8] == PNG
        assert bot.say(chat, an, "/baocao").text == VIETNAMESE.admins_only


# The picture


@pytest.mark.parametrize("count", [0, 1, 2_000])
def test_any_week_makes_a_picture_that_telegram_takes(count: int) -> None:
    """Whole, below 10 MB, and no side much longer than the other."""
    found = told(*[asked(f"học sinh {n}", day=f"2026-11-0{2 + n % 7} 10:00") for n in range(count)])
    picture = png(found)
    wide, high = struct.unpack(">II", picture[16:24])
    assert picture[:8] == PNG
    assert 0.5 < wide / high < 3
    assert len(picture) < 1_000_000


def test_every_letter_that_the_picture_shows_is_in_its_font() -> None:
    """A letter that were missing would look as any other that is missing."""
    blank = drawn("\ue000")
    letters = "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĂÂĐÊÔƠƯ–/%"
    assert [letter for letter in letters if drawn(letter) == blank] == []


def drawn(letter: str) -> bytes:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text y="30" font-size="30">{letter}</text></svg>'
    )
    return svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=[str(LETTERS)], font_family=FAMILY
    )


# Days whose questions are no longer kept


def test_days_that_are_only_counted_still_show() -> None:
    """In the days, the outcomes and the thumbs; the page says what does not count them."""
    from bot.reports.page import html

    old = [
        Counted("2026-11-02", "answered", 5, 2, 1),
        Counted("2026-11-02", "refused", 1, 0, 0),
        Counted("2026-10-01", "answered", 9, 9, 9),
    ]
    found = figures([asked("a", day="2026-11-02 20:00")], SINCE, UNTIL, lambda _: True, old)
    first = found.days[0]
    assert (first.questions, first.answered, first.refused) == (7, 6, 1)
    assert (found.questions, found.up, found.down, found.counted) == (7, 2, 1, 6)
    assert found.outcomes == {"answered": 6, "refused": 1}
    assert "6 câu hỏi đã quá hạn lưu" in html(found)


def test_a_report_reaches_behind_what_is_kept(state: State, clock: Clock) -> None:
    """The memory's own counts, of questions as old as that."""
    clock.now = MONDAY
    keep(state, "cũ")
    clock.now += 181 * DAY
    keep(state, "mới", question_message=2)
    since = date(2026, 11, 1)
    until = datetime.fromtimestamp(clock.now, VIETNAM).date()
    found = figures(state.asked(0), since, until, lambda _: True, state.counted(since.isoformat()))
    assert (found.questions, found.counted) == (2, 1)
    assert [day.name for day in found.days if day.questions] == ["2026-11-09", until.isoformat()]
