"""What was typed, made into letters and words: Unicode, telex left undone, stretched letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from knowledge.abbreviations import Abbreviations, is_syllable
from knowledge.vietnamese import fold, nfc, unify_tones

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BEYOND = re.compile(r"[^\x00-\u2000]")
_BLANKS = re.compile(r"\s+")
_ALIKE = str.maketrans(
    {"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ", "\u0340": "\u0300", "\u0341": "\u0301"}
)
_WORD = re.compile(r"[^\W\d_]+")
_READABLE = 4  # letters of a foreign word
_VOWEL = re.compile("[aeiouy]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)

_DOUBLED = re.compile(r"([^\W\d_])\1", re.IGNORECASE)
_HELD_END = re.compile(r".([aeiouyncghmt])\1$")

_HATS = {"aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư"}
KEYS = {"dd": "đ", **_HATS}  # of telex, with the letters that they make
_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VOWELS = "aăâeêioôơuưy"
_STOPPED = re.compile(r"(?:ch|[cpt])$")
_SHORT_VOWEL = re.compile(r"[ăâ]$|[ăâ](?=[^\W\d_]*[ăâ])")
_REAL_OO = frozenset({"boong", "xoong", "soong", "coong"})


_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")  # emoji ask nothing
# "57-NQ/TƯ": folded it would be a province's committee
_CENTRAL = re.compile(r"(?<=[-/])T[Ưư](?!\w)")


def clean(text: str) -> str:
    """One Unicode form, one placement of tone marks, no invisible or look-alike characters."""
    text = nfc(_CONTROL.sub(" ", _INVISIBLE.sub("", text)).translate(_ALIKE))
    text = _PICTURES.sub(" ", text)
    text = _BEYOND.sub(lambda letter: _plain(letter[0]), text)
    text = _CENTRAL.sub("TW", text)
    return _BLANKS.sub(" ", unify_tones(text)).strip()


def _plain(letter: str) -> str:
    """Full-width, mathematical and circled letters and digits as themselves."""
    form = unicodedata.normalize("NFKC", letter)
    return form if form.isascii() and form.isalnum() else letter


def shouted(words: Sequence[str]) -> bool:
    """Whether a message of these words is typed in capitals."""
    words = [word for word in words if len(word) > 1 and word.isalpha()]
    return len(words) > 1 and sum(word.isupper() for word in words) >= 0.8 * len(words)


def unshouted(text: str, abbreviations: Abbreviations) -> str:
    """A message in capitals in small letters, but for what is abbreviated: UBND, 318/QĐ-TTG."""
    if not shouted(_WORD.findall(text)):
        return text
    return " ".join(
        piece.lower()
        if all(_is_spoken(word, abbreviations) for word in _WORD.findall(piece))
        else piece
        for piece in text.split(" ")
    )


def _is_spoken(word: str, abbreviations: Abbreviations) -> bool:
    """Whether a word in capitals is none for the sake of its letters: "GÌ", "J" for it, "VIDEO"."""
    bare = fold(word)
    if is_syllable(bare) or abbreviations.is_chat(word):
        return True
    return word not in abbreviations and len(word) >= _READABLE and _VOWEL.search(bare) is not None


def untelexed(text: str) -> str:
    """Telex left undone decoded ("ddieenj tuwr" -> "điện tử"), once it is plain that it was telex."""
    words = {word: _telex(word.lower()) for word in dict.fromkeys(_WORD.findall(text))}
    decoded = {word: form for word, form in words.items() if form}
    sure = [word for word in decoded if _is_strong(word.lower(), decoded[word])]
    if not sure or (len(sure) < 2 and len(_keys(sure[0].lower())) < 2):
        return text
    return _WORD.sub(lambda word: _cased(decoded.get(word[0], word[0]), word[0]), text)


def _keys(word: str) -> list[str]:
    return re.findall(r"dd|aa|ee|oo|aw|ow|uw|w|(?<=[aeiouyw])[sfrxj]|(?<=[cghmnpt])[sfrxj]$", word)


def _is_strong(word: str, form: str) -> bool:
    """A vowel or đ made of two letters, not a final s or r alone, which English has too."""
    return fold(form) != word and any(key in word for key in KEYS)


def _cased(form: str, typed: str) -> str:
    return form.upper() if typed.isupper() else form.capitalize() if typed[0].isupper() else form


def _telex(word: str) -> str:
    """The syllable that these telex keys spell, or "" where they spell none."""
    if not word.isascii() or (is_syllable(word) and not re.search(r"oo", word)) or word in _REAL_OO:
        return ""
    letters, tone = "", ""
    for key in word:
        last = letters[-1:]
        if key in _TONES and any(letter in _VOWELS for letter in letters):
            tone = _TONES[key]
        elif key == "w" and letters.endswith("uo"):
            letters = letters[:-2] + "ươ"
        elif key == "w" and last == "o" and letters[-2:-1] == "ư":
            letters = letters[:-1] + "ơ"
        elif last + key in _HATS:
            letters = letters[:-1] + _HATS[last + key]
        elif key == "w" and last not in _VOWELS:
            letters += "ư"
        elif key == "d" and last == "d":
            letters = letters[:-1] + "đ"
        else:
            letters += key
    if letters.startswith("d") and letters.endswith("d"):
        letters = "đ" + letters[1:-1]  # the second d typed at the end
    shaped = is_syllable(fold(letters)) and not _SHORT_VOWEL.search(letters)
    if not shaped or (_STOPPED.search(letters) and tone not in ("\u0301", "\u0323")):
        return ""
    form = _toned(letters, tone)
    return form if form != word else ""


def _toned(letters: str, tone: str) -> str:
    if not tone:
        return letters
    onset = re.match(r"(?:qu|gi(?=[aăâeêoôơuư])|[^aăâeêioôơuưy]*)", letters)
    start = onset.end() if onset else 0
    vowels = re.match(rf"[{_VOWELS}]+", letters[start:])
    if not vowels:
        return letters
    group = vowels[0]
    marked = [at for at, letter in enumerate(group) if letter in "ăâêôơư"]
    closed = start + len(group) < len(letters)
    at = marked[-1] if marked else len(group) - 1 if closed else max(0, len(group) - 2)
    if len(group) == 1:
        at = 0
    place = start + at + 1
    return unify_tones(nfc(letters[:place] + tone + letters[place:]))


def unstretched(text: str, abbreviations: Abbreviations) -> str:
    """Letters held down too long let go: "khônggg", "tinn"; abbreviations are left alone."""

    def let_go(word: re.Match[str]) -> str:
        typed = word[0]
        if typed in abbreviations or (typed.isupper() and len(typed) < 7):
            return typed
        once = _STRETCHED.sub(r"\1", typed)
        folded = fold(once)
        held = _HELD_END.search(folded) and (once != typed or len(once) > 3)
        if held and not is_syllable(folded) and is_syllable(folded[:-1]):
            return once[:-1]
        return once if is_syllable(fold(once)) or once == typed else _STRETCHED.sub(r"\1\1", typed)

    return _WORD.sub(let_go, text) if _DOUBLED.search(text) else text
