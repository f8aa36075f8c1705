"""Which updates have to keep their order."""

from __future__ import annotations

from typing import Any

LaneKey = tuple[str, int]


def lane_of(update: dict[str, Any]) -> LaneKey:
    """Messages of a chat and their edits keep their order; buttons do not wait behind them."""
    for kind in ("message", "edited_message"):
        chat = _number(update, kind, "chat")
        if chat is not None:
            return ("chat", chat)
    for kind in ("callback_query", "inline_query"):
        user = _number(update, kind, "from")
        if user is not None:
            return (kind, user)
    return ("other", 0)


def _number(update: dict[str, Any], kind: str, whose: str) -> int | None:
    try:
        number = update[kind][whose]["id"]
    except (KeyError, TypeError):
        return None
    return number if isinstance(number, int) else None
