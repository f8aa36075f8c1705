"""What speaks against a sentence that is not on what a talk is about: a bare follow-up names none of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.evidence.sentences import Sentence
from index.retrieval.search import Ranking, Scores
from index.store.generation import Generation

PASSAGE, DOCUMENT = 0.2, 0.5  # log odds for a unit of score: `python -m index.training.astray`
NAMESAKE = 2.0  # log odds
FARTHEST = 9.0  # units that count


def astray(generation: Generation, spoken: Ranking, sentences: Sequence[Sentence]) -> Scores:
    """Log odds to be taken from each, [sentences]; `spoken` ranks for what was spoken of alone."""
    weights = np.array([PASSAGE, DOCUMENT], np.float32)
    return np.asarray(behind(generation, spoken, sentences) @ weights, np.float32)


def of_namesake(
    generation: Generation, documents: Sequence[str], sentences: Sequence[Sentence]
) -> Scores:
    """Log odds to be taken from each, [sentences], that is of another year's document of the number asked for."""
    first = generation.metadata(documents[0]) if documents else None
    others = {
        path
        for path, about in ((path, generation.metadata(path)) for path in documents[1:])
        if first and about.number == first.number != "" and about.date != first.date
    }
    return np.array([NAMESAKE * (one.document in others) for one in sentences], np.float32)


def behind(generation: Generation, spoken: Ranking, sentences: Sequence[Sentence]) -> Scores:
    """How far each one's passage, and the best of its document, lie behind the best of all: [sentences, 2]."""
    best = float(spoken.fused.max())
    of_document: dict[str, float] = {}
    found = np.empty((len(sentences), 2), np.float32)
    for at, one in enumerate(sentences):
        entry = generation.entry[one.document]
        if entry.path not in of_document:
            of_document[entry.path] = best - float(spoken.fused[entry.rows].max())
        found[at] = best - float(spoken.fused[one.passage]), of_document[entry.path]
    return np.minimum(found, np.float32(FARTHEST))
