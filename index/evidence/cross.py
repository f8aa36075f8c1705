"""The second reading: the reader's best sentences once more, each in one text with the question.

The reader compares tokens that never saw each other. Here question, titles and sentence go together
through the encoder's lowest layers, taught to say whether the one answers the other (a cross-encoder:
Nogueira and Cho 2019), so that every word is read in view of all others. That costs 7 ms a sentence:
only the few that the reader thinks best are read so. `index.training.cross` teaches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.evidence.sentences import Sentence
from index.evidence.stretches import head_of
from index.retrieval.encoder import SHIPPED, pieces, posed, session
from index.store.generation import Generation
from knowledge.errors import ModelMissing

Ids = NDArray[np.int64]

FILE = SHIPPED / "cross.onnx"
AGAIN = 3  # sentences that are read again, at most
NEAR = 3.0  # log odds behind the best; none further behind came first by being read again
SHARE = 1.0  # of what is said then, added to the reader's log odds

ASKED, TITLES, SAID = 0, 1, 2  # kinds of tokens
# tokens kept of a longer one, at its beginning and at its end
QUESTION, HEADING = (12, 24), (4, 14)
LEAD, SENTENCE = 16, 72  # of the line that opens a list, its last; of the sentence, its first
_BEGIN, _END = 0, 2  # ids of the signs around each part


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with what it is read under: titles, and the line that opens its list."""

    heading: str
    lead: str
    text: str


def said(generation: Generation, one: Sentence) -> Said:
    """The sentence as it is read."""
    passage = generation.passages[one.passage]
    document, outline = generation.document(passage.document), generation.outline(passage.document)
    head = head_of(document, outline, (one.start, one.end))
    lead = document.text[slice(*head)] if head else ""
    return Said(passage.heading, lead, document.text[one.start : one.end])


def laid_out(question: str, sentences: Sequence[Said]) -> list[tuple[Ids, Ids]]:
    """Of each sentence the token ids of the text that it is read in, and the tokens' kinds."""
    parts = [part for one in sentences for part in (one.heading, one.lead, one.text)]
    asked, *read = pieces([posed(question), *parts])
    asked = [_BEGIN, *_ends(asked, *QUESTION), _END]
    texts = []
    for heading, lead, text in zip(*[iter(read)] * 3, strict=True):
        titles = [*_ends(heading, *HEADING), _END, *lead[-LEAD:]]
        told = [*text[:SENTENCE], _END]
        kinds = np.repeat([ASKED, TITLES, SAID], [len(asked), len(titles), len(told)])
        texts.append((np.array([*asked, *titles, *told], np.int64), kinds))
    return texts


def _ends(ids: Sequence[int], first: int, last: int) -> Sequence[int]:
    return ids if len(ids) <= first + last else [*ids[:first], *ids[-last:]]


class CrossReader:
    """Says of a sentence how likely it is the answer. Thread-safe. Raises ModelMissing."""

    def __init__(self, file: Path = FILE) -> None:
        try:
            self._session = session(file)
        except Exception as error:  # whatever onnxruntime raises, the file is unusable
            raise ModelMissing(f"Không mở được mô hình {file}: {error}") from error

    def log_odds(self, question: str, sentences: Sequence[Said]) -> list[float]:
        """Of each that it answers, against that none does."""
        return [
            float(self._session.run(None, {"input_ids": ids[None], "kinds": kinds[None]})[0][0, 0])
            for ids, kinds in laid_out(question, sentences)
        ]


@lru_cache(maxsize=1)
def opened() -> CrossReader:
    """The one that ships."""
    return CrossReader()


def read_again(
    generation: Generation,
    question: str,
    sentences: Sequence[Sentence],
    none: float,
    cross: CrossReader,
) -> list[Sentence]:
    """`sentences`, best first, with the best of them in a new order; `none` is the chance that no one answers.

    The chances of all, and of none, are those of both readings together; one that was not read again has no
    better one than the worst that was.
    """
    near = sentences[0].score - NEAR if sentences else 0.0
    best = list(takewhile(lambda one: one.score > near, sentences[:AGAIN]))
    rest = sentences[len(best) :]
    read = cross.log_odds(question, [said(generation, one) for one in best])
    odds = [again - one.astray for again, one in zip(read, best, strict=True)]
    least = min(odds, default=0.0)
    share = np.exp(SHARE * np.array([*odds, *[least] * len(rest)]))
    chance = np.array([one.chance for one in sentences]) * share
    chance /= chance.sum() + none
    first = [
        replace(one, score=one.score + SHARE * again, crossed=again)
        for one, again in zip(best, odds, strict=True)
    ]
    rest = [replace(one, score=one.score + SHARE * least) for one in rest]
    every = [
        replace(one, chance=float(own)) for one, own in zip([*first, *rest], chance, strict=True)
    ]
    return sorted(every, key=lambda one: -one.score)
