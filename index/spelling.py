"""Slips of the thumb mended: a noisy channel over the restorer's trigrams and the library's words.

Each doubtful word is weighed against the words one slip away: how likely the slip is, and how well
the word fits its neighbours. The likeliest sentence wins; what was typed has a head start.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.abbreviations import Abbreviations, is_syllable
from index.restore import END, PIECE, UNKNOWN, Floats, Ints, Restorer, is_bare, normal
from index.typed import untelexed
from knowledge.vietnamese import fold, nfc

# All in nats, fitted on sentences held back from the restorer's training. How unlikely it is
SLIPS = {"swap": 4.0, "lost": 4.0, "twice": 4.0, "keys": 4.0, "extra": 7.0, "other": 7.0}
MARK = 5.0  # that a mark is lost, added or wrong,
KNOWN = 3.5  # that a slip makes another word,
STRANGE, LETTER = 5.0, 2.0  # that a word nobody knows was meant, and more for each of its letters,
TWICE = 13.0; LONG = 5
DOUBTFUL = -18.0  # a word to which its three trigrams give more is left alone
WIDEST = 8  # candidates a word

_LETTERS = {"aw": "ă", "aa": "â", "dd": "đ", "ee": "ê", "oo": "ô", "ow": "ơ", "uw": "ư"}  # telex
_JOINED = re.compile(r"[/@-]|\.\w")


@dataclass(frozen=True, slots=True)
class _Candidate:
    word: str
    number: int  # the trigrams'
    chance: float  # log-probability that this was meant and came out as typed, neighbours aside


@dataclass(frozen=True, slots=True)
class Speller:
    """Mends slips in questions to one library."""

    restorer: Restorer
    abbreviations: Abbreviations
    forms: Mapping[str, Sequence[str]]  # the words that each bare one may be
    bare: Sequence[str]  # the bare words
    letters: NDArray[np.int8]  # how many of each letter they have

    @classmethod
    def over(
        cls, restorer: Restorer, abbreviations: Abbreviations
    ) -> Self:
        forms: dict[str, list[str]] = {}
        for word in restorer.words:
            if word.isalpha():
                forms.setdefault(fold(word), []).append(word)
        return cls(restorer, abbreviations, forms, tuple(forms), _letters(tuple(forms)))

    def mended(self, question: str) -> str:
        """`question` (NFC) with each slip undone; what is no slip stays as it was typed.

        In a question typed bare the words come out bare: the restorer gives them their marks.
        """
        bare = is_bare(question)
        if not (bare or fold(question) != question.lower()) or untelexed(question) != question:
            return question  # English, or telex that is decoded later
        columns = self._columns(question, bare)
        if all(len(column) == 1 for column in columns):
            return question
        best = self.restorer.likeliest(
            [
                (
                    np.array([one.number for one in column]),
                    np.array([one.chance for one in column], np.float32),
                )
                for column in columns
            ]
        )
        parts, done = [], 0
        for piece, column, at in zip(PIECE.finditer(question), columns, best, strict=True):
            if at:
                meant = column[at].word
                parts += [
                    question[done : piece.start()],
                    _cased(fold(meant) if bare else meant, piece[0], not piece.start() or not is_syllable(fold(meant))),
                ]
                done = piece.end()
        return "".join([*parts, question[done:]])

    def _columns(self, question: str, bare: bool) -> list[list[_Candidate]]:
        """For each piece of the question what was typed, then what may have been meant."""
        pieces = list(PIECE.finditer(question))
        typed = [normal(piece[0]) for piece in pieces]
        read = typed
        if bare:
            read = [normal(piece) for piece in PIECE.findall(self.restorer.restore(question))]
        numbers = np.array([self.restorer.numbers.get(word, UNKNOWN) for word in read], np.int64)
        fits = self._fits(numbers)
        shouted = question.isupper()
        columns = []
        for at, piece in enumerate(pieces):
            known = typed[at] in self.restorer.numbers
            first = at == 0 or numbers[at - 1] == END
            column = [_Candidate(read[at], int(numbers[at]), 0.0)]
            if self._may_be_slip(question, piece, shouted) and (
                not known or (fits[at] < DOUBTFUL and (first or shouted or not piece[0].istitle()))
            ):
                strange = 0.0 if known else STRANGE + LETTER * len(typed[at])
                column = [_Candidate(read[at], int(numbers[at]), -strange)]
                column += self._meant(typed[at], KNOWN if known else 0.0, bare, not known)
            columns.append(column)
        return self._likelier(columns, numbers)

    def _may_be_slip(self, question: str, piece: re.Match[str], shouted: bool) -> bool:
        text = piece[0]
        return (
            text.isalpha()
            and (shouted or not text.isupper())
            and (len(text) > 1 or not text.isascii())
            and not (text == fold(text) and text in self.abbreviations)
            and question[piece.start() - 1 : piece.start()] not in tuple("/@-.")
            and not _JOINED.match(question, piece.end())
        )

    def _fits(self, numbers: Ints) -> Floats:
        """What the three trigrams around each word give it."""
        padded = np.concatenate([[END, END], numbers, [END, END]])
        each = self.restorer.chance(padded[:-2], padded[1:-1], padded[2:])
        return np.asarray(each[:-2] + each[1:-1] + each[2:], np.float32)

    def _likelier(
        self, columns: list[list[_Candidate]], numbers: Ints
    ) -> list[list[_Candidate]]:
        """What was typed, and the candidates that fit the neighbours as typed best."""
        sizes = [len(column) for column in columns]
        padded = np.concatenate([[END, END], numbers, [END, END]])
        around = np.repeat(np.arange(len(columns)), sizes)[:, None] + np.arange(5)
        rows = padded[around]
        rows[:, 2] = [one.number for column in columns for one in column]
        fit = self.restorer.chance(*(rows[:, n : n + 3].ravel() for n in range(3)))
        fit = fit.reshape(-1, 3).sum(1) + [one.chance for column in columns for one in column]
        kept = []
        for column, fits in zip(columns, np.split(fit, np.cumsum(sizes)[:-1]), strict=True):
            best = np.argsort(-fits[1:], kind="stable")[:WIDEST] + 1
            kept.append([column[0], *(column[n] for n in best)])
        return kept

    def _meant(self, typed: str, unlikely: float, bare: bool, strange: bool) -> list[_Candidate]:
        """The words one slip away."""
        found: dict[str, float] = {}
        for slip, form, at in _slips(fold(typed)):
            cost = SLIPS[slip] if slip else 0.0
            for word in self.forms.get(form, ()):
                wrong = 0 if bare else _differing(typed, word, slip, at)
                if not slip and wrong == 2 and sorted(nfd(typed)) == sorted(nfd(word)):
                    wrong = 1  # "đôỉ"
                if wrong < (2 if slip else 3) and (slip or wrong):
                    found[word] = max(found.get(word, -99.0), -cost - MARK * wrong)
        for at in range(len(typed) - 1):
            letter = _LETTERS.get(typed[at : at + 2])
            if letter and (word := typed[:at] + letter + typed[at + 2 :]) in self.restorer.numbers:
                found[word] = -SLIPS["keys"]
        if strange and not found and len(typed) >= LONG:
            found = dict.fromkeys(self._two_slips_away(typed, bare), -TWICE)
        found.pop(typed, None)
        numbers = self.restorer.numbers
        return [_Candidate(word, numbers[word], chance - unlikely) for word, chance in found.items()]

    def _two_slips_away(self, typed: str, bare: bool) -> Iterator[str]:
        folded = fold(typed)
        for at in np.flatnonzero(np.abs(self.letters - _letters([folded])).sum(1) <= 4):
            if _distance(folded, self.bare[at]) == 2:
                yield from (
                    word for word in self.forms[self.bare[at]] if bare or _distance(typed, word) == 2
                )


def _slips(word: str) -> Iterator[tuple[str, str, int]]:
    """What a bare word may have been: the slip, the word before it, and where."""
    yield "", word, 0
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        for letter in string.ascii_lowercase:
            yield "lost", head + letter + tail, at
            if tail and letter != tail[0]:
                yield "other", head + letter + tail[1:], at
        if tail and len(word) > 1:
            yield "twice" if tail[0] == head[-1:] else "extra", head + tail[1:], at
        if len(tail) > 1 and tail[0] != tail[1]:
            yield "swap", head + tail[1] + tail[0] + tail[2:], at


def _differing(typed: str, meant: str, slip: str, at: int) -> int:
    """How many letters differ in their marks besides that slip."""
    if slip == "swap":
        typed = typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
    elif slip in ("twice", "extra", "other"):
        typed = typed[:at] + typed[at + 1 :]
    if slip in ("lost", "other"):
        meant = meant[:at] + meant[at + 1 :]
    return 0 if typed == meant else sum(map(str.__ne__, typed, meant))


def nfd(w): return unicodedata.normalize("NFD", w)

def _letters(words: Sequence[str]) -> NDArray[np.int8]:
    """How many of each letter the words have, [words, letters]."""
    found = np.zeros((len(words), 128), np.int8)
    rows = np.repeat(np.arange(len(words)), [len(word) for word in words])
    codes = np.frombuffer("".join(words).encode("ascii", "replace"), np.uint8)
    np.add.at(found, (rows, codes), 1)
    return found[:, [*range(97,123)]]


def _distance(one: str, other: str) -> int:
    """How many letters too many, too few, wrong or swapped."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, instead in enumerate(other, 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != instead))
            if i > 1 and j > 1 and one[i - 2 : i] == instead + other[j - 2]:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


def _cased(word: str, typed: str, first=False) -> str:
    if first and fold(word[0])!=fold(typed[0]): return word.capitalize()
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word.capitalize() if any(map(str.isupper, typed)) else word
