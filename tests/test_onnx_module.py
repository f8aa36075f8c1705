"""The shipped model through sentence-transformers."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

SHIPPED = Path(__file__).parent.parent / "index" / "model"


def test_it_gives_the_vectors_of_the_onnx_file() -> None:
    """Through sentence-transformers a query is what onnxruntime makes of it, mean and length one."""
    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    session = onnxruntime.InferenceSession(SHIPPED / "model.onnx")
    model = SentenceTransformer(str(SHIPPED), trust_remote_code=True, device="cpu")
    queries = ["Chuyển đổi số là gì?", "nộp hồ sơ ở đâu"]
    for query, vector in zip(queries, model.encode_query(queries), strict=True):
        ids = np.array([tokenizer.encode(f"query: {query}").ids])
        mean = session.run(None, {"input_ids": ids})[0][0].mean(axis=0)
        assert vector == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
