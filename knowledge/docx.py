"""Word documents: what their pages show, automatic numbers, insertions, notes and tables included.

The XML is walked by hand: libraries leave out content controls, tracked insertions and numbers.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from knowledge.archive import refuse_bombs
from knowledge.columns import one_column
from knowledge.errors import Rejected
from knowledge.numbering import Numbering, Styles, W, value, whole
from knowledge.raised import raised
from knowledge.reading import Reading, as_heading
from knowledge.table import Cell, table_lines

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WRAPPERS = {
    W + tag
    for tag in ("ins", "moveTo", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple")
} | {W + "dir", W + "bdo"}
_GONE = {W + tag for tag in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "tblPr", "trPr", "tcPr")}
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W
    + "softHyphen": "\u00ad",  # TCVN3's ư; a hyphen that is not shown goes with the canonical text
}
_SYMBOLS = {  # of the fonts in which Word's menu "Symbol" writes, by the last byte of their code
    "symbol": {
        0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
        0xAE: "→", 0x2D: "-", 0xB7: "-", 0x6D: "µ",
    },
    "wingdings": {
        0xA8: "☐", 0x6F: "☐", 0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xFB: "✗", 0x78: "☒", 0xE0: "→", 0xF0: "→",
    },
    "wingdings 2": {0xA3: "☐", 0x52: "☑", 0x50: "✓", 0x53: "☒", 0x4F: "✗", 0x54: "☒"},
}  # fmt: skip
_NOT_WORD = "tệp có đuôi .docx nhưng nội dung không phải Word. Hãy tải lại bản gốc."


def read_docx(data: bytes) -> Reading:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Rejected("tệp Word bị khoá bằng mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi thêm lại.")
        raise Rejected(
            "tệp thực ra là Word kiểu cũ (.doc). Hãy mở bằng Word và lưu lại thành .docx."
        )
    if not data.startswith(b"PK"):
        raise Rejected(_NOT_WORD)
    refuse_bombs(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return Reading("\n".join(_Story(_Package(package)).lines()))


class _Package:
    """The parts of a .docx, found by their purpose."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = set(package.namelist())
        self._main = self._related("", "officeDocument")
        self.document = self._tree(self._main) if self._main in self._names else None
        if self.document is None or self.document.tag != W + "document":
            raise Rejected(_NOT_WORD)

    def part(self, purpose: str) -> Element | None:
        name = self._related(self._main, purpose)
        return self._tree(name) if name in self._names else None

    def _tree(self, name: str) -> Element:
        # "Strict Open XML" differs in the name of its namespace only, as far as text goes.
        return ElementTree.fromstring(self._package.read(name).replace(_STRICT, W[1:-1].encode()))

    def _related(self, name: str, purpose: str) -> str:
        folder, file = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", file + ".rels")
        found = self._tree(relations).iter(_RELATION) if relations in self._names else ()
        for relation in found:
            if relation.get("Type", "").endswith("/" + purpose):
                target = posixpath.join("/" + folder, relation.get("Target", ""))
                return posixpath.normpath(target).lstrip("/")
        return ""


class _Story:
    """One document read from its first paragraph to its last note."""

    def __init__(self, package: _Package) -> None:
        assert package.document is not None
        self._document = package.document
        self._styles = Styles(package.part("styles"))
        self._numbering = Numbering.read(package.part("numbering"), self._styles)
        self._notes = {
            kind: {note.get(W + "id"): note for note in part.findall(W + kind)}
            for kind in ("footnote", "endnote")
            if (part := package.part(kind + "s")) is not None
        }
        self._cited: list[Element | None] = []
        self._boxes: list[Element] = []
        self._carried = ""  # text of a paragraph whose mark is deleted: it runs into the next

    def lines(self) -> Iterator[str]:
        body = self._document.find(W + "body")
        if body is not None:
            yield from (_tidy(line) for line in one_column(list(self._blocks(body))))
        if self._cited:
            yield ""
        for number, note in enumerate(self._cited, 1):
            words = [] if note is None else self._blocks(note, in_body=False)
            yield f"[{number}] {' '.join(' '.join(words).split())}"

    def _blocks(self, container: Element, in_body: bool = True) -> Iterator[str]:
        for element in _shown(container):
            if element.tag == W + "p":
                yield from self._paragraph(element, in_body)
            elif element.tag == W + "tbl":
                yield from self._table(element)
            while self._boxes:
                yield from self._blocks(self._boxes.pop(0), in_body=False)

    def _paragraph(self, paragraph: Element, in_body: bool) -> Iterator[str]:
        properties = paragraph.find(W + "pPr")
        mark = None if properties is None else properties.find(W + "rPr")
        text = self._carried + self._inline(paragraph)
        self._carried = ""
        if mark is not None and (mark.find(W + "del") is not None or _is_hidden(mark)):
            self._carried = text
            return
        label = self._numbering.label(properties)
        lines = [line if in_body else _tidy(line) for line in text.split("\n")]
        if any(map(str.strip, lines)):
            lines[0] = label + lines[0]
        elif not in_body:  # the cell of a column that Word counts by itself
            lines = [label.rstrip(" -")]
        level = self._styles.heading_level(value(properties, "pStyle")) if in_body else None
        if level:
            lines[0] = as_heading(lines[0].strip(), level)
        yield from lines

    def _inline(self, element: Element) -> str:
        pieces: list[str] = []
        for child in _shown(element):
            if child.tag == W + "r":
                properties = child.find(W + "rPr")
                words = "" if _is_hidden(properties) else self._inline(child)
                if value(properties, "caps") not in (None, "0", "false"):
                    words = words.upper()
                if _is_raised(properties):
                    words = raised(words, "".join(pieces[-3:]))
                pieces.append(words)
            elif child.tag in (W + "t", _MATH + "t"):
                pieces.append(child.text or "")
            elif child.tag == _MATH + "f":
                pieces.append("/".join(map(self._inline, _shown(child))).strip("/"))
            elif child.tag.startswith(_MATH):
                pieces.append(self._inline(child))
            elif child.tag == W + "sym":
                pieces.append(_symbol(child))
            elif child.tag in (W + "footnoteReference", W + "endnoteReference"):
                pieces.append(self._note(child))
            elif child.tag in (W + "drawing", W + "pict", W + "object"):
                self._boxes.extend(_text_boxes(child))
            else:
                pieces.append(_SIGNS.get(child.tag, ""))
        return "".join(pieces)

    def _note(self, reference: Element) -> str:
        kind = reference.tag.removeprefix(W).removesuffix("Reference")
        note = self._notes.get(kind, {}).get(reference.get(W + "id"))
        if note is not None and note in self._cited:  # a note may cite another, even itself
            return f"[{self._cited.index(note) + 1}]"
        self._cited.append(note)
        return f"[{len(self._cited)}]"

    def _table(self, table: Element) -> Iterator[str]:
        shown = [
            row
            for row in _shown(table)
            if row.tag == W + "tr" and row.find(f"{W}trPr/{W}del") is None
        ]
        grid = [whole(column.get(W + "w")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        slivers = {at for at, wide in enumerate(grid) if wide and wide < _SLIVER}
        rows: list[list[Cell]] = []
        for row in shown:
            cells = [cell for cell in _shown(row) if cell.tag == W + "tc"]
            before = whole(value(row.find(W + "trPr"), "gridBefore")) or 0
            own = [Cell(())] * min(before, 9) + [self._cell(cell) for cell in cells]
            rows.append(list(_on_paper(own, slivers)) if slivers else own)
        headed = [
            value(row.find(W + "trPr"), "tblHeader") not in (None, "0", "false") for row in shown
        ]
        heads = next((at for at, head in enumerate(headed) if not head), len(headed))
        yield from table_lines(_unmerged(rows), heads or None)

    def _cell(self, cell: Element) -> Cell:
        properties = cell.find(W + "tcPr")
        merged = value(properties, "vMerge")
        lines = list(self._blocks(cell, in_body=False))
        down = _GOES_ON if merged in ("", "continue") else 1
        return Cell(lines, whole(value(properties, "gridSpan")) or 1, down)


def _tidy(line: str) -> str:
    return " ".join(line.split())


_SLIVER = 20  # twentieths of a point: no column, but edges that a conversion set a hair apart


def _on_paper(row: list[Cell], slivers: set[int]) -> Iterator[Cell]:
    """Cells with the columns that an eye sees them cover."""
    column = 0
    for cell in row:
        over = set(range(column, column + cell.across))
        column += cell.across
        yield replace(cell, across=len(over - slivers) or 1)


_GOES_ON = 0  # rows covered by a cell that only continues the one above it


def _unmerged(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Cells merged downwards told by how many rows they cover, as in a page."""
    kept: list[list[Cell]] = []
    above: dict[int, tuple[int, int]] = {}  # column -> row and place of the cell that covers it
    for at, row in enumerate(rows):
        kept.append([])
        column = 0
        covering: dict[int, tuple[int, int]] = {}
        for cell in row:
            if cell.down == _GOES_ON and column in above:
                covering[column] = above[column]
                origin, place = above[column]
                first = kept[origin][place]
                kept[origin][place] = replace(first, down=at - origin + 1)
            else:
                covering[column] = (at, len(kept[at]))
                kept[at].append(replace(cell, down=1))
            column += cell.across
        above = covering
    return kept


def _shown(element: Element) -> Iterator[Element]:
    """The children that Word shows, out of whatever wraps them; deletions are gone."""
    for child in element:
        if child.tag == _MC + "AlternateContent":
            yield from _shown(child[0]) if len(child) else ()
        elif child.tag == W + "sdt":
            if child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                yield from _shown(child)
        elif child.tag in _WRAPPERS:
            yield from _shown(child)
        elif child.tag not in _GONE:
            yield child


def _is_hidden(properties: Element | None) -> bool:
    return value(properties, "vanish") not in (None, "0", "false")


def _text_boxes(element: Element) -> Iterator[Element]:
    for child in _shown(element):
        if child.tag == W + "txbxContent":
            yield child
        else:
            yield from _text_boxes(child)


def _symbol(element: Element) -> str:
    """A sign set in a font of its own: "≥" before a figure, the tick in a column."""
    known = _SYMBOLS.get(element.get(W + "font", "").lower(), {})
    code = element.get(W + "char", "")
    return known.get(int(code, 16) & 0xFF, "") if re.fullmatch("[0-9A-Fa-f]{2,4}", code) else ""


def _is_raised(properties: Element | None) -> bool:
    place = None if properties is None else properties.find(W + "vertAlign")
    return place is not None and place.get(W + "val") == "superscript"
