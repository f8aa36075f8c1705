"""Late interaction: a question's words and the stretch of a text that answers them."""

from itertools import pairwise

import numpy as np
import pytest

from index.retrieval.encoder import Encoder
from index.retrieval.late_interaction import Projection, Words

WIDTH = 8


def one_hot(*places: int) -> np.ndarray:
    return (np.eye(WIDTH)[list(places)] * 127).astype(np.int8)


def asks(*places: int) -> Words:
    return Words(
        np.eye(WIDTH, dtype=np.float32)[list(places)],
        np.full(len(places), 1 / len(places), np.float32),
    )


def test_words_that_stand_together_beat_words_that_are_scattered() -> None:
    filler = [7] * 100
    words = asks(0, 1)
    together = words.best_window(words.similarity(one_hot(*filler, 0, 1)))
    scattered = words.best_window(words.similarity(one_hot(0, *filler, 1)))
    assert together == pytest.approx(1)
    assert scattered == pytest.approx(0.5)


def test_each_span_is_read_by_itself_and_an_empty_one_says_nothing() -> None:
    words = asks(0, 1)
    spans = np.array([[0, 2], [2, 4], [4, 4]], np.int32)
    found = words.within(words.similarity(one_hot(0, 1, 0, 7)), spans)
    assert found.tolist() == pytest.approx([1, 0.5, -1])


def test_a_text_without_tokens_scores_below_every_other() -> None:
    words = asks(0)
    nothing = words.similarity(np.empty((0, WIDTH), np.int8))
    assert words.best_window(nothing) == -1


def test_tokens_keep_their_angles_in_a_byte() -> None:
    random = np.random.default_rng(0)
    matrix = random.normal(size=(WIDTH, 16)).astype(np.float32)
    states = random.normal(size=(5, 16)).astype(np.float32)
    projection = Projection(matrix, np.zeros(16, np.float32), 0.0)
    exact = states @ matrix.T
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    assert np.abs(projection.tokens(states) / 127 - exact).max() < 0.005


def test_the_sentence_that_answers_is_told_from_its_neighbours(encoder: Encoder) -> None:
    """With the model that ships: everyday words find the sentence that says it in others."""
    text = (
        "Cổng dịch vụ công hoạt động liên tục. Người nộp hồ sơ nhận kết quả trong 05 ngày làm việc. "
        "Cơ quan chủ quản bảo đảm an toàn thông tin."
    )
    ends = [0, *(at + 2 for at in range(len(text)) if text.startswith(". ", at)), len(text)]
    spans = list(pairwise(ends))
    encoded = encoder.encode_document([text], [spans])
    words = encoder.encode_query("Nộp giấy tờ xong bao lâu thì có kết quả?").words
    assert words is not None
    found = words.within(words.similarity(encoded.tokens), encoded.span_tokens)
    assert int(np.argmax(found)) == 1
