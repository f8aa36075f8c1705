"""Text cut at words, clauses and sentences, by the units that Telegram counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.split import sentences

_SPACE = re.compile(r"\s*")
_ENDS = (("; ", "\n"), (", ",), (" ",))  # of clauses, of parts of them, of words


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def shortened(text: str, limit: int) -> str:
    """`text` on one line, cut at a word with an ellipsis where it is longer than `limit`."""
    line = " ".join(text.split())
    if units(line) <= limit:
        return line
    kept = _prefix(line, limit - 1)
    if line[len(kept)] != " " and " " in kept[limit // 2 :]:
        kept = kept[: kept.rfind(" ")]
    return kept.rstrip(" ,;:.") + "…"


def cut(text: str, limit: int) -> Iterator[str]:
    """`text` in stretches of at most `limit` units, whole sentences where they fit."""
    held = ""
    for sentence in _sentences(text):
        for stretch in _hard_cut(sentence, limit):
            if held and units(held) + units(stretch) > limit:
                yield held.strip("\n ")
                held = ""
            held += stretch
    if held.strip():
        yield held.strip("\n ")


def _sentences(text: str) -> Iterator[str]:
    """Sentences with the white space after them, so that together they are `text`."""
    begin = 0
    for _, end in sentences(text, 0, len(text)):
        after = _SPACE.match(text, end).end()  # type: ignore[union-attr]  # matches "" too
        if after > begin:
            yield text[begin:after]
            begin = after
    if begin < len(text):
        yield text[begin:]


def _hard_cut(text: str, limit: int) -> Iterator[str]:
    while text:
        head = beginning(text, limit)
        yield head
        text = text[len(head) :]


def beginning(text: str, limit: int) -> str:
    """Of a longer text what ends behind a clause in its second half, else behind a word."""
    if units(text) <= limit:
        return text
    head = _prefix(text, limit)
    ends = (max(head.rfind(end) + len(end) for end in kind) for kind in _ENDS)
    return head[: next((end for end in ends if end > limit // 2), None)]


def _prefix(text: str, limit: int) -> str:
    """The longest start of `text` that is at most `limit` units."""
    taken = text[:limit]
    while units(taken) > limit:
        taken = taken[:-1]
    return taken
