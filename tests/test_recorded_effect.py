"""A document's effect that only its record tells is told as the record's; what nobody tells is not guessed."""

from __future__ import annotations

import pytest

from bot.commands.terminal import answer_lines
from bot.screens.render import answer_pages
from bot.screens.texts import ENGLISH, VIETNAMESE
from index.answer import Answerer
from index.retrieval.encoder import Encoder
from tests.running_bot import shelved

RULES = """Điều 1. Phạm vi điều chỉnh
Quy chế này quy định việc quản lý kho lưu trữ của cơ quan.

Điều 2. Trách nhiệm
Người quản lý kho thực hiện kiểm kê trong 5 ngày.
"""
RECORD = """title: Quyết định ban hành Quy chế quản lý kho lưu trữ
number: 99/2019/QĐ-UBND
status: in force
effective: 2019-06-01
expires: 2097-12-31
"""
PLAN = """1. Mục tiêu: 80% kho được kiểm kê.
2. Giải pháp: tập huấn cho cán bộ.
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    texts = {
        "quy-che": (RULES, RECORD),
        "ke-hoach": (PLAN, "title: Kế hoạch kiểm kê kho\nnumber: 15/KH-UBND\n"),
    }
    return shelved(tmp_path_factory.mktemp("recorded"), texts, encoder)


@pytest.mark.parametrize(
    "question",
    [
        "Quyết định 99/2019/QĐ-UBND còn hiệu lực không?",
        "qd 99/2019 con hieu luc ko",
        "Quyết định 99/2019/QĐ-UBND có hiệu lực từ ngày nào?",
        "Quyết định 99/2019/QĐ-UBND hết hiệu lực khi nào?",
    ],
)
def test_the_record_tells_the_effect_that_the_document_does_not(
    question: str, answerer: Answerer
) -> None:
    answer = answerer.answer(question)
    assert answer.outcome == "answered"
    told = "theo thông tin ghi kèm văn bản trong kho: hiệu lực từ 01/06/2019; ngày cuối có hiệu lực 31/12/2097"
    (page,) = answer_pages(answer, VIETNAMESE)
    assert told in page
    assert told in " ".join(" ".join(answer_lines(answer)).split())
    assert "in force from 01/06/2019" in answer_pages(answer, ENGLISH)[0]


def test_what_neither_tells_is_not_told_by_other_words(answerer: Answerer) -> None:
    for question in (
        "Kế hoạch 15/KH-UBND có hiệu lực từ ngày nào?",
        "Kế hoạch 15/KH-UBND còn hiệu lực không?",
    ):
        assert answerer.answer(question).outcome == "absent"


def test_a_question_for_something_else_is_answered_by_the_document(answerer: Answerer) -> None:
    answer = answerer.answer("Quyết định 99/2019/QĐ-UBND quy định kiểm kê trong mấy ngày?")
    assert "5 ngày" in answer.quotes[0].text
    assert not answer.recorded
