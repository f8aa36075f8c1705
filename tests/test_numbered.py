"""What a question names by a number must be there."""

import pytest

from index.law.numbered import Numbered, lacks, numbered_in

LEVELS = "Hệ thống thông tin có cấp độ 1, cấp độ 2 và cấp độ 3. Cấp độ 4 và 5 do Bộ thẩm định."


def only(question: str) -> Numbered:
    (thing,) = numbered_in(question)
    return thing


@pytest.mark.parametrize(
    ("question", "text", "highest"),
    [
        ("Cấp độ 7 thì ai phê duyệt?", LEVELS, 5),
        ("Phụ lục VIII gồm gì?", "Phụ lục I\nTên\nPhụ lục II\nMẫu. Phụ lục số 06 kèm theo.", 6),
        ("cấp độ 6", "100% bộ, ngành đạt cấp độ 4 và 90% đạt cấp độ 5", 5),
        ("hạng 9 là sao", "từ hạng 1 đến hạng 3", 3),
    ],
)
def test_a_number_beyond_the_texts_own_is_lacking(question: str, text: str, highest: int) -> None:
    assert lacks(text, only(question)) == highest


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Cấp độ 5 thì ai phê duyệt?", LEVELS),
        ("Phụ lục 2 có gì?", "Phụ lục I và II ban hành kèm theo"),
        ("mức độ 3 là gì", "dịch vụ công mức độ 1 đến 4"),
        ("Nhóm 2 gồm ai?", "Người dùng chia làm nhiều nhóm."),
        ("Chương I nói gì?", "theo quy định tại Chương III"),
        ("Loại 2 là gì?", "tùy mức độ vi phạm, loại vi mạch và nhóm vị trí việc làm"),
        ("Phụ lục 3 đâu?", "theo Phụ lục I Thông tư số 02/2017/TT-VPCP"),
    ],
)
def test_what_the_text_has_or_never_numbers_is_not(question: str, text: str) -> None:
    assert lacks(text, only(question)) == 0


def test_amounts_and_document_numbers_are_no_such_things() -> None:
    assert not list(numbered_in("Nhóm 100 người, loại 3.000 đồng, mức độ 85/2016, hạng 2a"))
    assert not list(numbered_in("tùy mức độ vi phạm, loại vi mạch, nhóm xi măng"))
