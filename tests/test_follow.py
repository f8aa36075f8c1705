"""Whether a message leans on the one before is decided first; what was understood is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.answer import Answerer
from index.evaluation.turns import changed
from index.question.follow import in_doubt, led_on, meaning

EVALUATIONS = Path(__file__).parents[1] / "docs" / "evaluations"
TEA = ("Chè Thái Nguyên ứng dụng công nghệ số thế nào?",)


def rows(name: str) -> list[dict[str, object]]:
    lines = (EVALUATIONS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_question_that_stands_alone_is_answered_as_if_nothing_went_before(
    starter_answerer: Answerer,
) -> None:
    """A fifth of the set over a small library; all of it is measured by index.evaluation.turns."""
    found = changed(rows("alone.jsonl")[::5], starter_answerer.answer)
    assert found["outcome unchanged"] >= 0.97, found["changed"]


@pytest.mark.parametrize(
    ("before", "question", "words"),
    [
        ("Nộp hồ sơ trực tuyến ở đâu?", "Có được giảm phí không?", "50%"),
        ("Đến năm 2025 Thái Nguyên phấn đấu đứng trong nhóm nào?",
         "còn đến năm 2030 thì sao?", "nhóm 10 tỉnh"),
        ("Tổ công nghệ số cộng đồng là gì?", "Họ có được tập huấn không?", "150 người"),
        ("Nghị quyết 01-NQ/TU là gì?", "Ban hành ngày nào?", "31/12/2020"),
    ],
)  # fmt: skip
def test_a_real_follow_up_is_completed_and_says_so(
    before: str, question: str, words: str, starter_answerer: Answerer
) -> None:
    answer = starter_answerer.answer(question, (before,))
    assert any(words in quote.text for quote in answer.quotes)
    assert before in answer.meant


@pytest.mark.parametrize(
    ("before", "topic"),
    [
        ("Nghị quyết 57-NQ/TW là gì?", "chợ 4.0"),
        ("Kế hoạch 237/KH-UBND là gì", "thai nguyen id"),
        ("Quyết định 1893/QĐ-UBND là gì", "c-thainguyen"),
    ],
)
def test_a_topic_that_the_document_spoken_of_is_silent_on_is_looked_for_everywhere(
    before: str, topic: str, shipped: Answerer
) -> None:
    answer = shipped.answer(topic, (before,))
    assert answer.quotes == shipped.answer(topic).quotes != ()
    assert before not in answer.meant


def test_what_a_follow_up_goes_on_from_is_a_question_by_itself(starter_answerer: Answerer) -> None:
    """Not the follow-up before it, which tells a reader nothing."""
    goal = "Đến năm 2025 Thái Nguyên phấn đấu đứng trong nhóm nào?"
    answer = starter_answerer.answer("thế năm 2025 thì sao", (goal, "còn 2030?"))
    assert answer.meant.endswith(f"(hỏi tiếp câu “{goal}”)")


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (("C-ThaiNguyen là gì",), "có mất tiền không"),
        (("Tỷ lệ hồ sơ trực tuyến của tỉnh là bao nhiêu",), "năm nào cao nhất"),
        (("Dịch vụ công trực tuyến toàn trình là gì", "có được giảm phí không"), "giảm bao nhiêu"),
    ],
)
def test_what_says_too_little_by_itself_is_read_with_what_it_goes_on_from(
    before: tuple[str, ...], question: str, starter_answerer: Answerer
) -> None:
    """Alone each would be taken for talk with the bot, or of something else."""
    assert starter_answerer.refusal(question) is not None
    assert starter_answerer.answer(question, before).refused is None


@pytest.mark.parametrize(
    "question", ["bạn có người yêu chưa", "hôm nay trời thế nào", "cảm ơn nhé"]
)
def test_plain_small_talk_stays_that_whatever_went_before(
    question: str, starter_answerer: Answerer
) -> None:
    before = ("Dịch vụ công trực tuyến toàn trình là gì",)
    assert starter_answerer.answer(question, before).outcome == "refused"


def test_a_long_talk_is_still_about_what_it_began_with(starter_answerer: Answerer) -> None:
    """What was asked of it in between says nothing of the next question."""
    began = "Dịch vụ công trực tuyến toàn trình là gì"
    turns = (began, "làm ở đâu", "mất bao lâu", "ai hướng dẫn", "có khó không")
    (found,) = starter_answerer.find_all("có được giảm phí không", turns)
    assert found.understanding.lead.startswith("Dịch vụ công trực tuyến toàn trình")
    assert "mất" not in found.understanding.lead


def test_this_plan_is_the_one_named_last_whatever_was_asked_since(
    starter_answerer: Answerer,
) -> None:
    turns = ("Ai ký Kế hoạch 308/KH-UBND?", "Chợ 4.0 ở Thái Nguyên bắt đầu từ khi nào?")
    (found,) = starter_answerer.find_all("kế hoạch này có bao nhiêu mục tiêu", turns)
    assert [one.number for one in found.understanding.inherited] == ["308/KH-UBND"]


def test_what_is_asked_of_a_document_that_is_not_here_is_not_told_of_another(
    starter_answerer: Answerer,
) -> None:
    answer = starter_answerer.answer("ban hành ngày nào", ("Ai ký Kế hoạch 308/KH-UBND?",))
    assert answer.outcome == "nonexistent"


@pytest.mark.parametrize(
    ("question", "turns", "says"),
    [
        ("giám đốc là ai", ("IOC Thái Nguyên là gì", "đặt ở đâu"), "Giám đốc Sở"),
        ("bao nhiêu tuổi", ("Ai là chủ tịch tỉnh Thái Nguyên",), "15-60 tuổi"),
        ("tốn tiền không", ("bình dân học vụ số là gì",), "không dùng tiền mặt"),
    ],
)
def test_a_bare_follow_up_is_not_answered_of_something_else(
    question: str,
    turns: tuple[str, ...],
    says: str,
    shipped: Answerer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whose director, whose age: its own words do not tell, what was spoken of does."""

    def first() -> str:
        return "".join(one.text for one in shipped.answer(question, turns).quotes[:1])

    assert says not in first()
    for weight in ("PASSAGE", "DOCUMENT"):
        monkeypatch.setattr(f"index.evidence.astray.{weight}", 0.0)
    assert says in first()


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Đại Từ bao nhiêu tổ", "Đại Từ tổ"),
        ("đại từ có bao nhiêu tổ", "đại từ tổ"),
        ("riêng đại từ mấy vùng", "riêng đại từ vùng"),
        ("mở từ mấy giờ", "mở"),
        ("Chuyển Đổi Số Là Gì", "Chuyển Đổi Số"),
        ("chợ 4.0 có từ khi nào", "chợ 4.0"),
    ],
)
def test_a_name_is_a_topic_as_a_whole(question: str, topic: str) -> None:
    assert " ".join(meaning(question)) == topic


def test_it_is_what_was_spoken_of(shipped: Answerer) -> None:
    (asked,) = shipped.find_all("nó dùng để làm gì", ("C-ThaiNguyen ra đời khi nào",))
    assert asked.understanding.leaning == 1
    (other,) = shipped.find_all("no thue thi sao", ("C-ThaiNguyen ra đời khi nào",))
    assert other.understanding.leaning < 1


def test_another_thing_in_its_place_is_what_the_talk_is_about(shipped: Answerer) -> None:
    """ "còn PAPI" after DTI stands in another document."""
    answer = shipped.answer("còn PAPI", ("DTI là gì",))
    assert answer.answered
    assert "PAPI" in answer.quotes[0].text


def test_what_was_mended_or_guessed_is_told_and_what_was_not_is_not(
    starter_answerer: Answerer,
) -> None:
    """Typed well, or only bare with a sure answer: nothing is said."""
    assert starter_answerer.answer("Tổ công nghệ số cộng đồng là gì?", TEA).meant == ""
    assert starter_answerer.answer("to cong nghe so cong dong la gi").meant == ""
    mended = starter_answerer.answer("tổ công nghệ sô cộng đồng có những ai")
    assert mended.meant == "Tổ công nghệ số cộng đồng có những ai"
    assert starter_answerer.answer("HS nộp ở đâu").meant == "Hồ sơ nộp ở đâu"


def test_asked_literally_nothing_is_added_or_mended(starter_answerer: Answerer) -> None:
    typed = "tổ công nghệ sô cộng đồng có những ai"
    answer = starter_answerer.answer(typed, TEA, literal=True)
    assert answer.understood == typed
    assert answer.meant == ""


def test_the_surer_answer_decides_where_the_words_do_not() -> None:
    """Words that speak for either, and answers that tell."""
    assert in_doubt(0.5)
    assert not in_doubt(0.99)
    assert led_on(0.5, alone=0.3, led=0.9)
    assert not led_on(0.5, alone=0.9, led=0.3)
    assert not led_on(0.2, alone=0.1, led=0.5), "an unsure answer leads nobody on"
