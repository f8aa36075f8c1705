"""A plain text set in Word as offices set theirs: letterhead, 14 pt justified, notes, a table."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

_FONT: Final = "Liberation Serif"  # as wide as Times New Roman, with Vietnamese letters
_HEADED: Final = re.compile(
    r"(?:Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|PHỤ LỤC|Phụ lục)\s+[\dIVX]+|[^a-zà-ỹ]{4,120}$"
)
_FOOTNOTE: Final = (
    '<w:footnote {ns} w:id="{id}"><w:p><w:pPr><w:jc w:val="both"/></w:pPr><w:r><w:rPr>'
    '<w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r><w:r><w:rPr>'
    '<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/><w:sz w:val="20"/></w:rPr>'
    '<w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
)
_EVERY: Final = 15  # paragraphs: how often one has a note
TABLE: Final = (
    ("TT", "Chỉ tiêu", "Đơn vị", "Năm 2027", "Năm 2028"),
    ("1", "Tỷ lệ hồ sơ nộp trực tuyến của các xã, phường", "%", "72", "76"),
    ("2", "Số tổ công nghệ số cộng đồng đang hoạt động tại thôn, xóm", "tổ", "1.245", "1.300"),
    ("3", "Kinh phí đào tạo kỹ năng số cho người dân", "triệu đồng", "350", "12.500"),
    ("4", "Số trạm phát sóng xây mới theo Quyết định số 1234/QĐ-UBND", "trạm", "18", "24"),
)


SIGNED: Final = (
    "Nơi nhận:\n- Như Điều 3;\n- Lưu: VT.",
    "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\n\nNguyễn Văn Thử",
)


@dataclass(slots=True)
class Typeset:
    """A Word file, the text that a reader should find in it, and the notes beside it."""

    data: bytes
    text: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Manner:
    """How an office sets its documents."""

    align: Any = ALIGN.JUSTIFY
    indent: float = 1.27  # centimetres of a first line
    after: float = 6  # points below a paragraph
    pitch: float = 0  # points from line to line; 0: as the font has it
    size: float = 14


MANNERS: Final = (
    Manner(),
    Manner(indent=0, after=8, pitch=18, size=13),
    Manner(align=ALIGN.LEFT, indent=1, after=3, pitch=17),
    Manner(indent=1, after=0, pitch=20),
)


def typeset(text: str, number: str, day: str, manner: Manner) -> Typeset:
    """`text` line by line as paragraphs, below a letterhead with `number` and `day`."""
    word = docx.Document()
    word.styles["Normal"].font.size = Pt(manner.size)
    _page(word, f"Văn bản số {number}")
    _letterhead(word, number, day)
    notes: list[str] = []
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    middle = len(lines) // 2
    for at, line in enumerate(lines):
        if at == middle:
            _table(word)
        note = ""
        if at % _EVERY == _EVERY // 2 and len(line) > 120:
            note = (
                f"Số liệu {at} do cơ quan chủ trì tổng hợp, cập nhật hằng quý và gửi kèm báo cáo."
            )
            notes.append(note)
        _paragraph(word, line, len(notes) if note else 0, manner)
    _signature(word)
    _notes_part(word, notes)
    stream = io.BytesIO()
    word.save(stream)
    return Typeset(stream.getvalue(), "\n".join(lines), notes)


def _page(word: Any, head: str) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    section.different_first_page_header_footer = True
    for part, words in ((section.header, ""), (section.footer, head)):
        paragraph = part.paragraphs[0]
        paragraph.alignment = ALIGN.CENTER
        run = paragraph.add_run(words)
        if not words:
            field = (
                f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            )
            paragraph._p.append(parse_xml(field))
        run.font.size = Pt(11)
    style = word.styles["Normal"]
    style.font.name = _FONT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)


def _letterhead(word: Any, number: str, day: str) -> None:
    table = word.add_table(2, 2)
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Cm(6), Cm(10.5)
    cells = table.rows
    texts = (
        ("ỦY BAN NHÂN DÂN\nTỈNH THỬ NGHIỆM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
         "Độc lập - Tự do - Hạnh phúc"),
        (f"Số: {number}", f"Thử Nghiệm, {day}"),
    )  # fmt: skip
    for row, pair in zip(cells, texts, strict=True):
        for cell, words, width in zip(row.cells, pair, (Cm(6), Cm(10.5)), strict=True):
            cell.width = width
            for at, line in enumerate(words.split("\n")):
                paragraph = cell.paragraphs[0] if not at else cell.add_paragraph()
                paragraph.alignment = ALIGN.CENTER
                paragraph.add_run(line).font.size = Pt(12)


def _signature(word: Any) -> None:
    left, right = word.add_table(1, 2).rows[0].cells
    left.text = SIGNED[0]
    right.text = SIGNED[1]
    for paragraph in right.paragraphs:
        paragraph.alignment = ALIGN.CENTER


def _paragraph(word: Any, line: str, note: int, manner: Manner) -> None:
    paragraph = word.add_paragraph()
    form = paragraph.paragraph_format
    form.space_after = Pt(manner.after)
    if manner.pitch:
        form.line_spacing = Pt(manner.pitch)
    if _HEADED.match(line) and len(line) < 130:
        paragraph.alignment = ALIGN.CENTER
        paragraph.add_run(line).bold = True
        return
    paragraph.alignment = manner.align
    form.first_line_indent = Cm(manner.indent)
    place = _place_for_note(line) if note else len(line)
    paragraph.add_run(line[:place])
    if note:
        reference = (
            f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            f'<w:footnoteReference w:id="{note + 1}"/></w:r>'
        )
        paragraph._p.append(parse_xml(reference))
        paragraph.add_run(line[place:])


def _place_for_note(line: str) -> int:
    """After a figure where there is one, which is where a mark does harm."""
    figure = re.search(r"\d(?=[ ,.;]\D)", line[40:])
    return 40 + figure.end() if figure else max(line.find(" ", 60), 0) or len(line)


def _table(word: Any) -> None:
    table = word.add_table(len(TABLE), len(TABLE[0]), "Table Grid")
    for row, cells in zip(table.rows, TABLE, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
            cell.paragraphs[0].runs[0].font.size = Pt(12)


def _notes_part(word: Any, notes: Sequence[str]) -> None:
    if not notes:
        return
    parts = "".join(
        _FOOTNOTE.format(ns="", id=at, text=escape(note), font=_FONT)
        for at, note in enumerate(notes, 2)
    )
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>{parts}</w:footnotes>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, xml.encode(), word.part.package)
    word.part.relate_to(part, RELATION.FOOTNOTES)
