"""Fits which sentence answers (sentences.json) and whether it does (confidence.json).

    python -m index.training.answers WORK --over DATA QUESTIONS.jsonl… [--over DATA QUESTIONS.jsonl…]

DATA is a data folder with the documents of the questions after it indexed, WORK that of
`index.training.reader`, `index.training.at_home` and `index.training.cross`: what teaches confidence is each
question as readings see it that were not taught it, and those of writers held out. Figures are of five-fold cross-validation over questions; they are written
beside the weights.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from index.answer import Answerer
from index.evidence import sentences as evidence_of
from index.evidence.confidence import FITTED, Tree, Trees, fitted
from index.evidence.sentences import FEATURES, WEIGHTS
from index.evidence.signals import NAMES, signals_of, values
from index.retrieval.encoder import open_encoder
from index.serving import Serving
from index.training.at_home import fold_of, readers
from index.training.cross import readings
from index.training.judged import (
    Question,
    answers,
    found_elsewhere,
    opened,
    shows,
    takes_questions,
    tells_part,
)
from index.training.marked import HELD_OUT, read_marked, written_texts
from index.training.reader import HALF

Floats = NDArray[np.float64]
FOLDS = 5
RIDGE = 1.0
MISSED = 0.15  # weight of a question whose document was taken away: the others are asked by people
WRONGLY_REFUSED = 0.1  # of answerable questions, at the lower threshold; the sets are hard, and what ships has learnt all
LEAST = 0.2  # chance that what would be shown is right; four of five below it are wrong, mostly to stories
RUNS = 3  # of boosted trees, averaged
FIRM = 0.7  # probability that what is shown is right, from which on it is given without a request to check it
# weight of a question once more, in small letters: people type so, and it means the same
SMALL = 0.3
WRITTEN = 0.5  # weight of the held-out writer's questions: on other documents than the bot's


@dataclass(frozen=True, slots=True)
class Example:
    """One question: features of its candidate sentences, which of them would answer, its signals."""

    question: str
    features: Floats  # [sentences, features]
    right: NDArray[np.bool_]  # [sentences]
    signals: Floats
    answerable: bool
    shown: bool = False  # what would be shown answers
    weight: float = 1.0


def examples(questions: Sequence[Question], by_fold: Sequence[Answerer]) -> list[Example]:
    """Questions that name what does not exist teach nothing here."""
    found = []
    for question in tqdm(questions, mininterval=10):
        answerer = by_fold[fold_of(question)]
        for one in answerer.find_all(question["question"], question["turns"]):
            if one.scope.absent:
                continue
            quotes = answerer.quotes(one)
            signals = signals_of(answerer.generation, one, quotes)
            features = np.array([sentence.features for sentence in one.sentences])
            right = np.array([answers(answerer, one, at, question) for at in range(len(features))])
            measured, shown = np.array(values(signals)), shows(quotes, question)
            found.append(
                Example(question["id"], features, right, measured, question["answerable"], shown)
            )
    return found


def _small(questions: Sequence[Question]) -> list[Question]:
    """Those that have a capital, without."""
    small = [{**question, "question": question["question"].lower()} for question in questions]
    return [one for one, asked in zip(small, questions, strict=True) if one != asked]


def of_held_out_writers(work: Path) -> Iterator[Example]:
    """What is found for questions that the reader was not taught on, in the library of their texts."""
    marked = [one for one in read_marked() if one.writer in HELD_OUT]
    answerer = Serving(work / "data", open_encoder()).answerer()
    library = written_texts(work)
    for number, one in enumerate(tqdm(marked, mininterval=10)):
        if answerer.refusal(one.question):
            continue
        found = answerer.find_all(one.question, (), library.foreign(one, answerer.generation))
        if len(found) != 1 or found[0].scope.absent:
            continue
        place = library.place(one, answerer.generation)
        if one.answer and not place:
            continue
        quotes = answerer.quotes(found[0])
        path, start, end = place or ("", 0, 0)
        shown = place is not None and any(
            quote.document == path
            and min(quote.end, end) - max(quote.start, start) >= HALF * (end - start)
            for quote in quotes
        )
        measured = np.array(values(signals_of(answerer.generation, found[0], quotes)))
        nothing = np.empty((0, len(FEATURES)))
        yield Example(
            f"marked {number}", nothing, np.empty(0, np.bool_), measured, one.answer is not None,
            shown, WRITTEN,
        )  # fmt: skip


def missed(answerer: Answerer, question: Question) -> list[Example]:
    """The same question to a library without the documents that answer it: no answer is right.

    Left out where what would be shown answers it all the same.
    """
    found = []
    for one in found_elsewhere(answerer, question):
        quotes = answerer.quotes(one)
        if tells_part(" ".join(quote.text for quote in quotes), question):
            continue
        measured = np.array(values(signals_of(answerer.generation, one, quotes)))
        nothing = np.empty((0, len(FEATURES)))
        found.append(
            Example(question["id"], nothing, np.empty(0, np.bool_), measured, False, False, MISSED)
        )
    return found


def choice(found: Sequence[Example]) -> Floats:
    """Weights that put a right sentence first: a softmax over each question's sentences."""
    taught = [example for example in found if example.right.any()]
    spread = np.vstack([example.features for example in taught]).std(axis=0) + 1e-9
    weights = np.zeros(len(spread))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, 401):  # Adam; the loss is all but convex and small
        gradient = RIDGE * weights / len(taught)
        for example in taught:
            scaled = example.features / spread
            score = scaled @ weights
            chance = np.exp(score - score.max())
            chance /= chance.sum()
            among = chance * example.right
            gradient += scaled.T @ (chance - among / (among.sum() + 1e-12)) / len(taught)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        weights -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return np.asarray(weights / spread)


def _folds(count: int) -> list[NDArray[np.int64]]:
    order = np.random.default_rng(0).permutation(count)
    return [order[fold::FOLDS] for fold in range(FOLDS)]


def chosen_first(found: Sequence[Example]) -> dict[str, float]:
    """Share of questions with a right sentence among the first 1, 3 and 5, cross-validated."""
    taught = [example for example in found if example.right.any()]
    hits: list[list[bool]] = []
    for fold in _folds_by_question(taught):
        weights = choice([e for at, e in enumerate(taught) if at not in set(fold.tolist())])
        for at in fold:
            order = np.argsort(-(taught[at].features @ weights), kind="stable")
            hits.append([bool(taught[at].right[order[:k]].any()) for k in (1, 3, 5)])
    means = np.mean(hits, axis=0)
    return {f"first {k}": round(float(m), 3) for k, m in zip((1, 3, 5), means, strict=True)}


def confidence(found: Sequence[Example]) -> dict[str, Any]:
    """The two fits, their thresholds and their cross-validated figures."""
    signals = np.array([example.signals for example in found])
    answerable = np.array([example.answerable for example in found])
    shown = np.array([example.shown for example in found])
    weight = np.array([example.weight for example in found])
    answers, whether = _curve(found, signals, answerable, weight)
    right, rightly = _curve(found, signals, shown, weight)
    asked = weight == 1
    refused = float(np.quantile(whether[asked & answerable], WRONGLY_REFUSED))
    told = (whether >= refused) & (rightly >= LEAST)
    return {
        "signals": NAMES,
        "fit": {
            "answerable": answers,
            "right": right,
            "refused": round(refused, 4),
            "least": LEAST,
            "firm": FIRM,
        },
        "figures": {
            "questions": len({example.question for example in found}),
            "area, answerable": _area(answerable[asked], whether[asked]),
            "area, right": _area(shown[asked], rightly[asked]),
            "refused of unanswerable": _share(~told[asked & ~answerable]),
            "refused where the document was taken away": _share(~told[weight == MISSED]),
            "wrongly refused": _share(~told[asked & answerable]),
            "answerable given, and right of those given, from": {
                str(least): [
                    round(float(given[asked & answerable].mean()), 3),
                    round(float(shown[given].mean()), 3),
                ]
                for least in (0.5, 0.6, 0.65, 0.7, 0.8, 0.9)
                for given in (asked & told & (rightly >= least),)
            },
        },
    }


def _curve(
    found: Sequence[Example], signals: Floats, truth: NDArray[np.bool_], weight: Floats
) -> tuple[dict[str, Any], Floats]:
    """A fit, and what it says of questions that it was not fitted on.

    Boosted trees (Friedman 2001); a logistic curve through what they say of questions left out (Platt
    1999) makes it a probability.
    """
    total = np.empty(len(found))
    for fold in _folds_by_question(found):
        rest = np.setdiff1d(np.arange(len(found)), fold)
        total[fold] = decided(boosted(signals[rest], truth[rest], weight[rest]), signals[fold])
    curve = LogisticRegression().fit(total[:, None], truth, weight)
    stored = {
        "slope": round(float(curve.coef_[0, 0]), 4),
        "intercept": round(float(curve.intercept_[0]), 4),
        "trees": trees_of(boosted(signals, truth, weight)),
    }
    return stored, np.asarray(curve.predict_proba(total[:, None])[:, 1])


def _area(truth: NDArray[np.bool_], chance: Floats) -> float:
    return round(float(roc_auc_score(truth, chance)), 3)


def _share(which: NDArray[np.bool_]) -> float:
    return round(float(which.mean()), 3)


def _folds_by_question(found: Sequence[Example]) -> list[NDArray[np.int64]]:
    questions = list(dict.fromkeys(example.question for example in found))
    return [
        np.flatnonzero([example.question in held for example in found])
        for fold in _folds(len(questions))
        for held in ({questions[at] for at in fold},)
    ]


def boosted(
    signals: Floats, answerable: NDArray[np.bool_], weight: Floats
) -> list[GradientBoostingClassifier]:
    """Several runs that differ in chance: one alone moves a question in a hundred over a threshold."""
    return [
        GradientBoostingClassifier(
            n_estimators=400, max_depth=4, learning_rate=0.03, subsample=0.6, max_features=0.3,
            min_samples_leaf=12, random_state=seed,
        ).fit(signals, answerable, weight)
        for seed in range(RUNS)
    ]  # fmt: skip


def decided(models: Sequence[GradientBoostingClassifier], signals: Floats) -> Floats:
    """What the runs say on average: log odds, one a row."""
    return np.asarray(np.mean([model.decision_function(signals) for model in models], axis=0))


def trees_of(models: Sequence[GradientBoostingClassifier]) -> list[Tree]:
    """The trees, a first leaf with what the models begin at; they sum to what is decided."""
    width = models[0].n_features_in_
    start = float(decided(models, np.zeros((1, width)))[0])
    trees = [
        _nested(tree.tree_, 0, model.learning_rate / len(models))
        for model in models
        for tree in model.estimators_[:, 0]
    ]
    zeros = [0.0] * width
    return [round(start - Trees.of(trees).total(zeros), 5), *trees]


def _nested(tree: Any, node: int, rate: float) -> Tree:
    below, above = tree.children_left[node], tree.children_right[node]
    if below == above:
        return round(float(tree.value[node, 0, 0] * rate), 5)
    # signals are compared as trees were grown, in single precision
    threshold = float(np.float32(tree.threshold[node]))
    return [
        int(tree.feature[node]), threshold, _nested(tree, below, rate), _nested(tree, above, rate)
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    takes_questions(parser)
    arguments = parser.parse_args()
    over = list(opened(arguments.over))
    found: list[Example] = []
    for asked in over:
        found += examples(asked.questions, [asked.answerer.read_by(None)] * FOLDS)
    answerable = [example for example in found if example.answerable]
    weights = choice(answerable)
    evidence = {
        "weights": {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)},
        "figures": {
            "questions": len({one.question for one in answerable}),
            **chosen_first(answerable),
        },
    }
    WEIGHTS.write_text(json.dumps(evidence, indent=1) + "\n", encoding="utf-8")
    evidence_of.weights.cache_clear()
    # the signals are of what is shown, so of the sentences chosen with the new weights and the reader
    found = list(of_held_out_writers(arguments.work))
    both = list(zip(readers(arguments.work), readings(arguments.work), strict=True))
    for asked in over:
        apart = [asked.answerer.read_by(*taught_others) for taught_others in both]
        found += examples(asked.questions, apart)
        found += [replace(one, weight=SMALL) for one in examples(_small(asked.questions), apart)]
        for question in asked.questions:
            found += missed(apart[fold_of(question)], question) if question["answerable"] else ()
    fit = confidence(found)
    FITTED.write_text(json.dumps(fit) + "\n", encoding="utf-8")
    fitted.cache_clear()
    print(json.dumps({"evidence": evidence["figures"], "confidence": fit["figures"]}, indent=1))


if __name__ == "__main__":
    main()
