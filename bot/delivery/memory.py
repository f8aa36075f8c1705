"""Whether the bot's memory can be written, for /healthz and administrators."""

from __future__ import annotations

import asyncio

from bot.delivery.state import State

_PATIENCE = 2.0  # seconds; a commit takes hundredths
NO_ANSWER = "database is locked"


class Memory:
    """Asks without waiting long: a locked database keeps its callers for half a minute."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._asking: asyncio.Task[str] | None = None

    async def problem(self) -> str:
        """What is wrong; "" where nothing is. One question at a time is on its way."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(asyncio.to_thread(self._state.problem))
        asking = self._asking  # another caller may ask anew before this one is woken
        done, _ = await asyncio.wait({asking}, timeout=_PATIENCE)
        return asking.result() if done else NO_ANSWER
