"""What a message is instead of a question to the documents: the gate's word, and the library's on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.evidence.posed import posed_as_typed
from index.evidence.spelt_out import asks_letters
from index.law.definitions import asked_term
from index.question.follow import content
from index.question.gate import DOUBTFUL, PLAIN, Gate, Refusal, meant
from index.question.understand import Understanding
from index.result import Refused
from index.retrieval.encoder import Encoder
from index.retrieval.lexical import terms
from index.store.generation import Generation
from knowledge.vietnamese import syllables

# chance that a message is no question, from which an answer must be SURER to be shown
CERTAIN = 0.75
SURER = 0.9
LEAST: dict[Refused, float] = {  # chance below which a person is not told so, but that nothing is found
    "abuse": CERTAIN, "injection": 0.5, "personal": 0.5, "offtopic": 0.5,
}  # fmt: skip
SHORT = 3  # syllables of a message that says too little for the gate: "võ nhai", "ocop"
LOOKED_AT = 50  # passages with such words in which they are looked for as typed
# chance below which such a message is for the documents, if the library has its words
KNOWN = 0.95
_KNOWN: dict[Refused, float] = {"thanks": 0.5, "greeting": 0.5, "distress": 0.3}  # of these


@dataclass(frozen=True, slots=True)
class Admission:
    """The gate of one library; `encoder` is the one it was taught on."""

    gate: Gate
    encoder: Encoder
    generation: Generation

    def refusal(self, message: str, understood: Sequence[Understanding]) -> Refusal | None:
        """Of the whole message: the encoder's pass over a single question is the search's own."""
        if not any(map(str.isalnum, message)):
            return Refusal("greeting", 1.0)  # "?" or a picture: somebody is there
        follows = any(one.follows == "yes" for one in understood[:1])
        refused = self._gate_says(message, meant(understood), follows)
        if refused and len(understood) == 1 and self._knows(understood[0], refused):
            return None
        if not refused or refused.kind not in DOUBTFUL:
            return refused
        if follows and refused.probability < PLAIN:
            # it may be a question once it is read with them
            with_earlier = " ".join(one.dense for one in understood)
            refused = self._gate_says(message, with_earlier) and refused
        return None if any(map(self._is_for_documents, understood)) else refused

    def _gate_says(self, message: str, text: str, follows: bool = False) -> Refusal | None:
        """What a message is that the encoder reads as `text`."""
        read = self.encoder.encode_query(text)
        tokens = read.words.vectors if read.words else np.empty((0, 64), np.float32)
        return self.gate.refusal(message, read.vector, tokens, follows)

    def _is_for_documents(self, one: Understanding) -> bool:
        """Whether a document is named by its number, or a term by its name that a document defines, or a
        heading asks the same."""
        if any("/" in named.number or (named.kind and named.number) for named in one.references):
            return True
        if posed_as_typed(one, self.generation):
            return True
        if one.answer_kind != "definition":
            return False
        return bool(asked_term(one.dense, self.generation.definitions)[0])

    def _knows(self, one: Understanding, refused: Refusal) -> bool:
        """Whether the library has the few words of a message side by side, with the marks typed, or
        letters are asked about."""
        if asks_letters(one):  # "viết tắt" looks like something to be written
            return refused.kind != "distress"
        words = syllables(one.cleaned)
        if len(words) > SHORT or not content(one.cleaned) or (one.bare and len(words) == 1):
            return False
        if refused.probability >= _KNOWN.get(refused.kind, KNOWN):
            return False
        term = terms(" ".join(words))[-1]  # a word, or the last pair
        typed = one.cleaned.lower() if not one.bare else one.alone.lower()
        return any(
            typed in self.generation.text_of(row).lower()
            for row in self.generation.lexical.having(term)[:LOOKED_AT].tolist()
        )


def is_shown(refused: Refusal, answered: bool, confidence: float) -> bool:
    """Whether the documents' answer is given to a message that was `refused`.

    One that is rather not what it would be told to be is told that nothing was found.
    """
    if refused.probability < LEAST.get(refused.kind, 0.0):
        return True
    return answered and (refused.probability < CERTAIN or confidence >= SURER)


def is_asked(refused: Refusal) -> bool:
    """Whether the documents are asked all the same."""
    return refused.probability < CERTAIN or refused.kind in DOUBTFUL
