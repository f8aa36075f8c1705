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
from index.question.several import asks
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

_HOME = f"tỉnh {HOME}"
_NOT = re.compile(
    r"\b(?:không|chưa|chẳng) (?!(?:ạ|à|ơi|nhỉ|nhé|vậy|hả|thế|nữa|ta|em|anh|chị|bạn|ad|bot)\b)\w"
)
_LINE = re.compile(r"\S.*\S")
_DIGIT = re.compile(r"\d")


def posed(
    asked: Understanding, weighed: Asked, sentences: Sequence[Sentence], generation: Generation
) -> tuple[Stretch, ...]:
    """The first lines below a heading that asks the question: they are meant to answer it."""
    for one in sentences[:POSING]:
        outline = generation.outline(one.document)
        at = section_at(outline, one.start)
        while at >= 0 and not outline[at].title.rstrip().endswith("?"):
            at = outline[at].parent
        title = generation.metadata(one.document).title
        if at >= 0 and _asks_the_same(outline[at].title, title, asked, weighed, generation):
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
    heading: str, title: str, asked: Understanding, weighed: Asked, generation: Generation
) -> bool:
    """ "… là gì?" or "… chưa?" of the same thing, perhaps with another question behind a comma: then of one
    of them, whose subject stands before the first.
    """
    first, *others = heading.split(",")
    read = {heading: {kind_of(one) for one in (first, *others)}}
    if asked.provinces - {HOME} or _denies(heading) != _denies(asked.dense):
        return False
    if others:
        pieces = [(first, first), *((one, f"{first} {one}") for one in others)]
        read |= {text: {kind_of(one)} for one, of in pieces if asks(one) for text in (one, of)}
    return any(
        asked.answer_kind in kinds and _alike(text, heading, title, asked, weighed, generation)
        for text, kinds in read.items()
    )


def _alike(
    text: str,
    heading: str,
    title: str,
    asked: Understanding,
    weighed: Asked,
    generation: Generation,
) -> bool:
    """Whether `text`, of a heading, has no more than the question, which has no more than the heading; what
    the document is called may be left out above, and whose it is.
    """
    own = Asked.of(text, text, generation.lexical, {})
    more = own.coverage(Words.of(f"{asked.dense} {_HOME}"))[0]
    for held, least in ((heading, NO_MORE), (f"{heading} {title} {_HOME}", POSED)):
        told = weighed.coverage(Words.of(held))[0]
        if told >= POSED and more >= least and _names_all(held, asked.dense, generation):
            return True
    return False


def _denies(text: str) -> bool:
    """Whether it says that something is not: "không được", not "được không"."""
    return _NOT.search(text.lower()) is not None


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
    if latest:
        # "PAPI là chỉ số …" tells no rank
        lines.sort(key=lambda line: _DIGIT.search(line[0]) is None)
        years = [max(years_in(line[0]), default="") for line in lines if _DIGIT.search(line[0])]
        if all(years):
            order = sorted(range(len(years)), key=lambda at: years[at], reverse=True)
            lines = [*(lines[at] for at in order), *lines[len(years) :]]
    words = 0
    for line in lines[:LINES]:
        words += len(line[0].split())
        if words > LINES_WORDS and line is not lines[0]:
            return
        yield (path, *line.span())
