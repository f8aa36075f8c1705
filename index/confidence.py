"""Whether what was found answers the question: a calibrated probability, and what follows from it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from index.result import Outcome
from index.scope import Scope

FITTED = Path(__file__).with_name("confidence.json")


@dataclass(frozen=True, slots=True)
class Signals:
    """Measured on the best sentence, its passage and what is shown; zeros where nothing was found.

    None depends on how large the library is: the fit must hold for thirty documents and thousands.
    """

    dense: float = 0.0  # cosine of question and passage
    top_dense: float = 0.0  # of question and the nearest passage
    sentence: float = 0.0  # the sentence's own score
    cosine: float = 0.0  # of question and sentence
    coverage: float = 0.0  # share of the question's weight in what is shown and its passage
    marked: float = 0.0  # the same with diacritics
    pairs: float = 0.0  # the same for neighbouring words
    missing: float = 0.0  # rarity of the rarest telling word they lack, of the most there can be
    own_coverage: float = 0.0  # share in what is shown and the headings
    own_pairs: float = 0.0
    kind: float = 0.0  # holds the kind of thing asked for
    wanted: float = 0.0  # 1 holds what the question's words call for, -1 does not, 0 none known
    named: float = 0.0  # likewise a name of a person, a company, a commune
    counted: float = 0.0  # likewise a number of the thing counted
    focus: float = 0.0  # likewise the words of what is asked
    names: float = 0.0  # likewise the question's proper names
    numbers: float = 0.0  # likewise the numbers it states: a premise
    unmet: float = 0.0  # how many of wanted, counted, names and numbers are asked and not met
    now: float = 0.0  # asks how things stand today
    premise: float = 0.0  # takes something for granted
    bound: float = 0.0  # the question names its document
    years: float = 0.0  # every year asked about stands there
    english: float = 0.0
    grip: float = 0.0  # best share of the question in one sentence shown that holds all it calls for
    grip_kind: float = 0.0  # and a thing of the kind asked for
    place: float = 0.0  # 1 the passage or its document is of the provinces asked about, -1 it is not
    k_number: float = 0.0
    k_date: float = 0.0
    k_person: float = 0.0
    k_body: float = 0.0
    k_list: float = 0.0
    k_definition: float = 0.0
    k_yesno: float = 0.0
    k_place: float = 0.0
    k_validity: float = 0.0
    k_reason: float = 0.0
    words: float = 0.0
    claims: float = 0.0
    mine: float = 0.0
    first_met: float = 0.0
    gap: float = 0.0


@lru_cache(maxsize=1)
def _fit() -> tuple[dict[str, float], float, float, float]:
    stored = json.loads(FITTED.read_text(encoding="utf-8"))
    return stored["weights"], stored["intercept"], stored["answered"], stored["uncertain"]


def probability(signals: Signals) -> float:
    """Of an answer: logistic, fitted by `python -m index.training.answers`."""
    weights, intercept, _, _ = _fit()
    values = asdict(signals)
    return 1 / (1 + math.exp(-intercept - sum(w * values[name] for name, w in weights.items())))


def verdict(scope: Scope, confidence: float) -> Outcome:
    """What to do with it. A thing that does not exist is never answered."""
    if scope.absent:
        return "nonexistent"
    _, _, answered, uncertain = _fit()
    if confidence >= answered:
        return "answered"
    return "uncertain" if confidence >= uncertain else "absent"
