"""Answers measured on question sets: answered rightly, from the right document, with the evidence."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from tqdm import tqdm

from index.evaluation.reliability import Calibration, Share, calibration
from index.evaluation.retrieval import SetUnreadable, unreadable
from index.result import Answer, Outcome, Quote, Step
from knowledge.document import Document
from knowledge.errors import DocumentUnknown
from knowledge.vietnamese import nfc

Ask = Callable[[str, Sequence[str]], Answer]
Read = Callable[[str], Document]
T = TypeVar("T")

Failure = Literal[  # mildest first
    "",
    "later document",  # the evidence is shown, but another document comes first
    "incomplete",  # some items of a list, or one answer of two
    "refused",  # answerable, and nothing was shown
    "not shown",  # the right document, other words
    "other document",
    "answered",  # unanswerable, yet something was shown
    "not verbatim",  # a quotation that its document does not hold
]
MANY = ("list", "twoquestions")  # styles whose `answer_contains` names things to be shown together


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question set."""

    id: str
    question: str
    style: str
    answerable: bool
    turns: tuple[str, ...] = ()
    document: str = ""
    also: tuple[str, ...] = ()  # documents that answer equally well
    evidence: str = ""
    answer_contains: tuple[str, ...] = ()
    note: str = ""  # for an unanswerable one, why it is


@dataclass(frozen=True, slots=True)
class Judged:
    """One question and what was made of it."""

    question: Question
    outcome: Outcome
    answered: bool
    quotes: tuple[Quote, ...]
    documents: tuple[str, ...]  # those quoted first, then those of the candidates
    evidence_shown: bool
    items: tuple[bool, ...]  # for each of `answer_contains`, whether it is shown
    verified: int  # quotes that are their document's text at their offsets
    understood: str
    text: str  # our own words
    confidence: float
    milliseconds: dict[str, float]
    processor_milliseconds: float
    steps: tuple[Step, ...]

    @property
    def words(self) -> int:
        return sum(len(quote.text.split()) for quote in self.quotes)

    @property
    def words_shown(self) -> bool:
        return bool(self.items) and all(self.items)

    @property
    def shown(self) -> bool:
        return self.evidence_shown or self.words_shown

    @property
    def right(self) -> bool:
        """An answer that answers. Where nothing is shown, nothing is right."""
        return self.answered and self.question.answerable and self.shown

    def within(self, first: int) -> bool:
        """A right document is among the `first`."""
        asked = self.question
        return not {asked.document, *asked.also}.isdisjoint(self.documents[:first])

    @property
    def failure(self) -> Failure:
        """The gravest thing wrong."""
        asked = self.question
        first = self.within(1)
        if self.verified < len(self.quotes):
            return "not verbatim"
        if not asked.answerable:
            return "answered" if self.answered else ""
        if not self.answered:
            return "refused"
        if not self.shown:
            return "not shown" if first else "other document"
        if asked.style in MANY and self.items and not self.words_shown:
            return "incomplete"
        return "" if first else "later document"

    def as_json(self) -> dict[str, Any]:
        """Without the words of documents: a run is kept, and documents are not ours to copy."""
        return {
            "id": self.question.id,
            "turns": self.question.turns,
            "question": self.question.question,
            "style": self.question.style,
            "answerable": self.question.answerable,
            "note": self.question.note,
            "outcome": self.outcome,
            "answered": self.answered,
            "failure": self.failure,
            "document@1": self.within(1),
            "document@3": self.within(3),
            "evidence_shown": self.evidence_shown,
            "items": self.items,
            "words": self.words,
            "verified": self.verified,
            "quotes": [
                {"document": q.document, "section": q.section, "start": q.start, "end": q.end}
                for q in self.quotes
            ],
            "documents": self.documents,
            "understood": self.understood,
            "confidence": self.confidence,
            "milliseconds": self.milliseconds,
            "processor_milliseconds": self.processor_milliseconds,
            "steps": [asdict(step) for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """What is counted over some of the questions."""

    questions: int
    decided: Share  # answered or refused rightly
    document_at_1: Share  # of the answerable ones, like the next four
    document_at_3: Share
    shown: Share  # the evidence, or all required words
    evidence: Share
    words_required: Share
    complete: Share  # of those that ask for several things: all of them shown
    refused_wrongly: Share  # of the answerable ones
    refused_rightly: Share  # of the unanswerable ones
    verified: Share  # of the quotations
    words: float | None  # quoted at the median, where an answerable question is answered

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> Summary:
        answerable = [one for one in judged if one.question.answerable]
        words = [one.words for one in answerable if one.answered]
        many = [one for one in answerable if one.question.style in MANY and one.items]
        return cls(
            questions=len(judged),
            decided=Share.counted(one.answered == one.question.answerable for one in judged),
            document_at_1=Share.counted(one.within(1) for one in answerable),
            document_at_3=Share.counted(one.within(3) for one in answerable),
            shown=Share.counted(one.shown for one in answerable),
            evidence=Share.counted(one.evidence_shown for one in answerable),
            words_required=Share.counted(one.words_shown for one in answerable),
            complete=Share.counted(one.words_shown for one in many),
            refused_wrongly=Share.counted(not one.answered for one in answerable),
            refused_rightly=Share.counted(
                not one.answered for one in judged if not one.question.answerable
            ),
            verified=Share(
                sum(one.verified for one in judged), sum(len(one.quotes) for one in judged)
            ),
            words=statistics.median(words) if words else None,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            name: value.as_json() if isinstance(value, Share) else value
            for name in self.__slots__
            for value in (getattr(self, name),)
        }


@dataclass(frozen=True, slots=True)
class Run:
    """All questions of some sets, answered by one index."""

    sets: tuple[str, ...]
    index: str  # identity of the generation asked
    judged: tuple[Judged, ...]

    @property
    def overall(self) -> Summary:
        return Summary.of(self.judged)

    @property
    def styles(self) -> dict[str, Summary]:
        names = dict.fromkeys(one.question.style for one in self.judged)
        return {
            name: Summary.of([one for one in self.judged if one.question.style == name])
            for name in names
        }

    @property
    def refused_by_note(self) -> dict[str, Share]:
        """Why a question has no answer -> how many such questions were refused."""
        unanswerable = [one for one in self.judged if not one.question.answerable]
        return {
            note: Share.counted(
                not one.answered for one in unanswerable if one.question.note == note
            )
            for note in dict.fromkeys(one.question.note for one in unanswerable)
        }

    @property
    def calibration(self) -> Calibration:
        """Of what confidence decides: not what is refused whatever the confidence."""
        return calibration(
            [
                (one.confidence, one.right)
                for one in self.judged
                if one.outcome in ("answered", "uncertain", "absent")
            ]
        )

    @property
    def failures(self) -> tuple[Judged, ...]:
        """Gravest first, then as asked."""
        grave = {name: -at for at, name in enumerate(get_args(Failure))}
        return tuple(
            sorted((one for one in self.judged if one.failure), key=lambda j: grave[j.failure])
        )

    def milliseconds(self) -> dict[str, float]:
        """From question to answer: median and 99th percentile; processor time on average."""
        taken = sorted(one.milliseconds["total"] for one in self.judged)
        return {
            "median": round(statistics.median(taken), 2),
            "p99": round(taken[-(len(taken) // 100) - 1], 2),
            "processor": round(
                statistics.fmean(one.processor_milliseconds for one in self.judged), 2
            ),
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "sets": self.sets,
            "index": self.index,
            "milliseconds": self.milliseconds(),
            "overall": self.overall.as_json(),
            "styles": {name: style.as_json() for name, style in self.styles.items()},
            "refused_by_note": {n: share.as_json() for n, share in self.refused_by_note.items()},
            "calibration": self.calibration.as_json(),
            "questions": [one.as_json() for one in self.judged],
        }


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a `.jsonl` file. Raises SetUnreadable."""
    try:
        rows = [
            json.loads(line) for line in file.read_text("utf-8-sig").splitlines() if line.strip()
        ]
        questions = tuple(_question(row) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(file, error) from error
    if not questions:
        raise SetUnreadable(f"Bộ câu hỏi {file} trống.")
    return questions


def _question(row: dict[str, Any]) -> Question:
    return Question(
        id=row["id"],
        question=row["question"],
        style=row["style"],
        answerable=row["answerable"],
        turns=tuple(row.get("turns") or ()),
        document=row.get("document") or "",
        also=tuple(row.get("also") or ()),
        evidence=row.get("evidence") or "",
        answer_contains=tuple(row.get("answer_contains") or ()),
        note=row.get("note") or "",
    )


def measure(questions: Sequence[Question], ask: Ask, read: Read, progress: bool) -> list[Judged]:
    """Ask each question and judge its answer; `read` gives the document a quotation names."""
    ask(questions[0].question, questions[0].turns)  # what is loaded once is not an answer's time
    judged = []
    for question in tqdm(questions, "Trả lời", unit="câu", disable=not progress):
        wall, processor = time.perf_counter(), time.process_time()
        answer = ask(question.question, question.turns)
        spent = time.perf_counter() - wall, time.process_time() - processor
        judged.append(judge(question, answer, read, *spent))
    return judged


def judge(
    question: Question, answer: Answer, read: Read, wall: float = 0.0, processor: float = 0.0
) -> Judged:
    """Compare an answer with what was expected; `wall` and `processor` are the seconds it took."""
    quotes = _united(one.quotes for one in (answer, *answer.parts))
    candidates = _united(one.candidates for one in (answer, *answer.parts))
    shown = collapsed(" ".join(quote.text for quote in quotes))
    evidence = collapsed(question.evidence)
    return Judged(
        question=question,
        outcome=answer.outcome,
        answered=answer.answered,
        quotes=quotes,
        documents=_united([[q.document for q in quotes], [c.document for c in candidates]]),
        evidence_shown=bool(evidence) and evidence in shown,
        items=tuple(collapsed(words) in shown for words in question.answer_contains),
        verified=sum(verbatim(quote, read) for quote in quotes),
        understood=answer.understood,
        text=answer.text,
        confidence=answer.confidence,
        milliseconds={**answer.milliseconds, "total": round(wall * 1000, 2)},
        processor_milliseconds=round(processor * 1000, 2),
        steps=answer.steps,
    )


def _united(groups: Iterable[Sequence[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))


def verbatim(quote: Quote, read: Read) -> bool:
    """The document is the one the quotation was cut from, and says just this at its offsets."""
    try:
        document = read(quote.document)
    except DocumentUnknown:
        return False
    return (
        quote.text == document.text[quote.start : quote.end]
        and bool(quote.text)
        and quote.sha256 == document.sha256
    )


def collapsed(text: str) -> str:
    """NFC, with every run of white space as one blank: how shown and expected words compare."""
    return re.sub(r"\s+", " ", nfc(text)).strip()
