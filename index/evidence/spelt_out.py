"""What letters stand for, or which stand for a name, where that is asked: the sentence that spells them out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from index.evidence.coded import sentences_having
from index.evidence.stretches import Stretch
from index.question.follow import is_function
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.abbreviations import is_syllable
from knowledge.vietnamese import fold, syllables

_SHORT = r"(?P<short>[a-z]+(?:[&-][a-z]+)*)"
# "SIPAS là viết tắt của từ gì", "chữ CĐS viết tắt từ gì"
_ASKS_LONG = re.compile(
    rf"\b{_SHORT}\s+(?:(?:la|chu|tu|cum|ten|duoc)\s+)*viet tat\s+(?!la\b|the nao|ra sao)"
)
# "trung tâm điều hành thông minh viết tắt là gì"
_ASKS_SHORT = re.compile(
    r"^(?P<long>\w+(?:\s+\w+)+?)\s+(?:duoc\s+)?viet tat\s+(?:la|the nao|ra sao)\b"
)
_MEANS = re.compile(rf"{_SHORT}\s+(?:co\s+)?(?:nghia\s+)?la\s+(?:cai\s+)?gi\b[\w\s]{{0,12}}\W*")
_CALLED = (
    r"\((?:sau day |duoi day )?(?:(?:duoc )?(?:goi|viet) (?:tat )?la:? ?)?[\"“”']?{}[\"“”']?\)"
)
_CAPITALS = 2  # at least, of an abbreviation
_BEFORE = r"\w+[\s,]+\w+[\"“”']?\s*"  # words for which letters in brackets can stand


def asks_letters(asked: Understanding) -> bool:
    """Whether it is asked what letters are short for, or which are short for a name."""
    said = fold(asked.cleaned)
    return bool(_ASKS_LONG.search(said) or _ASKS_SHORT.search(said))


def names_letters(asked: Understanding) -> bool:
    """Whether all that is asked is what an abbreviation is, which was spelt out to look for it."""
    said = fold(asked.cleaned).strip()
    letters = _ASKS_LONG.search(said) or _MEANS.fullmatch(said)
    return letters is not None and letters["short"] not in syllables(asked.alone)


def spelt_out(asked: Understanding, generation: Generation) -> tuple[Stretch, ...]:
    """The sentence that spells them out; none where something else is asked, or none does.

    Also of "HTX là gì". The shortest, but before it one that goes on to say what they are.
    """
    said = fold(asked.cleaned).strip()
    if name := _ASKS_SHORT.search(said):
        return _telling(name["long"], partial(_shortens, name["long"]), generation)
    letters = _ASKS_LONG.search(said) or _MEANS.fullmatch(said)
    if letters is None or is_syllable(letters["short"]):
        return ()
    return _telling(letters["short"], partial(_lengthens, letters["short"]), generation)


def _telling(
    words: str, rank: Callable[[str], int | None], generation: Generation
) -> tuple[Stretch, ...]:
    """The first sentence by its `rank`, then by its length."""
    found = []
    for path, start, end in sentences_having(words, generation):
        text = generation.document(path).text
        heading = text.startswith("#", text.rfind("\n", 0, start + 1) + 1)
        at = None if heading else rank(text[start:end])
        if at is not None:
            found.append((at, end - start, (path, start, end)))
    return tuple(stretch for *_, stretch in sorted(found)[:1])


def _lengthens(short: str, text: str) -> int | None:
    letters = re.escape(short)
    itself = rf"^[\W\d]*{letters}:?\s+la\s"
    for rank, pattern in enumerate((itself, rf"{_BEFORE}{_CALLED.format(letters)}")):
        told = re.search(pattern, fold(text))
        if told and sum(map(str.isupper, text[slice(*told.span())])) >= _CAPITALS:
            return rank
    return None


def _shortens(long: str, text: str) -> int | None:
    """Letters behind the name alone: "chỉ số phát triển hạ tầng số (IDI)" is another's."""
    initials = "".join(word[0] for word in long.split())
    called = rf"\b{re.escape(long)}\s*{_CALLED.format('(?P<short>[a-z&-]+)')}"
    for told in re.finditer(called, fold(text)):
        before = text[: told.start()].split()[-1:]
        begins = text[told.start()].isupper() or all(is_function(word, False) for word in before)
        if begins or told["short"] == initials:
            return 0
    return None
