"""What was found for one question, before it is decided what to show."""

from __future__ import annotations

from dataclasses import dataclass

from index.evidence.by_name import ByName
from index.evidence.focus import Focus
from index.evidence.reader import Reading
from index.evidence.sentences import Sentence
from index.evidence.weights import Asked
from index.question.understand import Understanding
from index.retrieval.search import Ranking
from index.scope import Scope


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found for one question."""

    understanding: Understanding
    scope: Scope
    ranking: Ranking
    passages: tuple[int, ...]  # rows, best first
    sentences: tuple[Sentence, ...]  # best first
    asked: Asked
    focus: Focus
    reading: Reading | None  # of the first of `sentences`; none where another encoder serves
    by_name: ByName
