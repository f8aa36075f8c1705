"""The reader: looks at a question's words and a sentence's together, and says whether it answers.

Late interaction tells whether a sentence speaks of what is asked. Which of ten sentences that speak
of it *answers* is another thing: whether a sum stands where a sum is asked for, whether what is left
over when the question's words have found theirs is the thing looked for. So each token of a sentence
is compared with what the question holds that is nearest to it, each word of the question with its
nearest token (decomposable attention, Parikh et al. 2016), told how near it also stands in the passage
and in the titles above it, and both are weighed with the features of `sentences`. The tokens know their
context (twelve layers of the encoder read the passage), and lie in the index already: nothing is encoded
anew. Beside the sentences stands "none of them".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.retrieval.late_interaction import SCALE, Tokens

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

FILE = Path(__file__).with_name("reader.npz")
READ = 56  # sentences, the best by the line; a right one is hardly ever further down
LONGEST = 112  # tokens of a sentence


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as the reader takes it: its words, [words, width], their weights, the encoder's vector,
    and which kind of thing is asked for, as a number."""

    words: Floats
    weights: Floats
    vector: Floats
    kind: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sentences side by side. `owner` tells each token's sentence; all have at least one token."""

    tokens: Tokens  # [tokens, width], as the index keeps them
    owner: Ints  # [tokens], rising
    features: Floats  # [sentences, features]
    nearest: Ints  # [sentences, words]: the token nearest to each word
    near: Floats  # [sentences, words]: how near
    near_passage: Floats  # [sentences, words]: the same for all its passage's sentences
    near_heading: Floats  # [sentences, words]: and for the titles above its passage

    @property
    def count(self) -> int:
        return len(self.features)


def candidates(
    words: Floats,
    passages: Sequence[int],
    tokens: Sequence[Tokens],
    headings: Mapping[int, Tokens],
    features: Floats,
) -> Candidates:
    """`passages` tells each sentence's passage, `tokens` its own tokens (in bytes; none is read as zeros),
    `headings` those of the titles above each passage."""
    width = words.shape[1]
    own = [piece[:LONGEST] if len(piece) else np.zeros((1, width), np.int8) for piece in tokens]
    sizes = np.array([len(piece) for piece in own])
    joined = np.concatenate(own)
    similarity = joined.astype(np.float32) @ (words.T / SCALE)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    near = np.maximum.reduceat(similarity, starts[:-1])
    nearest = np.array([similarity[a:b].argmax(axis=0) + a for a, b in pairwise(starts)])
    around, above = np.empty_like(near), np.zeros_like(near)
    of = np.asarray(passages)
    for passage in dict.fromkeys(passages):
        around[of == passage] = near[of == passage].max(axis=0)
        if len(headings[passage]):
            titles = headings[passage].astype(np.float32) @ (words.T / SCALE)
            above[of == passage] = titles.max(axis=0)
    return Candidates(
        joined, np.repeat(np.arange(len(own)), sizes), features, nearest, near, around, above
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """Log odds: of each sentence, [sentences], and of none of them."""

    sentences: Floats
    none: float

    @property
    def nothing(self) -> float:
        """The chance that no sentence answers."""
        return float(self.probabilities()[-1])

    def probabilities(self) -> Floats:
        """Of each sentence and, last, of none."""
        every = np.append(self.sentences, np.float32(self.none))
        chance = np.exp(every - every.max())
        return np.asarray(chance / chance.sum(), np.float32)


class Reader:
    """Weights by name, as `index.training.reader` fits them."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self._w = weights

    @classmethod
    def open(cls, file: Path = FILE) -> Reader:
        with np.load(file) as stored:
            return cls({name: stored[name].astype(np.float32) for name in stored.files})

    def read(self, asking: Asking, among: Candidates) -> Reading:
        """What each candidate says to the question."""
        w = self._w
        kind = (
            asking.vector @ w["vector.weight"].T + w["vector.bias"] + w["kind.weight"][asking.kind]
        )
        words = _gelu(asking.words @ w["word.weight"].T + w["word.bias"] + kind)
        token, seen = self._tokens(asking, among, words, kind)
        features = (among.features - w["mean"]) / w["spread"]
        pooled = (
            *self._pooled(seen, among),
            self._of_words(asking, among, words, token),
            features @ w["feature.weight"].T + w["feature.bias"],
        )
        hidden = self._layer("head1", np.concatenate(pooled, axis=1))
        scores = (hidden @ w["head2.weight"].T + features @ w["line.weight"].T)[:, 0] + (
            w["head2.bias"] + w["line.bias"]
        )
        chance = np.exp(scores - scores.max())
        spread = np.log(chance.sum()) + scores.max()
        chance /= chance.sum()
        whole = np.concatenate(
            [chance @ hidden, kind, [scores.max(), spread, (chance * chance).sum()]]
        )
        none = self._layer("none1", whole[None]) @ w["none2.weight"].T + w["none2.bias"]
        return Reading(np.asarray(scores, np.float32), float(none[0, 0]))

    def _layer(self, name: str, inputs: Floats) -> Floats:
        return _gelu(inputs @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"])

    def _tokens(
        self, asking: Asking, among: Candidates, words: Floats, kind: Floats
    ) -> tuple[Floats, Floats]:
        """Each token by itself, and beside what the question holds that is nearest to it."""
        w = self._w
        tokens = among.tokens.astype(np.float32) / SCALE
        similarity = tokens @ asking.words.T
        best = similarity.argmax(axis=1)
        told = np.stack(
            [similarity.max(axis=1), asking.weights[best] * 5, similarity @ asking.weights], axis=1
        )
        token = tokens @ w["token.weight"].T + w["token.bias"]
        token += told @ w["told.weight"].T + w["told.bias"]
        toward = similarity * w["sharpness"] + np.log(asking.weights + np.float32(1e-4))
        toward = np.exp(toward - toward.max(axis=1, keepdims=True))
        beside = (toward / toward.sum(axis=1, keepdims=True)) @ words
        mixed = np.concatenate([token, beside, token * beside, token * kind], axis=1)
        mixed = self._layer("mix1", mixed) @ w["mix2.weight"].T + w["mix2.bias"] + token
        mixed -= mixed.mean(axis=1, keepdims=True)
        mixed /= np.sqrt((mixed * mixed).mean(axis=1, keepdims=True) + np.float32(1e-5))
        return np.asarray(token, np.float32), np.asarray(
            mixed * w["norm.weight"] + w["norm.bias"], np.float32
        )

    def _pooled(self, seen: Floats, among: Candidates) -> tuple[Floats, Floats]:
        """A sentence's tokens in two vectors: the greatest of each component, and a weighted mean."""
        starts = np.searchsorted(among.owner, np.arange(among.count))
        weight = np.exp(np.clip(seen @ self._w["weigh.weight"].T + self._w["weigh.bias"], -10, 10))
        mean = np.add.reduceat(seen * weight, starts) / np.add.reduceat(weight, starts)
        return np.maximum.reduceat(seen, starts), np.asarray(mean, np.float32)

    def _of_words(self, asking: Asking, among: Candidates, words: Floats, token: Floats) -> Floats:
        """A sentence as the question's words see it: each beside its nearest token."""
        count, width = among.nearest.shape
        weights = np.broadcast_to(asking.weights * 5, (count, width))
        told = np.stack([among.near, among.near_passage, among.near_heading, weights], axis=2)
        own = np.broadcast_to(words, (count, *words.shape))
        each = self._layer("pair1", np.concatenate([own, token[among.nearest], told], axis=2))
        met = (each * asking.weights[None, :, None]).sum(axis=1)
        return np.asarray(met @ self._w["pair2.weight"].T + self._w["pair2.bias"], np.float32)


def _gelu(x: Floats) -> Floats:
    """x·Φ(x) by its usual approximation with tanh (Hendrycks and Gimpel 2016)."""
    inner = np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)
    return np.asarray(np.float32(0.5) * x * (1 + np.tanh(inner)), np.float32)


@lru_cache(maxsize=1)
def fitted() -> Reader:
    """The reader of `python -m index.training.reader`."""
    return Reader.open()
