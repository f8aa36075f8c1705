"""What the diacritics restorer promises, on the model we ship."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.question.diacritics import Restorer, fold, is_bare, learn_library, normal


@pytest.fixture(scope="module")
def restorer() -> Restorer:
    return Restorer.open()


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("chuyen doi so la gi?", "chuyển đổi số là gì?"),
        ("Co bao nhieu dan toc o Viet Nam?", "Có bao nhiêu dân tộc ở Việt Nam?"),
        ("thu do cua Viet Nam o dau", "thủ đô của Việt Nam ở đâu"),
        ("Duong nao di Thai Nguyen", "Đường nào đi Thái Nguyên"),
    ],
)
def test_a_bare_question_gets_its_marks(restorer: Restorer, typed: str, restored: str) -> None:
    assert restorer.restore(typed) == restored


@given(st.text("aAdDeoOuyinhgtcKT àệĐỡ\u0301\u0302\u0323.,-/?@#_0\n\tßİK😀ñ", max_size=40))
@settings(deadline=None)
def test_nothing_but_marks_ever_changes(restorer: Restorer, text: str) -> None:
    for old, new in zip(text, restorer.restore(text), strict=True):
        assert new == old or (fold(new.lower()) == old.lower() and new.isupper() == old.isupper())


def test_capitals_are_kept_as_typed(restorer: Restorer) -> None:
    assert restorer.restore("DICH VU CONG TRUC TUYEN LA GI") == "DỊCH VỤ CÔNG TRỰC TUYẾN LÀ GÌ"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "?!",
        "Chuyển đổi số là gì, và có lợi cho ai?",
        "https://thainguyen.gov.vn/thu-tuc?ma=abc an.nguyen@tinh.gov.vn dichvucong.gov.vn",
        "47/2020/NĐ-CP 01-NQ/TU 2629/QD-TTg 1.234,5 A4 ma_so @trolyso",
        "How do I register for an online public service?",
        "Newton, Panthers, Microsoft Windows, internet",
    ],
)
def test_what_is_not_bare_vietnamese_stays_byte_for_byte(restorer: Restorer, text: str) -> None:
    assert restorer.restore(text) == text


def test_spacing_and_punctuation_survive(restorer: Restorer) -> None:
    assert restorer.restore("  nghi  dinh 47/2020/ND-CP ,\tquy dinh gi ?? ") == (
        "  nghị  định 47/2020/ND-CP ,\tquy định gì ?? "
    )


def test_a_decomposed_syllable_is_not_bare(restorer: Restorer) -> None:
    decomposed = "so\u0302\u0301"  # "số" as it comes out of some PDF files
    assert restorer.restore(f"chuyen doi {decomposed}") == f"chuyển đổi {decomposed}"


def test_marked_syllables_steer_their_bare_neighbours(restorer: Restorer) -> None:
    assert restorer.restore("đường sat") == "đường sắt"
    assert restorer.restore("khảo sat") == "khảo sát"


def test_a_bare_syllable_in_a_marked_question_is_believed(restorer: Restorer) -> None:
    question = "Tỉnh nào đứng đầu trong bảng xếp hạng, và phần mềm cho ai?"
    assert restorer.restore(question) == question


def test_acronyms_get_their_crossed_d_and_no_marks(restorer: Restorer) -> None:
    assert restorer.restore("UBND va HDND lam gi ve CDS, DVC, AI?") == (
        "UBND và HĐND làm gì về CĐS, DVC, AI?"
    )
    assert restorer.restore("ND 47 va ND-CP, ND la gi") == "NĐ 47 và NĐ-CP, ND là gì"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("lam the nao de dang ky tai khoan", True),
        ("Jared Allen sinh nam nao?", True),
        ("Làm thế nào để đăng ký tài khoản", False),
        ("How can I do it on a phone?", False),
        ("What is the address of the centre", False),
        ("2629/QD-TTg", False),
        ("", False),
    ],
)
def test_bare_vietnamese_is_told_from_marked_and_from_english(text: str, bare: bool) -> None:
    assert is_bare(text) is bare


def test_both_placements_of_a_tone_are_one_word() -> None:
    assert [normal("hoà"), normal("thuỷ"), normal("quý"), normal("hoàn")] == [
        "hòa",
        "thủy",
        "quý",
        "hoàn",
    ]


def test_names_come_from_the_library(tmp_path: Path, restorer: Restorer) -> None:
    question, wanted = "Xom Na Leng o dau?", "Xóm Nà Lẹng ở đâu?"
    assert restorer.restore(question) != wanted
    counts = tmp_path / "library.npz"
    learn_library(["Xóm Nà Lẹng có 35 hộ. Đường đến xóm Nà Lẹng đã mở rộng."], counts)
    assert Restorer.open(library=[counts]).restore(question) == wanted


def test_a_library_without_marks_teaches_nothing(tmp_path: Path, restorer: Restorer) -> None:
    counts = tmp_path / "library.npz"
    learn_library(["chuyen doi so la gi, chuyen doi so o dau"] * 9, counts)
    question = "chuyen doi so la gi?"
    assert Restorer.open(library=[counts]).restore(question) == restorer.restore(question)
