"""Tables as lines that can be read alone: each row with its column heads and the group it stands in.

A row is one line, "Đơn vị: xã Đồng Hỷ · Năm 2028: 76". Merged cells are repeated in every row they
cover, heads of two levels are joined, a row that names a group is told in each row of the group, and
neither heads nor groups stand alone, where they could be taken for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile, zip_longest
from typing import Final

from knowledge.lines import CELL, REPUBLIC, TOTAL
from knowledge.signature import SIGNER, is_name, is_signing

_LONG_CELL: Final = 20  # lines
_LONG_HEAD: Final = 120  # characters
_LONG_GROUP: Final = 80  # characters
_LONG_LABEL: Final = 40  # characters
_LONGEST_LABEL: Final = 60
_LONG_RECORD: Final = 600  # characters
_MOST_HEADS: Final = 3  # rows
_MOST_COLUMNS: Final = 400
_MOST_SQUARES: Final = 200_000  # beyond them no cell is repeated
_LAID_OUT: Final = re.compile(  # a letterhead, a signature, or a whole page inside a table
    rf"{REPUBLIC} CHỦ NGHĨA|ĐẢNG CỘNG SẢN VIỆT NAM|Nơi nhận"
)
_ARTICLE: Final = re.compile(r"Điều \d+[a-zđ]?\.")
_COLUMN_NUMBER: Final = re.compile(r"\(?(?:\d{1,2}|[A-ZĐa-zđ])\)?(?:\s*=.*)?$")
_FIGURE: Final = re.compile(r"[≥≤<>~]?[\d.,%/\s+–-]+$")
_YEAR: Final = re.compile(r"(?:19|20)\d\d$")
_NAMED_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_COUNTED: Final = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,5}|[A-ZĐa-zđ])[.)]?$")
_NOTED: Final = re.compile(r"(?<=\d%)\d$")  # "80%1" with the mark of a note
_DITTO: Final = re.compile(r"-? ?(?:n[./]?t\.?|như trên|[\"”“″〃]|'')(?: ?-)?$", re.IGNORECASE)
_OF_ABOVE: Final = ("-", "+", "Trong đó")  # how a part of the row above begins
_PART: Final = re.compile(  # what a row begins with that may be a part of the one above
    r"\d{1,3}(?:\.\d{1,3})*(?:[.)]?$|[.)] )|[a-zđ](?:[.)]?$|[.)] )|[-–+](?= |$)|Trong đó\b"
)
_ITEM: Final = re.compile(r"1[.)] |(?:Ông|Bà|Đồng chí|Đ/c):? [A-ZĐ]")  # begins no head
_ABOVE: Final = {"roman": ("digits", "words"), "letter": ("digits", "words")}  # what they hold


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds, line by line, and how many columns and rows it covers."""

    lines: Sequence[str]
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class _Square:
    """A place in the grid: the words of the cell that covers it, and which cell that is."""

    words: str
    cell: int


_Row = Sequence[_Square]


def is_figure(words: str) -> bool:
    """Whether a cell holds a number and nothing else: "≥48", "12,5%"."""
    return _FIGURE.match(words) is not None and any(map(str.isdigit, words))


def table_lines(
    given: Sequence[Sequence[Cell | Sequence[str]]], heads: int | None = None
) -> Iterator[str]:
    """The table's lines; one that only lays out a page is its cells, line by line.

    A cell is its lines, or a `Cell` where it may cover several places. `heads` is how many rows are heads, where the format tells; else they are recognised.
    """
    rows = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in given]
    cells = [[" ".join(line.split()) for line in cell.lines] for row in rows for cell in row]
    if len(cells) == 1 or _is_layout(rows, cells):
        yield from (line for cell in cells for line in cell)
        return
    if signatures := _signatures(rows):
        yield from signatures
        return
    grid = [row for row in _grid(rows) if any(square.words for square in row)]
    if not grid:
        return
    if heads is None and (facts := _facts(grid)):
        yield from [CELL.join(facts)] if sum(map(len, facts)) <= _LONG_RECORD else facts
        return
    above = _captions(grid)
    for row in grid[:above]:
        yield _first_words(row)
    grid, heads = grid[above:], heads and max(heads - above, 0)
    count = _head_rows(grid) if heads is None else min(heads, len(grid) - 1)
    while 0 < count < len(grid) - 1 and _shares(grid[count - 1], grid[count]):
        count += 1  # a head of two rows of which the format tells one
    names = [_name(grid[:count], column) for column in range(len(grid[0]))]
    yield from _head_lines(grid[:count])
    body = grid[count:]
    numbers = int(bool(count and body and _numbers_columns(body[0])))
    again = [_row_words(row) for row in grid[: count + numbers]]  # a page's heads, told anew
    yield from _body_lines([row for row in body if _row_words(row) not in again], names)


def _is_layout(rows: Sequence[Sequence[Cell]], cells: Sequence[Sequence[str]]) -> bool:
    """Whether a table only lays out a page; Điều beside each other below heads are compared in it."""
    if any(_LAID_OUT.match(line) for cell in cells for line in cell):
        return True
    long = any(len(cell) > _LONG_CELL for cell in cells)
    articles = any(_ARTICLE.match(line) for cell in cells for line in cell)
    if not articles:
        return long
    first, *below = _grid(rows)
    return not (below and _may_be_head(first) and not any(map(_ARTICLE.match, cells[0])))


def _signatures(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The lines of signatures side by side: who signs on top of each column, a name at the end."""
    columns = [
        [" ".join(line.split()) for cell in column for line in cell.lines]
        for column in zip_longest(*rows, fillvalue=Cell(()))
    ]
    signed = [filled for column in columns if (filled := [line for line in column if line])]
    signs = all(
        lines[0].isupper() and (is_name(lines[-1]) or is_signing(lines[-1])) for lines in signed
    ) and any(SIGNER.match(lines[0]) for lines in signed)
    return [line for column in columns for line in column] if signs else []


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[_Square]]:
    """All rows equally long, with what is merged in every place it covers."""
    filled: dict[tuple[int, int], _Square] = {}
    width = 1
    for at, row in enumerate(rows):
        column = 0
        for number, cell in enumerate(row):
            while (at, column) in filled:
                column += 1
            square = _Square(_words(cell.lines), at * _MOST_COLUMNS + number)
            across = min(max(cell.across, 1), _MOST_COLUMNS)
            down = min(max(cell.down, 1), len(rows) - at)
            if len(filled) + across * down > _MOST_SQUARES:
                across = down = 1
            for below in range(at, at + down):
                for right in range(column, column + across):
                    filled.setdefault((below, right), square)
            column += across
        width = min(max(width, column), _MOST_COLUMNS)
    empty = _Square("", -1)
    return [[filled.get((at, column), empty) for column in range(width)] for at in range(len(rows))]


def _words(lines: Sequence[str]) -> str:
    """A cell in one line; the rows of a table within it are told with their heads, which go."""
    told = [
        line
        for line, below in zip_longest(lines, lines[1:], fillvalue="")
        if CELL not in line or not all(f"{head}: " in below for head in line.split(CELL))
    ]
    words = " ".join(" ".join(line.replace(CELL, "; ") for line in told).split())
    return _NOTED.sub("", words)


def _facts(grid: Sequence[_Row]) -> list[str]:
    """What is told of one thing, a fact a row: "Họ và tên | Lê An", "Tuổi | 40"; else nothing."""
    facts = [(row[0].words, row[-1].words) for row in grid if row[0].cell != row[-1].cell]
    labels, values = [label for label, _ in facts], [value for _, value in facts if value]
    if len(grid[0]) != 2 or len(facts) < len(grid) or len(values) < 2 or not all(labels):
        return []
    if any(len(label) > _LONGEST_LABEL or any(map(str.isdigit, label)) for label in labels):
        return []
    first, *below = [_NAMED_YEAR.sub("", value) for value in values]
    counted = sum(len(one) <= _LONG_LABEL and any(map(str.isdigit, one)) for one in below)
    few = 0 < counted <= len(below) / 2  # a record has few figures, a column many
    told = any(map(str.isdigit, first)) or (is_name(first) and not is_name(labels[0]))
    long = sum(map(len, labels + values)) > _LONG_RECORD
    told = (told and not (long and any(map(str.isalpha, first)))) or len(first) > _LONG_LABEL
    unlike = (told or few) and not all(map(is_figure, below))
    if not (unlike or all(label.endswith(":") for label in labels)):
        return []
    return [f"{label.rstrip(' :')}: {value}" for label, value in facts if value]


def _captions(grid: Sequence[_Row]) -> int:
    """How many rows at the top are the title of the table, above its heads; a group has its like below."""
    lone = [len(row) > 1 and _is_lone(row) for row in grid]
    above = lone.index(False) if False in lone else 0
    titled = above < len(grid) - 1 and _may_be_head(grid[above])
    numbered = any(_parted(_first_words(row))[0] for row in grid[:above])
    notes = len(list(takewhile(bool, reversed(lone))))
    alike = any(
        one and not _parted(_first_words(row))[0]
        for one, row in list(zip(lone, grid, strict=True))[above : len(grid) - notes]
    )
    return above if titled and not (numbered or alike) else 0


def _is_lone(row: _Row) -> bool:
    """Whether a row holds one cell that has words, across the table or the only one of three."""
    filled = {square.cell for square in row if square.words}
    return len(filled) == 1 and (len(row) > 2 or len({square.cell for square in row}) == 1)


def _row_words(row: _Row) -> list[str]:
    return [square.words for square in row]


def _head_rows(grid: Sequence[_Row]) -> int:
    """How many rows at the top name the columns: none, one, or all that a merged head spans."""
    first = grid[0]
    if len(grid) < 2 or len(first) < 2 or not _may_be_head(first):
        return 0
    count = 1
    while count < min(len(grid) - 1, _MOST_HEADS) and (
        _shares(grid[count - 1], grid[count])
        or (_spans(grid[count - 1]) and _may_be_head(grid[count]) and not _is_group(grid[count]))
        or _names_below(grid[count - 1], grid[count])
    ):
        count += 1
    return count


def _may_be_head(row: _Row) -> bool:
    filled = [square.words for square in row if square.words]
    return (
        2 * len(filled) > len(row)
        and len({square.cell for square in row}) > 1
        and not any(
            (_FIGURE.match(words) and not _YEAR.match(words))
            or words.endswith((".", ";", ":"))
            or _ITEM.match(words)
            for words in filled
        )
        and all(len(words) <= _LONG_HEAD for words in filled)
    )


def _shares(above: _Row, below: _Row) -> bool:
    """Whether a cell covers places of both rows, and another does not."""
    same = [one.cell == two.cell for one, two in zip(above, below, strict=True)]
    return any(same) and not all(same) and _spans(above)


def _spans(row: _Row) -> bool:
    """Whether a cell covers several columns."""
    return any(one.cell == two.cell and one.words for one, two in pairwise(row))


def _names_below(above: _Row, row: _Row) -> bool:
    """Whether a row tells apart the columns, and only these, that lie below one head told several times."""
    at = [
        n
        for n, one in enumerate(above)
        if one.words
        and any(one.words == near.words for near in [*above[n - 1 : n], *above[n + 1 : n + 2]])
    ]
    beside = [square.words for n, square in enumerate(row) if n not in at]
    below = [row[n].words for n in at]
    return (
        len(at) > 1
        and len(set(below)) == len(at)
        and not any(beside)
        and all(words and len(words) <= _LONG_HEAD and not _FIGURE.match(words) for words in below)
    )


def _head_lines(heads: Sequence[_Row]) -> Iterator[str]:
    """The heads as they stand above the table, each once."""
    seen: set[int] = set()
    for row in heads:
        words = [square.words for square in dict.fromkeys(row) if square.cell not in seen]
        seen.update(square.cell for square in row)
        if shown := [one.strip(" :") for one in words if one]:
            yield CELL.join(shown)


def _name(heads: Sequence[_Row], column: int) -> str:
    words = dict.fromkeys(row[column].words.strip(" :") for row in heads)
    return " – ".join(filter(None, words))


def _numbers_columns(row: _Row) -> bool:
    """ "(1) | (2) | (3)" below the heads."""
    filled = [square.words for square in row if square.words]
    return len(filled) > 2 and all(map(_COLUMN_NUMBER.match, filled)) and _counts_up(filled)


def _counts_up(words: Sequence[str]) -> bool:
    numbers = [int(found[0]) for word in words if (found := re.search(r"\d+", word))]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True


@dataclass(frozen=True, slots=True)
class _Group:
    """What rows belong to."""

    number: str  # in a cell of its own or before a stop; else none
    name: str
    counts: bool = False  # whether its rows are counted as groups are, anew from 1
    of_parts: bool = False  # a row with cells of its own, and parts below: "1.1", "a)", "-"
    first: str = ""  # what its first row begins with

    @property
    def words(self) -> str:
        """As each of its rows tells it."""
        stop = "." if self.number[-1:].isalnum() else ""
        return f"{self.number}{stop} {self.name}" if self.number else self.name

    @property
    def begins(self) -> str:
        return self.number or self.name.split(maxsplit=1)[0]

    @property
    def style(self) -> str:
        return _style(self.begins)


_Body = Sequence[tuple[_Row, _Group | None]]  # its rows, each with the group that it names


def _body_lines(rows: Sequence[_Row], names: Sequence[str]) -> Iterator[str]:
    told_rows = _dittoes_told(rows)
    body = [(row, _group(row, told_rows[at + 1 : at + 2])) for at, row in enumerate(told_rows)]
    groups: list[_Group] = []
    ordinal, numbered = "", ""  # the number of the row above that has one, and what that row names
    across = list(takewhile(_is_across, (row for row, _ in reversed(body))))
    notes = len(body) - len(across)  # where but words across the table follow
    for at, (row, group) in enumerate(body):
        if at >= notes or _is_grand_total(body, at):
            groups, ordinal, numbered = [], "", ""
        groups = _open(groups, row, group)
        if group and len(group.words) <= _LONG_GROUP and _holds([*groups, group], body, at + 1):
            groups.append(group)
            continue
        if _style(row[0].words).startswith("digits"):
            ordinal, numbered = row[0].words, _named(row)
        told = _told(row, names, group, "" if groups else ordinal)
        above = [one.words for one in groups]
        if not above and numbered and _goes_on(row):
            above = [f"{ordinal.rstrip('.')}. {numbered}"]
        yield CELL.join(above + told)
        below = body[at + 1] if at + 1 < len(body) else None
        if not group and (heading := _heads_group(row, below) or _has_parts(row, below)):
            groups.append(heading)


def _dittoes_told(rows: Sequence[_Row]) -> list[_Row]:
    """The rows, each "nt" with what it stands for: "nt (Sở Y tế)"."""
    meant: list[str] = [""] * max(map(len, rows), default=0)
    told: list[_Row] = []
    for row in rows:
        ditto = [_DITTO.match(square.words) is not None for square in row]
        told.append([
            replace(square, words=f"{square.words} ({words})")
            if same and any(map(str.isalnum, words))
            else square
            for square, same, words in zip(row, ditto, meant, strict=False)
        ])  # fmt: skip
        if not _is_group(row):
            meant = [
                words if same else square.words
                for square, same, words in zip(row, ditto, meant, strict=False)
            ]
    return told


def _told(row: _Row, names: Sequence[str], group: _Group | None, ordinal: str) -> list[str]:
    """The cells of a row, its number first where they are one cell that has it or is a part of it."""
    cells = list(_cells(row, names))
    alone = len(cells) == 1
    if group and group.style != "words" and (alone or _is_repeated(row)):
        return [*([_with_head(names[0], group.number)] if group.number else []), group.name]
    if alone and (of := _ordinal_above(row, ordinal)):
        return [_with_head(names[0], of), *cells]
    return [group.words] if group and alone else cells


def _named(row: _Row) -> str:
    """What a numbered row is about: its second cell, in few words."""
    name = row[1].words if len(row) > 3 else ""
    return "" if is_figure(name) or len(name) > _LONG_GROUP else name


def _goes_on(row: _Row) -> bool:
    """Whether a row tells more of the numbered one above: it has neither a number nor a name."""
    told = {square.cell for square in row if square.words}
    return not (row[0].words or row[1].words) and len(told) > 1


def _with_head(head: str, words: str) -> str:
    return f"{head}: {words}" if head and head != words else words


def _open(groups: Sequence[_Group], row: _Row, group: _Group | None) -> list[_Group]:
    """The groups that a row leaves open; `group` is the one that it names."""
    kept = list(groups)
    number = group.begins if group else row[0].words
    style = _style(number)
    if group or style in _ABOVE:
        _leave(kept, style)
    while kept and style.startswith("digits") and _is_over(kept[-1], number):
        kept.pop()
    mark = _part_mark(row, group)
    if kept and kept[-1].name.startswith("Trong đó") and 0 < _depth(mark) < _depth(kept[-1].first):
        kept.pop()
    for at, one in enumerate(kept):
        if one.of_parts and not _is_part(mark, one.begins) and (mark or at == len(kept) - 1):
            del kept[at:]
            break
    if kept and kept[-1].words.startswith("-") and _first_words(row).startswith("-"):  # its like
        kept.pop()
    return kept


def _holds(groups: Sequence[_Group], body: _Body, below: int) -> bool:
    """Whether the row below belongs to the last of the groups: what nothing belongs to is none."""
    return (
        below < len(body)
        and not _is_grand_total(body, below)
        and len(_open(groups, *body[below])) == len(groups)
    )


def _leave(groups: list[_Group], style: str) -> None:
    """Close the groups that one numbered in this style ends: its like, and what stood below that."""
    below = _ABOVE.get(style, () if style == "words" else ("words",))
    while any(style == one.style for one in groups) or (
        groups and groups[-1].style.startswith(below)
    ):
        groups.pop()


def _ordinal_above(row: _Row, ordinal: str) -> str:
    """The number of the row above, where a lone cell is a part of that: "2.4. …" of 2, "Trong đó: …"."""
    words = _first_words(row)
    part = words.startswith(f"{ordinal.rstrip('.')}.") or not (row[0].words or TOTAL.match(words))
    return ordinal if ordinal and part else ""


def _is_over(group: _Group, number: str) -> bool:
    """4.4 and 5 are none of "4.3. Bảo mật", and nothing that is numbered is of "Trong đó:"."""
    if group.style == "words":
        return group.words.startswith(_OF_ABOVE)
    own, of = number.strip(".()"), group.begins.strip(".()")
    if not group.style.startswith("digits"):
        return False
    if "." in own + of:
        return not own.startswith(f"{of}.")
    return int(own) > int(of) and not group.counts


def _is_grand_total(body: _Body, at: int) -> bool:
    """Whether a row sums up the whole table: below it stand but parts of it and notes."""
    row = body[at][0]
    if not any(TOTAL.match(square.words) for square in row[:2]) or row[0].words[:1].isdigit():
        return False
    begins_group = at > 0 and body[at - 1][1] is not None
    below = (body[one] for one in range(at + 1, len(body)))
    return not begins_group and all(
        _style(group.begins if group else row[0].words) == "words"
        and not TOTAL.match(_first_words(row))
        for row, group in below
    )


def _is_across(row: _Row) -> bool:
    """Whether a row holds but words in its first place: below the last row a note."""
    alone = {square.cell for square in row if square.words} == {row[0].cell}
    numbered = _parted(row[0].words)[0] or _PART.match(row[0].words)
    return alone and len(row) > 2 and not (numbered or row[0].words[0].islower())


def _first_words(row: _Row) -> str:
    return next(square.words for square in row if square.words)


def _heads_group(row: _Row, below: tuple[_Row, _Group | None] | None) -> _Group | None:
    """The group that a row names where it tells something of it, too: those below count from 1."""
    style = _style(row[0].words)
    if len(row) < 3 or style not in _ABOVE:
        return None
    name = row[1]
    empty = sum(not square.words for square in row)
    first = (below[1].begins if below[1] else below[0][0].words).strip(".()") if below else ""
    named = first in ("1", *"I"[: style == "letter"]) or (
        style == "roman"
        and len(row) > 3
        and (row[2].cell == name.cell or name.words.isupper() or 2 * empty >= len(row))
    )
    spread = (
        name.words and named and len(name.words) <= 2 * _LONG_GROUP and not is_figure(name.words)
    )
    return _Group(row[0].words.rstrip("."), name.words) if spread else None


def _has_parts(row: _Row, below: tuple[_Row, _Group | None] | None) -> _Group | None:
    """What a row with parts below it names."""
    number = row[0].words if _PART.fullmatch(row[0].words) else ""
    part, own = _part_mark(*below) if below else "", _part_mark(row, None)
    if not _is_part(part, own or _first_words(row).split(" ")[0]):
        return None
    if not (own or row[0].words or part == "Trong đó"):
        return None  # one among the parts of a numbered row
    named = (one.words for one in row if one.words and one.words != number)
    name = next((words for words in named if not is_figure(words)), "")
    spread = name and len(name) <= 2 * _LONG_GROUP and CELL not in name
    return _Group(number.rstrip("."), name, of_parts=True) if spread else None


def _part_mark(row: _Row, group: _Group | None) -> str:
    """ "1.1", "a)", "-" or "Trong đó", in a cell of its own or before the words; else nothing."""
    found = _PART.match(group.words if group else _first_words(row))
    return found[0].strip() if found else ""


def _is_part(mark: str, of: str) -> bool:
    """Whether what begins with `mark` is a part of what begins with `of`."""
    own, above = _depth(mark), _depth(of)
    if mark[:1].isdigit():
        return of[:1].isdigit() and mark.strip(".)").startswith(f"{of.strip('.)')}.")
    return own > above and not (_style(of) in _ABOVE or of.endswith(":"))


def _depth(mark: str) -> int:
    """Numbers hold letters, these dashes, these crosses; whatever is above may be parted by words."""
    if len(bare := mark.strip(".)")) == 1 and bare.islower():
        return 1
    return 2 if mark in ("-", "–") else 3 if mark == "+" else 4 if mark == "Trong đó" else 0


def _group(row: _Row, below: Sequence[_Row]) -> _Group | None:
    """The group that a row names, if it only names one."""
    if not _is_group(row):
        return None
    words = list(dict.fromkeys(square.words for square in row if square.words))
    number, name = words[:2] if len(words) > 1 else _parted(words[0])
    group = _Group(number.rstrip("."), name)
    first, own = (below[0][0].words if below else "").strip(".()"), group.begins.strip(".()")
    counts = first.isdecimal() and own.isdecimal() and int(first) <= int(own)
    mark = _part_mark(below[0], None) if below else ""
    return replace(group, counts=counts, first=mark)


def _parted(words: str) -> tuple[str, str]:
    """Number and name, where a stop parts them: "II. Xã hội số"."""
    number, stop, name = words.partition(". ")
    return (number, name) if stop and " " not in number else ("", words)


def _is_repeated(row: _Row) -> bool:
    """Whether a group's name is told in every column."""
    return len(row) > 3 and len({square.words for square in row[1:]}) == 1


def _is_group(row: _Row) -> bool:
    """A row that only names what the rows below it belong to, with a number or without."""
    words = list(dict.fromkeys((square.cell, square.words) for square in row if square.words))
    if len(row) < 3:
        return len(words) == 1 and len(row) == 2 and row[0].cell == row[1].cell
    empty = sum(not square.words for square in row)
    if len(words) == 1:
        first, name = next(((at, one.words) for at, one in enumerate(row) if one.words))
        goes_on = name[0].islower() and not name.capitalize().startswith(_OF_ABOVE)
        return (first < 2 or 2 * empty < len(row)) and not (goes_on or _FIGURE.match(name))
    if len(words) > 2 and _style(words[0][1]) == "roman":
        return len({square.words for square in row[1:]}) == 1  # told in every column
    if len(words) != 2:
        return False
    wide = any(one.cell == two.cell and one.words for one, two in pairwise(row))
    numbered = _COUNTED.match(words[0][1]) is not None and not _FIGURE.match(words[1][1])
    covered = len(row) - sum(square.cell == words[0][0] for square in row)
    spread = wide and sum(square.cell == words[1][0] for square in row) == covered
    named = _style(words[0][1]) in (
        "roman",
        "letter",
    )  # "3 | Chữ ký số | " is a row without a figure
    return numbered and (empty > 1 or spread or (empty == 1 and named))


def _style(number: str) -> str:
    bare = number.strip(".()")
    if re.fullmatch(r"[IVX][IVXLCl]*", bare):  # "Ill": as machines read III; C follows B
        return "roman"
    if re.fullmatch(r"[A-ZĐ]", bare):
        return "letter"
    digits = re.fullmatch(r"\d+(?:\.\d+)*", bare)
    return f"digits {bare.count('.')}" if digits else "words"


def _cells(row: _Row, names: Sequence[str]) -> Iterator[str]:
    """ "head: words" of each cell that holds any; of one over several columns, once."""
    runs = [square for at, square in enumerate(row) if not at or square.cell != row[at - 1].cell]
    heads = [name for at, name in enumerate(names) if not at or name != names[at - 1]]
    if len(runs) == len(heads) < len(row) and all(one.words for one in runs) and all(heads):
        # both are spread over the columns, each in its own way: they are told apart by their order
        yield from (f"{head}: {one.words}" for head, one in zip(heads, runs, strict=True))
        return
    at = 0
    while at < len(row):
        end = at + 1
        while end < len(row) and row[end].cell == row[at].cell and row[at].words:
            end += 1
        over = [name for name in dict.fromkeys(names[at:end]) if name]
        name = over[0] if len(over) == 1 else " … ".join([*over[:1], *over[1:][-1:]])
        if words := row[at].words:
            yield words if len(over) > 1 and TOTAL.match(words) else _with_head(name, words)
        at = end
