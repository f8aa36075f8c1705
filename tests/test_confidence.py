"""Whether what was found answers: the fit that ships, and the fit as it is made."""

import json
import shutil

import numpy as np
import pytest

from bot.settings import STARTER_DOCUMENTS
from index.answer import Answerer
from index.evidence.confidence import (
    FITTED,
    NONE,
    Confidence,
    Curve,
    Trees,
    confidence,
    fitted,
    verdict,
)
from index.evidence.signals import NAMES, Signals, signals_of, values
from index.retrieval.encoder import Encoder
from index.scope import Scope
from index.serving import Serving
from tests.running_bot import build_index


def test_the_fit_that_ships_is_of_the_signals_that_are_measured() -> None:
    stored = json.loads(FITTED.read_text(encoding="utf-8"))
    assert tuple(stored["signals"]) == NAMES
    assert len(values(Signals())) == len(NAMES)
    assert 0 < fitted().refused < 1
    assert 0 < fitted().firm < 1


def test_nothing_found_is_nothing_to_be_sure_of() -> None:
    assert confidence(Signals()) == NONE


def test_what_is_hardly_right_is_not_shown_however_surely_the_documents_answer() -> None:
    least = fitted().least
    assert verdict(Scope(), Confidence(0.99, least - 0.01)) == "absent"
    assert verdict(Scope(), Confidence(0.99, least)) == "uncertain"


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
    rows = entry.rows
    (without,) = starter_answerer.find_all(question, without=rows)
    assert not set(rows) & {*without.passages, *(one.passage for one in without.sentences)}
    assert without.ranking.dense.max() < found.ranking.dense.max()


@pytest.fixture(scope="module")
def rankings(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    """Over the starter documents on ranks."""
    folder = tmp_path_factory.mktemp("rankings")
    (folder / "library").mkdir()
    for file in STARTER_DOCUMENTS.glob("xep-hang-*.md"):
        shutil.copy(file, folder / "library")
    build_index(folder / "data", folder / "library", encoder)
    return Serving(folder / "data", encoder).answerer()


@pytest.mark.parametrize(("year", "told"), [("2022", 1.0), ("2017", -1.0)])
def test_a_sentence_that_tells_of_another_year_is_seen(
    rankings: Answerer, year: str, told: float
) -> None:
    """Though its passage, its heading or a neighbour may name the year that is asked about."""
    (found,) = rankings.find_all(f"Năm {year} Thái Nguyên xếp thứ mấy về chuyển đổi số?")
    quotes = rankings.quotes(found)
    assert "Thái Nguyên xếp thứ" in quotes[0].text
    assert signals_of(rankings.generation, found, quotes).own_years == told


@pytest.mark.parametrize(
    "question", ["Thái Nguyên xếp thứ mấy DTI 2022", "nam 2022 dti thai nguyen dung thu may"]
)
def test_the_rank_is_told_to_whoever_asks_by_the_name_of_the_index(
    rankings: Answerer, question: str
) -> None:
    """The documents write "DTI": spelt out in seven words, the question had little of theirs."""
    answer = rankings.answer(question)
    assert answer.answered
    assert answer.quotes[0].text.startswith("- Năm 2022, Thái Nguyên xếp thứ 8 về chuyển đổi số")
