"""What was found for one question, before it is decided what to show."""

from __future__ import annotations

from dataclasses import dataclass

from index.evidence import Sentence
from index.focus import Focus
from index.overlap import Asked
from index.scope import Scope
from index.search import Ranking
from index.understand import Understanding


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
