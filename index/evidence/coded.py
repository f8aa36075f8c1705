"""What a code stands for, where that alone is asked: the sentence or row that has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce

import numpy as np

from index.evidence.stretches import Stretch
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.vietnamese import fold, syllables

# "Mã DBSS là gì", "1.014391.H05 là thủ tục nào", "thủ tục có mã 2.001234 là gì"
_ASKS = re.compile(
    r"(?:(?:(?:thu tuc|tthc|chuan)\s+)?(?:(?:co|mang)\s+)?(?:(?:ma|ma so|ky hieu)(?:\s+(?:thu tuc|tthc|so))?\s+)?)"
    r"(?P<code>\d\.\d{4,}(?:\.[a-z]\d+)?|[a-z]{1,4}\d{3,}|[a-z]{3,6})\s+"
    r"(?:la|nghia la|cua|chi)(?:\s+(?:ma|ten))?(?:\s+(?:cua|thu tuc|tthc|cai|chuan|nhiem vu|loai|dich vu))*"
    r"\s+(?:gi|nao)(?:\s+(?:vay|the|a|ad))*\W*"
)
FEWEST = 4  # words beside the code, of what tells what it is


def coded(asked: Understanding, generation: Generation) -> tuple[Stretch, ...]:
    """None where something else is asked, or no passage has the code.

    Letters alone are a code only where a text gives them as one: "(Mã DBSS)".
    """
    said = _ASKS.fullmatch(fold(asked.cleaned).strip())
    if said is None:
        return ()
    letters = said["code"].isalpha()
    code = rf"(?<![\w.]){re.escape(said['code'])}(?!\w)"
    if letters:
        code = rf"\((?:[Mm]ã|[Kk]ý hiệu)(?: số)?:? {said['code'].upper()}\)"
    pattern = re.compile(code)
    for path, start, end in sentences_having(said["code"], generation):
        told = generation.document(path).text[start:end]
        has = pattern.search(told if letters else fold(told))
        if has and len(told.split()) > FEWEST:
            return ((path, start, end),)
    return ()


def sentences_having(words: str, generation: Generation) -> Iterator[Stretch]:
    """The sentences of the passages that have all of some words, in the order of the library."""
    having = [generation.lexical.having(part) for part in syllables(words)]
    for row in reduce(np.intersect1d, having).tolist():
        for start, end, *_ in generation.sentences_of(row)[0].tolist():
            yield (generation.passages[row].document, start, end)
