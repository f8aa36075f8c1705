"""Who does what is told with the name of who does it; a number with a day is the document of that day."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.screens.render import Shown
from index.answer import Answerer
from index.law.references import references_in
from index.retrieval.encoder import Encoder
from tests.running_bot import shelved

PLAN = """ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN

Số: 77/KH-UBND
Thái Nguyên, ngày 20 tháng 01 năm 2026

KẾ HOẠCH
Phát triển kho dữ liệu dùng chung của tỉnh

I. MỤC TIÊU
Mọi cơ quan dùng chung một kho dữ liệu trong năm 2026.

II. TỔ CHỨC THỰC HIỆN

1. Sở Tài chính

Bố trí kinh phí mua máy chủ cho kho dữ liệu dùng chung.

Phối hợp với Sở Nội vụ thẩm định dự toán đào tạo công chức quản trị dữ liệu.

2. Sở Khoa học và Công nghệ

a) Vận hành kho dữ liệu dùng chung và cấp tài khoản cho các cơ quan;

b) Báo cáo Ủy ban nhân dân tỉnh kết quả hằng quý.

3. Văn phòng Ủy ban nhân dân tỉnh có trách nhiệm theo dõi, đôn đốc việc thực hiện kế hoạch này.
"""
EARLIER = """ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN

Số: 77/KH-UBND
Thái Nguyên, ngày 18 tháng 02 năm 2025

KẾ HOẠCH
Tuyên truyền về chữ ký số cá nhân

1. Cấp chữ ký số cá nhân cho 5.000 người dân trong năm 2025.
"""
LAW = """# Dữ liệu số

Điều 2.1.LQ.1. Phạm vi điều chỉnh

(Điều 1 Luật số 9/2024/QH15, có hiệu lực thi hành kể từ ngày 01/01/2025)

1. Luật này quy định về dữ liệu số của cơ quan nhà nước.

Điều 2.1.LQ.3. Lệ phí

(Điều 3 Luật số 9/2024/QH15, có hiệu lực thi hành kể từ ngày 01/01/2025)

1. Người dân không phải trả lệ phí khi xem dữ liệu mở.
"""
CIRCULAR = """# Cổng dữ liệu

Điều 2.1.TT.1.1. Phạm vi điều chỉnh

(Điều 1 Thông tư số 4/2025/TT-BKHCN, có hiệu lực thi hành kể từ ngày 01/06/2025)

1. Thông tư này quy định về cổng dữ liệu.

Điều 2.1.LQ.7. Cổng dữ liệu

(Điều 7 Luật số 9/2024/QH15, có hiệu lực thi hành kể từ ngày 01/01/2025)

1. Mỗi tỉnh có một cổng dữ liệu mở.

2. Cổng dữ liệu mở hoạt động suốt ngày đêm.
"""
REPEAL = """Nghị định số 8/2026/NĐ-CP về kho dữ liệu

Điều 5. Hiệu lực thi hành

1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 3 năm 2026.

2. Các nghị định sau hết hiệu lực từ ngày Nghị định này có hiệu lực thi hành:

a) Nghị định số 31/2019/NĐ-CP ngày 05 tháng 4 năm 2019 của Chính phủ về lưu trữ điện tử;

b) Nghị định số 32/2019/NĐ-CP ngày 08 tháng 4 năm 2019 của Chính phủ về cổng thông tin.
"""
CODES = """Danh mục thủ tục và kỹ năng

1. 2.001456.H50 Cấp tài khoản kho dữ liệu cho đơn vị sự nghiệp.

2. Chuẩn kỹ năng kiến trúc dữ liệu (Mã KTDL) gồm bốn bậc, do Sở Nội vụ xét.

3. Phiên bản 2.0 của kho dữ liệu chạy từ tháng 3 năm 2026.
"""
LIBRARY = {
    "ma": (CODES, "title: Danh mục thủ tục và kỹ năng\n"),
    "kho": (PLAN, "title: Kế hoạch 77/KH-UBND về kho dữ liệu dùng chung\nnumber: 77/KH-UBND\n"
     "kind: Kế hoạch\ndate: 2026-01-20\nissuer: Ủy ban nhân dân tỉnh Thái Nguyên\n"),
    "chu-ky": (EARLIER, "title: Kế hoạch 77/KH-UBND về chữ ký số\nnumber: 77/KH-UBND\n"
     "kind: Kế hoạch\ndate: 2025-02-18\nissuer: Ủy ban nhân dân tỉnh Thái Nguyên\n"),
    "luat": (LAW, "title: Luật Dữ liệu số\nnumber: 9/2024/QH15\nkind: Luật\ndate: 2024-06-12\n"),
    "cong": (CIRCULAR, "title: Thông tư 4/2025/TT-BKHCN về cổng dữ liệu\nnumber: 4/2025/TT-BKHCN\n"
     "kind: Thông tư\ndate: 2025-04-02\n"),
    "bai-bo": (REPEAL, "title: Nghị định 8/2026/NĐ-CP về kho dữ liệu\nnumber: 8/2026/NĐ-CP\n"
     "kind: Nghị định\ndate: 2026-01-15\n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    """Two plans of one number, a law one Điều of which stands in a circular's copy, a decree that repeals."""
    return shelved(tmp_path_factory.mktemp("duties"), LIBRARY, encoder)


@pytest.mark.parametrize(
    ("question", "tells"),
    [
        ("Sở nào vận hành kho dữ liệu dùng chung và cấp tài khoản?", "2. Sở Khoa học và Công nghệ"),
        ("Sở nào thẩm định dự toán đào tạo công chức quản trị dữ liệu?", "1. Sở Tài chính"),
        (
            "Cơ quan nào báo cáo Ủy ban nhân dân tỉnh kết quả hằng quý?",
            "2. Sở Khoa học và Công nghệ",
        ),
    ],
)
def test_an_item_is_shown_under_the_name_of_who_has_to_do_it(
    question: str, tells: str, shelf: Answerer
) -> None:
    """Other bodies in it, that are worked with or reported to, are not who does it."""
    answer = shelf.answer(question)
    assert answer.quotes[0].text.startswith(tells)
    first = Shown.of(answer).first
    assert len(first) == 2 or "\n" in first[0].text  # the name is never shown without the item


@pytest.mark.parametrize(
    ("question", "begins", "holds"),
    [
        ("Sở Tài chính có nhiệm vụ gì theo Kế hoạch 77/KH-UBND ngày 20/01/2026?", "1. Sở Tài chính", "máy chủ"),
        ("nhiem vu cua so KH&CN trong ke hoach 77/KH-UBND ngay 20/1/2026", "2. Sở Khoa học", "tài khoản"),
        ("Văn phòng UBND tỉnh có trách nhiệm gì theo Kế hoạch 77 ngày 20/01/2026", "3. Văn phòng", "đôn đốc"),
    ],
)  # fmt: skip
def test_what_a_body_has_to_do_is_the_part_under_its_name(
    question: str, begins: str, holds: str, shelf: Answerer
) -> None:
    answer = shelf.answer(question)
    assert answer.outcome == "answered"
    assert answer.quotes[0].text.startswith(begins)
    assert holds in answer.quotes[0].text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2.001456.H50 là thủ tục gì?", "2.001456.H50 Cấp tài khoản kho dữ liệu cho đơn vị"),
        ("mã KTDL là gì vậy", "Chuẩn kỹ năng kiến trúc dữ liệu (Mã KTDL) gồm bốn bậc"),
        ("B027 là chỉ tiêu gì", ""),
        ("2.0 là gì", ""),
        ("mã vạch là gì", ""),
    ],
)
def test_what_a_code_stands_for_is_told_where_it_stands(
    question: str, told: str, shelf: Answerer
) -> None:
    """And nothing where it stands nowhere: a number with a stop is no code."""
    answer = shelf.answer(question)
    if told:
        assert answer.outcome == "answered"
        assert told in answer.quotes[0].text
    else:
        assert answer.outcome != "answered"


def test_a_body_that_the_document_gives_nothing_to_do_is_given_nothing(shelf: Answerer) -> None:
    answer = shelf.answer("Sở Y tế có nhiệm vụ gì theo Kế hoạch 77/KH-UBND ngày 20/01/2026?")
    assert answer.outcome in ("absent", "uncertain")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("KH 77/KH-UBND ngày 20/01/2026 do ai ký", "2026-01-20"),
        ("Kế hoạch 77 ký ngày 20 tháng 1 năm 2026 nói gì", "2026-01-20"),
        ("CT 01/CT-BTTTT của Bộ Thông tin và Truyền thông ngày 20-01-2024", "2024-01-20"),
        ("QĐ 425/QĐ-UBND (ngày 24.02.2021) có hiệu lực từ ngày 24/02/2021", "2021-02-24"),
        ("Kế hoạch 77 có mục tiêu gì đến ngày 20/01/2026", ""),
        ("Kế hoạch 77/KH-UBND ngày 15/8/2026 có hiệu lực chưa?", ""),
        ("Theo Kế hoạch 77/KH-UBND, ngày 31/12/2026 là hạn của việc gì", ""),
        ("Kế hoạch 77 ban hành 20/1/26 về gì", "2026-01-20"),
        ("QĐ 425/QĐ-UBND ngày 31/02/2021", ""),
    ],
)
def test_the_day_beside_a_number_is_read(said: str, day: str) -> None:
    assert references_in(said)[0].date == day


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Kế hoạch 77/KH-UBND ngày 20/01/2026 về việc gì?", "kho"),
        ("Kế hoạch 77/KH-UBND ngày 18/02/2025 về việc gì?", "chu-ky"),
        ("ke hoach 77 ngay 18/2/2025 cap chu ky so cho bao nhieu nguoi", "chu-ky"),
    ],
)
def test_of_one_number_the_day_tells_which(question: str, document: str, shelf: Answerer) -> None:
    answer = shelf.answer(question)
    assert {Path(quote.document).stem for quote in answer.quotes} == {document}


@pytest.mark.parametrize(
    "question",
    [
        "Kế hoạch 77/KH-UBND ngày 19/01/2026 do ai ký?",
        "Kế hoạch 77/KH-UBND ngày 19/01/2026 có hiệu lực từ khi nào?",
        "Kế hoạch 77/KH-UBND có phải ký ngày 19/01/2026 không",
    ],
)
def test_a_wrong_day_is_said_and_not_passed_over(question: str, shelf: Answerer) -> None:
    answer = shelf.answer(question)
    assert (answer.outcome, answer.quotes) == ("nonexistent", ())
    assert "19/01/2026" in answer.text
    assert "20/01/2026" in answer.text or "18/02/2025" in answer.text


def test_a_right_day_is_confirmed_by_the_letterhead(shelf: Answerer) -> None:
    answer = shelf.answer("Kế hoạch 77/KH-UBND ký ngày 20/01/2026 đúng không?")
    assert answer.quotes[0].text == "Thái Nguyên, ngày 20 tháng 01 năm 2026"


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Điều 7 Luật 9/2024/QH15 quy định gì?", "Mỗi tỉnh có một cổng"),
        ("Khoản 2 Điều 7 Luật Dữ liệu số 9/2024/QH15", "suốt ngày đêm"),
        ("Điều 3 Luật 9/2024/QH15 quy định gì?", "không phải trả lệ phí"),
    ],
)
def test_an_article_that_stands_in_anothers_copy_is_found_there(
    question: str, holds: str, shelf: Answerer
) -> None:
    answer = shelf.answer(question)
    assert answer.outcome == "answered"
    assert holds in answer.quotes[0].text
    assert "Luật 9/2024/QH15" in answer.quotes[0].section or answer.quotes[0].document == "luat.txt"


@pytest.mark.parametrize("asks", ["ban hành ngày nào?", "được Quốc hội thông qua ngày nào?"])
def test_the_day_of_effect_is_not_the_day_of_issue(asks: str, shelf: Answerer) -> None:
    """Of a text that has lost its letterhead only the other one is known."""
    assert shelf.answer(f"Luật Dữ liệu số 9/2024/QH15 {asks}").outcome != "answered"


def test_an_article_that_no_copy_holds_is_not_there(shelf: Answerer) -> None:
    assert shelf.answer("Điều 50 Luật 9/2024/QH15 quy định gì?").outcome == "nonexistent"


@pytest.mark.parametrize("number", ["31/2019", "32/2019"])
def test_what_a_list_repeals_is_repealed_by_the_line_above_it(number: str, shelf: Answerer) -> None:
    """The item names the decree, and only the line that opens the list says what becomes of it."""
    answer = shelf.answer(f"Nghị định {number}/NĐ-CP còn hiệu lực không?")
    assert answer.answered
    assert "hết hiệu lực" in answer.quotes[0].text
    assert number in " ".join(quote.text for quote in Shown.of(answer).first)
