"""Spreadsheets, new (.xlsx) and old (.xls): each sheet under its name, rows with their column heads."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import openpyxl
import xlrd

from knowledge.archive import refuse_bombs
from knowledge.errors import Rejected
from knowledge.reading import MOST_CHARACTERS, Reading
from knowledge.table import Cell, table_lines

_LOCKED = "bảng tính bị khoá bằng mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi thêm lại."
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
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    sheets = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        spans = {
            (one.min_row - 1, one.min_col - 1): (one.size["rows"], one.size["columns"])
            for one in sheet.merged_cells.ranges
        }
        _refuse_endless(sheet.max_row * sheet.max_column)
        rows = ([_words(one.value, one.number_format) for one in row] for row in sheet.iter_rows())
        sheets.append((sheet.title, list(rows), spans))
    return Reading("\n".join(_lines(sheets)))


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
        spans = {
            (top, left): (bottom - top, right - left)
            for top, bottom, left, right in sheet.merged_cells
        }
        _refuse_endless(sheet.nrows * sheet.ncols)
        rows = [
            [
                _xls_words(cell := sheet.cell(row, column), book.datemode, _form(book, cell))
                for column in range(sheet.ncols)
            ]
            for row in range(sheet.nrows)
        ]
        if not sheet.visibility:
            sheets.append((sheet.name, rows, spans))
    return Reading("\n".join(_lines(sheets)))


def _refuse_endless(cells: int) -> None:
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
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "đúng" if value else "sai"
    figure = isinstance(value, int | float) and abs(value) < 1e15
    return _figure(value, form) if figure else str(value)


def _figure(value: float, form: str) -> str:
    if "%" in form:
        return _figure(value * 100, "") + "%"
    if "#,##" in form:
        return f"{value:,.15g}".translate(_VIETNAMESE)
    return str(value) if isinstance(value, int) else f"{value:.10g}".translate(_VIETNAMESE)


_VIETNAMESE = str.maketrans(",.", ".,")


def _xls_words(cell: Any, datemode: int, form: str) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _words(xlrd.xldate_as_datetime(cell.value, datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return _words(bool(cell.value))
    if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    return _words(cell.value, form)


def _form(book: Any, cell: Any) -> str:
    shown = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return shown.format_str if shown else ""


def _lines(sheets: Iterable[tuple[str, Sequence[Sequence[str]], Spans]]) -> Iterator[str]:
    size = 0
    for name, rows, spans in sheets:
        blocks = list(_blocks(rows))
        if blocks and not _EMPTY_NAME.match(name):
            yield f"# {name}"
        for first, last in blocks:
            for line in _block_lines(rows, first, last, spans):
                size += len(line)
                if size > MOST_CHARACTERS:
                    return
                yield line
            yield ""


def _blocks(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Runs of rows without an empty one between them."""
    first = None
    for at, row in enumerate((*rows, ())):
        filled = any(words.strip() for words in row)
        if filled and first is None:
            first = at
        elif not filled and first is not None:
            yield first, at
            first = None


def _block_lines(
    rows: Sequence[Sequence[str]], first: int, last: int, spans: Spans
) -> Iterator[str]:
    """Titles above a table, alone in their rows, are lines; the rest is the table."""
    while (
        first < last and sum(bool(words.strip()) for words in rows[first]) < 3 and last - first > 1
    ):
        yield from (words for words in rows[first] if words.strip())
        first += 1
    width = max(
        (at + 1 for row in rows[first:last] for at, words in enumerate(row) if words.strip()),
        default=0,
    )
    covered = {
        (row, column)
        for (top, left), (down, across) in spans.items()
        if first <= top < last
        for row in range(top, min(top + down, last))
        for column in range(left, min(left + across, width))
    } - set(spans)
    cells = [
        [
            Cell((rows[row][column],), *reversed(spans.get((row, column), (1, 1))))
            for column in range(min(width, len(rows[row])))
            if (row, column) not in covered
        ]
        for row in range(first, last)
    ]
    yield from table_lines(cells)
