"""What a question becomes: an answer with verbatim quotes, or an honest no, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from knowledge.document import Metadata, Stands

Outcome = Literal[
    "answered",  # quotes answer the question
    "uncertain",  # perhaps this: quotes to check
    "absent",  # the documents do not say; candidates are the nearest
    "nonexistent",  # the document, Điều or clause asked for does not exist
    "refused",  # no question to the documents: `refused` says what it is instead
]
Refused = Literal[
    "greeting",
    "thanks",
    "bot",  # about the bot itself: who it is, what it can do
    "offtopic",
    "personal",  # of one person: their file, their life, what to do for them
    "abuse",
    "injection",  # an attempt to instruct
    "distress",  # somebody in danger
]


@dataclass(frozen=True, slots=True)
class Quote:
    """`text` equals the document's canonical text at [start:end], and `sha256` is that text's hash."""

    text: str
    document: str
    metadata: Metadata
    section: str
    page: int | None
    start: int
    end: int
    sha256: str
    scanned: bool = False  # read by a machine off a picture of the page
    origin: str = ""  # of a summary: where it has this very statement from, "site, date"
    told: str = ""  # of a longer text the sentence that answers


@dataclass(frozen=True, slots=True)
class Claim:
    """What one of an answer's quotes says where its sources differ: a piece of it, verbatim."""

    quote: int
    value: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was considered, best first."""

    document: str
    title: str
    section: str
    score: float
    start: int
    end: int
    stands: Stands = "unknown"  # its document, when the question was asked


@dataclass(frozen=True, slots=True)
class Step:
    """One step of understanding or choosing, kept for `ask --explain`."""

    name: str
    detail: str
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The one result of a question. `text` is plain Vietnamese made by us, without the quotations.

    It is empty where `refused` says why nothing was looked up.
    """

    question: str
    understood: str  # the question as searched: diacritics restored, abbreviations spelt out
    outcome: Outcome
    text: str
    quotes: tuple[Quote, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    confidence: float = 0.0
    steps: tuple[Step, ...] = ()
    milliseconds: dict[str, float] = field(default_factory=dict)
    differing: tuple[Claim, ...] = ()  # the one to go by first; empty where sources agree
    phrased: str = ""  # the quotes in an LLM's words, checked; they are shown all the same
    refused: Refused | None = None
    meant: str = ""  # what the message was taken for, where that is not what was typed
    listed: int = 0  # documents that a question for a list of them asks for; the newest are quoted
    recorded: bool = (
        False  # what is asked of a document's effect stands in what is recorded beside it
    )
    # one each, where a message asked several questions; the quotes and candidates above are all of theirs
    parts: tuple[Answer, ...] = ()

    @property
    def answered(self) -> bool:
        return self.outcome in ("answered", "uncertain")
