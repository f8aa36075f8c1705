"""Fits what a sentence loses that is not on what a talk is about (PASSAGE and DOCUMENT in
index/evidence/astray.py).

    python -m index.training.astray --over DATA QUESTIONS.jsonl… [--over DATA QUESTIONS.jsonl…]

Of the questions after DATA, over whose documents it has an index, the follow-ups teach: which of the best
sentences answers, or that none does, by a softmax over what both readings make of them (their odds
sharpened or flattened, as that needs), less the weights times how far each lies behind. Printed are the
mean log loss without the weights, with those that ship, and with those fitted on the very questions.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index.answer import Answerer
from index.evidence import astray
from index.retrieval.search import Query
from index.training.judged import Question, answers, opened, takes_questions

Floats = NDArray[np.float64]
READ = 20  # of the best sentences
LEAST = 1e-4  # chance
RIDGE = 0.002


@dataclass(frozen=True, slots=True)
class Example:
    """Of one follow-up: its sentences' log chances, and that of none; how far behind they lie; which answer."""

    chances: Floats  # [sentences]
    none: float
    behind: Floats  # [sentences, 2]: the passage, the best of its document
    right: NDArray[np.bool_]


def example(answerer: Answerer, question: Question) -> Example | None:
    """None for what stands alone, is asked of one document, or whose answer is not among the sentences."""
    generation = answerer.generation
    found = answerer.find_all(question["question"], question["turns"])[0]
    asked, best = found.understanding, found.sentences[:READ]
    if not asked.lead or found.scope.rows or not best:
        return None
    told = bool(question["answerable"])
    right = np.array([told and answers(answerer, found, at, question) for at in range(len(best))])
    if told and not right.any():
        return None
    spoken = answerer.rank(Query(asked.spoken, asked.lead))
    chances = np.array([one.chance for one in best])
    return Example(
        np.log(chances + LEAST),
        float(np.log(max(1 - chances.sum(), LEAST))),
        astray.behind(generation, spoken, best).astype(np.float64),
        right,
    )


def examples(args: argparse.Namespace) -> Iterator[Example]:
    for over in opened(args.over):
        for question in over.questions:
            if question["turns"] and (one := example(over.answerer, question)):
                yield one


def loss(weights: Floats, told: list[Example]) -> float:
    """Mean log loss; `weights` are of the odds, of none, of the passage and of the document."""
    total = 0.0
    for one in told:
        each = np.append(
            weights[0] * one.chances - one.behind @ weights[2:], weights[0] * one.none + weights[1]
        )
        chance = np.exp(each - each.max())
        right = chance[:-1][one.right].sum() if one.right.any() else chance[-1]
        total -= float(np.log(right / chance.sum() + 1e-9))
    return total / len(told) + RIDGE * float(weights[2:] @ weights[2:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    takes_questions(parser)
    shipped = astray.PASSAGE, astray.DOCUMENT
    astray.PASSAGE = astray.DOCUMENT = 0.0  # what is read without them
    told = list(examples(parser.parse_args()))

    def fitted(*fixed: float) -> tuple[float, list[float]]:
        def of(free: Floats) -> float:
            return loss(np.append(free, fixed), told)

        best = minimize(of, np.array([1.0, 0.0] if fixed else [1.0, 0.0, 0.0, 0.0]))
        return round(float(best.fun), 4), [round(float(one), 3) for one in best.x[2:]]

    print(
        json.dumps(
            {
                "follow-ups": len(told),
                "without": fitted(0.0, 0.0)[0],
                "shipped": [fitted(*shipped)[0], shipped],
                "fitted": fitted(),
            }
        )
    )


if __name__ == "__main__":
    main()
