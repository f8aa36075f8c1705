"""What has become of a document: whether just that is asked, and whether any document tells it."""

from __future__ import annotations

from index.evidence.subject import POLITE, beside_references
from index.law.asked_effect import asks_fate, stating
from index.law.references import Reference
from index.question.understand import Understanding
from index.scope import Scope
from index.store.generation import Generation
from knowledge.vietnamese import fold

_FATE = POLITE | frozenset(
    "het hieu luc han ap dung thi hanh con duoc bi da se thay the bang boi bai bo huy sua doi bo sung tu ke den toi"
    " ngay khi bao gio luc hom nam thang nao may nhieu gi la van ban nghi dinh thong tu quyet luat cho co chua roi"
    " hien nay tai do no ay".split()
)  # folded words of a question that asks what has become of a document, and nothing besides


def asks_its_fate(asked: Understanding) -> bool:
    """Whether all that is asked is when a document ended, or what did away with it or changed it."""
    named = any(one.names_document for one in (*asked.references, *asked.inherited))
    return named and asks_fate(fold(asked.alone)) and beside_references(asked) <= _FATE


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
