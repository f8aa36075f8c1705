"""What is kept for statistics points to nobody, and still says what was asked."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watching.masking import ACCOUNT, HANDLE, MAIL, NAME, NUMBER, PAPER, PHONE, _mails, masked
from index.evaluation.answers import read_questions
from tests.test_packaging import ROOT

MASKED = [
    # telephone
    ("Gọi cho tôi số 0912345678 nhé", f"Gọi cho tôi số {PHONE} nhé"),
    ("sdt 0912 345 678", f"sdt {PHONE}"),
    ("0912.345.678 là máy tôi", f"{PHONE} là máy tôi"),
    ("09 12 34 56 78", PHONE),
    ("+84 912 345 678", PHONE),
    ("(+84) 912-345-678.", f"{PHONE}."),
    ("84912345678", PHONE),
    ("máy bàn 0208 3855 123", f"máy bàn {PHONE}"),
    ("0912\u200b345\u200b678", PHONE),
    ("０９１２３４５６７８", PHONE),
    ("số là không chín một hai ba bốn năm sáu bảy tám ạ", f"số là {PHONE} ạ"),
    ("khong chin mot hai ba bon nam sau bay tam", PHONE),
    # identity papers
    ("CCCD 019087001234 nộp ở đâu?", f"CCCD {PAPER} nộp ở đâu?"),
    ("căn cước của tôi 019 087 001 234", f"căn cước của tôi {PAPER}"),
    ("019087001234", PAPER),
    ("CMND: 090123456", f"CMND: {PAPER}"),
    ("ma dinh danh 019087001234", f"ma dinh danh {PAPER}"),
    ("hộ chiếu B1234567", f"hộ chiếu {PAPER}"),
    ("thẻ BHYT DN4011234567890", f"thẻ BHYT {PAPER}"),
    # accounts
    ("STK 19034567890123 Techcombank", f"STK {ACCOUNT} Techcombank"),
    ("số tài khoản: 123456", f"số tài khoản: {ACCOUNT}"),
    ("tk 8500.2051.23456 agribank", f"tk {ACCOUNT} agribank"),
    ("tài khoản VIP12345", f"tài khoản {ACCOUNT}"),
    ("mã hồ sơ 20260115000123", f"mã hồ sơ {NUMBER}"),
    # mail and networks
    ("gửi về an.nguyen+1@gmail.com.", f"gửi về {MAIL}."),
    ("an(at)thainguyen.gov.vn", MAIL),
    ("nhắn @nguyenvana giúp", f"nhắn {HANDLE} giúp"),
    ("facebook.com/an.nguyen.99 đây", f"{HANDLE} đây"),
    # names
    ("Tôi là Nguyễn Văn An, hỏi về học phí", f"Tôi là {NAME}, hỏi về học phí"),
    ("tên tôi là Hoàng Thị Bích Ngọc ở Phổ Yên", f"tên tôi là {NAME} ở Phổ Yên"),
    ("em tên Lan muốn hỏi", f"em tên {NAME} muốn hỏi"),
    ("em tên là lan muốn hỏi", f"em tên là {NAME} muốn hỏi"),
    ("Tên em là Giàng A Páo", f"Tên em là {NAME}"),
    ("toi la nguyen van an muon hoi", f"toi la {NAME} muon hoi"),
    ("toi ten la tran thi b o dai tu", f"toi ten la {NAME} o dai tu"),
    ("TÔI LÀ LÊ VĂN CƯỜNG", f"TÔI LÀ {NAME}"),
    ("cháu là An", f"cháu là {NAME}"),
    ("Họ và tên: Nông Thị Hoa", f"Họ và tên: {NAME}"),
    ("họ tên Ma Văn Tài, sinh năm 1980", f"họ tên {NAME}, sinh năm 1980"),
    ("My name is John Smith and I live here", f"My name is {NAME} and I live here"),
    (
        "Tôi là Trần B, CCCD 019087001234, sđt 0912345678, mail b@x.vn, stk 190345678901",
        f"Tôi là {NAME}, CCCD {PAPER}, sđt {PHONE}, mail {MAIL}, stk {ACCOUNT}",
    ),
]
KEPT = [
    "Nghị định 13/2023/NĐ-CP quy định gì?",
    "Luật 134/2025/QH15 có hiệu lực ngày 01/3/2026 hay 01-03-2026?",
    "Điều 12 Quyết định 2312/CVT-CS năm 2025",
    "giai đoạn 2021-2025, tầm nhìn 2030 - 2045",
    "Kinh phí 1.200.000.000 đồng hay 120 000 000 đồng?",
    "Mức hỗ trợ 12,5 triệu, 350.000 người, 99,97 %",
    "Tổng đài 1022, 19001009 hay 1800 6601?",
    "tôi là công dân ở Thái Nguyên",
    "toi la cong dan thai nguyen",
    "tôi là chủ hộ kinh doanh, em là sinh viên, cháu là học sinh lớp 5",
    "toi la chu ho kinh doanh",
    "tôi là Chủ tịch xã thì phải làm gì?",
    "Chuyển đổi số là gì? Tổ công nghệ số cộng đồng là ai?",
    "tên miền là gì? tên đơn vị viết thế nào?",
    "Con là gì trong sổ hộ khẩu?",
    "Hồ sơ trễ 15 ngày, họp 3 lần, 63 tỉnh, 2 cấp",
    "ba bốn năm sáu người",
]


@pytest.mark.parametrize(("said", "kept"), MASKED)
def test_what_points_to_a_person_is_masked(said: str, kept: str) -> None:
    assert masked(said) == kept


@pytest.mark.parametrize("said", KEPT)
def test_what_a_question_is_about_stays(said: str) -> None:
    assert masked(said) == said


@pytest.mark.parametrize(("said", "kept"), MASKED)
def test_letters_and_marks_apart_are_masked_as_well(said: str, kept: str) -> None:
    """As some telephones send them (NFD)."""
    assert masked(unicodedata.normalize("NFD", said)) == kept


def test_real_questions_are_left_as_they_are() -> None:
    """Of those the answers are measured on, two give a number or a name."""
    questions = [
        one.question
        for file in ("dev3", "dev4", "dev5", "heldout")
        for one in read_questions(ROOT / "docs" / "evaluations" / f"{file}.jsonl")
    ]
    assert len(questions) > 300
    changed = [q for q in questions if masked(q) != unicodedata.normalize("NFC", q)]
    assert [masked(question) for question in changed] == [
        f"Công ty tôi mã số thuế {NUMBER} đã được duyệt giấy phép mật mã dân sự chưa?",
        f"Tài khoản game của con tôi tên {NAME} đăng ký bằng số điện thoại nào?",
    ]


@given(st.text(max_size=200))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    """Nothing trips over it, and masking again changes nothing."""
    once = masked(text)
    assert masked(once) == once


def test_what_masking_costs_grows_with_the_text_only() -> None:
    """Read from each of its letters on, this word would take a quarter of an hour."""
    word = "a." * 150_000
    assert masked(word) == word
    assert masked(f"{word}b@c.vn {word}") == f"{MAIL} {word}"


@given(st.text("ab.-+@ (at)[]é_", max_size=40))
def test_an_address_is_found_as_it_is_read_from_the_left(text: str) -> None:
    form = r"[\w.+%'-]+(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[\w-]+(?:\.[\w-]+)+"
    found = [one.span() for one in re.finditer(form, text, re.IGNORECASE)]
    assert [(start, end) for start, end, _ in _mails(text)] == found


def test_numbers_however_they_are_written_do_not_get_through() -> None:
    """A thousand telephone, identity and account numbers, in all the ways of grouping them."""
    dice = random.Random(7)
    for _ in range(1000):
        kind = dice.choice(("phone", "paper", "account"))
        digits = {
            "phone": "0" + dice.choice("35789") + "".join(dice.choices("0123456789", k=8)),
            "paper": "0" + "".join(dice.choices("0123456789", k=11)),
            "account": "".join(dice.choices("123456789", k=dice.choice((10, 12, 13, 14)))),
        }[kind]
        sign = dice.choice(("", " ", ".", "-", "\u00a0"))
        size = dice.choice((2, 3, 4))
        written = sign.join(digits[at : at + size] for at in range(0, len(digits), size))
        lead = {"phone": "gọi", "paper": "CCCD", "account": "số tài khoản"}[kind]
        kept = masked(f"{lead} {written} giúp tôi với")
        assert not any(char.isdigit() for char in kept), (written, kept)
