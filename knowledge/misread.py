"""What numbers the lines of a scanned page, where a machine has read one mark for another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from knowledge.pdf_lines import Line
from knowledge.vietnamese import LOWER

_CAPITAL: Final = rf"[^\W\d_{LOWER}]"
_STOP: Final = re.compile(rf"^(\d{{1,2}}),(?= {_CAPITAL})")
_POINT: Final = re.compile(r"^([øởïîíì¡\]€])\)(?= )")
_LETTERS: Final = {"ø": "g", "ở": "đ", "]": "l", "€": "c"}  # others are an "i"
_ARTICLE: Final = re.compile(r"^Đi[êếểễệ]u (?=\d)")
_ROMAN: Final = re.compile(rf"([IVX]{{1,5}})(?:(\.) ?| )(?={_CAPITAL})")
_ROMANS: Final = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split()


def as_numbered(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a page as they are numbered: a comma was read for a stop, "ở)" for "đ)"."""
    mended = [replace(line, text=_marked(line.text)) for line in lines]
    heads = [
        (line, _ROMANS.index(roman[1]))
        for line in mended
        if (roman := _ROMAN.match(line.text)) and roman[2] and roman[1] in _ROMANS
    ]
    for line in mended:
        roman = _ROMAN.match(line.text)
        if roman and not roman[2] and _is_counted(line, roman[1], heads):
            yield replace(line, text=f"{roman[1]}. {line.text[roman.end() :]}")
        else:
            yield line


def _marked(text: str) -> str:
    text = _POINT.sub(lambda point: _LETTERS.get(point[1], "i") + ")", text)
    return _ARTICLE.sub("Điều ", _STOP.sub(r"\1.", text))


def _is_counted(line: Line, number: str, heads: Sequence[tuple[Line, int]]) -> bool:
    """Whether "II NHIỆM VỤ" has lost its stop: "I." or "III." stands at the same edge of the page."""
    return number in _ROMANS and any(
        other - _ROMANS.index(number) == (1 if head.y > line.y else -1)
        and abs(head.x0 - line.x0) < 0.5 * line.size
        for head, other in heads
    )
