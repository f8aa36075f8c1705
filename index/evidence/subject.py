"""What a document is about: the sentence near its beginning that says what its title says."""

from __future__ import annotations

import re

from index.evidence.weights import Words
from index.law.appendix import NAMED as APPENDIX
from index.law.appendix import PART
from index.question.understand import Understanding
from index.scope import Scope
from index.store.generation import Generation
from knowledge.numbers import KINDS as SPELLINGS
from knowledge.vietnamese import fold, syllables

BEGINNING = 6  # passages in which a document says what it is about
ENOUGH = 0.5  # of its title's words
FEWEST = 3  # words of a title that tells more than kind and number
SAYS = 0.3  # more, where a document speaks of itself
PRICE = 0.004  # of that share, for each word that the sentence has beside them

ASKED = frozenset(
    "ve viec gi noi dung cai chinh la van ban nay quy dinh ban hanh de lam cua nhung chu yeu tom tat nhu the"
    " nao muc dich cho biet hoi minh toi em a vay ad oi xin bao gom co cac dieu ra sao do trong".split()
)  # folded words of a question that asks what a document is about, and nothing besides
KINDS = (*dict.fromkeys(SPELLINGS.values()), "Luật")
_OF_ITSELF = re.compile(rf"\W*(?:1\. )?(?:{'|'.join(KINDS)}) này\b")
_ENACTS = re.compile(
    r"\W*Điều 1\. (?:Phê duyệt|Ban hành|Sửa đổi|Công bố|Thành lập|Giao|Bãi bỏ|Quy định)\b"
)
_NAMING = frozenset("so ve viec ban hanh quy dinh cua".split())
_ASKS = frozenset({"gi", "dung", "tat"})  # gì, nội dung, tóm tắt


def asks_subject(understanding: Understanding, scope: Scope) -> bool:
    """Whether all that is asked is what one document, found by its name, is about."""
    if len(scope.documents) != 1 or scope.span or scope.absent:
        return False
    if any(one.article or one.clause for one in understanding.references):
        return False
    words = beside_references(understanding)
    return words <= ASKED and bool(words & _ASKS)


def beside_references(understanding: Understanding) -> frozenset[str]:
    """The folded words of a question that are in none of the references it makes."""
    rest, at = "", 0
    for reference in sorted(understanding.references, key=lambda one: one.span):
        rest += understanding.cleaned[at : reference.span[0]] + " "
        at = reference.span[1]
    rest = PART.sub(" ", rest + understanding.cleaned[at:])
    return frozenset(syllables(APPENDIX.sub(" ", fold(rest))))


def subject_of(generation: Generation, path: str) -> tuple[int, int] | None:
    """The sentence's offsets; none where no sentence says what the title does."""
    entry = generation.entry[path]
    about = entry.metadata
    title = Words.of(about.title).folded - Words.of(f"{about.kind} {about.number}").folded - _NAMING
    told = len(title) >= FEWEST  # the title says what it is about
    best, found = ENOUGH if told else 0.0, None
    text = generation.document(path).text
    for row in range(entry.first, entry.first + min(BEGINNING, entry.passages)):
        for start, end, *_ in generation.sentences_of(row)[0].tolist():
            sentence = text[start:end]
            enacts = not told and _ENACTS.match(sentence)
            heading = sentence.startswith(("Điều ", "#")) or sentence.isupper()
            if (heading and not enacts) or " | " in sentence:
                continue  # names a part, or is a letterhead
            share = SAYS if enacts or _OF_ITSELF.match(sentence) else 0.0
            if told:
                words = Words.of(sentence).folded
                share += len(title & words) / len(title) - PRICE * len(words - title)
            if share > best:
                best, found = share, (start, end)
    return found


def named_first(generation: Generation, path: str) -> tuple[int, int]:
    """Offsets of a document's first line."""
    text = generation.document(path).text
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    return start, end if end >= 0 else len(text)
