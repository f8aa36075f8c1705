"""RTF as LibreOffice reads it right: numbers as they were printed, neighbouring tables apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_PRINTED: Final = re.compile(rb"\{(?:\\\*)?\\(?:listtext|pntext)(?![a-z])([^{}]*)\}")
_CONTROL: Final = re.compile(rb"\\u-?\d+ ?(?:\\'..|\?)?|\\'..|\\[a-z]+-?\d* ?|\s")
_ANEW: Final = re.compile(rb"\\pard(?![a-z]) ?")
_LISTED: Final = re.compile(rb"\\ls\d+(?!\d) ?")
_ROW: Final = re.compile(
    rb"(?<!\\nesttableprops)\\trowd(?![a-z])(?:(?!\\trowd).)*?(?=\\(?:pard|intbl|cell|row)(?![a-z]))",
    re.S,
)
_EDGE: Final = re.compile(rb"\\cellx(-?\d+)")
_PARAGRAPH: Final = re.compile(rb"\\par(?![a-z])")
_NEAR: Final = 60  # twentieths of a point


def prepared(rtf: bytes) -> bytes:
    """Where numbers are also kept as they were printed, these count: LibreOffice itself writes the
    scheme of "Điều 1." with question marks."""
    written, count = _PRINTED.subn(_label, rtf)
    if count and count == len(re.findall(rb"\\(?:listtext|pntext)(?![a-z])", rtf)):
        rtf = _LISTED.sub(b"", written)
    return _parted(rtf)


def _label(printed: re.Match[bytes]) -> bytes:
    """A number as it stands, in its paragraph or cell; a sign of whatever font as a dash."""
    bare = _CONTROL.sub(b"", printed[1])
    numbers = re.search(rb"[\dA-Z]|\w.", bare)  # a small letter alone is a sign of another font
    return b"{" + _ANEW.sub(b"", printed[1]) + b"}" if numbers else rb"{\plain -\tab}"


def _parted(rtf: bytes) -> bytes:
    """Rows of one table with the same edges to their columns; a paragraph between rows that share
    none, or of which one is ruled: they are of two tables, which would be read as one."""
    known: dict[int, int] = {}  # edges of the table so far, by where they lie
    above: list[int] = []
    ruled = False
    last = 0  # where the definition before ends; Word has a row's twice, before and after its cells

    def part(row: re.Match[bytes]) -> bytes:
        nonlocal known, above, ruled, last
        between = rtf[max(rtf.rfind(b"\\row", last, row.start()), last) : row.start()]
        last = row.end()
        if b"\\cell" not in between and _PARAGRAPH.search(between):
            known, above = {}, []  # they stand apart already
        was, ruled = ruled, b"\\clbrdr" in row[0]
        edges = [_snapped(int(edge), known) for edge in _EDGE.findall(row[0])]
        inner = edges[:-1] or above  # a cell as wide as the table says nothing
        other = bool(above) and (not {*inner} & {*above} or (was != ruled and inner != above))
        above = inner
        known = {} if other else known
        for edge in edges:
            known.setdefault(edge // _NEAR, edge)
        numbers = iter(edges)
        same = _EDGE.sub(lambda _: b"\\cellx%d" % next(numbers), row[0])
        return b"\\pard\\par " + same if other else same

    return _ROW.sub(part, rtf)


def _snapped(edge: int, known: Mapping[int, int]) -> int:
    at = edge // _NEAR
    beside = [known[place] for place in (at - 1, at, at + 1) if place in known]
    nearest = min(beside, key=lambda other: abs(edge - other), default=edge)
    return nearest if abs(edge - nearest) <= _NEAR else edge
