"""Markdown's marks undone: what stands in the text is what its page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from knowledge.raised import raised
from knowledge.table import Cell, table_lines

_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!&%|~<>$\"'=:;/,])")
_STARS: Final = re.compile(r"\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}")
_DELIMITER: Final = re.compile(
    r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$"
)
_LINK: Final = re.compile(r"\[([^\]\n]+)\]\(https?://[^)\s]*\)")
_RAISED: Final = re.compile(r"<sup>([^<]{1,8})</sup>")
_FEW = 3  # escapes, or lines with stars in pairs, that a text without Markdown may hold by chance


def is_markdown(text: str) -> bool:
    """Whether a text that does not say so is written in Markdown."""
    lines = text.split("\n")
    return (
        len(_ESCAPED.findall(text)) >= _FEW
        or _LINK.search(text) is not None
        or any("|" in line and _DELIMITER.match(line) for line in lines)
        or sum("*" in line and bool(_pairs(line)) for line in lines) >= _FEW
    )


def without_marks(text: str) -> str:
    """`text` without marks of emphasis and escapes, its tables as rows; headings and lists stay."""
    return "\n".join(_with_rows(text.split("\n")))


def _plain(line: str) -> str:
    line = _RAISED.sub(lambda mark: raised(mark[1], line[: mark.start()]), line)
    return _ESCAPED.sub(r"\1", _without_emphasis(_LINK.sub(r"\1", line)))


def _with_rows(lines: Sequence[str]) -> Iterator[str]:
    """The lines, plain, with each table, from its heads and the rule below them, as rows."""
    at = 0
    while at < len(lines):
        headed = at + 1 < len(lines) and "|" in lines[at] and "|" in lines[at + 1]
        if not (headed and _DELIMITER.match(lines[at + 1])):
            yield _plain(lines[at])
            at += 1
            continue
        end = at + 2
        while end < len(lines) and "|" in lines[end]:
            end += 1
        rows = [_cells(line) for line in (lines[at], *lines[at + 2 : end])]
        yield from table_lines(rows, 1 if any(cell.lines[0] for cell in rows[0]) else None)
        at = end


def _cells(line: str) -> list[Cell]:
    bare = line.strip().removeprefix("|").removesuffix("|")
    cells = re.split(r"(?<!\\)\|", bare)
    return [Cell([_plain(line) for line in re.split(r"<br ?/?>", cell.strip())]) for cell in cells]


def _without_emphasis(line: str) -> str:
    for mark in reversed(_pairs(line)):
        line = line[: mark.start()] + line[mark.end() :]
    return line


def _pairs(line: str) -> list[re.Match[str]]:
    """Stars of emphasis, which come in pairs; a bullet, "(*)" and a lone mark of a note are none."""
    marks = [
        mark
        for mark in _STARS.finditer(line)
        if line[mark.start() - 1 : mark.start()] != "\\"
        and line[mark.start() - 1 : mark.end() + 1] != f"({mark[0]})"
    ]
    return [] if len(marks) % 2 else marks
