"""The picture of the house is the house."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("folder", ["index", "bot"])
def test_the_layers_drawn_are_the_layers_checked(folder: str) -> None:
    """The page shows, from the top down, what lint-imports holds the imports against."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    checked = next(
        one["layers"] for one in contracts["contracts"] if one.get("containers") == [folder]
    )
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn = re.search(rf"^## {folder}:.*?```\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    assert drawn
    layers = [re.match(r"[a-z_]+(?: \| [a-z_]+)*", line) for line in drawn[1].splitlines()]
    assert [layer[0] for layer in layers if layer] == checked


def test_every_room_named_for_a_change_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = re.findall(r"`((?:index|bot|knowledge)/[\w/]*)`", page.partition("belong?")[2])
    missing = [room for room in rooms if not (ROOT / room).exists()
               and not (ROOT / room).with_suffix(".py").exists()]  # fmt: skip
    assert rooms
    assert not missing


SCREEN = 40  # lines


def test_a_function_fits_on_a_screen_or_says_why() -> None:
    """A comment right above one that does not."""
    unexplained = []
    for file in (
        one for folder in ("bot", "index", "knowledge") for one in (ROOT / folder).rglob("*.py")
    ):
        text = file.read_text("utf-8")
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > SCREEN and "longer than a screen: " not in lines[first - 2]:
                    unexplained.append(f"{file.relative_to(ROOT)}: {node.name}, {size}")
    assert not unexplained
