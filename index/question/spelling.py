"""Slips of the thumb mended: a noisy channel over the restorer's trigrams and the library's words.

Each doubtful word is weighed against the words one slip away: how likely the slip is, and how well
the word fits its neighbours. The likeliest sentence wins; what was typed has a head start.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.question.diacritics import (
    END,
    MOST_PIECES,
    PIECE,
    UNKNOWN,
    Floats,
    Ints,
    Restorer,
    is_bare,
    normal,
)
from index.question.typed import KEYS, untelexed
from knowledge.abbreviations import Abbreviations, is_syllable
from knowledge.vietnamese import fold

# In nats, fitted on sentences held back from the restorer's training; KNOWN and SHAPED with an eye
# on how people write to us (development sets). How unlikely it is
SLIPS = {"": 0.0, "swap": 4.0, "lost": 4.0, "twice": 4.0, "keys": 4.0, "extra": 7.0, "wrong": 7.0}
MARK = 5.0  # that a mark is lost, added or another
TWO = 13.0  # that there are two slips in one word
KNOWN = 3.0  # that a slip makes another word
STRANGE, LETTER = 5.0, 2.0  # that a word nobody knows was meant, more for each of its letters
SHAPED = 6.0  # the same, where it is shaped like a Vietnamese syllable, as dialect and slang are
PAIR = -8.0  # two words to which the trigrams give more may have been typed as one
LONGEST = 24  # letters of a word; longer ones are none
LONG = 5  # letters of a word in which two slips, or a lost space, are looked for
NEAR, WIDEST = 24, 8  # candidates a word, before and after a look at its neighbours
# Words of a question that are looked at, and for two slips: where more look wrong, they are no slips.
DOUBTFUL, VERY_DOUBTFUL = 40, 4

_JOINED = re.compile(r"[/@-]|\.\w")  # after a word that is part of a number or an address


@dataclass(frozen=True, slots=True)
class _Column:
    """One piece of the question: what was typed, then what may have been meant."""

    words: Sequence[str]
    numbers: Ints  # the restorer's
    chances: Floats  # log-probability that this was meant and came out as typed, neighbours aside


@dataclass(frozen=True, slots=True)
class Speller:
    """Mends slips in questions to the library whose words the restorer counted."""

    restorer: Restorer
    abbreviations: Abbreviations
    forms: Mapping[str, Sequence[str]]  # the words that each bare one may be
    bare: Sequence[str]  # the bare words
    letters: NDArray[
        np.int8
    ]  # how many of each letter they have, and of letters that are not a to z
    common: Floats  # log-probability of each of the restorer's words by itself

    @classmethod
    def over(cls, restorer: Restorer, abbreviations: Abbreviations) -> Self:
        forms: dict[str, list[str]] = {}
        for word in filter(str.isalpha, restorer.words):
            forms.setdefault(fold(word), []).append(word)
        bare = tuple(forms)
        alone = np.full(len(restorer.words), UNKNOWN)
        common = restorer.chance(alone, alone, np.arange(len(alone)))
        return cls(restorer, abbreviations, forms, bare, _letters(bare), common)

    def mended(self, question: str) -> str:
        """`question` (NFC) with each slip undone; what is no slip stays as it was typed.

        In a question typed bare the words come out bare: the restorer gives them their marks.
        """
        bare = is_bare(question)
        if not bare and fold(question) == question.lower():
            return question  # English
        if untelexed(question) != question:
            return question  # telex, which is decoded later
        question = self._spaced(question)
        columns = self._columns(question, bare)
        best = self.restorer.likeliest([(one.numbers, one.chances) for one in columns])
        parts, done = [], 0
        for piece, column, at in zip(PIECE.finditer(question), columns, best, strict=False):
            if at:
                word = column.words[at]
                meant = _cased(fold(word) if bare else word, piece[0], piece.start() == 0)
                parts += [question[done : piece.start()], meant]
                done = piece.end()
        return "".join([*parts, question[done:]])

    def _spaced(self, question: str) -> str:
        """Two syllables typed as one word, such as "bảomật", apart where they often meet."""
        numbers = self.restorer.numbers
        left = DOUBTFUL

        def apart(piece: re.Match[str]) -> str:
            nonlocal left
            word = normal(piece[0])
            if len(word) < LONG or not self._may_be_slip(question, piece) or self._knows(word):
                return piece[0]
            left -= 1
            if left < 0:
                return piece[0]
            halves = [
                (at, numbers[word[:at]], numbers[word[at:]])
                for at in range(2, len(word) - 1)
                if all(
                    half in numbers and is_syllable(fold(half)) for half in (word[:at], word[at:])
                )
            ]
            places, first, second = np.array(halves, np.int64).reshape(-1, 3).T
            met = self.restorer.chance(np.full(len(first), UNKNOWN), first, second)
            if met.max(initial=-np.inf) < PAIR:
                return piece[0]
            at = int(places[met.argmax()])
            return f"{piece[0][:at]} {piece[0][at:]}"

        return PIECE.sub(apart, question)

    def _knows(self, word: str) -> bool:
        return word in self.restorer.numbers

    def _columns(self, question: str, bare: bool) -> list[_Column]:
        pieces = list(islice(PIECE.finditer(question), MOST_PIECES))
        words = [normal(piece[0]) for piece in pieces]
        read = PIECE.findall(self.restorer.restore(question)) if bare else []
        read = [normal(piece) for piece in read[: len(words)]] or words
        numbers = np.array([self.restorer.numbers.get(word, UNKNOWN) for word in read], np.int64)
        met = self.restorer.met(np.append(END, numbers), np.append(numbers, END))
        in_place = met[:-1] & met[1:]  # known words beside words they are known to stand beside
        columns, left, far = [], DOUBTFUL, VERY_DOUBTFUL
        for at, (piece, word) in enumerate(zip(pieces, words, strict=True)):
            known = self._knows(word)
            name = piece[0].istitle() and at > 0 and numbers[at - 1] != END
            strange = SHAPED if is_syllable(fold(word)) else STRANGE + LETTER * len(word)
            found = {read[at]: 0.0 if known else -strange}
            sound = known and (in_place[at] or name)
            if left and not sound and self._may_be_slip(question, piece):
                left -= 1
                meant = self._meant(word, bare)
                if not meant and not known and len(word) >= LONG and far:
                    far -= 1
                    meant = dict.fromkeys(self._two_slips_away(word, bare), -TWO)
                found |= meant
            columns.append(self._column(found, numbers, at))
        return columns

    def _column(self, found: Mapping[str, float], around: Ints, at: int) -> _Column:
        """What was typed, and the candidates that fit its neighbours best."""
        words = list(found)
        numbers = np.array([self.restorer.numbers.get(word, UNKNOWN) for word in words])
        chances = np.array(list(found.values()), np.float32)
        if len(words) > WIDEST:
            near = np.append(0, _best(chances + self.common[numbers], NEAR))
            fits = chances[near] + self._fits(around, np.full(len(near), at), numbers[near])
            best = near[np.append(0, _best(fits, WIDEST))]
            words, numbers, chances = [words[n] for n in best], numbers[best], chances[best]
        return _Column(words, numbers, chances)

    def _fits(self, around: Ints, places: Ints, words: Ints) -> Floats:
        """What three trigrams give each word at its place in the sentence."""
        padded = np.concatenate([[END, END], around, [END, END]])
        rows = padded[places[:, None] + np.arange(5)]
        rows[:, 2] = words
        each = self.restorer.chance(*(rows[:, n : n + 3].ravel() for n in range(3)))
        return np.asarray(each.reshape(-1, 3).sum(axis=1), np.float32)

    def _may_be_slip(self, question: str, piece: re.Match[str]) -> bool:
        """Not a number, an acronym, an abbreviation, a letter, or part of something longer."""
        text, bare = piece[0], fold(piece[0])
        return (
            text.isalpha()
            and (question.isupper() or not text.isupper())
            and len(text) <= LONGEST
            and (len(text) > 1 or not text.isascii())
            and (len(text) > 2 or any(letter in "aeiouy" for letter in bare))
            and not (text in self.abbreviations and (text == bare or not is_syllable(bare)))
            and question[piece.start() - 1 : piece.start()] not in tuple("/@-.")
            and not _JOINED.match(question, piece.end())
        )

    def _meant(self, typed: str, bare: bool) -> dict[str, float]:
        """The words that one slip may have made into what was typed, and how likely that is."""
        unlikely = KNOWN if self._knows(typed) else 0.0
        found: dict[str, float] = {}
        for slip, form, at in _slips(fold(typed), self.forms):
            if slip in ("keys", "wrong") and len(typed) < LONG and not is_syllable(form):
                continue  # short foreign words are a letter apart by themselves: "hack", "Jack"
            for word in self.forms[form]:
                marks = 0 if bare else _marks_apart(typed, word, slip, at)
                if word != typed and marks < (2 if slip else 3) and (slip or marks or not bare):
                    chance = -SLIPS[slip] - MARK * marks - unlikely
                    found[word] = max(found.get(word, chance), chance)
        for at in range(len(typed) - 1):
            letter = KEYS.get(typed[at : at + 2])
            if letter and self._knows(word := typed[:at] + letter + typed[at + 2 :]):
                found[word] = -SLIPS["keys"] - unlikely
        return found

    def _two_slips_away(self, typed: str, bare: bool) -> Iterator[str]:
        folded = fold(typed)
        apart = np.abs(self.letters - _letters([folded])).sum(axis=1)
        for at in np.flatnonzero(apart <= 4).tolist():
            if abs(len(folded) - len(self.bare[at])) <= 2 and _distance(folded, self.bare[at]) == 2:
                forms = self.forms[self.bare[at]]
                yield from (word for word in forms if bare or _distance(typed, word) == 2)


def _best(scores: Floats, size: int) -> Ints:
    """Where the best are, the first of all left out."""
    return np.asarray(np.argsort(-scores[1:], kind="stable")[:size] + 1, np.int64)


def _slips(word: str, known: Collection[str]) -> Iterator[tuple[str, str, int]]:
    """What of `known` a bare word may have been: the slip, the word before it, and where."""
    if word in known:
        yield "", word, 0
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        for letter in string.ascii_lowercase:
            if (form := head + letter + tail) in known:
                yield "lost", form, at
            if tail and letter != tail[0] and (form := head + letter + tail[1:]) in known:
                yield "wrong", form, at
        if tail and (form := head + tail[1:]) in known:
            yield "twice" if tail[0] == head[-1:] else "extra", form, at
        swapped = head + tail[1] + tail[0] + tail[2:] if len(tail) > 1 else word
        if swapped != word and swapped in known:
            yield "swap", swapped, at


def _marks_apart(typed: str, meant: str, slip: str, at: int) -> int:
    """How many letters differ in their marks, that slip aside; a tone on another letter is none."""
    if slip == "swap":
        typed = typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
    elif slip in ("twice", "extra", "wrong"):
        typed = typed[:at] + typed[at + 1 :]
    if slip in ("lost", "wrong"):
        meant = meant[:at] + meant[at + 1 :]
    if typed == meant:
        return 0
    apart = sum(map(str.__ne__, typed, meant))
    return 0 if apart == 2 and _split(typed) == _split(meant) else apart


def _split(word: str) -> list[str]:
    return sorted(unicodedata.normalize("NFD", word))


def _letters(words: Sequence[str]) -> NDArray[np.int8]:
    """How many of each letter bare words have, and of others, [words, letters]."""
    found = np.zeros((len(words), 128), np.int8)
    rows = np.repeat(np.arange(len(words)), [len(word) for word in words])
    codes = np.frombuffer("".join(words).encode("ascii", "replace"), np.uint8)
    np.add.at(found, (rows, codes), 1)
    return found[:, [*range(ord("a"), ord("z") + 1), ord("?")]]


def _distance(one: str, other: str) -> int:
    """How many letters are too many, too few, wrong or swapped; beyond two, at least three."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, instead in enumerate(other, 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != instead))
            if i > 1 and j > 1 and one[i - 2 : i] == instead + other[j - 2]:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
        if min(row) > 2 and min(rows[-2]) > 1:
            return 3
    return rows[-1][-1]


def _cased(word: str, typed: str, opens: bool) -> str:
    """In the capitals of what was typed; a slip may have hit the capital of a name or an opening."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    hit = fold(word[0]) != fold(typed[0]) and (opens or not is_syllable(fold(word)))
    return word.capitalize() if hit or any(map(str.isupper, typed)) else word
