"""Hybrid search: dense and lexical scores of every passage, standardised a question and summed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.lexical import LexicalIndex, terms

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as each half reads it: the encoder the restored text, BM25 what was typed."""

    dense: str
    lexical: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of every passage for one query, each [passages]; `order` is best first."""

    dense: Scores
    lexical: Scores
    fused: Scores
    query: NDArray[np.float32]  # the query's unit vector

    def order(self, limit: int) -> NDArray[np.int64]:
        limit = min(limit, len(self.fused))
        best = np.argpartition(-self.fused, limit - 1)[:limit]
        return np.asarray(best[np.argsort(-self.fused[best], kind="stable")], np.int64)


def standardised(scores: Scores) -> Scores:
    """`scores` less their mean, in standard deviations; zeros where all are equal."""
    deviation = float(scores.std())
    return np.asarray((scores - scores.mean()) / deviation if deviation else scores * 0, np.float32)


def fuse(dense: Scores, lexical: Scores) -> Scores:
    """Weighted sum of the standardised halves; beat reciprocal ranks in every set measured."""
    first, second = standardised(dense), standardised(lexical)
    return first + lexical_weight(first, second) * second


def lexical_weight(dense: Scores, lexical: Scores) -> float:
    """How much BM25 counts against the encoder's one, for one question."""
    return 0.5


class Searcher:
    """Searches one set of passages. FAISS holds the vectors, row i for passage i."""

    def __init__(self, encoder: Encoder, dense: Any, lexical: LexicalIndex) -> None:
        self._encoder = encoder
        self._dense = dense
        self._lexical = lexical

    def rank(self, query: Query) -> Ranking:
        vector = self._encoder.encode_query([query.dense])
        size = self._dense.ntotal
        found, rows = self._dense.search(vector, size)
        dense = np.empty(size, np.float32)
        dense[rows[0]] = found[0]
        lexical = self._lexical.scores(terms(query.lexical))
        return Ranking(dense, lexical, fuse(dense, lexical), vector[0])
