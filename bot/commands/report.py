"""What `cdsbot report` tells of: the bot's memory and the library that serves."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from bot.delivery.opened import MEMORY, open_memory
from bot.reports.figures import Figures, Holds, figures
from bot.settings import Settings
from knowledge.calendar import begins, day_at
from knowledge.errors import CdsbotError


def read(settings: Settings, days: int, clock: Callable[[], float] = time.time) -> Figures:
    """The last `days` days of Vietnam's calendar, today included, from the bot's memory."""
    until = day_at(clock())
    since = until - timedelta(days - 1)
    begin = begins(since)
    memory = settings.data / MEMORY
    if not (settings.database or memory.is_file()):
        return figures((), since, until, lambda reference: True)
    state = open_memory(settings)
    try:
        counted = state.counted(since.isoformat())
        return figures(state.asked(begin), since, until, _holds(settings), counted)
    finally:
        state.close()


def _holds(settings: Settings) -> Holds:
    """Whether the library that serves has a document; without a library it is said to have all."""
    from index.law.names import DocumentNames
    from index.store.generation import open_generation, serving_folder
    from knowledge.abbreviations import Abbreviations, maintained

    try:
        entries = open_generation(serving_folder(settings.data)).entries
        own = maintained(settings.data)
    except CdsbotError:
        return lambda reference: True
    names = DocumentNames(entries, Abbreviations.open(own))
    return lambda reference: bool(names.resolve(reference))
