"""BM25 over folded syllables and pairs of neighbours: the half that reads what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.vietnamese import syllables


def terms(text: str) -> list[str]:
    """Syllables and adjacent pairs; pairs stand in for a word segmenter, none of which did better."""
    words = syllables(text)
    return words + [f"{first}_{second}" for first, second in pairwise(words)]


class LexicalIndex:
    """Scores every passage for a question."""

    def __init__(self, bm25: bm25s.BM25, size: int) -> None:
        self._bm25 = bm25
        self._size = size

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        bm25 = bm25s.BM25(k1=1.2, b=0.75)
        bm25.index([terms(text) for text in texts], show_progress=False)
        return cls(bm25, len(texts))

    @classmethod
    def open(cls, folder: Path, size: int) -> LexicalIndex:
        return cls(bm25s.BM25.load(folder, show_progress=False, verbosity=0), size)

    def save(self, folder: Path) -> None:
        self._bm25.save(folder, show_progress=False)

    def scores(self, query: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of each passage for these terms, [passages]."""
        known = [term for term in query if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._size, np.float32)
        return np.asarray(self._bm25.get_scores(known), np.float32)

    def frequency(self, term: str) -> int:
        """Passages that have the term."""
        number = self._bm25.vocab_dict.get(term)
        if number is None:
            return 0
        indptr = self._bm25.scores["indptr"]
        return int(indptr[number + 1] - indptr[number])

    def idf(self, term: str) -> float:
        """Rarity of a term in the library; that of an unseen term is `rarest`."""
        return self._idf(self.frequency(term))

    @property
    def rarest(self) -> float:
        return self._idf(0)

    def _idf(self, found: int) -> float:
        return float(np.log(1 + (self._size - found + 0.5) / (found + 0.5)))
