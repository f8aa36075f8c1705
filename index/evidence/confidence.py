"""Whether what was found answers the question: calibrated probabilities, and what follows from them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.evidence.signals import NOTHING, Signals, values
from index.result import Outcome
from index.scope import Scope

FITTED = Path(__file__).with_name("confidence.json")

Tree = Any  # a leaf's number, or [signal, threshold, the tree at or below it, the tree above]


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as one table of nodes, walked together: a leaf leads to itself. All but `roots` are [nodes]."""

    roots: NDArray[np.intp]
    signal: NDArray[np.intp]
    threshold: NDArray[np.float64]
    below: NDArray[np.intp]  # where a signal at or below the threshold leads
    above: NDArray[np.intp]
    value: NDArray[np.float64]  # of a leaf
    depth: int

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> Trees:
        nodes: list[tuple[int, float, int, int, float]] = []

        def add(tree: Tree) -> tuple[int, int]:
            """Where the tree's root stands, and how deep it is."""
            at = len(nodes)
            if not isinstance(tree, list):
                nodes.append((0, 0.0, at, at, float(tree)))
                return at, 0
            signal, threshold, *parts = tree
            nodes.append((signal, threshold, at, at, 0.0))
            (below, first), (above, second) = map(add, parts)
            nodes[at] = (signal, threshold, below, above, 0.0)
            return at, 1 + max(first, second)

        roots = [add(tree) for tree in trees]
        signal, threshold, below, above, value = map(np.array, zip(*nodes, strict=True))
        depth = max(deep for _, deep in roots)
        return cls(np.array([at for at, _ in roots]), signal, threshold, below, above, value, depth)

    def total(self, measured: Sequence[float]) -> float:
        """The sum of what each tree says of the signals measured."""
        signals, at = np.asarray(measured, np.float64), self.roots
        for _ in range(self.depth):
            low = signals[self.signal[at]] <= self.threshold[at]
            at = np.where(low, self.below[at], self.above[at])
        return float(self.value[at].sum())


@dataclass(frozen=True, slots=True)
class Curve:
    """Boosted trees, and the logistic curve that turns their sum into a probability."""

    trees: Trees
    slope: float
    intercept: float

    def probability(self, measured: Sequence[float]) -> float:
        return 1 / (1 + math.exp(-self.intercept - self.slope * self.trees.total(measured)))


@dataclass(frozen=True, slots=True)
class Fit:
    """Two things are asked: whether the documents answer at all, and whether what is shown does.

    `refused` is the least of the first that something is shown at, `least` of the second, `firm` of the
    second that it is shown without a request to check it.
    """

    answerable: Curve
    right: Curve
    refused: float
    least: float
    firm: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """Probabilities: that the documents answer, and that what would be shown is the answer."""

    answerable: float
    right: float


NONE = Confidence(0.0, 0.0)


@lru_cache(maxsize=1)
def fitted() -> Fit:
    """The fit of `python -m index.training.answers`."""
    stored = json.loads(FITTED.read_text(encoding="utf-8"))["fit"]
    answerable, right = (
        Curve(Trees.of(one["trees"]), one["slope"], one["intercept"])
        for one in (stored["answerable"], stored["right"])
    )
    return Fit(answerable, right, stored["refused"], stored["least"], stored["firm"])


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
    if confidence.answerable < fitted().refused or confidence.right < fitted().least:
        return "absent"
    return "answered" if confidence.right >= fitted().firm else "uncertain"
