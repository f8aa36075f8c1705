"""Tells the administrators when a new index serves, when one could not be opened, and when the bot
cannot remember."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.database.connection import MemoryFailed
from bot.delivery.memory import Memory
from bot.delivery.reindexed import last_failure
from bot.handlers.desk import Desk
from bot.logs import log_fault
from bot.screens.cutting import shortened
from bot.screens.render import Screen, escape
from bot.screens.texts import VIETNAMESE, texts_for
from bot.watching.incidents import incident
from index.store.unread import kept
from knowledge.calendar import date_of, day_of
from knowledge.errors import CdsbotError

_LOG = logging.getLogger(__name__)
_SERVING = "generation told of"
_REFUSED = "generation refused"
_FAILED = "reindex failed"
_TROUBLED = "index troubled"
_KEPT = "readings kept"
_LOOKING = 5.0  # seconds between looks
_LISTED = 10  # documents named in one message


async def watch_index(desk: Desk) -> None:
    """Look now and then, for ever. A switch is noticed here even when nobody asks."""
    while True:
        try:
            for admin, screen in await asyncio.to_thread(news, desk):
                await desk.sender.tell(admin, screen)
        except Exception as error:  # the watch must outlive whatever it stumbles over
            log_fault(_LOG, error, "looking at the index")
        await asyncio.sleep(_LOOKING)


async def tidy(desk: Desk, seconds: float = 30.0) -> None:
    """For ever: nothing that is not needed any more stays in the memory's files."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(desk.state.tidy, desk.settings.context_minutes * 60)
        except MemoryFailed as error:
            _LOG.warning("The bot's memory could not be tidied: %s", error)


async def watch_memory(desk: Desk, memory: Memory, speaks: Callable[[], bool]) -> None:
    """The same for the bot's memory; in Vietnamese, since who prefers what is in the memory.

    Of several processes one speaks, as nobody can remember that another one has.
    """
    told = before = ""
    while True:
        problem = await memory.problem()
        if problem and before and not told:  # twice in a row: no passing hitch
            _LOG.error(
                "The bot's memory cannot be used: %s", problem, extra=incident("memory failing")
            )
            notice = VIETNAMESE.memory_failing.format(
                memory="PostgreSQL" if desk.state.shared else "tệp bot.sqlite3",
                reason=escape(shortened(problem, 300)),
            )
            told = problem
        elif told and not problem:
            _LOG.warning("The bot's memory can be used again", extra=incident("memory back"))
            notice, told = VIETNAMESE.memory_back, ""
        else:
            notice = ""
        for admin in desk.settings.admins if notice and speaks() else ():
            await desk.sender.tell(admin, Screen(notice))
        before = problem
        await asyncio.sleep(_LOOKING)


def news(desk: Desk) -> list[tuple[int, Screen]]:
    """What each administrator has not been told yet."""
    try:
        generation = desk.serving.answerer().generation
    except CdsbotError:
        return _failures(desk)  # nothing serves yet
    told = desk.state.fact(_SERVING)
    # of several processes one may still serve the generation before: that is no news
    newest = desk.serving.newest() == generation.identity
    if newest and _is_new(desk, _SERVING, generation.identity) and told is not None:
        documents, passages = len(generation.entries), len(generation.passages)
        return _to_all(desk, "reindexed", documents=documents, passages=passages)
    refused = desk.serving.refused
    if refused and _is_new(desk, _REFUSED, refused):
        _LOG.error("A new index could not be opened", extra=incident("index refused"))
        return _to_all(desk, "index_refused", name=escape(refused))
    return _troubles(desk) or _failures(desk)


def _troubles(desk: Desk) -> list[tuple[int, Screen]]:
    """What goes on answering in spite of a fault: damaged files, and documents as they were before."""
    problems = " ".join(desk.serving.troubles)
    if _is_new(desk, _TROUBLED, problems) and problems:
        return _to_all(desk, "index_troubled", problems=escape(shortened(problems, 1000)))
    unread = kept(desk.settings.data)
    lines = [
        f"• {one.path} ({date_of(day_of(one.kept_from))}): {one.reason}" for one in unread.values()
    ]
    if _is_new(desk, _KEPT, "\n".join(lines)) and lines:
        more = ["…"] if len(lines) > _LISTED else []
        files = "\n".join([escape(shortened(line, 200)) for line in lines[:_LISTED]] + more)
        return _to_all(desk, "readings_kept", count=len(lines), files=files)
    return []


def _failures(desk: Desk) -> list[tuple[int, Screen]]:
    at, reason = last_failure(desk.settings.data)
    if at and _is_new(desk, _FAILED, at):
        return _to_all(desk, "reindex_failed", reason=escape(shortened(reason, 1000)))
    return []


def _is_new(desk: Desk, fact: str, value: str) -> bool:
    return desk.state.fact(fact) != value and desk.state.set_fact(fact, value)


def _to_all(desk: Desk, which: str, **facts: object) -> list[tuple[int, Screen]]:
    return [
        (admin, Screen(getattr(texts_for(desk.state.language(admin)), which).format(**facts)))
        for admin in desk.settings.admins
    ]
