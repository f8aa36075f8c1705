"""Teaches the reader (index/evidence/reader.npz) which sentence answers, and when none does.

    python -m index.training.reader DATA WORK

DATA is the training data folder; WORK keeps the library of the marked texts, its index, the lessons
and the weights after each round, so that a run that was stopped goes on where it was. One core, an
hour and a half. The writers HELD_OUT are never learnt from; figures on their questions go to
docs/evaluations/reader.json.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from index.answer import Answerer
from index.evidence.found import Found
from index.evidence.reader import FILE, READ, Asking, Candidates, Reader
from index.evidence.rereading import considered
from index.evidence.sentences import FEATURES
from index.retrieval.encoder import open_encoder
from index.retrieval.late_interaction import SCALE
from index.store.build import reindex
from index.store.generation import Generation, open_serving
from index.training.marked import HELD_OUT, Library, Marked, read_marked, written

FIGURES = Path(__file__).parents[2] / "docs" / "evaluations" / "reader.json"
LEARNT = 28  # sentences of a lesson: the best by the line, and a right one
HALF = 0.5  # of the shorter of sentence and answer, that they share where the sentence is right
WIDTH, DROPPED = 96, 0.15
BATCH, DECAY = 16, 0.02
KINDS = 11
KEPT, STATE = "lessons.pickle", "reader.pt"

Weights = dict[str, NDArray[np.float32]]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, its candidate sentences (best by the line first) and which of them are right."""

    asking: Asking
    among: Candidates
    right: NDArray[np.bool_]
    answerable: bool
    writer: int


def lesson(answerer: Answerer, found: Found, right: Sequence[bool], one: Marked) -> Lesson | None:
    """What was found, as the reader will take it."""
    taken = considered(
        answerer.generation, found.understanding, found.ranking, found.sentences[:READ]
    )
    if taken is None:
        return None
    return Lesson(*taken, np.array(right[:READ]), one.answer is not None, one.writer)


def lessons(answerer: Answerer, library: Library, marked: Sequence[Marked]) -> Iterator[Lesson]:
    """Of all questions that are read as one, and whose answer stands in its document.

    `answerer` must rank by the line alone. Only the held-out writers' are whole.
    """
    generation = answerer.generation
    for one in tqdm(marked, unit=" questions", mininterval=10):
        found = answerer.find_all(one.question, (), library.foreign(one, generation))
        if len(found) != 1 or found[0].scope.absent or not found[0].sentences:
            continue
        place = library.place(one, generation)
        if one.answer and not place:
            continue
        taught = lesson(answerer, found[0], right_ones(generation, found[0], place), one)
        if taught:
            yield taught if one.writer in HELD_OUT else cut(taught)


def right_ones(
    generation: Generation, found: Found, place: tuple[str, int, int] | None
) -> list[bool]:
    """Which sentences share HALF with the answer that stands at `place`, or it with them."""
    path, start, end = place or ("", 0, 0)
    return [
        sentence.document == path
        and min(end, sentence.end) - max(start, sentence.start)
        >= HALF * min(end - start, sentence.end - sentence.start)
        for sentence in found.sentences
    ]


# ---------------------------------------------------------------- the net, as index.evidence.reader has it


class Net(nn.Module):
    """The same sums as `Reader.read`, to be differentiated; names of weights are the file's."""

    def __init__(self, features: int, width: int, dimension: int) -> None:
        super().__init__()
        self.token, self.word = nn.Linear(width, WIDTH), nn.Linear(width, WIDTH)
        self.vector, self.kind = nn.Linear(dimension, WIDTH), nn.Embedding(KINDS, WIDTH)
        nn.init.normal_(self.kind.weight, 0, 0.1)
        self.told, self.sharpness = nn.Linear(3, WIDTH), nn.Parameter(torch.tensor(8.0))
        self.mix1, self.mix2 = nn.Linear(4 * WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.norm, self.weigh = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 1)
        self.pair1, self.pair2 = nn.Linear(2 * WIDTH + 4, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.feature, self.line = nn.Linear(features, WIDTH), nn.Linear(features, 1)
        self.head1, self.head2 = nn.Linear(4 * WIDTH, WIDTH), nn.Linear(WIDTH, 1)
        self.none1, self.none2 = nn.Linear(2 * WIDTH + 3, WIDTH), nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(DROPPED)
        self.mean: Tensor
        self.spread: Tensor
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("spread", torch.ones(features))

    @classmethod
    def beside(cls, one: Lesson) -> Net:
        """Of the sizes that a lesson has."""
        return cls(len(FEATURES), one.among.tokens.shape[1], len(one.asking.vector))

    def forward(self, asking: Asking, among: Candidates) -> Tensor:
        """Log odds of each sentence and, last, of none: [sentences + 1]."""
        asked, weights = torch.from_numpy(asking.words), torch.from_numpy(asking.weights)
        kind = self.vector(torch.from_numpy(asking.vector)) + self.kind.weight[asking.kind]
        words = gelu(self.word(asked) + kind)
        token, seen = self._tokens(among, asked, weights, words, kind)
        features = (torch.from_numpy(among.features) - self.mean) / self.spread
        pooled = (
            *self._pooled(seen, among),
            self._of_words(among, weights, words, token),
            self.feature(features),
        )
        hidden = self._layer(self.head1, torch.cat(pooled, 1))
        scores = (self.head2(hidden) + self.line(features))[:, 0]
        chance = torch.softmax(scores, 0)
        summed = torch.stack([scores.max(), torch.logsumexp(scores, 0), (chance * chance).sum()])
        none = self.none2(self._layer(self.none1, torch.cat([chance @ hidden, kind, summed])))
        return torch.cat([scores, none])

    def _layer(self, layer: nn.Linear, inputs: Tensor) -> Tensor:
        return self.drop(gelu(layer(inputs)))  # type: ignore[no-any-return]

    def _tokens(
        self, among: Candidates, asked: Tensor, weights: Tensor, words: Tensor, kind: Tensor
    ) -> tuple[Tensor, Tensor]:
        tokens = torch.from_numpy(among.tokens).float() / float(SCALE)
        similarity = tokens @ asked.T
        nearest, best = similarity.max(1)
        told = torch.stack([nearest, weights[best] * 5, similarity @ weights], 1)
        token = self.token(tokens) + self.told(told)
        toward = torch.softmax(similarity * self.sharpness + torch.log(weights + 1e-4), 1)
        beside = toward @ words
        mixed = torch.cat([token, beside, token * beside, token * kind], 1)
        seen = self.norm(self.mix2(self._layer(self.mix1, mixed)) + token)
        return token, self.drop(seen)

    def _pooled(self, seen: Tensor, among: Candidates) -> tuple[Tensor, Tensor]:
        owner = torch.from_numpy(among.owner)
        greatest = torch.full((among.count, WIDTH), -9.0).scatter_reduce(
            0, owner[:, None].expand(-1, WIDTH), seen, "amax", include_self=False
        )
        weight = torch.exp(self.weigh(seen)[:, 0].clamp(-10, 10))
        summed = torch.zeros(among.count, WIDTH).index_add(0, owner, seen * weight[:, None])
        return greatest, summed / torch.zeros(among.count).index_add(0, owner, weight)[:, None]

    def _of_words(self, among: Candidates, weights: Tensor, words: Tensor, token: Tensor) -> Tensor:
        near = (among.near, among.near_passage, among.near_heading)
        count = among.count
        told = torch.stack([*map(torch.from_numpy, near), (weights * 5).expand(count, -1)], 2)
        own = words.expand(count, *words.shape)
        pairs = torch.cat([own, token[torch.from_numpy(among.nearest)], told], 2)
        met = (self._layer(self.pair1, pairs) * weights[None, :, None]).sum(1)
        return self.pair2(met)  # type: ignore[no-any-return]


def gelu(x: Tensor) -> Tensor:
    return functional.gelu(x, approximate="tanh")


# ---------------------------------------------------------------- fitting


def cut(one: Lesson, most: int = LEARNT) -> Lesson:
    """The lesson with fewer sentences: the first, and a right one in the last place if there is any."""
    keep = np.arange(min(most, one.among.count))
    if one.right.any() and not one.right[keep].any():
        keep[-1] = int(np.flatnonzero(one.right)[0])
    of_kept = np.isin(one.among.owner, keep)
    place = np.cumsum(of_kept) - 1
    number = np.full(one.among.count, -1)
    number[keep] = np.arange(len(keep))
    among = Candidates(
        one.among.tokens[of_kept], number[one.among.owner[of_kept]], one.among.features[keep],
        place[one.among.nearest[keep]], one.among.near[keep], one.among.near_passage[keep],
        one.among.near_heading[keep],
    )  # fmt: skip
    return Lesson(one.asking, among, one.right[keep], one.answerable, one.writer)


def _loss(odds: Tensor, one: Lesson) -> Tensor:
    """Of the probability that a right sentence has, or none of them where no sentence is right."""
    chance = torch.log_softmax(odds, 0)
    if one.right.any():
        return -torch.logsumexp(chance[:-1][torch.from_numpy(one.right)], 0)
    return -chance[-1]


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how fast the weights follow the lessons."""

    rounds: int
    rate: float
    warm_up: int  # steps, in which the rate rises
    memory: float  # of the running mean of weights, which is what is kept


FIRST = Course(rounds=5, rate=1e-3, warm_up=100, memory=0.995)


def fit(taught: Sequence[Lesson], state: Path, seed: int = 0) -> Weights:
    """The weights after the first course over the lessons; `state` keeps each round."""
    torch.manual_seed(seed)
    net = Net.beside(taught[0])
    features = torch.from_numpy(np.concatenate([one.among.features[:16] for one in taught]))
    net.mean.copy_(features.mean(0))
    net.spread.copy_(features.std(0) + 1e-6)
    return follow(net, lambda turn: taught, FIRST, state, seed)


def follow(
    net: Net, taught: Callable[[int], Sequence[Lesson]], course: Course, state: Path, seed: int = 0
) -> Weights:
    """Teach `net` the lessons of each round, in another order each; the running mean of its weights.

    `state` keeps the weights and their running mean after each round, to go on from.
    """
    torch.set_num_threads(1)
    optimiser = torch.optim.AdamW(net.parameters(), course.rate, weight_decay=DECAY)
    mean, begun = {name: value.clone() for name, value in net.state_dict().items()}, 0
    if state.is_file():
        kept = torch.load(state)
        net.load_state_dict(kept["net"])
        optimiser.load_state_dict(kept["optimiser"])
        mean, begun = kept["mean"], kept["round"]
    for turn in range(begun, course.rounds):
        every = taught(turn)
        order = random.Random(seed * 100 + turn).sample(range(len(every)), len(every))
        each = len(every) // BATCH
        net.train()
        for step in tqdm(range(each), desc=f"round {turn + 1}", mininterval=10):
            at = turn * each + step
            rate = pace(at, course.rounds * each, course.warm_up)
            for group in optimiser.param_groups:
                group["lr"] = course.rate * rate
            for number in order[step * BATCH : (step + 1) * BATCH]:
                loss = _loss(net(every[number].asking, every[number].among), every[number]) / BATCH
                loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            memory = min(course.memory, at / (at + course.warm_up / 2))
            for name, value in net.state_dict().items():
                mean[name].mul_(memory).add_(value, alpha=1 - memory)
        kept = {"net": net.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**kept, "mean": mean, "round": turn + 1}, state)
    return {name: value.numpy() for name, value in mean.items()}


def pace(at: int, steps: int, warm_up: int) -> float:
    """Share of the rate at a step: it rises, and falls to nothing by half a cosine."""
    return min(1, (at + 1) / warm_up) * (0.5 + 0.5 * math.cos(math.pi * (at / steps)))


# ---------------------------------------------------------------- figures


def figures(reader: Reader, held: Sequence[Lesson]) -> dict[str, float | int]:
    """Of answerable questions whose candidates hold a right sentence, by the line and by the reader;
    and how well "none of them" tells those that the text does not answer (area under the curve)."""
    from sklearn.metrics import roc_auc_score

    first: dict[str, list[bool]] = {"line": [], "reader": []}
    none, started = [], time.process_time()
    for one in held:
        reading = reader.read(one.asking, one.among)
        none.append(float(reading.probabilities()[-1]))
        if one.right.any():
            first["line"].append(bool(one.right[0]))
            first["reader"].append(bool(one.right[int(reading.sentences.argmax())]))
    spent = time.process_time() - started
    return {
        "questions": len(held),
        "with a right sentence": len(first["line"]),
        **{f"right first, {who}": round(float(np.mean(hits)), 3) for who, hits in first.items()},
        "area, answerable or not": round(
            float(roc_auc_score([not one.answerable for one in held], none)), 3
        ),
        "milliseconds": round(1000 * spent / len(held), 1),
    }


def save(weights: Weights, file: Path) -> None:
    """In half precision; statistics of features as they are."""
    exact = ("mean", "spread", "sharpness")
    kept: dict[str, Any] = {
        name: value if name in exact else value.astype(np.float16)
        for name, value in weights.items()
    }
    np.savez_compressed(file, **kept)


def prepared(data: Path, work: Path) -> list[Lesson]:
    """The lessons, made once."""

    def make() -> list[Lesson]:
        marked = list(read_marked())
        library = written(data, work / "library", marked)
        encoder = open_encoder()
        reindex(work / "data", [library.folder], encoder)
        answerer = Answerer(open_serving(work / "data", encoder.fingerprint), encoder)
        return list(lessons(answerer.read_by(None), library, marked))

    return made_once(work / KEPT, make)


def kept_lessons(work: Path) -> list[Lesson]:
    """Those that `prepared` left."""
    with (work / KEPT).open("rb") as file:
        return list(pickle.load(file))


def made_once(file: Path, make: Callable[[], list[Made]]) -> list[Made]:
    """What `file` holds; made where it is missing."""
    if not file.is_file():
        made = make()
        with file.open("wb") as to:
            pickle.dump(made, to)
    with file.open("rb") as held:
        return list(pickle.load(held))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    every = prepared(given.data, given.work)
    taught = [one for one in every if one.writer not in HELD_OUT]
    save(fit(taught, given.work / STATE), FILE)
    held = {who: [one for one in every if one.writer == who] for who in HELD_OUT}
    reader = Reader.open()
    told = {"taught": len(taught), **{f"writer {who}": figures(reader, held[who]) for who in held}}
    FIGURES.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
