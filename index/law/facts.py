"""What one document tells by itself: worked out when it is read, and kept with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from index.law.definitions import defined_terms
from index.law.effect import Citation, Relation, Relations, laws_cited, newer_laws, stated
from index.law.names import Named
from knowledge.abbreviations import introduced
from knowledge.document import Document, Section
from knowledge.places import provinces_in, provinces_named

OPENING = 500  # characters in which a document names the body that issued it


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one document, whatever else the library holds."""

    terms: tuple[tuple[str, int], ...]  # folded, and where each is defined
    abbreviations: tuple[tuple[str, str], ...]  # short, long; as often as it is introduced
    provinces: frozenset[str]  # that it is of; empty for the whole country's
    relations: tuple[Relation, ...]
    citations: tuple[Citation, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "provinces": sorted(self.provinces)}

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            tuple((term, at) for term, at in row["terms"]),
            tuple((short, long) for short, long in row["abbreviations"]),
            frozenset(row["provinces"]),
            tuple(Relation(**one) for one in row["relations"]),
            tuple(Citation(**one) for one in row["citations"]),
        )


def facts_of(document: Document, outline: Sequence[Section]) -> Facts:
    """Everything that answering asks of a document and its outline again and again."""
    return Facts(
        tuple((term, at) for term, (_, at) in defined_terms(document, outline)),
        tuple(introduced(document.text)),
        _provinces(document),
        tuple(stated(document)),
        tuple(laws_cited(document)),
    )


def _provinces(document: Document) -> frozenset[str]:
    about, text = document.metadata, document.text
    named = provinces_in(f"{about.issuer}\n{about.title}")
    if not named and re.search(r"-(?:UBND|HĐND)\b", about.number):
        return provinces_in(text[:OPENING])
    if not named and not about.number:  # an article: what it speaks of most
        return frozenset(one for one, _ in Counter(provinces_named(text)).most_common(1))
    return named


def relations(entries: Sequence[Named], facts: Mapping[str, Facts]) -> Relations:
    """What all documents say of each other, in their order; `facts` by path."""
    own = [one for entry in entries for one in facts[entry.path].relations]
    cited = {path: told.citations for path, told in facts.items()}
    return Relations([*own, *newer_laws(entries, cited)])
