"""Tells the administrators when a new index serves, or when one could not be opened."""

from __future__ import annotations

import asyncio
import logging

from bot.delivery.reindexed import last_failure
from bot.handlers.desk import Desk
from bot.logs import log_fault
from bot.screens.render import Screen, escape, shortened
from bot.screens.texts import texts_for
from index.store.generation import serving_folder
from knowledge.errors import CdsbotError

_LOG = logging.getLogger(__name__)
_SERVING = "generation told of"
_REFUSED = "generation refused"
_FAILED = "reindex failed"


async def watch_index(desk: Desk, seconds: float = 5.0) -> None:
    """Look now and then, for ever. A switch is noticed here even when nobody asks."""
    while True:
        try:
            for number, make in await asyncio.to_thread(news, desk):
                await desk.sender.tell(number, make)
        except Exception as error:  # the watch must outlive whatever it stumbles over
            log_fault(_LOG, error, "looking at the index")
        await asyncio.sleep(seconds)


def news(desk: Desk) -> list[tuple[int, Screen]]:
    """What each administrator has not been told yet."""
    try:
        generation = desk.serving.answerer().generation
        newest = serving_folder(desk.settings.data).name
    except CdsbotError:
        return _failures(desk)  # nothing serves yet
    told = desk.state.fact(_SERVING)
    if told != generation.identity:
        desk.state.set_fact(_SERVING, generation.identity)
        if told is not None:  # the first index of all is no news
            documents, passages = len(generation.entries), len(generation.passages)
            return _to_all(desk, "reindexed", documents=documents, passages=passages)
    if newest != generation.identity and _is_new(desk, _REFUSED, newest):
        return _to_all(desk, "index_refused", name=escape(newest))
    return _failures(desk)


def _failures(desk: Desk) -> list[tuple[int, Screen]]:
    at, reason = last_failure(desk.settings.data)
    if at and _is_new(desk, _FAILED, at):
        return _to_all(desk, "reindex_failed", reason=escape(shortened(reason, 1000)))
    return []


def _is_new(desk: Desk, fact: str, value: str) -> bool:
    if desk.state.fact(fact) == value:
        return False
    desk.state.set_fact(fact, value)
    return True


def _to_all(desk: Desk, which: str, **facts: object) -> list[tuple[int, Screen]]:
    return [
        (admin, Screen(getattr(texts_for(desk.state.language(admin)), which).format(**facts)))
        for admin in desk.settings.admins
    ]
