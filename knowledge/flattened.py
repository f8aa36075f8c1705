"""Tables whose line breaks were lost: rows one after the other in a line, an empty cell between them.

    TT | Chỉ tiêu | Năm 2026 |  | 1 | Hồ sơ trực tuyến | 80% |  | 2 | …

is what is left of a table where the line ends between "|" and "|" became blanks, as some converters write
it. A line break inside a cell was kept, and cuts such a line anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from knowledge.table import Cell, is_figure, table_lines

_FEWEST_ROWS: Final = 3
_COLUMNS: Final = range(2, 25)
_LONG_HEAD: Final = 120  # characters
_FILLED: Final = 0.8  # of the rows, that hold two cells or more
_OPEN: Final = 40  # lines that a cell may go on for
_BAR: Final = re.compile(r"(?<!\\)\|")
_FIGURES: Final = 3  # unlike ones of a row, from which equal neighbours are no merged cell
# heads the first column
_NUMBERED: Final = re.compile(r"S?TT|Số TT|(?:Số )?[Tt]hứ tự", re.IGNORECASE)

_Row = list[list[str]]  # cells, each its lines


def restored(text: str) -> str:
    """`text` with such tables as rows that read alone."""
    if not any(line.count("|") > _FEWEST_ROWS for line in text.split("\n")):
        return text
    return "\n".join(_restored(text.split("\n")))


def _restored(lines: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        above, line = _apart(lines[at])
        columns = _columns(line)
        if not columns:
            yield lines[at]
            at += 1
            continue
        if above:
            yield above
        rows, row = _taken([], line, columns) or ([], [])
        at += 1
        while length := _going_on(row, lines[at : at + _OPEN], columns):
            for line in lines[at : at + length]:
                done, row = _taken(row, line, columns) or ([], row)
                rows += done
            at += length
        rest = row[0] if len(row) == 1 and columns > 1 else []
        if row and not rest:
            rows.append(row)
        yield from table_lines([_merged(one) for one in rows if any(map(any, one))])
        yield from rest


def _taken(row: _Row, line: str, columns: int) -> tuple[list[_Row], _Row] | None:
    """The rows that a line completes, and the one it leaves open; none where its cells do not fit."""
    first, *pieces = (piece.strip() for piece in _BAR.split(line))
    row = [*row[:-1], [*row[-1], first]] if row else [[first]]
    done = []
    for piece in pieces:
        if len(row) < columns:
            row.append([piece])
        elif piece and row:
            return None
        else:  # between two rows
            done.append(row)
            row = []
    return done, row


def _going_on(row: _Row, lines: Sequence[str], columns: int) -> int:
    """How many lines belong to a table whose last row is open: to the next that has its cells."""
    for number, line in enumerate(lines):
        taken = _taken(row, line, columns)
        if taken is None or _columns(_apart(line)[1]):
            return 0
        if taken[0] or len(taken[1]) > len(row):
            return number + 1
        row = taken[1]
    return 0


def _apart(line: str) -> tuple[str, str]:
    """The words that stand before a table in its first line, and the table."""
    above, bar, table = line.partition(" | ")
    if bar and above.strip(" |") and not _columns(line) and _columns(table):
        return above, table
    return "", line


def _columns(line: str) -> int:
    """Of the table that begins a line; 0 where none does."""
    cells = [cell.strip() for cell in _BAR.split(line)]
    fewest = 2 if _NUMBERED.fullmatch(cells[0]) else _FEWEST_ROWS
    for columns in _COLUMNS:
        heads, between = cells[:columns], cells[columns :: columns + 1]
        if len(between) < fewest - 1 or any(between):
            continue
        if not all(heads) or any(len(head) > _LONG_HEAD for head in heads):
            continue
        rows = [cells[at : at + columns] for at in range(0, len(cells), columns + 1)]
        if len(rows[-1]) == 1:  # what stands below the table
            rows.pop()
        if sum(len(list(filter(None, row))) > 1 for row in rows) >= _FILLED * len(rows):
            return columns
    return 0


def _merged(row: Sequence[Sequence[str]]) -> list[Cell]:
    """Neighbours that say the same are one cell over several columns, but for equal figures among others."""
    words = [" ".join(cell) for cell in row]
    figures = set(filter(is_figure, words))
    apart = {"", *figures} if len(figures) >= _FIGURES else {""}
    alike = groupby(range(len(row)), key=lambda at: at if words[at] in apart else words[at])
    covered = [list(same) for _, same in alike]
    return [Cell(row[same[0]], across=len(same)) for same in covered]
