"""An Answer as JSON and back, so that its buttons still work after a restart."""

from __future__ import annotations

import json
from typing import Any

from index.result import Answer, Candidate, Claim, Quote
from knowledge.document import Metadata

_LEFT_OUT = ("steps", "milliseconds")  # no button asks for them


def dump_answer(answer: Answer) -> str:
    """All of `answer` but the steps and timings."""
    return json.dumps(answer, default=_fields, ensure_ascii=False)


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__ if name not in _LEFT_OUT}


def load_answer(text: str) -> Answer:
    """The answer that `dump_answer` wrote."""
    return _answer(json.loads(text))


def _answer(fields: dict[str, Any]) -> Answer:
    return Answer(
        question=fields["question"],
        understood=fields["understood"],
        outcome=fields["outcome"],
        text=fields["text"],
        quotes=tuple(
            Quote(**(quote | {"metadata": Metadata(**quote["metadata"])}))
            for quote in fields["quotes"]
        ),
        candidates=tuple(Candidate(**candidate) for candidate in fields["candidates"]),
        confidence=fields["confidence"],
        differing=tuple(Claim(**claim) for claim in fields.get("differing", ())),
        phrased=fields.get("phrased", ""),  # absent from what was kept before there was any
        refused=fields.get("refused"),
        meant=fields.get("meant", ""),
        listed=fields.get("listed", 0),
        recorded=fields.get("recorded", False),
        parts=tuple(_answer(part) for part in fields["parts"]),
    )
