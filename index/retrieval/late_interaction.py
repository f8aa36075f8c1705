"""Late interaction: each word of a question looks for its nearest word in a stretch of the passage.

One vector a passage tells what it is about; the tokens tell whether it says what is asked, and where
(ColBERT, Khattab and Zaharia 2020). The encoder's token states go through a small learnt projection,
so that a token takes 64 bytes, and each token of the question through a learnt weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Tokens = NDArray[np.int8]

FILE = "late.npz"  # in a model's folder
STRETCH = 24  # tokens; a window is two of them, and starts at each
SCALE = np.float32(127)  # a unit vector's components in one byte each


@dataclass(frozen=True, slots=True)
class Projection:
    """Token states to what is compared: unit vectors of `width` components, and weights of words."""

    matrix: Floats  # [width, dimension]
    weight: Floats  # [dimension]
    bias: float

    @classmethod
    def open(cls, file: Path) -> Self:
        with np.load(file) as stored:
            return cls(
                stored["matrix"].astype(np.float32),
                stored["weight"].astype(np.float32),
                float(stored["bias"]),
            )

    @property
    def width(self) -> int:
        return len(self.matrix)

    def tokens(self, states: Floats) -> Tokens:
        """States of a text's tokens, [tokens, dimension], in bytes: [tokens, width]."""
        return np.asarray(np.rint(unit(states @ self.matrix.T) * SCALE), np.int8)

    def words(self, states: Floats) -> Words:
        """A question's tokens from their states, [words, dimension]."""
        weights = np.logaddexp(0, states @ self.weight + self.bias)
        return Words(unit(states @ self.matrix.T), np.asarray(weights / weights.sum(), np.float32))


@dataclass(frozen=True, slots=True)
class Words:
    """A question's tokens as unit vectors, [words, width], and their weights, which sum to one."""

    vectors: Floats
    weights: Floats

    def similarity(self, tokens: Tokens) -> Floats:
        """Cosine of every token with every word, [tokens, words]."""
        return np.asarray(tokens.astype(np.float32) @ (self.vectors.T / SCALE), np.float32)

    def best_window(self, similarity: Floats) -> float:
        """How well the best stretch of a text answers: the words' nearest tokens in it, weighted."""
        if not len(similarity):
            return -1.0
        halves = np.maximum.reduceat(similarity, np.arange(0, len(similarity), STRETCH))
        windows = np.maximum(halves[:-1], halves[1:]) if len(halves) > 1 else halves
        return float((windows @ self.weights).max())

    def within(self, similarity: Floats, spans: NDArray[np.int32]) -> Floats:
        """The same for given spans of tokens, [spans]; an empty one says nothing: -1."""
        found = [
            float(similarity[first:last].max(axis=0) @ self.weights) if first < last else -1.0
            for first, last in spans
        ]
        return np.array(found, np.float32)


def unit(vectors: Floats) -> Floats:
    """The same directions, each of length one."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
