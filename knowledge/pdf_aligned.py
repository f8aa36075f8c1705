"""Tables without upright rules: rows of words that stand in columns, a column of figures among them.

Without one the columns may be a letterhead's, a signature's or a newspaper's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from knowledge.pdf_glyphs import Word
from knowledge.pdf_lines import MARK, lines_of, one_line
from knowledge.pdf_tables import Cell, Row, Table
from knowledge.table import is_figure

_FEWEST: Final = 3  # columns, and rows that fill so many
_GAP: Final = 0.8  # of the letters' height, between columns
_PITCH: Final = 1.45  # of it, from line to line within a cell
_HALF: Final = 0.9  # to the middle of a cell of two lines

_Span = tuple[float, float]


class _Level:
    """Words on about one baseline, as stretches that wide gaps part."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = sorted(words, key=lambda word: word.x0)
        self.y = max(word.y for word in words)
        self.size = max(word.size for word in words)
        self.spans: list[_Span] = []
        for word in self.words:
            if self.spans and word.x0 - self.spans[-1][1] < _GAP * self.size:
                self.spans[-1] = (self.spans[-1][0], max(self.spans[-1][1], word.x1))
            else:
                self.spans.append((word.x0, word.x1))

    @property
    def opens(self) -> bool:
        """Whether it begins a paragraph: "2. …", "a) …"."""
        return len(self.spans) == 1 and MARK.match(self.words[0].text) is not None


def aligned_tables(page: int, words: Sequence[Word]) -> tuple[list[Table], list[Word]]:
    """The tables that columns of figures show, and the words outside them."""
    tables: list[Table] = []
    gone: set[int] = set()
    for levels, columns in _runs(_levels(words)):
        if table := _table(page, levels, columns):
            tables.append(table)
            gone.update(word.order for level in levels for word in level.words)
    return tables, [word for word in words if word.order not in gone]


def _levels(words: Sequence[Word]) -> list[_Level]:
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.y):
        if groups and word.y - groups[-1][0].y < 0.3 * word.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_Level(group) for group in groups]


def _runs(levels: Sequence[_Level]) -> Iterator[tuple[list[_Level], list[_Span]]]:
    """Levels one below the other that keep to the same columns."""
    at = done = 0
    while at < len(levels):
        start, end, columns = at, at + 1, list(levels[at].spans)
        if len(columns) >= _FEWEST:
            while end < len(levels) and (wider := _below(columns, levels[end - 1], levels[end])):
                columns, end = wider, end + 1
            while len(levels[end - 1].spans) < 2 and _gap(levels, end - 1) > _PITCH:
                end -= 1  # no rest of a cell, but what stands below
            while start > done and (wider := _above(columns, levels[start - 1], levels[start])):
                columns, start = wider, start - 1
            yield list(levels[start:end]), columns
            done = end
        at = end


def _below(columns: Sequence[_Span], before: _Level, level: _Level) -> list[_Span] | None:
    """The columns with the next level; None where it is no part of the table."""
    far = level.y - before.y > 3 * level.size
    return None if far or level.opens else _with(columns, level.spans)


def _above(columns: Sequence[_Span], level: _Level, below: _Level) -> list[_Span] | None:
    """The columns with a line of the heads that does not fill all of them."""
    near = 2.0 if len(level.spans) > 1 else _HALF
    far = below.y - level.y > near * level.size
    return None if far or level.opens else _with(columns, level.spans)


def _gap(levels: Sequence[_Level], at: int) -> float:
    """How far a level stands below the one before it, in heights of letters."""
    return (levels[at].y - levels[at - 1].y) / levels[at].size


def _with(columns: Sequence[_Span], spans: Sequence[_Span]) -> list[_Span] | None:
    """The columns, as wide as these spans make them; None where a span lies over two of them."""
    wider = list(columns)
    for start, end in spans:
        under = [at for at, (left, right) in enumerate(wider) if start < right and left < end]
        if len(under) > 1:
            return None
        if under:
            left, right = wider[under[0]]
            wider[under[0]] = (min(left, start), max(right, end))
        else:
            wider.append((start, end))
    wider.sort()
    return wider


def _table(page: int, levels: Sequence[_Level], columns: Sequence[_Span]) -> Table | None:
    full = [level for level in levels if len(level.spans) >= _FEWEST]
    if len(full) < _FEWEST or len(columns) < _FEWEST:
        return None
    edges = [
        columns[0][0] - 1,
        *((one[1] + two[0]) / 2 for one, two in pairwise(columns)),
        columns[-1][1] + 1,
    ]
    figures = [_figures(level.words, edges) for level in levels]
    counted = max(range(1, len(columns)), key=lambda column: sum(column in own for own in figures))
    anchors = [at for at, own in enumerate(figures) if counted in own]
    if len(anchors) < _FEWEST:
        return None
    rows = [
        Row(page, tuple(_cells(record, edges, number)))
        for number, record in enumerate(_records(levels, anchors))
    ]
    return Table(levels[0].y - levels[0].size, levels[-1].y, tuple(edges), tuple(rows))


def _figures(words: Sequence[Word], edges: Sequence[float]) -> set[int]:
    """The columns that hold a figure and nothing else."""
    cells = _in_columns(words, edges)
    return {
        column
        for column, own in enumerate(cells)
        if own and all(is_figure(one.text) for one in own)
    }


def _in_columns(words: Sequence[Word], edges: Sequence[float]) -> list[list[Word]]:
    cells: list[list[Word]] = [[] for _ in edges[1:]]
    for word in words:
        cells[bisect_right(edges, word.x0, 1, len(edges) - 1) - 1].append(word)
    return cells


def _records(levels: Sequence[_Level], anchors: Sequence[int]) -> Iterator[list[Word]]:
    """Each figure with the lines about it, parted at the widest gap; the heads first."""
    cuts = [0]
    for before, anchor in pairwise([0, *anchors] if anchors[0] else anchors):
        gaps = [below.y - one.y for one, below in pairwise(levels[before : anchor + 1])]
        widest = max(range(len(gaps)), key=gaps.__getitem__)
        clear = all(gaps[widest] > 1.1 * gap for at, gap in enumerate(gaps) if at != widest)
        cuts.append(before + widest + 1 if clear else anchor)
    for start, end in pairwise([*cuts, len(levels)]):
        yield [word for level in levels[start:end] for word in level.words]


def _cells(words: Sequence[Word], edges: Sequence[float], number: int) -> Iterator[Cell]:
    for column, own in enumerate(_in_columns(words, edges)):
        yield Cell(one_line(line.text for line in lines_of(own)), 1, (number, column))
