"""Amounts said in words are looked for in digits, as documents write them."""

import pytest

from index.question.amounts import as_counted, in_digits, sums_in


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("phạt bốn mươi triệu đồng", "phạt 40 triệu đồng"),
        ("phạt bốn mươi lăm triệu", "phạt 45 triệu"),
        ("đầu tư mười tỷ", "đầu tư 10 tỷ"),
        ("sau mười ngày", "sau 10 ngày"),
        ("đạt tám mươi phần trăm", "đạt 80%"),
        ("một trăm phần trăm xã", "100% xã"),
        ("hai trăm linh năm hộ", "205 hộ"),
        ("mười hai ngày", "12 ngày"),
        ("hỗ trợ hai triệu", "hỗ trợ 2 triệu"),
        ("ba trăm bảy mươi tư", "374"),
    ],
)
def test_an_amount_in_words_becomes_digits(said: str, digits: str) -> None:
    assert in_digits(said) == digits


@pytest.mark.parametrize(
    "said",
    [
        "năm 2030 thế nào", "tháng tư năm nay", "thứ ba họp",
        "ba mẹ tôi hỏi", "bao nhiêu phần trăm", "mấy chục triệu", "không có ai", "tư nhân làm",
        "năm ba lần", "trăm năm", "Việt Nam hai lần",
    ],
)  # fmt: skip
def test_what_is_no_amount_stays(said: str) -> None:
    assert in_digits(said) == said


def test_a_sum_is_also_looked_for_written_out() -> None:
    assert sums_in("phạt 40 triệu, thưởng 5 nghìn đồng") == ["40.000.000", "5.000"]
    assert sums_in("5² triệu") == []


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("3 trụ cột là gì", "ba trụ cột là gì"),
        ("3 tru cot la gi", "ba tru cot la gi"),
        ("khoản 3 trụ cột", "khoản 3 trụ cột"),  # a part's own number
        ("7 nhà mạng", "7 nhà mạng"),  # no document has "bảy nhà"
        ("4 tỉnh", "4 tỉnh"),  # stands both ways
        ("13 trụ cột, 3,5 trụ cột, 01/3 trụ cột", "13 trụ cột, 3,5 trụ cột, 01/3 trụ cột"),
    ],
)
def test_a_small_number_is_looked_for_as_the_documents_write_it(typed: str, searched: str) -> None:
    passages = {"ba_tru": 9, "bon_tinh": 2, "4_tinh": 1, "khoan_3": 40, "7_nha": 1}
    assert as_counted(typed, lambda pair: passages.get(pair, 0)) == searched
