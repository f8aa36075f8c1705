"""Ranking, measures and slips of the thumb."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

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
from index.retrieval.search import fuse, standardised
from knowledge.errors import ModelMissing


def test_measures_by_hand() -> None:
    """Ranks 0, 4 and 20: one hit at 1, two at 5, none more at 10."""
    assert measures([[0], [4], [20]]) == {
        "hit@1": 0.3333, "hit@5": 0.6667, "hit@10": 0.6667, "mrr@10": 0.4, "ndcg@10": 0.4623,
    }  # fmt: skip


def test_fusion_lets_either_half_win() -> None:
    """A passage far ahead in one half comes first though the other half has no opinion."""
    flat = np.zeros(3, np.float32)
    peak = np.array([0, 0, 9], np.float32)
    assert int(np.argmax(fuse(flat, peak))) == 2
    assert int(np.argmax(fuse(peak, flat))) == 2
    assert standardised(flat).tolist() == [0, 0, 0]


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
    with pytest.raises(SetUnreadable):
        read_set(tmp_path)
