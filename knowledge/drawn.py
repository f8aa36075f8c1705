"""Tables drawn with characters in plain text, as rows that read alone.

+---------+---------+        ┌─────────┬─────────┐
| Đơn vị  | Hồ sơ   |        │ Đơn vị  │ Hồ sơ   │
+---------+---------+        ├─────────┼─────────┤
| Ba Bể   | 12.500  |        │ Ba Bể   │ 12.500  │
+---------+---------+        └─────────┴─────────┘
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import Final

from knowledge.table import Cell, table_lines

_RULE: Final = re.compile(r"[ \t]*[+┌├└╔╠╚][-+=─┬┼┴═╦╬╩]{2,}[+┐┤┘╗╣╝][ \t]*")
_FEWEST_ROWS: Final = 3
_BAR: Final = re.compile(r"[|│║]")


def ruled_rows(text: str) -> str:
    """`text` with such tables as rows."""
    lines = text.split("\n")
    drawn = [_RULE.fullmatch(line) is not None or _is_row(line) for line in lines]
    runs = [list(run) for _, run in groupby(range(len(lines)), key=lambda at: drawn[at])]
    told = "\n".join(line for run in runs for line in _told([lines[at] for at in run]))
    return _parted(told, "|")


def _is_row(line: str) -> bool:
    bare = line.strip()
    return len(bare) > 1 and _BAR.match(bare) is not None and _BAR.match(bare[-1]) is not None


def _told(lines: Sequence[str]) -> Iterator[str]:
    ruled = [_RULE.fullmatch(line) is not None for line in lines]
    if _is_barred(lines):
        yield from table_lines([[[cell] for cell in _cells(line)] for line in lines])
        return
    if not (ruled[0] and ruled[-1] and sum(ruled) > 1):
        yield from lines
        return
    parts = [
        [_cells(lines[at]) for at in part]
        for is_rule, part in groupby(range(len(lines)), key=lambda at: ruled[at])
        if not is_rule
    ]
    headed = len(parts) > 1
    heads, below = (parts[:1], parts[1:]) if headed else ([], parts)
    if len(below) == 1:  # no rule between the rows
        below = [[line] for line in below[0]]
    rows = [[Cell(cell) for cell in zip_longest(*part, fillvalue="")] for part in heads + below]
    yield from table_lines(rows, 1 if headed else None)


def _cells(line: str) -> list[str]:
    return _BAR.split(line.strip())[1:-1]


def _is_barred(lines: Sequence[str]) -> bool:
    """Whether bars alone part the cells; the rule below the heads of Markdown is another's."""
    widths = {len(_cells(line)) for line in lines}
    ruled = any(set(line) <= set("|:- ") for line in lines)
    return len(lines) >= _FEWEST_ROWS and len(widths) == 1 and min(widths) > 1 and not ruled


def tabbed_rows(text: str) -> str:
    """`text` with tables whose cells tabs part, as a sheet is copied: three cells or more."""
    return _parted(text, "\t")


def _parted(text: str, mark: str) -> str:
    told: list[str] = []
    for marks, run in groupby(text.split("\n"), key=lambda line: line.count(mark)):
        lines = list(run)
        rows = [line.split(mark) for line in lines]
        headed = len(rows) >= _FEWEST_ROWS and all(map(str.strip, rows[0]))
        ruled = any(set(line) <= set("|:- ") for line in lines)  # Markdown's
        told += (
            table_lines([[[cell.strip()] for cell in row] for row in rows])
            if headed and marks > 1 and not ruled
            else lines
        )
    return "\n".join(told)
