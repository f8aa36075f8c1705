"""What mending of slips promises, on the model we ship and a small library's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.question.diacritics import Restorer, learn_library
from index.question.spelling import Speller
from knowledge.abbreviations import Abbreviations
from knowledge.vietnamese import nfc

LIBRARY = (
    "Chuyển đổi số; kế hoạch chuyển đổi số; ngày chuyển đổi số; chỉ đạo chuyển đổi số.",
    "Nền tảng Zalo và Viettel phục vụ chuyển đổi số của tỉnh Thái Nguyên.",
    "Bộ chỉ số DTI đo mức độ chuyển đổi số; cổng dịch vụ công trực tuyến dùng VNeID.",
    "Trợ lý ảo dùng công nghệ blockchain do Kaspersky bảo vệ.",
)


@pytest.fixture(scope="module")
def speller(tmp_path_factory: pytest.TempPathFactory) -> Speller:
    counts: Path = tmp_path_factory.mktemp("language") / "counts"
    learn_library(LIBRARY, counts)
    return Speller.over(Restorer.open(library=[counts]), Abbreviations.open())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chuyern đổi số", "chuyển đổi số"),  # a key of telex left
        ("chuyên đôỉ sô", "chuyển đổi số"),  # marks lost and misplaced
        ("dịhc vụ công", "dịch vụ công"),  # swapped
        ("thủ tục hành chnh là gì?", "thủ tục hành chính là gì?"),  # left out
        ("cơ qquan nào chủ trì?", "cơ quan nào chủ trì?"),  # typed twice
        ("chữ ký số là gfì?", "chữ ký số là gì?"),  # one too many
        ("trí tuệ nhân tajo ở Việt Nam", "trí tuệ nhân tạo ở Việt Nam"),
        ("quy định về luwu trữ hồ sơ", "quy định về lưu trữ hồ sơ"),  # telex
        ("bảo đảm antoàn thông tin", "bảo đảm an toàn thông tin"),  # a space lost
        ("Nội dung trang chương trình này", "Nội dung trong chương trình này"),  # another word
        ("CHUYỂN ĐỔI SỐ LÀ GÌÌ", "CHUYỂN ĐỔI SỐ LÀ GÌ"),
    ],
)
def test_a_slip_is_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mended(nfc(typed)) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Chuyển đổi số là gì?",
        "Ai chịu trách nhiệm về an toàn thông tin của xã?",
        "Nghị định số 47/2020/NĐ-CP quy định gì về dữ liệu?",
        "Quyết định 749/QĐ-TTg có mấy mục tiêu đến năm 2025?",
        "UBND tỉnh và Sở KHCN làm gì với DVC, CSDL, DTI?",
        "Ông Trịnh Xuân Trường và bà Nguyễn Thị Loan phát biểu gì?",
        "Gửi hồ sơ tới motcua@thainguyen.gov.vn hay https://dichvucong.gov.vn?",
        "Cán bộ ko có VNeID thì đc dùng Zalo ko?",
        "Kaspersky bảo vệ blockchain thế nào?",
        "Khi cả nước gặp vụ hack thì đơn vị nào chỉ huy?",  # no "Jack", which the restorer knows
        "Tụi nhỏ nhờ ai coi giùm cái máy xịn?",  # spoken words that no law has
        "What does the digital transformation programme say?",
        "chuyen doi so la gi",
        "ddieenj tuwr laf gif",  # telex, decoded by what comes after
        "ạ" * 4096,
        "",
        "???",
    ],
)
def test_what_is_no_slip_stays_byte_for_byte(speller: Speller, question: str) -> None:
    assert speller.mended(question) == question


def test_a_name_of_the_library_is_mended_and_another_left(speller: Speller) -> None:
    """A name is known by the library's own documents; who is not in them is not made one of them."""
    assert speller.mended("Phần mềm Kasperksy là gì?") == "Phần mềm Kaspersky là gì?"
    assert speller.mended("Phần mềm Kubernetes là gì?") == "Phần mềm Kubernetes là gì?"


def test_in_a_bare_question_words_come_out_bare(speller: Speller) -> None:
    """Marks are the restorer's to give, with the whole question before it."""
    assert speller.mended("dihc vu cong truc tuyne la gi") == "dich vu cong truc tuyen la gi"


def test_capitals_stay_where_they_were_typed(speller: Speller) -> None:
    """A first letter that was hit was a capital where the question opens."""
    assert speller.mended("Chươgn trình ở Thái Nguyêên") == "Chương trình ở Thái Nguyên"
    assert speller.mended("hCương trình chuyển đổi số") == "Chương trình chuyển đổi số"
