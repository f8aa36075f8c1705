"""Hybrid search: dense and lexical scores of every passage, standardised a question and summed.

The best passages are then read closely, token by token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.retrieval.encoder import EncodedQuery, Encoder
from index.retrieval.late_interaction import Tokens, Words
from index.retrieval.lexical import LexicalIndex, terms

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
    query: EncodedQuery

    def without(self, rows: Sequence[int]) -> Ranking:
        """As if these passages were not there."""
        dense, fused = self.dense.copy(), self.fused.copy()
        dense[list(rows)], fused[list(rows)] = -1, -np.inf
        return replace(self, dense=dense, fused=fused)

    def order(self, limit: int) -> NDArray[np.int64]:
        return best_of(self.fused, limit)


def best_of(scores: Scores, limit: int) -> NDArray[np.int64]:
    """Rows of the highest scores, best first, equal ones as they come: without sorting all the others."""
    limit = min(limit, len(scores))
    rows = _hopeful(scores, limit)
    best = np.sort(rows[np.argpartition(-scores[rows], limit - 1)[:limit]])
    return np.asarray(best[np.argsort(-scores[best], kind="stable")], np.int64)


def _hopeful(scores: Scores, limit: int) -> NDArray[np.int64]:
    """Rows among which the best are: none lower than the highest of so many blocks."""
    blocks = scores[: len(scores) // BLOCK * BLOCK].reshape(-1, BLOCK)
    if len(blocks) < limit:
        return np.arange(len(scores))
    highest = np.partition(blocks.max(axis=1), -limit)
    return np.flatnonzero(scores >= highest[-limit])


LEXICAL_WEIGHT = 0.4  # best or within .002 of it on all three public sets: docs/decisions.md
LATE_WEIGHT = 1.2  # docs/decisions.md
SHORT = 30  # tokens; below them length hardly matters
LENGTHY = 0.03  # how much better a text e times as long scores by chance
BLOCK = 256  # scores of which only the highest is looked at first
FEW = 8192  # rows that are all kept in memory, and all scored
SAMPLE = 65_536  # rows that tell mean and deviation of a query's scores over a larger library
NEAREST, NEAREST_SHARE = 1000, 25  # so many of a part's rows, or a 25th, are told apart
LIKELY = 500  # passages that are looked at for their words
RERANKED = 40  # passages whose tokens are compared with the question's


@dataclass(frozen=True, slots=True)
class Half:
    """A query's scores in one half of the search, [passages], and mean and deviation of all."""

    scores: Scores
    mean: float
    deviation: float

    @classmethod
    def of(cls, scores: Scores) -> Half:
        return cls(scores, float(scores.mean()), float(scores.std()))

    def standardised(self) -> Scores:
        """Less their mean, in standard deviations; zeros where all are equal."""
        found = np.asarray(self.scores - np.float32(self.mean), np.float32)
        found *= np.float32(1 / self.deviation if self.deviation else 0)
        return found


def fuse(dense: Half, lexical: Half) -> Scores:
    """Weighted sum of the standardised halves; beat reciprocal ranks in every set measured."""
    fused = lexical.standardised()
    fused *= LEXICAL_WEIGHT
    fused += dense.standardised()
    return fused


@dataclass(frozen=True, slots=True)
class Part:
    """Vectors that were written together: a row each in a FAISS index, and the tokens of each."""

    dense: Any
    tokens: Tokens  # of all rows, one after another
    starts: NDArray[np.int64]  # [rows + 1]
    live: NDArray[np.int64]  # the rows that count, in order


def dense_index(width: int) -> Any:
    """An empty FAISS index of unit vectors, as they are kept and searched: in half precision."""
    return faiss.IndexScalarQuantizer(
        width, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )


class Vectors:
    """What is searched: the live rows of all parts, one after another.

    Row i is passage i, or a piece of passage `owner[i]` where that is given, in order: a text longer
    than the encoder reads is found by the piece of it that fits best.
    """

    def __init__(self, parts: Sequence[Part], owner: NDArray[np.int64] | None = None) -> None:
        self.parts = tuple(parts)
        self.owner = owner
        self._ends = np.cumsum([len(part.live) for part in parts])
        self._few = self._exact(np.arange(len(self))) if len(self) <= FEW else None
        if self._few is None:
            sample = self._exact(
                np.linspace(0, len(self) - 1, min(len(self), SAMPLE)).astype(np.int64)
            )
            self._mean = sample.mean(axis=0)
            self._covariance = np.cov(sample, rowvar=False, dtype=np.float32)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def place(self, row: int) -> tuple[int, int]:
        """The part that a row is in, and its number there."""
        at = int(np.searchsorted(self._ends, row, side="right"))
        first = int(self._ends[at - 1]) if at else 0
        return at, int(self.parts[at].live[row - first])

    def tokens_of(self, row: int) -> Tokens:
        at, own = self.place(row)
        part = self.parts[at]
        return part.tokens[int(part.starts[own]) : int(part.starts[own + 1])]

    def scores(self, query: Scores, also: Sequence[int] | NDArray[np.int64] = ()) -> Half:
        """Inner products with a query: of a large library's rows, of the nearest and those in `also`.

        Of the others, the lowest among the nearest of their part.
        """
        query = np.ascontiguousarray(query, np.float32)
        if self._few is not None:
            return Half.of(self._few @ query)
        found = np.empty(len(self), np.float32)
        for part, end in zip(self.parts, self._ends, strict=True):
            _search(part, query, found[end - len(part.live) : end])
        rows = np.unique(np.asarray(also, np.int64))
        found[rows] = self._exact(rows) @ query
        deviation = np.sqrt(query @ self._covariance @ query)
        return Half(found, float(self._mean @ query), float(deviation))

    def _exact(self, rows: NDArray[np.int64]) -> Scores:
        """The vectors of these rows, which ascend, [rows, width]."""
        bounds = np.searchsorted(rows, [0, *self._ends])
        vectors = [np.empty((0, self.parts[0].dense.d if self.parts else 0), np.float32)]
        for part, end, first, last in zip(
            self.parts, self._ends, bounds[:-1], bounds[1:], strict=True
        ):
            if first < last:
                own = part.live[rows[first:last] - (end - len(part.live))]
                vectors.append(part.dense.reconstruct_batch(own))
        return np.concatenate(vectors)


def _search(part: Part, query: Scores, found: Scores) -> None:
    """The products of one part's nearest rows; of the others, the lowest among those."""
    wanted = min(part.dense.ntotal, max(NEAREST, part.dense.ntotal // NEAREST_SHARE))
    (products,), (rows,) = part.dense.search(query[None], wanted)
    at = np.searchsorted(part.live, rows)
    lives = np.isin(rows, part.live, assume_unique=True)
    found[:] = products[-1]
    found[at[lives]] = products[lives]


class Searcher:
    """Searches one set of passages."""

    def __init__(self, encoder: Encoder, vectors: Vectors, lexical: LexicalIndex) -> None:
        self._encoder = encoder
        self._vectors = vectors
        self.lexical = lexical

    def rank(self, query: Query, prefer: Scores | None = None) -> Ranking:
        """`prefer`, [passages], is added to the scores that decide which passages are read closely."""
        encoded = self._encoder.encode_query(query.dense)
        lexical = Half.of(self.lexical.scores(terms(query.lexical)))
        dense = self._dense(encoded.vector, lexical, prefer)
        fused = fuse(dense, lexical)
        if encoded.words is not None:
            near = best_of(fused if prefer is None else fused + prefer, RERANKED)
            late = Half.of(self._late(encoded.words, near)).standardised()
            close = fused[near] + LATE_WEIGHT * late
            fused += LATE_WEIGHT * late.min()  # what was not read closely is as good as the worst
            fused[near] = close
        return Ranking(dense.scores, lexical.scores, fused, encoded)

    def _dense(self, vector: Scores, lexical: Half, prefer: Scores | None) -> Half:
        rows = self._vectors.scores(vector, self._likely(lexical, prefer))
        if self._vectors.owner is None:
            return rows
        dense = np.full(len(lexical.scores), -1, np.float32)
        np.maximum.at(dense, self._vectors.owner, rows.scores)
        return Half.of(dense)

    def _likely(self, lexical: Half, prefer: Scores | None) -> NDArray[np.int64]:
        """Rows of the passages likely by their words; none where every row is scored anyway."""
        if len(self._vectors) <= FEW:
            return np.empty(0, np.int64)
        scores = lexical.scores
        if prefer is not None:
            scores = LEXICAL_WEIGHT * lexical.standardised() + prefer
        likely, owner = best_of(scores, LIKELY), self._vectors.owner
        return likely if owner is None else np.flatnonzero(np.isin(owner, likely))

    def _late(self, words: Words, passages: NDArray[np.int64]) -> Scores:
        """How well the best stretch of each passage answers."""
        owner = self._vectors.owner
        first, last = (
            (passages, passages + 1)
            if owner is None
            else (np.searchsorted(owner, passages), np.searchsorted(owner, passages, side="right"))
        )
        found, tokens = np.empty(len(passages), np.float32), np.empty(len(passages), np.int64)
        for at, (start, end) in enumerate(zip(first, last, strict=True)):
            pieces = [self._vectors.tokens_of(piece) for piece in range(start, end)]
            found[at] = max(words.best_window(words.similarity(piece)) for piece in pieces)
            tokens[at] = sum(map(len, pieces))
        return np.asarray(found - LENGTHY * np.log(tokens + SHORT), np.float32)
