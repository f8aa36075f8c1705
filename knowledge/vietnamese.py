"""Vietnamese text as people type it and as search compares it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# small letters, for a pattern's brackets; the range à-ỹ holds capitals too (Đ, Ơ, Ư, Ạ…)
LOWER: Final = "a-z" + "".join(
    letter for letter in map(chr, range(0xE0, 0x1EFA)) if letter.islower()
)

_WORD = re.compile(r"\w+")


def nfc(text: str) -> str:
    """`text` with each letter and its marks as one code point wherever Unicode has one."""
    return unicodedata.normalize("NFC", text)


class _Folding(dict[int, str]):
    """One letter in, one letter out, worked out on first sight: fast enough for whole libraries."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        # NFD leaves Đ whole, and some capitals grow when lowered
        base = unicodedata.normalize("NFD", letter)[0].lower()[:1] or letter
        self[code] = "d" if base == "đ" else base
        return self[code]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """`text` in lower case without diacritics, as long as its NFC form, so offsets carry over."""
    return _folded_before(text) if len(text) < _SENTENCE else _folded(text)


def _folded(text: str) -> str:
    return nfc(text).translate(_FOLDING)


_SENTENCE = 1000  # characters; of a document the same words are asked for again and again
_folded_before = lru_cache(maxsize=8192)(_folded)


def syllables(text: str) -> list[str]:
    """Folded words and numbers of `text`, in order: what the lexical half compares."""
    return _WORD.findall(fold(text))


def _tone_forms() -> dict[str, str]:
    forms = {}
    for first, second, marked in (("o", "a", "òóỏõọ"), ("o", "e", "òóỏõọ"), ("u", "y", "ùúủũụ")):
        for tone in marked:
            mark = unicodedata.normalize("NFD", tone)[1]
            forms[first + nfc(second + mark)] = tone + second
    return forms


_OLD_STYLE = _tone_forms()  # "oà" -> "òa": both spellings are in use, often in one text
_NEW_STYLE = re.compile(  # by letters rather than by forms: ten times as quick
    r"(?<![qQ])(?:[oO][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|[uU][ỳýỷỹỵỲÝỶỸỴ])(?!\w)"
)


def unify_tones(text: str) -> str:
    """`text` with the tone mark of open oa, oe and uy on the first vowel (hoà -> hòa)."""

    def old_style(match: re.Match[str]) -> str:
        found = match[0]
        form = _OLD_STYLE[found.lower()]
        return "".join(
            new.upper() if old.isupper() else new for new, old in zip(form, found, strict=True)
        )

    return _NEW_STYLE.sub(old_style, nfc(text))
