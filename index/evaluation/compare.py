"""Two runs of `eval answers`: which questions changed, and the measures side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from index.evaluation.answers import Failure
from knowledge.errors import CdsbotError

_GRAVITY: dict[str, int] = {name: at for at, name in enumerate(get_args(Failure))}


class RunUnreadable(CdsbotError):
    """A kept run that is not there or not one of ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose failure is another, or gone, or new."""

    id: str
    question: str
    before: Failure
    after: Failure


@dataclass(frozen=True, slots=True)
class Comparison:
    common: int  # questions in both runs; only these are compared one by one
    missing: int  # questions in one run only: the measures then count different things
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    measures: tuple[tuple[str, str, float | None, float | None], ...]
    """(style or "", measure, before, after), for the styles of both runs."""

    def as_json(self) -> dict[str, Any]:
        return {
            "common": self.common,
            "missing": self.missing,
            "better": [_change_json(change) for change in self.better],
            "worse": [_change_json(change) for change in self.worse],
            "measures": [
                {"style": style, "measure": name, "before": before, "after": after}
                for style, name, before, after in self.measures
            ],
        }


def _change_json(change: Change) -> dict[str, str]:
    return {
        "id": change.id, "question": change.question,
        "before": change.before, "after": change.after,
    }  # fmt: skip


def read_run(file: Path) -> dict[str, Any]:
    """What `eval answers --json` printed. Raises RunUnreadable."""
    try:
        run = json.loads(file.read_text(encoding="utf-8-sig"))
        for one in run["questions"]:
            _GRAVITY[one["failure"]], one["id"], one["question"]
        run["overall"]["shown"]["share"], run["styles"].items(), run["calibration"]["brier"]
        run["milliseconds"]["median"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunUnreadable(f"Không đọc được kết quả đo {file}: {error!r}") from error
    return dict(run)


def compare(before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    """Both as `Run.as_json` gives them."""
    earlier = {one["id"]: one for one in before["questions"]}
    later = {one["id"]: one for one in after["questions"]}
    common = [name for name in later if name in earlier]
    changes = [
        Change(name, later[name]["question"], earlier[name]["failure"], later[name]["failure"])
        for name in common
    ]
    return Comparison(
        common=len(common),
        missing=len(earlier.keys() ^ later.keys()),
        better=tuple(c for c in changes if _GRAVITY[c.after] < _GRAVITY[c.before]),
        worse=tuple(c for c in changes if _GRAVITY[c.after] > _GRAVITY[c.before]),
        measures=tuple(_measures(before, after)),
    )


def _measures(
    before: dict[str, Any], after: dict[str, Any]
) -> Iterator[tuple[str, str, float | None, float | None]]:
    for style in ("", *after["styles"]):
        old = before["styles"].get(style) if style else before["overall"]
        new = after["styles"][style] if style else after["overall"]
        for name, value in new.items() if old else ():
            if name != "questions" and name in old:
                yield style, name, _number(old[name]), _number(value)
    for group, name in (
        ("calibration", "brier"), ("calibration", "area"),
        ("milliseconds", "median"), ("milliseconds", "p99"), ("milliseconds", "processor"),
    ):  # fmt: skip
        yield "", name, before[group].get(name), after[group].get(name)


def _number(value: Any) -> float | None:
    found = value["share"] if isinstance(value, dict) else value
    return None if found is None else float(found)
