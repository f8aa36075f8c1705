"""Word documents: the text of their pages, numbers that Word adds itself included."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from knowledge.canonical import canonical
from knowledge.document import Document, Metadata
from knowledge.docx import read_docx
from knowledge.errors import Rejected
from knowledge.load import read_document
from knowledge.numbering import written
from knowledge.split import outline, passages

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_ARTICLES = (  # Điều 1. / 1. / a), as a decree is typed in Word
    ("0", "decimal", "Điều %1."),
    ("1", "decimal", "%2."),
    ("2", "lowerLetter", "%3)"),
)
_DECREE = (
    (0, "Phạm vi điều chỉnh", "Điều 1. Phạm vi điều chỉnh"),
    (1, "Quyết định này quy định về dữ liệu số.", "1. Quyết định này quy định về dữ liệu số."),
    (1, "Không áp dụng cho dữ liệu mật.", "2. Không áp dụng cho dữ liệu mật."),
    (0, "Trách nhiệm của các cơ quan", "Điều 2. Trách nhiệm của các cơ quan"),
    (1, "Sở Khoa học và Công nghệ chủ trì.", "1. Sở Khoa học và Công nghệ chủ trì."),
    (1, "Sở Tài chính bố trí kinh phí.", "2. Sở Tài chính bố trí kinh phí."),
    (1, "Ủy ban nhân dân cấp xã:", "3. Ủy ban nhân dân cấp xã:"),
    (2, "Lập tổ công nghệ số cộng đồng;", "a) Lập tổ công nghệ số cộng đồng;"),
    (2, "Báo cáo trước ngày 15 hằng tháng.", "b) Báo cáo trước ngày 15 hằng tháng."),
    (1, "Các đơn vị khác phối hợp.", "4. Các đơn vị khác phối hợp."),
)


def _abstract(name: str, levels: Sequence[Sequence[str]], extra: str = "") -> str:
    """One `w:abstractNum`; a level is (ilvl, format, text[, more XML])."""
    written_levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{"".join(more)}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, form, text, *more in levels
    )
    return f'<w:abstractNum w:abstractNumId="{name}">{extra}{written_levels}</w:abstractNum>'


def _num(name: str, abstract: str, override: str = "") -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>'


def _p(text: str, level: int | None = None, num: str = "1", style: str = "") -> str:
    numbered = "" if level is None else f'<w:ilvl w:val="{level}"/><w:numId w:val="{num}"/>'
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + (
        f"<w:numPr>{numbered}</w:numPr>" if numbered else ""
    )
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def _word(body: str, numbering: str = "", styles: str = "", footnotes: str = "") -> bytes:
    """A Word file of raw XML, with only the parts that are given."""
    parts = {"numbering": numbering, "styles": styles, "footnotes": footnotes}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for name, xml in parts.items()
        if xml
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="a" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        package.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
        )
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{_W}" xmlns:mc="{_MC}"><w:body>{body}</w:body></w:document>',
        )
        for name, xml in parts.items():
            if xml:
                package.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{_W}">{xml}</w:{name}>')
    return stream.getvalue()


def _lines(*arguments: str, **parts: str) -> list[str]:
    return canonical(read_docx(_word(*arguments, **parts)).text).split("\n")


def _decree() -> bytes:
    body = "".join(_p(text, level) for level, text, _ in _DECREE)
    return _word(body, _abstract("7", _ARTICLES) + _num("1", "7"))


def test_a_decree_numbered_by_word_reads_as_the_same_text_typed_by_hand(tmp_path: Path) -> None:
    """Three automatic levels give the lines, passages and sections that Markdown gives."""
    (tmp_path / "a.docx").write_bytes(_decree())
    typed = "\n".join(line for *_, line in _DECREE)
    (tmp_path / "a.md").write_text(typed, "utf-8")
    from_word = read_document(tmp_path / "a.docx", tmp_path)
    from_markdown = read_document(tmp_path / "a.md", tmp_path)
    assert from_word.text == from_markdown.text == typed
    assert outline(from_word) == outline(from_markdown)
    assert [(p.start, p.end, p.section, p.heading) for p in passages(from_word)] == [
        (p.start, p.end, p.section, p.heading) for p in passages(from_markdown)
    ]


def test_an_automatic_point_is_cited_by_its_full_place(tmp_path: Path) -> None:
    """The point that Word numbers b) is "Điều 2, khoản 3, điểm b"."""
    (tmp_path / "a.docx").write_bytes(_decree())
    document = read_document(tmp_path / "a.docx", tmp_path)
    section = next(s for s in outline(document) if "Báo cáo" in document.text[s.start : s.end][:12])
    assert section.label == "Điều 2, khoản 3, điểm b"
    assert document.text[section.start : section.end].strip() == (
        "b) Báo cáo trước ngày 15 hằng tháng."
    )


def test_numbers_come_from_styles_and_what_they_inherit() -> None:
    """A list may hang on a style, on the one it is based on, and on the level that names it."""
    levels = (
        ("0", "decimal", "Điều %1.", '<w:pStyle w:val="Article"/>'),
        ("1", "decimal", "%2.", '<w:pStyle w:val="Clause"/>'),
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="Article"><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Clause"><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:basedOn w:val="Clause"/></w:style>'
    )
    body = _p("A", style="Article") + _p("B", style="Clause") + _p("C", style="Own")
    assert _lines(body, _abstract("0", levels) + _num("1", "0"), styles) == [
        "Điều 1. A",
        "1. B",
        "2. C",
    ]


def test_a_paragraph_can_leave_the_list_of_its_style() -> None:
    """`numId` 0 means no number, whatever the style says."""
    styles = (
        '<w:style w:type="paragraph" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    body = _p("A", style="L") + _p("B", 0, "0", style="L") + _p("C", style="L")
    numbering = _abstract("0", (("0", "decimal", "%1."),)) + _num("1", "0")
    assert _lines(body, numbering, styles) == ["1. A", "B", "2. C"]


def test_lists_of_one_definition_count_on_unless_one_starts_afresh() -> None:
    """Two lists share a count; a start override begins again, once."""
    afresh = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = (
        _abstract("0", (("0", "decimal", "%1."),))
        + _num("1", "0")
        + _num("2", "0")
        + _num("3", "0", afresh)
    )
    body = "".join(_p("x", 0, num) for num in ("1", "1", "2", "3", "3", "1"))
    assert _lines(body, numbering) == ["1. x", "2. x", "3. x", "5. x", "6. x", "7. x"]


def test_lower_levels_begin_again_after_a_higher_one_unless_told_not_to() -> None:
    """ "%1.%2" restarts in each Điều; `lvlRestart` 0 counts through the document."""
    levels = (
        ("0", "upperRoman", "%1."),
        ("1", "decimal", "%1.%2.", "<w:isLgl/>"),
        ("2", "lowerLetter", "%3)", '<w:lvlRestart w:val="0"/>'),
    )
    body = "".join(_p("x", level) for level in (0, 1, 2, 1, 2, 0, 1, 2))
    assert _lines(body, _abstract("0", levels) + _num("1", "0")) == [
        "I. x",
        "1.1. x",
        "a) x",
        "1.2. x",
        "b) x",
        "II. x",
        "2.1. x",
        "c) x",
    ]


def test_a_list_may_borrow_its_levels_from_a_numbering_style() -> None:
    """`numStyleLink` leads through the style to the definition that holds the levels."""
    styles = (
        '<w:style w:type="numbering" w:styleId="Legal"><w:pPr><w:numPr><w:numId w:val="9"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    numbering = (
        _abstract("0", (), '<w:numStyleLink w:val="Legal"/>')
        + _abstract("1", (("0", "decimal", "Chương %1."),), '<w:styleLink w:val="Legal"/>')
        + _num("1", "0")
        + _num("9", "1")
    )
    assert _lines(_p("A", 0) + _p("B", 0), numbering, styles) == ["Chương 1. A", "Chương 2. B"]


def test_bullets_are_dashes_and_a_number_may_stand_close() -> None:
    """A symbol of a private font says nothing; `suff` decides what follows a number."""
    levels = (("0", "bullet", "\uf0b7"), ("1", "decimal", "%2/", '<w:suff w:val="nothing"/>'))
    numbering = _abstract("0", levels) + _num("1", "0")
    assert _lines(_p("A", 0) + _p("B", 1), numbering) == ["- A", "1/B"]


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 3, "03"),
        ("lowerLetter", 4, "d"),
        ("lowerLetter", 27, "aa"),
        ("upperLetter", 2, "B"),
        ("lowerRoman", 4, "iv"),
        ("upperRoman", 19, "XIX"),
        ("vietnameseCounting", 7, "bảy"),
        ("none", 1, ""),
        ("hindiVowels", 3, "3"),
        ("upperRoman", 0, "0"),
    ],
)
def test_number_formats_are_words(form: str, number: int, shown: str) -> None:
    """As Word shows them; one we do not know is a plain number."""
    assert written(number, form) == shown


def test_tracked_changes_read_as_accepted() -> None:
    """Insertions and what was moved here stay; deletions and what was moved away go."""

    def run(text: str, tag: str = "t") -> str:
        return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'

    body = (
        f"<w:p>{run('Đến năm ')}<w:ins>{run('2030')}</w:ins><w:del>{run('2025', 'delText')}</w:del>"
        f"<w:moveFrom>{run('xa')}</w:moveFrom><w:moveTo>{run(' gần')}</w:moveTo></w:p>"
    )
    assert _lines(body) == ["Đến năm 2030 gần"]


def test_a_deleted_paragraph_mark_joins_and_counts_once() -> None:
    """Two paragraphs made one by a tracked deletion take one number."""
    deleted = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/>'
        '</w:rPr></w:pPr><w:r><w:t xml:space="preserve">nửa đầu, </w:t></w:r></w:p>'
    )
    numbering = _abstract("0", (("0", "decimal", "%1."),)) + _num("1", "0")
    assert _lines(deleted + _p("nửa sau", 0) + _p("hai", 0), numbering) == [
        "1. nửa đầu, nửa sau",
        "2. hai",
    ]


def test_content_controls_links_and_fields_are_read_and_hidden_text_is_not() -> None:
    """What the page shows: the result of a field, not its code; no placeholder of an empty box."""
    body = (
        "<w:sdt><w:sdtContent>" + _p("trong ô") + "</w:sdtContent></w:sdt>"
        "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Bấm vào đây"
        "</w:t></w:r></w:sdtContent></w:sdt><w:hyperlink><w:r><w:t>liên kết</w:t></w:r>"
        "</w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple><w:r><w:t>:</w:t>"
        "<w:tab/><w:t>3</w:t><w:noBreakHyphen/><w:t>4</w:t></w:r></w:fldSimple><w:r><w:rPr>"
        "<w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>"
    )
    assert _lines(body) == ["trong ô", "liên kết: 3-4"]


def test_a_line_break_begins_a_line_and_blank_paragraphs_stay_apart() -> None:
    """Lines are the paragraphs and breaks of the page."""
    broken = "<w:p><w:r><w:t>một</w:t><w:br/><w:t>hai</w:t></w:r></w:p>"
    assert _lines(broken + "<w:p/><w:p/>" + _p("ba")) == ["một", "hai", "", "ba"]


def test_footnotes_are_marked_and_stand_at_the_end() -> None:
    """A consolidated text explains its changes in notes: "[1]" in the text, "[1] …" below."""
    notes = (
        '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{_p("Được sửa đổi theo Luật số 20/2023/QH15.")}</w:footnote>'
    )
    body = '<w:p><w:r><w:t>Điều 3.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    assert _lines(body, footnotes=notes) == [
        "Điều 3.[1]",
        "",
        "[1] Được sửa đổi theo Luật số 20/2023/QH15.",
    ]


@pytest.mark.parametrize(
    ("words", "mark", "shown"),
    [
        ("1.245", "3", "1.245[3] hộ"),
        ("86%", "(2)", "86%[2] hộ"),
        ("xã", "*", "xã[*] hộ"),
        ("300 m", "2", "300 m2 hộ"),
        ("10", "6", "106 hộ"),
    ],
)
def test_a_raised_figure_is_a_note_unless_it_is_a_power(words: str, mark: str, shown: str) -> None:
    """Notes that were typed by hand grow onto no figure."""
    raised = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{mark}</w:t></w:r>'
    body = f"<w:p><w:r><w:t>{words}</w:t></w:r>{raised}<w:r><w:t> hộ</w:t></w:r></w:p>"
    assert _lines(body.replace("<w:t> ", '<w:t xml:space="preserve"> ')) == [shown]


def _table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def test_signs_fractions_and_capitals_of_word_are_read_as_shown() -> None:
    """ "≥" may be set in a font of its own, a fraction as a formula, capitals by the font."""
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    body = (
        '<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Tối thiểu:</w:t></w:r><w:r><w:sym w:font="Symbol" '
        f'w:char="F0B3"/><w:t>80%,</w:t></w:r><m:oMath xmlns:m="{math}"><m:f><m:num><m:r><m:t>1</m:t>'
        "</m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>"
    )
    assert _lines(body) == ["TỐI THIỂU:≥80%,1/2"]


def test_a_column_that_word_counts_by_itself_has_its_numbers() -> None:
    numbering = _abstract("0", (("0", "decimal", "%1"),)) + _num("1", "0")
    heads = tuple(map(_p, ("TT", "Việc", "Hạn")))
    rows = ((_p("", 0), _p(what), _p("Quý I")) for what in ("Số hóa", "Tập huấn"))
    assert _lines(_table(heads, *rows), numbering)[1:] == [
        "TT: 1 · Việc: Số hóa · Hạn: Quý I",
        "TT: 2 · Việc: Tập huấn · Hạn: Quý I",
    ]


def test_tables_are_rows_and_a_letterhead_is_lines() -> None:
    """Data keep their rows; a table that only places text on the page is read cell by cell."""
    data = _table((_p("Năm"), _p("Hạng")), (_p("2022"), _p("8") + _p("(tăng)")), (_p(""), _p("")))
    letterhead = _table(
        (
            _p("ỦY BAN NHÂN DÂN") + _p("TỈNH THÁI NGUYÊN") + _p("Số: 12/KH-UBND"),
            _p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + _p("Độc lập - Tự do - Hạnh phúc"),
        )
    )
    assert _lines(letterhead + data) == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THÁI NGUYÊN",
        "Số: 12/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Năm · Hạng",
        "Năm: 2022 · Hạng: 8 (tăng)",
    ]


def test_edges_a_hair_apart_make_no_column() -> None:
    """A conversion puts the edge of one column at 2000 in one row and at 2001 in the next."""
    grid = "".join(f'<w:gridCol w:w="{wide}"/>' for wide in (1000, 1000, 1, 999))
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    heads = f"<w:tr><w:tc>{_p('TT')}</w:tc>{wide}{_p('Tỉnh')}</w:tc><w:tc>{_p('Xã')}</w:tc></w:tr>"
    row = f"<w:tr><w:tc>{_p('1')}</w:tc><w:tc>{_p('20')}</w:tc>{wide}{_p('15')}</w:tc></w:tr>"
    table = f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{heads}{row}</w:tbl>"
    assert _lines(table)[-1] == "TT: 1 · Tỉnh: 20 · Xã: 15"


def test_a_text_box_is_read_once() -> None:
    """Word stores a box twice, for itself and for older programs."""
    box = f"<w:drawing><w:txbxContent>{_p('Dự thảo')}</w:txbxContent></w:drawing>"
    old = f"<w:pict><w:txbxContent>{_p('Dự thảo')}</w:txbxContent></w:pict>"
    body = (
        "<w:p><w:r><w:t>Kế hoạch</w:t><mc:AlternateContent><mc:Choice>"
        f"{box}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert _lines(body) == ["Kế hoạch", "Dự thảo"]


def test_headings_are_marked_unless_their_words_place_them() -> None:
    """A file made with Word's own styles: "Heading 2" is a Markdown heading, "Chương I" is itself."""
    document = docx.Document()
    document.add_heading("Chương I. Quy định chung", 1)
    document.add_heading("Giải pháp", 2)
    document.add_heading("a)\tHạ tầng", 3)
    document.add_paragraph("Nội dung giải pháp.")
    document.add_paragraph("Một việc", style="List Number")
    document.add_paragraph("Hai việc", style="List Number")
    stream = io.BytesIO()
    document.save(stream)
    text = canonical(read_docx(stream.getvalue()).text)
    assert text.split("\n") == [
        "Chương I. Quy định chung",
        "## Giải pháp",
        "a) Hạ tầng",
        "Nội dung giải pháp.",
        "1. Một việc",
        "2. Hai việc",
    ]
    sections = outline(Document("a.docx", text, Metadata("a")))
    assert [(s.kind, s.title) for s in sections][:2] == [
        ("chapter", "Quy định chung"),
        ("heading", "Giải pháp"),
    ]


def test_the_strict_variant_of_the_format_reads_the_same() -> None:
    """ "Strict Open XML" differs in the name of its namespace."""
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    source = io.BytesIO(_decree())
    stream = io.BytesIO()
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(stream, "w") as renamed:
        for part in package.namelist():
            renamed.writestr(part, package.read(part).replace(_W.encode(), strict))
    assert read_docx(stream.getvalue()) == read_docx(_decree())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(512), "Word kiểu cũ (.doc)"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
            "bị khoá bằng mật khẩu",
        ),
        (b"<html>", "nội dung không phải Word"),
    ],
)
def test_what_only_bears_the_name_of_a_word_file_is_refused(data: bytes, reason: str) -> None:
    """Old .doc, locked and foreign files are told apart."""
    with pytest.raises(Rejected) as refusal:
        read_docx(data)
    assert reason in str(refusal.value)


def test_a_spreadsheet_named_docx_is_refused() -> None:
    """A zip without a Word document inside is no Word document."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(Rejected, match="nội dung không phải Word"):
        read_docx(stream.getvalue())


def test_a_file_that_would_unpack_to_gigabytes_is_refused_unopened() -> None:
    """320 MB of blanks fit in 320 KB."""
    stream = io.BytesIO(_decree())
    with (
        zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("word/media/a.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(320):
            part.write(bytes(1024 * 1024))
    with pytest.raises(Rejected, match="quá lớn"):
        read_docx(stream.getvalue())


def test_columns_set_with_tabs_are_read_one_after_the_other() -> None:
    """As communes lay out the head of a document and its closing block; other tabs are blanks."""
    body = "".join(
        f"<w:p><w:r><w:t>{line.replace(chr(9), '</w:t><w:tab/><w:t>')}</w:t></w:r></w:p>"
        for line in (
            "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "XÃ YÊN BÌNH\tĐộc lập - Tự do - Hạnh phúc",
            "Số: 4/KH-UBND\tYên Bình, ngày 3 tháng 2 năm 2026",
            "I.\tMỘT",
            "Nơi nhận:\tTM. ỦY BAN NHÂN DÂN",
            "- Như trên;\tCHỦ TỊCH",
            "\tLê Văn An",
            "- Lưu: VT.",
            "\tHết",
        )
    )
    assert _lines(body) == [
        *("ỦY BAN NHÂN DÂN", "XÃ YÊN BÌNH", "Số: 4/KH-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        *("Độc lập - Tự do - Hạnh phúc", "Yên Bình, ngày 3 tháng 2 năm 2026", "I. MỘT"),
        *("Nơi nhận:", "- Như trên;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lê Văn An"),
        "Hết",
    ]
