"""Letters of the fonts used before Unicode (TCVN3, VNI, VISCII) made Unicode, line by line.

A document may be of both kinds, so each piece is judged by itself: one that holds a letter only
Unicode has is left alone, and another is converted only where more of its words become Vietnamese
syllables. Which of the old encodings it is, all pieces of the document tell together.

The tables are those of viparse 0.1.31 (MIT), which were checked against real documents; TCVN3 is
TCVN 5712:1993 as fonts lay it out, VISCII is RFC 1456.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from knowledge.lines import CELL
from knowledge.vietnamese import fold, nfc

_TCVN3: Final = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¸¶·¹»¾¼½ÆÇÊÈÉËÌÐÎÏÑÒÕÓÔÖ×ÝØÜÞßãáâäåèæçéêíëìîïóñòôõøö÷ùúýûüþ",
        "ĂÂÊÔƠƯĐăâêôơưđàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ",
        strict=True,
    )
)
_BY_FONT: Final = {"\u2212": "\u00ad", "\u2219": "·"}  # what a PDF's font makes of TCVN3's ư and ã

_VISCII: Final = {
    **dict(zip("\x02\x05\x06\x14\x19\x1e", "ẲẴẪỶỸỴ", strict=True)),
    **dict(
        zip(
            map(chr, range(0x80, 0xC0)),
            "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ",
            strict=True,
        )
    ),
    **dict(
        zip("ÄÅÆÇËÎÏÐÑÕÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ", "ẢĂẳẵẺĨỳĐứạỷừửỹỵỡưảăữẫẻĩỉđựỏọụũủợỮ", strict=True)
    ),
}

_VNI_ALONE: Final = dict(zip("ñòæóôöîÑÒÆÓÔÖÎ", "địỉĩơưỵĐỊỈĨƠƯỴ", strict=True))
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT, _CIRCUMFLEX, _BREVE = (
    "\u0300", "\u0301", "\u0309", "\u0303", "\u0323", "\u0302", "\u0306",
)  # fmt: skip
_VNI_MARKS: Final = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT, "â": _CIRCUMFLEX,
    "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT, "ê": _BREVE, "è": _BREVE + _GRAVE,
    "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_PAIR: Final = re.compile(
    "([aA])([øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË])|([eEoO])([øùûõïâàáåãäØÙÛÕÏÂÀÁÅÃÄ])"
    "|([iIuUyYôÔöÖ])([øùûõïØÙÛÕÏ])|([ñòæóôöîÑÒÆÓÔÖÎ])"
)

_ONLY_UNICODE: Final = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
_OLD: Final = re.compile("[\u0080-\u00ff\u2212\u2219]")
_WORD: Final = re.compile(r"[^\s.,;:!?()\[\]“”\"'/|…–-]+")
_SYLLABLE: Final = re.compile(
    r"(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?$"
)
_TONES: Final = frozenset((_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT))
# of Vietnamese
_LETTERS: Final = re.compile("[a-zA-ZàáâãèéêìíòóôõùúýăđĩũơưÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ\u1ea0-\u1ef9]+$")
# words that must become syllables before a document is held to be of old letters
_FEWEST: Final = 3
_SURE: Final = 0.75  # of its words with old letters


def modern(text: str) -> str:
    """`text` in Unicode throughout; the same where nothing in it is of an old encoding."""
    if not _OLD.search(text):
        return text
    pieces = re.split(rf"(\n|{CELL}| \| )", text)  # every second one parts two others
    new = [bool(_ONLY_UNICODE.search(nfc(piece))) for piece in pieces]
    old = [
        not one and _OLD.search(piece) is not None for one, piece in zip(new, pieces, strict=True)
    ]
    convert = _encoding_of(piece for piece, one in zip(pieces[::2], old[::2], strict=True) if one)
    if convert is None:
        return text
    among_old = True
    for at in range(0, len(pieces), 2):
        if new[at]:
            among_old = not any(new)
        elif old[at]:
            gain = _gain(pieces[at], convert)
            if gain > 0 or (gain == 0 and among_old):
                pieces[at], among_old = convert(pieces[at]), True
    return "".join(pieces)


def vietnamese_share(text: str) -> float:
    """How many of the words with a letter beyond ASCII can be Vietnamese; 0 where there are none."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return sum(map(_is_syllable, words)) / len(words) if words else 0.0


def _encoding_of(pieces: Iterable[str]) -> Callable[[str], str] | None:
    """The way of conversion that makes most words of the pieces syllables, if it makes enough."""
    words = [word for piece in pieces for word in _WORD.findall(piece) if _OLD.search(word)]
    as_they_are = sum(map(_is_syllable, words))
    best, most = None, as_they_are
    for convert in (_from_tcvn3, _from_vni, _from_viscii):
        made = sum(_is_syllable(convert(word)) for word in words)
        if made > most:
            best, most = convert, made
    enough = most - as_they_are >= _FEWEST and most >= _SURE * len(words)
    return best if enough else None


def _gain(piece: str, convert: Callable[[str], str]) -> int:
    """How many more words of a piece are syllables once it is converted."""
    words = [word for word in _WORD.findall(piece) if _OLD.search(word)]
    return sum(map(_is_syllable, map(convert, words))) - sum(map(_is_syllable, words))


def _is_syllable(word: str) -> bool:
    """Whether a word can be Vietnamese: its letters, and one tone at most."""
    tones = sum(mark in _TONES for mark in unicodedata.normalize("NFD", word))
    return tones <= 1 and _LETTERS.match(word) is not None and bool(_SYLLABLE.match(fold(word)))


def _from_tcvn3(text: str) -> str:
    for seen, meant in _BY_FONT.items():
        text = re.sub(rf"(?<=[^\W\d]){seen}|{seen}(?=[^\W\d]|¬)", meant, text)
    return _one_case(_translated(text, _TCVN3))


def _translated(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in text)


def _from_viscii(text: str) -> str:
    return _translated(text, _VISCII)


def _from_vni(text: str) -> str:
    def meant(found: re.Match[str]) -> str:
        if found[7]:
            return _VNI_ALONE[found[7]]
        base, mark = (part for part in found.groups() if part)
        return nfc(_VNI_ALONE.get(base, base) + _VNI_MARKS[mark.lower()])

    return _VNI_PAIR.sub(meant, text)


def _one_case(text: str) -> str:
    """TCVN3 has no capitals with a tone: "QUYếT ĐịNH" is drawn, and meant, "QUYẾT ĐỊNH"."""
    words = re.split(r"(\W+)", text)
    shouted = [_is_shouted(word) for word in words]
    for at in range(0, len(words), 2):
        near = any(shouted[max(0, at - 2) : at + 3])
        plain = [letter for letter in words[at] if letter.isascii() and letter.isalpha()]
        if shouted[at] or (near and all(map(str.isupper, plain))):
            words[at] = words[at].upper()
    return "".join(words)


def _is_shouted(word: str) -> bool:
    plain = [letter for letter in word if letter.isascii() and letter.isalpha()]
    return len(plain) > 1 and all(map(str.isupper, plain))
