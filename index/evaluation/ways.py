"""Whether a question is answered the same however it is typed: greeted, thanked, in capitals, bare…

    python -m index.evaluation.ways DATA QUESTIONS.jsonl…

Counts, for each way, how many outcomes (something shown, or not) and first quotations change.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from index.answer import Answerer
from index.evaluation.answers import read_questions
from index.evaluation.retrieval import bare
from index.result import Answer
from index.retrieval.encoder import open_encoder
from index.serving import Serving

WAYS: dict[str, Callable[[str], str]] = {
    "greeted": lambda asked: f"Chào bạn, {asked[:1].lower()}{asked[1:]}",
    "asked politely": lambda asked: f"cho mình hỏi {asked[:1].lower()}{asked[1:]}",
    "called": lambda asked: f"ad ơi {asked}",
    "thanked": lambda asked: f"{asked} Cảm ơn ạ",
    "with particles": lambda asked: f"{asked.rstrip(' ?.')} vậy ạ",
    "without a sign": lambda asked: asked.rstrip(" ?."),
    "in capitals": str.upper,
    "bare": lambda asked: bare(asked).lower(),
}


def first(answer: Answer) -> tuple[str, int]:
    """Where the first quotation stands; nowhere if nothing is quoted."""
    return (answer.quotes[0].document, answer.quotes[0].start) if answer.quotes else ("", -1)


def changed(answerer: Answerer, questions: list[str]) -> dict[str, dict[str, float]]:
    """For each way, the share of outcomes and of first quotations that are not the same."""
    before = [answerer.answer(question) for question in questions]
    told = {}
    for way, typed in WAYS.items():
        after = [answerer.answer(typed(question)) for question in questions]
        pairs = list(zip(before, after, strict=True))
        told[way] = {
            "outcome": sum(one.answered != other.answered for one, other in pairs) / len(pairs),
            "first quotation": sum(first(one) != first(other) for one, other in pairs) / len(pairs),
        }
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    given = parser.parse_args()
    asked = [
        one.question
        for file in given.questions
        for one in read_questions(file)
        if not one.turns and one.question != bare(one.question)
    ]
    answerer = Serving(given.data, open_encoder()).answerer()
    told = {"questions": len(asked), **changed(answerer, asked)}
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
