"""Checks requests and answers against the machine-readable Bot API specification.

The specification lies in `../shared/telegram/` beside the repository; without it the tests that
ask for it are skipped.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.local_api.parameters import Upload
from bot.local_api.world import Call

Json = dict[str, Any]

_FILE = Path(__file__).parents[2] / "shared" / "telegram" / "bot-api-10.1.json"


def available() -> bool:
    return _FILE.exists()


needs_spec = pytest.mark.skipif(
    not available(), reason="the Bot API specification is not beside the repository"
)
_TRUTHS = {"Boolean": bool, "True": bool}
_PLAIN: dict[str, Any] = {"Integer": int, "String": str, "Float": (int, float), **_TRUTHS}


@cache
def _spec() -> Json:
    spec: Json = json.loads(_FILE.read_text("utf-8"))
    return spec


def methods() -> dict[str, set[str]]:
    """Every method and the names of its parameters."""
    found = _spec()["methods"].items()
    return {name: {one["name"] for one in method.get("fields", [])} for name, method in found}


def request_problems(call: Call) -> list[str]:
    """What is wrong with a request; empty where it is as the specification says."""
    method = _spec()["methods"].get(call.method)
    if method is None:
        return [f"{call.method}: no such method"]
    return _fields(call.method, method.get("fields", []), call.params)


def answer_problems(method: str, result: Any) -> list[str]:
    """The same for what came back."""
    return _any_of(method, _spec()["methods"][method]["returns"], result)


def update_problems(update: Json) -> list[str]:
    return _one("update", "Update", update)


def assert_calls_follow_the_specification(calls: list[Call]) -> None:
    """Every request, and every answer that was a result."""
    for call in calls:
        assert request_problems(call) == [], call.params
        if call.status == 200:
            assert answer_problems(call.method, call.answer) == []


def _fields(where: str, fields: list[Json], given: Json) -> list[str]:
    known = {one["name"]: one for one in fields}
    problems = [f"{where}.{name}: no such field" for name in given if name not in known]
    problems += [
        f"{where}.{name}: missing"
        for name, field in known.items()
        if field["required"] and name not in given
    ]
    for name, value in given.items():
        if name in known:
            problems += _any_of(f"{where}.{name}", known[name]["types"], value)
    return problems


def _any_of(where: str, types: list[str], value: Any) -> list[str]:
    tried = [_one(where, name, value) for name in types]
    return min(tried, key=len)


def _one(where: str, name: str, value: Any) -> list[str]:
    if name.startswith("Array of ") and isinstance(value, list):
        inner = name.removeprefix("Array of ")
        every = [_one(f"{where}[{at}]", inner, one) for at, one in enumerate(value)]
        return [problem for problems in every for problem in problems]
    kind = _spec()["types"].get(name, {})
    if subtypes := kind.get("subtypes"):
        return _any_of(where, subtypes, value)
    if name in _PLAIN:
        fits = isinstance(value, _PLAIN[name]) and isinstance(value, bool) == (name in _TRUTHS)
    elif name == "InputFile":
        fits = isinstance(value, Upload)
    else:
        fits = isinstance(value, dict) and bool(kind)
    if not fits:
        return [f"{where}: {value!r} is not {name}"]
    return _fields(where, kind.get("fields", []), value) if kind and name != "InputFile" else []
