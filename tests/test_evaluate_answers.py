"""`eval answers` counts what it says it counts, and its report shows it to people unaltered."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from index.evaluation.answers import Judged, Question, Run, judge, measure, read_questions
from index.evaluation.compare import RunUnreadable, compare, read_run
from index.evaluation.reliability import Share, calibration
from index.evaluation.report import html
from index.evaluation.report_words import HEADS, comparison_lines, failure_lines, remarks, rows
from index.evaluation.retrieval import SetUnreadable
from index.result import Answer, Candidate, Outcome, Quote, Step
from knowledge.document import Document, Metadata
from knowledge.errors import DocumentUnknown

TEXT = "Điều 1. Hồ sơ gồm:\na) Đơn đề nghị;\nb) Bản  sao giấy tờ.\nThời hạn là 10 ngày làm việc."
LAW = Document("legal/luat.txt", TEXT, Metadata("Luật <Mẫu> & thử"))
OTHER = Document("articles/bai.txt", "Bài báo nói chuyện khác hẳn.", Metadata("Bài báo"))
LIBRARY = {document.path: document for document in (LAW, OTHER)}
DEADLINE = Question(
    "q1", "Thời hạn mấy ngày?", "resident", True,
    document=LAW.path, evidence="Thời hạn là 10 ngày làm việc", answer_contains=("10 ngày",),
)  # fmt: skip
PAPERS = Question(
    "q2", "Hồ sơ gồm gì?", "list", True,
    document=LAW.path, evidence="a) Đơn đề nghị;", answer_contains=("Đơn đề nghị", "Bản sao"),
)  # fmt: skip
WEATHER = Question("q3", "Mai mưa không?", "unanswerable", False, note="offtopic")


def read(path: str) -> Document:
    if path not in LIBRARY:
        raise DocumentUnknown(path)
    return LIBRARY[path]


def quote(words: str, document: Document = LAW) -> Quote:
    start = document.text.index(words)
    return Quote(
        words, document.path, document.metadata, "Điều 1", None, start, start + len(words),
        document.sha256,
    )  # fmt: skip


def candidate(document: Document) -> Candidate:
    return Candidate(document.path, document.metadata.title, "", 1.0, 0, 5)


def answer(*quotes: Quote, outcome: Outcome = "answered", **rest: Any) -> Answer:
    return Answer("", "hiểu", outcome, "lời dẫn", quotes, **rest)


def judged(question: Question, given: Answer) -> Judged:
    return judge(question, given, read)


def a_run(*pairs: tuple[Question, Answer]) -> Run:
    return Run(("bộ",), "thế hệ", tuple(judged(*pair) for pair in pairs))


# --- one question ------------------------------------------------------------------------------


def test_evidence_counts_however_its_white_space_and_code_points_are_written() -> None:
    """What is shown and what is expected are compared in NFC with white space collapsed."""
    asked = replace(
        PAPERS, evidence=unicodedata.normalize("NFD", "Đơn đề nghị; b) Bản sao \n giấy tờ")
    )
    assert judged(asked, answer(quote("a) Đơn đề nghị;\nb) Bản  sao giấy tờ."))).evidence_shown


def test_evidence_may_lie_across_quotes_shown_one_after_the_other() -> None:
    """The quotes are read joined by a blank, in their order."""
    asked = replace(DEADLINE, evidence="làm việc. Bài báo", answer_contains=())
    there = quote("10 ngày làm việc."), quote("Bài báo", OTHER)
    assert judged(asked, answer(*there)).evidence_shown
    assert not judged(asked, answer(*reversed(there))).evidence_shown


def test_all_required_words_show_the_answer_without_the_evidence_but_some_do_not() -> None:
    """Required words stand in for the evidence only when all of them are there."""
    found = judged(PAPERS, answer(quote("b) Bản  sao giấy tờ.")))
    assert (found.items, found.words_shown, found.shown) == ((False, True), False, False)
    both = judged(PAPERS, answer(quote("b) Bản  sao giấy tờ."), quote("Đơn đề nghị")))
    assert (both.evidence_shown, both.words_shown, both.shown) == (False, True, True)


def test_a_question_that_expects_no_words_is_not_shown_by_any() -> None:
    """Nothing expected is not everything found."""
    found = judged(replace(DEADLINE, evidence="", answer_contains=()), answer(quote("10 ngày")))
    assert not found.shown


def test_documents_rank_by_quotes_then_candidates_each_once() -> None:
    """The right document is looked for in the order in which people meet documents."""
    given = answer(
        quote("Bài báo", OTHER), quote("nói chuyện", OTHER),
        candidates=(candidate(OTHER), candidate(LAW)),
    )  # fmt: skip
    found = judged(DEADLINE, given)
    assert found.documents == (OTHER.path, LAW.path)
    assert (found.within(1), found.within(3)) == (False, True)
    assert judged(replace(DEADLINE, also=(OTHER.path,)), given).within(1)


def test_the_parts_of_a_message_count_together() -> None:
    """Of two questions in one message, what either part shows is shown; nothing counts twice."""
    parts = answer(quote("Đơn đề nghị")), answer(quote("Bản  sao"), candidates=(candidate(OTHER),))
    given = answer(quote("Đơn đề nghị"), parts=parts)
    found = judged(replace(PAPERS, style="twoquestions"), given)
    assert found.items == (True, True)
    assert [one.text for one in found.quotes] == ["Đơn đề nghị", "Bản  sao"]
    assert found.words == 5
    assert found.documents == (LAW.path, OTHER.path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "10 ngày làm  việc"},
        {"start": 0},
        {"sha256": hashlib.sha256(b"").hexdigest()},
        {"document": OTHER.path},
        {"document": "khong/co.txt"},
        {"text": "", "start": 3, "end": 3},
    ],
)
def test_a_quote_not_cut_from_its_document_is_the_gravest_failure(wrong: dict[str, Any]) -> None:
    """Verified means: this text, at these offsets, of the document with this hash."""
    honest = quote("10 ngày làm việc")
    assert judged(DEADLINE, answer(honest)).verified == 1
    found = judged(DEADLINE, answer(honest, replace(honest, **wrong)))
    assert (found.verified, found.failure) == (1, "not verbatim")


@pytest.mark.parametrize(
    ("question", "given", "failure"),
    [
        (DEADLINE, answer(quote("Thời hạn là 10 ngày làm việc")), ""),
        (DEADLINE, answer(quote("Bài báo", OTHER), quote("10 ngày")), "later document"),
        (PAPERS, answer(quote("a) Đơn đề nghị;")), "incomplete"),
        (
            replace(DEADLINE, style="list", answer_contains=()),
            answer(quote("Thời hạn là 10 ngày làm việc")),
            "",
        ),
        (DEADLINE, answer(outcome="absent", candidates=(candidate(LAW),)), "refused"),
        (DEADLINE, answer(outcome="nonexistent"), "refused"),
        (DEADLINE, answer(quote("Hồ sơ")), "not shown"),
        (DEADLINE, answer(quote("Bài báo", OTHER)), "other document"),
        (WEATHER, answer(quote("Hồ sơ"), outcome="uncertain"), "answered"),
        (WEATHER, answer(outcome="absent"), ""),
        (WEATHER, answer(outcome="refused"), ""),
    ],
)
def test_each_way_to_fail_has_its_name(question: Question, given: Answer, failure: str) -> None:
    """One word says what went wrong; "perhaps this" to a question without an answer is wrong too."""
    assert judged(question, given).failure == failure


# --- all of them -------------------------------------------------------------------------------

RIGHT = answer(quote("Thời hạn là 10 ngày làm việc"), confidence=0.9)
HALF = answer(quote("a) Đơn đề nghị;"), outcome="uncertain", confidence=0.6)
SILENT = answer(outcome="absent", confidence=0.1, candidates=(candidate(LAW),))
WRONG = answer(quote("Bài báo", OTHER), confidence=0.7)


def test_shares_are_counted_over_the_questions_they_are_about() -> None:
    """Documents and evidence over answerable questions, refusals over each kind by itself."""
    run = a_run((DEADLINE, RIGHT), (DEADLINE, SILENT), (PAPERS, HALF), (WEATHER, WRONG))
    overall = run.overall
    assert overall.decided == Share(2, 4)
    assert overall.document_at_1 == Share(3, 3)  # a refusal's candidates count
    assert overall.shown == Share(2, 3)
    assert (overall.evidence, overall.words_required) == (Share(2, 3), Share(1, 3))
    assert overall.complete == Share(0, 1)
    assert (overall.refused_wrongly, overall.refused_rightly) == (Share(1, 3), Share(0, 1))
    assert overall.verified == Share(3, 3)
    assert overall.words == 5.5  # of 7 and 4 words; what WEATHER was shown is no answer's length
    assert list(run.styles) == ["resident", "list", "unanswerable"]
    assert run.styles["resident"].shown == Share(1, 2)
    assert run.refused_by_note == {"offtopic": Share(0, 1)}
    assert [one.failure for one in run.failures] == ["answered", "refused", "incomplete"]


def test_the_interval_is_wilsons() -> None:
    """Known values: 8 of 10, none and all of 10, and nothing counted at all."""
    assert Share(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Share(0, 10).interval == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert Share(10, 10).interval == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, (0.0, 1.0))


def test_calibration_of_four_questions_as_worked_out_by_hand() -> None:
    """Brier, bins, the curve and its area; tied confidences make one point."""
    found = calibration([(1.0, True), (0.55, True), (0.55, False), (0.05, False)])
    assert found.brier == pytest.approx((0 + 0.45**2 + 0.55**2 + 0.05**2) / 4)
    assert [(one.low, one.right) for one in found.bins] == [
        (0.0, Share(0, 1)), (0.5, Share(1, 2)), (0.9, Share(1, 1)),
    ]  # fmt: skip
    assert found.curve == ((0.25, 0.0), (0.75, 1 / 3), (1.0, 0.5))
    assert found.area == pytest.approx(0.5 / 3 + 0.25 * 0.5)


def test_confidence_is_judged_only_where_it_decides() -> None:
    """A clause that does not exist is refused however sure the search was."""
    sure = answer(outcome="nonexistent", confidence=0.99)
    run = a_run((DEADLINE, RIGHT), (WEATHER, sure), (WEATHER, SILENT))
    assert run.calibration.questions == 2
    assert run.calibration.brier == pytest.approx((0.1**2 + 0.1**2) / 2)


def test_latency_is_the_median_and_the_nearest_rank_percentile() -> None:
    """Of 200 answers the 198th slowest is the 99th percentile."""
    some = [judge(DEADLINE, RIGHT, read, wall / 1000, 0.002) for wall in range(1, 201)]
    run = Run(("bộ",), "thế hệ", tuple(some))
    assert run.milliseconds() == {"median": 100.5, "p99": 198.0, "processor": 2.0}


def test_every_question_is_asked_once_in_order_with_its_turns_after_one_that_warms_up() -> None:
    """What is loaded at the first question is not counted as its time."""
    heard: list[tuple[str, Sequence[str]]] = []

    def ask(question: str, turns: Sequence[str]) -> Answer:
        heard.append((question, turns))
        return RIGHT

    follow = replace(DEADLINE, id="q9", question="Còn nộp ở đâu?", turns=("Thời hạn mấy ngày?",))
    found = measure([DEADLINE, follow], ask, read, progress=False)
    assert heard == [
        (DEADLINE.question, ()), (DEADLINE.question, ()), (follow.question, follow.turns),
    ]  # fmt: skip
    assert [one.question.id for one in found] == ["q1", "q9"]


# --- kept runs ---------------------------------------------------------------------------------


def test_a_kept_run_holds_no_words_of_documents() -> None:
    """Runs are committed; documents are not ours to copy."""
    kept = json.dumps(a_run((DEADLINE, RIGHT), (PAPERS, HALF)).as_json(), ensure_ascii=False)
    assert "10 ngày" not in kept
    assert "Đơn đề nghị" not in kept


def test_compare_names_what_got_better_and_what_got_worse(tmp_path: Path) -> None:
    """A kept run against a new one: questions by their failures, measures side by side."""
    file = tmp_path / "run.json"
    before = a_run((DEADLINE, RIGHT), (PAPERS, HALF), (WEATHER, WRONG))
    file.write_text(json.dumps(before.as_json()), encoding="utf-8")
    after = a_run((DEADLINE, WRONG), (PAPERS, HALF), (WEATHER, SILENT))
    found = compare(read_run(file), after.as_json())
    assert (found.common, found.missing) == (3, 0)
    assert [(c.id, c.before, c.after) for c in found.worse] == [("q1", "", "other document")]
    assert [(c.id, c.before, c.after) for c in found.better] == [("q3", "answered", "")]
    assert ("", "shown", 1.0, 0.5) in found.measures
    assert ("unanswerable", "refused_rightly", 0.0, 1.0) in found.measures
    said = "\n".join(comparison_lines(found))
    assert "tất cả, có chứng cứ hoặc đủ từ cần có: 100,0% → 50,0%" in said
    assert "q1  đạt → sai văn bản: Thời hạn mấy ngày?" in said


def test_compare_says_when_the_runs_asked_different_questions() -> None:
    """Shares over different questions are not passed off as a change."""
    found = compare(
        a_run((DEADLINE, RIGHT)).as_json(), a_run((DEADLINE, RIGHT), (PAPERS, HALF)).as_json()
    )
    assert (found.common, found.missing, found.better, found.worse) == (1, 1, (), ())
    assert "chỉ ở một bên" in "\n".join(comparison_lines(found))


@pytest.mark.parametrize("stored", ["", "[]", '{"questions": [{"id": "q1"}]}'])
def test_a_file_that_is_no_run_is_refused_in_a_line(tmp_path: Path, stored: str) -> None:
    file = tmp_path / "run.json"
    file.write_text(stored, encoding="utf-8")
    with pytest.raises(RunUnreadable, match=r"run\.json"):
        read_run(file)


# --- what people read --------------------------------------------------------------------------


def test_the_terminal_shows_each_style_and_every_failure_in_a_line() -> None:
    run = a_run((DEADLINE, RIGHT), (replace(PAPERS, turns=("Xin chào",)), HALF), (WEATHER, WRONG))
    table = rows(run)
    assert all(len(row) == len(HEADS) for row in table)
    assert table[0] == (
        "người dân hỏi", "1", "100%", "100%", "100%", "100%", "–", "0%", "–", "7",
    )  # fmt: skip
    assert table[-1][:2] == ("tất cả", "3")
    said = list(remarks(run))
    assert "Từ chối đúng theo loại: ngoài chủ đề 0/1" in said
    assert "Đủ ý: 0,0% (0/1, khoảng tin cậy 95 %: 0%–79%)" in said
    assert list(failure_lines(run)) == [
        "Chưa đạt 2/3 câu:",
        "  q3  lẽ ra phải từ chối: Mai mưa không?",
        "  q2  thiếu ý: Xin chào → Hồ sơ gồm gì?",
    ]


class _Page(HTMLParser):
    """Text of a page, and whatever would make a browser fetch or run something."""

    VOID = frozenset({"meta", "br", "hr", "img", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "img", "iframe", "object"}:
            self.loads.append(tag)
        self.loads += [name for name, _ in attrs if name in {"src", "href"} or name[:2] == "on"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.get_starttag_text() != f"<{tag}/>":
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_the_report_shows_each_failure_and_loads_nothing() -> None:
    """Question, expectation, what was shown and each step; one well-formed file by itself."""
    step = Step("scope", "chỉ trong luật")
    run = a_run((DEADLINE, RIGHT), (PAPERS, replace(HALF, steps=(step,))), (WEATHER, WRONG))
    before = a_run((DEADLINE, WRONG), (PAPERS, HALF), (WEATHER, SILENT))
    text = html(run, compare(before.as_json(), run.as_json()))
    page = _Page(text)
    said = re.sub(r"\s+", " ", " ".join(page.said))
    assert (page.loads, page.open) == ([], [])
    assert "url(" not in text
    assert "@import" not in text
    for words in (
        "Chưa đạt: 2/3 câu", "Hồ sơ gồm gì?", "✗ thiếu: Bản sao", "✓ có: Đơn đề nghị",
        "chỉ trong luật", "Từ chối: ngoài chủ đề", "Luật <Mẫu> & thử, Điều 1",
        "Tốt lên: 1 câu", "Kém đi: 1 câu",
    ):  # fmt: skip
        assert words in said
    assert text.count("<svg") == 4
    assert "Thời hạn mấy ngày?" not in said.split("Chưa đạt:")[1]


def test_words_from_questions_and_documents_cannot_become_markup() -> None:
    """A question set is a file from anywhere."""
    nasty = '<script>alert("x")</script>'
    asked = replace(
        PAPERS, id=nasty, question=nasty, turns=(nasty,), style=nasty, evidence=nasty,
        document=nasty, also=(nasty,), answer_contains=(nasty,),
    )  # fmt: skip
    bad = replace(quote("Bài báo", OTHER), text=nasty, section=nasty, metadata=Metadata(nasty))
    given = replace(answer(bad), understood=nasty, steps=(Step(nasty, nasty),))
    unanswerable = replace(WEATHER, note=nasty)
    run = a_run((asked, given), (asked, replace(SILENT, text=nasty)), (unanswerable, WRONG))
    run = replace(run, sets=(nasty,), index=nasty)
    text = html(run, compare(a_run((asked, SILENT)).as_json(), run.as_json()))
    assert "<script" not in text
    assert _Page(text).loads == []


# --- files and the command ---------------------------------------------------------------------


def test_questions_are_read_with_what_is_missing_left_empty(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    row = {"id": "a", "question": "Gì?", "style": "list", "answerable": False, "note": None}
    file.write_text(json.dumps(row) + "\n\n", encoding="utf-8-sig")
    assert read_questions(file) == (Question("a", "Gì?", "list", False),)


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        ("", "trống"),
        ("không phải JSON", "không đúng dạng JSON"),
        ('{"id": "a"}', "thiếu mục 'question'"),
        ("[1]", "không đúng dạng JSON"),
    ],
)
def test_a_set_that_cannot_be_read_is_named(tmp_path: Path, stored: str, why: str) -> None:
    """With what is wrong, in words of no programming language."""
    file = tmp_path / "set.jsonl"
    file.write_text(stored, encoding="utf-8")
    with pytest.raises(SetUnreadable, match=rf"set\.jsonl.*{why}"):
        read_questions(file)


def test_the_command_measures_a_real_index_keeps_the_run_and_compares_with_it(
    starter_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From files to JSON, and from that JSON to a comparison in which nothing changed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDSBOT_DATA", str(starter_data))
    for name, asked in (("a", DEADLINE), ("b", WEATHER)):
        row = {
            "id": asked.id, "question": asked.question, "style": asked.style,
            "answerable": asked.answerable, "document": asked.document,
        }  # fmt: skip
        Path(f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert main(["eval", "answers", "a.jsonl", "b.jsonl", "--json"]) == 0
    printed = capsys.readouterr().out
    run = json.loads(printed)
    assert (run["sets"], [one["id"] for one in run["questions"]]) == (["a", "b"], ["q1", "q3"])
    assert run["overall"]["verified"]["share"] in (1.0, None)
    Path("run.json").write_text(printed, encoding="utf-8")
    again = ["eval", "answers", "a.jsonl", "b.jsonl", "--compare", "run.json", "--html", "r.html"]
    assert main(again) == 0
    assert "Tốt lên 0 câu:\nKém đi 0 câu:" in capsys.readouterr().out
    assert "<h2>So với lần trước</h2>" in Path("r.html").read_text(encoding="utf-8")
    assert main(["eval", "answers", "none.jsonl"]) == 1
    assert "none.jsonl" in capsys.readouterr().err
