"""`cdsbot` as scripts and maintainers meet it: real library, real model, real index."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from index.answer import Answerer
from index.result import Answer

PLAN = """\
---
title: Kế hoạch chuyển đổi số của tỉnh
number: 12/KH-UBND
date: 2026-01-15
issuer: Ủy ban nhân dân tỉnh
status: in force
---
# Kế hoạch chuyển đổi số của tỉnh

Điều 1. Mục tiêu

Đến năm 2027, 80 % hồ sơ thủ tục hành chính của tỉnh được xử lý trực tuyến.

Điều 2. Kinh phí

Kinh phí thực hiện Kế hoạch là 120 tỷ đồng từ ngân sách tỉnh.
"""
NOTES = """\
# Tổ công nghệ số cộng đồng

Mỗi xóm có một tổ công nghệ số cộng đồng gồm bảy thành viên, hướng dẫn bà con dùng dịch vụ công.
"""
QUESTION = "Kinh phí thực hiện kế hoạch chuyển đổi số là bao nhiêu?"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of two documents and one that cannot be read, indexed once."""
    home = tmp_path_factory.mktemp("cli")
    library = home / "van-ban"
    library.mkdir()
    (library / "ke-hoach.md").write_text(PLAN, encoding="utf-8")
    (library / "to-cong-nghe.md").write_text(NOTES, encoding="utf-8")
    (library / "hong.pdf").write_bytes(b"not a pdf at all")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("CDSBOT_LIBRARY", "van-ban")
        assert main(["reindex"]) == 0
    return home


@pytest.fixture
def home(made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """`made`, as the folder cdsbot is run in."""
    monkeypatch.chdir(made)
    monkeypatch.setenv("CDSBOT_LIBRARY", "van-ban")
    capsys.readouterr()
    return made


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_help_is_quick_because_it_imports_nothing_heavy() -> None:
    """No library of the index or the bot is loaded to print how to use the command."""
    code = (
        "import sys, bot.cli\n"
        "try: bot.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print({'numpy', 'faiss', 'torch', 'telegram', 'onnxruntime'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert run.stdout.decode().splitlines()[-1] == "set()"


def test_reindex_reports_in_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run changes nothing, names the file it could not read, and exits 0."""
    assert main(["reindex", "--json"]) == 0
    report = printed(capsys)
    assert report["documents"] == report["unchanged"] == 2
    assert report["added"] == report["changed"] == report["removed"] == []
    [rejected] = report["rejected"]
    assert rejected["path"] == "hong.pdf"
    assert rejected["reason"]
    assert report["passages"] >= 3
    assert report["seconds"] >= 0


def test_reindex_of_a_path_that_is_not_there(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line names it; the index that serves is left alone."""
    assert main(["reindex", "khong-co"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "Không có tệp hay thư mục: khong-co\n"
    assert main(["library", "--json"]) == 0
    assert len(printed(capsys)) == 2


def test_reindex_takes_the_paths_given_in_place_of_the_setting(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A single file will do."""
    monkeypatch.setenv("CDSBOT_DATA", "mot-tep")
    assert main(["reindex", "van-ban/to-cong-nghe.md", "--json"]) == 0
    assert printed(capsys)["added"] == ["to-cong-nghe.md"]


def test_library_lists_what_is_known_of_each_document(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Path, number, date, issuer, status and the hash of the canonical text."""
    assert main(["library", "--json"]) == 0
    plan, notes = printed(capsys)
    assert plan["document"] == "ke-hoach.md"
    assert plan["number"] == "12/KH-UBND"
    assert plan["date"] == "2026-01-15"
    assert plan["issuer"] == "Ủy ban nhân dân tỉnh"
    assert plan["status"] == "in force"
    assert notes["passages"] >= 1
    assert main(["library"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "12/KH-UBND" in lines[1]
    assert "15/01/2026" in lines[1]
    assert "Còn hiệu lực" in lines[1]


@pytest.mark.parametrize("name", ["ke-hoach.md", "ke-hoach", "12/KH-UBND", "12/kh-ubnd"])
def test_show_finds_a_document_by_file_name_or_number(
    home: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """And gives its canonical text with the passages cut from it."""
    assert main(["show", name, "--json"]) == 0
    shown = printed(capsys)
    assert shown["document"] == "ke-hoach.md"
    assert shown["sha256"] == hashlib.sha256(shown["text"].encode()).hexdigest()
    cut = [shown["text"][passage["start"] : passage["end"]] for passage in shown["passages"]]
    assert any("120 tỷ đồng" in text for text in cut)


def test_show_prints_the_whole_text(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line of the document is there, in order."""
    assert main(["show", "ke-hoach.md"]) == 0
    out = capsys.readouterr().out
    wanted = [line for line in PLAN.split("---\n")[2].splitlines() if line]
    at = [out.index(line) for line in wanted]
    assert at == sorted(at)


def test_show_of_an_unknown_document_names_the_nearest(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "ke-hoac"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ke-hoach.md" in said


def test_show_of_a_number_that_two_documents_have_names_both(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A plan of another commune, or the same one saved twice."""
    (tmp_path / "xa-khac.md").write_text(PLAN, encoding="utf-8")
    monkeypatch.setenv("CDSBOT_DATA", str(tmp_path / "data"))
    assert main(["reindex", "van-ban", str(tmp_path / "xa-khac.md")]) == 0
    assert main(["show", "12/KH-UBND"]) == 1
    said = capsys.readouterr().err
    assert "Có 2 văn bản tên “12/KH-UBND”" in said
    assert "ke-hoach.md" in said
    assert "xa-khac.md" in said


@pytest.mark.parametrize("command", [["report"], ["read", "van-ban/ke-hoach.md", "--page"]])
def test_a_page_is_not_written_under_a_name_that_no_browser_opens(
    home: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    with pytest.raises(SystemExit):
        main([*command, "bao-cao.pdf"])
    assert "“bao-cao.pdf” phải có đuôi .html" in capsys.readouterr().err
    assert not Path("bao-cao.pdf").exists()


def test_a_folder_that_is_not_there_is_told_in_vietnamese(home: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bot.cli", "report", "khong-co/a.html"],
        capture_output=True, check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "CDSBOT_DATA": str(home / "data")},
    )  # fmt: skip
    said = run.stderr.decode()
    assert said == "Lỗi đọc hoặc ghi: khong-co/a.html: không có tệp hay thư mục này.\n"


def test_an_answer_in_json_is_the_contract(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its keys are those promised, and each quote is cut from the canonical text by its offsets."""
    assert main(["ask", QUESTION, "--json"]) == 0
    answer = printed(capsys)
    documents = {}
    for name in ("ke-hoach.md", "to-cong-nghe.md"):
        assert main(["show", name, "--json"]) == 0
        documents[name] = printed(capsys)
    assert answer["answered"] is True
    assert "120 tỷ đồng" in answer["quotes"][0]["text"]
    assert "id" not in answer
    assert {"text", "candidates", "confidence", "milliseconds", "outcome"} <= answer.keys()
    for quote in answer["quotes"]:
        assert quote.keys() == {
            "text", "document", "title", "number", "date", "issuer", "status", "section", "page",
            "start", "end", "sha256", "url",
        }  # fmt: skip
        document = documents[quote["document"]]
        assert quote["text"] == document["text"][quote["start"] : quote["end"]]
        assert quote["sha256"] == document["sha256"]
    for candidate in answer["candidates"]:
        assert candidate.keys() == {"document", "section", "score", "start", "end"}


def test_an_answer_for_people_names_its_source(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quotation, then title, number, date, Điều and validity."""
    assert main(["ask", *QUESTION.split()]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "120 tỷ đồng" in out
    source = out[out.index("— Kế hoạch") :]
    for fact in ("số 12/KH-UBND", "ngày 15/01/2026", "Điều 2", "còn hiệu lực"):
        assert fact in source


def test_explain_shows_the_steps(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each has a name, a detail and its time."""
    assert main(["ask", QUESTION, "--json", "--explain"]) == 0
    steps = printed(capsys)["steps"]
    assert steps
    assert all(step.keys() == {"name", "detail", "milliseconds"} for step in steps)


def test_batch_answers_line_by_line_and_outlives_a_broken_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In order, ids kept; a broken line gives an error in its place, and exit status 1."""
    rows = [
        json.dumps({"id": "a", "question": QUESTION, "turns": []}),
        "{not json",
        json.dumps({"id": 7, "turns": []}),
        "",
        json.dumps({"id": "\ud800", "question": "Mỗi xóm có tổ nào? \ud800", "turns": ["\udfff"]}),
    ]
    Path("questions.jsonl").write_text("\n".join(rows), encoding="utf-8")
    assert main(["ask", "--batch", "questions.jsonl", "--json"]) == 1
    first, second, third, fourth = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["id"] == "a"
    assert first["answered"] is True
    assert second.keys() == {"line", "error"}
    assert second["line"] == 2
    assert third.keys() == {"id", "error"}
    assert third["id"] == 7
    assert "error" not in fourth
    assert "answered" in fourth


def test_batch_takes_questions_as_people_write_them(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that is no JSON is a question, told by its number."""
    lines = (QUESTION, "", "Mỗi xóm có tổ nào?", '"Tổ công nghệ số" là gì?', "[1] là gì?")
    Path("questions.txt").write_text("\n".join(lines), encoding="utf-8")
    assert main(["ask", "--batch", "questions.txt", "--json"]) == 0
    told = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert [one["line"] for one in told] == [1, 3, 4, 5]
    assert "120 tỷ đồng" in told[0]["text"]


def test_a_set_over_a_library_without_its_documents_says_so(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Instead of measuring 0 %."""
    row = {"id": "a", "question": QUESTION, "style": "official", "answerable": True,
           "document": "luat/khac.txt", "answer_contains": ["120 tỷ"]}  # fmt: skip
    Path("other.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert main(["eval", "answers", "other.jsonl"]) == 1
    assert "luat/khac.txt" in capsys.readouterr().err


def test_batch_without_a_broken_line_succeeds(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Questions may come through a pipe; `turns` may be left out."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"id": 1, "question": QUESTION})))
    assert main(["ask", "--batch", "-", "--json"]) == 0
    assert printed(capsys)["id"] == 1


def test_chat_without_a_terminal_answers_what_it_reads_and_ends(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`echo question | cdsbot chat` is an answer; no input at all is no error."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(QUESTION + "\n\n"))
    assert main(["chat"]) == 0
    assert "120 tỷ đồng" in capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["chat"]) == 0


def test_chat_goes_on_from_questions_and_not_from_thanks(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_on, answer = list[list[str]](), Answerer.answer

    def watched(answerer: Answerer, question: str, turns: Sequence[str] = ()) -> Answer:
        went_on.append(list(turns))
        return answer(answerer, question, turns)

    monkeypatch.setattr(Answerer, "answer", watched)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{QUESTION}\ncảm ơn bạn\nlấy từ đâu?\n"))
    assert main(["chat"]) == 0
    assert went_on[-1] == [QUESTION]


def test_chat_answers_help_with_help(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not with a quotation."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("/help\n"))
    assert main(["chat"]) == 0
    said = capsys.readouterr().out
    assert "cdsbot library" in said
    assert "“" not in said.partition("hỏi tiếp")[0]


def test_verify_tells_a_whole_index_from_a_damaged_one(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One changed byte is found, and named, and the exit status says so."""
    shutil.copytree(home / "data", tmp_path / "data")
    monkeypatch.setenv("CDSBOT_DATA", str(tmp_path / "data"))
    assert main(["verify", "--json"]) == 0
    assert printed(capsys)["ok"] is True
    [texts] = (tmp_path / "data" / "generations").glob("*/*/texts.bin")
    texts.write_bytes(texts.read_bytes().replace(b"120", b"121", 1))
    assert main(["verify", "--json"]) == 1
    found = printed(capsys)
    assert found["ok"] is False
    assert any("texts.bin" in problem for problem in found["problems"])


@pytest.mark.parametrize(
    "command", [["ask", "gì?"], ["chat"], ["verify"], ["library"], ["show", "x"], ["doctor"]]
)
def test_without_an_index_each_command_says_what_to_do(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
) -> None:
    """No traceback: the reader is told to run reindex."""
    monkeypatch.chdir(tmp_path)
    assert main(command) == 1
    said = capsys.readouterr()
    assert "cdsbot reindex" in said.out + said.err


def test_a_setting_misspelt_in_the_env_file_is_one_clear_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the line to mend, and never repeats what may be a secret."""
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("CDSBOT_TELEGRAM_TOKE=123456:secret\n", encoding="utf-8")
    assert main(["library"]) == 1
    said = capsys.readouterr().err
    assert "CDSBOT_TELEGRAM_TOKE: " in said
    assert "CDSBOT_TELEGRAM_TOKEN?" in said
    assert "secret" not in said


def test_a_reader_that_leaves_early_is_no_error_message(home: Path) -> None:
    """`cdsbot show … | head -1` ends quietly."""
    run = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "show", "ke-hoach.md"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).parents[1]), "CDSBOT_DATA": str(home / "data")},
    )  # fmt: skip
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    assert run.stderr.read().decode() == ""
    run.stderr.close()
    run.wait()
