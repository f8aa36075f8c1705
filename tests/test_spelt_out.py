"""What letters stand for is told in the words of the document that spells them out, or not at all."""

from __future__ import annotations

import pytest

from index.answer import Answerer
from index.retrieval.encoder import Encoder
from tests.running_bot import shelved

SHORT = "- Tỉnh có 120 hợp tác xã (HTX)."
LONG = (
    "- Năm 2024, tỉnh giúp các hợp tác xã (HTX) bán hàng qua mạng và mở lớp dạy nghề cho xã viên."
)
ITSELF = "1. LGSP là nền tảng tích hợp, chia sẻ dữ liệu cấp tỉnh."
CENTRE = "Tỉnh lập Trung tâm điều hành thông minh (IOC) tại trụ sở Ủy ban nhân dân tỉnh."
WITHIN = "Việt Nam vào nhóm 50 nước về chỉ số phát triển hạ tầng số (IDI)."
LIBRARY = {
    "tin": (f"# Tin (HTX)\n\n{LONG}\n{SHORT}\n\n{CENTRE}\n\n{WITHIN}\n", "title: Tin trong tỉnh\n"),
    "nen-tang": (
        f"Tỉnh nâng cấp nền tảng chia sẻ (LGSP).\n\n{ITSELF}\n",
        "title: Nền tảng dùng chung\n",
    ),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    return shelved(tmp_path_factory.mktemp("spelt-out"), LIBRARY, encoder)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("HTX là viết tắt của từ gì?", SHORT),
        ("htx la gi", SHORT),
        ("chu HTX viet tat cua cum tu nao vay", SHORT),
        ("LGSP là viết tắt của gì", ITSELF),
        ("ioc viết tắt của chữ gì", CENTRE),
        ("Trung tâm điều hành thông minh viết tắt là gì?", CENTRE),
    ],
)
def test_the_shortest_sentence_that_spells_them_out_is_quoted(
    question: str, told: str, shelf: Answerer
) -> None:
    """But first one that goes on to say what they are; never a heading."""
    answer = shelf.answer(question)
    assert answer.outcome == "answered"
    assert [quote.text.removeprefix("- ") for quote in answer.quotes] == [told.removeprefix("- ")]


@pytest.mark.parametrize(
    "question", ["UBND là viết tắt của từ gì?", "hạ tầng số viết tắt là gì", "DTI viết tắt của gì"]
)
def test_what_no_document_spells_out_is_not_told(question: str, shelf: Answerer) -> None:
    """ "Ủy ban nhân dân" stands there without its letters; IDI is short for more than "hạ tầng số"."""
    assert shelf.answer(question).outcome == "absent"


def test_what_letters_were_taken_for_is_said_where_nothing_is_found(shelf: Answerer) -> None:
    """So a person learns it all the same."""
    assert shelf.answer("TTHC là gì?").meant == "Thủ tục hành chính là gì?"
