"""Who holds an office is not told by who holds another."""

from __future__ import annotations

import pytest

from index.answer import Answerer
from index.evidence.office import another_office


@pytest.mark.parametrize(
    ("asked", "told", "another"),
    [
        ("phó ban là ai", "Trưởng Ban Chỉ đạo là Bí thư Tỉnh ủy", True),
        ("ai là phó trưởng ban", "Phó Ban Chỉ đạo là ông A", False),
        ("ai là chủ tịch nước", "Chủ tịch Ủy ban nhân dân tỉnh là ông A", True),
        ("ai là chủ tịch nước", "Chủ tịch nước ký lệnh công bố", True),
        ("ai là chủ tịch nước", "Ngày 2/9, Chủ tịch nước Trần Văn A ký lệnh công bố", False),
        ("Thủ tướng là ai", "Quyết định 1 là của Thủ tướng Chính phủ, về tỉnh Thái Nguyên", True),
        ("ai là trưởng ban", "Trưởng Ban Chỉ đạo là Chủ tịch Ủy ban nhân dân tỉnh", False),
        ("bộ trưởng là ai", "Trưởng phòng chịu trách nhiệm trước Bộ trưởng", True),
        ("ai là chủ tịch tỉnh", "Chủ tịch Ủy ban nhân dân tỉnh là ông A", False),
        ("ai là chủ tịch tỉnh", "Phó Chủ tịch Ủy ban nhân dân tỉnh là ông B", True),
        ("giám đốc sở là ai", "Bộ trưởng là ông C", True),
        ("giám đốc sở là ai", "Ông D phụ trách việc này", False),
        ("giám đốc sở y tế là ai", "Giám đốc Sở Khoa học và Công nghệ là ông E", True),
        ("giám đốc công an tỉnh là ai", "Giám đốc Sở Khoa học và Công nghệ tỉnh là ông E", True),
        ("bí thư tỉnh đoàn là ai", "Bí thư Tỉnh ủy là ông A", True),
        ("trưởng ban chỉ đạo trung ương là ai", "Trưởng Ban Chỉ đạo của tỉnh là ông A", True),
        ("hôm Phó Thủ tướng về thì bí thư dự là ai", "Bí thư Tỉnh ủy là ông A", False),
        ("Thủ tướng giao ai làm khung này", "Bộ trưởng là ông C", False),
        ("bí thư tỉnh ủy là ai", "Tổng Bí thư là ông F", True),
        ("ai là chủ tịch HĐND tỉnh", "Chủ tịch Hội đồng nhân dân tỉnh là bà G", False),
        ("ai là tổ trưởng", "Bộ trưởng là ông C", False),
        ("bí thư thành ủy là ai", "Bí thư Tỉnh ủy là bà Nguyễn Thanh Hải", True),
        ("bí thư thành ủy là ai", "Họp ở thành phố có Bí thư Tỉnh ủy Nguyễn Văn A", True),
        ("bi thu tinh uy la ai", "Bí thư Tỉnh ủy là bà Nguyễn Thanh Hải", False),
    ],
)
def test_a_deputy_is_not_the_head_nor_one_chairman_another(
    asked: str, told: str, another: bool
) -> None:
    assert another_office(asked, told) is another


@pytest.mark.parametrize("question", ["ai là chủ tịch nước", "phó giám đốc Sở Thông tin là ai"])
def test_another_office_is_not_told_instead(question: str, starter_answerer: Answerer) -> None:
    assert starter_answerer.answer(question).outcome != "answered"


@pytest.mark.parametrize("now", ["bây giờ là ai", "giờ thì ai", "còn hiện nay"])
@pytest.mark.parametrize("before", ["lúc ra nghị quyết 01", "năm 2020"])
def test_who_asks_of_now_is_told_no_holder_of_the_time_spoken_of(
    now: str, before: str, shipped: Answerer
) -> None:
    answer = shipped.answer(now, (f"bí thư tỉnh ủy {before} là ai",))
    assert "Trịnh Xuân Trường" in answer.quotes[0].text
    turns = (f"bí thư tỉnh ủy {before} là ai", now)
    assert "Vương Quốc Tuấn" in shipped.answer("còn chủ tịch tỉnh", turns).quotes[0].text


def test_the_year_of_a_law_stays_its_name(shipped: Answerer) -> None:
    turns = ("Luật Giao dịch điện tử 2005 quy định gì",)
    (asked,) = shipped.find_all("bây giờ còn hiệu lực không", turns)
    assert "2005" in asked.understanding.lead


@pytest.mark.parametrize("of", ["Sở KHCN Thái Nguyên", "Sở Khoa học và Công nghệ tỉnh"])
def test_who_is_told_by_office_and_body_is_told_firmly(of: str, shipped: Answerer) -> None:
    answer = shipped.answer(f"Giám đốc {of} là ai?")
    assert answer.outcome == "answered"
    assert "Dương Hữu Bường" in answer.quotes[0].text


def test_another_question_is_not_asked_of_whom(shipped: Answerer) -> None:
    turns = ("bình dân học AI dành cho ai",)
    (asked,) = shipped.find_all("thế học trên trang nào", turns)
    assert asked.understanding.alone == "học trên trang nào"
