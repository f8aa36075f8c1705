"""Question -> Answer: understand, find, choose the sentences that answer, or say that none does."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np

from index import wording
from index.admission import Admission, is_asked, is_shown
from index.evidence.acronyms import of_other_letters
from index.evidence.astray import astray, of_namesake
from index.evidence.by_name import asked_by_name
from index.evidence.confidence import NONE as NOTHING
from index.evidence.confidence import Confidence, confidence, verdict
from index.evidence.cross import CrossReader, read_again, said
from index.evidence.cross import opened as opened_cross
from index.evidence.fate import asks_its_fate, fate_known
from index.evidence.focus import Focus
from index.evidence.found import Found
from index.evidence.office import OTHER, of_another
from index.evidence.opposed import opposed
from index.evidence.quoting import Quoting
from index.evidence.reader import Reader, Reading
from index.evidence.reader import fitted as fitted_reader
from index.evidence.rereading import reread
from index.evidence.sentences import Sentence, sentences_of
from index.evidence.signals import NAMES, Signals, signals_of, values
from index.evidence.sources import preferred
from index.evidence.weights import Asked, aside
from index.law.asked_effect import speaks_of_effect, stating, tells_end
from index.law.closing import signs, speaks_of_signing
from index.law.definitions import Place, asked_term
from index.law.names import DocumentNames
from index.question.amounts import as_counted
from index.question.diacritics import Restorer
from index.question.follow import LIKELIER, in_doubt, led_on
from index.question.gate import Gate, Refusal
from index.question.spelling import Speller
from index.question.understand import Understanding, understand
from index.result import Answer, Candidate, Quote, Step
from index.retrieval.encoder import Encoder, open_encoder
from index.retrieval.lexical import LexicalIndex
from index.retrieval.search import Query, Ranking, Scores, Searcher, best_of
from index.scope import Scope, closed_by_best, scope_of
from index.store.generation import Generation
from knowledge.abbreviations import Abbreviation, Abbreviations, agreed
from knowledge.calendar import today
from knowledge.places import HOME
from knowledge.vietnamese import fold, nfc

_log = logging.getLogger(__name__)
_PASSING = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}  # faults that say nothing of a file

LONGEST = 4096  # characters of a message: Telegram's own limit
READ = (400, 800)  # of a longer one that are understood: its beginning, and its end, which asks
BESIDE = 0.5  # confidence, at most, in what tells the counterpart of what is asked
PASSAGES = 20  # whose sentences are weighed against each other

NONE = Abbreviations(())  # for a message that is to be taken as it was typed

WARMING = (  # a question of each kind that asks something else of the generation
    "chuyen doi so la gi",
    "Nghị định 1/2000/NĐ-CP còn hiệu lực không?",
    "Điều 1 Luật Giao dịch điện tử quy định gì?",
    "Kế hoạch của tỉnh nêu những nhiệm vụ nào, bao nhiêu phần trăm?",
    "What does the decree say?",
)


class Answerer:
    """Answers over one generation. Thread-safe: nothing in it changes."""

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        own: Sequence[Abbreviation] = (),
        contact: str = "",
    ) -> None:
        """`own` are the maintainers' abbreviations; `contact` is where else to ask."""
        self.generation = generation
        self.problem = ""  # what it answers without
        self._restorer = self._restoring()
        told = (pair for facts in generation.facts.values() for pair in facts.abbreviations)
        self._abbreviations = Abbreviations.open(own, agreed(told), generation.lexical.having_all)
        speller = Speller.over(self._restorer, self._abbreviations)
        # what is understood, twice where it is in doubt, and what is told of it mend the same message
        self._mended = lru_cache(maxsize=8)(speller.mended)
        self._names = DocumentNames(generation.entries, self._abbreviations)
        self._searcher = Searcher(encoder, generation.vectors, generation.lexical)
        self._encoder = encoder
        gate = Gate.open()
        # the gate was taught on the shipped encoder's vectors; another one's mean other things
        shipped = encoder.fingerprint == gate.fingerprint
        self._admission = Admission(gate, encoder if shipped else open_encoder(), generation)
        self._reader = fitted_reader() if shipped else None
        self._cross = opened_cross() if shipped else None
        self._contact = contact
        self._quoting = Quoting(generation)

    def read_by(self, reader: Reader | None, cross: CrossReader | None = None) -> Answerer:
        """The same with other readings, or without: what a reading is taught on is found so."""
        other = copy(self)
        other._reader, other._cross = reader, cross
        return other

    def _restoring(self) -> Restorer:
        """With what it learns from these documents, unless that is damaged: no reason to be silent."""
        try:
            return Restorer.open(library=self.generation.languages)
        except Exception as error:  # NumPy, Unicode and the disk each complain in their own way
            if isinstance(error, MemoryError) or getattr(error, "errno", 0) in _PASSING:
                raise
            _log.warning("The library's language cannot be used: %s", error)
            self.problem = (
                "Phần ngôn ngữ của chỉ mục bị hỏng, câu hỏi không dấu có thể được hiểu kém hơn. "
                "Hãy chạy `cdsbot reindex`."
            )
            return Restorer.open()

    def warm(self) -> None:
        """Work out in advance what the first questions would otherwise wait for."""
        self.generation.warm()
        for question in WARMING:
            self.answer(question)

    def answer(self, question: str, turns: Sequence[str] = (), literal: bool = False) -> Answer:
        """The answer to a message; `turns` are the same person's earlier ones, oldest first.

        `literal` takes it as it was typed: nothing completed, mended or spelt out.
        """
        clock = _Clock()
        question = question[:LONGEST]
        if literal:
            with clock("understand"):
                return self._answered(question, understand(_gist(question), (), None, NONE), clock)
        with clock("understand"):
            understood = self._understood(question, turns)
        chance = understood[0].leaning if understood else 0.0  # a picture alone
        if not in_doubt(chance):
            led = self._answered(question, understood, clock)
            silent = led.outcome == "absent" and chance < 1 and _led_by_document(understood)
            alone = self._rather_alone(question, clock) if silent else None
            return alone or self._told(led, understood, turns)
        with clock("understand"):
            both = self._understood(question, ()), self._understood(question, turns, led=True)
        alone, led = (self._answered(question, one, clock) for one in both)
        # of a document that is not here nothing is known: its absence speaks neither for nor against
        sure = {"nonexistent": LIKELIER, "refused": 0.0}.get(led.outcome, led.confidence)
        if led_on(chance, 0.0 if alone.outcome == "refused" else alone.confidence, sure):
            return self._told(led, both[1], turns)
        return self._told(alone, both[0], ())

    def _rather_alone(self, question: str, clock: _Clock) -> Answer | None:
        """What answers by itself "chợ 4.0" after "Điều 4 … quy định gì", whose document is silent on it."""
        understood = self._understood(question, ())
        alone = self._answered(question, understood, clock)
        surer = alone.answered and alone.confidence >= LIKELIER
        return self._told(alone, understood, ()) if surer else None

    def _answered(
        self, question: str, understood: Sequence[Understanding], clock: _Clock
    ) -> Answer:
        with clock("gate"):
            refused = self._admission.refusal(question, understood)
        if refused is None or is_asked(refused):
            parts = tuple(self._answer_one(one, clock, refused is not None) for one in understood)
            answer = parts[0] if len(parts) == 1 else _joined(question, parts)
            if refused is None or is_shown(refused, answer.answered, answer.confidence):
                return replace(answer, question=question, milliseconds=clock.taken())
        step = Step("gate", f"{refused.kind} {refused.probability:.2f}")
        return Answer(
            question, question, "refused", "", refused=refused.kind, steps=(step,),
            confidence=refused.probability, milliseconds=clock.taken(),
        )  # fmt: skip

    def _told(
        self, answer: Answer, understood: Sequence[Understanding], turns: Sequence[str]
    ) -> Answer:
        """With what the message was taken for, where that is not what was typed."""
        if answer.outcome == "refused":
            return answer
        mended = self._mended(nfc(_gist(answer.question))) != nfc(_gist(answer.question))
        return replace(answer, meant=wording.meant(understood, turns, mended, answer.outcome))

    def refusal(self, message: str, turns: Sequence[str] = ()) -> Refusal | None:
        """What a message is instead of a question to the documents, if it is not one."""
        return self._admission.refusal(message, self._understood(message, turns))

    def find_all(
        self, question: str, turns: Sequence[str] = (), without: Sequence[int] = ()
    ) -> tuple[Found, ...]:
        """What is found for each question of a message, before it is decided what to show.

        `without` are rows of passages to look past, as if the library did not hold them.
        """
        return tuple(self.find(one, _Clock(), without) for one in self._understood(question, turns))

    def _understood(
        self, question: str, turns: Sequence[str], led: bool = False
    ) -> tuple[Understanding, ...]:
        meant = as_counted(self._mended(nfc(_gist(question))), self.generation.lexical.frequency)
        return understand(meant, turns, self._restorer, self._abbreviations, led)

    def search(self, question: str, limit: int = 10) -> tuple[Candidate, ...]:
        """The passages nearest to the question, best first; none where it shares no word with any."""
        found = self.find_all(question)
        # words that no document has: the nearest passages are near by chance
        known = found and found[0].ranking.lexical.max(initial=0) > 0
        return tuple(self._candidates(found[0])[:limit]) if known else ()

    def rank(self, query: Query) -> Ranking:
        """All passages for a query, whatever a document's name in it would keep out."""
        return self._searcher.rank(query)

    def _answer_one(
        self, understanding: Understanding, clock: _Clock, doubted: bool = False
    ) -> Answer:
        """`doubted` where the gate takes it for no question: then what is firm is shown to be checked,
        and nothing else."""
        found = self.find(understanding, clock)
        with clock("choose"):
            quotes, claims = self._quoting.both_sides(found, self.quotes(found))
            signals = signals_of(self.generation, found, quotes)
            sure = bool(found.by_name.stretches)
            trusted = Confidence(1.0, found.scope.likely) if sure else confidence(signals)
            another = any(one.astray >= OTHER for one in found.sentences[:1])
            trusted = NOTHING if found.by_name.untold or another else trusted
            if not found.by_name.recorded and opposed(found, quotes, self.generation):
                trusted = replace(trusted, right=min(trusted.right, BESIDE))
            outcome = verdict(found.scope, trusted)
            if doubted and not sure and outcome != "nonexistent":
                outcome = "uncertain" if outcome == "answered" else "absent"
        shown = outcome in ("answered", "uncertain")
        listed = found.by_name.listed if shown else 0
        candidates = tuple(self._candidates(found))
        here = wording.on_it(understanding.alone, candidates)
        lead = wording.lead(outcome, found.scope, self._title(found.scope), self._contact, here)
        return Answer(
            question=understanding.asked,
            understood=understanding.dense,
            outcome=outcome,
            text=wording.listed(listed, len(quotes)) if listed else lead,
            quotes=quotes if shown else (),
            differing=claims if shown else (),
            candidates=candidates,
            confidence=round(trusted.right, 4),
            steps=(*understanding.steps, *found.scope.steps, _shown(signals)),
            listed=listed,
            recorded=shown and found.by_name.recorded,
        )

    def _title(self, scope: Scope) -> str:
        path = scope.absent.document if scope.absent else ""
        return self.generation.entry[path].metadata.title if path else ""

    def find(
        self, understanding: Understanding, clock: _Clock, without: Sequence[int] = ()
    ) -> Found:
        """Rank the passages in scope and their sentences."""
        with clock("scope"):
            scope = scope_of(understanding, self.generation, self._names)
        with clock("search"):
            query = Query(understanding.dense, understanding.lexical)
            prefer = self._preferred(scope, without)
            ranking = self._searcher.rank(query, prefer)
            ranking = ranking.without(without) if without else ranking
            best = self._best(ranking, prefer)
            scope = closed_by_best(scope, understanding, self.generation, best)
            places = self._settling(understanding, scope)
            passages = self._passages(scope, ranking, best, places)
        with clock("evidence"):
            if understanding.lead:  # the passage is on the subject; the sentence answers
                ranking = replace(ranking, query=self._encoder.encode_query(understanding.alone))
            asked = _asked(understanding, scope, self.generation.lexical)
            spelt = understanding.alone if understanding.language == "vi" else understanding.lexical
            spans = [reference.span for reference in understanding.references]
            focus = Focus.of(spelt, understanding.answer_kind, understanding.cleaned, spans)
            placed = partial(
                sentences_of, self.generation, understanding, ranking, passages, asked, focus,
                frozenset(places), scope.mention,
            )  # fmt: skip
            # none begins in a section whose first line goes on from the one above
            sentences = placed(scope.span) or placed(None)
            sentences = self._apt(sentences, understanding, scope, told=bool(places))
            sentences, reading = self._read(understanding, scope, ranking, sentences, focus.now)
        return Found(
            understanding, scope, ranking, tuple(passages), tuple(sentences), asked, focus, reading,
            asked_by_name(understanding, asked, scope, sentences, self.generation),
        )  # fmt: skip

    def _apt(
        self, sentences: list[Sentence], understanding: Understanding, scope: Scope, *, told: bool
    ) -> list[Sentence]:
        """Those that can answer; `told` is whether it is known where what is asked is stated."""
        if scope.span is None and speaks_of_signing(understanding.alone):
            # a name below a document answers only who signed the document that is meant
            sentences = [one for one in sentences if not self._signs(one)]
        if scope.mention and understanding.answer_kind == "validity":
            # what else stands beside its name tells the effect of another
            sentences = [one for one in sentences if self._tells_effect(one)]
        if asks_its_fate(understanding) and (told or not fate_known(scope, self.generation)):
            # from when on it applies does not tell that
            sentences = [one for one in sentences if self._tells_fate(one, told)]
        return sentences

    def _read(
        self,
        understanding: Understanding,
        scope: Scope,
        ranking: Ranking,
        sentences: Sequence[Sentence],
        now: bool,
    ) -> tuple[list[Sentence], Reading | None]:
        """The sentences in the order of what is read: all of them, then the best once more."""
        away = of_another(self.generation, understanding.alone, sentences)
        away += of_other_letters(self.generation, understanding, sentences)
        away += of_namesake(self.generation, scope.documents, sentences)
        if understanding.lead and not scope.rows:  # those are of the document that was spoken of
            spoken = ranking
            if not understanding.turns:
                spoken = self.rank(Query(understanding.spoken, understanding.lead))
            away += astray(self.generation, spoken, sentences)
        read, reading = reread(
            self.generation, understanding, ranking, sentences, self._reader, away
        )
        if reading and self._cross:
            read = read_again(
                self.generation, understanding.alone, read, reading.nothing, self._cross
            )
        return preferred(read, understanding, self.generation, today(), now), reading

    def _signs(self, sentence: Sentence) -> bool:
        return signs(self.generation.outline(sentence.document), sentence.start)

    def _tells_effect(self, sentence: Sentence) -> bool:
        """Of the document asked about, which the library does not hold; perhaps in the line that opens a list."""
        if not sentence.feature("mentions"):
            return False
        read = said(self.generation, sentence)
        return speaks_of_effect(fold(f"{read.lead}\n{read.text}"))

    def _tells_fate(self, sentence: Sentence, stated: bool) -> bool:
        """What became of a document, where that is `stated` in so many words, or as far as words tell."""
        if stated:
            return sentence.feature("defines") > 0
        read = said(self.generation, sentence)
        return tells_end(fold(f"{read.lead}\n{read.text}"))

    def _settling(self, understanding: Understanding, scope: Scope) -> Sequence[Place]:
        """Where the term asked about is defined, or the effect asked about stated."""
        if understanding.answer_kind in ("definition", "other"):
            return asked_term(understanding.dense, self.generation.definitions)[1]
        if understanding.answer_kind == "validity":
            return stating(
                self.generation.relations, scope.documents, understanding.references,
                fold(understanding.alone).rstrip(" ?."),
            )  # fmt: skip
        return ()

    def _passages(
        self, scope: Scope, ranking: Ranking, best: list[int], defined: Sequence[Place]
    ) -> list[int]:
        """Rows of the passages to read: the whole section asked for, else the best in scope."""
        if scope.span:
            return list(scope.rows[:40])
        allowed = set(scope.rows)
        defining = (self._row(*place) for place in defined[:5])
        return best + [
            row
            for row in defining
            if row is not None
            and row not in best
            and ranking.fused[row] > -np.inf
            and (not allowed or row in allowed)
        ]

    def _best(self, ranking: Ranking, prefer: Scores | None) -> list[int]:
        scores = ranking.fused if prefer is None else ranking.fused + prefer
        return [int(row) for row in best_of(scores, PASSAGES) if scores[row] > -np.inf]

    def _preferred(self, scope: Scope, without: Sequence[int]) -> Scores | None:
        """What a scope adds to each passage's score: nothing that lies outside is found."""
        if not scope.rows and not without:
            return scope.bonus
        outside = -np.inf if scope.rows else 0
        inside = np.full(len(self.generation.passages), outside, np.float32)
        inside[list(scope.rows)] = 0
        inside[list(without)] = -np.inf
        return inside if scope.bonus is None else inside + scope.bonus

    def _row(self, path: str, at: int) -> int | None:
        """The passage that holds a place, if any does."""
        for row in self.generation.entry[path].rows:
            if self.generation.passages[row].start <= at < self.generation.passages[row].end:
                return row
        return None

    def quotes(self, found: Found) -> tuple[Quote, ...]:
        """What would be quoted, whatever comes of it."""
        return self._quoting.quotes(found)

    def _candidates(self, found: Found) -> list[Candidate]:
        """Passages in the order of their best sentence, then of their own score."""
        order = list(dict.fromkeys([s.passage for s in found.sentences] + list(found.passages)))
        return [
            Candidate(
                document=passage.document,
                title=self.generation.entry[passage.document].metadata.title,
                section=passage.section,
                score=round(float(found.ranking.fused[row]), 4),
                start=passage.start,
                end=passage.end,
                stands=self.generation.metadata(passage.document).stands(today()),
            )
            for row in order[:PASSAGES]
            for passage in (self.generation.passages[row],)
        ]


def _asked(understanding: Understanding, scope: Scope, lexical: LexicalIndex) -> Asked:
    """The question's words with their weights: what names its document is not to be met again."""
    spans = [one.span for one in understanding.references if scope.documents]
    named, cleaned = [understanding.cleaned[slice(*span)] for span in spans], understanding.cleaned
    if understanding.at_home:  # a word to search by, not one to be met
        named, cleaned = [*named, HOME], f"{cleaned} {HOME}"
    said = aside(cleaned, named, understanding.lead)
    return Asked.of(understanding.lexical, understanding.dense, lexical, said)


def _gist(message: str) -> str:
    """What is understood of a message: all of it, unless it is far longer than a question is."""
    head, tail = READ
    if len(message) <= head + tail:
        return message
    return f"{message[:head].rsplit(' ', 1)[0]} … {message[-tail:].split(' ', 1)[-1]}"


def _led_by_document(understood: Sequence[Understanding]) -> bool:
    return any(one.names_document for part in understood for one in part.inherited)


class _Clock:
    """Milliseconds spent in each step of one answer."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._spent: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        spent = (time.perf_counter() - started) * 1000
        self._spent[step] = round(self._spent.get(step, 0.0) + spent, 2)

    def taken(self) -> dict[str, float]:
        return {**self._spent, "total": round((time.perf_counter() - self._started) * 1000, 2)}


def _shown(signals: Signals) -> Step:
    measured = zip(NAMES, values(signals), strict=True)
    return Step("signals", ", ".join(f"{name}={value:.2f}" for name, value in measured if value))


def _joined(question: str, parts: Sequence[Answer]) -> Answer:
    """One answer to a message of several questions; answered when any of them is."""
    best = next((part for part in parts if part.answered), parts[0])
    return Answer(
        question=question,
        understood=" / ".join(part.understood for part in parts),
        outcome=best.outcome,
        text=best.text,
        quotes=tuple(dict.fromkeys(quote for part in parts for quote in part.quotes)),
        candidates=tuple(dict.fromkeys(one for part in parts for one in part.candidates)),
        confidence=max(part.confidence for part in parts),
        steps=tuple(step for part in parts for step in part.steps),
        parts=tuple(parts),
    )
