"""What a document is about: the sentence near its beginning that says what its title says."""

from __future__ import annotations

from index.evidence.weights import Words
from index.question.understand import Understanding
from index.scope import Scope
from index.store.generation import Generation
from knowledge.vietnamese import syllables

BEGINNING = 6  # passages in which a document says what it is about
ENOUGH = 0.5  # of its title's words
FEWEST = 3  # words of a title that tells more than kind and number
PRICE = 0.004  # of that share, for each word that the sentence has beside them

_ASKED = frozenset(
    "ve viec gi noi dung cai chinh la van ban nay quy dinh ban hanh de lam cua nhung chu yeu tom tat nhu the"
    " nao muc dich cho biet hoi minh toi em a vay ad oi xin bao gom co cac dieu ra sao do trong".split()
)  # folded words of a question that asks what a document is about, and nothing besides
_NAMING = frozenset("so ve viec ban hanh quy dinh cua".split())
_ASKS = frozenset({"gi", "dung", "tat"})  # gì, nội dung, tóm tắt


def asks_subject(understanding: Understanding, scope: Scope) -> bool:
    """Whether all that is asked is what one document, found by its name, is about."""
    if len(scope.documents) != 1 or scope.span or scope.absent:
        return False
    words = beside_references(understanding)
    return words <= _ASKED and bool(words & _ASKS)


def beside_references(understanding: Understanding) -> frozenset[str]:
    """The folded words of a question that are in none of the references it makes."""
    rest, at = "", 0
    for reference in sorted(understanding.references, key=lambda one: one.span):
        rest += understanding.cleaned[at : reference.span[0]] + " "
        at = reference.span[1]
    return frozenset(syllables(rest + understanding.cleaned[at:]))


def subject_of(generation: Generation, path: str) -> tuple[int, int] | None:
    """The sentence's offsets; none where no sentence says what the title does."""
    entry = generation.entry[path]
    about = entry.metadata
    title = Words.of(about.title.replace(about.number, " ")).folded - Words.of(about.kind).folded
    title -= _NAMING
    if len(title) < FEWEST:
        return None
    best, found = ENOUGH, None
    text = generation.document(path).text
    for row in range(entry.first, entry.first + min(BEGINNING, entry.passages)):
        for start, end, *_ in generation.sentences_of(row)[0].tolist():
            words = Words.of(text[start:end]).folded
            share = len(title & words) / len(title) - PRICE * len(words - title)
            if share > best:
                best, found = share, (start, end)
    return found
