"""What the administrators' report counts. People's words are masked before they are looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.records import Asked, Counted
from bot.reports.subjects import subject
from bot.watching.masking import masked
from index.law.references import Reference, references_in
from index.result import Answer
from knowledge.calendar import date_of, day_at
from knowledge.vietnamese import syllables

GROUPS = 25  # of questions, and of documents, at most
_COMPARED = 2000  # unanswered questions put in groups, the newest
_ALIKE = 0.5  # of their words
_UNANSWERED = ("absent", "nonexistent")

Holds = Callable[[Reference], bool]


@dataclass(frozen=True, slots=True)
class Count:
    """Questions, how many of them were answered, and how many were none to the documents."""

    name: str
    questions: int
    answered: int
    refused: int = 0

    @property
    def share(self) -> float | None:
        """Answered, of those put to the documents."""
        asked = self.questions - self.refused
        return self.answered / asked if asked else None


@dataclass(frozen=True, slots=True)
class Figures:
    since: date
    until: date
    whole: Count
    days: tuple[Count, ...]  # each day of the period; `name` is its ISO date
    subjects: tuple[Count, ...]  # most asked first; refusals are of none
    outcomes: dict[str, int]
    up: int
    down: int
    reasons: dict[str, int]
    median: float | None  # seconds
    slowest: float | None  # of 95 %
    unanswered: tuple[tuple[str, int], ...]  # one masked question of each group, and its size
    counted: int  # questions of which nothing but their day, outcome and thumb is kept
    missing: tuple[tuple[str, int], ...]  # documents asked for by name that the library lacks
    cited: tuple[tuple[str, int], ...]  # documents quoted most

    @property
    def period(self) -> str:
        return f"{date_of(self.since.isoformat())} – {date_of(self.until.isoformat())}"

    @property
    def questions(self) -> int:
        return self.whole.questions


# longer than a screen: one pass over the questions, a line for each thing that is counted
def figures(
    asked: Iterable[Asked],
    since: date,
    until: date,
    holds: Holds,
    counted: Iterable[Counted] = (),
) -> Figures:
    """`holds` tells whether the library has a document; both days are of Vietnam and counted.
    `counted` is what is left of questions that are no longer kept."""
    days: dict[str, list[str]] = {
        (since + timedelta(number)).isoformat(): [] for number in range((until - since).days + 1)
    }
    subjects: dict[str, list[str]] = {}
    seconds, thumbs, reasons = [], Counter[int](), Counter[str]()
    cited, missing, open_questions = Counter[str](), Counter[str](), []
    for one in asked:
        day = day_at(one.at).isoformat()
        if day not in days:
            continue
        answer = one.answer
        days[day].append(answer.outcome)
        if answer.outcome != "refused":
            subjects.setdefault(subject(answer.understood), []).append(answer.outcome)
        if answer.outcome in _UNANSWERED:
            open_questions.append(masked(answer.question))
            missing.update(_lacking(answer, holds))
        cited.update({quote.metadata.title for quote in answer.quotes})
        seconds += [one.seconds] if one.seconds is not None else []
        thumbs.update([one.thumb] if one.thumb else [])
        reasons.update([one.reason] if one.reason else [])
    old = [one for one in counted if one.day in days]
    for gone in old:
        days[gone.day] += [gone.outcome] * gone.questions
        thumbs.update({1: gone.up, -1: gone.down})
    outcomes = Counter(outcome for day in days.values() for outcome in day)
    groups = alike(open_questions[: -_COMPARED - 1 : -1])
    return Figures(
        since=since, until=until, whole=_count("", list(outcomes.elements())),
        days=tuple(_count(name, found) for name, found in days.items()),
        subjects=tuple(sorted((_count(name, found) for name, found in subjects.items()),
                              key=lambda count: -count.questions)),
        outcomes=dict(outcomes), up=thumbs[1], down=thumbs[-1], reasons=dict(reasons.most_common()),
        median=_quantile(seconds, 0.5), slowest=_quantile(seconds, 0.95),
        unanswered=tuple((group[0], len(group)) for group in groups[:GROUPS]),
        counted=sum(one.questions for one in old),
        missing=tuple(missing.most_common(GROUPS)), cited=tuple(cited.most_common(GROUPS)),
    )  # fmt: skip


def _count(name: str, outcomes: Sequence[str]) -> Count:
    answered = sum(outcome in ("answered", "uncertain") for outcome in outcomes)
    return Count(name, len(outcomes), answered, sum(one == "refused" for one in outcomes))


def _quantile(values: Sequence[float], share: float) -> float | None:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else None


def _lacking(answer: Answer, holds: Holds) -> set[str]:
    """Names of the documents that a question asks for and the library lacks."""
    found = references_in(masked(answer.understood))
    return {
        " ".join(filter(None, (one.kind, one.number, one.name)))
        for one in found
        if one.number and not holds(one)
    }


def alike(questions: Sequence[str]) -> list[list[str]]:
    """Questions in groups of those that share most of their words, largest group first.

    Each joins the first group whose first question is alike: dull, but explainable.
    """
    groups: list[tuple[set[str], list[str]]] = []
    for question in questions:
        words = set(syllables(question))
        for first, group in groups:
            if len(words & first) >= _ALIKE * len(words | first):
                group.append(question)
                break
        else:
            groups.append((words, [question]))
    return sorted((group for _, group in groups), key=len, reverse=True)
