"""The best sentences in the order of the reader, and what it says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.evidence.reader import READ, Asking, Candidates, Floats, Reader, Reading, candidates
from index.evidence.sentences import Sentence
from index.question.kind import KINDS
from index.question.understand import Understanding
from index.retrieval.search import Ranking
from index.store.generation import Generation

LINE = 0.5  # of the line's score, added to the reader's log odds
FOREIGN = 9.0  # taken from a sentence of elsewhere: the reader weighs words, and knows no provinces


def considered(
    generation: Generation,
    understanding: Understanding,
    ranking: Ranking,
    sentences: Sequence[Sentence],
) -> tuple[Asking, Candidates] | None:
    """The question and its best sentences as the reader takes them; none where tokens are not kept."""
    words = ranking.query.words
    if words is None or not sentences:
        return None
    kind = KINDS.index(understanding.answer_kind)
    asking = Asking(words.vectors, words.weights, ranking.query.vector, kind)
    tokens = []
    for one in sentences:
        first, last = generation.token_span(one.passage, one.start)
        tokens.append(generation.vectors.tokens_of(one.passage)[first:last])
    passages = [one.passage for one in sentences]
    headings = {passage: generation.heading_tokens(passage) for passage in set(passages)}
    features = np.array([one.features for one in sentences], np.float32)
    return asking, candidates(words.vectors, passages, tokens, headings, features)


def reread(
    generation: Generation,
    understanding: Understanding,
    ranking: Ranking,
    sentences: Sequence[Sentence],
    reader: Reader | None,
    astray: Floats,
) -> tuple[list[Sentence], Reading | None]:
    """`sentences`, best first by the line, in the reader's order, and what it says of them.

    `astray` is taken from the log odds of each.
    """
    taken = considered(generation, understanding, ranking, sentences[:READ]) if reader else None
    if reader is None or taken is None:
        return list(sentences), None
    reading = reader.read(*taken)
    reading = replace(reading, sentences=reading.sentences - astray[:READ])
    chances = reading.probabilities()
    read = [
        replace(
            one,
            score=float(score) + LINE * one.score - FOREIGN * one.feature("elsewhere"),
            chance=float(chance),
            astray=float(less),
        )
        for one, score, chance, less in zip(
            sentences, reading.sentences, chances, astray, strict=False
        )
    ]
    read.sort(key=lambda one: -one.score)
    lowest, follows = read[-1].score, sentences[len(read) - 1].score
    rest = [replace(one, score=lowest + one.score - follows) for one in sentences[READ:]]
    return read + rest, reading
