"""Documents of before Unicode, and the formats offices kept them in."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from knowledge import legacy, office, spreadsheet
from knowledge.document import Document
from knowledge.errors import Rejected
from knowledge.legacy import modern
from knowledge.load import read_document
from knowledge.rtf import prepared
from knowledge.split import outline

_TEXT = (
    "Căn cứ Luật Ngân sách nhà nước và đề nghị của Sở Tài chính, Ủy ban nhân dân tỉnh quyết định hỗ trợ "
    "người dân các xã miền núi được học kỹ năng số. Mức hỗ trợ là năm mươi nghìn đồng."
)
_TCVN3 = (
    "C¨n cø LuËt Ng©n s¸ch nhµ n­íc vµ ®Ò nghÞ cña Së Tµi chÝnh, ñy ban nh©n d©n tØnh quyÕt ®Þnh hç trî "
    "ng­êi d©n c¸c x· miÒn nói ®­îc häc kü n¨ng sè. Møc hç trî lµ n¨m m­¬i ngh×n ®ång."
)
_VNI = (
    "Caên cöù Luaät Ngaân saùch nhaø nöôùc vaø ñeà nghò cuûa Sôû Taøi chính, Uûy ban nhaân daân tænh quyeát ñònh "
    "hoã trôï ngöôøi daân caùc xaõ mieàn nuùi ñöôïc hoïc kyõ naêng soá. Möùc hoã trôï laø naêm möôi nghìn ñoàng."
)


def _read(folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    return read_document(folder / name, folder)


@pytest.mark.parametrize(
    ("old", "modern_text"),
    [(_TCVN3, _TEXT.replace("Ủy", "ủy")), (_VNI, _TEXT)],
    ids=["TCVN3", "VNI"],
)
def test_old_letters_become_unicode(old: str, modern_text: str) -> None:
    """Every letter with its mark; TCVN3 has no capitals with one."""
    assert modern(old) == modern_text


def test_a_word_may_begin_with_what_a_font_makes_a_minus() -> None:
    """A PDF's font shows TCVN3's "ư" as a minus sign; one between blanks is a dash."""
    old = _TCVN3.replace("\u00ad", "\u2212") + " Trung \u2212\u00acng \u2212 chi ®óng môc"
    assert modern(old).endswith("Trung ương \u2212 chi đúng mục")


def test_viscii_bytes_are_read(tmp_path: Path) -> None:
    """A text file of the nineties, in the encoding that e-mail used."""
    table = {letter: old for old, letter in legacy._VISCII.items()}
    data = "".join(table.get(letter, letter) for letter in _TEXT).encode("latin-1")
    assert _read(tmp_path, "a.txt", data).text == _TEXT


@pytest.mark.parametrize("old", [_TCVN3, _VNI], ids=["TCVN3", "VNI"])
def test_a_text_file_in_an_old_encoding_is_read(tmp_path: Path, old: str) -> None:
    """Its bytes, or what an editor made of them in UTF-8."""
    for data in (old.encode("latin-1"), old.encode()):
        assert "hỗ trợ người dân các xã miền núi" in _read(tmp_path, "a.txt", data).text


def test_windows_1258_is_read(tmp_path: Path) -> None:
    """Letters with their marks beside them."""
    text = "Đà Lô và Hà Đông là hai nơi; các cô có quà."
    assert _read(tmp_path, "a.txt", text.encode("cp1258")).text == text


def test_a_mixed_document_keeps_its_modern_half(tmp_path: Path) -> None:
    """Unicode lines stay, also those whose letters both encodings have."""
    mixed = f"{_TEXT}\nCó và không là hai việc.\n{_TCVN3}\nTT | §¬n vÞ | Sè ng­êi\n1 | X· Phó B×nh | 20\n"
    lines = modern(mixed).split("\n")
    assert lines[:2] == [_TEXT, "Có và không là hai việc."]
    assert lines[3:5] == ["TT | Đơn vị | Số người", "1 | Xã Phú Bình | 20"]


@pytest.mark.parametrize(
    "text",
    [
        _TEXT,
        "Café Müller, Citroën: 5 µm ± 2 °C · §3",
        "là có và không hòa gì",
        "Nhiệt độ −5 °C; ngày 5·6",
    ],
)
def test_modern_text_is_left_alone(text: str) -> None:
    """Foreign names, units and signs are no old letters."""
    assert modern(text) == text


def test_capitals_without_a_tone_of_their_own_are_mended() -> None:
    """ "QUYÕT §ÞNH" was drawn in capitals by its font."""
    assert (
        modern(f"QUYÕT §ÞNH CñA Bé TµI CHÝNH\n{_TCVN3}").split("\n")[0]
        == "QUYẾT ĐỊNH CỦA BỘ TÀI CHÍNH"
    )


def _rtf(body: bytes) -> bytes:
    return rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Times New Roman;}}\f0 " + body + b"}"


def _row(edges: str, *cells: str, ruled: bool = True, merged: str = "") -> bytes:
    """A row whose cells end at `edges`; `merged` has one of "fr " for each: first, rest, alone."""
    told = {"f": r"\clvmgf", "r": r"\clvmrg"}
    line = r"\clbrdrt\brdrs" if ruled else ""
    ends = zip(edges.split(), merged.ljust(len(cells)), strict=True)
    form = "".join(rf"{told.get(part, '')}{line}\cellx{end}" for end, part in ends)
    words = "".join(rf"\pard\intbl {cell}\cell" for cell in cells)
    escaped = "".join(c if c.isascii() else rf"\u{ord(c)}?" for c in words)
    return rf"\trowd{form}{escaped}\row".encode()


def test_rtf_is_read_with_its_numbers_and_without_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Escaped letters and Unicode letters with their fallback; a table is refused, whose figures
    could come to stand under another head."""
    monkeypatch.setenv("PATH", str(tmp_path))
    words = rb"\u272?i\u7873?u 1. Ph\u7841?m vi\par 1. N\u7897?i dung.\par "
    lines = _read(tmp_path, "a.rtf", _rtf(words)).text.split("\n")
    assert lines == ["Điều 1. Phạm vi", "1. Nội dung."]
    with pytest.raises(Rejected, match="LibreOffice"):
        _read(tmp_path, "a.rtf", _rtf(words + _row("2000 4000", "Năm", "Hạng")))


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_tables_of_rtf_keep_their_merged_cells_and_stay_apart(tmp_path: Path) -> None:
    """Heads of two levels, a cell over two rows, edges a hair apart, then a signature."""
    data = _rtf(
        rb"\pard Kinh ph\u237?:\par "
        + _row("1000 3600 5000", "TT", "Kinh phí", "Ghi chú", merged="f f")
        + _row("1000 2400 3601 5000", "", "Tỉnh", "Xã", "", merged="r  r")
        + _row("1000 2400 3601 5000", "1", "20", "15", "Mới")
        + _row("1700 5000", "Phòng", "Mức", merged="  ")
        + _row("1700 5000", "Văn thư", "99,5", merged="f ")
        + _row("1700 5000", "", "100", merged="r ")
        + _row("1700 3500 5000", "Nơi nhận:", "", "CHỦ TỊCH", ruled=False)
        + rb"\pard\par"
    )
    lines = [line for line in _read(tmp_path, "a.rtf", data).text.split("\n") if line]
    assert lines == [
        "Kinh phí:",
        "TT · Kinh phí · Ghi chú",
        "Tỉnh · Xã",
        "TT: 1 · Kinh phí – Tỉnh: 20 · Kinh phí – Xã: 15 · Ghi chú: Mới",
        "Phòng · Mức",
        "Phòng: Văn thư · Mức: 99,5",
        "Phòng: Văn thư · Mức: 100",
        "Nơi nhận:",
        "CHỦ TỊCH",
    ]


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_automatic_numbers_of_rtf_are_those_that_were_printed(tmp_path: Path) -> None:
    """LibreOffice itself writes the scheme of "Điều 1." as "?i?u"."""
    lists = (
        rb"{\*\listtable{\list\listtemplateid1{\listlevel\levelnfc0\levelstartat1{\leveltext"
        rb"\'07?i?u \'00.;}{\levelnumbers\'06;}}\listid1}}{\*\listoverridetable{\listoverride"
        rb"\listid1\listoverridecount0\ls1}}"
    )
    item = rb"\pard{\listtext\pard\plain \u272?i\u7873?u 5.\tab}\ilvl0\ls1 Ph\u7841?m vi\par"
    point = rb"\pard{\listtext\f3 \'b7\tab}\ls2 M\u7841?ng\par"
    row = _row("1000 3000", r"{\listtext\pard\plain 1.\tab}\ls3", "Tập huấn", merged="  ")
    heads = _row("1000 3000", "TT", "Việc")
    lines = _read(tmp_path, "a.rtf", _rtf(lists + item + point + heads + row)).text.split("\n")
    assert lines[:2] == ["Điều 5. Phạm vi", "- Mạng"]
    assert lines[-1] == "TT: 1. · Việc: Tập huấn"


@pytest.mark.parametrize(
    ("sign", "label"),
    [
        (b"v", rb"{\plain -\tab}"),
        (b"o", rb"{\plain -\tab}"),
        (rb"\'a7", rb"{\plain -\tab}"),
        (b"a)", rb"{\f3 a)\tab}"),
        (b"I", rb"{\f3 I\tab}"),
        (b"1", rb"{\f3 1\tab}"),
    ],
)
def test_a_small_letter_alone_before_an_item_of_rtf_is_a_sign(sign: bytes, label: bytes) -> None:
    """Wingdings draws an arrow where its "v" stands, and Courier's "o" is a ring."""
    assert prepared(_rtf(rb"{\listtext\f3 " + sign + rb"\tab}")) == _rtf(label)


@pytest.mark.parametrize("both", [True, False])
def test_a_cell_of_two_paragraphs_stands_between_no_rows_of_rtf(both: bool) -> None:
    """Word has a row's definition before and after its cells, or only after."""
    above = _row("1000 2000 4000", "Xã", "Năm", "Số")
    form = rb"\trowd\cellx1000\cellx2001\cellx4000"
    row = form * both + rb"\pard\intbl A\par B\cell 2026\cell 4\cell" + form + rb"\row"
    assert b"2001" not in prepared(_rtf(above + row))


def test_rows_of_rtf_take_no_time() -> None:
    """Each is looked at once, not with the rest of the file or all that stand above it."""
    rows = b"".join(rb"\trowd\cellx%d\pard a\cell" % (100 * at) for at in range(10_000))
    began = time.process_time()
    assert prepared(_rtf(rb"\trowd" * 20_000 + rows)).count(rb"\trowd") == 30_000
    assert time.process_time() - began < 2


def test_a_workbook_gives_each_sheet_with_titles_and_rows(tmp_path: Path) -> None:
    """Merged cells, days and decimal commas, as a person reads them; hidden sheets stay hidden."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Hạ tầng số"
    sheet.append(["DANH SÁCH TRẠM"])
    sheet.append(["Xã", "Số trạm", "Tỷ lệ", "Ngày"])
    sheet.append(["Phú Bình", 4, 98.5, date(2026, 4, 3)])
    sheet.append([None, 6, "1.234.567", None])
    sheet.merge_cells("A3:A4")
    book.create_sheet("kín").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    assert _read(tmp_path, "a.xlsx", stream.getvalue()).text.split("\n") == [
        "# Hạ tầng số",
        "## DANH SÁCH TRẠM",
        "Xã · Số trạm · Tỷ lệ · Ngày",
        "Xã: Phú Bình · Số trạm: 4 · Tỷ lệ: 98,5 · Ngày: 03/04/2026",
        "Xã: Phú Bình · Số trạm: 6 · Tỷ lệ: 1.234.567",
    ]


def test_a_sheet_of_two_columns_is_a_table(tmp_path: Path) -> None:
    """Its rows are no titles, though they have as few cells."""
    book = openpyxl.Workbook()
    for row in (["DANH SÁCH TRẠM"], ["Xã", "Số trạm"], ["Phú Bình", 4], ["Đồng Hỷ", 6]):
        book.active.append(row)
    assert _read(tmp_path, "a.xlsx", _saved(book)).text.split("\n") == [
        "# DANH SÁCH TRẠM",
        "Xã · Số trạm",
        "Xã: Phú Bình · Số trạm: 4",
        "Xã: Đồng Hỷ · Số trạm: 6",
    ]


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (0.85, "0%", "85%"),
        (0.7843217, "0.0%", "78,4%"),
        (0.8625, "0.0%", "86,3%"),
        (25_000_000, "#,##0", "25.000.000"),
        (1250.456, "#,##0.0", "1.250,5"),
        (-1250.456, '_(* #,##0.00_);[Red](#,##0.00)" đồng"', "-1.250,46"),
        (1_250_456, "#,##0,", "1.250"),
        (12.5, "0.0##", "12,5"),
        (2027, "0", "2027"),
        (1250.4, "General", "1250,4"),
        (25e9, "General", "25000000000"),
        (12_345_678_901.25, "General", "12345678901,25"),
        (200 / 3, "General", "66,666666667"),
        (1e-12, "General", "1e-12"),
        (912_345_678, "0000000000", "0912345678"),
        (912_345_678, "0000 000 000", "0912345678"),
        (-7, "00", "-07"),
        (0.5, "0." + "0" * 30, "0,500000000"),
    ],
)
def test_figures_of_a_workbook_are_as_it_shows_them(
    tmp_path: Path, value: float, form: str, shown: str
) -> None:
    """A share as a percentage, thousands in threes, as many decimals as are shown."""
    book = openpyxl.Workbook()
    book.active.append(["Xã", "Mức", "Ghi chú"])
    book.active.append(["Hòa Lộc", value, "có"])
    book.active["B2"].number_format = form
    lines = _read(tmp_path, "a.xlsx", _saved(book)).text.split("\n")
    assert lines[-1] == f"Xã: Hòa Lộc · Mức: {shown} · Ghi chú: có"


def test_hidden_rows_and_columns_of_a_workbook_are_not_read(tmp_path: Path) -> None:
    """A merged cell covers what is left of it."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Xã", "Cũ", "Số", "Năm"], ["A", 1, 2, 2025], ["A", 5, 6, 2026], ["B", 7, 8, 2026]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[2].hidden = True
    assert _read(tmp_path, "a.xlsx", _saved(book)).text.split("\n") == [
        "Xã · Số · Năm", "Xã: A · Số: 6 · Năm: 2026", "Xã: B · Số: 8 · Năm: 2026",
    ]  # fmt: skip


def test_thousands_of_merged_cells_and_blocks_take_no_time() -> None:
    """Each is looked at once, not with every row or block."""
    rows = [row for _ in range(10_000) for row in (["Phú Bình", "", "4"], ["", "", ""])]
    spans = {(at, 0): (1, 2) for at in range(0, len(rows), 2)}
    began = time.process_time()
    shown, left = spreadsheet.as_shown(rows, spans, {1}, set())
    lines = spreadsheet.sheets_told([("Sheet1", shown, left)]).text.split("\n")
    assert (len(left), lines[0]) == (10_000, "Phú Bình · 4")
    assert time.process_time() - began < 5


def test_a_sheet_ends_what_the_one_before_opened(tmp_path: Path) -> None:
    """By its title or, without one, by its name, though that says nothing; the first is the book's."""
    book = openpyxl.Workbook()
    for at, title in enumerate(("KẾT QUẢ NĂM 2025", "DANH SÁCH ĐẦU MỐI", "")):
        sheet = book.active if not at else book.create_sheet()
        if title:
            sheet.append([title])
        sheet.append(["TT", "Xã", "Số"])
        sheet.append([1, "Phú Bình", 20])
    document = _read(tmp_path, "a.xlsx", _saved(book))
    row = ["TT · Xã · Số", "TT: 1 · Xã: Phú Bình · Số: 20"]
    assert document.text.split("\n") == [
        "# KẾT QUẢ NĂM 2025", *row, "", "# DANH SÁCH ĐẦU MỐI", *row, "", "# Sheet2", *row,
    ]  # fmt: skip
    assert document.metadata.title == "Kết quả năm 2025"


def test_an_appendix_in_a_sheet_ends_with_it_and_who_signs_is_no_row(tmp_path: Path) -> None:
    """Signatures stand side by side, each above its name; a raised mark grows onto no figure."""
    book = openpyxl.Workbook()
    font = InlineFont(vertAlign="superscript")
    for row in (
        ["Phụ lục I"], ["DỰ ÁN SỐ"], ["(Kèm theo Quyết định số 5/QĐ-UBND ngày 03/02/2026)"],
        ["TT", "Dự án", "Ghi chú", "Vốn"], [1, "Nền tảng", "", CellRichText("30", TextBlock(font, "2"))],
        ["", "", "", "Hòa Lộc, ngày 03 tháng 02 năm 2026"], ["NGƯỜI LẬP BIỂU", "", "CHỦ TỊCH"], [],
        ["Lê Văn An", "", "", "Trần Thị Bình"],
    ):  # fmt: skip
        book.active.append(row)
    other = book.create_sheet("Xã")
    other.append(["TT", "Xã", "Từ", "Tháng"])
    other.append([1, "Hòa Lộc", date(2026, 4, 3), date(2026, 5, 1)])
    other["D2"].number_format = "mm/yyyy"
    document = _read(tmp_path, "a.xlsx", _saved(book))
    assert document.metadata.title == "Dự án số"
    assert document.text.split("\n")[4:] == [
        "TT · Dự án · Ghi chú · Vốn", "TT: 1 · Dự án: Nền tảng · Vốn: 30[2]", "",
        "NGƯỜI LẬP BIỂU", "Lê Văn An",
        "Hòa Lộc, ngày 03 tháng 02 năm 2026", "CHỦ TỊCH", "Trần Thị Bình",
        "# Xã", "TT · Xã · Từ · Tháng", "TT: 1 · Xã: Hòa Lộc · Từ: 03/04/2026 · Tháng: 05/2026",
    ]  # fmt: skip
    assert outline(document)[-1].label == "“Xã”, dòng 1"


def test_a_letterhead_of_a_sheet_is_read_column_by_column(tmp_path: Path) -> None:
    """The name of the first sheet does not stand above it; a small table stays one beside a wide one."""
    book = openpyxl.Workbook()
    book.active.title = "BC"
    for row in (
        ["UBND XÃ HÒA LỘC", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["PHÒNG KINH TẾ", "", "Độc lập"],
        ["Số: 5/BC-KT", "", "Hòa Lộc, ngày 5 tháng 6 năm 2026"], [], ["BÁO CÁO"],
        ["Thôn", "Hồ sơ", "Mức"], ["Một", 5, 7], [], ["Lịch trực"], ["Ngày", "Trực"], ["1/6", "An"],
        ["2/6", "Bình"],
    ):  # fmt: skip
        book.active.append(row)
    assert _read(tmp_path, "a.xlsx", _saved(book)).text.split("\n") == [
        "UBND XÃ HÒA LỘC", "PHÒNG KINH TẾ", "Số: 5/BC-KT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập", "Hòa Lộc, ngày 5 tháng 6 năm 2026",
        "# BÁO CÁO", "Thôn · Hồ sơ · Mức", "Thôn: Một · Hồ sơ: 5 · Mức: 7", "",
        "Lịch trực", "Ngày · Trực", "Ngày: 1/6 · Trực: An", "Ngày: 2/6 · Trực: Bình",
    ]  # fmt: skip


def test_a_sheet_of_opendocument_is_read_as_it_shows_itself(tmp_path: Path) -> None:
    """In the figures and days of here, whatever the language it was saved in; hidden rows stay hidden."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"

    def cell(words: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"

    merged = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    far = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = (
        cell("Xã") + cell("Mức") + cell("Tỷ lệ") + cell("Ngày") + far,
        cell("Hòa Lộc", merged)
        + cell("1,250.5", 'office:value="1250.5"')
        + cell("85.5%", 'office:value="0.855"')
        + cell("2026-04-03", 'office:date-value="2026-04-03"'),
        "<table:covered-table-cell/>" + cell("20.000", 'office:value="20000"'),
    )
    told = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    hidden = f'<table:table-row table:visibility="collapse">{cell("kín")}</table:table-row>'
    content = (
        "".join(f' xmlns:{name}="{names}{name}:1.0"' for name in ("office", "table", "text"))
        + f'><table:table table:name="Xã">{told}{hidden}</table:table></office:document-content>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", f"<office:document-content{content}")
    assert _read(tmp_path, "a.ods", stream.getvalue()).text.split("\n") == [
        "# Xã", "Xã · Mức · Tỷ lệ · Ngày",
        "Xã: Hòa Lộc · Mức: 1.250,5 · Tỷ lệ: 85,5% · Ngày: 03/04/2026",
        "Xã: Hòa Lộc · Mức: 20.000",
    ]  # fmt: skip


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_rows_in_plain_text_are_parted_by_what_parts_most_lines(tmp_path: Path, sign: str) -> None:
    rows = (("TT", "Xã", "Mức"), ("1", '"A; B, C"', '"98,5"'), ("2", '"Hòa\nLộc"', "7"))
    data = "\ufeff" + "".join(f"{sign.join(row)}\r\n" for row in rows)
    assert _read(tmp_path, "a.csv", data.encode()).text.split("\n") == [
        "TT · Xã · Mức", "TT: 1 · Xã: A; B, C · Mức: 98,5", "TT: 2 · Xã: Hòa Lộc · Mức: 7",
    ]  # fmt: skip


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _shape(*paragraphs: str, kind: str = "", properties: str = "") -> str:
    place = f'<p:ph type="{kind}"/>' if kind else ""
    words = "".join(f"<a:p>{properties}<a:r><a:t>{one}</a:t></a:r></a:p>" for one in paragraphs)
    return f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:txBody>{words}</p:txBody></p:sp>"


def _slides(slides: dict[int, str], order: str = "", hidden: int = 0) -> bytes:
    """A presentation of raw XML; without `order` it does not list its slides."""
    spaces = f'xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}"'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for number, shapes in slides.items():
            show = ' show="0"' if number == hidden else ""
            package.writestr(
                f"ppt/slides/slide{number}.xml", f"<p:sld {spaces}{show}>{shapes}</p:sld>"
            )
        if order:
            listed = "".join(f'<p:sldId r:id="r{number}"/>' for number in order.split())
            related = "".join(
                f'<Relationship Id="r{number}" Target="slides/slide{number}.xml"/>'
                for number in slides
            )
            space = "http://schemas.openxmlformats.org/package/2006/relationships"
            package.writestr(
                "ppt/presentation.xml", f"<p:presentation {spaces}>{listed}</p:presentation>"
            )
            package.writestr(
                "ppt/_rels/presentation.xml.rels",
                f'<Relationships xmlns="{space}">{related}</Relationships>',
            )
    return stream.getvalue()


def test_slides_are_read_as_they_are_shown(tmp_path: Path) -> None:
    """In the presentation's order, each a section below its title; no hidden slide, no footer."""
    numbers = '<a:pPr><a:buAutoNum type="romanUcPeriod" startAt="4"/></a:pPr>'
    slides = {
        1: _shape("Kết quả năm 2026", kind="ctrTitle") + _shape("Sở Nội vụ"),
        2: _shape("Cũ", kind="title"),
        3: _shape("7", kind="sldNum")
        + _shape("Hạ tầng", "Dữ liệu", properties=numbers)
        + _shape("Việc đã làm", kind="title"),
        4: _shape("Phủ sóng 60%"),
    }
    document = _read(tmp_path, "a.pptx", _slides(slides, "1 4 3 2", hidden=2))
    assert document.text.split("\n") == [
        "# Kết quả năm 2026", "Sở Nội vụ", "",
        "## Trang 2", "Phủ sóng 60%", "",
        "## Việc đã làm", "IV. Hạ tầng", "V. Dữ liệu",
    ]  # fmt: skip
    assert document.metadata.title == "Kết quả năm 2026"


def test_slides_that_no_list_orders_are_read_by_number(tmp_path: Path) -> None:
    data = _slides({10: _shape("Mười", kind="title"), 2: _shape("Hai", kind="title")})
    assert _read(tmp_path, "a.pptx", data).text == "# Hai\n\n## Mười"


def test_cells_of_slides_that_say_they_are_not_merged_are_read(tmp_path: Path) -> None:
    words = "<a:tc{}><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>"
    rows = (
        words.format(' gridSpan="2"', "Xã Hòa Lộc") + words.format(' hMerge="1"', "cũ"),
        words.format("", "Hồ sơ") + words.format(' hMerge="0" vMerge="false"', "71"),
    )
    table = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    data = _slides({1: f"<p:graphicFrame><a:tbl>{table}</a:tbl></p:graphicFrame>"})
    assert _read(tmp_path, "a.pptx", data).text == "# Trang 1\nXã Hòa Lộc · Hồ sơ · 71"


def test_a_raised_note_of_a_slide_grows_onto_no_figure(tmp_path: Path) -> None:
    note = '</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>3'
    data = _slides({1: _shape(f"Đạt 1.245{note}")})
    assert _read(tmp_path, "a.pptx", data).text.split("\n")[-1] == "Đạt 1.245[3]"


def test_what_slides_hold_in_two_variants_is_read_once(tmp_path: Path) -> None:
    """As programs of today show it; the other is for those that cannot."""
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    either = (
        f'<mc:AlternateContent xmlns:mc="{space}"><mc:Choice>{{}}</mc:Choice>'
        "<mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
    )
    title, body = _shape("Hạ tầng", kind="title"), _shape("Phủ sóng 60%")
    data = _slides({1: either.format(title, title) + either.format(body, body)})
    assert _read(tmp_path, "a.pptx", data).text == "# Hạ tầng\nPhủ sóng 60%"


_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_old_word_is_read_by_libreoffice(tmp_path: Path) -> None:
    """Made by LibreOffice itself from a document of ours, and read back."""
    source = rb"{\rtf1\ansi \u272?i\u7873?u 1. Ph\u7841?m vi\par 1. N\u7897?i dung.\par}"
    for suffix, wanted in ((".doc", "doc"), (".odt", "odt")):
        data = office._converted(source, ".rtf", wanted)
        assert _read(tmp_path, f"a{suffix}", data).text.split("\n") == [
            "Điều 1. Phạm vi",
            "1. Nội dung.",
        ]


def test_without_libreoffice_the_way_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What to install, or what to save the file as."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Rejected, match=r"cài LibreOffice .* lưu lại thành \.docx"):
        _read(tmp_path, "a.doc", _OLD + "WordDocument".encode("utf-16-le"))


@pytest.mark.parametrize("name", ["a.doc", "a.ppt"])
def test_old_office_without_its_directory_is_no_text_in_chinese(tmp_path: Path, name: str) -> None:
    """LibreOffice takes a beginning of one for that, and a library would hold the letters."""
    with pytest.raises(Rejected, match="bị hỏng"):
        _read(tmp_path, name, _OLD + b"nua tep")
