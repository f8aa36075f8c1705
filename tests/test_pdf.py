"""PDF laid out again: what a reader sees on the page, in the order in which he reads it."""

from __future__ import annotations

import unicodedata
from itertools import zip_longest
from pathlib import Path

import pytest
from PIL import Image

from knowledge.document import Document
from knowledge.errors import Rejected
from knowledge.load import read_document
from knowledge.split import outline
from tests.pdf_pages import INDENT, LEFT, RIGHT, Pages

_CASES = Path(__file__).parents[2] / "shared" / "cases"
_FILLER = (
    "Các cơ quan, đơn vị bố trí nhân lực, kinh phí và hạ tầng để thực hiện nhiệm vụ được giao, "
    "định kỳ hằng quý báo cáo kết quả về cơ quan thường trực để tổng hợp, trình cấp có thẩm quyền"
)


def _read(folder: Path, pages: Pages) -> Document:
    (folder / "a.pdf").write_bytes(pages.data())
    return read_document(folder / "a.pdf", folder)


def _labels(document: Document) -> list[str]:
    return [section.label for section in outline(document)]


def _case(name: str) -> Document:
    if not _CASES.is_dir():
        pytest.skip("needs ../shared/cases beside the repository")
    return read_document(_CASES / name, _CASES)


# --- paragraphs ----------------------------------------------------------------------------------


def _letterhead(pages: Pages, *rows: tuple[str, str]) -> None:
    """Its two columns, line by line."""
    for left, right in rows:
        at = pages.at
        pages.centred(left, 165)
        pages.at = at
        pages.centred(right, 430)


@pytest.mark.parametrize("indent", [INDENT, 0.0])
def test_lines_of_one_sentence_are_one_line(
    tmp_path: Path, vietnamese_font: str, indent: float
) -> None:
    """Whatever a line begins with: a capital, a figure, a reference that looks like a heading."""
    sentences = [
        "1. Hỗ trợ một lần cho mỗi tổ công nghệ số cộng đồng được thành lập mới theo quy định tại "
        "Điều 12 Nghị quyết của Hội đồng nhân dân tỉnh Thái Nguyên và hướng dẫn của Sở Khoa học và "
        "Công nghệ là 15 triệu đồng.",
        "2. Phấn đấu đến hết năm 2027 toàn tỉnh có (không kể các đơn vị của lực lượng vũ trang là "
        "20). Riêng các xã vùng cao hoàn thành trước, nguồn kinh phí do ngân sách tỉnh bảo đảm.",
    ]
    pages = Pages(vietnamese_font)
    for sentence in sentences:
        pages.paragraph(sentence, indent=indent)
    document = _read(tmp_path, pages)
    assert document.text.split("\n") == sentences
    assert _labels(document) == ["khoản 1", "khoản 2"]


def test_short_lines_and_titles_stay_apart(tmp_path: Path, vietnamese_font: str) -> None:
    """Whoever ended a line where there was room for more meant it to end there."""
    pages = Pages(vietnamese_font)
    pages.centred("KẾ HOẠCH")
    pages.centred("Phát triển hạ tầng số của tỉnh giai đoạn 2026 - 2030")
    pages.at -= 20
    pages.paragraph(f"Điều 1. {_FILLER}.")
    pages.line("Điều 2. Tổ chức thực hiện", LEFT + INDENT)
    pages.paragraph(f"{_FILLER}.")
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines == [
        "KẾ HOẠCH", "Phát triển hạ tầng số của tỉnh giai đoạn 2026 - 2030", "",
        f"Điều 1. {_FILLER}.", "Điều 2. Tổ chức thực hiện", f"{_FILLER}.",
    ]  # fmt: skip


def test_a_bracket_that_goes_on_in_the_middle_of_the_page_is_one_line(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """Its second line is no caption of the table below."""
    pages = Pages(vietnamese_font)
    pages.centred("PHỤ LỤC")
    pages.centred("(Kèm theo Kế hoạch số 15/KH-SNV ngày 9 tháng 01 năm 2026 của Giám đốc Sở")
    pages.centred("Nội vụ)")
    pages.at -= 10
    pages.table([_HEAD, ("1", "Tổng kết", "Sở Nội vụ", "Quý IV")], _EDGES)
    assert _read(tmp_path, pages).text.split("\n")[1].endswith("của Giám đốc Sở Nội vụ)")


def test_a_paragraph_runs_over_the_page_and_each_part_keeps_its_page(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """The sentence is whole; what begins on page 2 is cited as on page 2."""
    pages = Pages(vietnamese_font)
    pages.paragraph(f"1. {_FILLER}.")
    pages.line("2. Kinh phí năm 2026 của các cơ quan, đơn vị ở tỉnh và xã là 1.245", LEFT + INDENT)
    pages.page()
    pages.line("triệu đồng, do ngân sách tỉnh bảo đảm.")
    pages.paragraph(f"3. {_FILLER}.")
    document = _read(tmp_path, pages)
    lines = document.text.split("\n")
    assert lines[1].endswith("và xã là 1.245 triệu đồng, do ngân sách tỉnh bảo đảm.")
    assert document.text[document.pages[1] :].startswith("triệu đồng, do")
    assert len(lines) == 3


def test_a_number_broken_at_its_hyphen_stays_one_number(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """A hyphen at a line's end belongs to the number, one before a blank is a dash."""
    pages = Pages(vietnamese_font)
    pages.text(
        LEFT + INDENT, "Kế hoạch này thay thế Kế hoạch ban hành kèm theo Quyết định 1234/QĐ-"
    )
    pages.at -= 18
    pages.line("UBND ngày 05 tháng 3 năm 2026 của Ủy ban nhân dân tỉnh về giai đoạn 2026 -")
    pages.line("2030 và các năm tiếp theo.")
    text = _read(tmp_path, pages).text
    assert "1234/QĐ-UBND ngày" in text
    assert "2026 - 2030 và" in text


def test_a_word_the_typesetter_broke_is_mended(tmp_path: Path, vietnamese_font: str) -> None:
    """Where the document writes it whole elsewhere; a compound keeps its hyphen."""
    pages = Pages(vietnamese_font)
    pages.line("Trung tâm internet và e-learning của tỉnh phục vụ mọi người.")
    pages.line("Người dân ở thôn, xóm vùng cao được dùng mạng viễn thông, mạng inter-")
    pages.line("net miễn phí; học viên được dùng các phòng học, bài giảng của hệ thống e-")
    pages.line("learning do tỉnh bảo đảm.")
    text = _read(tmp_path, pages).text
    assert "mạng internet miễn phí" in text
    assert "hệ thống e-learning do" in text


def test_marks_drawn_after_their_letters_are_part_of_them(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """A letter in two pieces ends where the letter ends, and so does the word before the blank."""
    pages = Pages(vietnamese_font)
    pages.paragraph(unicodedata.normalize("NFD", f"1. Bố trí nhân lực về ở xã; {_FILLER}."))
    assert _read(tmp_path, pages).text == f"1. Bố trí nhân lực về ở xã; {_FILLER}."


def test_a_leaning_letter_ends_where_the_next_would_begin(tmp_path: Path) -> None:
    """A browser prints no blanks, and an italic letter reaches over the gap."""
    pages = Pages("Times-Italic")
    x = LEFT
    for word in ("brief", "proof", "half", "of", "leaf"):
        x = pages.text(x, word) + 0.22 * pages.size
    assert _read(tmp_path, pages).text == "brief proof half of leaf"


@pytest.mark.parametrize("hyphen", ["\u2010", "\u2011"])
def test_a_hyphen_that_does_not_break_is_a_hyphen(
    tmp_path: Path, vietnamese_font: str, hyphen: str
) -> None:
    pages = Pages(vietnamese_font)
    pages.paragraph(f"Thực hiện Kết luận số 15{hyphen}KL/TU của Tỉnh ủy.")
    assert "số 15-KL/TU của" in _read(tmp_path, pages).text


def test_a_letter_without_a_code_is_seen_to_be_missing(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """A number that lacks one would be another's; a bullet alone is none."""
    pages = Pages(vietnamese_font)
    pages.paragraph(f"\ufff0 Kết luận số 15\ufff0KL/TU. {_FILLER}.")
    assert _read(tmp_path, pages).text == f"Kết luận số 15\ufffdKL/TU. {_FILLER}."


# --- notes ---------------------------------------------------------------------------------------


def test_a_note_mark_is_no_part_of_a_figure(tmp_path: Path, vietnamese_font: str) -> None:
    """Marks stand in brackets, each note after the paragraph that refers to it."""
    pages = Pages(vietnamese_font)
    pages.paragraph("1. Toàn tỉnh có 2.318^7 nhóm hỗ trợ, tăng 12%^8 so với năm 2024^9 và 2023.")
    pages.paragraph("2. Diện tích phòng họp là 120 m^2 ở mỗi xã.")
    pages.at = 100
    for note in ("7 Theo báo cáo của Sở Nội vụ.", "8 Tính cả các xã mới.", "9 Số ước tính."):
        pages.line(note, size=9)
    assert _read(tmp_path, pages).text.split("\n") == [
        "1. Toàn tỉnh có 2.318[7] nhóm hỗ trợ, tăng 12%[8] so với năm 2024[9] và 2023.",
        "[7] Theo báo cáo của Sở Nội vụ.",
        "[8] Tính cả các xã mới.",
        "[9] Số ước tính.",
        "2. Diện tích phòng họp là 120 m2 ở mỗi xã.",
    ]


def test_a_mark_hardly_smaller_than_its_line_is_raised(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """As a browser prints it: five sixths of the height."""
    pages = Pages(vietnamese_font)
    x = pages.text(LEFT, "1. Tỷ lệ đạt 85,5%")
    pages.line(", tăng so với năm 2025.", pages.text(x, "2", 10, 4))
    pages.paragraph(f"{_FILLER}.")
    assert "85,5%[2], tăng" in _read(tmp_path, pages).text


def test_small_figures_on_a_line_are_of_it(tmp_path: Path, vietnamese_font: str) -> None:
    """However wide the blanks about them."""
    pages = Pages(vietnamese_font)
    x = LEFT
    for words, size in (("1. Từ ngày", 12), ("25", 10), ("tháng", 12), ("6", 10), ("năm nay", 12)):
        x = pages.text(x, words, size) + 7
    pages.at -= 18
    pages.paragraph(f"2. {_FILLER}.")
    assert _read(tmp_path, pages).text.startswith("1. Từ ngày 25 tháng 6 năm nay\n")


def test_a_note_does_not_cut_the_sentence_that_runs_over_the_page(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """A note of two lines at the page's foot follows the whole paragraph."""
    pages = Pages(vietnamese_font)
    for _ in range(3):
        pages.paragraph(f"{_FILLER}.")
    pages.paragraph(f"Sau 3 năm đã có 350^1 trạm và {_FILLER}, trong đó các xã vùng cao tỉnh")
    pages.at = 100
    pages.line("1 Trong đó có 18 trạm dùng chung của nhiều doanh nghiệp viễn thông, được", size=9)
    pages.line("hỗ trợ theo chính sách riêng.", size=9)
    pages.page()
    pages.line("được ưu tiên trước.")
    text = _read(tmp_path, pages).text
    assert "đã có 350[1] trạm" in text
    assert text.endswith(
        "các xã vùng cao tỉnh được ưu tiên trước.\n[1] Trong đó có 18 trạm dùng chung của nhiều "
        "doanh nghiệp viễn thông, được hỗ trợ theo chính sách riêng."
    )


# --- what is not text ----------------------------------------------------------------------------


def test_a_note_may_be_marked_in_brackets(tmp_path: Path, vietnamese_font: str) -> None:
    """As pages that Word has saved for the web show it."""
    pages = Pages(vietnamese_font)
    pages.paragraph(f"1. {_FILLER}.")
    pages.text(pages.text(LEFT, "2. Huy động cả hệ thống chính trị"), "[1]", 7, rise=5)
    pages.at -= 18
    pages.paragraph(f"3. {_FILLER}.")
    pages.at -= 30
    pages.text(pages.text(LEFT, "[1]", 6, rise=4), " Gồm các đoàn thể.", 9)
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines[1:3] == ["2. Huy động cả hệ thống chính trị[1]", "[1] Gồm các đoàn thể."]


def test_heads_numbers_and_watermarks_are_no_text(tmp_path: Path, vietnamese_font: str) -> None:
    """What returns on every page, the pages' numbers, and words aslant behind the text."""
    pages = Pages(vietnamese_font)
    for number in range(1, 5):
        head = "CÔNG BÁO/Số 12 + 13/Ngày 05-3-2026"
        pages.text(LEFT, f"{number} {head}" if number % 2 else f"{head} {number}", 9)
        pages.at -= 40
        pages.paragraph(f"{number}. {_FILLER} năm thứ {number}.")
        pages.at = 40
        pages.centred(f"- {number} -")
        pages.canvas.saveState()
        pages.canvas.translate(200, 300)
        pages.canvas.rotate(45)
        pages.canvas.setFont(vietnamese_font, 60)
        pages.canvas.drawString(0, 0, "DỰ THẢO")
        pages.canvas.restoreState()
        pages.page()
    document = _read(tmp_path, pages)
    assert document.text.split("\n") == [f"{n}. {_FILLER} năm thứ {n}." for n in range(1, 5)]
    assert [document.text[at:][:2] for at in document.pages] == ["1.", "2.", "3.", "4."]


def test_what_a_browser_prints_on_one_page_is_no_text(tmp_path: Path, vietnamese_font: str) -> None:
    pages = Pages(vietnamese_font)
    pages.at += 25
    pages.text(30, "12/2/26, 2:10 AM", 8)
    pages.text(240, "SỞ NỘI VỤ – Văn bản", 8)
    pages.at -= 40
    for _ in range(4):
        pages.paragraph(f"1. {_FILLER}.")
    pages.at = 25
    pages.text(30, "https://example.vn/van-ban", 8)
    pages.text(540, "1/1", 8)
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines == [f"1. {_FILLER}."] * 4


def test_equal_lines_at_the_foot_of_pages_are_text(tmp_path: Path, vietnamese_font: str) -> None:
    """Duties in the same words, as the pages happen to end; what stands above them differs."""
    pages = Pages(vietnamese_font)
    for number in range(1, 4):
        for part in ("a", "b"):
            pages.paragraph(f"{part}) {_FILLER} năm {number};")
        pages.at = 80
        pages.text(LEFT, f"{number}. Cơ quan nhóm {number} có trách nhiệm tổ chức thu thập, cập")
        pages.at -= 18
        pages.line("nhật, duy trì, khai thác và chia sẻ dữ liệu thuộc phạm vi quản lý.")
        pages.page()
    assert _read(tmp_path, pages).text.count("nhật, duy trì, khai thác") == 3


def test_a_head_goes_also_where_no_gap_shows_it(tmp_path: Path, vietnamese_font: str) -> None:
    """Just above a letterhead, among lines as far apart; a foot on a page that is less high."""
    pages = Pages(vietnamese_font)
    for number in range(1, 6):
        pages.line("QUY CHẾ QUẢN LÝ DỮ LIỆU")
        if number in (1, 4):
            pages.centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
            pages.centred("Độc lập - Tự do - Hạnh phúc")
        else:
            pages.at -= 20
        pages.paragraph(f"{number}. {_FILLER} năm {number}.")
        pages.at = 40
        pages.line("Văn bản được ký số")
        pages.page()
        pages.canvas.setPageSize((842, 595) if number == 4 else (595, 842))
        pages.at = 790 if number != 4 else 543
    text = _read(tmp_path, pages).text
    assert "QUY CHẾ" not in text
    assert "ký số" not in text
    assert text.count("Độc lập - Tự do - Hạnh phúc") == 2


def test_a_letterhead_that_returns_is_text(tmp_path: Path, vietnamese_font: str) -> None:
    """Each form of an appendix opens with one."""
    pages = Pages(vietnamese_font)
    for number in range(1, 4):
        pages.centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        pages.centred("Độc lập - Tự do - Hạnh phúc")
        pages.at -= 30
        pages.paragraph(f"Mẫu {number} dùng khi đề nghị hỗ trợ. {_FILLER}.")
        pages.page()
    assert _read(tmp_path, pages).text.count("Độc lập - Tự do - Hạnh phúc") == 3


@pytest.mark.parametrize(
    ("degrees", "noted"), [(90, True), (180, True), (270, True), (90, False), (270, False)]
)
def test_a_page_that_lies_on_its_side_is_read_as_it_is_shown(
    tmp_path: Path, vietnamese_font: str, degrees: int, noted: bool
) -> None:
    """A wide appendix is often stored turned, with the note to turn it back; else one turns the
    paper."""
    pages = Pages(vietnamese_font)
    wide, high = (842, 595) if degrees != 180 else (595, 842)
    pages.canvas.setPageRotation(degrees if noted else 0)
    corner = {90: (high, 0), 180: (wide, high), 270: (0, wide)}[degrees]
    pages.canvas.translate(*corner)
    pages.canvas.rotate(degrees)
    pages.at = high - 60
    pages.paragraph(f"1. {_FILLER}.", right=wide - 60)
    pages.table([_HEAD, ("1", "Phủ sóng 5G", "Sở Nội vụ", "Quý I")], _EDGES)
    assert _read(tmp_path, pages).text.split("\n") == [
        f"1. {_FILLER}.",
        "TT · Nhiệm vụ · Chủ trì · Thời hạn",
        "TT: 1 · Nhiệm vụ: Phủ sóng 5G · Chủ trì: Sở Nội vụ · Thời hạn: Quý I",
    ]


# --- columns -------------------------------------------------------------------------------------


def test_a_letterhead_is_read_column_by_column(tmp_path: Path, vietnamese_font: str) -> None:
    """The issuer's side first, then the state's; so the number and the issuer are found."""
    pages = Pages(vietnamese_font, 10)
    _letterhead(
        pages,
        ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("TỈNH THÁI NGUYÊN", "Độc lập - Tự do - Hạnh phúc"),
        ("Số: 77/KH-UBND", "Thái Nguyên, ngày 05 tháng 3 năm 2026"),
        ("V/v phát triển hạ tầng số", ""),
    )
    pages.at -= 20
    pages.centred("KẾ HOẠCH")
    pages.paragraph(f"1. {_FILLER}.")
    document = _read(tmp_path, pages)
    assert document.text.split("\n")[:7] == [
        "ỦY BAN NHÂN DÂN", "TỈNH THÁI NGUYÊN", "Số: 77/KH-UBND", "V/v phát triển hạ tầng số",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Thái Nguyên, ngày 05 tháng 3 năm 2026",
    ]  # fmt: skip
    assert document.metadata.number == "77/KH-UBND"
    assert document.metadata.issuer == "Ủy ban nhân dân tỉnh Thái Nguyên"


def test_what_stands_above_a_letterhead_is_no_part_of_it(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """The end of a bracket in the middle of the page, a form's number at its right."""
    pages = Pages(vietnamese_font, 10)
    pages.centred("(Kèm theo Quyết định số 12/QĐ-UBND ngày 05 tháng 3 năm 2026 của Chủ tịch", 335)
    pages.centred("Ủy ban tỉnh)", 335)
    pages.line("Mẫu số 01", 500)
    _letterhead(
        pages,
        ("TÊN CƠ QUAN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Số: 01", "Độc lập - Tự do - Hạnh phúc"),
    )
    pages.at -= 20
    pages.paragraph(f"1. {_FILLER}.")
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines[0].endswith("Chủ tịch Ủy ban tỉnh)")
    assert lines[1:4] == ["Mẫu số 01", "TÊN CƠ QUAN", "Số: 01"]


def test_a_narrow_letterhead_is_parted_before_the_motto(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """However close its columns come, and where the state's name is broken in two."""
    pages = Pages(vietnamese_font, 10)
    for left, right in (
        ("BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ", "CỘNG HÒA XÃ HỘI CHỦ"),
        ("Số: 03-QC/BCĐ", "NGHĨA VIỆT NAM"),
        ("", "Lâm Sơn, ngày 03 tháng 3 năm 2027"),
    ):
        at = pages.at
        end = pages.text(85, left)
        pages.text(end + 8 if left.isupper() else 252, right)
        pages.at = at - 18
    pages.at -= 20
    pages.centred("QUY CHẾ")
    pages.paragraph(f"1. {_FILLER}.")
    assert _read(tmp_path, pages).metadata.issuer == "Ban Chỉ đạo chuyển đổi số"


@pytest.mark.parametrize("rise", [2, -5])
def test_a_number_and_a_date_filled_in_stand_in_their_line(
    tmp_path: Path, vietnamese_font: str, rise: int
) -> None:
    """Written into the blanks when the document is signed, a little above or below their line."""
    pages = Pages(vietnamese_font)
    for printed, *filled in (
        (("Số:", "/QĐ-UBND"), "412"),
        (("Hà Sơn, ngày", "tháng", "năm 2026"), "05", "3"),
    ):
        x = LEFT
        for words, number in zip_longest(printed, filled, fillvalue=""):
            end = pages.text(x, words)
            pages.text(end + 4, number, rise=rise)
            x = end + 34
        pages.at -= 24
    pages.paragraph(f"1. {_FILLER}.")
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines[:2] == ["Số: 412 /QĐ-UBND", "Hà Sơn, ngày 05 tháng 3 năm 2026"]


def test_what_is_written_over_dots_takes_their_place(tmp_path: Path, vietnamese_font: str) -> None:
    pages = Pages(vietnamese_font)
    pages.text(pages.text(LEFT, "Số:...") - 4, "412", rise=1)
    pages.line("Số:............/QĐ-UBND")
    pages.paragraph(f"1. Họ và tên: ........... {_FILLER}.")
    number, form = _read(tmp_path, pages).text.split("\n")
    assert number.replace(" ", "") == "Số:412/QĐ-UBND"
    assert form.startswith("1. Họ và tên: ........... Các")


def test_a_number_pinned_on_the_page_stands_in_its_line(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """A field or a note filled in when it is signed; without it the decision would be a draft."""
    pages = Pages(vietnamese_font)
    x = pages.text(LEFT, "Số:")
    pages.canvas.acroForm.textfield(
        value="412", x=x, y=pages.at - 5, width=26, height=16, fontSize=11, borderWidth=0
    )
    pages.line("/QĐ-UBND", x + 30)
    pages.paragraph(f"1. {_FILLER}.")
    assert _read(tmp_path, pages).text.startswith("Số:412 /QĐ-UBND\n")


def _stamp(pages: Pages, x: float) -> None:
    for words in (
        "Người ký: Ủy ban nhân dân tỉnh Hà Sơn",
        "Email: vanthu@example.vn",
        "Thời gian ký: 05.03.2026 10:20:33 +07:00",
    ):
        pages.text(x, words, 7)
        pages.at -= 8


def test_a_stamp_of_a_digital_signature_is_no_text(tmp_path: Path, vietnamese_font: str) -> None:
    """It stands between the post and the name; a duty to sign by a time is text."""
    pages = Pages(vietnamese_font)
    duty = "3. Gửi hồ sơ có chữ ký số trước 05.03.2026 10:20:33 theo giờ của hệ thống"
    pages.paragraph(f"{duty}. {_FILLER}.")
    pages.at -= 10
    for left, right in (("Nơi nhận:", "KT. CHỦ TỊCH"), ("- Lưu: VT.", "PHÓ CHỦ TỊCH")):
        pages.text(LEFT, left)
        pages.text(350, right)
        pages.at -= 16
    _stamp(pages, 345)
    pages.at -= 20
    pages.text(365, "Nguyễn Thị Thử")
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines[0].startswith(duty)
    assert lines[1:] == [
        "Nơi nhận:", "- Lưu: VT.", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Thị Thử",
    ]  # fmt: skip


def test_a_scan_that_is_signed_is_a_scan(
    tmp_path: Path, vietnamese_font: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its only text is the stamp, which is not taken for all there is to read."""
    monkeypatch.setattr("knowledge.pdf.open_ocr", lambda: None)
    pages = Pages(vietnamese_font)
    pages.canvas.drawInlineImage(Image.new("L", (60, 80), 200), 0, 0, 595, 842)
    _stamp(pages, 345)
    with pytest.raises(Rejected, match="bản quét"):
        _read(tmp_path, pages)


def test_a_letterhead_of_the_party_is_parted_at_its_star(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """A star beside the date begins no list; a title goes on in small letters on a line of its own."""
    pages = Pages(vietnamese_font, 11)
    _letterhead(
        pages,
        ("TỈNH ỦY HÀ SƠN", "ĐẢNG CỘNG SẢN VIỆT NAM"),
        ("*", "Hà Sơn, ngày 12 tháng 3 năm 2026"),
        ("Số 35-NQ/TU", ""),
    )
    pages.at -= 20
    pages.centred("NGHỊ QUYẾT")
    pages.centred("CỦA BAN CHẤP HÀNH ĐẢNG BỘ TỈNH")
    pages.centred("về chuyển đổi số")
    pages.at -= 10
    pages.paragraph(f"1. {_FILLER}.")
    assert _read(tmp_path, pages).text.split("\n")[:8] == [
        "TỈNH ỦY HÀ SƠN", "*", "Số 35-NQ/TU",
        "ĐẢNG CỘNG SẢN VIỆT NAM", "Hà Sơn, ngày 12 tháng 3 năm 2026",
        "NGHỊ QUYẾT", "CỦA BAN CHẤP HÀNH ĐẢNG BỘ TỈNH", "về chuyển đổi số",
    ]  # fmt: skip


def test_two_columns_are_read_one_after_the_other(tmp_path: Path, vietnamese_font: str) -> None:
    """A sentence runs on at the head of the second column."""
    pages = Pages(vietnamese_font)
    top = pages.at
    pages.paragraph(f"1. {_FILLER} và", LEFT, 300)
    pages.at = top
    pages.paragraph(f"giao Sở Tài chính bảo đảm. 2. {_FILLER}.", 330, RIGHT, 0)
    text = _read(tmp_path, pages).text
    assert text == f"1. {_FILLER} và giao Sở Tài chính bảo đảm. 2. {_FILLER}."


def test_a_signature_stands_beside_the_recipients(tmp_path: Path, vietnamese_font: str) -> None:
    """Post and name together, recipients together."""
    pages = Pages(vietnamese_font)
    pages.paragraph(f"3. {_FILLER}.")
    pages.at -= 10
    for left, right in (
        ("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN"),
        ("- Như Điều 3;", "CHỦ TỊCH"),
        ("- Lưu: VT.", ""),
    ):
        pages.text(LEFT, left)
        pages.text(350, right)
        pages.at -= 16
    pages.at -= 50
    pages.text(365, "Nguyễn Thị Thử")
    assert _read(tmp_path, pages).text.split("\n")[-6:] == [
        "Nơi nhận:", "- Như Điều 3;", "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Thị Thử",
    ]  # fmt: skip


def test_a_signature_cut_by_the_page_is_whole(tmp_path: Path, vietnamese_font: str) -> None:
    """Its name is not the first line of the appendix."""
    pages = Pages(vietnamese_font)
    pages.paragraph(f"3. {_FILLER}.")
    pages.at -= 10
    for left, right in (("Nơi nhận:", "KT. CHỦ TỊCH"), ("- Như Điều 3;", "PHÓ CHỦ TỊCH")):
        pages.text(LEFT, left)
        pages.text(350, right)
        pages.at -= 16
    pages.page()
    pages.line("- Lưu: VT.")
    pages.line("Nguyễn Thị Thử", 365)
    pages.at -= 30
    pages.centred("PHỤ LỤC")
    pages.paragraph(f"1. {_FILLER}.")
    assert _read(tmp_path, pages).text.split("\n")[1:8] == [
        "Nơi nhận:", "- Như Điều 3;", "- Lưu: VT.",
        "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Thị Thử", "PHỤ LỤC",
    ]  # fmt: skip


def test_columns_whose_lines_are_not_level_stand_apart(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """As where a page of the web sets a shorter cell in the middle of its row."""
    pages = Pages(vietnamese_font)
    for left, right in (("SỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), ("PHÒNG THỬ", "")):
        pages.text(LEFT, left)
        pages.at -= 7
        pages.text(300, right)
        pages.at -= 7
    pages.at -= 20
    pages.paragraph(f"3. {_FILLER}.")
    pages.at -= 10
    recipients = ("Nơi nhận:", "- Như trên;", "- Lưu: VT.")
    for recipient, right in zip(recipients, ("CHỦ TỊCH", "", "Nguyễn Thị Thử"), strict=True):
        pages.text(LEFT, recipient)
        pages.at -= 7
        pages.text(350, right)
        pages.at -= 7
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines[:3] == ["SỞ NỘI VỤ", "PHÒNG THỬ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert lines[-5:] == [*recipients, "CHỦ TỊCH", "Nguyễn Thị Thử"]


def test_each_of_two_signers_has_his_name(tmp_path: Path, vietnamese_font: str) -> None:
    """However far below their posts the names stand side by side."""
    pages = Pages(vietnamese_font)
    pages.paragraph(f"3. {_FILLER}.")
    pages.at -= 10
    for left, right, drop in (
        ("KT. BỘ TRƯỞNG BỘ A", "KT. BỘ TRƯỞNG BỘ B", 18),
        ("THỨ TRƯỞNG", "THỨ TRƯỞNG", 70),
        ("Lê Thị Thử", "Trần Văn Mẫu", 0),
    ):
        pages.text(LEFT, left)
        pages.text(350, right)
        pages.at -= drop
    assert _read(tmp_path, pages).text.split("\n")[1:] == [
        "KT. BỘ TRƯỞNG BỘ A", "THỨ TRƯỞNG", "Lê Thị Thử",
        "KT. BỘ TRƯỞNG BỘ B", "THỨ TRƯỞNG", "Trần Văn Mẫu",
    ]  # fmt: skip


def test_names_of_two_signers_cut_by_the_page_are_theirs(
    tmp_path: Path, vietnamese_font: str
) -> None:
    pages = Pages(vietnamese_font)
    pages.paragraph(f"3. {_FILLER}.")
    pages.at -= 10
    pages.text(LEFT, "THƯ KÝ")
    pages.text(350, "CHỦ TRÌ")
    pages.page()
    pages.text(LEFT, "Lê Thị Thử")
    pages.text(350, "Trần Văn Mẫu")
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines[1:] == ["THƯ KÝ", "Lê Thị Thử", "CHỦ TRÌ", "Trần Văn Mẫu"]


def test_recipients_far_apart_stand_together_beside_one_post(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """One pair of lines, then a list as spaced as paragraphs are."""
    pages = Pages(vietnamese_font)
    pages.paragraph(f"3. {_FILLER}.")
    pages.at -= 10
    pages.text(350, "CHỦ TỊCH")
    for words in ("Nơi nhận:", "- Chính phủ;", "- Lưu: VT."):
        pages.text(LEFT, words, 10)
        pages.at -= 22
    pages.text(345, "Nguyễn Thị Thử")
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines[-5:] == ["Nơi nhận:", "- Chính phủ;", "- Lưu: VT.", "CHỦ TỊCH", "Nguyễn Thị Thử"]


def test_short_lines_that_end_at_one_place_are_no_edge(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """Longer ones had room for more; what stands in brackets is whole, however long."""
    pages = Pages(vietnamese_font)
    aside = "(Bằng chữ: Một trăm hai mươi ba triệu bốn trăm năm mươi sáu nghìn đồng)"
    lines = [
        "Bài 1. Làm quen với điện thoại thông minh",
        "I. Mục tiêu",
        "1. Một.",
        "2. Một.",
        "3. Một.",
    ]
    for line in lines:
        pages.line(line)
    assert _read(tmp_path, pages).text.split("\n") == lines
    pages = Pages(vietnamese_font)
    pages.paragraph(f"1. {_FILLER} {_FILLER}.")
    pages.line(aside, 150)
    pages.line("2. Quy trình số 02: Gia hạn giấy phép")
    assert _read(tmp_path, pages).text.split("\n")[-2:] == [
        aside,
        "2. Quy trình số 02: Gia hạn giấy phép",
    ]


# --- tables --------------------------------------------------------------------------------------

_EDGES = (85.0, 120.0, 290.0, 420.0, 555.0)
_HEAD = ("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn")


def test_a_ruled_table_is_rows(tmp_path: Path, vietnamese_font: str) -> None:
    """One line a row with the heads of its columns, where it stands in the text."""
    pages = Pages(vietnamese_font)
    pages.paragraph("1. Các nhiệm vụ năm 2026 như sau:")
    rows = [_HEAD, ("1", "Phủ sóng 5G", "Sở KH&CN", "Quý I"), ("2", "Tập huấn", "Sở Nội vụ", "")]
    pages.table(rows, _EDGES)
    pages.paragraph("2. Kinh phí do ngân sách bảo đảm.")
    assert _read(tmp_path, pages).text.split("\n") == [
        "1. Các nhiệm vụ năm 2026 như sau:",
        "TT · Nhiệm vụ · Chủ trì · Thời hạn",
        "TT: 1 · Nhiệm vụ: Phủ sóng 5G · Chủ trì: Sở KH&CN · Thời hạn: Quý I",
        "TT: 2 · Nhiệm vụ: Tập huấn · Chủ trì: Sở Nội vụ",
        "2. Kinh phí do ngân sách bảo đảm.",
    ]  # fmt: skip


def test_heads_set_on_their_side_are_heads(tmp_path: Path, vietnamese_font: str) -> None:
    """Of narrow columns; one in two lines, read from the left."""
    pages = Pages(vietnamese_font)
    pages.table([("TT", "Xã", "", "")], (85, 120, 290, 350, 400))
    for x, words in ((310, "Hồ sơ"), (324, "mới"), (380, "Đúng hạn")):
        pages.canvas.saveState()
        pages.canvas.translate(x, pages.at + 16)
        pages.canvas.rotate(90)
        pages.canvas.setFont(vietnamese_font, 4)
        pages.canvas.drawString(0, 0, words)
        pages.canvas.restoreState()
    pages.table([("1", "Khe Lim", "120", "98")], (85, 120, 290, 350, 400))
    assert _read(tmp_path, pages).text.split("\n") == [
        "TT · Xã · Hồ sơ mới · Đúng hạn",
        "TT: 1 · Xã: Khe Lim · Hồ sơ mới: 120 · Đúng hạn: 98",
    ]


def test_a_table_without_rules_is_rows(tmp_path: Path, vietnamese_font: str) -> None:
    """Figures stand in the row of the name that they are set beside, in the middle of its lines."""
    pages = Pages(vietnamese_font)
    pages.paragraph("1. Kết quả theo xã:")
    for drop, *cells in (
        (8, "", "Hồ sơ", "Tỷ lệ"),
        (8, "Xã", "", ""),
        (22, "", "giải quyết", "(%)"),
        (22, "Đồng Mỏ", "120", "98,5"),
        (8, "Khe Lim và vùng phụ cận", "", ""),
        (8, "", "75", "91,2"),
        (22, "theo sắp xếp mới", "", ""),
        (22, "Bản Lác", "60", "88"),
        (22, "Nà Tèo", "40", "77"),
        (22, "Tổng cộng", "295", ""),
    ):
        for x, cell in zip((100, 300, 420), cells, strict=True):
            pages.text(x, cell)
        pages.at -= drop
    pages.line("2. Kết quả khác", LEFT + INDENT)
    pages.paragraph(f"{_FILLER}.")
    assert _read(tmp_path, pages).text.split("\n")[:7] == [
        "1. Kết quả theo xã:",
        "Xã · Hồ sơ giải quyết · Tỷ lệ (%)",
        "Xã: Đồng Mỏ · Hồ sơ giải quyết: 120 · Tỷ lệ (%): 98,5",
        "Xã: Khe Lim và vùng phụ cận theo sắp xếp mới · Hồ sơ giải quyết: 75 · Tỷ lệ (%): 91,2",
        "Xã: Bản Lác · Hồ sơ giải quyết: 60 · Tỷ lệ (%): 88",
        "Xã: Nà Tèo · Hồ sơ giải quyết: 40 · Tỷ lệ (%): 77",
        "Xã: Tổng cộng · Hồ sơ giải quyết: 295",
    ]


def test_a_cell_that_spans_rows_stands_in_each(tmp_path: Path, vietnamese_font: str) -> None:
    """Who leads is said for every task of his."""
    pages = Pages(vietnamese_font)
    rows = [
        _HEAD,
        ("1", "Phủ sóng 5G", "Sở KH&CN", "Quý I"),
        ("2", "Dữ liệu mở", "^", "Quý II"),
        ("3", "Tập huấn", "Sở Nội vụ", "Quý II"),
    ]
    pages.table(rows, _EDGES)
    lines = _read(tmp_path, pages).text.split("\n")
    assert lines[2:] == [
        "TT: 2 · Nhiệm vụ: Dữ liệu mở · Chủ trì: Sở KH&CN · Thời hạn: Quý II",
        "TT: 3 · Nhiệm vụ: Tập huấn · Chủ trì: Sở Nội vụ · Thời hạn: Quý II",
    ]


def test_a_table_over_two_pages_is_one(tmp_path: Path, vietnamese_font: str) -> None:
    """Its head returns on the second page but not in the text; the row cut in two is whole."""
    pages = Pages(vietnamese_font)
    pages.line("1", 300, 9)
    pages.at -= 20
    pages.table([_HEAD, ("1", "Phủ sóng 5G", "Sở KH&CN", "Quý I"), ("2", "Tập huấn cho cán bộ", "Sở Nội vụ", "Quý II")], _EDGES)  # fmt: skip
    pages.page()
    pages.line("2", 300, 9)
    pages.at -= 20
    pages.table([_HEAD, ("", "và người dân", "", ""), ("3", "Tổng kết", "Sở Nội vụ", "Quý IV")], _EDGES)  # fmt: skip
    document = _read(tmp_path, pages)
    assert document.text.split("\n") == [
        "TT · Nhiệm vụ · Chủ trì · Thời hạn",
        "TT: 1 · Nhiệm vụ: Phủ sóng 5G · Chủ trì: Sở KH&CN · Thời hạn: Quý I",
        "TT: 2 · Nhiệm vụ: Tập huấn cho cán bộ và người dân · Chủ trì: Sở Nội vụ · Thời hạn: Quý II",
        "TT: 3 · Nhiệm vụ: Tổng kết · Chủ trì: Sở Nội vụ · Thời hạn: Quý IV",
    ]
    assert document.text[document.pages[1] :].startswith("TT: 3")


def test_rows_alone_on_a_page_keep_the_heads(tmp_path: Path, vietnamese_font: str) -> None:
    """They sum up, and draw few of the table's upright lines."""
    pages = Pages(vietnamese_font)
    pages.table([_HEAD, ("1", "Phủ sóng 5G", "Sở Nội vụ", "12")], _EDGES)
    pages.page()
    pages.table([("Cộng", "12"), ("Thuế 8%", "1")], (_EDGES[0], *_EDGES[-2:]))
    assert _read(tmp_path, pages).text.split("\n")[2:] == [
        "Cộng · Thời hạn: 12",
        "TT … Chủ trì: Thuế 8% · Thời hạn: 1",
    ]


def test_a_figure_that_a_narrow_cell_breaks_is_one(tmp_path: Path, vietnamese_font: str) -> None:
    """Two figures below each other are two."""
    pages = Pages(vietnamese_font)
    edges = (85.0, 120.0, 190.0, 260.0)
    rows = [("TT", "Ngày", "Giá"), ("1", "01/01/198", "15.450.00"), ("^", "^", "^")]
    pages.table([*rows, ("2", "1.250.300", "2.100.500"), ("^", "^", "^")], edges)
    for rise, words in ((60, ("0", "0 đồng")), (20, ("1.250.300", "2.100.500"))):
        for x, figure in zip(edges[1:], words, strict=False):
            pages.text(x + 4, figure, rise=rise)
    assert _read(tmp_path, pages).text.split("\n")[1:] == [
        "TT: 1 · Ngày: 01/01/1980 · Giá: 15.450.000 đồng",
        "TT: 2 · Ngày: 1.250.300 1.250.300 · Giá: 2.100.500 2.100.500",
    ]


def test_a_row_without_a_line_above_it_is_a_row(tmp_path: Path, vietnamese_font: str) -> None:
    """A browser draws none where a page begins within a table."""
    pages = Pages(vietnamese_font)
    pages.table([_HEAD, ("1", "Phủ sóng 5G", "Sở KH&CN", "Quý I")], _EDGES)
    pages.page()
    for x, words in zip(_EDGES, ("2", "Dữ liệu mở", "Sở Nội vụ", "Quý II", ""), strict=True):
        pages.canvas.line(x, pages.at + 14, x, pages.at - 6)
        pages.text(x + 4, words)
    pages.at -= 20
    pages.table([("3", "Tổng kết", "Sở Nội vụ", "Quý IV")], _EDGES)
    assert _read(tmp_path, pages).text.split("\n")[2:] == [
        "TT: 2 · Nhiệm vụ: Dữ liệu mở · Chủ trì: Sở Nội vụ · Thời hạn: Quý II",
        "TT: 3 · Nhiệm vụ: Tổng kết · Chủ trì: Sở Nội vụ · Thời hạn: Quý IV",
    ]


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (
            "rà soát, lập danh mục",
            ["TT: 9 · Nhiệm vụ: Nhiệm vụ số 9: rà soát, lập danh mục · Chủ trì: Phòng hồ sơ"],
        ),
        (
            "a) rà soát",
            [
                "TT: 9 · Nhiệm vụ: Nhiệm vụ số 9: · Chủ trì: Phòng hồ",
                "9. Nhiệm vụ số 9: · Nhiệm vụ: a) rà soát · Chủ trì: sơ",
            ],
        ),
    ],
    ids=["cut", "a point of its own"],
)
def test_a_row_cut_after_a_colon_is_one(
    tmp_path: Path, vietnamese_font: str, words: str, rows: list[str]
) -> None:
    """Its rest has no number and begins with a small letter."""
    pages = Pages(vietnamese_font)
    pages.table([_HEAD, ("9", "Nhiệm vụ số 9:", "Phòng hồ", "")], _EDGES)
    pages.page()
    pages.table([_HEAD, ("", words, "sơ", ""), ("10", "Tổng kết", "Sở Nội vụ", "Quý IV")], _EDGES)
    assert _read(tmp_path, pages).text.split("\n")[1:-1] == rows


def test_a_row_is_cut_where_one_of_its_cells_is(tmp_path: Path, vietnamese_font: str) -> None:
    """Though another ends with a stop; but rows that both have figures are two."""
    pages = Pages(vietnamese_font)
    head = ("TT", "Nhiệm vụ", "Chủ trì", "Kinh phí")
    pages.table([head, ("9", "Tập huấn cho cán bộ", "Sở Nội vụ;", "")], _EDGES)
    pages.page()
    pages.table([head, ("", "và người dân", "Sở Y tế", ""), ("10", "Trang bị máy tính", "Sở Y tế", "12")], _EDGES)  # fmt: skip
    pages.page()
    pages.table([head, ("", "và thiết bị mạng", "Sở Nội vụ", "15")], _EDGES)
    assert _read(tmp_path, pages).text.split("\n")[1:] == [
        "TT: 9 · Nhiệm vụ: Tập huấn cho cán bộ và người dân · Chủ trì: Sở Nội vụ; Sở Y tế",
        "TT: 10 · Nhiệm vụ: Trang bị máy tính · Chủ trì: Sở Y tế · Kinh phí: 12",
        "Nhiệm vụ: và thiết bị mạng · Chủ trì: Sở Nội vụ · Kinh phí: 15",
    ]


def test_a_cell_may_span_rows_of_two_pages(tmp_path: Path, vietnamese_font: str) -> None:
    """It is printed on the first of them; a cell that is only empty stays so."""
    pages = Pages(vietnamese_font)
    pages.table([_HEAD, ("1", "Phủ sóng 5G", "Sở Nội vụ", ""), ("2", "Tập huấn", "^", "")], _EDGES)
    pages.page()
    pages.table([_HEAD, ("3", "Tổng kết", "", ""), ("4", "Lưu trữ", "^", "")], _EDGES)
    assert _read(tmp_path, pages).text.split("\n")[3:] == [
        "TT: 3 · Nhiệm vụ: Tổng kết · Chủ trì: Sở Nội vụ",
        "TT: 4 · Nhiệm vụ: Lưu trữ · Chủ trì: Sở Nội vụ",
    ]


# --- the cases -----------------------------------------------------------------------------------


def test_the_wrapped_case_is_read_right() -> None:
    """Sentences whole, and cited where they stand."""
    document = _case("c01-wrap.pdf")
    lines = document.text.split("\n")
    assert any(
        line.startswith("2. Mức hỗ trợ") and line.endswith("là 350 triệu đồng một trạm.")
        for line in lines
    )
    assert _labels(document) == [
        "mục I", "mục I, khoản 1", "mục I, khoản 2", "mục II", "mục II, khoản 1", "mục II, khoản 2",
    ]  # fmt: skip


def test_the_case_with_notes_is_read_right() -> None:
    """Figures without their marks, the title without the body."""
    document = _case("c03-footnote-mark.pdf")
    for figure in ("86%[12],", "1.245[13] tổ", "năm 2025[14]."):
        assert figure in document.text
    assert document.metadata.title == "Báo cáo kết quả chuyển đổi số năm 2025"
