"""What tells an answer from a look-alike, measured on what would be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np

from index.evidence.found import Found
from index.evidence.sentences import Sentence, with_titles
from index.evidence.sources import SUMMARY, years_of
from index.evidence.stretches import is_row
from index.evidence.weights import Words
from index.question.kind import KINDS, AnswerKind
from index.result import Quote
from index.store.generation import Generation
from knowledge.places import provinces_in

FOLLOWING = slice(1, 9)  # the sentences that the best one is compared with
FEWEST_LETTERS = 3
FEWEST_TELLING = 3  # of a question's tokens; else the heavier half
ANSWERED = 0.5  # cosine of two tokens that speak of the same


@dataclass(frozen=True, slots=True)
class Signals:
    """Measured on the best sentence, its passage and what is shown; zeros where nothing was found.

    None depends on how large the library is: the fit must hold for thirty documents and thousands.
    """

    asks: AnswerKind = "other"
    words: float = 0.0  # telling ones in the question
    dense: float = 0.0  # cosine of question and passage
    top_dense: float = 0.0  # of question and the nearest passage
    sentence: float = 0.0  # the sentence's own score
    gap: float = 0.0  # between it and the mean of those that follow
    cosine: float = 0.0  # of question and sentence
    coverage: float = 0.0  # share of the question's weight in what is shown and its passage
    marked: float = 0.0  # the same with diacritics
    pairs: float = 0.0  # the same for neighbouring words
    told: float = 0.0  # how well the sentence's tokens answer the question's
    told_around: float = 0.0  # the passage's
    weakest: float = 0.0  # how well they answer the telling token that they answer least
    weakest_around: float = 0.0
    untold: float = 0.0  # weight of the tokens that they do not answer
    untold_around: float = 0.0
    missing: float = 0.0  # rarity of the rarest telling word they lack, of the most there can be
    own_missing: float = 0.0  # that the best sentence lacks, with the titles above it
    own_coverage: float = 0.0  # share in what is shown and the headings
    own_pairs: float = 0.0
    kind: float = 0.0  # holds the kind of thing asked for
    wanted: float = 0.0  # 1 holds what the question's words call for, -1 does not, 0 none known
    named: float = 0.0  # likewise a name of a person, a company, a commune
    counted: float = 0.0  # likewise a number of the thing counted
    focus: float = 0.0  # likewise the words of what is asked
    names: float = 0.0  # likewise the question's proper names
    numbers: float = 0.0  # likewise the numbers it states: a premise
    claims: float = 0.0  # likewise the deeds it takes for granted
    place: float = 0.0  # likewise whether the passage or its document is of the provinces it names
    unmet: float = 0.0  # how many of wanted, counted, names and numbers are asked and not met
    at_once: float = 0.0  # wanted, named and counted in the best sentence itself
    grip: float = 0.0  # best share of the question in one sentence shown that holds all of these
    grip_kind: float = 0.0  # and a thing of the kind asked for
    now: float = 0.0  # asks how things stand today
    premise: float = 0.0  # takes something for granted
    mine: float = 0.0  # asks of one's own case
    read: float = 0.0  # the reader's log odds of the best sentence, against none of them
    chance: float = 0.0  # that one of those shown answers, by both readings
    none: float = 0.0  # that none of all does
    crossed: float = 0.0  # log odds of the best sentence, against none, by the second reading
    crossed_shown: float = 0.0  # and of the best of those shown
    crossed_gap: float = 0.0  # between the best and the second best
    bound: float = 0.0  # the question names its document
    row: float = 0.0  # the sentence is a row of a table
    years: float = 0.0  # every year asked about stands there
    own_years: float = 0.0  # in the best sentence itself, -1 where that tells of other years
    english: float = 0.0


NOTHING = Signals()
NAMES = (*(field.name for field in fields(Signals) if field.name != "asks"), *KINDS)


def values(signals: Signals) -> list[float]:
    """The signals as numbers, in the order of NAMES: a one for the kind asked for."""
    asks, *measured = astuple(signals)
    return [*measured, *(float(kind == asks) for kind in KINDS)]


# longer than a screen: one signal a line, named
def signals_of(generation: Generation, found: Found, quotes: Sequence[Quote]) -> Signals:
    """The signals of what was found, if `quotes` were shown."""
    asked, focus, understanding = found.asked, found.focus, found.understanding
    letters = sum(map(str.isalpha, understanding.cleaned))
    if not quotes or letters < FEWEST_LETTERS or not (asked.folded or found.scope.span):
        return NOTHING  # found, or asked
    # a heading may come first, which asks what is asked and answers nothing
    told = told_by(found, quotes)
    best = next(iter(told), found.sentences[0])
    passage = generation.passages[best.passage]
    about = generation.entry[passage.document].metadata
    day = about.date if about.kind != SUMMARY else ""  # none that it tells of
    around = f"{passage.heading}\n{about.number} {day}\n{generation.text_of(best.passage)}"
    shown = "\n".join(quote.text for quote in quotes)
    both = f"{around}\n{shown}"
    words = Words.of(both)
    coverage, marked, pairs = asked.coverage(words)
    if understanding.language == "vi" and asked.folded and not coverage:
        return NOTHING  # of its words
    _, own_coverage, own_pairs = asked.coverage(Words.of(f"{passage.heading}\n{shown}"))
    wanted, named, counted = focus.settled(shown)
    names, numbers = focus.held(both)
    known_years = _all_in(understanding.years, both)
    following = [one.score for one in found.sentences[FOLLOWING]] or [best.score]
    grip, grip_kind = _grip(told)
    own_text = with_titles(generation, best)
    own_words = Words.of(own_text)
    own = generation.provinces[passage.document]
    asked_of = understanding.provinces_for(own)
    place = own | provinces_in(both) if asked_of else frozenset()
    return Signals(
        asks=understanding.answer_kind,
        words=min(20.0, len(asked.folded)),
        dense=float(found.ranking.dense[best.passage]),
        top_dense=float(found.ranking.dense.max()),
        sentence=best.score,
        gap=best.score - float(np.mean(following)),
        cosine=best.cosine,
        coverage=coverage,
        marked=marked,
        pairs=pairs,
        **_told(generation, found, best),
        missing=asked.missing(words) / generation.lexical.rarest,
        own_missing=asked.missing(own_words) / generation.lexical.rarest,
        own_coverage=own_coverage,
        own_pairs=own_pairs,
        kind=best.feature("kind"),
        wanted=wanted,
        named=named,
        counted=counted,
        focus=focus.about(shown),
        names=names,
        numbers=numbers,
        claims=focus.claimed(shown),
        place=_all_in(sorted(asked_of), place),
        unmet=float(sum(x < 0 for x in (wanted, named, counted, names, numbers, known_years))),
        at_once=sum(map(best.feature, ("wanted", "named", "counted"))),
        grip=grip,
        grip_kind=grip_kind,
        now=float(focus.now),
        premise=float(focus.premise),
        mine=float(focus.mine),
        **_read(found, told),
        bound=float(bool(found.scope.span or found.scope.rows)),
        row=float(is_row(generation.outline(passage.document), best.start)),
        years=known_years,
        own_years=_of_years(understanding.years, years_of(generation, best)),
        english=float(understanding.language == "en"),
    )


def _told(generation: Generation, found: Found, best: Sentence) -> dict[str, float]:
    """What late interaction says of the best sentence and its passage."""
    words = found.ranking.query.words
    similarity = words.similarity(generation.vectors.tokens_of(best.passage)) if words else None
    if words is None or similarity is None or not len(similarity):
        return {}
    first, last = generation.token_span(best.passage, best.start)
    around = similarity.max(axis=0)
    own = similarity[first:last].max(axis=0, initial=-1.0)
    telling = np.argsort(-words.weights)[: max(FEWEST_TELLING, len(words.weights) // 2)]
    return {
        "told": float(own @ words.weights),
        "told_around": float(around @ words.weights),
        "weakest": float(own[telling].min()),
        "weakest_around": float(around[telling].min()),
        "untold": float(words.weights[own < ANSWERED].sum()),
        "untold_around": float(words.weights[around < ANSWERED].sum()),
    }


def _read(found: Found, told: Sequence[Sentence]) -> dict[str, float]:
    """What the reader says of what would be shown."""
    if found.reading is None:
        return {}
    return {
        "read": float(found.reading.sentences.max()) - found.reading.none,
        "chance": min(1.0, sum(one.chance for one in told)),
        "none": found.reading.nothing,
        **_crossed(found, told),
    }


def _crossed(found: Found, told: Sequence[Sentence]) -> dict[str, float]:
    """What the second reading says."""
    odds = sorted(one.crossed for one in found.sentences if one.crossed is not None)
    if not odds:
        return {}
    shown = (one.crossed for one in told if one.crossed is not None)
    return {
        "crossed": odds[-1],
        "crossed_shown": max(shown, default=odds[0]),
        "crossed_gap": odds[-1] - odds[-2] if len(odds) > 1 else 0.0,
    }


def _all_in(things: Sequence[str], there: str | frozenset[str]) -> float:
    """1 where all are there, -1 where one is not, 0 where there are none."""
    return (1.0 if all(thing in there for thing in things) else -1.0) if things else 0.0


def _of_years(asked: Sequence[str], told: frozenset[str]) -> float:
    """1 where every year asked about is told of, -1 where but others are, 0 where none is."""
    if not asked or not told:
        return 0.0
    return 1.0 if told.issuperset(asked) else -1.0


def _grip(told: Sequence[Sentence]) -> tuple[float, float]:
    grip = grip_kind = 0.0
    for one in told:
        if min(map(one.feature, ("wanted", "named", "counted"))) >= 0:
            grip = max(grip, one.feature("section"))
            grip_kind = max(grip_kind, one.feature("section") * one.feature("kind"))
    return grip, grip_kind


def told_by(found: Found, quotes: Sequence[Quote]) -> list[Sentence]:
    """The sentences found that stand in the quotes, best first."""
    return [
        one
        for one in found.sentences[:60]
        if any(
            one.document == q.document and one.start < q.end and q.start < one.end for q in quotes
        )
    ]
