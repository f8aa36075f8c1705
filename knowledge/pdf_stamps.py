"""What a signing system prints over a page, who signed it and when: no text of the document.

"Người ký: … / Email: … / Thời gian ký: 05.03.2026 10:20:33 +07:00", in small print across a letterhead
or a signature; on a scan it is all the text that there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from statistics import median
from typing import Final

from knowledge.pdf_glyphs import Sheet, Word

_DAY: Final = re.compile(r"\W*\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?$")
_TIME: Final = re.compile(r"\d{1,2}:\d{2}:\d{2}")
_SIGNED: Final = re.compile(r"(?<!đăng )\bký\b|\bsign", re.IGNORECASE)
_MOST_LINES: Final = 8


def unstamped(sheet: Sheet) -> Sheet:
    """The sheet without such stamps."""
    times = [
        word.order
        for day, word in zip(sheet.words, sheet.words[1:], strict=False)
        if _TIME.match(word.text) and _DAY.match(day.text)
    ]
    if not times:
        return sheet
    lines = list(_drawn_lines(sheet.words))
    gone: set[int] = set()
    for at, line in enumerate(lines):
        if any(word.order in times for word in line):
            gone.update(_stamp(lines, at))
    rest = [word.size for word in sheet.words if word.order not in gone]
    small = 0.9 * median(rest) if rest else inf
    kept = (word for word in sheet.words if word.order not in gone or word.size > small)
    return replace(sheet, words=tuple(kept))


def _drawn_lines(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words drawn one after the other on one baseline."""
    line: list[Word] = []
    for word in words:
        after = line and line[-1].y == word.y and -1 < word.x0 - line[-1].x1 < 2 * word.size
        if line and not after:
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _stamp(lines: Sequence[list[Word]], at: int) -> set[int]:
    """The words of the stamp that line is of; none if it says nothing of a signature."""
    first = last = at
    while first and _stand_together(lines[first - 1], lines[first]):
        first -= 1
    while last + 1 < len(lines) and _stand_together(lines[last], lines[last + 1]):
        last += 1
    block = lines[first : last + 1]
    says = any(_SIGNED.search(" ".join(word.text for word in line)) for line in block)
    return {word.order for line in block for word in line if says and len(block) <= _MOST_LINES}


def _stand_together(line: Sequence[Word], below: Sequence[Word]) -> bool:
    """In letters of one height, one below the other."""
    size = line[0].size
    return (
        abs(below[0].size - size) < 0.2 * size
        and 0 < below[0].y - line[0].y < 2 * size
        and abs(below[0].x0 - line[0].x0) < 2 * size
    )
