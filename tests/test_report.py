"""The administrators' report tells what was asked, what was answered and what is missing, and of nobody."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.cli import main
from bot.delivery.state import State
from bot.records import Asked
from bot.reports.figures import Count, Figures, figures
from bot.reports.page import html
from bot.reports.subjects import OTHER, subject
from index.result import Answer, Outcome, Quote
from index.serving import Serving
from knowledge.calendar import VIETNAM
from knowledge.document import Metadata
from tests.running_bot import GOAL, UNSAID, running_bot

SINCE, UNTIL = date(2026, 11, 2), date(2026, 11, 8)
QUOTE = Quote("lời", "a.md", Metadata("Kế hoạch <tỉnh> & xã"), "", None, 0, 3, "f")


def asked(
    question: str,
    outcome: Outcome = "answered",
    day: str = "2026-11-03 09:00",
    thumb: int | None = None,
    reason: str = "",
    seconds: float | None = 0.2,
) -> Asked:
    quotes = (QUOTE,) if outcome == "answered" else ()
    at = datetime.fromisoformat(day).replace(tzinfo=VIETNAM).timestamp()
    return Asked(at, seconds, thumb, reason, Answer(question, question, outcome, "", quotes))


def told(*questions: Asked, held: tuple[str, ...] = ()) -> Figures:
    return figures(questions, SINCE, UNTIL, lambda reference: reference.number in held)


# What is counted


def test_each_day_of_the_period_is_counted_by_vietnams_clock() -> None:
    """Midnight there divides days, whatever the server's zone; days without a question are zero."""
    found = told(
        asked("a", day="2026-11-02 00:00"),
        asked("b", "absent", day="2026-11-02 23:59"),
        asked("c", "refused", day="2026-11-08 12:00"),
        asked("d", day="2026-11-09 00:00"),
        asked("e", day="2026-11-01 23:59"),
    )
    counted = {day.name: (day.questions, day.answered, day.refused) for day in found.days}
    assert list(counted) == [f"2026-11-0{number}" for number in range(2, 9)]
    assert counted["2026-11-02"] == (2, 1, 0)
    assert counted["2026-11-03"] == (0, 0, 0)
    assert counted["2026-11-08"] == (1, 0, 1)
    assert found.questions == 3


def test_a_greeting_is_no_unanswered_question() -> None:
    """The share is of what was put to the documents."""
    found = told(asked("a"), asked("b", "uncertain"), asked("c", "absent"), asked("d", "refused"))
    assert found.whole.share == pytest.approx(2 / 3)
    assert told(asked("d", "refused")).whole.share is None


def test_thumbs_reasons_and_times_are_counted() -> None:
    found = told(
        asked("a", thumb=1), asked("b", thumb=-1, reason="wrong", seconds=2.0),
        asked("c", thumb=-1, seconds=None),
    )  # fmt: skip
    assert (found.up, found.down, found.reasons) == (1, 2, {"wrong": 1})
    assert (found.median, found.slowest) == (2.0, 2.0)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Nộp hồ sơ trực tuyến ở đâu?", "Dịch vụ công, thủ tục"),
        ("nop ho so truc tuyen o dau", "Dịch vụ công, thủ tục"),
        ("Tổ công nghệ số cộng đồng làm gì?", "Xã hội số, kỹ năng số"),
        ("Học phí của học sinh thế nào", "Giáo dục"),
        ("Bệnh án điện tử", "Y tế"),
        ("xyz", OTHER),
    ],
)
def test_a_question_has_a_subject(question: str, name: str) -> None:
    assert subject(question) == name


def test_subjects_come_most_asked_first() -> None:
    found = told(
        asked("bệnh viện"),
        asked("học sinh"),
        asked("giáo viên", "absent"),
        asked("chào", "refused"),
    )
    assert [(one.name, one.questions, one.answered) for one in found.subjects] == [
        ("Giáo dục", 2, 1), ("Y tế", 1, 1),
    ]  # fmt: skip


def test_unanswered_questions_stand_in_groups_without_anybody_in_them() -> None:
    """The largest first; one question speaks for each."""
    found = told(
        asked("Mức phạt nồng độ cồn?", "absent"),
        asked("Tôi là Nguyễn Văn An, 0912345678, lịch tiêm chủng ở xã?", "absent"),
        asked("mức phạt nồng độ cồn xe máy?", "absent"),
        asked("Kinh phí?"),
    )
    (first, size), (second, _) = found.unanswered
    assert ("nồng độ cồn" in first, size) == (True, 2)
    assert second == "Tôi là [tên], [điện thoại], lịch tiêm chủng ở xã?"


def test_documents_that_people_ask_for_and_the_library_lacks_are_named() -> None:
    """Once a question; not those it has, and not from questions that were answered."""
    found = told(
        asked("Nghị định 13/2023/NĐ-CP nói gì?", "nonexistent"),
        asked("nghị định 13/2023/NĐ-CP điều 5", "absent"),
        asked("Quyết định 749/QĐ-TTg nêu gì?", "absent"),
        asked("Luật 134/2025/QH15 là gì?"),
        held=("749/QĐ-TTg",),
    )
    [(name, times)] = found.missing
    assert "13/2023/NĐ-CP" in name
    assert times == 2


# The page


class _Page(HTMLParser):
    """Raises where an element is closed that was not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [value for name, value in attrs if name in ("src", "href", "onload")]
        if tag not in ("meta", "path", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None: ...

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def shown(page: str) -> str:
    reader = _Page()
    reader.feed(page)
    assert reader.open == []
    return " ".join(reader.words)


@pytest.mark.parametrize("count", [0, 1, 500])
def test_the_page_is_whole_and_loads_nothing(count: int) -> None:
    page = html(told(*[asked(f"câu {n}", day=f"2026-11-0{2 + n % 7} 10:00") for n in range(count)]))
    words = shown(page)
    assert f"{count} câu hỏi" in words
    assert "://" not in page
    assert "default-src 'none'" in page


def test_what_people_and_documents_say_is_shown_as_text() -> None:
    page = html(told(asked("<script>alert(1)</script> & gì?", "absent"), asked("b")))
    assert "<script" not in page
    assert "Kế hoạch <tỉnh> & xã" in shown(page)


def test_each_day_has_its_column() -> None:
    """Its parts as high as their numbers, and a word for whoever points at it."""
    page = html(told(asked("a"), asked("b", "absent"), asked("c", "refused")))
    heights = dict(
        re.findall(
            r'<rect class="(\w+)" x="[\d.]+" y="[\d.]+" width="82.3" height="([\d.]+)"', page
        )
    )
    assert set(heights) == {"answered", "open", "other"}
    assert len(set(heights.values())) == 1
    assert "03/11/2026: 3 câu, trả lời được 1" in page


def test_a_long_period_is_drawn_by_weeks() -> None:
    since = date(2026, 7, 1)
    found = figures([asked("a")], since, UNTIL, lambda reference: True)
    assert len(found.days) == 131
    page = html(found)
    assert "theo tuần" in page
    assert page.count("<g><title>") == 19
    assert "02/11/2026: 1 câu" in page


def test_numbers_of_any_size_fit_the_page() -> None:
    """The top of the axis is a round number that holds the highest column."""
    for number in (1, 7, 99, 100, 101, 12_345):
        day = Count("2026-11-03", number, number)
        page = html(replace(told(asked("a")), days=(day,)))
        [height] = re.findall(r'width="576.0" height="([\d.]+)"', page)
        top = int(re.findall(r'text-anchor="end">(\d+)<', page)[-1])
        assert 100 <= float(height) <= 200
        assert number <= top
        assert len(str(top).rstrip("0")) <= 2


# The command


@pytest.fixture
def home(
    tmp_path: Path, starter_data: Path, starter_serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A data folder with an index and what a bot kept of three questions."""
    monkeypatch.chdir(tmp_path)
    with running_bot(tmp_path / "data", starter_serving) as bot:
        an, chat = bot.chat()
        answer = bot.say(chat, an, GOAL)
        bot.toast(chat, an, answer, "👍")
        bot.say(chat, an, UNSAID)
        bot.say(chat, an, "Tôi tên Trần Thị Bí Mật, Nghị định 99/2031/NĐ-CP quy định gì?")
    (tmp_path / "data" / "generations").symlink_to(starter_data / "generations")
    for file in starter_data.iterdir():
        if file.is_file() and not (tmp_path / "data" / file.name).exists():
            (tmp_path / "data" / file.name).symlink_to(file)
    return tmp_path


def test_the_command_writes_the_page_of_a_real_memory(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "bao-cao.html", "--days", "7"]) == 0
    assert capsys.readouterr().out == "Đã ghi bao-cao.html: 3 câu hỏi trong 7 ngày.\n"
    words = shown((home / "bao-cao.html").read_text("utf-8"))
    assert "1 / 0" in words
    assert "99/2031/NĐ-CP" in words
    assert "Mật" not in words


def test_without_a_memory_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", "r.html"]) == 0
    assert "Chưa có câu hỏi nào" in (tmp_path / "r.html").read_text("utf-8")
    with pytest.raises(SystemExit):
        main(["report", "r.html", "--days", "0"])
    assert "số ngày từ 1" in capsys.readouterr().err


def test_a_memory_of_many_questions_is_read_in_parts(tmp_path: Path) -> None:
    """All of them, in order, whoever writes meanwhile."""
    state, now = State(tmp_path / "bot.sqlite3"), time.time()
    for number in range(250):
        state.keep(
            asked(f"câu {number}").answer, chat=1, user=1, question_message=number, asked=now
        )
    reading = state.asked(0.0)
    next(reading)
    state.keep(asked("câu mới").answer, chat=1, user=1, question_message=999, asked=now + 1)
    assert [one.answer.question for one in reading][-2:] == ["câu 249", "câu mới"]
    assert len(list(state.asked(now + 1))) == 1
    state.close()
