"""OpenDocument spreadsheets (.ods) and rows in plain text (.csv), as spreadsheets of other formats are read."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from knowledge.archive import refuse_bombs
from knowledge.errors import Rejected
from knowledge.plain import decoded, in_unicode
from knowledge.reading import Reading
from knowledge.spreadsheet import Spans, as_shown, as_written_here, refuse_endless, sheets_told

_NAMES: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_T: Final = _NAMES + "table:1.0}"
_OFFICE: Final = _NAMES + "office:1.0}"
_TEXT: Final = _NAMES + "text:1.0}"
_STYLE: Final = _NAMES + "style:1.0}"
_ROOM: Final = 16_384  # columns of a sheet: what is repeated to its edge is empty
_MISNAMED: Final = "đuôi tệp không đúng với nội dung bên trong. Hãy tải lại bản gốc."
_LOCKED: Final = "bảng tính bị khoá bằng mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi thêm lại."
_UNNAMED: Final = "Sheet"
_SEPARATORS: Final = ";\t,"


def read_ods(data: bytes) -> Reading:
    """Figures and days as the sheet shows them, which stands in its cells; hidden sheets stay hidden."""
    if not data.startswith(b"PK"):
        raise Rejected(_MISNAMED)
    refuse_bombs(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise Rejected(_LOCKED)
        content = ElementTree.fromstring(package.read("content.xml"))
    hidden = {
        style.get(_STYLE + "name")
        for style in content.iter(_STYLE + "style")
        for shown in style.iter(_STYLE + "table-properties")
        if shown.get(_T + "display") == "false"
    }
    return sheets_told([
        (sheet.get(_T + "name", _UNNAMED), *_rows(sheet))
        for sheet in content.iter(_T + "table")
        if sheet.get(_T + "style-name") not in hidden
    ])  # fmt: skip


def read_csv(data: bytes) -> Reading:
    """Parted by what parts the most of its lines: ";" where "," is in figures."""
    text = in_unicode(decoded(data))
    lines = text.splitlines()
    parted = max(_SEPARATORS, key=lambda sign: sum(sign in line for line in lines))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=parted))
    refuse_endless(sum(map(len, rows)))
    return sheets_told([(_UNNAMED, rows, {})])


def _rows(sheet: Element) -> tuple[list[list[str]], Spans]:
    rows: list[list[str]] = []
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    hidden: set[int] = set()
    size = 0
    for row in sheet.iter(_T + "table-row"):
        words: list[str] = []
        for cell in _cells(row):
            ways = (cell.get(f"{_T}number-{way}-spanned", "1") for way in ("rows", "columns"))
            down, across = map(int, ways)
            if (down, across) != (1, 1):
                spans[len(rows), len(words)] = (down, across)
            words.append(_words(cell))
        again = _repeated(row, "rows") if any(words) else 1
        if not _is_shown(row):
            hidden |= {*range(len(rows), len(rows) + again)}
        size += (len(words) + 1) * again
        refuse_endless(size)
        rows += [words] * again
    width = max(map(len, rows), default=0)
    rows = [words + [""] * (width - len(words)) for words in rows]
    return as_shown(rows, spans, hidden, _hidden_columns(sheet))


def _hidden_columns(sheet: Element) -> set[int]:
    shown: list[bool] = []
    for column in sheet.iter(_T + "table-column"):
        shown += [_is_shown(column)] * _repeated(column, "columns")
    return {at for at, visible in enumerate(shown) if not visible}


def _is_shown(element: Element) -> bool:
    return element.get(_T + "visibility", "visible") == "visible"


def _words(cell: Element) -> str:
    """A day and a figure as they are written here, whatever language the sheet was saved in."""
    shown = "\n".join(map(_line, cell.iterfind(_TEXT + "p")))
    day = re.match(r"(\d{4})-(\d\d)-(\d\d)", cell.get(_OFFICE + "date-value", ""))
    if day and shown.startswith(day[0]):
        return f"{day[3]}/{day[2]}/{day[1]}"
    value = cell.get(_OFFICE + "value")
    return as_written_here(shown) if value and _is_english(shown, float(value)) else shown


def _is_english(shown: str, value: float) -> bool:
    bare = re.sub(r"[^\d.-]", "", shown)
    places = len(bare.partition(".")[2])
    value *= 100 if "%" in shown else 1
    try:
        return abs(float(bare) - value) < 0.51 / 10.0**places
    except ValueError:  # "1.250.000"
        return False


def _cells(row: Element) -> Iterator[Element]:
    for cell in row:
        if cell.tag in (_T + "table-cell", _T + "covered-table-cell"):
            yield from [cell] * (
                _repeated(cell, "columns") if len(cell) or cell is not row[-1] else 1
            )


def _repeated(element: Element, what: str) -> int:
    return min(int(element.get(f"{_T}number-{what}-repeated", 1)), _ROOM)


def _line(paragraph: Element) -> str:
    words = paragraph.text or ""
    for part in paragraph:
        blank = " " * int(part.get(_TEXT + "c", 1)) if part.tag == _TEXT + "s" else ""
        words += blank + _line(part) + (part.tail or "")
    return words
