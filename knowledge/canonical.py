"""The one form in which a document's text is kept, cut and compared."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Invisible marks (soft hyphen, zero width, direction), control bytes, half surrogate pairs.
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0e-\\x1b\\x1f\\x7f-\\x9f\\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# No letter has so many marks; normalising thousands of them takes minutes.
_HEAPED = re.compile("([\u0300-\u036f]{8})[\u0300-\u036f]+")
# Icelandic and African letters that look like Đ and đ: old fonts and readers of scans write them;
# hyphens that do not break, which keep a document's number on one line
_ALIKE = str.maketrans("\u00d0\u0189\u00f0\u0256\u2010\u2011", "ĐĐđđ--")
_GAPS = re.compile(r"\n{3,}")


def canonical(text: str) -> str:
    """NFC, LF, plain blanks, nothing invisible, no trailing blanks, one empty line at most in a row.

    Lines stay lines: nothing is reflowed. Applying it twice changes nothing.
    """
    text = _UNSEEN.sub("", _BLANKS.sub(" ", _BREAKS.sub("\n", text)))
    text = unicodedata.normalize("NFC", _HEAPED.sub(r"\1", text)).translate(_ALIKE)
    lines = (line.rstrip(" ") for line in text.split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip("\n")
