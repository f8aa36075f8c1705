"""The updates a bot has not confirmed yet, kept and forgotten as the server does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.local_api.errors import bad_request

Json = dict[str, Any]

RETENTION = 24 * 3600
KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "message_reaction_count",
)
# These come only to a bot that asks for them by name.
_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
_DEFAULT = frozenset(set(KINDS) - _ON_REQUEST)


@dataclass(slots=True)
class Updates:
    """One bot's queue. An update is gone once a read passes it, or after 24 hours."""

    next_id: int
    allowed: frozenset[str] = _DEFAULT
    pending: dict[int, tuple[float, Json]] = field(default_factory=dict)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Holds for what happens from now on; None leaves the choice as it was."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or _DEFAULT

    def push(self, update: Json, now: float) -> int | None:
        """The id it was given, or None where the bot did not ask for this kind."""
        known = [kind for kind in KINDS if kind in update]
        if known and known[0] not in self.allowed:
            return None
        number = self.next_id
        self.next_id += 1
        self.pending[number] = (now, {"update_id": number, **update})
        return number

    def read(self, offset: int, limit: int, now: float) -> list[Json]:
        """The oldest ones from `offset` on; a higher offset confirms those before it."""
        if not 0 <= limit <= 100:
            raise bad_request("limit must be between 1 and 100")
        self.pending = {n: one for n, one in self.pending.items() if one[0] > now - RETENTION}
        if offset < 0:
            offset = max(self.next_id + offset, 0)
        if offset <= self.next_id + 10:  # the server ignores an offset from far in the future
            self.pending = {n: one for n, one in self.pending.items() if n >= offset}
        return [update for _, update in list(self.pending.values())[: limit or 100]]

    def confirm(self, number: int) -> None:
        self.pending.pop(number, None)

    def renumber(self, next_id: int) -> None:
        """Ids start anew at random after a week of quiet."""
        self.next_id = next_id
