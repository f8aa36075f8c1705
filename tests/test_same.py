"""Two checkouts are compared by what a person sees of their answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.evaluation import same

ROOT = Path(__file__).parents[1]


def test_a_checkout_answers_as_itself(
    tmp_path: Path, starter_data: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """By its own code over its own index; nothing differs."""
    questions = tmp_path / "q.jsonl"
    questions.write_text(json.dumps({"question": "Mục tiêu đến năm 2025 là gì?"}) + "\n", "utf-8")
    words = [str(one) for one in (ROOT, starter_data, ROOT, starter_data, questions)]
    monkeypatch.setattr("sys.argv", ["same", *words])
    assert same.main() == 0
    assert "0 of 1 answers differ" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("field", "other"), [("answered", False), ("text", "Khác"), ("quotes", [])]
)
def test_what_is_shown_counts_and_how_long_it_took_does_not(field: str, other: object) -> None:
    quote = {"document": "a.md", "start": 0, "end": 9, "section": "Điều 1", "sha256": "0"}
    answer = {"answered": True, "text": "", "quotes": [quote], "milliseconds": {"total": 1.0}}
    assert not same.differing([answer], [{**answer, "milliseconds": {"total": 2.0}}])
    assert same.differing([answer], [{**answer, field: other}])
