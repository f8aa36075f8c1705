"""Texts into vectors. The shipped model runs on onnxruntime alone: importing torch costs seconds.

Any other model, by hub name or folder, goes through sentence-transformers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import ModelMissing

Vectors = NDArray[np.float32]
Span = tuple[int, int]
Progress = Callable[[int], object]  # called with the number of texts just finished

SHIPPED = Path(__file__).parent / "model"
_BATCH_TOKENS = 4096  # padded tokens a batch: bounds memory, and short texts go many at a time


@dataclass(frozen=True, slots=True)
class Encoded:
    """Unit vectors, one a text and one a span in order: [texts, dimension], [spans, dimension]."""

    texts: Vectors
    spans: Vectors


class Encoder(Protocol):
    """What turns text into vectors; a query and a passage are told apart as the model was trained."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""
        ...

    @property
    def dimension(self) -> int: ...

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, [len(texts), dimension]."""
        ...

    def encode_document(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        progress: Progress | None = None,
    ) -> Encoded:
        """Vectors of whole passages and of the character spans (sentences) within each."""
        ...


def open_encoder(model: str = "") -> Encoder:
    """The shipped model for "", else a folder in our format or anything sentence-transformers loads.

    Raises ModelMissing when it cannot be loaded.
    """
    folder = Path(model) if model else SHIPPED
    if (folder / "model.onnx").is_file():
        return OnnxEncoder(folder)
    if not model:
        raise ModelMissing(f"Thiếu mô hình đi kèm trong {folder}: hãy cài đặt lại chương trình.")
    return SentenceTransformersEncoder(model)


class OnnxEncoder:
    """A folder with model.onnx (token states out), tokenizer.json and config.json."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # two cheap cores: the other one serves the chats
            self._session = onnxruntime.InferenceSession(
                folder / "model.onnx", options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # whatever these libraries raise, the model is unusable
            raise ModelMissing(f"Không mở được mô hình trong {folder}: {error}") from error
        self._tokenizer.enable_truncation(config["max_tokens"])
        self._query, self._passage = config["query_prefix"], config["passage_prefix"]
        self.fingerprint: str = config["fingerprint"]
        self.dimension: int = config["dimension"]

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for at, states, encodings in self._states([self._query + text for text in texts]):
            for row, index in enumerate(at):
                vectors[index] = states[row, : len(encodings[row].ids)].mean(axis=0)
        return _unit(vectors)

    def encode_document(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        progress: Progress | None = None,
    ) -> Encoded:
        offsets = np.cumsum([0, *map(len, spans)])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        of_spans = np.zeros((int(offsets[-1]), self.dimension), np.float32)
        shift = len(self._passage)
        for at, states, encodings in self._states([self._passage + text for text in texts]):
            for row, index in enumerate(at):
                tokens = states[row, : len(encodings[row].ids)]
                vectors[index] = tokens.mean(axis=0)
                # a sentence's vector is the mean of its tokens as read within the passage:
                # it knows its context, and costs no second pass
                starts = np.array([first for first, _ in encodings[row].offsets])
                ends = np.array([last for _, last in encodings[row].offsets])
                for number, (first, last) in enumerate(spans[index]):
                    inside = (starts < last + shift) & (ends > first + shift)
                    chosen = tokens[inside] if inside.any() else tokens
                    of_spans[offsets[index] + number] = chosen.mean(axis=0)
            if progress:
                progress(len(at))
        return Encoded(_unit(vectors), _unit(of_spans))

    def _states(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors, list[Any]]]:
        """Token states in batches of texts of like length: (their indices, states, encodings)."""
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda index: -len(encodings[index].ids))
        while order:
            longest = len(encodings[order[0]].ids)
            size = max(1, min(32, _BATCH_TOKENS // longest))
            batch, order = order[:size], order[size:]
            ids = np.zeros((len(batch), longest), np.int64)
            mask = np.zeros_like(ids)
            for row, index in enumerate(batch):
                found = encodings[index].ids
                ids[row, : len(found)] = found
                mask[row, : len(found)] = 1
            states = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            yield batch, states, [encodings[index] for index in batch]


class SentenceTransformersEncoder:
    """Any model sentence-transformers can load; needs torch, imported here and nowhere else."""

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(model)
        except Exception as error:  # hub, file and torch errors alike
            raise ModelMissing(
                f"Không nạp được mô hình “{model}” ({error}). Kiểm tra CDSBOT_MODEL, hoặc bỏ trống "
                "để dùng mô hình đi kèm."
            ) from error
        probe = self._model.encode_query(["chuyển đổi số"], normalize_embeddings=True)
        self.dimension = int(probe.shape[1])
        self.fingerprint = hashlib.sha256(np.round(probe, 3).tobytes() + model.encode()).hexdigest()

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(
            self._model.encode_query(list(texts), normalize_embeddings=True), np.float32
        )

    def encode_document(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        progress: Progress | None = None,
    ) -> Encoded:
        whole: list[Vectors] = []
        parts: list[Vectors] = [np.empty((0, self.dimension), np.float32)]
        for at in range(0, len(texts), 32):
            batch = list(texts[at : at + 32])
            inner = [
                text[first:last]
                for text, found in zip(batch, spans[at : at + 32], strict=True)
                for first, last in found
            ]
            whole.append(self._model.encode_document(batch, normalize_embeddings=True))
            if inner:
                parts.append(self._model.encode_document(inner, normalize_embeddings=True))
            if progress:
                progress(len(batch))
        return Encoded(np.vstack(whole), np.vstack(parts))


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
