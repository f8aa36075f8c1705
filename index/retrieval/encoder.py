"""Texts into vectors. The shipped model runs on onnxruntime alone: importing torch costs seconds.

Any other model, by hub name or folder, goes through sentence-transformers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.retrieval.late_interaction import FILE as LATE
from index.retrieval.late_interaction import Projection, Tokens, Words, unit
from knowledge.errors import ModelMissing

Vectors = NDArray[np.float32]
Offsets = NDArray[np.int64]  # [tokens, 2]: the characters from which and to which each one stands
Span = tuple[int, int]
Progress = Callable[[int], object]  # called with the number of texts just finished

SHIPPED = Path(__file__).parents[1] / "model"
ASKED = 320  # tokens of a question that are read; one of a thousand letters has about 250


@dataclass(frozen=True, slots=True)
class Encoded:
    """Unit vectors, one a text and one a span in order: [texts, dimension], [spans, dimension].

    Where the model compares tokens, those of all texts one after another, how many each text has,
    and where each span begins and ends among its text's.
    """

    texts: Vectors
    spans: Vectors
    tokens: Tokens  # [sum of sizes, width]; width 0 where the model has no projection
    sizes: NDArray[np.int64]  # [texts]
    span_tokens: NDArray[np.int32]  # [spans, 2]

    def each(self, spans: Sequence[int]) -> Iterator[Encoded]:
        """The texts one by one, with so many spans each."""
        tokens, last = np.cumsum([0, *self.sizes]), np.cumsum([0, *spans])
        for at in range(len(self.texts)):
            own = slice(last[at], last[at + 1])
            yield Encoded(
                self.texts[at : at + 1],
                self.spans[own],
                self.tokens[tokens[at] : tokens[at + 1]],
                self.sizes[at : at + 1],
                self.span_tokens[own],
            )


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A question's unit vector, and its tokens where the model compares them."""

    vector: Vectors  # [dimension]
    words: Words | None


def posed(text: str) -> str:
    """A question as it would be written: a capital first, one sign last. People leave out both on a
    phone, and to the model these are other words."""
    said = text.rstrip(" ?!.…,;:").lstrip()
    return f"{said[0].upper()}{said[1:]}?" if said else text


def joined(parts: Sequence[Encoded]) -> Encoded:
    """Several, at least one, as one."""
    return Encoded(
        *(
            np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Encoded)
        )
    )


class Encoder(Protocol):
    """What turns text into vectors; a query and a passage are told apart as the model was trained."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""
        ...

    @property
    def dimension(self) -> int: ...

    def encode_query(self, text: str) -> EncodedQuery: ...

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


def session(file: Path) -> Any:
    """A model of onnxruntime, to be run on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # two cheap cores: the other one serves the chats
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=2)
def tokenizer(folder: Path) -> Any:
    """Of the model in `folder`, for texts of any length."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_truncation()
    return made


def pieces(texts: Sequence[str]) -> list[list[int]]:
    """Ids of the shipped model's tokens of each text, without the signs at its ends."""
    read = tokenizer(SHIPPED).encode_batch(list(texts), add_special_tokens=False)
    return [encoding.ids for encoding in read]


class OnnxEncoder:
    """A folder with model.onnx (token states out), tokenizer.json and config.json; late.npz, where
    it lies there too, lets tokens be compared."""

    def __init__(self, folder: Path) -> None:
        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self._session = session(folder / "model.onnx")
            self._tokenizer = tokenizer(folder)
            late = folder / LATE
            self._projection = Projection.open(late) if late.is_file() else None
        except Exception as error:  # whatever these libraries raise, the model is unusable
            raise ModelMissing(f"Không mở được mô hình trong {folder}: {error}") from error
        most, asked = config["max_tokens"], min(config["max_tokens"], ASKED)
        self._ends = (
            most - 1,
            1,
        )  # tokens that are read of a longer passage: its first, and the sign
        self._ends_asked = asked // 3, asked - asked // 3  # a long letter asks at its end
        self._query, self._passage = config["query_prefix"], config["passage_prefix"]
        self.fingerprint: str = config["fingerprint"]
        self.dimension: int = config["dimension"]
        # the gate and the search read the same question
        self.encode_query = lru_cache(maxsize=8)(self._encode_query)

    def _encode_query(self, text: str) -> EncodedQuery:
        ((states, offsets),) = self._states([self._query + posed(text)], self._ends_asked)
        own = states[_within(offsets, len(self._query))]
        words = self._projection.words(own) if self._projection and len(own) else None
        return EncodedQuery(unit(states.mean(axis=0, keepdims=True))[0], words)

    def encode_document(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        progress: Progress | None = None,
    ) -> Encoded:
        starts_at = np.cumsum([0, *map(len, spans)])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        of_spans = np.zeros((int(starts_at[-1]), self.dimension), np.float32)
        span_tokens = np.zeros((int(starts_at[-1]), 2), np.int32)
        tokens = [np.empty((0, 0), np.int8)] * len(texts)
        shift = len(self._passage)
        passages = [self._passage + text for text in texts]
        for index, (read, placed) in enumerate(self._states(passages, self._ends)):
            vectors[index] = read.mean(axis=0)
            inside = _within(placed, shift)
            own = read[inside]
            if self._projection:
                tokens[index] = self._projection.tokens(own)
            # a sentence's vector is the mean of its tokens as read within the passage:
            # it knows its context, and costs no second pass
            offsets = placed[inside] - shift
            for number, (first, last) in enumerate(spans[index], int(starts_at[index])):
                begin = int(np.searchsorted(offsets[:, 1], first, side="right"))
                end = max(begin, int(np.searchsorted(offsets[:, 0], last)))
                span_tokens[number] = begin, end  # empty beyond what the model reads
                chosen = own[begin:end] if begin < end else read
                of_spans[number] = chosen.mean(axis=0)
            if progress:
                progress(1)
        sizes = np.array([len(own) for own in tokens], np.int64)
        joined = np.concatenate(tokens) if tokens else np.empty((0, 0), np.int8)
        return Encoded(unit(vectors), unit(of_spans), joined, sizes, span_tokens)

    def token_states(self, texts: Sequence[str], query: bool) -> Iterator[tuple[int, Vectors]]:
        """Each text's number and its own tokens' states, [tokens, dimension], in any order."""
        prefix = self._query if query else self._passage
        ends = self._ends_asked if query else self._ends
        for index, (states, offsets) in enumerate(self._states([prefix + t for t in texts], ends)):
            yield index, states[_within(offsets, len(prefix))]

    def _states(
        self, texts: Sequence[str], ends: tuple[int, int]
    ) -> Iterator[tuple[Vectors, Offsets]]:
        """Each text's token states and where the tokens stand in it, in order.

        Of one that has more tokens only so many are read, at its beginning and at its end.

        One by one: what is quantised together is measured together, so a text would come out
        different beside others; and on one thread a batch gains nothing.
        """
        for encoding in self._tokenizer.encode_batch(list(texts)):
            ids, offsets = np.array(encoding.ids, np.int64), np.array(encoding.offsets, np.int64)
            if len(ids) > sum(ends):
                ids, offsets = (
                    np.concatenate([a[: ends[0]], a[-ends[1] :]]) for a in (ids, offsets)
                )
            yield self._session.run(None, {"input_ids": ids[None]})[0][0], offsets


class SentenceTransformersEncoder:
    """Any model sentence-transformers can load; needs torch, imported here and nowhere else."""

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelMissing(
                f"Bản cài gọn (slim) chỉ chạy mô hình đi kèm. Cho CDSBOT_MODEL={model} hãy dùng ảnh đầy "
                "đủ: `docker build --target full`, hoặc `pip install -r requirements.lock`."
            ) from error
        try:
            self._model = SentenceTransformer(model)
        except Exception as error:  # hub, file and torch errors alike
            raise ModelMissing(
                f"Không nạp được mô hình “{model}” ({error}). Kiểm tra CDSBOT_MODEL, hoặc bỏ trống "
                "để dùng mô hình đi kèm."
            ) from error
        probe = self._model.encode_query(["chuyển đổi số"], normalize_embeddings=True)
        self.dimension = int(probe.shape[1])
        self.fingerprint = hashlib.sha256(np.round(probe, 3).tobytes() + model.encode()).hexdigest()

    def encode_query(self, text: str) -> EncodedQuery:
        vectors = self._model.encode_query([text], normalize_embeddings=True)
        return EncodedQuery(np.asarray(vectors[0], np.float32), None)

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
        vectors = np.vstack(parts)
        return Encoded(
            np.vstack(whole),
            vectors,
            np.empty((0, 0), np.int8),
            np.zeros(len(texts), np.int64),
            np.zeros((len(vectors), 2), np.int32),
        )


def _within(offsets: Offsets, shift: int) -> NDArray[np.bool_]:
    """The tokens of a text itself: not of its prefix, nor the signs at its ends."""
    return offsets[:, 1] > shift
