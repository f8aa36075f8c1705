"""Sends administrators the week's figures as a picture on Monday mornings, once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from logging import getLogger

from bot.handlers.desk import Desk
from bot.logs import log_fault
from bot.reports.figures import Figures, figures
from bot.reports.picture import png
from bot.reports.plots import share_of
from bot.screens.render import Screen
from bot.screens.texts import Texts, texts_for
from knowledge.calendar import VIETNAM, begins, date_of

_LOG = getLogger(__name__)
_HOUR = 8  # Vietnam's clock
_WEEK = timedelta(7)
_DEAD = 600.0  # seconds that a picture stays on its way: whoever sends it is gone


class Weekly:
    """Each administrator has a mark, set before the picture is sent and after: "2026-11-30 sending",
    "2026-11-30 sent". As with replies, what is found on its way is not repeated: a note tells of it.
    """

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._clock = clock
        self._sending: dict[tuple[int, str], float] = {}  # marks of others, and since when

    async def run(self, seconds: float = 60.0) -> None:
        """Look now and then, for ever."""
        while True:
            try:
                await self.look()
            except Exception as error:  # the next week has its report, too
                log_fault(_LOG, error, "reporting the week")
            await asyncio.sleep(seconds)

    async def look(self) -> None:
        """Send what is due."""
        desk = self._desk
        monday = due(desk.state.clock())
        for admin in desk.settings.admins:
            what = await asyncio.to_thread(self._claim, admin, monday)
            if not what:
                continue
            texts = texts_for(await asyncio.to_thread(desk.state.language, admin))
            found = await asyncio.to_thread(week, desk, monday - timedelta(1))
            sure = what == "picture" and await desk.sender.post(
                admin, await asyncio.to_thread(report_screen, found, texts)
            )
            if not sure:
                await desk.sender.tell(admin, Screen(_told(texts.weekly_doubt, found)))
            await asyncio.to_thread(desk.state.set_fact, self._fact(admin), f"{monday} sent")

    def _fact(self, admin: int) -> str:
        return f"weekly report to {self._desk.state.named(admin)}"

    def _claim(self, admin: int, monday: date) -> str:
        """What this process is to send: a picture, or a note of one that was on its way; or nothing."""
        state, fact = self._desk.state, self._fact(admin)
        mark = state.fact(fact) or ""
        told, _, how = mark.partition(" ")
        begun = date.fromisoformat(told) if told else monday + 2 * _WEEK
        if begun > monday + _WEEK:  # the first look of all; or a clock had jumped ahead
            state.set_fact(fact, f"{monday} sent")
        elif begun < monday:
            return "picture" if state.set_fact(fact, f"{monday} sending") else ""
        elif how == "sending":
            since = self._sending.setdefault((admin, mark), self._clock())
            if self._clock() - since > _DEAD and state.set_fact(fact, f"{told} doubted"):
                return "note"
        return ""


def due(now: float) -> date:
    """The last Monday on which a report was due."""
    at = datetime.fromtimestamp(now, VIETNAM) - timedelta(hours=_HOUR)
    return at.date() - timedelta(at.weekday())


def week(desk: Desk, until: date) -> Figures:
    """Seven days of Vietnam's calendar, the last of them included."""
    since = until - timedelta(6)
    begin = begins(since)
    counted = desk.state.counted(since.isoformat())
    return figures(desk.state.asked(begin), since, until, lambda reference: True, counted)


def report_screen(found: Figures, texts: Texts) -> Screen:
    """The picture, and its figures in words for whoever cannot see it."""
    return Screen(_told(texts.weekly, found), picture=png(found))


def _told(text: str, found: Figures) -> str:
    return text.format(
        since=date_of(found.since.isoformat()), until=date_of(found.until.isoformat()),
        questions=found.questions, share=share_of(found.whole.share), up=found.up, down=found.down,
    )  # fmt: skip
