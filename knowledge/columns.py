"""Two columns set with tabs or blanks, one after the other: a document's head and its closing block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from knowledge.lines import REPUBLIC
from knowledge.signature import RECIPIENT, RECIPIENTS, SIGNER, is_name

_GAP: Final = re.compile(r"(?<=\S)(?: *\t[\t ]*| {3,})(?=\S)")
_MOTTO: Final = re.compile(rf"{REPUBLIC}|ĐẢNG CỘNG SẢN|Độc lập *[-–]")
_NUMBER: Final = re.compile(r"Số\b")
_DATED: Final = re.compile(r"[^,]{2,40}, *ngày\b")
_MOST_LINES: Final = 20  # of a closing block
_INDENT: Final = 8  # blanks, at least, before what stands in the right column alone


def one_column(lines: Sequence[str]) -> Iterator[str]:
    """The lines, the left column of such a block above the right one as in a table of two cells."""
    at = 0
    while at < len(lines):
        left, right, end = _head(lines, at)
        if not right:
            left, right, end = _closing(lines, at)
        yield from (*left, *right) if right else (lines[at],)
        at = end if right else at + 1


def _cells(line: str) -> list[str]:
    return _GAP.split(line.strip()) if "\t" in line or "   " in line else [line.strip()]


def _head(lines: Sequence[str], at: int) -> tuple[list[str], list[str], int]:
    """The issuer beside the motto, the number beside place and date."""
    left: list[str] = []
    right: list[str] = []
    for index in range(at, len(lines)):
        cells = _cells(lines[index])
        heads = len(cells) == 2 and (
            _MOTTO.match(cells[1]) or (_NUMBER.match(cells[0]) and _DATED.match(cells[1]))
        )
        if not heads:
            break
        left.append(cells[0])
        right.append(cells[1])
    return left, right, at + len(left)


def _closing(lines: Sequence[str], at: int) -> tuple[list[str], list[str], int]:
    """Who receives beside who signs, down to the name."""
    cells = _cells(lines[at])
    if not (len(cells) == 2 and RECIPIENTS.match(cells[0]) and SIGNER.match(cells[1])):
        return [], [], at
    left, right, end = [cells[0]], [cells[1]], at + 1
    indent = max(_INDENT, lines[at].index(cells[1]) // 2)
    for index in range(at + 1, min(len(lines), at + _MOST_LINES)):
        line, cells = lines[index], _cells(lines[index])
        if not line.strip():
            continue
        signed = is_name(right[-1])
        if len(cells) == 2 and not signed:
            left.append(cells[0])
            right.append(cells[1])
        elif (line[0] == "\t" or len(line) - len(line.lstrip()) >= indent) and not signed:
            right.append(cells[0])
        elif RECIPIENT.match(line) and (not signed or line.lstrip()[0] in "-–"):
            left.append(cells[0])
        else:
            break
        end = index + 1
    return left, right, end
