"""Whether what was found answers: the fit that ships, and the fit as it is made."""

import json

import numpy as np
import pytest

from index.answer import Answerer
from index.evidence.confidence import FITTED, NONE, Curve, Trees, confidence, fitted
from index.evidence.signals import NAMES, Signals, signals_of, values


def test_the_fit_that_ships_is_of_the_signals_that_are_measured() -> None:
    stored = json.loads(FITTED.read_text(encoding="utf-8"))
    assert tuple(stored["signals"]) == NAMES
    assert len(values(Signals())) == len(NAMES)
    assert 0 < fitted().refused < 1
    assert 0 < fitted().firm < 1


def test_nothing_found_is_nothing_to_be_sure_of() -> None:
    assert confidence(Signals()) == NONE


def test_kept_trees_say_what_the_fit_said() -> None:
    """Trees written as JSON and read again give scikit-learn's own decision."""
    answers = pytest.importorskip("index.training.answers")
    random = np.random.default_rng(0)
    measured = random.normal(size=(200, 4))
    answerable = measured[:, 0] + measured[:, 1] ** 2 > 0.5
    models = answers.boosted(measured, answerable, np.ones(200))
    trees = json.loads(json.dumps(answers.trees_of(models)))
    curve = Curve(Trees.of(trees), 1.0, 0.0)
    ours = [curve.probability(row.tolist()) for row in measured]
    theirs = 1 / (1 + np.exp(-answers.decided(models, measured)))
    assert np.abs(np.array(ours) - theirs).max() < 0.01


def test_what_is_taken_away_is_nowhere_in_what_is_found(starter_answerer: Answerer) -> None:
    """The fit learns from questions whose document the library seems not to hold."""
    question = "C-ThaiNguyen là gì?"
    generation = starter_answerer.generation
    (found,) = starter_answerer.find_all(question)
    path = generation.passages[found.sentences[0].passage].document
    entry = generation.entry[path]
    rows = range(entry.first, entry.first + entry.passages)
    (without,) = starter_answerer.find_all(question, without=rows)
    assert not set(rows) & {*without.passages, *(one.passage for one in without.sentences)}
    assert without.ranking.dense.max() < found.ranking.dense.max()


@pytest.mark.parametrize(("year", "told"), [("2021", 1.0), ("2022", -1.0)])
def test_a_sentence_that_tells_of_another_year_is_seen(
    starter_answerer: Answerer, year: str, told: float
) -> None:
    """Though its passage, its heading or a neighbour may name the year that is asked about."""
    question = f"Gửi văn bản qua mạng năm {year} giúp Thái Nguyên bớt bao nhiêu tỷ tiền bưu điện?"
    (found,) = starter_answerer.find_all(question)
    quotes = starter_answerer.quotes(found)
    assert "trên 8 tỷ" in quotes[0].text
    assert signals_of(starter_answerer.generation, found, quotes).own_years == told
