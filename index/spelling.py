"""Slips of the thumb mended: a noisy channel over the restorer's trigrams and the library's words.

Each doubtful word is weighed against the words one slip away: how likely the slip is, and how well
the word fits its neighbours. The likeliest sentence wins; what was typed has a head start.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.abbreviations import Abbreviations, is_syllable
from index.lexical import LexicalIndex
from index.restore import END, PIECE, UNKNOWN, Floats, Ints, Restorer, is_bare, normal
from index.typed import untelexed
from knowledge.vietnamese import fold, nfc

# All in nats, fitted on sentences held back from the restorer's training. How unlikely a slip is:
SLIPS = {"swap": 5.0, "lost": 5.0, "twice": 5.0, "keys": 5.0, "extra": 7.5, "other": 7.5}
MARK = 4.0  # a mark lost, added or wrong
KNOWN = 4.0  # what was typed is a word and yet a slip
# How unlikely it is that somebody meant a word that nobody knows, by its looks:
STRANGE = {"marked": 14.0, "shaped": 9.0, "plain": 7.0, "name": 3.0}
OWN = 3.0  # that somebody meant a given word that only the library knows
DOUBTFUL = -14.0  # a word to which its three trigrams give more is left alone
WIDEST = 20  # candidates a word

_KEYS = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
_TONE_KEYS = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
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
    library: LexicalIndex
    abbreviations: Abbreviations
    forms: Mapping[str, Sequence[str]]  # the words that each bare one may be

    @classmethod
    def over(
        cls, restorer: Restorer, library: LexicalIndex, abbreviations: Abbreviations
    ) -> Self:
        forms: dict[str, list[str]] = {}
        for word in restorer.words:
            if word.isalpha():
                forms.setdefault(fold(word), []).append(word)
        return cls(restorer, library, abbreviations, forms)

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
                    _cased(fold(meant) if bare else meant, piece[0]),
                ]
                done = piece.end()
        return "".join([*parts, question[done:]])

    def _columns(self, question: str, bare: bool) -> list[list[_Candidate]]:
        """For each piece of the question what was typed, then what may have been meant."""
        pieces = list(PIECE.finditer(question))
        typed = [normal(piece[0]) for piece in pieces]
        read = [normal(piece) for piece in PIECE.findall(self.restorer.restore(question))]
        numbers = np.array([self.restorer.numbers.get(word, UNKNOWN) for word in read])
        fits = self._fits(numbers)
        shouted = question.isupper()
        columns = []
        for at, piece in enumerate(pieces):
            known = typed[at] in self.restorer.numbers or (
                not is_syllable(fold(typed[at])) and self.library.knows(fold(typed[at]))
            )
            first = at == 0 or numbers[at - 1] == END
            column = [_Candidate(read[at], int(numbers[at]), 0.0)]
            if self._may_be_slip(question, piece, shouted) and (
                not known or (fits[at] < DOUBTFUL and (first or shouted or piece[0].islower()))
            ):
                strange = 0.0 if known else _strange(typed[at], piece[0], first)
                column = [_Candidate(read[at], int(numbers[at]), -strange)]
                column += self._meant(typed[at], KNOWN if known else 0.0, bare, not known)
                column = self._likelier(column, numbers, at)
            columns.append(column)
        return columns

    def _may_be_slip(self, question: str, piece: re.Match[str], shouted: bool) -> bool:
        text = piece[0]
        return (
            text.isalpha()
            and (shouted or len(text) == 1 or not text.isupper())
            and text not in self.abbreviations
            and question[piece.start() - 1 : piece.start()] not in tuple("/@-.")
            and not _JOINED.match(question, piece.end())
        )

    def _fits(self, numbers: Ints) -> Floats:
        """What the three trigrams around each word give it."""
        padded = np.concatenate([[END, END], numbers, [END, END]])
        each = self.restorer.chance(padded[:-2], padded[1:-1], padded[2:])
        return np.asarray(each[:-2] + each[1:-1] + each[2:], np.float32)

    def _likelier(
        self, column: list[_Candidate], numbers: Ints, at: int
    ) -> list[_Candidate]:
        """What was typed, and the candidates that fit the neighbours as typed best."""
        around = np.concatenate([[END, END], numbers, [END, END]])[at : at + 5]
        words = np.array([one.number for one in column])
        rows = np.repeat(around[None], len(words), axis=0)
        rows[:, 2] = words
        fit = self.restorer.chance(
            *(rows[:, n : n + 3].ravel() for n in range(3))
        ).reshape(-1, 3).sum(1) + np.array([one.chance for one in column])
        best = [int(n) for n in np.argsort(-fit, kind="stable") if n][:WIDEST]
        return [column[0], *(column[n] for n in best)]

    def _meant(self, typed: str, unlikely: float, bare: bool, own: bool) -> list[_Candidate]:
        """The words one slip away."""
        found = []
        folded = fold(typed)
        for form in {folded, *_one_slip(folded)}:
            for word in self.forms.get(form, ()):
                cost = _cost(typed, word, bare)
                if word != typed and cost < 20:
                    number = self.restorer.numbers[word]
                    found.append(_Candidate(word, number, -cost - unlikely))
            if own and form not in self.forms and len(form) > 3 and self.library.knows(form):
                cost = _cost(folded, form, bare) + OWN
                found.append(_Candidate(form, UNKNOWN, -cost))
        return found


def _strange(word: str, typed: str, first: bool) -> float:
    if fold(word) != word:
        return STRANGE["shaped" if is_syllable(fold(word)) else "marked"]
    return STRANGE["name" if typed[0].isupper() and not first else "plain"]


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


def _cost(typed: str, meant: str, bare: bool) -> float:
    """How unlikely it is to type the one for the other."""
    folded, plain = fold(typed), fold(meant)
    if folded != plain and (slip := _slip(typed, meant)):
        return SLIPS[slip]
    had, has = _marks(typed), _marks(meant)
    slip = _slip(folded, plain)
    if slip in ("extra", "twice"):
        extra = "".join((Counter(folded) - Counter(plain)).elements())
        tone = _TONE_KEYS.get(extra)
        if tone and has[tone] > had[tone]:
            slip, had = "keys", had + Counter([tone])
    differ = 0 if bare else sum(((had - has) + (has - had)).values())
    if not slip:
        return MARK * max(differ, 0.5)
    return SLIPS[slip] + MARK * differ


def _slip(typed: str, meant: str) -> str:
    """The name of the one slip that made `meant` into `typed`, if one did."""
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    end = 0
    while end < min(len(typed), len(meant)) - start and typed[-1 - end] == meant[-1 - end]:
        end += 1
    wrong, right = typed[start : len(typed) - end], meant[start : len(meant) - end]
    if len(right) == 1 and not wrong:
        return "lost"
    if len(wrong) == 1 and not right:
        return "twice" if wrong in (typed[start - 1 : start], typed[start + 1 : start + 2]) else "extra"
    if _KEYS.get(right) == wrong:
        return "keys"
    if len(wrong) == len(right) == 1:
        return "other"
    return "swap" if len(wrong) == 2 and wrong == right[::-1] else ""


def _marks(word: str) -> Counter[str]:
    split = unicodedata.normalize("NFD", word.replace("đ", "d\u0335"))
    return Counter(letter for letter in split if unicodedata.combining(letter))


def _cased(word: str, typed: str) -> str:
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word.capitalize() if any(map(str.isupper, typed)) else word
