"""Whether a sentence tells of another thing known by its letters than the one asked about: PAPI is not PCI."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from index.evidence.reader import Floats
from index.evidence.sentences import Sentence, titles_above
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.abbreviations import is_syllable
from knowledge.vietnamese import fold, syllables

OTHER = 4.0  # log odds, from a sentence that tells of others only
_LETTERS = re.compile(  # no key of a cell: "STT: 3"
    r"(?<![\w/.-])(?:[A-ZĐ]{3,6}|[A-Z]+[a-z]+[A-Z]\w*)(?![\w/-]|:)"
)
# "nền tảng tích hợp, chia sẻ dữ liệu (LGSP)" is known by its words, too
_SPELT_OUT = re.compile(r"\([^)]*\)")
_SAYS_SO = re.compile(
    r"\((?:[Nn]guồn|[Tt]heo)\b[^)]*\)|\b[Tt]heo \w+"
)  # a source is not what is told of


def of_other_letters(
    generation: Generation, asked: Understanding, sentences: Sequence[Sentence]
) -> Floats:
    """Log odds to be taken from each, [sentences]."""
    away = np.zeros(len(sentences), np.float32)
    words = {one for one in syllables(_SPELT_OUT.sub(" ", asked.dense)) if not is_syllable(one)}
    if not words:  # of most questions, which name nothing so
        return away
    told = [_letters(one.text_in(generation)) for one in sentences]
    known = frozenset().union(*told) | _letters(asked.cleaned)
    meant = {one for one in known if one in words}
    for at, one in enumerate(sentences) if meant else ():
        if told[at] - meant and not _tells_of(meant, one, generation):
            away[at] = OTHER
    return away


def _tells_of(meant: set[str], one: Sentence, generation: Generation) -> bool:
    """By its own words or by a title above it, but not one that names others besides."""
    if meant & set(syllables(one.text_in(generation))):
        return True
    above = titles_above(generation, one.document, one.start).splitlines()
    return any(meant & set(syllables(line)) and not _letters(line) - meant for line in above)


def _letters(text: str) -> frozenset[str]:
    """The acronyms and names of several capitals in a text, folded; no words of a heading in capitals."""
    found = (fold(one) for one in _LETTERS.findall(_SAYS_SO.sub(" ", text)))
    return frozenset(one for one in found if not is_syllable(one))
