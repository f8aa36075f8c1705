"""Markdown's marks undone: what stands in the text is what its page shows."""

from __future__ import annotations

import re
from typing import Final

_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!&%|~<>$\"'=:;/,])")
_STARS: Final = re.compile(r"\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}")
_DELIMITER: Final = re.compile(
    r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$"
)
_FEW = 3  # escapes that a text without Markdown may hold by chance


def is_markdown(text: str) -> bool:
    """Whether a text that does not say so is written in Markdown."""
    lines = text.split("\n")
    return len(_ESCAPED.findall(text)) >= _FEW or any(
        "|" in line and _DELIMITER.match(line) for line in lines
    )


def without_marks(text: str) -> str:
    """`text` without marks of emphasis and escapes; headings, lists and rules stay."""
    return "\n".join(_ESCAPED.sub(r"\1", _without_emphasis(line)) for line in text.split("\n"))


def _without_emphasis(line: str) -> str:
    """Stars go in pairs; a bullet, "(*)" and a lone mark of a note stay."""
    marks = [
        mark
        for mark in _STARS.finditer(line)
        if line[mark.start() - 1 : mark.start()] != "\\"
        and line[mark.start() - 1 : mark.end() + 1] != f"({mark[0]})"
    ]
    if len(marks) % 2:
        return line
    for mark in reversed(marks):
        line = line[: mark.start()] + line[mark.end() :]
    return line
