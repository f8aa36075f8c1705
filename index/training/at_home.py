"""Makes the reader at home in documents like the bot's own, after `index.training.reader` has taught it.

    python -m index.training.at_home WORK --over DATA QUESTIONS.jsonl… [--over DATA QUESTIONS.jsonl…]

DATA is a data folder with the documents of the questions after it indexed, WORK that of
`index.training.reader`. The questions are few, so each of FOLDS readers leaves out a fold of them (WORK/home-0.npz…), which is how
`index.training.answers` sees them; the one that ships has learnt all.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
from tqdm import tqdm

from index.answer import Answerer
from index.evidence.found import Found
from index.evidence.reader import FILE, READ, Reader
from index.evidence.rereading import considered
from index.evidence.sentences import Sentence
from index.training.judged import (
    Question,
    answers,
    found_elsewhere,
    opened,
    takes_questions,
    tells_part,
)
from index.training.marked import HELD_OUT
from index.training.reader import (
    STATE,
    Course,
    Lesson,
    Net,
    Weights,
    cut,
    follow,
    kept_lessons,
    save,
)

FOLDS = 3
COURSE = Course(rounds=2, rate=3e-4, warm_up=30, memory=0.98)
AMONG = 2000  # lessons of before in each round, so that they are not forgotten
OWN = 0  # "writer" of these


def fold_of(question: Question) -> int:
    """The same for a question however it is typed, and on any machine."""
    return crc32(question["id"].encode()) % FOLDS


def readers(work: Path) -> list[Reader]:
    """By fold, the reader that was not taught its questions."""
    return [Reader.open(work / f"home-{fold}.npz") for fold in range(FOLDS)]


def lessons(answerer: Answerer, questions: Sequence[Question]) -> Iterator[tuple[int, Lesson]]:
    """With the fold of each; answerable ones also to a library without the documents that answer."""
    answerer = answerer.read_by(None)
    for question in tqdm(questions, mininterval=10):
        for found in answerer.find_all(question["question"], question["turns"]):
            count = min(READ, len(found.sentences)) if question["answerable"] else 0
            right = [answers(answerer, found, at, question) for at in range(count)]
            if any(right) or not question["answerable"]:
                yield from _lesson(answerer, found, question, right)
        if question["answerable"]:
            for found in found_elsewhere(answerer, question):
                best = found.sentences[:READ]
                if not any(tells_part(_text(answerer, one), question) for one in best):
                    yield from _lesson(answerer, found, question, [])


def _text(answerer: Answerer, one: Sentence) -> str:
    return one.text_in(answerer.generation)


def _lesson(
    answerer: Answerer, found: Found, question: Question, right: Sequence[bool]
) -> Iterator[tuple[int, Lesson]]:
    best = found.sentences[:READ]
    taken = considered(answerer.generation, found.understanding, found.ranking, best)
    if taken and not found.scope.absent:
        truth = np.zeros(len(best), np.bool_)
        truth[: len(right)] = right
        yield fold_of(question), cut(Lesson(*taken, truth, any(right), OWN))


def fit(taught: Sequence[Lesson], before: Sequence[Lesson], work: Path, state: Path) -> Weights:
    """From the weights that `index.training.reader` left in `work`."""
    torch.manual_seed(0)
    net = Net.beside(taught[0])
    net.load_state_dict(torch.load(work / STATE)["mean"])

    def of_round(turn: int) -> Sequence[Lesson]:
        return [*taught, *before[turn * AMONG : (turn + 1) * AMONG]]

    return follow(net, of_round, COURSE, state)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    takes_questions(parser)
    given = parser.parse_args()
    own = [one for asked in opened(given.over) for one in lessons(asked.answerer, asked.questions)]
    before = [one for one in kept_lessons(given.work) if one.writer not in HELD_OUT]
    random.Random(0).shuffle(before)
    for fold in range(FOLDS):
        taught = [one for of, one in own if of != fold]
        weights = fit(taught, before, given.work, given.work / f"home-{fold}.pt")
        save(weights, given.work / f"home-{fold}.npz")
    save(fit([one for _, one in own], before, given.work, given.work / "home.pt"), FILE)


if __name__ == "__main__":
    main()
