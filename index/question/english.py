"""English questions: the field's terms in Vietnamese, names and numbers as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from knowledge.abbreviations import is_syllable
from knowledge.vietnamese import fold

GLOSSARY = Path(__file__).with_name("glossary.tsv")
_ENGLISH = frozenset(
    "what who whose which when where why how is are was were does did of under for with should must"
    " and that this long much many the about it they will under according".split()
)


def is_english(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text)
    lower = [word.lower() for word in words if not (word.isupper() and len(word) > 1)]
    if not lower or any(word != fold(word) for word in lower if len(word) > 1 and _marked(word)):
        return False
    english = sum(word in _ENGLISH for word in lower)
    foreign = sum(not is_syllable(word) for word in lower)
    return english >= 1 and foreign >= 0.34 * len(lower)


def _marked(word: str) -> bool:
    return word != fold(word) and word not in ("nguyên", "đồng", "nội")


@lru_cache(maxsize=1)
def _glossary() -> dict[tuple[str, ...], str]:
    lines = GLOSSARY.read_text("utf-8").splitlines()
    cells = [line.split("\t") for line in lines if "\t" in line and not line.startswith("#")]
    return {tuple(re.findall(r"[a-z&'-]+", english)): vietnamese for english, vietnamese in cells}


_ON = re.compile(
    r"\b(law|decree|circular|resolution|decision|directive|plan|program|programme|strategy)s? on (?:the )?",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d[\w/.,%-]*\w|\d|[^\W\d_]+(?:[&'’-][^\W\d_]+)*")
_ENGLISH_FILLER = _ENGLISH | frozenset(
    "a an to in on at by be can do its from or as i my we you our".split()
)


def in_vietnamese(text: str) -> str:
    """The field's terms in `text` in Vietnamese, numbers as they are, all else left out."""
    terms = _glossary()
    tokens = [re.sub(r"['’]s$", "", token) for token in _TOKEN.findall(_ON.sub(r"\1 ", text))]
    lower = [fold(token) for token in tokens]
    found: list[str] = []
    at, gap = 0, False
    while at < len(tokens):
        for size in range(min(6, len(tokens) - at), 0, -1):
            term = _term(terms, lower[at : at + size])
            if term:
                if found and gap and found[-1] != ",":
                    found.append(",")
                gap = False
                if lower[at] == "law" and found and not _names_follow(lower, at):
                    found.insert(len(found) - 1, term)  # "data protection law"
                else:
                    found.append(term)
                at += size
                break
        else:
            if tokens[at][0].isdigit():
                found.append(tokens[at])
            else:
                gap = True  # terms apart are no single name
            at += 1
    return " ".join(found).replace(" ,", ",")


def _names_follow(lower: Sequence[str], at: int) -> bool:
    before = lower[at - 1] if at else "the"
    return before in _ENGLISH_FILLER or (at + 1 < len(lower) and lower[at + 1][0].isdigit())


def _term(terms: dict[tuple[str, ...], str], words: Sequence[str]) -> str:
    key = tuple(words)
    for ending, instead in (("", ""), ("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ing", "")):
        if key[-1].endswith(ending):
            stem = key[-1][: len(key[-1]) - len(ending)] + instead
            if (*key[:-1], stem) in terms:
                return terms[(*key[:-1], stem)]
    return ""


def names_kept(text: str) -> str:
    """Names and abbreviations, which are the same in both languages."""
    words = _TOKEN.findall(text)[1:]
    return " ".join(
        word for word in words if word[0].isupper() and fold(word) not in _ENGLISH_FILLER
    )
