"""What of a long quotation stands open on a phone, and what opens at a tap."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Sequence
from itertools import pairwise

from bot.screens.cutting import beginning, cut, units
from bot.screens.rows import LEFT_OUT, spoken_of

LINE = 42  # letters of a line in a frame on a phone
OPEN = 8  # lines of a quotation that stand open
TOLD = 6  # of them where one sentence of it answers
_CLAUSE = re.compile(r"[;,:.]\s+")
_BETTER = 1.25  # times what the beginning tells of the question, that clauses further on must

Span = tuple[int, int]


def begun(text: str, told: str, question: str) -> tuple[str, str]:
    """What stands open, and the rest: whole sentences from the beginning, as many as find room.

    Where `told`, the words in it that answer, stand further down, these with the line that opens their
    list; where they are longer than the room, those of their clauses that speak of the question.
    """
    at = text.find(told) if told else -1
    room = _filling(text, OPEN if at < 0 or lines(text) <= TOLD + 1 else TOLD)
    start = next(cut(text, room), "")
    if units(start) < room // 3:
        start = beginning(text, room).strip()
    if at < 0 or at + len(told) <= len(start):
        return start, text[text.index(start) + len(start) :].strip()
    if lines(told) > TOLD:
        first, last = _clauses(told, question, TOLD * LINE)
        return _apart(text, [(at + first, at + last)])
    head = text[:at].partition("\n")[0].rstrip()
    opens = head.endswith(":") and lines(head) + lines(told) <= OPEN
    return _apart(text, [(0, len(head) * opens), (at, at + len(told))])


def lines(text: str) -> int:
    """That a quotation takes on a phone, about."""
    return sum(max(1, -(-units(line) // LINE)) for line in text.splitlines())


def _filling(text: str, left: int) -> int:
    """Units of it that fill the lines that are left."""
    taken = 0
    for line in text.splitlines(keepends=True):
        if lines(line) > left:
            return taken + left * LINE
        left -= lines(line)
        taken += units(line)
    return max(taken, 1)


def _clauses(text: str, question: str, room: int) -> Span:
    """The clauses side by side that have most of the question's words, rare ones first."""
    bounds = [0, *(end.end() for end in _CLAUSE.finditer(text)), len(text)]
    spoken = spoken_of([text[a:b] for a, b in pairwise(bounds)], question)
    windows = []
    for first in range(len(spoken)):
        last = first + 1
        while last < len(spoken) and units(text[bounds[first] : bounds[last + 1]].rstrip()) <= room:
            last += 1
        worth = sum(dict(ChainMap(*spoken[first:last])).values())
        windows.append((worth, bounds[first], bounds[last]))
    best = max(windows, key=lambda one: one[0])
    _, start, end = best if best[0] > _BETTER * windows[0][0] else windows[0]
    return start, start + len(beginning(text[start:end], room))


def _apart(text: str, kept: Sequence[Span]) -> tuple[str, str]:
    """Stretches of `text` with a mark where something is left out between them, and what is left out."""
    shown, left, at = "", [], 0
    for start, end in kept:
        between = text[at:start].strip()
        shown += "\n" * bool(shown) + f"{LEFT_OUT} " * bool(between) + text[start:end].strip()
        left.append(between)
        at = end
    left.append(text[at:].strip())
    return shown, f"\n{LEFT_OUT} ".join(filter(None, left))
