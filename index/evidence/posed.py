"""A heading that asks the very question: what stands below it is meant to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.evidence.sentences import Sentence
from index.evidence.sources import years_in
from index.evidence.stretches import Stretch, section_at
from index.evidence.weights import Asked, Words
from index.question.understand import Understanding, kind_of
from index.store.generation import Generation
from knowledge.document import Section

POSING = 10  # best sentences under whose headings the question itself is looked for
POSED = 0.95  # of its weight, in a heading that asks it
NO_MORE = 0.65  # of the heading's weight, in that question: "đăng ký ở đâu" asks for no kiosk
LINES, LINES_WORDS = 3, 75  # below such a heading that are shown, at most

_LINE = re.compile(r"\S.*\S")


def posed(
    asked: Understanding, weighed: Asked, sentences: Sequence[Sentence], generation: Generation
) -> tuple[Stretch, ...]:
    """The first lines below a heading that asks the question: they are meant to answer it."""
    for one in sentences[:POSING]:
        path = generation.passages[one.passage].document
        outline = generation.outline(path)
        at = section_at(outline, one.start)
        while at >= 0 and not outline[at].title.rstrip().endswith("?"):
            at = outline[at].parent
        if at >= 0 and _asks_the_same(outline[at].title, asked, weighed, generation):
            asks_yet = asked.cleaned.rstrip(" ?").lower().endswith((" chưa", " chua"))
            return tuple(_lines_below(path, outline[at], asks_yet, generation))
    return ()


def _asks_the_same(
    heading: str, asked: Understanding, weighed: Asked, generation: Generation
) -> bool:
    """ "… là gì?" or "… chưa?" of the same thing, perhaps with another question behind a comma."""
    if asked.answer_kind not in map(kind_of, heading.split(",")):
        return False
    own = Asked.of(heading, heading, generation.lexical, {})
    told, more = weighed.coverage(Words.of(heading))[0], own.coverage(Words.of(asked.dense))[0]
    return told >= POSED and more >= NO_MORE


def _lines_below(
    path: str, section: Section, asks_yet: bool, generation: Generation
) -> Iterator[Stretch]:
    """As many as find room; where it is asked whether something is so yet, the latest told of first."""
    text = generation.document(path).text
    start = text.find("\n", section.start, section.end)
    lines = list(_LINE.finditer(text, max(start, section.start), section.end))
    years = [max(years_in(line[0]), default="") for line in lines]
    if asks_yet and all(years):
        order = sorted(range(len(lines)), key=lambda at: years[at], reverse=True)
        lines = [lines[at] for at in order]
    words = 0
    for line in lines[:LINES]:
        words += len(line[0].split())
        if words > LINES_WORDS and line is not lines[0]:
            return
        yield (path, *line.span())
