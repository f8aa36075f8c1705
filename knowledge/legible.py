"""Whether the text layer of a page is what the page shows, or what some program made of it."""

from __future__ import annotations

import re
from typing import Final

from knowledge.plain import legacy_encoding
from knowledge.vietnamese import fold, nfc

_SYLLABLE: Final = re.compile(  # folded: an onset, a rhyme as Vietnamese has them
    r"(?:ngh?|gh?|kh|ph|th|tr|ch|nh|qu|gi|[bcdhklmnprstvx])?"
    r"(?:uye|uya|uyu|oai|oay|oeo|uay|uoi|uou|ieu|yeu|uo|ua|ue|uy|ui|uu|oa|oe|oi|oo|ie|ia|iu|ye|ai|ao"
    r"|au|ay|eo|eu|[aeiouy])(?:ng|nh|ch|[cmnpt])?"
)
_WORD: Final = re.compile(r"\S+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_INSIDE: Final = re.compile(  # what no writer puts within a word
    r"[^\W\d_][{}\[\]|<>~^\\][^\W\d_]|[^\W\d_a-zđ]?[a-zđ]\d+[a-zđ]|[a-zđ]{2}\d|[a-zđ][A-ZĐ]{2}"
    r"|\d[A-ZĐ][a-zđ]|[\u0250-\u1dff\u2c00-\uf8ff\ufffd\x00-\x1f]"  # nor what is not Latin
)
_ALONE: Final = frozenset("ăâêôơư") | frozenset("ấầẩẫậắằẳẵặềểễệéèẻẽẹíìỉĩịóòỏõọồỗộớờởỡợúùủũụứừửữựýỳỷỹỵ") - frozenset(
    "ởớờýùúồộ"
)  # fmt: skip
_ENOUGH: Final = 12  # words: fewer say nothing


def is_legible(text: str, scanned: bool) -> bool:
    """Whether `text` reads as words. Under a scan it has to read as Vietnamese with its marks: such
    a layer was made by a machine, often one that knows no Vietnamese."""
    words = _WORD.findall(nfc(text))
    if len(words) < _ENOUGH or legacy_encoding(text):
        return True
    odd = sum(1 for word in words if _INSIDE.search(word))
    alone = sum(1 for word in words if word.strip(".,;:()").lower() in _ALONE)
    if odd > 0.12 * len(words) or alone > 0.06 * len(words):
        return False
    if not scanned:
        return True
    syllables = [word for word in _LETTERS.findall(" ".join(words)) if not word.isupper()]
    if len(syllables) < _ENOUGH:
        return True
    whole = sum(1 for word in syllables if _SYLLABLE.fullmatch(fold(word)))
    marked = sum(1 for word in syllables if fold(word) != word.lower())
    return whole > 0.8 * len(syllables) and marked > 0.3 * len(syllables)
