"""Tables on a page, from their ruled lines; pieces of one table joined over pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from typing import Final

from knowledge import table
from knowledge.pdf_glyphs import Rule, Word
from knowledge.pdf_lines import STOP, Line, lines_of, one_line
from knowledge.table import is_figure, table_lines

_NEAR: Final = 3.0  # points within which lines meet, or are one
_SHORT: Final = 6.0
_MOST_RULES: Final = 3_000  # a drawing, not a table
_MOST_CELLS: Final = 20_000  # more are squared paper
_MARGINS: Final = 12.0  # on both sides of a cell's words, at most
_WHOLE: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d\.\d{6}")
_MOST_HEADS: Final = 4  # rows that a long table repeats on each page


@dataclass(frozen=True, slots=True)
class Cell:
    """Its words, how many columns it spans, and where it begins: the same for each row it spans."""

    text: str
    across: int
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    page: int
    cells: tuple[Cell, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A cell that spans rows stands in each; one that spans columns stands once."""

    y0: float
    y1: float
    uprights: tuple[float, ...]  # x of its upright lines
    rows: tuple[Row, ...]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Each line of the text, and the page on which its row stands."""
        page, after = self.rows[0].page, 0
        for line in table_lines(self._cells()):
            for index in range(after, len(self.rows)):
                if all(text in line for text in self.rows[index].texts):
                    page, after = self.rows[index].page, index + 1
                    break
            yield page, line

    def _cells(self) -> list[list[table.Cell]]:
        """Each cell in its first row only, with how many rows it covers."""
        covered = Counter(cell.place for row in self.rows for cell in row.cells)
        before: set[tuple[int, int]] = set()
        given: list[list[table.Cell]] = []
        for row in self.rows:
            fresh = [cell for cell in row.cells if cell.place not in before]
            before.update(cell.place for cell in fresh)
            given.append([table.Cell((c.text,), c.across, covered[c.place]) for c in fresh])
        return given


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A level line at height `at` from `start` to `end`, or an upright one."""

    at: float
    start: float
    end: float


def tables_of(
    page: int, words: Sequence[Word], rules: Sequence[Rule], sideways: Sequence[Word] = ()
) -> tuple[list[Table], list[Word]]:
    """The tables that the rules draw, with words on their side in them, and the words outside them."""
    if len(rules) > _MOST_RULES:
        return [], list(words)
    level = _strokes([((r.y0 + r.y1) / 2, r.x0, r.x1) for r in rules if r.is_level])
    upright = _strokes([((r.x0 + r.x1) / 2, r.y0, r.y1) for r in rules if not r.is_level])
    tables: list[Table] = []
    rest = list(words)
    for across, down in _connected(level, upright):
        grid = _Grid(across, down)
        if not grid.is_table:
            continue
        inside = [word for word in rest if grid.holds(word)]
        rows = tuple(Row(page, cells) for cells in grid.rows(inside, sideways))
        if any(any(row.texts) for row in rows):
            tables.append(Table(grid.ys[0], grid.ys[-1], tuple(grid.xs), rows))
            rest = [word for word in rest if not grid.holds(word)]
    return tables, rest


def _strokes(pieces: list[tuple[float, float, float]]) -> list[_Stroke]:
    """Pieces of one line as one: borders are drawn cell by cell, at times twice."""
    groups: list[list[tuple[float, float, float]]] = []
    for piece in sorted(pieces):
        if groups and piece[0] - groups[-1][0][0] <= _NEAR:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    strokes: list[_Stroke] = []
    for group in groups:
        at = sum(piece[0] for piece in group) / len(group)
        start = end = None
        for _, first, last in sorted(group, key=lambda piece: piece[1]):
            if end is not None and start is not None and first <= end + _NEAR:
                end = max(end, last)
                continue
            if start is not None and end is not None:
                strokes.append(_Stroke(at, start, end))
            start, end = first, last
        if start is not None and end is not None:
            strokes.append(_Stroke(at, start, end))
    return [stroke for stroke in strokes if stroke.end - stroke.start >= _SHORT]


def _connected(
    level: list[_Stroke], upright: list[_Stroke]
) -> Iterator[tuple[list[_Stroke], list[_Stroke]]]:
    """Groups of lines that cross or touch each other."""
    free = set(range(len(upright)))
    waiting = set(range(len(level)))
    while waiting:
        across: list[int] = [waiting.pop()]
        down: list[int] = []
        queue = [(True, across[0])]
        while queue:
            is_level, at = queue.pop()
            one = level[at] if is_level else upright[at]
            others = upright if is_level else level
            left = free if is_level else waiting
            for other in [index for index in left if _cross(one, others[index])]:
                left.discard(other)
                (down if is_level else across).append(other)
                queue.append((not is_level, other))
        yield [level[at] for at in across], [upright[at] for at in down]


def _cross(one: _Stroke, other: _Stroke) -> bool:
    return (
        one.start - _NEAR <= other.at <= one.end + _NEAR
        and other.start - _NEAR <= one.at <= other.end + _NEAR
    )


class _Grid:
    """The cells between crossing lines; where a line is missing two are one."""

    def __init__(self, across: list[_Stroke], down: list[_Stroke]) -> None:
        self._across, self._down = across, down
        self.ys = _distinct([stroke.at for stroke in across])
        self.xs = _distinct([stroke.at for stroke in down])
        left, right = (min(s.start for s in across), max(s.end for s in across))
        if self.xs and left < self.xs[0] - 2 * _SHORT:  # open at the sides
            self.xs.insert(0, left)
        if self.xs and right > self.xs[-1] + 2 * _SHORT:
            self.xs.append(right)
        # open at the top or foot, where the page's end cuts a row
        tops, feet = sorted(s.start for s in down), sorted(s.end for s in down)
        if len(down) > 2 and tops[2] < self.ys[0] - 2 * _SHORT:
            self.ys.insert(0, tops[0])
        if len(down) > 2 and feet[-3] > self.ys[-1] + 2 * _SHORT:
            self.ys.append(feet[-1])
        self._of: dict[tuple[int, int], tuple[int, int]] = {}
        if len(self.xs) > 1 and len(self.ys) > 1 and len(self.xs) * len(self.ys) <= _MOST_CELLS:
            self._merge()

    @property
    def is_table(self) -> bool:
        return len(set(self._of.values())) > 1

    def holds(self, word: Word) -> bool:
        return self._cell(word) is not None

    def rows(self, words: Sequence[Word], sideways: Sequence[Word]) -> Iterator[tuple[Cell, ...]]:
        held: dict[tuple[int, int], list[Word]] = {}
        for word in words:
            if cell := self._cell(word):
                held.setdefault(self._of[cell], []).append(word)
        last = dict.fromkeys(self._of.values(), 0)  # the last column that each covers
        for (_, column), own in self._of.items():
            last[own] = max(last[own], column)
        texts = {
            cell: one_line(_unbroken(lines_of(inside), self.xs[last[cell] + 1] - self.xs[cell[1]]))
            for cell, inside in held.items()
        }
        for word in sideways:
            if cell := self._cell(word):
                place = self._of[cell]
                texts[place] = one_line(text for text in (texts.get(place), word.text) if text)
        for row in range(len(self.ys) - 1):
            cells = [self._of[row, column] for column in range(len(self.xs) - 1)]
            if not any(place[0] == row and place in texts for place in cells):
                continue  # it holds nothing of its own
            yield tuple(
                Cell(texts.get(place, ""), len(list(same)), place) for place, same in groupby(cells)
            )

    def _cell(self, word: Word) -> tuple[int, int] | None:
        row = bisect_right(self.ys, word.y - 0.3 * word.size) - 1
        column = bisect_right(self.xs, (word.x0 + word.x1) / 2) - 1
        return (row, column) if (row, column) in self._of else None

    def _merge(self) -> None:
        """Each cell to the first of those it is one with."""
        columns = len(self.xs) - 1
        for row in range(len(self.ys) - 1):
            middle = (self.ys[row] + self.ys[row + 1]) / 2
            for column in range(columns):
                centre = (self.xs[column] + self.xs[column + 1]) / 2
                own = (row, column)
                if row and not _is_drawn(self._across, self.ys[row], centre):
                    own = self._of[row - 1, column]
                elif column and not _is_drawn(self._down, self.xs[column], middle):
                    own = self._of[row, column - 1]
                self._of[row, column] = own


def _unbroken(lines: Sequence[Line], width: float) -> Iterator[str]:
    """A cell's lines, one figure where it was too narrow for it: "15.450.00", "0"."""
    text = ""
    for at, line in enumerate(lines):
        above = lines[at - 1]
        room = width - (above.x1 - above.x0)
        whole = text + line.text.split()[0]
        if text and room < _MARGINS + above.size and _is_one(text, whole):
            text += line.text
            continue
        if text:
            yield text
        text = line.text
    if text:
        yield text


def _is_one(part: str, whole: str) -> bool:
    return _WHOLE.fullmatch(whole) is not None and not (
        _WHOLE.fullmatch(part) and whole[len(part)].isdigit()
    )


def _is_drawn(strokes: Sequence[_Stroke], at: float, through: float) -> bool:
    return any(abs(s.at - at) <= _NEAR and s.start <= through <= s.end for s in strokes)


def _distinct(places: list[float]) -> list[float]:
    places = sorted(places)
    return [at for index, at in enumerate(places) if not index or at - places[index - 1] > _NEAR]


def joined(first: Table, second: Table) -> Table | None:
    """`second`, at the top of a page, as the rest of `first`, at the foot of the one before."""
    rest = _spread(second, first.uprights)
    if rest is None:
        return None
    second, repeated = rest, 0
    for own, other in zip(first.rows[:_MOST_HEADS], second.rows, strict=False):
        if own.texts != other.texts:
            break
        repeated += 1
    rows = _moved(second.rows[repeated:], first.rows)
    known = list(first.rows)
    if rows and known and _goes_on(known[-1].texts, rows[0].texts):
        pairs = zip(known[-1].cells, rows.pop(0).cells, strict=True)
        whole = (replace(cell, text=_with_rest(cell.text, rest.text)) for cell, rest in pairs)
        known[-1] = replace(known[-1], cells=tuple(whole))
    return replace(first, rows=(*known, *_filled(rows, known)))


def _spread(table: Table, uprights: Sequence[float]) -> Table | None:
    """The table in the columns of a wider one, some of which its cells span, or nothing: rows that sum
    up, alone on a page, draw few of the lines."""
    at = [
        next((n for n, x in enumerate(uprights) if abs(x - own) <= 2 * _NEAR), -1)
        for own in table.uprights
    ]
    if -1 in at or (at[0], at[-1]) != (0, len(uprights) - 1) or len(at) < min(3, len(uprights)):
        return None
    return replace(table, rows=tuple(_row_over(row, at) for row in table.rows))


def _row_over(row: Row, at: Sequence[int]) -> Row:
    ends = [0, *accumulate(cell.across for cell in row.cells)]
    return replace(
        row,
        cells=tuple(
            replace(cell, across=at[end] - at[start])
            for cell, (start, end) in zip(row.cells, pairwise(ends), strict=True)
        ),
    )


def _moved(rows: Sequence[Row], above: Sequence[Row]) -> list[Row]:
    """Rows of a second piece, with places of their own for their cells."""
    shift = 1 + max((cell.place[0] for row in above for cell in row.cells), default=0)
    return [
        replace(
            row,
            cells=tuple(
                replace(cell, place=(cell.place[0] + shift, cell.place[1])) for cell in row.cells
            ),
        )
        for row in rows
    ]


def _filled(rows: list[Row], known: list[Row]) -> list[Row]:
    """A cell that spans rows of both pages is printed on the first: on the second it is empty."""
    if not rows or not known or len(rows[0].cells) != len(known[-1].cells):
        return rows
    spans = Counter(cell.place for row in (*known, *rows) for cell in row.cells)
    kept = {
        empty.place: cell
        for cell, empty in zip(known[-1].cells, rows[0].cells, strict=True)
        if cell.text and not empty.text and max(spans[cell.place], spans[empty.place]) > 1
    }
    return [
        replace(row, cells=tuple(kept.get(cell.place, cell) for cell in row.cells)) for row in rows
    ]


def _with_rest(text: str, rest: str) -> str:
    return one_line(part for part in (text, rest) if part)


def _goes_on(above: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row is the rest of one that the page's end has cut: it has no number of its own."""
    if len(above) != len(row) or row[0] or not any(row):
        return False
    pairs = [(cell, rest) for cell, rest in zip(above, row, strict=True) if rest]
    if any(is_figure(cell) and is_figure(rest) for cell, rest in pairs):
        return False  # a figure is not cut
    if above[0] and any(_is_cut_within(cell, rest) for cell, rest in pairs):
        return True
    return all(
        cell and (_is_cut(cell, rest) or (above[0] and cell.endswith(":") and _is_small(rest)))
        for cell, rest in pairs
    )


def _is_cut_within(cell: str, rest: str) -> bool:
    """Whether a sentence is cut, so that the whole row is, whatever its other cells look like."""
    return len(cell.split()) > 2 and not STOP.search(cell) and _is_small(rest)


def _is_cut(cell: str, rest: str) -> bool:
    return not STOP.search(cell) and (rest[0].islower() or len(cell.split()) > 2)


def _is_small(rest: str) -> bool:
    """Begins with a small letter, which is no point's: "a)"."""
    return rest[0].islower() and not re.match(r"\w{1,2}[.)]", rest)
