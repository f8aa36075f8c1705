"""Rows, signatures and recipients, asked for and quoted."""

from __future__ import annotations

import pytest

from index.answer import Answerer
from index.law.amending import changing
from index.law.closing import SIGNED, asked_part
from index.law.references import Reference
from index.retrieval.encoder import Encoder
from index.serving import Serving
from knowledge.document import Document, Metadata
from knowledge.split import outline
from tests.running_bot import build_index

_ROWS = "\n".join(f"| {n} | Xã số {n} | {30 + n} | {50 + n} |" for n in range(1, 41))
_DECISION = f"""ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN
Số: 512/QĐ-UBND
Thái Nguyên, ngày 5 tháng 1 năm 2026
QUYẾT ĐỊNH
Giao chỉ tiêu chuyển đổi số
Căn cứ Luật Tổ chức chính quyền địa phương;
Điều 1. Giao chỉ tiêu
Chỉ tiêu về tỷ lệ hồ sơ nộp trực tuyến của các xã như sau:

| TT | Đơn vị | Năm 2026 (%) | Năm 2028 (%) |
|---|---|---|---|
{_ROWS}

Điều 2. Sửa đổi Quyết định số 9/QĐ-UBND
1. Bãi bỏ Điều 3.
2. Sửa đổi Điều 5 như sau:
“Điều 5. Thời hạn
1. Thời hạn là 10 ngày.”
Điều 3. Thi hành
Quyết định này có hiệu lực thi hành kể từ ngày 10 tháng 01 năm 2026.
Các sở, ngành chịu trách nhiệm thi hành Quyết định này./.

Nơi nhận:
- Bộ Khoa học và Công nghệ;
- Lưu: VT.
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Lê Minh Quang
"""
_CHANGED = """ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN
Số: 9/QĐ-UBND
Thái Nguyên, ngày 7 tháng 8 năm 2024
QUYẾT ĐỊNH
Về thời hạn trả kết quả
Điều 3. Báo cáo
Báo cáo mỗi quý một lần.
Điều 4. Kinh phí
Ngân sách xã chi trả.
Điều 5. Thời hạn
1. Thời hạn là 15 ngày.
"""
_LETTER = """CỤC THUẾ

Số: 4410/CT-CS
Hà Nội, ngày 03 tháng 3 năm 2026

CÔNG VĂN
Về việc khấu trừ thuế thu nhập cá nhân của người làm nhiệm vụ khoa học

Kính gửi: Sở Khoa học và Công nghệ tỉnh Thái Nguyên

Cục Thuế có ý kiến như sau: khoản chi cho chuyên gia được khấu trừ theo quy định.

TL. CỤC TRƯỞNG
Đặng Thị Điệp

PHỤ LỤC I
DANH SÁCH CHUYÊN GIA

(Kèm theo Công văn số 4410/CT-CS ngày 03 tháng 3 năm 2026)

Danh sách gồm mười người. Danh sách này có hiệu lực đến hết năm.

PHỤ LỤC II
MẪU TỜ KHAI KHẤU TRỪ THUẾ

(Kèm theo Công văn số 4410/CT-CS ngày 03 tháng 3 năm 2026)

Tờ khai nộp trước ngày 15 hằng tháng.
"""
_PLAN = """ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN
Số: 61/KH-UBND
Thái Nguyên, ngày 9 tháng 2 năm 2026

KẾ HOẠCH
Phát triển chợ số

I. NHIỆM VỤ
1. Vận động tiểu thương nhận thanh toán bằng mã QR, do các xã thực hiện.
2. Lắp mạng không dây tại các chợ hạng một.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lê Minh Quang

PHỤ LỤC
PHÂN CÔNG NHIỆM VỤ
(Kèm theo Kế hoạch số 61/KH-UBND ngày 9 tháng 2 năm 2026)

TT
Nhiệm vụ
Chủ trì
1
Vận động tiểu thương nhận thanh toán bằng mã QR.
Hội Phụ nữ tỉnh
2
Lắp mạng không dây tại chợ.
Sở Công Thương
3
Mở gian hàng số.
Bưu điện tỉnh
"""
_CONCLUSION = """Kết luận số 88-KL/TW của Bộ Chính trị về phát triển khoa học

Bộ Chính trị yêu cầu các cấp ủy quán triệt Kết luận này.

1. Nâng cao nhận thức của cán bộ về khoa học và công nghệ.

2. Tăng đầu tư cho khoa học và công nghệ.

T/M BỘ CHÍNH TRỊ (Đã ký) Ông Thị Mười
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    folder = tmp_path_factory.mktemp("signed")
    (folder / "library").mkdir()
    (folder / "library" / "512.md").write_text(_DECISION, "utf-8")
    (folder / "library" / "9.txt").write_text(_CHANGED, "utf-8")
    (folder / "library" / "4410.txt").write_text(_LETTER, "utf-8")
    (folder / "library" / "61.txt").write_text(_PLAN, "utf-8")
    (folder / "library" / "88.txt").write_text(_CONCLUSION, "utf-8")
    build_index(folder / "data", folder / "library", encoder)
    return Serving(folder / "data", encoder).answerer()


@pytest.mark.parametrize(
    ("question", "section", "words"),
    [
        ("quyet dinh 512 pho chu tich nao ky", "Phần ký", "PHÓ CHỦ TỊCH\nLê Minh Quang"),
        (
            "Quyết định giao chỉ tiêu chuyển đổi số của tỉnh Thái Nguyên do ai ký?",
            "Phần ký",
            "Lê Minh Quang",
        ),
        ("Công văn 4410 ai ký thay cục trưởng?", "Phần ký", "TL. CỤC TRƯỞNG\nĐặng Thị Điệp"),
        (
            "công văn của Cục Thuế về khấu trừ thuế thu nhập cá nhân ai ký vậy",
            "Phần ký",
            "Đặng Thị Điệp",
        ),
        ("phu luc 2 kem cong van 4410 la mau gi", "Phụ lục II", "MẪU TỜ KHAI KHẤU TRỪ THUẾ"),
        ("Quyết định 512 áp dụng từ lúc nào?", "Điều 3", "kể từ ngày 10 tháng 01 năm 2026"),
        ("Kết luận 88 ai thay mặt Bộ Chính trị ký?", "Phần ký", "Ông Thị Mười"),
        ("Ai ký Quyết định 512/QĐ-UBND?", "Phần ký", "PHÓ CHỦ TỊCH\nLê Minh Quang"),
        ("Ai ký Kết luận 88?", "Phần ký", "Ông Thị Mười"),
        (
            "cho xem toàn bộ Điều 3 Quyết định 512/QĐ-UBND",
            "Điều 3",
            "Các sở, ngành chịu trách nhiệm",
        ),
        ("Which vice chairman signed Decision 512/QD-UBND?", "Phần ký", "Lê Minh Quang"),
        ("Quyết định 512/QĐ-UBND gửi cho những nơi nào?", "Nơi nhận", "- Bộ Khoa học và Công nghệ"),
        ("quyet dinh 512 gui cho may bo nao vay", "Nơi nhận", "- Bộ Khoa học và Công nghệ"),
        (
            "quyết định giao chỉ tiêu chuyển đổi số của Thái Nguyên gửi bộ nào",
            "Nơi nhận",
            "- Bộ Khoa học và Công nghệ",
        ),
        ("Công văn 4410 gửi ai?", "", "Kính gửi: Sở Khoa học và Công nghệ tỉnh Thái Nguyên"),
        ("Mục I Kế hoạch 61/KH-UBND nêu gì?", "mục I", "1. Vận động tiểu thương"),
        ("Dòng 2 phụ lục Kế hoạch 61/KH-UBND", "Phụ lục, dòng 2", "Sở Công Thương"),
        (
            "Khoản 2 Điều 2 Quyết định 512/QĐ-UBND nói gì?",
            "Điều 2, khoản 2",
            "1. Thời hạn là 10 ngày.”",
        ),
    ],
)
def test_a_part_that_is_asked_for_is_quoted(
    answerer: Answerer, question: str, section: str, words: str
) -> None:
    """Who signed, who receives, and a khoản that changes another document."""
    answer = answerer.answer(question)
    assert answer.outcome == "answered"
    assert answer.quotes[0].section == section
    assert words in answer.quotes[0].text


def test_who_signed_a_report_is_not_what_a_period_of_reports_is() -> None:
    assert asked_part("Ai ký báo cáo 233/BC-UBND?") == SIGNED
    assert not asked_part("Đơn vị nào gửi chậm trong kỳ báo cáo quý I?")


def test_the_only_appendix_is_where_an_answer_is_looked_for_if_it_is_named(
    answerer: Answerer,
) -> None:
    """Its body tells another who is to do it."""
    quote = answerer.answer(
        "phụ lục kế hoạch 61: vận động tiểu thương dùng mã QR ai chủ trì"
    ).quotes[0]
    assert "Hội Phụ nữ tỉnh" in quote.text
    body = answerer.answer("Khoản 1 mục I Kế hoạch 61 giao ai vận động tiểu thương?").quotes[0]
    assert "do các xã thực hiện" in body.text


@pytest.mark.parametrize(
    "question",
    [
        "Quyết định bổ nhiệm hiệu trưởng trường Hoa Sen ai ký?",
        "Ai được cấp chữ ký số để ký số văn bản?",
        "Quyết định giao chỉ tiêu chuyển đổi số của tỉnh Bắc Ninh do ai ký?",
        "cho xin số điện thoại của ông Lê Minh Quang, người ký quyết định 512",
        "Ai ký nháy Quyết định 512/QĐ-UBND?",
        "Ai ký giấy chứng nhận theo Quyết định 512/QĐ-UBND?",
        "Ai trình ký Quyết định 512/QĐ-UBND?",
        "Ai ký tờ trình số 43/TTr-STC trong Quyết định 512/QĐ-UBND?",
        "Ai ký Quyết định 512/QĐ-UBND sửa đổi năm 2029?",
    ],
)
def test_a_signer_is_not_guessed(answerer: Answerer, question: str) -> None:
    """Where no document here is the one meant, or what is asked of is signing by itself."""
    answer = answerer.answer(question)
    assert answer.outcome != "answered"
    assert all(quote.section != "Phần ký" for quote in answer.quotes[:1])


@pytest.mark.parametrize(
    "question",
    [
        "Ai ký ban hành Quyết định 512/QĐ-UBND năm 2026?",
        "Ai ký Công văn 4410/CT-CS?",
        "Ai ký thay Chủ tịch tỉnh Thái Nguyên Quyết định 512/QĐ-UBND?",
    ],
)
def test_whoever_signs_in_whatever_words_is_told(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).quotes[0].section == "Phần ký"


def test_who_receives_a_document_does_not_tell_when(answerer: Answerer) -> None:
    answer = answerer.answer("Quyết định 512/QĐ-UBND gửi Bộ Khoa học khi nào?")
    assert all(quote.section != "Nơi nhận" for quote in answer.quotes)


def test_a_row_is_quoted_with_the_line_above_its_table(answerer: Answerer) -> None:
    """Not the heads alone, nor the line alone: the figure asked for, under what it measures."""
    answer = answerer.answer("Tỷ lệ hồ sơ nộp trực tuyến của xã số 37 năm 2028 là bao nhiêu?")
    assert answer.answered
    texts = [quote.text for quote in answer.quotes]
    assert "Chỉ tiêu về tỷ lệ hồ sơ nộp trực tuyến của các xã như sau:" in texts[0]
    assert any("Đơn vị: Xã số 37" in text and "Năm 2028 (%): 87" in text for text in texts)
    assert not any(text.startswith("TT · ") for text in texts)


@pytest.mark.parametrize(
    "question",
    [
        "Quyết định 512/QĐ-UBND về việc gì?",
        "quyet dinh 512/QĐ-UBND noi ve cai gi vay",
        "Văn bản ban hành ngày 05/01/2026 là văn bản nào?",
        "quyết định nào ký ngày 5 tháng 1 năm 2026 vậy",
        "Những quyết định nào ban hành trong tháng 1/2026?",
        "Nội dung chính của Quyết định 512/QĐ-UBND là gì?",
    ],
)
def test_what_a_document_is_about_is_told_in_its_own_words(
    answerer: Answerer, question: str
) -> None:
    answer = answerer.answer(question)
    assert answer.outcome == "answered"
    assert "Giao chỉ tiêu chuyển đổi số" in answer.quotes[0].text
    assert len(answer.quotes) == 1


def test_a_dieu_asked_for_is_read_out_from_its_beginning(answerer: Answerer) -> None:
    answer = answerer.answer("Điều 2 Quyết định 512/QĐ-UBND quy định gì?")
    assert answer.outcome == "answered"
    (quote,) = answer.quotes
    assert quote.section == "Điều 2"
    assert quote.text.startswith("Điều 2. Sửa đổi")
    assert quote.text.endswith("Thời hạn là 10 ngày.”")


@pytest.mark.parametrize(
    ("article", "changed"),
    [("Điều 3", ["1. Bãi bỏ Điều 3."]), ("Điều 4", []), ("khoản 1 Điều 5", ["2. Sửa đổi Điều 5 như sau:"])],
)  # fmt: skip
def test_what_another_document_changes_stands_beside_what_it_changes(
    answerer: Answerer, article: str, changed: list[str]
) -> None:
    answer = answerer.answer(f"{article} Quyết định 9/QĐ-UBND quy định gì?")
    first, *others = answer.quotes
    assert first.metadata.number == "9/QĐ-UBND"
    assert [quote.text.split("\n")[0] for quote in others] == changed
    assert all(quote.section.startswith("Điều 2, khoản") for quote in others)


def test_an_article_that_another_document_puts_in_is_there() -> None:
    text = "Điều 1. Sửa đổi Quyết định số 9/QĐ-UBND\n1. Bổ sung Điều 5a vào sau Điều 5 như sau:\n“Điều 5a. Phí.”\n"
    parts = outline(Document("d", text, Metadata("Sửa đổi")))
    for article, found in (("5a", ["Điều 1, khoản 1"]), ("5", []), ("1", [])):
        asked = Reference(number="9/QĐ-UBND", article=article)
        there = changing(parts, text, "Sửa đổi", "9/QĐ-UBND", asked)
        assert [one.label for one in there] == found


def test_a_change_of_a_change_is_none_of_what_that_changed() -> None:
    """Nor is the second document's Điều the first's."""
    text = (
        "Điều 1. Bãi bỏ\n1. Bãi bỏ Điều 1 Nghị định số 5/2025/NĐ-CP sửa đổi Nghị định số 2/2025/NĐ-CP.\n"
        "2. Bãi bỏ Điều 3 Nghị định số 5/2025/NĐ-CP và Điều 4 Nghị định số 2/2025/NĐ-CP.\n"
    )
    parts = outline(Document("d", text, Metadata("Bãi bỏ")))
    for article, found in (("1", []), ("3", []), ("4", ["Điều 1, khoản 2"])):
        there = changing(parts, text, "Bãi bỏ", "2/2025/NĐ-CP", Reference(article=article))
        assert [one.label for one in there] == found


def test_a_long_section_is_read_out_to_the_end_of_a_line(answerer: Answerer) -> None:
    (quote,) = answerer.answer("Điều 1 Quyết định 512/QĐ-UBND quy định gì?").quotes
    text = answerer.generation.document(quote.document).text
    assert quote.text.startswith("Điều 1. Giao chỉ tiêu")
    assert len(quote.text.split()) <= 150
    assert text[quote.end] == "\n"


def test_capitals_change_no_answer(answerer: Answerer) -> None:
    question = "Điều 3 Quyết định 512/QĐ-UBND quy định ai chịu trách nhiệm thi hành?"
    asked, shouted = answerer.answer(question), answerer.answer(question.upper())
    assert asked.quotes == shouted.quotes
    assert asked.answered
    assert shouted.answered
