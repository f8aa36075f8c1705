"""BM25 over folded syllables and pairs of neighbours: the half that reads what was typed.

Postings keep how often a term stands in a passage; what depends on the library as a whole (how rare
a term is, how long passages are) is worked out when a question comes, so that parts of a library
written at different times score as if they had been written together.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import IndexDamaged
from knowledge.vietnamese import syllables

K1, B = 1.2, 0.75  # the usual ones; no others did better on the public sets
_MOST = 65_535  # occurrences of a term in one passage that are told apart

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]


def terms(text: str) -> list[str]:
    """Syllables and adjacent pairs; pairs stand in for a word segmenter, none of which did better."""
    words = syllables(text)
    return words + [f"{first}_{second}" for first, second in pairwise(words)]


@dataclass(frozen=True, slots=True)
class Postings:
    """Which passages of one part of a library have which terms, and how often."""

    hashes: NDArray[np.uint64]  # of the terms, in order
    starts: NDArray[np.int64]  # [terms + 1]; where each term's passages begin
    rows: NDArray[np.uint32]  # passages, term by term
    counts: NDArray[np.uint16]  # how often the term stands in each
    lengths: NDArray[np.int32]  # [passages]; in terms

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        numbers: dict[str, int] = {}
        term_of, row_of, count_of, lengths = array("I"), array("I"), array("H"), array("i")
        for row, text in enumerate(texts):
            found = terms(text)
            lengths.append(len(found))
            for term, count in Counter(found).items():
                term_of.append(numbers.setdefault(term, len(numbers)))
                row_of.append(row)
                count_of.append(min(count, _MOST))
        hashes = np.fromiter(map(_hash, numbers), np.uint64, len(numbers))
        order = np.argsort(hashes)
        rank = np.empty(len(order), np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        ranked = rank[np.frombuffer(term_of, np.uint32)] if numbers else rank
        by_term = np.argsort(ranked, kind="stable")
        starts = np.zeros(len(numbers) + 1, np.int64)
        np.cumsum(np.bincount(ranked, minlength=len(numbers)), out=starts[1:])
        rows, counts = np.array(row_of, np.uint32), np.array(count_of, np.uint16)
        return cls(
            hashes[order], starts, rows[by_term], counts[by_term], np.array(lengths, np.int32)
        )

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Those saved in `folder`, read from disk as they are needed."""
        return cls(*(mapped(folder / f"{field.name}.npy") for field in fields(Postings)))

    def save(self, folder: Path) -> None:
        folder.mkdir()
        for field in fields(Postings):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))

    def find(self, term: str) -> slice:
        """Where the term's passages are."""
        sought = _hash(term)
        at = int(np.searchsorted(self.hashes, sought))
        if at == len(self.hashes) or self.hashes[at] != sought:
            return slice(0, 0)
        return slice(int(self.starts[at]), int(self.starts[at + 1]))

    def rows_of(self, term: str) -> Rows:
        """The passages that have the term. Raises IndexDamaged where they are none of this part's."""
        return self.occurrences(term)[0]

    def occurrences(self, term: str) -> tuple[Rows, Scores]:
        """The same, as NumPy indexes fastest, and how often the term stands in each; own copies."""
        where = self.find(term)
        rows = self.rows[where]
        if len(rows) and rows.max() >= len(self.lengths):
            raise IndexDamaged("Chỉ mục hỏng. Hãy chạy `cdsbot reindex`.")
        return rows.astype(np.int64), self.counts[where].astype(np.float32)


def mapped(file: Path) -> NDArray[Any]:
    """An array on disk, read as it is needed; a plain one, since np.memmap is slow to index."""
    return np.asarray(np.load(file, mmap_mode="r"))


@lru_cache(maxsize=1 << 12)  # a question looks for each of its terms in every part
def _hash(term: str) -> np.uint64:
    digest = hashlib.blake2b(term.encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


class LexicalIndex:
    """Scores every passage for a question.

    The passages are those of all parts, one after another; of each part only the rows in `live` count,
    and the others are as if they were not there.
    """

    def __init__(self, parts: Sequence[Postings], live: Sequence[Rows]) -> None:
        self._parts = tuple(zip(parts, live, strict=True))
        self._alive = [_mask(len(part.lengths), rows) for part, rows in self._parts]
        self._size = sum(map(len, live))
        lengths = [part.lengths[rows] for part, rows in self._parts]
        mean = max(1.0, float(sum(one.sum() for one in lengths)) / max(1, self._size))
        self._norms = [
            np.asarray(K1 * (1 - B + B * part.lengths / mean), np.float32)
            for part, _ in self._parts
        ]
        self.frequency = lru_cache(maxsize=1 << 16)(self._frequency)

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        return cls([Postings.of(texts)], [np.arange(len(texts))])

    def scores(self, query: Sequence[str]) -> Scores:
        """BM25 of each passage for these terms, [passages], each as often as it is asked.

        idf x tf / (tf + k1 (1 - b + b length / mean length)), Lucene's form (Kamphuis et al. 2020).
        """
        weights = {
            term: times * self.idf(term)
            for term, times in Counter(query).items()
            if self.frequency(term)
        }
        scored = []
        for (part, live), norm in zip(self._parts, self._norms, strict=True):
            own = np.zeros(len(part.lengths), np.float32)
            for term, weight in weights.items():
                rows, share = part.occurrences(term)
                whole = norm.take(rows, mode="clip")  # which need not look whether they are there
                whole += share
                share *= np.float32(weight)
                share /= whole
                np.add.at(own, rows, share)
            scored.append(own if len(live) == len(own) else own[live])
        return np.concatenate(scored)

    def having(self, term: str) -> Rows:
        """The passages that have the term, in order."""
        found, first = [np.empty(0, np.int64)], 0
        for (part, live), alive in zip(self._parts, self._alive, strict=True):
            rows = part.rows_of(term)
            found.append(first + np.searchsorted(live, rows[alive[rows]]))
            first += len(live)
        return np.concatenate(found)

    def having_all(self, text: str) -> int:
        """Passages that have the rarest of the text's terms: no fewer than have all of it."""
        return min(map(self.frequency, terms(text)), default=0)

    def _frequency(self, term: str) -> int:
        """Passages that have the term."""
        return sum(
            int(alive[part.rows_of(term)].sum())
            for (part, _), alive in zip(self._parts, self._alive, strict=True)
        )

    def idf(self, term: str) -> float:
        """Rarity of a term in the library; that of an unseen term is `rarest`."""
        return self._idf(self.frequency(term))

    @property
    def rarest(self) -> float:
        return self._idf(0)

    def _idf(self, found: int) -> float:
        return float(np.log(1 + (self._size - found + 0.5) / (found + 0.5)))


def _mask(size: int, rows: Rows) -> NDArray[np.bool_]:
    found = np.zeros(size, np.bool_)
    found[rows] = True
    return found
