"""A heading that asks the very question: what stands below it is meant to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from index.evidence.sentences import Sentence
from index.evidence.sources import years_in
from index.evidence.stretches import Stretch, section_at
from index.evidence.weights import Asked, Words
from index.question.follow import content
from index.question.kind import kind_of
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.document import Section
from knowledge.places import HOME
from knowledge.vietnamese import syllables

POSING = 10  # best sentences under whose headings the question itself is looked for
POSED = 0.95  # of its weight, in a heading that asks it
NO_MORE = 0.65  # of the heading's weight, in that question: "đăng ký ở đâu" asks for no kiosk
FEWEST = 3  # words of a heading that asks for itself what it is about
LINES, LINES_WORDS = 3, 75  # below such a heading that are shown, at most

_LINE = re.compile(r"\S.*\S")


def posed(
    asked: Understanding, weighed: Asked, sentences: Sequence[Sentence], generation: Generation
) -> tuple[Stretch, ...]:
    """The first lines below a heading that asks the question: they are meant to answer it."""
    for one in sentences[:POSING]:
        outline = generation.outline(one.document)
        at = section_at(outline, one.start)
        while at >= 0 and not outline[at].title.rstrip().endswith("?"):
            at = outline[at].parent
        if at >= 0 and _asks_the_same(outline[at].title, asked, weighed, generation):
            return _answering(asked, one.document, outline[at], generation)
    return ()


def posed_as_typed(asked: Understanding, generation: Generation) -> tuple[Stretch, ...]:
    """The same below a heading that asks it word for word: so asks who touches a suggested question."""
    words = syllables(asked.cleaned)
    if asked.lead or len(words) < FEWEST:
        return ()
    rows = reduce(np.intersect1d, map(generation.lexical.having, words))
    for path in dict.fromkeys(generation.passages[row].document for row in rows.tolist()):
        for section in generation.outline(path):
            if section.title.rstrip().endswith("?") and syllables(section.title) == words:
                return _answering(asked, path, section, generation)
    return ()


def _asks_the_same(
    heading: str, asked: Understanding, weighed: Asked, generation: Generation
) -> bool:
    """ "… là gì?" or "… chưa?" of the same thing, perhaps with another question behind a comma."""
    if asked.provinces - {HOME} or asked.answer_kind not in map(kind_of, heading.split(",")):
        return False
    if not _names_all(heading, asked.dense, generation):
        return False
    own = Asked.of(heading, heading, generation.lexical, {})
    told, more = weighed.coverage(Words.of(heading))[0], own.coverage(Words.of(asked.dense))[0]
    return told >= POSED and more >= NO_MORE


def _names_all(heading: str, question: str, generation: Generation) -> bool:
    """Whether a heading has the words of a question, also those that weigh nothing elsewhere: of "Luật
    Chuyển đổi số" the first."""
    held = frozenset(syllables(heading))
    weights = {word: generation.lexical.idf(word) for word in content(question)}
    missing = sum(weight for word, weight in weights.items() if word not in held)
    return missing <= (1 - POSED) * sum(weights.values())


def _answering(
    asked: Understanding, path: str, section: Section, generation: Generation
) -> tuple[Stretch, ...]:
    asks_yet = asked.cleaned.rstrip(" ?").lower().endswith((" chưa", " chua"))
    latest = asks_yet or (asked.answer_kind == "number" and not asked.years)
    return tuple(_lines_below(path, section, latest, generation))


def _lines_below(
    path: str, section: Section, latest: bool, generation: Generation
) -> Iterator[Stretch]:
    """As many as find room, perhaps the `latest` told of first: whether something is so yet, how many."""
    text = generation.document(path).text
    start = text.find("\n", section.start, section.end)
    lines = list(_LINE.finditer(text, max(start, section.start), section.end))
    years = [max(years_in(line[0]), default="") for line in lines]
    if latest and all(years):
        order = sorted(range(len(lines)), key=lambda at: years[at], reverse=True)
        lines = [lines[at] for at in order]
    words = 0
    for line in lines[:LINES]:
        words += len(line[0].split())
        if words > LINES_WORDS and line is not lines[0]:
            return
        yield (path, *line.span())
