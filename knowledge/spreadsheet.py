"""Spreadsheets, new (.xlsx) and old (.xls): each sheet under its name, rows with their column heads."""

from __future__ import annotations

import datetime
import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise, takewhile
from typing import Any

import openpyxl
import xlrd
from openpyxl.cell.rich_text import CellRichText, TextBlock

from knowledge.archive import refuse_bombs
from knowledge.errors import Rejected
from knowledge.lines import REPUBLIC
from knowledge.raised import raised
from knowledge.reading import MOST_CHARACTERS, Reading, as_heading, titled
from knowledge.signature import is_name, is_signing
from knowledge.table import Cell, table_lines

_LOCKED = "bảng tính bị khoá bằng mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi thêm lại."
_FEWEST_ROWS = 3
_MOST_CELLS = 2_000_000
_EMPTY_NAME = re.compile(r"(?:sheet|trang tính|trang)\s?\d*$", re.IGNORECASE)
Spans = Mapping[
    tuple[int, int], tuple[int, int]
]  # first row and column -> rows and columns covered


def read_xlsx(data: bytes) -> Reading:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Rejected(_LOCKED)
        return read_xls(data)
    refuse_bombs(data)
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    sheets = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        spans = {
            (one.min_row - 1, one.min_col - 1): (one.size["rows"], one.size["columns"])
            for one in sheet.merged_cells.ranges
        }
        refuse_endless(sheet.max_row * sheet.max_column)
        rows = [[_words(one.value, one.number_format) for one in row] for row in sheet.iter_rows()]
        hidden = {number - 1 for number, row in sheet.row_dimensions.items() if row.hidden}
        without = {
            at - 1
            for column in sheet.column_dimensions.values()
            if column.hidden and column.min
            for at in range(column.min, min(column.max, sheet.max_column) + 1)
        }
        sheets.append((sheet.title, *as_shown(rows, spans, hidden, without)))
    return sheets_told(sheets)


def read_xls(data: bytes) -> Reading:
    if data.startswith(b"PK"):
        return read_xlsx(data)
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Rejected(
            "tệp có đuôi bảng tính nhưng nội dung không phải bảng tính. Hãy tải lại bản gốc."
        )
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise Rejected(_LOCKED) from error
        raise
    sheets = []
    for sheet in book.sheets():
        if sheet.visibility:
            continue
        spans = {
            (top, left): (bottom - top, right - left)
            for top, bottom, left, right in sheet.merged_cells
        }
        refuse_endless(sheet.nrows * sheet.ncols)
        rows = [
            [
                _xls_words(cell := sheet.cell(row, column), book.datemode, _form(book, cell))
                for column in range(sheet.ncols)
            ]
            for row in range(sheet.nrows)
        ]
        hidden, without = (
            {at for at, one in places.items() if one.hidden}
            for places in (sheet.rowinfo_map, sheet.colinfo_map)
        )
        sheets.append((sheet.name, *as_shown(rows, spans, hidden, without)))
    return sheets_told(sheets)


def as_shown(
    rows: Sequence[Sequence[str]], spans: Spans, hidden: set[int], without: set[int]
) -> tuple[list[list[str]], Spans]:
    """Rows and merged cells without the hidden rows and columns."""
    if not hidden and not without:
        return [list(row) for row in rows], spans
    kept = [at for at in range(len(rows)) if at not in hidden]
    columns = [at for at in range(max(map(len, rows), default=0)) if at not in without]
    shown = [[rows[row][at] for at in columns] for row in kept]
    left: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, first), (down, across) in spans.items():
        over = range(bisect_left(kept, top), bisect_left(kept, top + down))
        beside = range(bisect_left(columns, first), bisect_left(columns, first + across))
        if over and beside:
            left[over[0], beside[0]] = (len(over), len(beside))
            shown[over[0]][beside[0]] = rows[top][first]
    return shown, left


def refuse_endless(cells: int) -> None:
    if cells > _MOST_CELLS:
        raise Rejected(
            "bảng tính quá lớn (hơn 2 triệu ô). Hãy xoá các ô trống hoặc tách thành nhiều tệp."
        )


def _words(value: Any, form: str = "") -> str:
    """A value as a person reads it: figures with a decimal comma, days as they are written here.

    `form` is how the sheet shows figures: ".85" may stand there as "85%", thousands in threes.
    """
    if value is None:
        return ""
    if isinstance(value, datetime.datetime | datetime.date):
        shown = set(_DECORATION.sub("", form).lower())
        month_or_year = "%m/%Y" if "m" in shown else "%Y"
        return format(value, "%d/%m/%Y" if "d" in shown or "y" not in shown else month_or_year)
    if isinstance(value, bool):
        return "đúng" if value else "sai"
    if isinstance(value, CellRichText):
        return _rich(value)
    figure = isinstance(value, int | float) and abs(value) < 1e15
    return _figure(value, form) if figure else str(value)


def _rich(parts: CellRichText) -> str:
    words = ""
    for part in parts:
        lifted = isinstance(part, TextBlock) and part.font.vertAlign == "superscript"
        words += raised(str(part), words) if lifted else str(part)
    return words


def _figure(value: float, form: str) -> str:
    """As many decimals as shown, rounded as sheets round; whole where the form says nothing."""
    bare = _DECORATION.sub("", form.split(";", maxsplit=1)[0]).replace(" ", "")
    shown = None if re.search("[eE/]", bare) else _PLACES.search(bare)
    if not shown:
        plain = str(value) if isinstance(value, int) else f"{round(value, 9) or value:.15g}"
        return as_written_here(plain)
    percent = "%" in bare
    figure = Decimal(f"{value:.15g}").scaleb(2 * percent - 3 * len(shown["thousands"]))
    places = (shown["places"] or "")[:9]
    figure = figure.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
    whole, dot, decimals = f"{figure:{',' if ',' in shown['whole'] else ''}f}".partition(".")
    whole = whole.zfill(shown["whole"].count("0") + (figure < 0))
    least = places.count("0")
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    return as_written_here(whole + dot * bool(decimals) + decimals) + "%" * percent


def as_written_here(figure: str) -> str:
    """ "1,250.5" -> "1.250,5"."""
    return figure.translate(_VIETNAMESE)


_DECORATION = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')  # words, colours and blanks of a form
_PLACES = re.compile(r"(?P<whole>[#0?,]*[#0?])(?P<thousands>,*)(?:\.(?P<places>[#0?]*))?")
_VIETNAMESE = str.maketrans(",.", ".,")


def _xls_words(cell: Any, datemode: int, form: str) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _words(xlrd.xldate_as_datetime(cell.value, datemode), form)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _words(bool(cell.value))
    if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    return _words(cell.value, form)


def _form(book: Any, cell: Any) -> str:
    shown = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return shown.format_str if shown else ""


def sheets_told(sheets: Sequence[tuple[str, Sequence[Sequence[str]], Spans]]) -> Reading:
    """Each sheet under its name, or its title where it has no name of its own."""
    lines: list[str] = []
    title = ""
    size = 0
    for name, rows, spans in sheets:
        head, end = _letterhead(rows), _closing(rows)
        named = not _EMPTY_NAME.match(name) and bool(lines or not head)
        own = _side_by_side(rows[:head])
        widest = max(map(_filled, rows), default=0)
        for first, last in _blocks(rows, head, end):
            filled = [_filled(row) for row in rows[first:last]]
            # 2 cells beside wider rows are a letterhead, several rows of 2 a table
            small = max(filled) == 2 and filled.count(2) >= _FEWEST_ROWS
            least = max(2, min(3, 2 if small else widest))
            for line in _block_lines(rows, first, last, spans, least, 2 if named else 1):
                size += len(line)
                if size > MOST_CHARACTERS:
                    return Reading("\n".join(lines + own))
                own.append(line)
            own.append("")
        own += _side_by_side(rows[end:])
        unknown = len(sheets) > 1 and not head and own and not own[0].startswith("#")
        if own and (named or unknown):
            lines.append(f"# {name}")  # where this ends, what the sheet opened does, too
        title = title or _title(own)
        lines += own
    return titled("\n".join(lines), title)


def _title(lines: Sequence[str]) -> str:
    """The first heading, or what is shouted below the number of an appendix."""
    for above, line in pairwise(("", *lines)):
        if line.startswith("#"):
            return line.lstrip("# ")
        if line.isupper() and above and as_heading(above, 1) == above:
            return line
    return ""


def _closing(rows: Sequence[Sequence[str]]) -> int:
    """Where place and date or who signs stand below the tables, down to the last name."""
    first = len(rows)
    for at in range(len(rows) - 1, -1, -1):
        words = [one.strip() for one in rows[at] if one.strip()]
        if not all(map(_closes, words)):
            break
        if words and (all(map(str.isupper, words)) or any(map(_DATED.search, words))):
            first = at
    return first if any(map(_filled, rows[:first])) else len(rows)


def _closes(words: str) -> bool:
    shouted = words.isupper() and not any(map(str.isdigit, words))
    aside = _ASIDE.match(words) or _DATED.search(words)
    return shouted or is_name(words) or is_signing(words) or bool(aside)


_DATED = re.compile(r", ?ngày\b.*\btháng\b.*\bnăm\b")
_ASIDE = re.compile(r"\(.*\)$")  # "(Ký, ghi rõ họ tên)"


def _letterhead(rows: Sequence[Sequence[str]]) -> int:
    """How many rows the issuer and the motto take, down to number, place and date."""
    found = 0
    for at, row in enumerate(rows[:_TOP]):
        if _filled(row) > 2:
            break
        if any(map(_HEAD.match, map(str.strip, row))) or any(map(_DATED.search, row)):
            found = at + 1
    motto = any(re.match(REPUBLIC, words.strip()) for row in rows[:found] for words in row)
    return found if motto else 0


_TOP = 8  # rows
_HEAD = re.compile(rf"{REPUBLIC}|Độc lập|Số\s*:")


def _side_by_side(rows: Sequence[Sequence[str]]) -> list[str]:
    """Issuer and motto, or who signs: each with what stands below, as near as it stands."""
    fullest = max(rows, key=_filled, default=())
    columns: dict[int, list[str]] = {at: [] for at, words in enumerate(fullest) if words.strip()}
    for row in rows:
        for at, words in enumerate(row):
            if words.strip():
                columns[min(columns, key=lambda column: abs(column - at))].append(words.strip())
    return [line for column in columns.values() for line in column]


def _blocks(rows: Sequence[Sequence[str]], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of rows without an empty one between them."""
    first = None
    for at, row in enumerate((*rows[begin:end], ()), begin):
        filled = _filled(row)
        if filled and first is None:
            first = at
        elif not filled and first is not None:
            yield first, at
            first = None


def _filled(row: Sequence[str]) -> int:
    return sum(bool(words.strip()) for words in row)


def _block_lines(
    rows: Sequence[Sequence[str]], first: int, last: int, spans: Spans, least: int, level: int
) -> Iterator[str]:
    """Titles above a table, whose rows hold less than `least`, are lines; the rest is the table."""
    above: list[list[str]] = []
    while last - first > 1 and _filled(rows[first]) < least:
        above.append([words for words in rows[first] if words.strip()])
        first += 1
    if all(len(row) == 1 for row in above):  # no letterhead
        head = list(takewhile(str.isupper, (row[0] for row in above)))
        above = above[len(head) :]
        if head:
            yield as_heading(" ".join(" ".join(head).split()), level)
    yield from (words for row in above for words in row)
    width = max(
        (at + 1 for row in rows[first:last] for at, words in enumerate(row) if words.strip()),
        default=0,
    )
    covered = {
        (row, column)
        for top in range(first, last)
        for left in range(width)
        for down, across in [spans.get((top, left), (1, 1))]
        for row in range(top, min(top + down, last))
        for column in range(left, min(left + across, width))
        if (row, column) != (top, left)
    }
    cells = [
        [
            Cell((rows[row][column],), *reversed(spans.get((row, column), (1, 1))))
            for column in range(min(width, len(rows[row])))
            if (row, column) not in covered
        ]
        for row in range(first, last)
    ]
    yield from table_lines(cells)
