"""Teaches what tells questions from other messages (index/model/gate.npz), and measures it.

    python -m index.training.gate QUESTIONS.jsonl…

Taught on the messages in gate.jsonl beside this file and on law questions; the thresholds are where
they should be for writers left out one after another. The messages of one writer more
(docs/evaluations/gate-heldout.jsonl), other law questions, and the answerable ones of the files
named are only measured; figures go to docs/evaluations/gate.json. To be run again whenever the
encoder changes: ten minutes of one core.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from index.evaluation.lines import json_lines
from index.evaluation.retrieval import bare
from index.question import gate
from index.question.diacritics import Restorer
from index.question.gate import KINDS, Gate, buckets, meant, weight
from index.question.spelling import Speller
from index.question.understand import understand
from index.retrieval.encoder import open_encoder
from knowledge.abbreviations import Abbreviations
from knowledge.vietnamese import nfc

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MESSAGES = Path(__file__).with_name("gate.jsonl")
LAW = Path(__file__).with_name("questions.jsonl")
DOCUMENTS = Path(__file__).parents[2] / "knowledge" / "documents"
EVALUATIONS = Path(__file__).parents[2] / "docs" / "evaluations"
# what many writers asked about the documents of a province, all but the first in few or everyday words
HOME = ("dev7", *(f"dev{n}" for n in range(10, 15)), *(f"starter{n}" for n in range(3, 8)))
HELD_OUT, FIGURES = EVALUATIONS / "gate-heldout.jsonl", EVALUATIONS / "gate.json"
NAMES = ("question", *KINDS)

BUCKETS, WIDTH, SIGNS = 4096, 48, 96  # of groups of letters; of the hidden layer; of tokens
LONGEST = 48  # tokens of a message that teach; all are read in use
EPOCHS, BATCH, RATE, DROPPED, SMOOTHED = 14, 96, 3e-3, 0.3, 0.05
BARE, FROM_LAW = 0.5, 2.0  # weight of a message typed bare, and of a law question
REFUSED = 0.016  # of the questions of writers left out: where `below` lies
ALARMED = 0.004  # of them: where `danger` lies


@dataclass(frozen=True, slots=True)
class Message:
    """`kind` counts in NAMES; `writer` is 0 for questions of other sets."""

    text: str
    kind: int
    writer: int
    weight: float


@dataclass(frozen=True, slots=True)
class Read:
    """Messages as the gate reads them: the encoder's vectors, tokens (padded), groups of letters."""

    vectors: Floats  # [messages, dimension]
    tokens: Floats  # [messages, LONGEST, width]
    sizes: Ints  # [messages]
    letters: Sequence[Ints]
    kinds: Ints
    writers: Ints
    weights: Floats


class Reader:
    """What the encoder makes of a message by itself, as in answering without a library."""

    def __init__(self) -> None:
        self.encoder = open_encoder()
        self._restorer, self._abbreviations = Restorer.open(), Abbreviations.open()
        self._speller = Speller.over(self._restorer, self._abbreviations)

    def encoded(self, text: str) -> tuple[Floats, Floats]:
        """The vector and the tokens, [tokens, width]."""
        typed = self._speller.mended(nfc(text))
        understood = understand(typed, (), self._restorer, self._abbreviations)
        found = self.encoder.encode_query(meant(understood))
        return found.vector, found.words.vectors if found.words else np.empty((0, 64), np.float32)

    def __call__(self, messages: Sequence[Message]) -> Read:
        encoded = [self.encoded(one.text) for one in messages]
        sizes = np.array([min(len(tokens), LONGEST) for _, tokens in encoded])
        padded = np.zeros((len(messages), LONGEST, max(t.shape[1] for _, t in encoded)), np.float32)
        for row, (size, (_, tokens)) in enumerate(zip(sizes, encoded, strict=True)):
            padded[row, :size, : tokens.shape[1]] = tokens[:size]
        return Read(
            np.array([vector for vector, _ in encoded]),
            padded,
            sizes,
            [buckets(one.text, BUCKETS) for one in messages],
            np.array([one.kind for one in messages]),
            np.array([one.writer for one in messages]),
            np.array([one.weight for one in messages], np.float32),
        )


def law_questions(measured: bool) -> list[str]:
    """Those on articles of law: a fifth, by article, is only measured. Others are off topic here."""
    asked = [one for one in json_lines(LAW) if one["text"].startswith("L")]
    digests = [int(sha256(one["text"].encode()).hexdigest(), 16) for one in asked]
    return [
        one["question"]
        for one, digest in zip(asked, digests, strict=True)
        if (digest % 5 == 0) == measured
    ]


def taught() -> Iterator[Message]:
    """The writers' messages, those with marks also without; half of the law questions; those of HOME;
    the questions that the starter documents ask in their headings."""
    for row in json_lines(MESSAGES):
        yield Message(row["text"], NAMES.index(row["kind"]), row["writer"], 1.0)
        if (plain := bare(row["text"])) != row["text"]:
            yield Message(plain, NAMES.index(row["kind"]), row["writer"], BARE)
    for question in law_questions(measured=False)[::2]:
        yield Message(question, 0, 0, FROM_LAW)
    for name in HOME:
        for row in json_lines(EVALUATIONS / f"{name}.jsonl"):
            yield Message(row["question"], 0, 0, 1.0)
    for file in sorted(DOCUMENTS.glob("*.md")):
        for question in re.findall(r"^#+ (.+\?)$", file.read_text(encoding="utf-8"), re.MULTILINE):
            yield Message(question, 0, 0, 1.0)
            yield Message(bare(question), 0, 0, BARE)


class Network(torch.nn.Module):
    """The gate's network while it is taught."""

    def __init__(self, dimension: int, width: int) -> None:
        super().__init__()
        self.tokens, self.seen = torch.nn.Linear(width, SIGNS), torch.nn.Linear(SIGNS, WIDTH)
        self.vector = torch.nn.Linear(dimension, WIDTH)
        self.letters = torch.nn.EmbeddingBag(BUCKETS, WIDTH, mode="sum")
        torch.nn.init.normal_(self.letters.weight, 0, 0.02)
        self.out = torch.nn.Linear(WIDTH, len(NAMES))
        self.direct = torch.nn.Linear(dimension, len(NAMES), bias=False)
        self.drop = torch.nn.Dropout(DROPPED)

    def forward(self, read: Read, chosen: Ints) -> torch.Tensor:
        groups = [torch.from_numpy(read.letters[at]) for at in chosen]
        starts = np.cumsum([0, *map(len, groups[:-1])])
        weights = torch.tensor([weight(len(one)) for one in groups], dtype=torch.float32)
        near = self.letters(torch.cat(groups), torch.from_numpy(starts)) * weights[:, None]
        vectors = torch.from_numpy(read.vectors[chosen])
        longest = int(read.sizes[chosen].max())
        within = torch.arange(longest)[None] < torch.from_numpy(read.sizes[chosen])[:, None]
        tokens = torch.from_numpy(read.tokens[chosen, :longest])
        signs = torch.relu(self.tokens(tokens)) * within[..., None]
        inner = self.vector(self.drop(vectors)) + near + self.seen(self.drop(signs.amax(1)))
        logits = self.out(self.drop(torch.relu(inner))) + self.direct(vectors)
        return torch.as_tensor(logits)


def teach(read: Read, chosen: Ints) -> Network:
    """One cycle of AdamW (Loshchilov and Hutter 2019) over the messages `chosen`."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    network = Network(read.vectors.shape[1], read.tokens.shape[2])
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=1e-4)
    steps = EPOCHS * -(-len(chosen) // BATCH)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    loss = torch.nn.CrossEntropyLoss(reduction="none", label_smoothing=SMOOTHED)
    for _ in range(EPOCHS):
        order = rng.permutation(chosen)
        for batch in (order[at : at + BATCH] for at in range(0, len(order), BATCH)):
            each = loss(network(read, batch), torch.from_numpy(read.kinds[batch]))
            optimiser.zero_grad()
            (each * torch.from_numpy(read.weights[batch])).mean().backward()
            optimiser.step()
            cycle.step()
    return network.eval()


def fixed(network: Network, fingerprint: str, below: float, danger: float) -> Gate:
    """The network in numpy, its letters in bytes."""
    plain = {name: value.detach().numpy() for name, value in network.named_parameters()}
    letters = plain["letters.weight"]
    scale = np.abs(letters).max(axis=0) / 127
    return Gate(
        fingerprint, plain["vector.weight"].T, np.rint(letters / scale).astype(np.int8), scale,
        plain["tokens.weight"].T, plain["tokens.bias"], plain["seen.weight"].T,
        plain["vector.bias"] + plain["seen.bias"], plain["out.weight"].T, plain["direct.weight"].T, plain["out.bias"],
        below, danger,
    )  # fmt: skip


def left_out(read: Read) -> Floats:
    """Chances of each message's kinds, [messages, kinds], as told without its writer's others."""
    chances = np.zeros((len(read.kinds), len(NAMES)), np.float32)
    for writer in set(read.writers) - {0}:
        network = teach(read, np.flatnonzero(read.writers != writer))
        own = np.flatnonzero(read.writers == writer)
        with torch.no_grad():
            chances[own] = torch.softmax(network(read, own), 1).numpy()
    return chances


def thresholds(read: Read, chances: Floats) -> tuple[float, float]:
    """`below` and `danger`: where few enough questions of writers left out lie beyond them, in
    hundredths; between two, the one that lets a question through."""
    asked = chances[(read.kinds == 0) & (read.writers > 0) & (read.weights == 1)]
    distress = asked[:, NAMES.index("distress")]
    below, danger = np.quantile(asked[:, 0], REFUSED), np.quantile(distress, 1 - ALARMED)
    return math.floor(100 * below) / 100, math.ceil(100 * danger) / 100


def guessed(
    read: Read, chances: Floats, below: float, danger: float
) -> tuple[list[str], list[str]]:
    """What the writers' messages are, as they were typed, and what they are taken for."""
    typed = np.flatnonzero((read.weights == 1) & (read.writers > 0))
    best = 1 + chances[typed, 1:].argmax(axis=1)
    taken = np.where(chances[typed, 0] < below, best, 0)
    distress = NAMES.index("distress")
    taken = np.where(chances[typed, distress] >= danger, distress, taken)
    return [NAMES[at] for at in read.kinds[typed]], [NAMES[at] for at in taken]


def told(gate: Gate, reader: Reader, texts: Iterable[str]) -> list[str]:
    """What the gate calls each message: "question" for all that go on to the documents."""
    found = (gate.refusal(text, *reader.encoded(text)) for text in texts)
    return [one.kind if one else "question" for one in found]


def of_kinds(expected: Sequence[str], found: Sequence[str]) -> dict[str, Any]:
    """Share of each kind that is refused, and refused for what it is."""
    each = {}
    for kind in NAMES:
        own = [one for one, name in zip(found, expected, strict=True) if name == kind]
        refused = sum(one != "question" for one in own)
        right = sum(one == kind for one in own)
        each[kind] = {
            "messages": len(own),
            "refused": round(refused / max(1, len(own)), 4),
            "recognised": round(right / max(1, len(own)), 4),
        }
    others = [pair for pair in zip(expected, found, strict=True) if pair[0] != "question"]
    return {
        "other kinds recognised": round(float(np.mean([e == f for e, f in others])), 4),
        "other kinds refused": round(float(np.mean([f != "question" for _, f in others])), 4),
        "questions refused": each["question"]["refused"],
        "each": each,
    }


def share_refused(gate: Gate, reader: Reader, questions: Sequence[str]) -> dict[str, Any]:
    found = told(gate, reader, questions)
    return {
        "questions": len(questions),
        "refused": round(sum(one != "question" for one in found) / len(questions), 4),
    }


def measure(gate: Gate, reader: Reader, files: Sequence[Path]) -> dict[str, Any]:
    """Of messages and questions that taught nothing."""
    held_out = json_lines(HELD_OUT)
    expected = [row["kind"] for row in held_out]
    figures: dict[str, Any] = {
        "held-out writer": of_kinds(expected, told(gate, reader, [r["text"] for r in held_out])),
        "held-out writer, typed bare": of_kinds(
            expected, told(gate, reader, [bare(row["text"]) for row in held_out])
        ),
    }
    figures["law questions"] = share_refused(gate, reader, law_questions(measured=True))
    for file in files:
        asked = [one for one in json_lines(file) if one.get("answerable", True)]
        figures[f"{file.parent.name}/{file.name}"] = share_refused(
            gate, reader, [one["question"] for one in asked]
        )
        silent = [one["question"] for one in json_lines(file) if one.get("note") == "offtopic"]
        if silent:
            figures[f"{file.parent.name}/{file.name}, off topic"] = share_refused(
                gate, reader, silent
            )
    return figures


def cost(gate: Gate, reader: Reader) -> float:
    """Milliseconds of processor time a message, beside the encoder's pass."""
    texts = [row["text"] for row in json_lines(HELD_OUT)]
    read = reader.encoded(texts[0])
    started = time.process_time()
    for text in texts:
        gate.refusal(text, *read)
    return round((time.process_time() - started) * 1000 / len(texts), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="*")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    reader = Reader()
    read = reader(list(taught()))
    chances = left_out(read)
    below, danger = thresholds(read, chances)
    network = teach(read, np.arange(len(read.kinds)))
    fixed(network, reader.encoder.fingerprint, below, danger).save(gate.FILE)
    model = Gate.open()
    figures = {
        "taught": {name: int((read.kinds == at).sum()) for at, name in enumerate(NAMES)},
        "below": round(below, 4),
        "danger": round(danger, 4),
        "each writer by what the others taught": of_kinds(*guessed(read, chances, below, danger)),
        **measure(model, reader, arguments.questions),
        "milliseconds a message": cost(model, reader),
        "bytes": gate.FILE.stat().st_size,
        "sha256": sha256(gate.FILE.read_bytes()).hexdigest(),
    }
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
