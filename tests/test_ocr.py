"""Scans: pages that are pictures, and text layers that are none."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw
from reportlab.lib.utils import ImageReader

from bot.commands.terminal import source as source_line
from bot.screens.render import source_of
from bot.screens.texts import VIETNAMESE
from index.result import Quote
from knowledge import ocr, pdf, picture
from knowledge.agreed import agreed
from knowledge.document import Document, Metadata
from knowledge.errors import Rejected
from knowledge.legible import is_legible
from knowledge.load import read_document
from knowledge.pdf_glyphs import Sheet, Word
from knowledge.pdf_layout import Page, arranged, page_of
from knowledge.pdf_lines import Line
from knowledge.split import outline
from tests.pdf_pages import INDENT, LEFT, Pages

_CASES = Path(__file__).parents[2] / "shared" / "cases"
_SENTENCES = (
    "1. Toàn tỉnh có 1.245 tổ công nghệ số cộng đồng, mỗi tổ được hỗ trợ 15 triệu đồng theo Quyết "
    "định số 1234/QĐ-UBND ngày 05 tháng 3 năm 2026 của Ủy ban nhân dân tỉnh Thái Nguyên.",
    "2. Sở Khoa học và Công nghệ chủ trì, phối hợp với các xã, phường hướng dẫn người dân đăng ký "
    "chữ ký số cá nhân miễn phí trước ngày 30 tháng 6 năm 2026.",
)
_GARBLED = (
    "S6: 77/KH-UBND Thai Nguyen, ngay 05 thang 3 nam2026",
    "Kti hoach ph6t tri6n h4 tdng s6 cria tinh giai doan m6i",
    "To chirc thuc hi6n: S6 Khoa hoc vd C6ng ngh6 chu tri d6n h6t nam",
)
needs_ocr = pytest.mark.skipif(
    ocr.open_ocr() is None, reason="needs the extra `ocr` and Tesseract's Vietnamese data"
)
needs_lines = pytest.mark.skipif(
    importlib.util.find_spec("cv2") is None, reason="ruled lines are found by the extra `ocr` only"
)


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nothing reads scans."""
    for module in (pdf, picture):
        monkeypatch.setattr(module, "open_ocr", lambda: None)


def _read(folder: Path, data: bytes, name: str = "a.pdf") -> Document:
    (folder / name).write_bytes(data)
    return read_document(folder / name, folder)


def _printed(font: str) -> Pages:
    pages = Pages(font)
    for sentence in _SENTENCES:
        pages.paragraph(sentence)
    return pages


def _photographed(pages: Pages) -> Image.Image:
    document = pypdfium2.PdfDocument(pages.data())
    page: Image.Image = document[0].render(scale=200 / 72).to_pil().convert("RGB")
    return page


def _scan(image: Image.Image, font: str, layer: tuple[str, ...] = ()) -> bytes:
    """A page that is a picture, with words that nobody sees before it."""
    pages = Pages(font)
    for words in layer:
        pages.line(words)
    pages.canvas.drawImage(ImageReader(image), 0, 0, *pages.canvas._pagesize)
    return pages.data()


@needs_ocr
def test_a_scan_is_read_like_the_print(tmp_path: Path, vietnamese_font: str) -> None:
    """Sentences over lines, figures, numbers and sections; the page is marked as read by machine."""
    document = _read(tmp_path, _scan(_photographed(_printed(vietnamese_font)), vietnamese_font))
    assert document.text.split("\n") == list(_SENTENCES)
    assert [section.label for section in outline(document)] == ["khoản 1", "khoản 2"]
    assert document.scanned == (1,)


@needs_ocr
@needs_lines
def test_a_table_on_a_scan_is_rows(tmp_path: Path, vietnamese_font: str) -> None:
    """Ruled lines part the cells; they are not read as letters."""
    pages = _printed(vietnamese_font)
    pages.at -= 10
    rows = [
        ("TT", "Nhiệm vụ", "Chủ trì"),
        ("1", "Phủ sóng 5G", "Sở Nội vụ"),
        ("2", "Tập huấn", "^"),
    ]
    pages.table(rows, (85, 140, 330, 555))
    lines = _read(tmp_path, _scan(_photographed(pages), vietnamese_font)).text.split("\n")
    assert lines[-2:] == [
        "TT: 1 · Nhiệm vụ: Phủ sóng 5G · Chủ trì: Sở Nội vụ",
        "TT: 2 · Nhiệm vụ: Tập huấn · Chủ trì: Sở Nội vụ",
    ]


@needs_ocr
def test_a_red_stamp_hides_no_name(tmp_path: Path, vietnamese_font: str) -> None:
    """It is as white as the paper in red light."""
    pages = _printed(vietnamese_font)
    pages.at -= 60
    pages.text(350, "Nguyễn Thị Thử")
    image = _photographed(pages)
    stamp = Image.new("RGB", image.size, "white")
    x, y = 1100, round((842 - pages.at) * 200 / 72) - 10
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((x - 180, y - 180, x + 180, y + 180), outline=(255, 40, 40), width=9)
    draw.line((x - 180, y, x + 180, y), (255, 40, 40), 7)
    image = ImageChops.multiply(image, stamp)  # as ink lies on ink
    assert "Nguyễn Thị Thử" in _read(tmp_path, _scan(image, vietnamese_font)).text


@needs_ocr
def test_a_garbled_layer_is_passed_over_for_the_picture(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """What somebody's OCR made of a Vietnamese scan is not quoted."""
    scan = _scan(_photographed(_printed(vietnamese_font)), vietnamese_font, _GARBLED)
    assert _read(tmp_path, scan).text.split("\n") == list(_SENTENCES)


@pytest.mark.usefixtures("no_ocr")
def test_a_garbled_layer_is_refused_where_nothing_reads_scans(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """With the reason, and with what to do."""
    scan = _scan(Image.new("RGB", (60, 80), "white"), vietnamese_font, _GARBLED)
    with pytest.raises(Rejected, match=r"không đọc được thành tiếng Việt.*cdsbot doctor"):
        _read(tmp_path, scan)


@pytest.mark.usefixtures("no_ocr")
def test_letters_that_mean_nothing_are_refused(tmp_path: Path, vietnamese_font: str) -> None:
    """A font with a wrong table of letters gives other signs for each."""
    pages = Pages(vietnamese_font)
    for sentence in _SENTENCES:  # each letter 29 places too early, as of old Word's fonts
        moved = (
            " "
            if letter == " "
            else chr(ord(letter) - 29 if letter.isascii() else 0x430 + ord(letter) % 32)
            for letter in sentence[:60]
        )
        pages.line("".join(moved))
    with pytest.raises(Rejected, match="không đọc được thành tiếng Việt"):
        _read(tmp_path, pages.data())


def test_letters_drawn_after_their_line_stand_where_the_eye_sees_them(
    tmp_path: Path, vietnamese_font: str
) -> None:
    """Where a font lacks some letters, others are drawn last, into the gaps."""
    pages = Pages(vietnamese_font)
    printed = [f"{sentence[:70]}." for sentence in _SENTENCES]
    for sentence in printed:
        x, late = LEFT + INDENT, []
        for letter in sentence:
            if letter in "ổệộồễ":
                late.append((x, letter))
                x += pages.canvas.stringWidth(letter, vietnamese_font, pages.size)
            else:
                x = pages.text(x, letter)
        for place, letter in late:
            pages.text(place, letter)
        pages.at -= 18
    lines = _read(tmp_path, pages.data()).text.split("\n")
    assert lines == printed


@pytest.mark.parametrize(
    ("text", "scanned", "legible"),
    [
        (" ".join(_SENTENCES), True, True),
        (" ".join(_SENTENCES), False, True),
        (" ".join(_GARBLED), True, False),
        (" ".join(_GARBLED), False, False),
        ("Uy ban nhan dan tinh giao cac so nganh thuc hien nhiem vu trong nam nay.", False, True),
        ("Uy ban nhan dan tinh giao cac so nganh thuc hien nhiem vu trong nam nay.", True, False),
        ("The committee shall report on the programme before the end of the second quarter.", False, True),
        ("Đi u 5 T ch c th c hi n các nhi m v và gi i pháp ề ổ ứ ự ệ ệ ụ ả", False, False),
        ("TT | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12", True, True),
    ],
)  # fmt: skip
def test_a_layer_is_told_from_text(text: str, scanned: bool, legible: bool) -> None:
    """Under a picture it has to read as Vietnamese with its marks; elsewhere as words."""
    assert is_legible(text, scanned) is legible


@needs_ocr
def test_a_photograph_is_a_document(tmp_path: Path, vietnamese_font: str) -> None:
    """Of several pages where its format has them."""
    image = _photographed(_printed(vietnamese_font))
    stream = io.BytesIO()
    image.save(stream, "TIFF", save_all=True, append_images=[image])
    document = _read(tmp_path, stream.getvalue(), "a.tif")
    assert document.text.split("\n") == [*_SENTENCES, *_SENTENCES]
    assert document.scanned == (1, 2)


@needs_ocr
def test_a_picture_without_words_is_refused(tmp_path: Path) -> None:
    """A photograph of a meeting is no document."""
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), (90, 120, 150)).save(stream, "PNG")
    with pytest.raises(Rejected, match="không thấy chữ in"):
        _read(tmp_path, stream.getvalue(), "a.png")


@pytest.mark.usefixtures("no_ocr")
def test_a_picture_is_refused_where_nothing_reads_scans(tmp_path: Path) -> None:
    """It says where to look for the cure."""
    with pytest.raises(Rejected, match="cdsbot doctor"):
        _read(tmp_path, b"\x89PNG", "a.png")


def test_a_quote_from_a_scan_says_so() -> None:
    """On the phone and in the terminal: read by machine, and on which page."""
    quote = Quote("Lời", "a.pdf", Metadata("Tên"), "", 3, 0, 3, "f" * 64, scanned=True)
    assert "đọc bằng máy từ bản quét, trang 3" in source_of(quote, VIETNAMESE).html
    assert "đọc bằng máy từ bản quét, trang 3" in source_line(quote.metadata, "", 3, scanned=True)


@needs_ocr
def test_the_case_with_a_garbled_layer_is_read_right() -> None:
    """Its words come from the picture."""
    if not _CASES.is_dir():
        pytest.skip("needs ../shared/cases beside the repository")
    document = read_document(_CASES / "c02-scan-ocr-layer.pdf", _CASES)
    assert "Thời gian tiếp nhận: từ ngày 20/4/2026 đến ngày 30/6/2026." in document.text
    assert document.metadata.number == "512/TB-UBND"
    assert document.scanned == (1,)


def test_a_scanned_page_whose_letters_come_out_smaller_holds_no_notes() -> None:
    """The height of letters is seen page by page, to a pixel; a khoản is no note for it."""
    large, small = (
        tuple(
            Line(f"{number}. Cơ quan báo cáo kết quả.", 80, 400, 100 + 20 * number, size, 8)
            for number in range(1, 9)
        )
        for size in (14.0, 12.6)
    )
    pages = [
        Page(1, 595, 842, large + large, scanned=True),
        Page(2, 595, 842, small, scanned=True),
    ]
    assert [page.notes for page in arranged(pages, 14.0)] == [{}, {}]


def test_what_numbers_a_scanned_line_is_read_as_it_is_written() -> None:
    """A comma for the stop, another mark on "Điều"; within a line they are what they are."""
    words = [
        Word(text, 80 + 60 * at, 130 + 60 * at, 100 + 20 * line, 14, 8 * line + at, False)
        for line, texts in enumerate(("5, Báo cáo", "Điêu 3. Phí", "năm 5, Sở", "5, sáu", "ø) Hai"))
        for at, text in enumerate(texts.split())
    ]
    sheet = Sheet(595, 842, tuple(words), (), 0.0, False)
    read = [line.text for line in page_of(1, sheet, scanned=True).lines]
    assert read == ["5. Báo cáo", "Điều 3. Phí", "năm 5, Sở", "5, sáu", "g) Hai"]
    assert page_of(1, sheet).lines[0].text == "5, Báo cáo"


def test_a_stop_that_a_scan_has_lost_is_known_from_its_neighbours() -> None:
    """ "II" between "I." and "III." at one edge of a page; a quarter's number elsewhere has none."""
    texts = (("I. CHUNG", 80), ("II RIÊNG", 81), ("QUÝ", 200), ("II NĂM", 200), ("VIỆT", 80))
    words = [
        Word(text, x, x + 90, 100 + 30 * at, 14, at, False) for at, (text, x) in enumerate(texts)
    ]
    lines = page_of(1, Sheet(595, 842, tuple(words), (), 0.0, False), scanned=True).lines
    assert [line.text for line in lines] == ["I. CHUNG", "II. RIÊNG", "QUÝ", "II NĂM", "VIỆT"]


@pytest.mark.parametrize(
    ("tesseract", "trueocr", "line"),
    [
        ("ở) Hỗ trợ xã", "đ) Hõ trợ xã", "đ) Hỗ trợ xã"),
        ("đ) Kiểm tra", "d) Kiêm tra", "d) Kiểm tra"),
        ("c€) Kết quả", "c) Kêt quả", "c) Kết quả"),
        ("IL.MỤC TIÊU", "L MỤC TIÊU", "I. MỤC TIÊU"),
        ("a)Cải tạo", "a)Cái tạo", "a)Cải tạo"),
        ("L YÊU CẦU", "LYÊU CÂU", "I. YÊU CẦU"),
        ("II NHIỆM VỤ", "II. NHIỆM VỤ", "II. NHIỆM VỤ"),
        ("IL. MỤC TIÊU", "I MỤC TIÊU", "I. MỤC TIÊU"),
        ("II NĂM 2031", "II NĂM 2031", "II NĂM 2031"),  # of a quarter
        ("“2. Thuế", "2. Thuê", "“2. Thuế"),  # what is quoted is no khoản here
        ("II. GIẢI PHÁP", "III GIÁI PHÁP", "III. GIẢI PHÁP"),
        ("VIII. Lộ trình", "VIll. Lộ trình", "VIII. Lộ trình"),
        (") Hỗ trợ xã", "g)Hõ trợ xã", "g) Hỗ trợ xã"),
        ("1,2. Kết nối", "1.2. Kêt nối", "1.2. Kết nối"),
        ("1. Kết nối", "I. Kêt nối", "1. Kết nối"),
        ("TM. ỦY BAN", "IM. ỦY BAN", "TM. ỦY BAN"),
        ("1L. QUAN ĐIỂM", "I. QUAN ĐIỄM", "I. QUAN ĐIỂM"),
        ("3. Kinh phí", "8. Kinh phí", "3. Kinh phí"),  # figures are Tesseract's
        ("XIII của Đảng", "XIII. của Đảng", "XIII của Đảng"),  # a line that goes on
        ("Chương II", "Chương III", "Chương III"),
        ("Chương IH, khóa XI.", "Chương III, khóa XIl.", "Chương III, khóa XII."),
        ("ĐƠN VỊ VÀ 5 L", "ĐƠN VI VÀ 5 L", "ĐƠN VỊ VÀ 5 L"),
        ("ngày 31' tháng 12", "ngày 31 tháng 12", "ngày 31 tháng 12"),
        ("‘Cấp độ 31' là", "Cấp độ 31 là", "‘Cấp độ 31' là"),
        ("LỜI NÓI ĐẦU", "LỜI NÓI ĐÂU", "LỜI NÓI ĐẦU"),
        ("số 06/2031/TT-BTLLT, có", "sõ 06/2031/TT-BTTTT, có", "số 06/2031/TT-BTTTT, có"),
        ("số 22/2031/TT-BT'ITTT", "số 22/2031/TT-BTTTT", "số 22/2031/TT-BTTTT"),
        ("số 06/2031/TT-BT LLT, có", "số 06/2031/TT-BTTTT, có", "số 06/2031/TT-BTTTT, có"),
        ("số 16/2031/TT-BTLLT", "số 06/2031/TT-BTTTT", "số 16/2031/TT-BTLLT"),
        ("số 6/KH-UBND", "sõ 6/KH-UBNI", "số 6/KH-UBND"),
    ],
)
def test_two_readings_of_a_line_agree_on_its_numbers(
    tesseract: str, trueocr: str, line: str
) -> None:
    """The other reading has what Tesseract always misreads alike, and is not believed beyond that."""
    assert " ".join(filter(None, agreed(tesseract.split(), trueocr))) == line


def test_a_khoan_in_small_letters_is_no_note() -> None:
    """A note's mark has no stop, and no letter of "2. Chế độ" may hang to tell how large they are."""
    body = [Line(f"{at}. Báo cáo.", 80, 400, 100 + 20 * at, 14, 8) for at in range(1, 8)]
    foot = [
        Line("2. Chế độ", 80, 200, 700, 11, 8),
        Line("2 Số liệu năm 2031.", 80, 300, 760, 10, 8),
    ]
    page = arranged([Page(1, 595, 842, (*body, *foot), scanned=True)], 14.0)[0]
    assert page.notes == {"2": "Số liệu năm 2031."}


def test_letters_of_a_line_are_measured_by_what_hangs() -> None:
    """A box without a "g" or a comma is lower, and its bottom is the baseline; a note stays small."""
    size, baseline = ocr._set_on((0, 100, 90, 137), "1. Nguyên tắc", 37)
    assert ocr._set_on((0, 100, 90, 128), "2. Yêu cầu", 37) == pytest.approx(
        (size, baseline), abs=1
    )
    assert ocr._set_on((0, 100, 90, 129), "2 Số liệu, hằng năm", 35)[0] < 0.92 * 35 * 72 / 200


@pytest.mark.parametrize(
    ("text", "confidence", "sure", "stands"),
    [
        ("Đơn vị", 0.95, [], True),
        ("Đơn vị", 0.7, [], False),
        ("72", 1.0, [0.34], True),  # Tesseract: "2"
        ("VÊ", 1.0, [0.97], False),  # "VỀ"
        ("1.245", 1.0, [0.34], False),
    ],
)
def test_the_other_reading_stands_where_tesseract_sees_nothing_or_guesses(
    text: str, confidence: float, sure: list[float], stands: bool
) -> None:
    """Of a whole line where it is sure of it; against Tesseract only of two or three letters."""
    assert ocr._is_surer({"text": text, "confidence": confidence}, sure) is stands


def test_a_raised_figure_is_no_part_of_the_number_before_it() -> None:
    """ "Điều 16" with the mark of note 2, which is also read as "?"; a whole line's box is no letter's."""
    words = [
        [(letter, (0, 28, 9, 55)) for letter in "16"] + [("2", (0, 24, 9, 39))],
        [("V", (0, 10, 9, 75)), ("5", (0, 28, 9, 55)), (",", (0, 50, 9, 60))],
        [("b", (0, 28, 9, 55)), ("?", (0, 25, 9, 40))],
    ]
    assert list(ocr._parted(words, 37)) == [("16", "2"), ("V5,", ""), ("b", "")]
