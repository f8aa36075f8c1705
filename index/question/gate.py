"""Whether a message is a question to the documents, and what it is where it is none.

A small network reads what the encoder made of the message and which letters stand side by side in
it; it was taught on messages written for it (index/training/gate.py, docs/decisions.md). What it is
not sure of goes on to the documents. Only a person in danger is also told by patterns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from math import sqrt
from pathlib import Path
from typing import Any, Self, get_args

import numpy as np
from numpy.typing import NDArray

from index.question.typed import clean, untelexed
from index.question.understand import Understanding
from index.result import Refused
from knowledge.vietnamese import fold

Floats = NDArray[np.float32]

FILE = Path(__file__).parents[1] / "model" / "gate.npz"
KINDS: tuple[Refused, ...] = get_args(Refused)  # the outputs after the first, a question's
LONGEST = 1000  # characters of a message whose letters are read; the encoder reads about as many
SIZES = (2, 3, 4, 5)  # letters side by side
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 by the golden ratio: Fibonacci hashing (Knuth 6.4)

# A person who says this is told where help is, whatever else the message says: folded, words alone.
_NOT = "(?:khong|ko|k|hong|hok|chang|cha|kg|hk|deo)"
_ME = "(?:toi|em|con|chau|minh|tui|tao|to)"
_DANGER = re.compile(
    rf"""\b(?:
    (?:muon|dinh|sap|doi|y\ dinh|tim\ cach)\ (?:di\ |duoc\ )?(?:tu\ tu|tu\ sat|nhay\ (?:cau|lau|song))
  | {_ME}\ (?:chi\ |rat\ |that\ su\ |dang\ |cung\ )?muon\ (?:duoc\ )?chet
  | muon\ chet\ (?:qua|di|cho\ xong|quach|that|luon|roi|thoi)
  | {_NOT}\ (?:con\ )?(?:muon|thiet|tha\ thiet)\ song(?:\ nua|\ tren\ doi|$)
  | ^(?:{_ME}\ )?chan\ song(?:\ (?:qua|roi|lam|that|thiet))*$
  | (?<!tra\ )(?<!nghien\ )cuu\ {_ME}\ (?:voi|gap)(?!(?:\ \w+){{8}})
  | ^(?:sos|s\ o\ s)(?:\ (?:sos|cuu|giup|voi|gap|{_ME}))*$
  | kill(?:ing)?\ myself | (?:want|going)\ to\ die | end\ my\ (?:own\ )?life | suicidal
  )\b""",
    re.VERBOSE,
)
_WORD = re.compile(r"\w+")
_VNI = re.compile(r"(?<=[a-z])\d{1,2}(?![\d/.-])")  # "muo6n1 che6t1"; numbers stand by themselves


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a message is instead of a question, and how sure that is."""

    kind: Refused
    probability: float


@dataclass(frozen=True, slots=True)
class Gate:
    """The network: two layers, beside which the vector is read directly."""

    fingerprint: str  # of the encoder whose vectors it was taught on
    vector: Floats  # [dimension, width]: to the hidden layer
    letters: NDArray[np.int8]  # [buckets, width]
    scale: Floats  # [width], of `letters`
    tokens: Floats  # [token, signs]: what a token may be a sign of
    signs: Floats  # [signs]
    seen: Floats  # [signs, width]: from the strongest of each sign to the hidden layer
    hidden: Floats  # [width]
    out: Floats  # [width, kinds]
    direct: Floats  # [dimension, kinds]
    bias: Floats  # [kinds]
    below: float  # chance of a question below which a message is refused
    danger: float  # chance of distress from which it is told where help is

    @classmethod
    def open(cls, file: Path = FILE) -> Self:
        with np.load(file) as stored:
            return cls(*(_plain(stored[field.name]) for field in fields(cls)))

    def save(self, file: Path) -> None:
        stored: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in stored.items():
            if isinstance(value, np.ndarray) and value.dtype == np.float32:
                stored[name] = value.astype(np.float16)
        np.savez_compressed(file, **stored)

    def chances(self, typed: str, vector: Floats, tokens: Floats) -> Floats:
        """Of a question and of each of KINDS, [kinds + 1], for a message as `refusal` takes it."""
        held = buckets(typed, len(self.letters))
        near = self.letters[held].sum(axis=0, dtype=np.float32) * self.scale * weight(len(held))
        signs = np.maximum(tokens @ self.tokens + self.signs, 0).max(axis=0, initial=0)
        inner = vector @ self.vector + near + signs @ self.seen + self.hidden
        logits = np.maximum(inner, 0) @ self.out + vector @ self.direct + self.bias
        raised = np.exp(logits - logits.max())
        return np.asarray(raised / raised.sum(), np.float32)

    def refusal(
        self, typed: str, vector: Floats, tokens: Floats, follows: bool = False
    ) -> Refusal | None:
        """What a message is instead of a question, unless it may be one.

        `vector` and `tokens`, [tokens, width], are the encoder's of what was understood; `follows`
        tells that it leans on an earlier message, without which "thế bao nhiêu?" says too little.
        """
        if in_danger(typed):
            return Refusal("distress", 1.0)
        question, *others = map(float, self.chances(typed, vector, tokens))
        distress = others[KINDS.index("distress")]
        # "còn 2023?" is near to nothing that was learnt
        fragment = follows or sum(map(str.isalpha, letters_of(typed).split())) < 2
        if distress >= self.danger and not (fragment and question > distress):
            return Refusal("distress", distress)
        kind, chance = max(zip(KINDS, others, strict=True), key=lambda one: one[1])
        sure = question < self.below and (not follows or chance >= LEANING)
        return Refusal(kind, chance) if sure else None


DOUBTFUL = ("bot", "offtopic", "personal")  # what a fragment of a question is taken for
PLAIN = 0.95  # chance of one from which earlier messages cannot make it a question
LEANING = 0.7  # chance of one kind from which what leans on earlier messages is refused, too


def meant(understandings: Sequence[Understanding]) -> str:
    """What the encoder reads of a message: what is searched for, where it is one question."""
    text = " ".join(one.alone for one in understandings)
    return text.lower() if text.isupper() else text


def in_danger(typed: str) -> bool:
    return _DANGER.search(" ".join(_WORD.findall(letters_of(typed)))) is not None


@lru_cache(maxsize=8)
def letters_of(typed: str) -> str:
    """A message as its letters are read: folded, small, Telex and the digits of VNI undone."""
    return _VNI.sub("", fold(untelexed(clean(typed[:LONGEST])).lower()))


def buckets(typed: str, count: int) -> NDArray[np.int64]:
    """Where the groups of SIZES neighbouring letters of a message fall among `count`, a power of two."""
    line = f" {' '.join(letters_of(typed).split())} ".encode("ascii", "replace")
    codes = np.frombuffer(line, np.uint8).astype(np.uint64)
    found = []
    for size in SIZES:
        group = np.zeros(max(0, len(codes) - size + 1), np.uint64)
        for at in range(size):  # a byte a letter: no two groups share a code
            group = (group << np.uint64(8)) | codes[at : at + len(group)]
        found.append(group * SPREAD >> np.uint64(65 - count.bit_length()))
    return np.unique(np.concatenate(found)).astype(np.int64)


def weight(count: int) -> float:
    """How much each of so many groups counts: long messages speak no louder than short ones."""
    return 2 / sqrt(max(count, 1))


def _plain(stored: NDArray[Any]) -> Any:
    if stored.ndim:
        return stored if stored.dtype == np.int8 else stored.astype(np.float32)
    return stored.item()
