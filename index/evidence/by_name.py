"""What a question asks for by a document's name or date alone: its subject, day, issuer or effect, a
section to be read, or the documents of a kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.evidence.coded import coded
from index.evidence.duties import duties
from index.evidence.fate import fate_untold, recorded
from index.evidence.introduced import introduced, introducing
from index.evidence.issued import ISSUES, asks_both, asks_day, asks_issuer, issuer_in
from index.evidence.listed import MOST, listed
from index.evidence.posed import posed, posed_as_typed
from index.evidence.sentences import Sentence
from index.evidence.sources import SUMMARY
from index.evidence.spelt_out import asks_letters, spelt_out
from index.evidence.stretches import Stretch, begun, section_at
from index.evidence.subject import (
    BEGINNING,
    WHAT,
    asks_subject,
    beside_references,
    named_alone,
    named_first,
    subject_of,
    unborne,
)
from index.evidence.weights import Asked
from index.law.asked_effect import asks_day as asks_effect
from index.law.names import kind_numbered, mention_pattern, same_number
from index.law.references import Reference
from index.question.understand import Understanding
from index.scope import Scope
from index.store.generation import Generation
from knowledge.heading import day_in
from knowledge.vietnamese import fold, syllables

LONG_LIST = 150  # words; a longer one is shown only when it comes first
STATED = 2  # sentences on when a document takes effect, at most

_READING = frozenset(
    "noi gi quy dinh the nao nhu dung la ve cua ghi neu co cho biet xem toi minh van ban ra sao trich doc nhung"
    " ai ky nguoi gui toi den noi nhan da do boi ban hanh duoc co quan don cac kem theo mau bieu phieu de dung ten che"
    " toan bo nguyen day du ca het".split()
)  # folded words of a question that asks what a section says, and nothing besides


@dataclass(frozen=True, slots=True)
class ByName:
    """Where what is asked for by name stands; empty where something else is asked, or none tells."""

    stretches: tuple[Stretch, ...] = ()
    listed: int = 0  # documents that are asked for by what they are; of the first, a stretch each
    untold: bool = False  # the document that is asked about does not tell what it should
    recorded: bool = False  # but what was written down beside it does, of its effect


def asked_by_name(
    asked: Understanding,
    weighed: Asked,
    scope: Scope,
    sentences: Sequence[Sentence],
    generation: Generation,
) -> ByName:
    """What `asked`, its words `weighed`, asks for by name: of the documents in scope, their best sentences."""
    if answering := posed_as_typed(asked, generation):
        return ByName(answering)
    if documents := listed(asked, generation):
        told = tuple(_about(path, generation) for path in documents[:MOST])
        return ByName(told, len(documents))
    itself = _of_itself(asked, scope, generation)
    if itself == ByName():
        itself = _of_effect(asked, scope, sentences, generation)
    if itself != ByName():
        return itself
    stated = (
        _applies(asked, scope, sentences, generation)
        or _given(asked, scope, generation)
        or coded(asked, generation)
        or posed(asked, weighed, sentences, generation)
        or _letters(asked, sentences, generation)
    )
    if not stated and asks_letters(asked):
        return ByName(untold=True)
    if stated or not _only_reads(asked, scope):
        return ByName(stated)
    assert scope.span is not None
    section = begun(generation.document(scope.document), scope.span, LONG_LIST)
    return ByName(((scope.document, *section),))


def _of_itself(asked: Understanding, scope: Scope, generation: Generation) -> ByName:
    """What the one document that is asked about is: its subject, its day or its issuer."""
    words, spoken = beside_references(asked), (*asked.references, *asked.inherited)
    if not (asks_subject(words) or words & ISSUES):  # else what is asked is said beside the name
        words |= unborne(asked, scope.documents, generation) if scope.documents else frozenset()
    words = WHAT if named_alone(asked, words) else words
    if scope.mention and not scope.documents:
        if len({one.number for one in spoken if one.names_document}) != 1:
            return ByName()  # of which of them?
        told = introduced(words, scope.mention, scope.rows, generation)
        # what it is about, or both its day and its issuer, may be told in other words: that is read
        return ByName(told, untold=not told and (asks_day(words) or asks_issuer(words)))
    if not _is_one(scope, generation) or scope.span or scope.absent:
        return ByName()
    named = next((one for one in spoken if one.kind or one.number), Reference())
    found = [_of_copy(words, named, path, generation) for path in scope.documents]
    return next((one for one in found if one.stretches), found[0])


def _of_effect(
    asked: Understanding, scope: Scope, sentences: Sequence[Sentence], generation: Generation
) -> ByName:
    """Of the one document whose effect is asked about: what is recorded of it, or that nobody tells."""
    by_record = recorded(asked, scope, sentences, generation)
    if by_record:
        return ByName((_about(scope.documents[0], generation),), recorded=True)
    return ByName(untold=by_record is False or fate_untold(asked, scope, generation))


def _is_one(scope: Scope, generation: Generation) -> bool:
    """Whether the documents in scope are one, perhaps in two copies."""
    numbers = {generation.metadata(path).number or path for path in scope.documents}
    return len(numbers) == 1


def _of_copy(words: frozenset[str], named: Reference, path: str, generation: Generation) -> ByName:
    if not asks_subject(words) or named.article or named.clause:
        return _of_issue(words, named, path, generation)
    if about := subject_of(generation, path, named.kind):
        return ByName(((path, *about),))
    own = generation.entry[path].rows[:BEGINNING]
    told = introduced(words, mention_pattern(named), own, generation) if named.number else ()
    return ByName(told[:1], untold=not told and bool(named.number))


def _of_issue(words: frozenset[str], named: Reference, path: str, generation: Generation) -> ByName:
    """Its day, its issuer or both: of the first document of a file by its heading, of others as they
    are introduced."""
    about, text = generation.metadata(path), generation.document(path).text
    both = asks_both(words)
    day = both or asks_day(words - frozenset(syllables(about.issuer)), dated=bool(named.date))
    issuer = both or asks_issuer(words)
    if about.kind == SUMMARY or not (day or issuer):
        return ByName()
    told = [issuer_in(text, about.issuer)] if issuer else []
    told += [day_in(text, about.date)] if day else []
    first = about.own_number
    if about.numbers[1:] and named.number and not same_number(named, first):
        told = []  # the heading is another's
    if not (told and all(told)) and (named.number or first):
        own = named if named.number else Reference(number=first)
        told = [introducing(mention_pattern(own), text) or next(filter(None, told), None)]
    found = tuple((path, *span) for span in told if span)
    return ByName(found, untold=not found and named.names_document)


def _applies(
    asked: Understanding, scope: Scope, sentences: Sequence[Sentence], generation: Generation
) -> tuple[Stretch, ...]:
    """Where the one document that is asked about says from when on it applies."""
    if asked.answer_kind != "validity" or scope.span or not _is_one(scope, generation):
        return ()
    if not asks_effect(fold(asked.alone)):
        return ()
    said = [
        (one.document, *one.span)
        for one in sentences
        if one.feature("defines") and one.document in scope.documents
    ]
    named = _document_named(asked)
    own = [one for one in said if _is_of(named, one, generation)]
    return tuple(own or said)[:STATED]


def _document_named(asked: Understanding) -> Reference:
    return next((one for one in asked.references if one.names_document), Reference())


def _is_of(named: Reference, stretch: Stretch, generation: Generation) -> bool:
    """Whether, of several documents in one file, the stretch is of the one that is named."""
    path, start, _ = stretch
    outline, at = generation.outline(path), section_at(generation.outline(path), start)
    label = outline[at].label if at >= 0 else ""
    about = generation.metadata(path)
    # "1/QĐ-UBND" does not stand in "11/QĐ-UBND"
    own = (one for one in about.numbers if re.search(rf"(?<!\d){re.escape(one)}(?!\w)", label))
    of = next(own, about.own_number)
    return same_number(named, of) if named.number else named.kind == kind_numbered(of)


def _given(asked: Understanding, scope: Scope, generation: Generation) -> tuple[Stretch, ...]:
    """What the one document that is asked about gives a body to do."""
    if scope.span or scope.absent or not _is_one(scope, generation):
        return ()
    named = _document_named(asked)
    given = (duties(asked, path, generation) for path in scope.documents)
    return next((one for one in given if one and _is_of(named, one[0], generation)), ())


def _letters(
    asked: Understanding, sentences: Sequence[Sentence], generation: Generation
) -> tuple[Stretch, ...]:
    """What letters are short for, unless they are asked about as a term that is defined."""
    defined = not asks_letters(asked) and any(one.feature("defines") for one in sentences)
    return () if defined else spelt_out(asked, generation)


def _only_reads(asked: Understanding, scope: Scope) -> bool:
    """Whether all that is asked is what a section says that has been found: reading it answers."""
    reads = not scope.absent and beside_references(asked) <= _READING
    return scope.span is not None and (scope.closing or reads)


def _about(path: str, generation: Generation) -> Stretch:
    """What a document is about, or at least its first line."""
    return (path, *(subject_of(generation, path) or named_first(generation, path)))
