"""What tells the counterpart of what is asked is never given as a firm answer."""

from __future__ import annotations

import pytest

from index.answer import Answerer
from index.evidence.opposed import is_opposed
from index.question.kind import kind_of
from index.retrieval.encoder import Encoder
from tests.running_bot import over_one

LIBRARY = """# Xếp hạng của tỉnh Thái Nguyên: PAR Index, PAPI, PCI

Năm 2023, Thái Nguyên đạt 67,48 điểm PCI, xếp thứ 23/63, tăng 2 bậc so với năm 2022.

Năm 2021, Thái Nguyên xếp thứ 6/63 về chỉ số cải cách hành chính (PAR Index), tăng 6 bậc.

Năm 2023, Thái Nguyên đạt 45,7875 điểm PAPI, đứng thứ 2 cả nước.

## Giấy phép

Giấy phép thiết lập mạng xã hội có thời hạn tối đa không quá 10 năm.

Trung tâm Dữ liệu tỉnh khai trương ngày 13/3/2026.
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    return over_one(tmp_path_factory.mktemp("opposed"), "xep-hang.md", LIBRARY, encoder)


@pytest.mark.parametrize(
    ("question", "told", "opposed"),
    [
        ("thời hạn tối thiểu bao nhiêu năm", "thời hạn tối đa không quá 10 năm", True),
        ("thời hạn tối đa bao nhiêu năm", "thời hạn tối đa không quá 10 năm", False),
        ("thời hạn bao nhiêu năm", "thời hạn tối đa không quá 10 năm", False),
        ("nộp sớm nhất bao nhiêu ngày", "nộp chậm nhất 30 ngày trước khi hết hạn", False),
        ("trung tâm khởi công ngày nào", "Trung tâm khai trương ngày 13/3/2026.", True),
        ("phong trào kết thúc khi nào", "Phong trào bắt đầu từ ngày 22/5/2025.", True),
        ("phong trào kết thúc khi nào", "Phong trào kéo dài đến hết năm 2026.", False),
        ("luật hết hiệu lực ngày nào", "Luật này có hiệu lực từ ngày 01/01/2019.", True),
        ("luật hết hiệu lực ngày nào", "Luật này được thay thế từ ngày 01/01/2026.", False),
        ("ở cấp thôn đạt bao nhiêu", "hồ sơ ở cấp tỉnh, cấp huyện đạt 80%", True),
        ("ở cấp xã đạt bao nhiêu", "hồ sơ ở cấp tỉnh đạt 80%, xã đạt 60%", False),
        ("cấp độ 2 thẩm định mấy ngày", "hệ thống cấp độ 4 hoặc cấp độ 5: 25 ngày", True),
        ("cấp độ 4 thẩm định mấy ngày", "hệ thống cấp độ 4 hoặc cấp độ 5: 25 ngày", False),
        ("nộp hồ sơ trực tiếp có được giảm phí không", "nộp trực tuyến được giảm 50% lệ phí", True),
        ("nộp hồ sơ trực tiếp ở đâu", "nộp trực tuyến, hoặc trực tiếp tại trung tâm", False),
        ("15 chỉ tiêu đó là những chỉ tiêu nào", "Nghị quyết có 15 chỉ tiêu.", True),
        ("3 trụ cột đó là những trụ cột nào", "chính quyền số, kinh tế số, xã hội số", False),
    ],
)
def test_the_counterpart_is_told_from_what_is_asked(
    question: str, told: str, opposed: bool
) -> None:
    assert is_opposed(question, kind_of(question), told, told, told) is opposed


@pytest.mark.parametrize(
    "question",
    [
        "giấy phép mạng xã hội có thời hạn tối thiểu bao nhiêu năm",
        "Trung tâm Dữ liệu tỉnh khởi công ngày nào",
    ],
)
def test_it_is_not_given_as_firm(question: str, answerer: Answerer) -> None:
    assert answerer.answer(question).outcome != "answered"


def test_what_is_asked_itself_still_is(answerer: Answerer) -> None:
    answer = answerer.answer("Trung tâm Dữ liệu tỉnh khai trương ngày nào")
    assert answer.outcome == "answered"


def test_another_ranking_known_by_its_letters_is_no_answer(answerer: Answerer) -> None:
    """PAPI is not PCI, however alike what is told of them."""
    assert answerer.answer("PAR Index năm 2023 của Thái Nguyên xếp thứ mấy?").outcome != "answered"
    assert answerer.answer("Năm 2021, Thái Nguyên xếp thứ mấy về PCI?").outcome != "answered"
    answer = answerer.answer("pci năm 2023 thái nguyên xếp thứ mấy")
    assert "PCI" in answer.quotes[0].text
