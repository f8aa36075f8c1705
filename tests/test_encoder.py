"""A text's vector is the text's own: whatever the processor, and whatever is encoded beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.retrieval.encoder import ASKED, SHIPPED, Encoder, Vectors

STARTER = Path(__file__).parent.parent / "knowledge" / "documents"
SHORT = "Nộp hồ sơ ở đâu?"


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Sixteen passages, of three to some two hundred tokens."""
    words = " ".join(
        file.read_text(encoding="utf-8") for file in sorted(STARTER.rglob("*.md"))[:4]
    ).split()
    return [SHORT, *(" ".join(words[at * 40 : at * 40 + 10 * at]) for at in range(1, 16))]


def test_a_text_has_one_vector(encoder: Encoder, texts: list[str]) -> None:
    """Alone and among fifteen others a text has the same vector and the same tokens."""
    together = encoder.encode_document(texts, [[]] * len(texts))
    tokens = np.split(together.tokens, np.cumsum(together.sizes)[:-1])
    for text, vector, own in zip(texts, together.texts, tokens, strict=True):
        alone = encoder.encode_document([text], [[]])
        assert (alone.texts[0] == vector).all()
        assert (alone.tokens == own).all()


@pytest.mark.parametrize(
    "typed", ["chợ 4.0 là gì", "Chợ 4.0 là gì", "  chợ 4.0 là gì ??", "chợ 4.0 là gì."]
)
def test_a_question_is_the_same_without_its_capital_and_its_sign(
    encoder: Encoder, typed: str
) -> None:
    meant = encoder.encode_query("Chợ 4.0 là gì?")
    np.testing.assert_array_equal(encoder.encode_query(typed).vector, meant.vector)


def test_of_a_long_question_the_beginning_and_the_end_are_read(encoder: Encoder) -> None:
    """What it costs is bounded, and what is asked at the end of a letter is not cut off."""
    letter = "Kính gửi cơ quan, tôi ở phường này. " * 60

    def read(question: str) -> Vectors:
        return encoder.encode_query(question).vector

    asked = encoder.encode_query(f"{letter}{SHORT}")
    assert asked.words is not None
    assert len(asked.words.vectors) < ASKED
    assert (asked.vector == read(f"{letter}{letter}{SHORT}")).all()
    assert (asked.vector != read(f"{letter}Nộp lúc nào?")).any()
    assert (asked.vector != read(f"Xin chào. {letter}{SHORT}")).any()


def test_of_a_long_passage_the_beginning_is_read(encoder: Encoder) -> None:
    passage = "Người quản lý kho lưu trữ kiểm kê. " * 100
    read = encoder.encode_document([passage, passage + "Hết.", "Thôi. " + passage], [[]] * 3)
    assert len(set(read.sizes.tolist())) == 1
    assert (read.texts[0] == read.texts[1]).all()
    assert (read.texts[0] != read.texts[2]).any()


def test_processors_agree(texts: list[str]) -> None:
    """What a processor without VNNI may be told to do, products exact at any price, changes nothing.

    `session.x64quantprecision` takes other kernels on any x86 processor.
    """
    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))

    def vectors(exact: str) -> NDArray[np.float32]:
        options = onnxruntime.SessionOptions()
        options.add_session_config_entry("session.x64quantprecision", exact)
        session = onnxruntime.InferenceSession(SHIPPED / "model.onnx", options)
        encoded = [np.array([tokenizer.encode(text).ids], np.int64) for text in texts]
        means = [session.run(None, {"input_ids": ids})[0][0].mean(axis=0) for ids in encoded]
        return np.array([mean / np.linalg.norm(mean) for mean in means])

    assert (vectors("0") * vectors("1")).sum(axis=1).min() > 0.99999


def test_no_product_of_the_shipped_model_overflows() -> None:
    """Two inputs of 255 times any two neighbours in a column stay within 16 bits."""
    onnx = pytest.importorskip("onnx", reason="the pipeline's own dependencies are not installed")
    graph = onnx.load(SHIPPED / "model.onnx").graph
    matrices = [one for one in graph.initializer if one.name.endswith(".int8")]
    assert len(matrices) == 6 * 12
    for matrix in matrices:
        pairs = onnx.numpy_helper.to_array(matrix).astype(int).reshape(-1, 2, matrix.dims[1])
        assert 255 * np.maximum(pairs, 0).sum(axis=1).max() <= 32767, matrix.name
        assert 255 * np.minimum(pairs, 0).sum(axis=1).min() >= -32768, matrix.name
