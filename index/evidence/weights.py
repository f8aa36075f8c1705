"""What a question's words weigh, and how much of that weight a piece of text carries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from index.retrieval.lexical import LexicalIndex
from knowledge.vietnamese import fold, unify_tones

NAMED = 0.3  # of its weight that a word of the name of the document asked about keeps
EARLIER = 0.15  # likewise of what was asked before
_WORD = re.compile(r"\w+")

# words that ask rather than say what about; folded
_ASKING = frozenset(
    "la gi nao ai bao nhieu may khi gio lau o dau tai sao vi the nhu co khong chua duoc phai thi va "
    "cua cho voi tu den trong ngoai ra vao theo ve nay do ay kia nhung cac mot cai con vay hay hoac "
    "bi da dang se nua roi thoi a ha nhi nhe oi xin hoi biet noi toi em minh neu thuoc can muon lam "
    "what who when where why how is are the of in for it does a and which by at must "
    "quy dinh nghi thong tu luat quyet khoan dieu diem so nam ngay thang".split()
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text as compared: folded, with their marks, and as neighbouring pairs."""

    folded: frozenset[str]
    marked: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, text: str) -> Words:
        marked = _WORD.findall(unify_tones(text).lower())
        folded = fold(" ".join(marked)).split(" ")  # once for all: a question reads hundreds
        return cls(frozenset(folded), frozenset(marked), frozenset(pairwise(folded)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's telling words and pairs with their weights (idf in the library)."""

    folded: dict[str, float]
    marked: dict[str, float]
    pairs: dict[tuple[str, str], float]

    @classmethod
    def of(cls, lexical: str, spelt: str, index: LexicalIndex, aside: Mapping[str, float]) -> Asked:
        """`lexical` is the question as typed and expanded, `spelt` with its diacritics restored.

        `aside` are folded words that say less of what is asked, each with the share it keeps.
        """
        words = _WORD.findall(fold(lexical))
        folded = {
            word: index.idf(word) * aside.get(word, 1) for word in words if word not in _ASKING
        }
        marked = {
            word: index.idf(fold(word)) * aside.get(fold(word), 1)
            for word in _WORD.findall(unify_tones(spelt).lower())
            if fold(word) not in _ASKING
        }
        pairs = {
            (first, second): index.idf(f"{first}_{second}")
            * max(aside.get(first, 1), aside.get(second, 1))
            for first, second in pairwise(words)
            if not (first in _ASKING and second in _ASKING)
        }
        return cls(folded, marked, pairs)

    def coverage(self, words: Words) -> tuple[float, float, float]:
        """Shares of the question's weight that `words` hold: folded, with marks, in pairs."""
        return (
            _share(self.folded, words.folded),
            _share(self.marked, words.marked),
            _share(self.pairs, words.pairs),
        )

    def share(self, one: Collection[str], other: Collection[str] = ()) -> float:
        """Share of the question's weight that the folded words of one text or two hold."""
        return _share(self.folded, one, other)

    def missing(self, words: Words) -> float:
        """Weight of the rarest telling word that `words` lack: a name never met is not answered."""
        return max((w for word, w in self.folded.items() if word not in words.folded), default=0.0)


def aside(question: str, named: Sequence[str], lead: str) -> dict[str, float]:
    """Folded words of the document's name and of earlier turns, but those that are asked, too."""
    kept = Counter(_WORD.findall(fold(question)))
    of_names = Counter(_WORD.findall(fold(" ".join(named))))
    found = {word: EARLIER for word in _WORD.findall(fold(lead)) if word not in kept}
    return found | {word: NAMED for word in of_names if of_names[word] >= kept[word]}


def _share(
    weights: Mapping[Any, float], one: Collection[Any], other: Collection[Any] = ()
) -> float:
    total = sum(weights.values())
    held = (weight for key, weight in weights.items() if key in one or key in other)
    return sum(held) / total if total else 0.0
