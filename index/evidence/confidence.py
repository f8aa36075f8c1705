"""Whether what was found answers the question: calibrated probabilities, and what follows from them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.evidence.signals import NOTHING, Signals, values
from index.result import Outcome
from index.scope import Scope

FITTED = Path(__file__).with_name("confidence.json")

Tree = Any  # a leaf's number, or [signal, threshold, the tree at or below it, the tree above]


@dataclass(frozen=True, slots=True)
class Curve:
    """Boosted trees, and the logistic curve that turns their sum into a probability."""

    trees: tuple[Tree, ...]
    slope: float
    intercept: float

    def probability(self, measured: list[float]) -> float:
        total = sum(leaf(tree, measured) for tree in self.trees)
        return 1 / (1 + math.exp(-self.intercept - self.slope * total))


@dataclass(frozen=True, slots=True)
class Fit:
    """Two things are asked: whether the documents answer at all, and whether what is shown does.

    `refused` is the least of the first that something is shown at, `firm` of the second that it is
    shown without a request to check it.
    """

    answerable: Curve
    right: Curve
    refused: float
    firm: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities: that the documents answer, and that what would be shown is the answer."""

    answerable: float
    right: float


NONE = Confidence(0.0, 0.0)


def leaf(tree: Tree, measured: list[float]) -> float:
    """What a tree says of the signals measured."""
    while isinstance(tree, list):
        signal, threshold, below, above = tree
        tree = below if measured[signal] <= threshold else above
    return float(tree)


@lru_cache(maxsize=1)
def fitted() -> Fit:
    """The fit of `python -m index.training.answers`."""
    stored = json.loads(FITTED.read_text(encoding="utf-8"))["fit"]
    answerable, right = (
        Curve(tuple(one["trees"]), one["slope"], one["intercept"])
        for one in (stored["answerable"], stored["right"])
    )
    return Fit(answerable, right, stored["refused"], stored["firm"])


def confidence(signals: Signals) -> Confidence:
    """Of an answer; none where nothing was found."""
    if signals == NOTHING:
        return NONE
    fit, measured = fitted(), values(signals)
    return Confidence(fit.answerable.probability(measured), fit.right.probability(measured))


def verdict(scope: Scope, confidence: Confidence) -> Outcome:
    """What to do with it. A thing that does not exist is never answered."""
    if scope.absent:
        return "nonexistent"
    if confidence.answerable < fitted().refused:
        return "absent"
    return "answered" if confidence.right >= fitted().firm else "uncertain"
