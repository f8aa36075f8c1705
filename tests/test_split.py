"""Structure of Vietnamese legal texts: outline, passages, sentences."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.document import Document, Metadata
from knowledge.split import LONGEST, outline, passages, sentences
from knowledge.vietnamese import fold, nfc, unify_tones
from tests.bad_files import SHAPES

DECREE = """NGHỊ ĐỊNH
Về dữ liệu
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Nghị định này quy định về dữ liệu.
Điều 2. Nguyên tắc
1. Nguyên tắc thứ nhất.
2. Nguyên tắc thứ hai.
3. Cơ quan nhà nước phải:
a) Công khai dữ liệu;
b) Bảo vệ dữ liệu.
Chương II
TỔ CHỨC
Điều 3. Hiệu lực
Nghị định này có hiệu lực từ ngày 01/01/2026.
PHỤ LỤC I
BIỂU MẪU
1. Mẫu số một."""


def _document(text: str) -> Document:
    return Document("x.md", text, Metadata("Nghị định thử"))


def test_every_level_is_cited_by_its_full_path() -> None:
    """Điều, khoản and điểm are found where they begin, and cited from the top down."""
    document = _document(DECREE)
    labels = {s.label: document.text[s.start : s.end].strip() for s in outline(document)}
    assert labels["Điều 2, khoản 3, điểm b"] == "b) Bảo vệ dữ liệu."
    assert labels["Điều 1"] == "Điều 1. Phạm vi\nNghị định này quy định về dữ liệu."
    assert labels["Phụ lục I, khoản 1"] == "1. Mẫu số một."


def test_no_passage_crosses_an_article() -> None:
    """Two short neighbouring Điều stay two passages, each cited by its own number."""
    cut = passages(_document(DECREE))
    cited = [p.section for p in cut if p.section.startswith("Điều")]
    assert cited == ["Điều 1", "Điều 2", "Điều 3"]


def test_headings_lead_from_the_document_down() -> None:
    """A passage is searched under its document's, chapter's and article's titles."""
    second = next(p for p in passages(_document(DECREE)) if p.section == "Điều 2")
    assert second.heading == "Nghị định thử › QUY ĐỊNH CHUNG"


def test_an_amount_at_the_start_of_a_line_is_no_clause() -> None:
    """ "20 tỷ đồng" is money; "2." is a khoản."""
    text = "Điều 1. Mức vốn\n1. Dự án nhóm A có vốn từ\n20 tỷ đồng trở lên.\n2. Dự án khác."
    assert [s.number for s in outline(_document(text)) if s.kind == "clause"] == ["1", "2"]


def test_a_long_article_is_cut_at_its_clauses() -> None:
    """No passage is longer than the encoder reads well, and each begins where a khoản does."""
    clauses = "\n".join(f"{n}. {'Nội dung quy định rất dài ' * 12}." for n in range(1, 9))
    cut = passages(_document(f"Điều 1. Dài\n{clauses}"))
    assert len(cut) > 2
    assert all(p.end - p.start <= LONGEST for p in cut)
    text = _document(f"Điều 1. Dài\n{clauses}").text
    assert all(
        text[p.start : p.start + 1].isdigit() or text[p.start :].startswith("Điều") for p in cut
    )


@given(st.text("aB1. \n;:)|-Điều#khoản", max_size=3000))
def test_passages_cover_any_text_in_order(text: str) -> None:
    """Whatever the text, nothing but blanks lies outside the passages, and none overlap."""
    document = _document(nfc(text))
    cut = passages(document)
    covered = "".join(document.text[p.start : p.end] for p in cut)
    assert "".join(covered.split()) == "".join(document.text.split())
    assert all(before.end <= after.start for before, after in pairwise(cut))


@pytest.mark.parametrize(
    "shape", ["tiny-articles", "tiny-clauses", "points", "law", "quotes", "signatures", "rows"]
)
def test_a_text_four_times_as_long_takes_four_times_the_work(shape: str) -> None:
    """Counted in calls. The seconds: python -m tests.bad_files_run"""

    def work(length: int) -> int:
        calls = 0

        def count(_frame: object, event: str, _what: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        document = _document(SHAPES[shape][:length])
        sys.setprofile(count)
        try:
            passages(document)
        finally:
            sys.setprofile(None)
        return calls

    work(1_000)  # what is worked out once
    assert work(32_000) < 5 * work(8_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Câu một. Câu hai.", ["Câu một.", "Câu hai."]),
        ("gồm: a) Một; b) Hai.", ["gồm:", "a) Một;", "b) Hai."]),
        ("căn cứ Quyết định số\n57-NQ/TW ngày 1", ["căn cứ Quyết định số\n57-NQ/TW ngày 1"]),
        ("TP. Hà Nội họp. Xong.", ["TP. Hà Nội họp.", "Xong."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Sentences end at stops and list items, not at abbreviations or lines broken in the middle."""
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == expected


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Mức hỗ trợ mỗi hộ không vượt quá", "150.000 đồng/tháng, chi trả hằng quý."),
        ("Tổng mức đầu tư của dự án là", "1.245.300.000 đồng."),
        ("Tỷ lệ hộ có cáp quang đạt", "98,5% vào cuối kỳ."),
        ("Giảm còn 2%", "tổng số hồ sơ."),
        ("Các xã báo cáo", "01 lần mỗi tháng."),
        ("Kế hoạch có hiệu lực từ ngày", "01.7.2027 đến hết năm sau."),
        ("Thực hiện theo Thông tư số", "10/2027/TT-BKHCN của Bộ."),
        ("Hoàn thành trong năm", "2027. "),
        ("Các loại hồ sơ (từ mục 15 đến mục", "20) do tỉnh quy định."),
        ("Trung tâm (sau đây gọi là Tổ)", "giúp việc cho Sở."),
        ("Việc hỗ trợ theo quy định tại", "Điều 12 Nghị quyết này."),
        ("Chủ trì, phối hợp với", "Sở Tư pháp rà soát."),
        ("Số hóa hồ sơ theo khoản 2", "Điều 12 Nghị định này."),
        ("Thực hiện Đề án 06 của Thủ tướng", "Chính phủ, các xã báo cáo."),
    ],
)
def test_a_line_broken_in_mid_sentence_goes_on(above: str, below: str) -> None:
    """At a sum, a share, a date or a number of a document, and after a word that wants another."""
    assert len(sentences(f"{above}\n{below}", 0, len(above) + 1 + len(below))) == 1


@pytest.mark.parametrize(
    "below",
    "1. Hai.|1- Hai.|a/ Hai|2.1. Hai.|2.1 Hai|100. Hai.|3) Hai.|a) Hai;|- Hai|Hai|2 · Phủ sóng 5G · Sở Y tế".split(
        "|"
    ),
)
def test_what_begins_an_item_or_a_row_begins_a_sentence(below: str) -> None:
    """Whatever the line above ends with."""
    text = f"Nội dung hỗ trợ\n{below}"
    assert len(sentences(text, 0, len(text))) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mã số\n1.020304.H05\nCấp giấy phép", ["Mã số", "1.020304.H05\nCấp giấy phép"]),
        ("1\nKỷ luật\n5\n\na)\nĐúng giờ\n2", ["1\nKỷ luật\n5", "a)\nĐúng giờ\n2"]),
        ("I\nKINH TẾ SỐ\n20\n10", ["I\nKINH TẾ SỐ\n20", "10"]),
        ("Chỉ tiêu\n7\n- Mở lớp", ["Chỉ tiêu\n7", "- Mở lớp"]),
        ("12/QĐ-UBND\nHà Nội", ["12/QĐ-UBND", "Hà Nội"]),
    ],
)
def test_a_number_alone_on_its_line_is_no_sentence(text: str, expected: list[str]) -> None:
    """It counts the line below; a figure that no line follows belongs to the one above."""
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == expected


@given(st.text(max_size=200))
def test_folding_keeps_offsets(text: str) -> None:
    """A folded text is as long as its NFC form, so an offset in one is an offset in the other."""
    assert len(fold(text)) == len(nfc(text))


def test_folding_and_tone_marks() -> None:
    """Đ is a d; hoà and hòa are one word, quá stays as it is."""
    assert fold("Đường ĐIỆN tử") == "duong dien tu"
    assert unify_tones("hoà Hoà thuỷ quá") == "hòa Hòa thủy quá"


def test_the_index_of_a_codified_text_is_not_searched() -> None:
    """It tells the beginnings of the articles once more, cut off."""
    text = (
        "# An ninh mạng\n\nĐiều 1. Phạm vi\nLuật này quy định về an ninh mạng.\n\n"
        "## Danh sách điều khoản\n\n### 0101100000000000100\n\nĐiều 1. Phạm vi Luật này quy định\n"
    )
    document = Document("luat.txt", text, Metadata("Luật An ninh mạng"))
    told = "".join(text[one.start : one.end] for one in passages(document))
    assert "quy định về an ninh mạng." in told
    assert "Danh sách" not in told
    headed = Document("luat.txt", text[text.index("### 01") :], Metadata("Luật An ninh mạng"))
    assert "Phạm vi Luật này" in "".join(headed.text[p.start : p.end] for p in passages(headed))
