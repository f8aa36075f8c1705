"""What hands do to a question: slips of the finger, leftovers of Telex, lost or wrong marks."""

import random
import unicodedata

from index.question.diacritics import Restorer
from index.training.texts import bare

_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHAPES = {"\u0302": "", "\u0306": "w", "\u031b": "w"}
_CIRCUMFLEX = "\u0302"


def telex(syllable: str) -> str:
    """The keys that Telex turns into `syllable`, as they stay when the input method is off."""
    keys, tone = "", ""
    for char in unicodedata.normalize("NFD", syllable.replace("đ", "dd").replace("Đ", "Dd")):
        if char in _TONES:
            tone = _TONES[char]
        elif char == _CIRCUMFLEX:
            keys += keys[-1:].lower()
        else:
            keys += _SHAPES.get(char, char)
    return keys + tone


def slipped(word: str, rng: random.Random) -> str:
    """`word` with two neighbours swapped, or one letter lost or doubled."""
    if len(word) < 3:
        return word
    at = rng.randrange(len(word) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + (word[at] * 2 if kind == 1 else "") + word[at + 1 :]


def mistoned(syllable: str, rng: random.Random) -> str:
    """`syllable` with another tone, as a restorer of diacritics may guess it."""
    chars = [c for c in unicodedata.normalize("NFD", syllable) if c not in _TONES]
    vowels = [i for i, c in enumerate(chars) if c.lower() in "aeiouy"]
    if not vowels:
        return syllable
    at = vowels[-1] + 1
    while at < len(chars) and unicodedata.combining(chars[at]):
        at += 1
    tone = rng.choice(("", *_TONES))
    return unicodedata.normalize("NFC", "".join(chars[:at]) + tone + "".join(chars[at:]))


class Disturbing:
    """Some questions as a hurried person, or a restorer that guessed wrong, would hand them over."""

    SHARE, RESTORED, BARE = 0.35, 0.4, 0.1

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._restorer = rng, Restorer.open()

    def __call__(self, question: str) -> str:
        rng = self._rng
        if rng.random() >= self.SHARE:
            return question
        kind = rng.random()
        if kind < self.RESTORED:
            return self._restorer.restore(bare(question))
        if kind < self.RESTORED + self.BARE:
            return bare(question)
        words = question.split()
        for at in rng.sample(range(len(words)), k=min(len(words), rng.choice((1, 1, 2)))):
            change = rng.choice((None, slipped, mistoned, mistoned))
            words[at] = change(words[at], rng) if change else telex(words[at])
        return " ".join(words)
