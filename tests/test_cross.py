"""The second reading: what was taught is what is served, and it changes only the order and the chances."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx", reason="the training's own dependencies are not installed")

from index.answer import Answerer  # noqa: E402  # after the skips
from index.evidence.cross import (  # noqa: E402
    AGAIN,
    ASKED,
    FILE,
    NEAR,
    SAID,
    SENTENCE,
    TITLES,
    CrossReader,
    Said,
    laid_out,
    opened,
    read_again,
)
from index.evidence.reader import Reader  # noqa: E402
from index.retrieval.encoder import SHIPPED  # noqa: E402
from index.training import cross, cross_net  # noqa: E402
from index.training.at_home import FOLDS, fold_of  # noqa: E402
from index.training.cross import Course, Lesson, chosen, export, fit  # noqa: E402
from index.training.cross_net import Net, begun  # noqa: E402
from index.training.graph import Shape  # noqa: E402
from index.training.judged import Asked  # noqa: E402
from knowledge.errors import ModelMissing  # noqa: E402

QUESTION = "Ai là giám đốc sở?"
RIGHT = Said("Sở Khoa học và Công nghệ", "", "Giám đốc Sở là ông Nguyễn Văn A.")
LISTED = Said("Nhiệm vụ", "Sở có các nhiệm vụ sau:", "a) Theo dõi chỉ số chuyển đổi số;")


def a_lesson(number: int) -> Lesson:
    right = (number % 3 > 0, False)
    return Lesson(QUESTION, (RIGHT, LISTED), (1.0, 0.0), 0.5, right, right[0], number)


def test_a_text_is_question_then_titles_then_sentence() -> None:
    ids, kinds = laid_out(QUESTION, [LISTED])[0]
    assert sorted(set(kinds.tolist())) == [ASKED, TITLES, SAID]
    assert (np.diff(kinds) >= 0).all()
    assert ids[0] == 0
    assert ids[-1] == 2
    assert len(ids) == len(kinds)


def test_the_sentence_is_read_under_its_titles_and_its_list() -> None:
    bare = Said("", "", LISTED.text)
    odds = opened().log_odds(QUESTION, [LISTED, bare, LISTED])
    assert odds[0] == odds[2]
    assert odds[0] != odds[1]


def test_a_very_long_sentence_and_an_empty_one_are_read() -> None:
    long = Said("Tên rất dài " * 200, "Gồm: " * 300, "chuyển đổi số " * 4000)
    read = laid_out("hỏi " * 900, [long, Said("", "", "")])
    assert all(len(ids) < 160 for ids, _ in read)
    assert int((read[0][1] == SAID).sum()) == SENTENCE + 1
    assert np.isfinite(opened().log_odds("hỏi " * 900, [long, Said("", "", "")])).all()


@pytest.fixture
def one_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding the matrices of four takes half a minute."""
    for module in (cross, cross_net):
        monkeypatch.setattr(module, "SHAPE", Shape(layers=1, heads=12))


@pytest.mark.usefixtures("one_layer")
def test_what_is_served_is_what_was_taught(tmp_path: Path) -> None:
    """The file in whole numbers follows the net; the words it borrows are the encoder's own."""
    shutil.copy(SHIPPED / "model.onnx", tmp_path)  # a link is not followed
    weights = begun()
    lessons = [a_lesson(number) for number in range(4)]
    export(weights, lessons, tmp_path / "cross.onnx")
    with torch.inference_mode():
        taught = Net(weights)(laid_out(QUESTION, [RIGHT, LISTED])).numpy()
    served = CrossReader(tmp_path / "cross.onnx").log_odds(QUESTION, [RIGHT, LISTED])
    np.testing.assert_allclose(served, taught, atol=0.05)


@pytest.mark.usefixtures("one_layer")
def test_it_learns_which_sentence_answers(tmp_path: Path) -> None:
    lessons = [a_lesson(1)] * 24
    course = Course(rounds=3, rate=1e-4, head_rate=1e-3, warm_up=1)
    first = fit(begun(), lessons, course, tmp_path / "state.pt")
    with torch.inference_mode():
        right, wrong = Net(first)(laid_out(QUESTION, [RIGHT, LISTED])).tolist()
    assert right > wrong
    again = fit(begun(), [], course, tmp_path / "state.pt")  # the course is over
    assert torch.equal(again["head1.weight"], first["head1.weight"])


def test_a_right_sentence_is_read_first_in_a_lesson_that_has_one() -> None:
    kept, right = chosen(a_lesson(1), random.Random(0))
    assert (kept[0], right) == (0, True)
    assert not chosen(a_lesson(3), random.Random(0))[1]


def test_a_question_at_home_is_one_lesson_of_its_fold_typed_or_bare(
    starter_answerer: Answerer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cross, "readers", lambda work: [Reader.open()] * FOLDS)
    asked = {
        "id": "one", "question": "Mục tiêu kinh tế số đến năm 2025 là bao nhiêu?", "turns": [],
        "answerable": True, "document": "nghi-quyet-01-tong-quan.md", "also": [],
        "evidence": "", "answer_contains": ["kinh tế số"],
    }  # fmt: skip
    bare = {**asked, "question": "Muc tieu kinh te so den nam 2025 la bao nhieu?"}
    beside = {**asked, "id": "two", "question": "Lương của chủ tịch là bao nhiêu?"}
    beside |= {"answerable": False, "document": None, "answer_contains": []}
    questions = [asked, beside, bare]
    made = list(cross.at_home(Asked(starter_answerer, questions), tmp_path))
    assert sorted(fold for fold, _ in made) == sorted(map(fold_of, [asked, beside]))
    assert {any(one.right) for _, one in made} == {True, False}


def test_it_changes_the_order_and_the_chances_alone(starter_answerer: Answerer) -> None:
    found = starter_answerer.read_by(Reader.open()).find_all(
        "Mục tiêu kinh tế số đến năm 2025 là bao nhiêu?"
    )[0]
    assert found.reading
    once = sorted(found.sentences, key=lambda one: -one.score)  # before the year told of counts
    twice = read_again(
        starter_answerer.generation,
        found.understanding.alone,
        once,
        found.reading.nothing,
        opened(),
    )
    assert sorted((one.passage, one.start) for one in once) == sorted(
        (one.passage, one.start) for one in twice
    )
    near = [one for one in once[:AGAIN] if once[0].score - one.score < NEAR]
    assert {one.start for one in near} == {one.start for one in twice if one.crossed is not None}
    assert [one.score for one in twice] == sorted((one.score for one in twice), reverse=True)
    assert sum(one.chance for one in twice) < 1


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "cross.onnx").write_bytes(FILE.read_bytes())  # without the encoder's beside it
    with pytest.raises(ModelMissing, match=r"cross\.onnx"):
        CrossReader(tmp_path / "cross.onnx")


def test_it_borrows_the_words_of_the_encoder_beside_it() -> None:
    assert FILE.parent == SHIPPED
    assert FILE.stat().st_size < 8_000_000
