"""Teaches the second reading (index/model/cross.onnx) which sentence answers, and when none does.

    python -m index.training.cross WORK --over DATA QUESTIONS.jsonl… [--over DATA QUESTIONS.jsonl…]

WORK is that of `index.training.reader` and `index.training.at_home`: its library of marked texts is
searched, and the sentences that the reader thinks best are the first lessons. Then come those of documents
like the bot's own: DATA is a data folder with the documents of the questions after it indexed. As with the
reader, each of FOLDS readings leaves out a fold of these (WORK/cross-0.onnx…). Lessons and the weights after
each round are kept in WORK, so that a run that was stopped goes on where it was. Two cores, two hours.
The writers HELD_OUT are never learnt from; figures on their questions go to docs/evaluations/cross.json.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from index.answer import Answerer
from index.evidence.cross import FILE, SHARE, CrossReader, Said, laid_out, said
from index.evidence.found import Found
from index.evidence.reader import Reader
from index.retrieval.encoder import SHIPPED, open_encoder
from index.store.generation import open_serving
from index.training.at_home import FOLDS, fold_of, readers
from index.training.cross_net import SHAPE, Net, Text, Weights, begun, seen
from index.training.graph import Tower, borrowing, cross_graph
from index.training.judged import Asked, Question, answers, opened, takes_questions
from index.training.marked import HELD_OUT, Library, Marked, read_marked, written_texts
from index.training.reader import made_once, pace, right_ones

FIGURES = Path(__file__).parents[2] / "docs" / "evaluations" / "cross.json"
CANDIDATES = 12  # of a question, the best by the reader, and right ones further down
# share of questions on invented documents, and on others, that are learnt
OFTEN = {True: 0.85, False: 0.35}
HELD_SHARE = 0.4
QUESTIONS, EACH = 12, 4  # of a step, and sentences of each question: a right one, and near ones
NEAREST = 4
AMONG = 1500  # first lessons beside those at home, so that they are not forgotten
DECAY, DROPPED = 0.01, 0.1
KEPT, AT_HOME, STATE = "cross.pickle", "cross-home.pickle", "cross.pt"
SEEN = 400  # lessons whose states tell how the matrices are best rounded
LENT = ("words.nibbles", "words.scales", "places")  # constants that are the encoder's


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how fast the weights follow the lessons; the head, which begins at nothing, faster."""

    rounds: int
    rate: float
    head_rate: float
    warm_up: int  # steps, in which the rates rise


FIRST = Course(rounds=2, rate=1.2e-4, head_rate=1e-3, warm_up=150)
HOME = Course(rounds=3, rate=5e-5, head_rate=2e-4, warm_up=40)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, its sentences as they are read, best first, what the reader thought, which are right."""

    question: str
    sentences: tuple[Said, ...]
    odds: tuple[float, ...]  # the reader's score of each
    none: float  # and of none of them
    right: tuple[bool, ...]
    answerable: bool
    writer: int


def lesson(
    answerer: Answerer, found: Found, right: Sequence[bool], answerable: bool, writer: int = 0
) -> Lesson | None:
    """What was found, as it is read again; none where nothing was."""
    if found.scope.absent or not found.reading or (answerable and not any(right)):
        return None
    more = [at for at in range(CANDIDATES, len(right)) if right[at]]
    kept = [*range(min(CANDIDATES, len(found.sentences))), *more[:2]]
    best = [found.sentences[at] for at in kept]
    return Lesson(
        found.understanding.alone,
        tuple(said(answerer.generation, sentence) for sentence in best),
        tuple(sentence.score for sentence in best),
        found.reading.none,
        tuple(answerable and right[at] for at in kept),
        answerable,
        writer,
    )


def lessons(answerer: Answerer, library: Library, marked: Sequence[Marked]) -> Iterator[Lesson]:
    """Of the questions that are read as one, and whose answer is found."""
    for one in tqdm(marked, unit=" questions", mininterval=10):
        found = answerer.find_all(one.question, (), library.foreign(one, answerer.generation))
        if len(found) != 1:
            continue
        right = right_ones(answerer.generation, found[0], library.place(one, answerer.generation))
        made = lesson(answerer, found[0], right, one.answer is not None, one.writer)
        if made:
            yield made


def at_home(asked: Asked, work: Path) -> Iterator[tuple[int, Lesson]]:
    """With the fold of each; of a question as typed and bare the one that its number draws."""
    by_fold = [asked.answerer.read_by(reader) for reader in readers(work)]
    typed: dict[str, list[Question]] = {}
    for question in asked.questions:
        typed.setdefault(question["id"], []).append(question)
    for number, ways in tqdm(typed.items(), unit=" questions", mininterval=10):
        question = ways[crc32(f"bare {number}".encode()) % len(ways)]
        answerer, able = by_fold[fold_of(question)], question["answerable"]
        for found in answerer.find_all(question["question"], question["turns"]):
            right = [
                able and answers(answerer, found, at, question)
                for at in range(len(found.sentences))
            ]
            made = lesson(answerer, found, right, able)
            if made:
                yield fold_of(question), made


def readings(work: Path) -> list[CrossReader]:
    """By fold, the reading that was not taught its questions."""
    return [CrossReader(work / f"cross-{fold}.onnx") for fold in range(FOLDS)]


# ---------------------------------------------------------------- fitting


def chosen(one: Lesson, draw: random.Random) -> tuple[list[int], bool]:
    """Which sentences of a lesson are read this time, a right one first if there is any."""
    right = [at for at, is_right in enumerate(one.right) if is_right]
    wrong = [at for at, is_right in enumerate(one.right) if not is_right]
    kept = draw.sample(right, 1) if right else []
    near, far = wrong[:NEAREST], wrong[NEAREST:]
    kept += draw.sample(near, min(len(near), max(1, EACH - len(kept) - 1)))
    kept += draw.sample(far, min(len(far), EACH - len(kept)))
    return kept, bool(right)


def _steps(texts: Sequence[Sequence[Text]], draw: random.Random) -> list[list[int]]:
    """Lessons of each step of a round: of like length, so that little is padded."""
    order = draw.sample(range(len(texts)), len(texts))
    steps = []
    for start in range(0, len(order), QUESTIONS * 20):
        part = sorted(order[start : start + QUESTIONS * 20], key=lambda at: len(texts[at][0][0]))
        steps += [part[at : at + QUESTIONS] for at in range(0, len(part), QUESTIONS)]
    draw.shuffle(steps)
    return steps


def fit(weights: Weights, taught: Sequence[Lesson], course: Course, state: Path) -> Weights:
    """`weights` after the course; `state` keeps each round."""
    weights, past = {name: value.clone() for name, value in weights.items()}, 0
    fixed = ("embeddings.", "places")
    learnt = {name: value for name, value in weights.items() if not name.startswith(fixed)}
    head = [value for name, value in learnt.items() if name.startswith(("head", "kind"))]
    body = [value for name, value in learnt.items() if not name.startswith(("head", "kind"))]
    for value in learnt.values():
        value.requires_grad_()
    groups = [{"params": body, "base": course.rate}, {"params": head, "base": course.head_rate}]
    optimiser = torch.optim.AdamW(groups, course.rate, weight_decay=DECAY)
    if state.is_file():
        kept = torch.load(state)
        for name, value in kept["weights"].items():
            learnt[name].data.copy_(value)
        optimiser.load_state_dict(kept["optimiser"])
        past = kept["round"]
    net, texts = Net(weights), [laid_out(one.question, one.sentences) for one in taught]
    for turn in range(past, course.rounds):
        draw = random.Random(turn)
        steps = _steps(texts, draw)
        for step, numbers in enumerate(tqdm(steps, desc=f"round {turn + 1}", mininterval=10)):
            at = turn * len(steps) + step
            rate = pace(at, course.rounds * len(steps), course.warm_up)
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * rate
            _step(net, [(texts[n], *chosen(taught[n], draw)) for n in numbers])
            torch.nn.utils.clip_grad_norm_(learnt.values(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        told = {name: value.detach() for name, value in learnt.items()}
        torch.save({"weights": told, "optimiser": optimiser.state_dict(), "round": turn + 1}, state)
    return {name: value.detach() for name, value in weights.items()}


def _step(net: Net, read: Sequence[tuple[Sequence[Text], list[int], bool]]) -> None:
    """Of each question the sentences read, and whether the first of them is right: none may be."""
    with torch.autocast("cpu", torch.bfloat16):
        odds = net([texts[at] for texts, kept, _ in read for at in kept], DROPPED)
    loss, at = torch.zeros(()), 0
    for _, kept, right in read:
        chance = torch.log_softmax(torch.cat([odds[at : at + len(kept)], torch.zeros(1)]), 0)
        loss = loss - chance[0 if right else -1] / len(read)
        at += len(kept)
    loss.backward()  # type: ignore[no-untyped-call]


# ---------------------------------------------------------------- the file that ships


def export(weights: Mapping[str, Tensor], taught: Sequence[Lesson], file: Path = FILE) -> None:
    """In int8; the word embeddings stay in the encoder's file, beside which it has to lie."""
    texts = [laid_out(one.question, one.sentences[:1])[0] for one in taught[:SEEN]]
    arrays = {name: value.numpy() for name, value in weights.items()}
    width = arrays["places"].shape[1]
    arrays["embeddings.position_embeddings.weight"] = arrays.pop("places")
    arrays["embeddings.token_type_embeddings.weight"] = np.zeros((1, width), np.float32)
    graph = cross_graph(Tower(arrays, seen(Net(dict(weights)), texts)), SHAPE)
    file.write_bytes(borrowing(graph, LENT, SHIPPED / "model.onnx"))


def figures(
    log_odds: Callable[[str, Sequence[Said]], Sequence[float]], held: Sequence[Lesson]
) -> dict[str, float | int]:
    """Of the questions whose candidates hold a right sentence, how often it comes first; and how well
    "none of them" tells those that the text does not answer (area under the curve)."""
    from sklearn.metrics import roc_auc_score

    first: dict[str, list[bool]] = {"reader": [], "cross": [], "both": []}
    none: dict[str, list[float]] = {"reader": [], "cross": [], "both": []}
    for one in tqdm(held, mininterval=10):
        again = np.array(log_odds(one.question, one.sentences))
        reader = np.array(one.odds)
        ways = {"reader": (reader, one.none), "cross": (again, 0.0)}
        ways["both"] = (reader + SHARE * again, one.none)
        for way, (odds, nothing) in ways.items():
            none[way].append(nothing - float(np.logaddexp.reduce(odds)))
            if any(one.right):
                first[way].append(one.right[int(odds.argmax())])
    untold = [not one.answerable for one in held]
    return {
        "questions": len(held),
        "with a right sentence": len(first["both"]),
        **{f"right first, {way}": round(float(np.mean(hits)), 3) for way, hits in first.items()},
        **{
            f"area, {way}": round(float(roc_auc_score(untold, odds)), 3)
            for way, odds in none.items()
        },
    }


def first_lessons(work: Path) -> list[Lesson]:
    """Of the marked questions."""
    draw, encoder = random.Random(3), open_encoder()
    marked = [
        one
        for one in read_marked()
        if draw.random()
        < (HELD_SHARE if one.writer in HELD_OUT else OFTEN[one.text.startswith("P")])
    ]
    draw.shuffle(marked)
    answerer = Answerer(open_serving(work / "data", encoder.fingerprint), encoder)
    return list(lessons(answerer.read_by(Reader.open()), written_texts(work), marked))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    takes_questions(parser)
    given = parser.parse_args()
    work: Path = given.work
    every = made_once(work / KEPT, lambda: first_lessons(work))
    first = [one for one in every if one.writer not in HELD_OUT and len(one.sentences) > 1]
    own = made_once(
        work / AT_HOME,
        lambda: [one for asked in opened(given.over) for one in at_home(asked, work)],
    )
    general = fit(begun(), first, FIRST, work / STATE)
    shutil.copy(SHIPPED / "model.onnx", work)  # of which the readings of the folds borrow
    for fold in range(FOLDS + 1):
        taught = [one for of, one in own if of != fold and len(one.sentences) > 1]
        taught += first[:AMONG]
        weights = fit(general, taught, HOME, work / f"cross-{fold}.pt")
        export(weights, taught, FILE if fold == FOLDS else work / f"cross-{fold}.onnx")
    told: dict[str, object] = {"taught": len(first), "at home": len(own)}
    for writer in HELD_OUT:
        held = [one for one in every if one.writer == writer]
        told[f"writer {writer}"] = figures(CrossReader().log_odds, held)
    FIGURES.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
