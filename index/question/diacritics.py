"""Diacritics for a question typed without them.

A small network proposes marks for each bare syllable from what was typed around it; a pruned
Kneser-Ney trigram over syllables, joined by counts from the library's own documents, decides
which proposals make a sentence together.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.question.typed import shouted

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Codes = NDArray[np.uint64]

SHIPPED = Path(__file__).parents[1] / "model" / "restorer.npz"

END, BREAK, NUMBER, UNKNOWN = range(4)  # the first words of the vocabulary
SPECIAL = (".", ",", "0", "?")
STEP = 0.07  # one unit of a stored log-probability
FAR = -7.0  # proposals less likely than this, in nats, are not worth a place in the search
WIDEST = 14
# Positions multiplied together. OpenBLAS sets all its threads on larger products, and waiting for
# them costs ten times the product.
BLOCK = 4
SAMPLE = 20_000  # characters that tell whether a document bears marks
MOST_PIECES = 400  # of a question, from its beginning; the encoder reads no further
NEW_WORD = 8.0  # how much rarer a word only the library knows is than unknown words together
# Fitted on articles and paragraphs held back from training: how much the network's and the
# trigram's log-probabilities count.
NETWORK_WEIGHT, TRIGRAM_WEIGHT = 0.25, 1.0
# At .3 a library of 114 documents cost .2 % on questions about other things, at .1 half of that.
LIBRARY_SHARE, LIBRARY_PRIOR = 0.1, 2.0

PIECE = re.compile(
    r"(?:https?://|www\.)\S+|\S{1,64}@\S+|(?<![^\W_])[@/#]\w+"
    r"|[^\W_]+(?:[.-][^\W_]+){0,8}\.(?:vn|com|net|org|edu|gov|info|io)\b(?:/\S*)?"
    r"|\w*[\d_]\w*(?:[/-]\w+|[.,]\d+)*"  # numbers, dates, document numbers, identifiers
    r"|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*"  # a syllable, composed or not
    r"|[.?!\n…]+|[,;:()\[\]/–-]"
)
_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_FOLD = str.maketrans({c: unicodedata.normalize("NFD", c)[0] for c in _MARKED} | {"đ": "d"})
# hòa, not hoà: the form six texts of seven use.
_PLACED = {
    end + new: old + last
    for end, last, olds, news in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for old, new in zip(olds, news, strict=True)
}
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|kr|l|m|n|ngh?|nh|p|ph|qu|r|s|th?|tr|v|x)?"
    r"[aeiouy]{1,3}(?:ch?|m|ng?|nh|p|t|k)?"
)
_ABBREVIATIONS = {
    name.replace("đ", "d"): name
    for name in (
        "cđs qđ hđnd hđqt hđtv hđlđ đbqh đhqg đkkd đbscl bđs lđtbxh gdđt khđt qsdđ gcnqsdđ vnđ"
    ).split()
}
_ENGLISH = frozenset(
    "the of and is are was were what who where when which how why do does did can could i you it"
    " he she they we my your his her this that these those for from with about on in at to by an"
    " be have has not or as if please tell me much many".split()
)
_VIETNAMESE = frozenset(
    "la cua va khong nao gi duoc nguoi bao nhieu nhu khi trong co cac nhung tai sao dau ai may ve"
    " thi theo vao den tu nay ra lam phai cho muon hoi so nam ngay thang dieu luat viec ten".split()
)


def fold(word: str) -> str:
    """A lower-case word without its Vietnamese diacritics."""
    return word.translate(_FOLD)


@lru_cache(maxsize=1 << 16)  # a library repeats its words
def normal(piece: str) -> str:
    """A piece of text as the models know it: lower case, one placement of tones, classes."""
    if not (piece[0].isalnum() or piece[0] == "_" or (len(piece) > 1 and piece[0] in "@/#")):
        return "." if set(piece) & set(".?!\n…") else ","
    if any(c.isdigit() for c in piece):
        return "0"
    word = unicodedata.normalize("NFC", piece).lower()
    placed = _PLACED.get(word[-2:])
    return word[:-2] + placed if placed and word[-3:-2] != "q" else word


def is_syllable(word: str) -> bool:
    """Whether a lower-case word has the shape of a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(fold(word)) is not None


def is_bare(text: str) -> bool:
    """Whether the text looks like Vietnamese typed with (nearly) no diacritics, not English."""
    words = [normal(piece) for piece in PIECE.findall(text)]
    words = [word for word in words if word.isalpha()]
    marked = sum(fold(word) != word for word in words)
    shaped = sum(is_syllable(word) for word in words)
    return (
        shaped > 0
        and marked <= 0.1 * len(words)
        and shaped >= len(words) / 3
        and not _english(words)
    )


def _english(words: Sequence[str]) -> bool:
    english = sum(word in _ENGLISH for word in words)
    return english > sum(word in _VIETNAMESE for word in words) and english >= len(words) / 4


@dataclass(frozen=True, slots=True)
class Grams:
    """N-grams by code, in order, with values of one byte each."""

    codes: Codes
    values: NDArray[np.uint8]

    @classmethod
    def unpacked(cls, gaps: NDArray[np.uint8], values: NDArray[np.uint8]) -> Self:
        """From the gaps between codes, seven bits a byte, the lowest first, the last byte < 128."""
        ends = np.flatnonzero(gaps < 128)
        starts = np.append(0, ends[:-1] + 1)
        steps = (gaps[starts] & 127).astype(np.uint64)
        for place in range(1, int((ends - starts).max(initial=0)) + 1):
            longer = np.flatnonzero(ends - starts >= place)
            more = (gaps[starts[longer] + place] & 127).astype(np.uint64)
            steps[longer] |= more << np.uint64(7 * place)
        return cls(np.cumsum(steps, dtype=np.uint64), values)

    def find(self, codes: Codes) -> tuple[Ints, NDArray[np.bool_]]:
        """Where each code is, and whether it is there at all."""
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return places, self.codes[places] == codes


def code(size: int, *words: NDArray[np.integer[Any]]) -> Codes:
    """One number for each n-gram over a vocabulary of that size."""
    total = words[0].astype(np.uint64)
    for column in words[1:]:
        total = total * np.uint64(size) + column.astype(np.uint64)
    return total


@dataclass(frozen=True, slots=True)
class Trigrams:
    """A back-off model of the third order in natural logarithms."""

    rank: Ints  # words by frequency: that keeps the gaps between codes small
    single: Floats  # log P(w), by rank
    leaving: Floats  # log back-off weight of one word, by rank
    pairs: Grams
    pair_leaving: NDArray[np.uint8]
    triples: Grams  # coded as place of the first two among the pairs, then the third

    def score(self, first: Ints, second: Ints, third: Ints) -> Floats:
        """log P(third | first second), element by element."""
        size = len(self.single)
        first, second, third = self.rank[first], self.rank[second], self.rank[third]
        place, known = self.pairs.find(code(size, second, third))
        backed = self.leaving[second] + self.single[third]
        pair = np.where(known, self.pairs.values[place] * np.float32(-STEP), backed)
        before, known = self.pairs.find(code(size, first, second))
        pair += np.where(known, self.pair_leaving[before] * np.float32(-STEP), np.float32(0))
        place, found = self.triples.find(code(size, before, third))
        return np.where(found & known, self.triples.values[place] * np.float32(-STEP), pair)


@dataclass(frozen=True, slots=True)
class Network:
    """What the typed words around a syllable say about its marks: one hidden layer on a window."""

    words: Floats  # one row a word, and one for "outside the sentence"
    cases: Floats
    hidden: Floats
    hidden_bias: Floats
    inner: Floats
    inner_bias: Floats
    outputs: Floats  # one row a candidate
    output_bias: Floats

    def read(self, typed: Ints, capital: Ints) -> Floats:
        """One vector a position."""
        size = self.words.shape[1]
        width = len(self.hidden) // size
        reach, length = width // 2, len(typed)
        word = np.full(length + 2 * reach, len(self.words) - 1)
        case = np.zeros(len(word), np.int64)
        word[reach : reach + length], case[reach : reach + length] = typed, capital
        around = np.zeros((-length % BLOCK + length, width), np.int64)  # place 0 is outside
        around[:length] = np.arange(length)[:, None] + np.arange(width)
        for end in np.flatnonzero(typed == END) + reach:  # each sentence is read by itself
            before, after = around[: end + 1 - reach], around[end + 1 - reach :]
            before[before > end] = 0
            after[after <= end] = 0
        window = (self.words[word] + self.cases[case])[around]
        blocks = window.reshape(-1, BLOCK, width, size).transpose(0, 2, 1, 3)
        hidden = (blocks @ self.hidden.reshape(width, size, -1)).sum(1) + self.hidden_bias
        inner = np.maximum(hidden, 0) @ self.inner + self.inner_bias
        result: Floats = inner.reshape(len(around), -1)[:length]
        return result


@dataclass(frozen=True, slots=True)
class Counts:
    """How often words follow each other in one part of the library, in that part's own numbers."""

    own: Ints  # the part's number of each of the restorer's words; -1 where it has none
    size: int  # words of the part
    pairs: Codes
    pair_counts: Ints
    triples: Codes
    triple_counts: Ints

    def of(self, *words: Ints) -> Ints:
        """How often two or three words stand in a row, element by element."""
        own = [self.own[column] for column in words]
        known = np.flatnonzero(np.logical_and.reduce([column >= 0 for column in own]))
        keys, counts = (
            (self.pairs, self.pair_counts) if len(own) == 2 else (self.triples, self.triple_counts)
        )
        codes = code(self.size, *(column[known] for column in own))
        places = np.minimum(np.searchsorted(keys, codes), len(keys) - 1)
        found = np.zeros(len(own[0]), np.int64)
        found[known] = np.where(keys[places] == codes, counts[places], 0)
        return found


@dataclass(frozen=True, slots=True)
class Library:
    """Counts of words, pairs and triples in the library's own documents."""

    single: Ints  # of each of the restorer's words
    parts: tuple[Counts, ...]

    def together(self, first: Ints, second: Ints) -> Ints:
        """How often one word follows the other."""
        return np.asarray(sum(part.of(first, second) for part in self.parts), np.int64)

    def score(self, first: Ints, second: Ints, third: Ints) -> Floats:
        """P(third | first second), each order smoothed with the one below."""
        single, prior = self.single, LIBRARY_PRIOR
        chance = single[third] / single.sum()
        chance = (self.together(second, third) + prior * chance) / (single[second] + prior)
        before = self.together(first, second)
        met = np.flatnonzero(before)  # few are, and only they can be followed by a third
        triple = np.zeros(len(before), np.int64)
        triple[met] = sum(part.of(first[met], second[met], third[met]) for part in self.parts)
        result: Floats = ((triple + prior * chance) / (before + prior)).astype(np.float32)
        return result


def learn_library(texts: Iterable[str], folder: Path) -> None:
    """Count what documents say, for `Restorer.open`, into a new folder; bare texts teach nothing."""
    vocabulary: dict[str, int] = {word: number for number, word in enumerate(SPECIAL)}
    sequences: list[NDArray[np.uint32]] = [
        np.full(3, END, np.uint32)
    ]  # so that no table is ever empty
    for text in texts:
        if not is_bare(text[:SAMPLE]):
            words = [vocabulary.setdefault(normal(p), len(vocabulary)) for p in PIECE.findall(text)]
            sequences.append(np.array([*words, END], np.uint32))
    for word in list(vocabulary):  # what a person leaves bare must have a number too
        vocabulary.setdefault(fold(word), len(vocabulary))
    sequence = np.concatenate(sequences)
    size = len(vocabulary)
    pairs = np.unique(code(size, sequence[:-1], sequence[1:]), return_counts=True)
    triples = np.unique(code(size, sequence[:-2], sequence[1:-1], sequence[2:]), return_counts=True)
    tables: dict[str, NDArray[Any]] = {
        "words": np.frombuffer("\n".join(vocabulary).encode(), np.uint8),
        "single": np.bincount(sequence, minlength=size).astype(np.uint32),
        "pairs": pairs[0],
        "pair_counts": pairs[1].astype(np.uint32),
        "triples": triples[0],
        "triple_counts": triples[1].astype(np.uint32),
    }
    folder.mkdir()
    for name, table in tables.items():
        np.save(folder / f"{name}.npy", table)


def _library(folders: Sequence[Path], numbers: dict[str, int]) -> Library:
    """The counts in `folders`, read as they are needed; the vocabulary grows by their new words."""
    read = []
    for folder in folders:
        words = bytes(np.load(folder / "words.npy")).decode().split("\n")
        read.append([numbers.setdefault(word, len(numbers)) for word in words])
    single = np.zeros(len(numbers), np.int64)
    parts = []
    for folder, known in zip(folders, read, strict=True):
        single[known] += np.load(folder / "single.npy")
        own = np.full(len(numbers), -1, np.int64)
        own[known] = np.arange(len(known))
        tables = (
            np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
            for name in ("pairs", "pair_counts", "triples", "triple_counts")
        )
        parts.append(Counts(own, len(known), *tables))
    return Library(single, tuple(parts))


@dataclass(frozen=True, slots=True)
class _Slot:
    """One piece of the question: where it is, and what it may become."""

    start: int
    end: int
    typed: int  # the number of the word as typed
    capital: int  # 0 lower case, 1 first letter, 2 all letters
    candidates: Ints
    written: str | None = None  # settled without a search


@dataclass(frozen=True, slots=True)
class Restorer:
    """Restores the diacritics a person left out, and nothing else."""

    words: Sequence[str]
    numbers: dict[str, int]
    candidates: dict[str, Ints]
    outputs: tuple[int, int]  # the words that have a row in the network's output
    trigrams: Trigrams
    network: Network
    library: Library | None

    @classmethod
    def open(cls, path: Path | None = None, library: Sequence[Path] = ()) -> Self:
        """The shipped model, with the counts in the folders of the library's parts."""
        with np.load(path or SHIPPED) as stored:
            words = bytes(stored["words"]).decode().split("\n")
            first, last = (int(number) for number in stored["outputs"])
            trigrams, network = _trigrams(stored), _network(stored)
        numbers = {word: number for number, word in enumerate(words)}
        counts = _library(library, numbers) if library else None
        learnt = list(numbers)[len(words) :]
        candidates: dict[str, list[int]] = {}
        for word in words[first:last]:
            candidates.setdefault(fold(word), []).append(numbers[word])
        for word in learnt:
            if is_syllable(word) and (bare := fold(word)) != word:
                candidates.setdefault(bare, [numbers[bare]]).append(numbers[word])
        arrays = {bare: np.array(marked) for bare, marked in candidates.items()}
        return cls([*words, *learnt], numbers, arrays, (first, last), trigrams, network, counts)

    def restore(self, question: str) -> str:
        """The question with marks guessed for bare syllables; everything else byte for byte.

        So is what comes after `MOST_PIECES`.
        """
        slots = self._slots(question)
        if all(len(slot.candidates) == 1 and slot.written is None for slot in slots):
            return question
        proposals = self._proposals(slots)
        result, done = [], 0
        for slot, (words, _), at in zip(slots, proposals, self.likeliest(proposals), strict=True):
            typed = question[slot.start : slot.end]
            if slot.written is not None or len(slot.candidates) > 1:
                word_form = slot.written or self.words[words[at]]
                result += [question[done : slot.start], _cased(word_form, typed)]
                done = slot.end
        return "".join([*result, question[done:]])

    def _slots(self, question: str) -> list[_Slot]:
        pieces = list(islice(PIECE.finditer(question), MOST_PIECES))
        words = [normal(piece.group()) for piece in pieces]
        letters = [word for word in words if word.isalpha()]
        guess = any(fold(word) != word for word in letters) or not _english(letters)
        all_capitals = shouted([piece.group() for piece in pieces])
        slots, after_end = [], True
        for at, (piece, word) in enumerate(zip(pieces, words, strict=True)):
            text = piece.group()
            typed = self.numbers.get(word, UNKNOWN)
            capital = text[:1].isupper() + (len(text) > 1 and text.isupper())
            acronym = capital == 2 and not all_capitals
            settled = _crossed(words, at) if guess else None
            capital = 0 if all_capitals or (after_end and capital == 1) else capital
            candidates = None if acronym or settled or not guess else self.candidates.get(word)
            if candidates is None or len(candidates) == 0:
                candidates = np.array([typed])
            slots.append(_Slot(*piece.span(), typed, capital, candidates, settled))
            after_end = typed == END
        return slots

    def _proposals(self, slots: Sequence[_Slot]) -> list[tuple[Ints, Floats]]:
        """For each slot its likelier candidates and the weighted logarithms of their probabilities."""
        sizes = np.array([len(slot.candidates) for slot in slots])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        owner = np.repeat(np.arange(len(slots)), sizes)
        words = np.concatenate([slot.candidates for slot in slots])
        typed = np.array([slot.typed for slot in slots])
        chance = self._network_chance(slots, words, owner, starts)
        marked = words != typed[owner]
        missing = chance[marked].sum()
        present = sum(fold(self.words[n]) != self.words[n] for n in typed)
        if self.library is not None:
            chance = _with_library(self.library, chance, words, sizes, starts)
        # Where somebody did type marks, a syllable without them was probably meant so. Squared: half as
        # many changes to questions typed in full, .02 % of syllables lost in those typed by half.
        share = (missing + 0.3) / (missing + present + 0.3)
        chance = np.where(marked, chance * share**2, chance)
        logs = np.log(np.maximum(chance, 1e-6))
        result = []
        for start, size in zip(starts, sizes, strict=True):
            mine = logs[start : start + size]
            keep = np.argsort(-mine, kind="stable")[:WIDEST]
            keep = keep[mine[keep] >= mine[keep[0]] + FAR]
            result.append((words[start + keep], NETWORK_WEIGHT * mine[keep]))
        return result

    def _network_chance(
        self, slots: Sequence[_Slot], words: Ints, owner: Ints, starts: Ints
    ) -> Floats:
        outside = len(self.network.words) - 1
        typed = np.array([s.typed if s.typed < outside else UNKNOWN for s in slots])
        read = self.network.read(typed, np.array([slot.capital for slot in slots]))
        first, last = self.outputs
        known = (words >= first) & (words < last)
        rows = np.where(known, words - first, 0)
        logits = np.einsum("ij,ij->i", self.network.outputs[rows], read[owner])
        logits = np.where(known, logits + self.network.output_bias[rows], np.float32(-30))
        grown = np.exp(logits - np.maximum.reduceat(logits, starts)[owner])
        chance: Floats = grown / np.add.reduceat(grown, starts)[owner]
        return chance

    def likeliest(self, proposals: Sequence[tuple[Ints, Floats]]) -> list[int]:
        """The most likely sequence, as places among each position's (words, logarithms of chance):
        Viterbi over pairs of words."""
        edge = (np.array([END]), np.zeros(1, np.float32))
        columns = [edge, edge, *proposals, edge, edge]
        total = np.zeros((1, 1), np.float32)
        back: list[Ints] = []
        scored = self._scores([words for words, _ in columns])
        for (_, local), scores in zip(columns[2:], scored, strict=True):
            extended = total[:, :, None] + TRIGRAM_WEIGHT * scores + local
            back.append(extended.argmax(0))
            total = extended.max(0)
        path = [0, 0]  # the two edges at the end, then leftwards
        for pointer in reversed(back):
            path.append(int(pointer[path[-1], path[-2]]))
        return path[2:-2][::-1]

    def _scores(self, words: Sequence[Ints]) -> list[Floats]:
        """The trigram's view of every three candidates in a row."""
        grids = []
        for first, second, third in zip(words, words[1:], words[2:], strict=False):
            grid = np.empty((3, len(first), len(second), len(third)), np.int64)
            grid[0] = first[:, None, None]
            grid[1] = second[:, None]
            grid[2] = third
            grids.append(grid)
        flat = self.chance(*np.concatenate([grid.reshape(3, -1) for grid in grids], axis=1))
        parts = np.split(flat, np.cumsum([grid[0].size for grid in grids])[:-1])
        return [part.reshape(grid.shape[1:]) for part, grid in zip(parts, grids, strict=True)]

    def met(self, first: Ints, second: Ints) -> NDArray[np.bool_]:
        """Whether the second word is known to follow the first, element by element."""
        known = len(self.trigrams.single)
        base = [np.where(w < known, w, UNKNOWN) for w in (first, second)]
        _, seen = self.trigrams.pairs.find(code(known, *(self.trigrams.rank[w] for w in base)))
        seen &= (base[0] != UNKNOWN) & (base[1] != UNKNOWN)
        return seen if self.library is None else seen | (self.library.together(first, second) > 0)

    def chance(self, first: Ints, second: Ints, third: Ints) -> Floats:
        """log P(third | first second), element by element, with the library's counts."""
        known = len(self.trigrams.single)
        base = [np.where(w < known, w, UNKNOWN) for w in (first, second, third)]
        flat = self.trigrams.score(*base)
        flat -= np.where(third < known, np.float32(0), np.float32(NEW_WORD))
        if self.library is not None:
            own = self.library.score(first, second, third)
            flat = np.log((1 - LIBRARY_SHARE) * np.exp(flat) + LIBRARY_SHARE * own)
        return flat


def _crossed(words: Sequence[str], at: int) -> str | None:
    """An acronym with its Đ, where it is surely one: ND is nghị định before a number or -CP only."""
    if words[at] == "nd":
        return "nđ" if words[at + 1 : at + 2] == ["0"] or words[at + 2 : at + 3] == ["cp"] else None
    return _ABBREVIATIONS.get(words[at])


def _cased(word: str, typed: str) -> str:
    """The word in the capitals of what was typed, letters that stay as they are untouched."""
    return "".join(
        old if old.lower() == new else new.upper() if old.isupper() else new
        for new, old in zip(word, typed, strict=True)
    )


def _with_library(
    library: Library, chance: Floats, words: Ints, sizes: Ints, starts: Ints
) -> Floats:
    """The network's view joined by how often the library has each candidate beside a neighbour's."""
    spans = [np.arange(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    left = [np.repeat(a, len(b)) for a, b in pairwise(spans)]
    right = [np.tile(b, len(a)) for a, b in pairwise(spans)]
    if not left:
        return chance
    a, b = np.concatenate(left), np.concatenate(right)
    together = library.together(words[a], words[b])
    seen = np.bincount(a, together, len(words)) + np.bincount(b, together, len(words))
    everything = np.repeat(np.add.reduceat(seen, starts), sizes)
    share = LIBRARY_SHARE * everything / (everything + LIBRARY_PRIOR)
    joined: Floats = (1 - share) * chance + share * seen / np.maximum(everything, 1)
    return joined


def _trigrams(stored: Mapping[str, NDArray[Any]]) -> Trigrams:
    return Trigrams(
        rank=stored["rank"].astype(np.int64),
        single=stored["single"] * np.float32(-STEP),
        leaving=stored["leaving"] * np.float32(-STEP),
        pairs=Grams.unpacked(stored["pair_gaps"], stored["pair_values"]),
        pair_leaving=stored["pair_leaving"],
        triples=Grams.unpacked(stored["triple_gaps"], stored["triple_values"]),
    )


def _network(stored: Mapping[str, NDArray[Any]]) -> Network:
    names = [f"network_{field.name}" for field in fields(Network)]
    return Network(*(stored[name].astype(np.float32) * stored[f"{name}_scale"] for name in names))
