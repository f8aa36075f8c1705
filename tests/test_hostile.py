"""What understanding a message may cost, whatever somebody sends: a bound on work, not on a clock."""

from __future__ import annotations

import random

import pytest

from index.answer import Answerer
from index.question import spelling
from index.question.courtesy import COURTESY
from index.question.spelling import DOUBTFUL, VERY_DOUBTFUL, Speller, _distance
from tests.hostile_run import KINDS, hostile


@pytest.mark.parametrize("kind", [*KINDS, "mixed"])
def test_few_words_of_a_hostile_message_are_weighed(
    starter_answerer: Answerer, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """However many look mistyped. What it costs in time: python -m tests.hostile_run"""
    asked: list[str] = []
    far: list[str] = []

    def counted(seen: list[str], name: str) -> None:
        act = getattr(Speller, name)

        def counting(self: Speller, word: str, bare: bool) -> object:
            seen.append(word)
            return act(self, word, bare)

        monkeypatch.setattr(Speller, name, counting)

    counted(asked, "_meant")
    counted(far, "_two_slips_away")
    message = hostile(random.Random(7), kind)
    starter_answerer._understood(message, [message] * 4)
    assert len(asked) <= DOUBTFUL
    assert len(far) <= VERY_DOUBTFUL


def test_strange_letters_are_compared_with_few_words(
    starter_answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters of another script tell a word from thousands of short ones before it is compared."""
    seen: list[str] = []

    def counting(one: str, other: str) -> int:
        seen.append(other)
        return _distance(one, other)

    monkeypatch.setattr(spelling, "_distance", counting)
    starter_answerer._understood(hostile(random.Random(7), "anything"), ())
    assert len(seen) < 500


@pytest.mark.parametrize("word", ["bạn ", "ad ", "anh chị ", "bot, "])
def test_a_greeting_is_read_in_one_way(word: str) -> None:
    """Read in every way there is, forty words would take longer than the world will last."""
    assert COURTESY.sub("", word * 40 + "x") == word * 40 + "x"
    assert COURTESY.sub("", word * 40 + "cho em hỏi x") == "x"


def test_the_question_at_the_end_of_a_long_letter_is_understood(
    starter_answerer: Answerer,
) -> None:
    """Of what is far longer than a question the beginning and the end are read, and shown as read."""
    letter = "Kính gửi quý cơ quan, tôi là người dân sống ở phường và có việc muốn hỏi. " * 50
    asked = "Đến năm 2025 Thái Nguyên phấn đấu đứng trong nhóm bao nhiêu tỉnh dẫn đầu?"
    understood = starter_answerer._understood(letter + asked, ())[-1]
    assert asked in understood.dense
    assert len(understood.dense) < 1300
