"""The reader: what was taught is what is served, and it reads what it says it reads."""

from pathlib import Path

import numpy as np
import pytest
import torch

from index.answer import Answerer
from index.evidence.reader import LONGEST, Asking, Candidates, Floats, Reader, candidates, fitted
from index.evidence.sentences import FEATURES
from index.retrieval.encoder import Encoder
from index.store.generation import open_serving
from index.training.at_home import FOLDS, fold_of
from index.training.marked import Library, Marked, read_marked, read_plans
from index.training.reader import KINDS, Course, Lesson, Net, cut, follow
from index.training.reader import figures as measured
from tests.running_bot import build_index


def asked(seed: int, words: int = 7, sentences: int = 5) -> tuple[Asking, Candidates]:
    chance = np.random.default_rng(seed)

    def unit(count: int) -> Floats:
        rows = chance.normal(size=(count, 64)).astype(np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    weights = chance.random(words).astype(np.float32)
    asking = Asking(
        unit(words), weights / weights.sum(), chance.normal(size=384).astype(np.float32), 2
    )
    tokens = [
        np.rint(unit(int(chance.integers(1, 30))) * 127).astype(np.int8) for _ in range(sentences)
    ]
    features = chance.normal(size=(sentences, len(FEATURES))).astype(np.float32)
    passages = [3, 3, 8, 8, 9][:sentences]
    titles = {3: tokens[0], 8: tokens[1], 9: np.empty((0, 64), np.int8)}
    return asking, candidates(asking.words, passages, tokens, titles, features)


def test_what_is_served_is_what_was_taught() -> None:
    torch.manual_seed(0)
    net = Net(len(FEATURES), 64, 384).eval()
    reader = Reader({name: value.numpy() for name, value in net.state_dict().items()})
    for seed in range(5):
        asking, among = asked(seed)
        with torch.no_grad():
            taught = net(asking, among).numpy()
        served = reader.read(asking, among)
        np.testing.assert_allclose(np.append(served.sentences, served.none), taught, atol=1e-4)


def test_what_a_sentence_says_depends_on_it_and_its_passage_alone() -> None:
    asking, among = asked(1)
    alone = cut(Lesson(asking, among, np.zeros(5, np.bool_), False, 0), 2)
    read = fitted().read(asking, among).sentences
    np.testing.assert_allclose(fitted().read(asking, alone.among).sentences, read[:2], atol=1e-4)


def test_a_sentence_without_tokens_and_a_very_long_one_are_read() -> None:
    asking, _ = asked(2)
    long = np.full((500, 64), 3, np.int8)
    among = candidates(
        asking.words,
        [1, 1],
        [np.empty((0, 64), np.int8), long],
        {1: long[:0]},
        np.zeros((2, len(FEATURES)), np.float32),
    )
    assert len(among.tokens) == 1 + LONGEST
    assert np.isfinite(fitted().read(asking, among).sentences).all()


def test_the_chances_of_all_and_of_none_are_one() -> None:
    chances = fitted().read(*asked(3)).probabilities()
    assert len(chances) == 6
    assert chances.sum() == pytest.approx(1, abs=1e-5)


def test_a_right_sentence_stays_in_a_lesson_that_is_cut() -> None:
    asking, among = asked(4)
    right = np.array([False, False, False, False, True])
    short = cut(Lesson(asking, among, right, True, 0), 2)
    assert short.right.tolist() == [False, True]
    read = fitted().read(asking, among).sentences
    # its nearest tokens are its own still
    np.testing.assert_allclose(
        fitted().read(asking, short.among).sentences, read[[0, 4]], atol=1e-4
    )


def test_there_is_a_place_for_every_kind_of_question() -> None:
    from typing import get_args

    from index.question.kind import AnswerKind

    assert len(get_args(AnswerKind)) == KINDS


def test_figures_count_what_the_reader_puts_first() -> None:
    asking, among = asked(5)
    first = int(fitted().read(asking, among).sentences.argmax())
    right = np.arange(5) == first
    told = measured(
        fitted(),
        [
            Lesson(asking, among, right, True, 6),
            Lesson(asking, among, np.zeros(5, np.bool_), False, 6),
        ],
    )
    assert told["right first, reader"] == 1.0


def test_a_course_that_was_finished_is_not_taught_twice(tmp_path: Path) -> None:
    """The state tells; a run that is begun again goes on where it stopped."""
    asking, among = asked(3)
    lesson = Lesson(asking, among, np.arange(5) == 2, True, 0)
    course = Course(rounds=2, rate=1e-3, warm_up=2, memory=0.9)
    first = follow(Net.beside(lesson), lambda turn: [lesson] * 16, course, tmp_path / "state.pt")
    again = follow(Net.beside(lesson), lambda turn: [], course, tmp_path / "state.pt")
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_a_question_belongs_to_one_fold_however_it_is_typed() -> None:
    """So that no reader is judged on what it was taught in other letters."""
    folds = [fold_of({"id": f"q{number}", "question": str(number)}) for number in range(200)]
    assert folds == [fold_of({"id": f"q{number}", "question": "?"}) for number in range(200)]
    assert set(folds) == set(range(FOLDS))


def test_an_invented_document_holds_what_answers_its_questions() -> None:
    """Each answer is a stretch of its text; whose question it is, the document's number tells."""
    plans = read_plans()
    of_plans = [one for one in read_marked() if one.text in plans]
    assert len(of_plans) > 3000
    for one in of_plans:
        assert one.text.startswith(f"P{one.writer:02}")
        assert one.answer is None or plans[one.text][slice(*one.answer)].strip()


def test_a_row_that_answers_is_found_however_its_cells_were_set(
    tmp_path: Path, encoder: Encoder
) -> None:
    """As it was written it has bars; the document tells it with its heads."""
    text = "Kế hoạch\n\n| TT | Chỉ tiêu | Năm 2026 |\n|---|---|---|\n| 1 | Hồ sơ số | 80 % |\n"
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "p.txt").write_text(text, "utf-8")
    build_index(tmp_path / "data", tmp_path / "library", encoder)
    generation = open_serving(tmp_path / "data", encoder.fingerprint)
    library = Library(tmp_path / "library", {"P1": "p.txt"}, {"P1": text})
    row = (text.index("| 1 |"), text.index("80 % |") + 6)
    place = library.place(Marked("P1", "?", 8, row), generation)
    assert place is not None
    told = generation.document("p.txt").text[slice(*place[1:])]
    assert told == "TT: 1 · Chỉ tiêu: Hồ sơ số · Năm 2026: 80 %"


def test_an_invented_province_is_asked_by_itself(tmp_path: Path, encoder: Encoder) -> None:
    """Another writer's plan says the same of a province of its own; a law holds for all of them."""
    text = "Kế hoạch số\n\nSở Nội vụ chủ trì việc số hóa hồ sơ."
    files = {"P0801": "a.txt", "P0802": "b.txt", "P0901": "c.txt", "L5": "d.txt"}
    (tmp_path / "library").mkdir()
    for name in files.values():
        (tmp_path / "library" / name).write_text(f"{text} ({name})\n", "utf-8")
    build_index(tmp_path / "data", tmp_path / "library", encoder)
    generation = open_serving(tmp_path / "data", encoder.fingerprint)
    library = Library(tmp_path / "library", files, dict.fromkeys(files, text))
    foreign = library.foreign(Marked("P0801", "Ai số hóa hồ sơ?", 8, None), generation)
    assert {generation.passages[row].document for row in foreign} == {"c.txt"}
    assert not library.foreign(Marked("L5", "Ai số hóa hồ sơ?", 1, None), generation)
    found = Answerer(generation, encoder).find_all("Ai số hóa hồ sơ?", (), foreign)
    assert {generation.passages[row].document for row in found[0].passages} == {
        "a.txt", "b.txt", "d.txt",
    }  # fmt: skip
