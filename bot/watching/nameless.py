"""What of an answer and of an update may be kept: nothing that points to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.watching.masking import masked
from index.result import Answer


def nameless(answer: Answer) -> Answer:
    """The same with people's words masked; what documents say stays as it is."""
    return replace(
        answer,
        question=masked(answer.question),
        understood=masked(answer.understood),
        text=masked(answer.text) if answer.question in answer.text else answer.text,
        meant=masked(answer.meant),
        parts=tuple(map(nameless, answer.parts)),
    )


def nameless_fields(answer: dict[str, Any]) -> dict[str, Any]:
    """The same of an answer as it was stored."""
    return answer | {
        "question": masked(answer["question"]),
        "understood": masked(answer["understood"]),
        "meant": masked(answer.get("meant", "")),
        "parts": [nameless_fields(part) for part in answer["parts"]],
    }


def nameless_turns(turns: Sequence[str]) -> list[str]:
    return [masked(turn) for turn in turns]


def shape(value: Any) -> Any:
    """An update's form without its contents, for whoever looks into what could not be handled."""
    if isinstance(value, dict):
        return {str(name)[:40]: shape(one) for name, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value).__name__
