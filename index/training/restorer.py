"""Learns the diacritics restorer: `python -m index.training.restorer TRAIN_FOLDER OUT_FILE`.

Reproducible, one thread, some twelve minutes of processor time and 4 GB of memory.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from index.restore import (
    END,
    NUMBER,
    PIECE,
    SPECIAL,
    STEP,
    UNKNOWN,
    Floats,
    Grams,
    Ints,
    code,
    fold,
    is_syllable,
    normal,
)
from index.training.restorer_questions import PATTERNS

SEED = 11
QUESTIONS = 200_000
HELD_BACK = 200  # one article or paragraph in so many is kept for fitting weights
MOST_FORMS = 15  # marked forms kept for one bare syllable
BITS = 28
PAIRS, TRIPLES = 420_000, 700_000
# Codification notes ("this article relates to…") are cross-references, not sentences.
_NOTE = re.compile(r"\(?Điều này có nội dung liên quan.*?(?:\)\s*$|\)(?=\n)|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything read, as one sequence of word numbers."""

    words: list[str]
    outputs: tuple[int, int]  # the words which a bare syllable may become
    ids: Ints
    capital: NDArray[np.int8]
    held: NDArray[np.bool_]
    bare: Ints  # the number of each word without its marks


def texts(folder: Path) -> Iterator[str]:
    """The training texts, headings as sentences of their own."""
    for path in (folder / "legal.jsonl.gz", folder / "wiki.jsonl.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                heading = record.get("heading")
                text = _NOTE.sub("", record["text"])
                yield f"{heading}.\n{text}" if heading else text


def read(folder: Path) -> Corpus:
    """Split, number and fold the training texts."""
    pieces: dict[str, int] = {}
    runs = [
        np.array([pieces.setdefault(p, len(pieces)) for p in PIECE.findall(text)], np.int32)
        for text in texts(folder)
    ]
    held = np.repeat(np.arange(len(runs)) % HELD_BACK == 0, [len(run) for run in runs])
    sequence = np.concatenate(runs)
    written = [normal(piece) for piece in pieces]
    counts: Counter[str] = Counter()
    for word, count in zip(written, np.bincount(sequence).tolist(), strict=True):
        counts[word] += count
    words, outputs = vocabulary(counts)
    numbers = {word: number for number, word in enumerate(words)}
    number = np.array([numbers.get(word, UNKNOWN) for word in written])
    case = np.array([p[0].isupper() + (len(p) > 1 and p.isupper()) for p in pieces], np.int8)
    bare = np.array([numbers.get(fold(word), n) for n, word in enumerate(words)])
    return Corpus(words, outputs, number[sequence], case[sequence], held, bare)


def vocabulary(counts: Counter[str]) -> tuple[list[str], tuple[int, int]]:
    """Special words, marked syllables, the same bare, then what else is frequent."""
    forms: dict[str, list[str]] = {}
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count >= 3 and fold(word) != word and is_syllable(word):
            forms.setdefault(fold(word), []).append(word)
    marked = sorted(word for group in forms.values() for word in group[:MOST_FORMS])
    known = {*SPECIAL, *marked, *forms}
    others = sorted(word for word, n in counts.items() if n >= 20 and word not in known)
    first = len(SPECIAL)
    return [*SPECIAL, *marked, *sorted(forms), *others], (first, first + len(marked) + len(forms))


def with_questions(corpus: Corpus, count: int) -> Corpus:
    """The corpus and questions made by filling our patterns with its clauses."""
    rng = np.random.default_rng(SEED)
    numbers = {word: number for number, word in enumerate(corpus.words)}
    word = corpus.ids > UNKNOWN - 1
    before_word = np.append(word[1:], False) & ~corpus.held
    pools = {
        "{}": (np.flatnonzero(~word & before_word) + 1, 2, 9),
        "{n}": (np.flatnonzero((corpus.ids == NUMBER) & before_word) + 1, 1, 3),
    }

    def clause(pool: Ints, least: int, most: int) -> slice:
        while True:
            start, size = int(rng.choice(pool)), int(rng.integers(least, most + 1))
            run = word[start : start + size]
            end = start + (size if run.all() else int(run.argmin()))
            if end - start >= least:
                return slice(start, end)

    ids, capital = [corpus.ids], [corpus.capital]
    patterns = [re.findall(r"\{n?\}|[^{}]+", line) for line in PATTERNS.strip().splitlines()]
    for choice in rng.integers(len(patterns), size=count):
        for part in patterns[choice]:
            if part in pools:
                span = clause(*pools[part])
                cased = corpus.capital[span].copy()
                cased[0] *= cased[0] != 1 or rng.random() < 0.3  # mostly the start of a sentence
                ids.append(corpus.ids[span])
                capital.append(cased)
            else:
                pieces = PIECE.findall(part)
                ids.append(np.array([numbers.get(normal(p), UNKNOWN) for p in pieces], np.int64))
                capital.append(np.array([p[0].isupper() for p in pieces], np.int8))
    joined = np.concatenate(ids)
    held = np.zeros(len(joined), bool)
    held[: len(corpus.held)] = corpus.held
    return replace(corpus, ids=joined, capital=np.concatenate(capital), held=held)


# --- the trigram -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Order:
    """All n-grams of one order: codes, counts, probabilities and what they leave to the lower."""

    codes: NDArray[np.uint64]
    counts: Ints
    chance: Floats
    left: Floats  # back-off weight of each n-gram of the order below, in its order


def _discounted(codes: NDArray[np.uint64], counts: Ints, size: int) -> tuple[Floats, Ints, Floats]:
    """Modified Kneser-Ney: discounted shares, where each context starts, what each leaves."""
    n1, n2, n3, n4 = (np.count_nonzero(counts == n) for n in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    steps = np.array([0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
    taken = steps[np.minimum(counts, 3)]
    contexts = codes // np.uint64(size)
    starts = np.flatnonzero(np.append(True, contexts[1:] != contexts[:-1]))
    totals = np.add.reduceat(counts, starts)
    lengths = np.diff(np.append(starts, len(codes)))
    share = (counts - taken) / np.repeat(totals, lengths)
    return (
        share.astype(np.float32),
        starts,
        (np.add.reduceat(taken, starts) / totals).astype(np.float32),
    )
