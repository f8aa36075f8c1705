"""Ranking, measures and slips of the thumb."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.evaluation.retrieval import (
    SetUnreadable,
    bare,
    measures,
    read_set,
    retrieval,
    with_typos,
)
from index.retrieval.encoder import Encoder, open_encoder
from index.retrieval.lexical import LexicalIndex
from index.retrieval.search import NEAREST, Half, Part, Vectors, dense_index, fuse
from knowledge.errors import ModelMissing


def test_measures_by_hand() -> None:
    """Ranks 0, 4 and 20: one hit at 1, two at 5, none more at 10."""
    assert measures([[0], [4], [20]]) == {
        "hit@1": 0.3333, "hit@5": 0.6667, "hit@10": 0.6667, "mrr@10": 0.4, "ndcg@10": 0.4623,
    }  # fmt: skip


def test_fusion_lets_either_half_win() -> None:
    """A passage far ahead in one half comes first though the other half has no opinion."""
    flat = Half.of(np.zeros(3, np.float32))
    peak = Half.of(np.array([0, 0, 9], np.float32))
    assert int(np.argmax(fuse(flat, peak))) == 2
    assert int(np.argmax(fuse(peak, flat))) == 2
    assert flat.standardised().tolist() == [0, 0, 0]


def test_lexical_half_reads_through_diacritics() -> None:
    """What is typed bare scores as what is written in full; unknown words score nothing."""
    index = LexicalIndex.build(["chuyển đổi số", "chính quyền số", "kinh tế"])
    assert index.scores(["chuyen", "chuyen_doi"])[0] > 0
    assert index.scores(["xyz"]).tolist() == [0, 0, 0]


def test_typos_are_the_same_each_time() -> None:
    """The generator is seeded by the question, and changes it."""
    question = "Chương trình chuyển đổi số là gì?"
    assert with_typos(question) == with_typos(question) != question
    assert bare("Đường Điện") == "Duong Dien"


def test_a_model_that_is_not_there_has_a_named_error(tmp_path: Path) -> None:
    """A folder without a model is ModelMissing, whatever the libraries raise."""
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelMissing):
        open_encoder(str(tmp_path))


def test_sentences_are_encoded_within_their_passage(encoder: Encoder) -> None:
    """One unit vector a text and one a span, in order."""
    text = "Chợ 4.0 dùng mã QR. Tổ công nghệ số giúp người dân."
    encoded = encoder.encode_document([text, "khác"], [[(0, 19), (20, len(text))], []])
    assert encoded.texts.shape == (2, encoder.dimension)
    assert encoded.spans.shape == (2, encoder.dimension)
    assert np.allclose(np.linalg.norm(encoded.spans, axis=1), 1, atol=1e-4)
    query = encoder.encode_query("ai giúp người dân dùng công nghệ?").vector
    assert encoded.spans[1] @ query > encoded.spans[0] @ query


def _set(folder: Path) -> Path:
    passages = [
        {"id": "a", "title": "Chợ", "text": "Chợ 4.0 dùng mã QR để trả tiền."},
        {"id": "b", "title": "Tổ", "text": "Tổ công nghệ số cộng đồng ở mỗi xóm."},
    ]
    questions = [
        {"id": "1", "question": "Tổ công nghệ số ở đâu?", "passage_id": "b"},
        {"id": "2", "question": "Không có nhãn?"},
    ]
    for name, rows in (("passages", passages), ("questions", questions)):
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_retrieval_report_has_the_contract_s_form(tmp_path: Path, encoder: Encoder) -> None:
    """Each half and the fused result, as typed and bare; unlabelled questions left out."""
    report = retrieval(read_set(_set(tmp_path)), encoder, progress=False)
    assert (report["passages"], report["questions"]) == (2, 1)
    for form in ("typed", "bare"):
        assert set(report[form]) == {"dense", "lexical", "fused"}
        assert report[form]["fused"]["hit@1"] == 1.0


def test_a_set_that_is_not_there(tmp_path: Path) -> None:
    """A missing or malformed set is named."""
    with pytest.raises(SetUnreadable, match="không có tệp hay thư mục này"):
        read_set(tmp_path)


def test_a_large_library_is_searched_as_if_every_row_were_read() -> None:
    """The nearest and those asked for have their own scores, the others none above; dropped rows none."""
    chance = np.random.default_rng(5)
    width, count = 16, 12_000
    rows = chance.standard_normal((count, width)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    live = [np.delete(np.arange(7000), [5, 6999]), np.arange(5000)]
    vectors = Vectors([_part(rows[:7000], live[0]), _part(rows[7000:], live[1])])
    query = rows[9000]
    exact = np.concatenate([rows[:7000][live[0]], rows[7000:]]) @ query
    also = np.argsort(exact)[:50]
    found = vectors.scores(query, also)

    best = np.argsort(-exact)[:NEAREST]
    assert found.scores[best] == pytest.approx(exact[best], abs=1e-3)
    assert found.scores[also] == pytest.approx(exact[also], abs=1e-3)
    others = np.setdiff1d(np.arange(len(exact)), [*best, *also])
    assert found.scores[others].max() < exact[best].min() + 1e-3
    assert (found.mean, found.deviation) == pytest.approx((exact.mean(), exact.std()), abs=0.01)


def _part(vectors: NDArray[np.float32], live: NDArray[np.int64]) -> Part:
    dense = dense_index(vectors.shape[1])
    dense.add(vectors)
    return Part(dense, np.empty((0, 0), np.int8), np.zeros(len(vectors) + 1, np.int64), live)
