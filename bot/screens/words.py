"""A document's words as a phone shows them: all of the words, without the marks of lists and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.split import sentences
from knowledge.vietnamese import syllables

_MARKS = re.compile(r"^[ \t]*(?:#{1,6} +|[-+*•–] +)", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*\|?[ \t:|-]*-{3,}[ \t:|-]*$\n?", re.MULTILINE)
_EDGE = re.compile(r"^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*$", re.MULTILINE)
_CELL = re.compile(r"[ \t]*\|[ \t]*")
_ORIGIN = re.compile(r"\s*\(Nguồn: [^()]+\)[.;]?\s*\Z")
_GAPS = re.compile(r"\n{3,}")
_FILE = re.compile(r"\.(?:txt|pdf|docx?|md|html?|xlsx?|ods|csv|pptx?|rtf|odt)$", re.IGNORECASE)


def tidy(text: str) -> str:
    """Canonical text without the marks that made it a heading, an item or a row."""
    text = _EDGE.sub("", _RULE.sub("", text)) if "|" in text else text
    plain = _GAPS.sub("\n\n", _MARKS.sub("", _CELL.sub(" · ", text))).strip()
    return plain or text


def below(text: str, section: str) -> str:
    """`tidy`, without a first line that the section's label, which stands above it, says already."""
    first, _, rest = tidy(text).partition("\n")
    return rest.strip() if names(section, first) and rest.strip() else tidy(text)


def names(section: str, text: str) -> bool:
    """Whether a section's label ends in `text`, a heading, between its marks."""
    return syllables(text) == syllables(section.rpartition("“")[2])


def said(text: str) -> str:
    """`tidy`, without the note at its end of where a summary has it from: the source line says it."""
    return _ORIGIN.sub("", tidy(text))


def title(text: str) -> str:
    """A document's title, where it is a file's name without what tells its format."""
    return _FILE.sub("", text)


def count(text: str) -> int:
    return len(text.split())


def beside(context: str, quotes: Sequence[str], most: int) -> str:
    """What `context` says after the last of `quotes`, else before the first, in whole sentences.

    At most `most` words, or one sentence; "" where it says nothing more or holds none of them.
    """
    places = [(at, at + len(quote)) for quote in quotes if (at := context.find(quote)) >= 0]
    if not places:
        return ""
    begin, end = max(stop for _, stop in places), len(context)
    spans = [(start, stop) for start, stop in sentences(context, begin, end)]
    if not any(any(map(str.isalpha, context[slice(*span)])) for span in spans):
        first = min(start for start, _ in places)
        body = context.find("\n") + 1  # below its heading, which the source line has
        spans = list(reversed(list(sentences(context, body, first)))) if body <= first else []
    kept: list[tuple[int, int]] = []
    for start, stop in spans:
        whole = (min([start, *(a for a, _ in kept)]), max([stop, *(b for _, b in kept)]))
        if kept and count(context[slice(*whole)]) > most:
            break
        kept.append((start, stop))
    if not kept:
        return ""
    return context[min(a for a, _ in kept) : max(b for _, b in kept)].strip()
