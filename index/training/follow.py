"""Fits whether a message leans on the one before it (index/question/follow.json).

    python -m index.training.follow

Taught on the follow-ups in follow.jsonl beside this file and in the development sets of
docs/evaluations, each also typed bare; against them, questions that stand alone, each after one that
has nothing to do with it. The messages of the gate were written one by one, yet some of them continue
a talk nobody wrote down: a first fit without them tells which. Messages after the same question are
left out together when it is measured how many are told: of the follow-ups, of the others.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from index.evaluation.lines import json_lines
from index.evaluation.retrieval import bare
from index.question.follow import DOUBT, FITTED, LIKELIER, Earlier, content, signs_of
from index.question.understand import earlier, prepared
from knowledge.abbreviations import TABLE as ABBREVIATIONS
from knowledge.abbreviations import Abbreviations

HERE = Path(__file__).parent
EVALUATIONS = HERE.parents[1] / "docs" / "evaluations"
FOLLOW_UPS = HERE / "follow.jsonl"
GLOSSARY = HERE.parent / "question" / "glossary.tsv"
SETS = tuple(EVALUATIONS / f"dev{number}.jsonl" for number in (3, 4, 5, 7))
SHORT_WORDS = 8  # of a question on one text; longer ones are hardly taken to lean
FEWEST = 4  # messages that a sign is seen in
STRENGTH = 1.0  # inverse of the ridge
FOLDS = 10
LED_ON = 150  # of questions on the same text
EACH = 4  # short questions for each thing of the field
TALKS = 3  # whose follow-ups say a general word
BARE = 0.3  # of the questions that stand alone
SURE, PERHAPS = 0.9, 0.5  # chance that a doubtful message leans: it is taught so, or not at all
WEIGHT = 1.5  # of a follow-up: there are few


@dataclass(frozen=True, slots=True)
class Example:
    """A message, what was asked before it, and whether it leans on that."""

    text: str
    before: tuple[str, ...]
    follows: bool
    doubtful: bool = False  # it was not written down whether it leans on something


DATES = ("ngày {}/{}", "{}/{}", "nghị quyết {}{}", "văn bản số {}{}", "phường {}{}")
CUES = ("thế ", "vậy ", "còn ", "thế còn ", "vậy thì ", "Thế ", "Vậy ", "Còn ")
SHORT = (  # what is asked of a thing in few words
    "{} là gì?", "{} nghĩa là gì", "{} để làm gì?", "{} ở đâu?", "{} có mấy loại?", "{} bao nhiêu?",
    "Ai cấp {}?", "Ai quản lý {}?", "Mức phạt {}?", "{} gồm những gì?", "{} khi nào?", "{} hết bao lâu?",
    "Có bao nhiêu {}?", "Thủ tục {}", "{} có mất tiền không?", "Quy định về {}", "{} năm 2025 đạt bao nhiêu?",
    "{} do ai ban hành?", "Nộp {} ở đâu?", "{} ai ký", "{} có hiệu lực khi nào?", "{} ra sao rồi?",
    "{} của tỉnh thế nào?", "Mục tiêu {}?", "Cơ quan nào lo {}?", "{} có phải {} không",
)  # fmt: skip


def short_questions(chance: random.Random) -> Iterator[str]:
    """Questions of few words that stand alone: they name a thing of the field."""
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    things = [line.split("\t")[1] for line in lines if "\t" in line and not line.startswith("#")]
    things = [thing for thing in dict.fromkeys(things) if len(thing.split()) > 1]
    short = [line.split("\t")[0] for line in ABBREVIATIONS.read_text(encoding="utf-8").splitlines()]
    things += [one for one in dict.fromkeys(short) if one.isupper() and len(one) > 2]
    things += [
        form.format(*(chance.randint(1, 12) for _ in "..")) for form in DATES for _ in "...."
    ]
    for thing in things:
        for form in chance.sample(SHORT, EACH):
            yield form.replace("{}", thing, 1).replace("{}", chance.choice(things))


def led_on(chance: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A second question on the same text, as people go on to it: "thế …", "còn …"."""
    asked: dict[str, list[str]] = {}
    for row in json_lines(HERE / "questions.jsonl"):
        asked.setdefault(row["text"], []).append(row["question"])
    pairs = [(text[1], (text[0],)) for text in asked.values() if len(text) > 1]
    for text, before in chance.sample(pairs, LED_ON):
        yield chance.choice(CUES) + text[0].lower() + text[1:], before


def examples() -> Iterator[Example]:
    """All that is taught, the same in each run."""
    chance = random.Random(0)
    asked = [row for file in SETS for row in json_lines(file)]
    led = [(row["question"], tuple(row["turns"])) for row in asked if row["turns"]]
    led += [(row["text"], (row["before"],)) for row in json_lines(FOLLOW_UPS)]
    led += led_on(chance)
    alone = [row["question"] for row in asked if not row["turns"]]
    alone += [row["question"] for row in json_lines(HERE / "questions.jsonl")[::2]]
    alone += short_questions(chance)
    talk = [row["text"] for row in json_lines(HERE / "gate.jsonl") if row["kind"] == "question"]
    on_texts = [row["question"] for row in json_lines(HERE / "reading.jsonl")]
    talk += [text for text in on_texts if len(text.split()) <= SHORT_WORDS]
    for text, before in led:
        yield Example(text, before, True)
        yield Example(bare(text), tuple(map(bare, before)), True)
    for at, text in enumerate([*alone, *talk]):
        turns, doubtful = (chance.choice(alone),), at >= len(alone)
        if chance.random() < BARE:
            yield Example(bare(text), tuple(map(bare, turns)), False, doubtful)
        else:
            yield Example(text, turns, False, doubtful)


def general_words(told: Iterable[Example]) -> frozenset[str]:
    """Words, and pairs of them, of several talks' follow-ups."""
    said: dict[str, set[str]] = {}
    for one in told:
        if one.follows:
            words = content(one.text)
            for word in [*words, *(f"{first} {second}" for first, second in pairwise(words))]:
                said.setdefault(word, set()).add(bare(" ".join(one.before)))
    return frozenset(word for word, talks in said.items() if len(talks) >= TALKS)


def signs(
    example: Example, abbreviations: Abbreviations, general: frozenset[str]
) -> list[str] | None:
    """What is seen of a message; None where no doubt is left, because it names its document."""
    one = prepared(example.text, abbreviations)
    if any(reference.names_document for reference in one.references):
        return None
    context = earlier(example.before, abbreviations)
    named = any(reference.names_document for reference in context.references)
    before = Earlier(context.topic, named)
    return list(signs_of(one.cleaned, one.kind, bool(one.references), before, general))


@dataclass(frozen=True, slots=True)
class Taught:
    """Messages in rows, what is seen of each in columns."""

    matrix: Any  # sparse
    names: Sequence[str]
    follows: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    groups: NDArray[np.str_]

    @classmethod
    def read(cls, told: Sequence[tuple[Example, list[str]]]) -> Taught:
        """With the signs that are seen often enough."""
        counts = Counter(sign for _, seen in told for sign in seen)
        reader = DictVectorizer()
        kept = [{sign: 1.0 for sign in seen if counts[sign] >= FEWEST} for _, seen in told]
        matrix = reader.fit_transform(kept)
        return cls(
            matrix, reader.get_feature_names_out(),
            np.array([one.follows for one, _ in told]),
            np.array([one.doubtful for one, _ in told]),
            np.array([" ".join(map(bare, one.before)) for one, _ in told]),
        )  # fmt: skip

    def of(self, rows: NDArray[np.bool_]) -> Taught:
        return Taught(
            self.matrix[rows],
            self.names,
            self.follows[rows],
            self.doubtful[rows],
            self.groups[rows],
        )

    def settled(self) -> Taught:
        """Doubtful messages as what a fit without them takes them for; others of them left out."""
        chances = fit(self.of(~self.doubtful)).predict_proba(self.matrix)[:, 1]
        leaning = self.doubtful & (chances >= SURE)
        kept = ~self.doubtful | leaning | (chances < PERHAPS)
        return replace(self, follows=self.follows | leaning).of(kept)

    @property
    def weights(self) -> NDArray[np.float64]:
        return np.where(self.follows, WEIGHT, 1.0)


def fit(taught: Taught) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    return model.fit(taught.matrix, taught.follows, sample_weight=taught.weights)


def left_out(taught: Taught) -> NDArray[np.float64]:
    """The chance that each message leans, by fits without those after the same question."""
    found: NDArray[np.float64] = cross_val_predict(
        LogisticRegression(C=STRENGTH, max_iter=2000), taught.matrix, taught.follows,
        groups=taught.groups, cv=GroupKFold(FOLDS), method="predict_proba",
        params={"sample_weight": taught.weights},
    )[:, 1]  # fmt: skip
    return found


def main() -> None:
    abbreviations = Abbreviations.open()
    given = list(examples())
    general = general_words(given)
    seen = [signs(one, abbreviations, general) for one in given]
    told = [(one, some) for one, some in zip(given, seen, strict=True) if some is not None]
    taught = Taught.read(told).settled()
    follows, chances = taught.follows, left_out(taught)
    model = fit(taught)
    named = zip(taught.names, model.coef_[0], strict=True)
    stored = {
        "general": sorted(general),
        "weights": {sign: round(float(weight), 3) for sign, weight in named if abs(weight) > 0.02},
        "bias": round(float(model.intercept_[0]), 3),
    }
    FITTED.write_text(json.dumps(stored, ensure_ascii=False) + "\n", encoding="utf-8")
    low, high = DOUBT

    def share(told: NDArray[np.bool_]) -> float:
        return round(float(told.mean()), 3)

    figures = {
        "follow-ups": int(follows.sum()),
        "stand alone": int((~follows).sum()),
        "told surely": [share(chances[follows] >= high), share(chances[~follows] <= low)],
        "told likelier": [share(chances[follows] >= LIKELIER), share(chances[~follows] < LIKELIER)],
        "told wrongly and surely": [
            share(chances[follows] <= low),
            share(chances[~follows] >= high),
        ],
    }
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
