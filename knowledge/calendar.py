"""What day it is in Vietnam, wherever the machine stands and whatever its clock shows.

Vietnam has been seven hours ahead of UTC, summer and winter, since 13 June 1975 (tz database,
Asia/Ho_Chi_Minh), so no table of time zones is needed; slim containers and Windows have none.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "+07")


def today() -> date:
    """The day that decides what is in force."""
    return datetime.now(VIETNAM).date()


def day_of(moment: str) -> str:
    """An ISO moment with its zone as the ISO day it fell on in Vietnam."""
    return datetime.fromisoformat(moment).astimezone(VIETNAM).date().isoformat()


def minute_of(moment: str) -> str:
    """Such a moment as a clock in Vietnam showed it: 07:05 31/12/2020."""
    there = datetime.fromisoformat(moment).astimezone(VIETNAM)
    return f"{there:%H:%M} {date_of(there.date().isoformat())}"


def day_at(seconds: float) -> date:
    """The day it was in Vietnam, of a time as computers count it."""
    return datetime.fromtimestamp(seconds, VIETNAM).date()


def begins(day: date) -> float:
    """When a day began in Vietnam, likewise."""
    return datetime.combine(day, datetime.min.time(), VIETNAM).timestamp()


def date_of(iso: str) -> str:
    """31/12/2020 for 2020-12-31; 12/2020 for 2020-12; anything else as it is."""
    parts = iso.split("-")
    return "/".join(reversed(parts)) if 1 < len(parts) <= 3 else iso
