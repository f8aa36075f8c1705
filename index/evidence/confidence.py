"""Whether what was found answers the question: a calibrated probability, and what follows from it."""

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
class Fit:
    """Boosted trees, the logistic curve that turns their sum into a probability, two thresholds."""

    trees: tuple[Tree, ...]
    slope: float
    intercept: float
    answered: float
    uncertain: float

    def probability(self, measured: list[float]) -> float:
        total = sum(leaf(tree, measured) for tree in self.trees)
        return 1 / (1 + math.exp(-self.intercept - self.slope * total))


def leaf(tree: Tree, measured: list[float]) -> float:
    """What a tree says of the signals measured."""
    while isinstance(tree, list):
        signal, threshold, below, above = tree
        tree = below if measured[signal] <= threshold else above
    return float(tree)


@lru_cache(maxsize=1)
def fitted() -> Fit:
    """The fit of `python -m index.training.answers`."""
    stored = json.loads(FITTED.read_text(encoding="utf-8"))
    return Fit(**{**stored["fit"], "trees": tuple(stored["fit"]["trees"])})


def probability(signals: Signals) -> float:
    """Of an answer; none where nothing was found."""
    return fitted().probability(values(signals)) if signals != NOTHING else 0.0


def verdict(scope: Scope, confidence: float) -> Outcome:
    """What to do with it. A thing that does not exist is never answered."""
    if scope.absent:
        return "nonexistent"
    if confidence >= fitted().answered:
        return "answered"
    return "uncertain" if confidence >= fitted().uncertain else "absent"
