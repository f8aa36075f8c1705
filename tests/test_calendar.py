"""Days are Vietnam's, wherever the server stands: what is in force changes at midnight there."""

from __future__ import annotations

import ast
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import pytest

from bot.logs import vietnamese_time
from bot.screens.catalogue import Catalogue
from bot.screens.library import recent_screen
from bot.screens.standing import standing
from bot.screens.texts import VIETNAMESE
from index.serving import Serving
from knowledge import calendar
from knowledge.document import Metadata

ROOT = Path(__file__).parents[1]


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati"])
def _elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The server's clock shows the time of another place."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system has no tzset to move the clock's zone with")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> type[datetime]:
    """`at.moment` is now."""

    class Moment(datetime):
        moment = datetime(2026, 6, 30, 20, 0, tzinfo=UTC)

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return cls.moment.astimezone(tz)

    monkeypatch.setattr(calendar, "datetime", Moment)
    return Moment


@pytest.mark.usefixtures("_elsewhere")
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 16, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 17, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 0, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_today_begins_at_midnight_in_vietnam(
    at: type[datetime], monkeypatch: pytest.MonkeyPatch, moment: datetime, day: date
) -> None:
    monkeypatch.setattr(at, "moment", moment)
    assert calendar.today() == day


@pytest.mark.usefixtures("_elsewhere", "at")
def test_a_decree_is_in_force_from_the_first_minute_of_its_day() -> None:
    """Three in the morning in Vietnam, the evening before in Greenwich."""
    decree = Metadata("Nghị định", status="in force", effective="2026-07-01")
    older = Metadata("Nghị định", status="in force", expires="2026-06-30")
    assert standing(decree, VIETNAMESE) == "Còn hiệu lực"
    assert standing(older, VIETNAMESE) == "Hết hiệu lực từ 01/07/2026"


@pytest.mark.usefixtures("_elsewhere")
def test_a_moment_is_told_by_a_clock_in_vietnam() -> None:
    assert calendar.minute_of("2026-06-30T17:05:09+00:00") == "00:05 01/07/2026"


@pytest.mark.usefixtures("_elsewhere")
def test_a_document_added_at_night_is_shown_under_the_day_it_was(
    starter_serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored is UTC, what is shown is not."""
    catalogue = Catalogue(starter_serving.answerer().generation)
    [entry] = catalogue.recent()[:1]
    added = replace(entry, added="2026-06-30T17:30:00+00:00")
    monkeypatch.setattr(Catalogue, "recent", lambda self: [added])
    assert "1. 01/07/2026: " in recent_screen(VIETNAMESE, catalogue, 0).html


@pytest.mark.usefixtures("_elsewhere")
def test_the_log_has_the_time_of_its_readers() -> None:
    formatter = logging.Formatter("%(asctime)s", "%H:%M")
    formatter.converter = vietnamese_time
    record = logging.makeLogRecord({"created": 1_800_000_000.0})  # 2027-01-15 08:00 UTC
    assert formatter.format(record) == "15:00"


def test_nothing_else_asks_the_machine_what_day_it_is() -> None:
    """One place decides: no other module calls `date.today()` or a `now()` without a zone."""
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for folder in ("bot", "index", "knowledge")
        for file in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in ("today", "utcnow", "localtime", "strftime")
        or (call.func.attr in ("now", "fromtimestamp") and len(call.args) + len(call.keywords) == 0)
    ]
    assert found == []
