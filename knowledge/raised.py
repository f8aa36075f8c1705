"""Raised figures: the mark of a note grows onto no figure, a power stays."""

from __future__ import annotations

import re
from typing import Final

_NOTE: Final = re.compile(r"\(?(\d{1,2}|\*{1,3})\)?$")  # a note's mark that was set by hand
_POWER: Final = re.compile(r"(?:\b(?:[a-zA-Z]{1,2}|10)|[)\]])$")  # of "km", of "10", of a bracket


def raised(words: str, before: str) -> str:
    """ "1.245" with a raised "3" is 1.245 with a note, not 1.2453; "km" with a raised "2" is an area."""
    note = _NOTE.match(words.strip())
    return f"[{note[1]}]" if note and not _POWER.search(before) else words
