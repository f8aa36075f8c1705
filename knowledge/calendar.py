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
