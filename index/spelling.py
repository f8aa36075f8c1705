"""Slips of the thumb: a word that is no Vietnamese syllable, one letter from a word of the library."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from index.abbreviations import is_syllable
from index.lexical import LexicalIndex
from knowledge.vietnamese import fold

_WORD = re.compile(r"(?<![\w/.@-])[^\W\d_]{3,}(?![\w/@-]|\.\w)")


def mended(question: str, library: LexicalIndex) -> str:
    """`question` with each such word replaced where its neighbours confirm what was meant.

    The replacement is bare; the restorer gives it its diacritics.
    """
    words = list(_WORD.finditer(question))
    folded = [fold(word[0]) for word in words]
    pieces: list[str] = []
    at = 0
    for number, word in enumerate(words):
        if word[0].isupper() or is_syllable(folded[number]) or library.knows(folded[number]):
            continue
        before = folded[number - 1] if number else ""
        after = folded[number + 1] if number + 1 < len(words) else ""
        meant = _meant(folded[number], before, after, library)
        if meant:
            pieces += [question[at : word.start()], meant]
            at = word.end()
            folded[number] = meant
    return "".join(pieces) + question[at:]


def _meant(word: str, before: str, after: str, library: LexicalIndex) -> str:
    """The likeliest syllable one slip away that the library pairs with a neighbour."""
    best, most = "", 0
    for candidate in set(_one_slip(word)):
        if not is_syllable(candidate):
            continue
        pairs = (f"{before}_{candidate}", f"{candidate}_{after}")
        seen = sum(library.frequency(pair) for pair in pairs)
        if seen > most:
            best, most = candidate, seen
    return best


def _one_slip(word: str) -> Iterator[str]:
    """A letter too many, too few, wrong, or two swapped."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in string.ascii_lowercase:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
