"""What is asked of a document's effect alone, and who tells it: a document, its record, or nobody."""

from __future__ import annotations

from collections.abc import Sequence

from index.evidence.sentences import Sentence
from index.evidence.subject import POLITE, beside_references
from index.law.asked_effect import (
    asks_day,
    asks_end,
    asks_fate,
    asks_standing,
    speaks_of_effect,
    stating,
)
from index.law.references import Reference
from index.question.understand import Understanding
from index.scope import Scope
from index.store.generation import Generation
from knowledge.calendar import today
from knowledge.document import Metadata
from knowledge.vietnamese import fold

_FATE = POLITE | frozenset(
    "het hieu luc han ap dung thi hanh con duoc bi da se thay the bang boi bai bo huy sua doi bo sung tu ke den toi"
    " ngay khi bao gio luc hom nam thang nao may nhieu gi la van ban nghi dinh thong tu quyet luat cho co chua roi"
    " hien nay tai do no ay khong ko k chu nua".split()
)  # folded words of a question that asks of a document's effect, and nothing besides


def asks_its_fate(asked: Understanding) -> bool:
    """Whether all that is asked is when a document ended, or what did away with it or changed it."""
    return asks_fate(fold(asked.alone)) and _asks_of_effect_alone(asked)


def _asks_of_effect_alone(asked: Understanding) -> bool:
    named = any(one.names_document for one in (*asked.references, *asked.inherited))
    return named and beside_references(asked) <= _FATE


def fate_known(scope: Scope, generation: Generation) -> bool:
    """Whether it stands beside whatever is shown of a document in scope: its last day, or a newer one."""
    abouts = (generation.metadata(path) for path in scope.documents)
    return any(about.expires or about.replaced_by for about in abouts)


def fate_untold(asked: Understanding, scope: Scope, generation: Generation) -> bool:
    """Whether no document tells it of those in scope: what they say of others' end is another matter."""
    if not scope.documents or scope.span or not asks_its_fate(asked):
        return False
    if fate_known(scope, generation):
        return False
    named = [one for one in asked.references if one.number]
    numbers = (generation.metadata(path).own_number for path in scope.documents)
    bearing = named or [Reference(number=number) for number in numbers]
    return not stating(generation.relations, scope.documents, bearing, fold(asked.alone))


def recorded(
    asked: Understanding, scope: Scope, sentences: Sequence[Sentence], generation: Generation
) -> bool | None:
    """Whether the record of the one document in scope tells what is asked of its effect, and of nothing else.

    None where something else is asked, or a document itself speaks of it.
    """
    question = fold(asked.alone).rstrip(" ?.!")
    day, end, standing = asks_day(question), asks_end(question), asks_standing(question)
    if not (day or end or standing) or scope.span or scope.absent or not scope.documents:
        return None
    if not _asks_of_effect_alone(asked) or stating(
        generation.relations, scope.documents, asked.references, question
    ):
        return None
    if any(speaks_of_effect(fold(one.text_in(generation))) for one in sentences):
        return None
    return any(_tells(generation.metadata(path), day, end) for path in scope.documents)


def _tells(about: Metadata, day: bool, end: bool) -> bool:
    if day:
        return bool(about.effective)
    if end:
        return bool(about.expires)
    return about.stands(today()) != "unknown" or bool(about.expires)
