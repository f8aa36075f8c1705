"""Terms that documents define ("Phần mềm nhúng là …"), and the one a question asks about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from knowledge.document import Document, Section
from knowledge.split import sentences
from knowledge.vietnamese import fold

Place = tuple[str, int]  # path, and offset of the sentence that defines

_GLOSSARY = re.compile(
    r"(?:giai thich|dinh nghia).*(?:tu ngu|thuat ngu|khai niem)?|^(?:cac )?(?:tu ngu|thuat ngu)"
)
_ENTRY = re.compile(
    r"(?:\d{1,3}(?:\.\d+)*[.)]|[a-zđ]\)|[-+*•])?\s*[“\"'*]*(?P<term>[^:.;]{2,90}?)[”\"'*]*\s*"
    r"(?:\([^)]*\)\s*)?(?:(?:sau đây )?(?:là|được hiểu là|gồm|bao gồm|có nghĩa là)\s|:)"
)
_ASKED_AFTER = re.compile(
    r"\b(?:la gi|la cai gi|la sao|nghia la|co nghia|duoc hieu|hieu (?:la|the))\b"
)
_ASKED_BEFORE = re.compile(r"\b(?:the nao la|khai niem|dinh nghia|what is|define)\b")
_ASIDE = re.compile(r"\s*(?:trong|theo|tai)\b[^,]*,")
_WHERE = re.compile(r"(?<=[a-z0-9\"”])\s+(?:trong|theo|o)\s")
_SHORTEST = 2  # words of a term, unless it is quoted in the question


def defined_terms(document: Document, outline: Sequence[Section]) -> Iterator[tuple[str, Place]]:
    """Folded terms and where they are defined, in sections that explain words."""
    for section in outline:
        if section.kind not in ("article", "heading") or not _GLOSSARY.search(fold(section.title)):
            continue
        for start, end in sentences(document.text, section.start, section.end):
            entry = _ENTRY.match(document.text, start, end)
            if entry:
                yield _plain(entry["term"]), (document.path, start)


def _plain(term: str) -> str:
    return " ".join(_words(fold(re.sub(r"\([^)]*\)", "", term))))


def _words(folded: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", folded)


def asked_term(question: str, known: Mapping[str, Sequence[Place]]) -> tuple[str, Sequence[Place]]:
    """The defined term that the question asks about, and its places; empty where there is none.

    One that it asks for by its form, "X là gì" or "thế nào là X", goes before any other; then, where it
    asks by form at all, the one said first ("X trong Y là gì"), else the longest.
    """
    folded = fold(question)
    words = _words(folded)
    before, after = _ASKED_AFTER.search(folded), _ASKED_BEFORE.search(folded)
    last = len(_words(folded[: before.start()])) if before else -1
    first = len(_words(folded[: after.end()])) if after else -1
    by_form = before is not None or after is not None
    aside = _ASIDE.match(folded)  # "Theo Luật An ninh mạng, …"
    begin = len(_words(aside[0])) if aside else 0
    where = _WHERE.search(folded, aside.end() if aside else 0, before.start() if before else 0)
    ends = {last, len(_words(folded[: where.start()])) if where else last}
    said = [
        (start + size in ends or start == first, -start * by_form, size, term)
        for size in range(_SHORTEST, min(12, len(words)) + 1)
        for start in range(begin, len(words) - size + 1)
        for term in (" ".join(words[start : start + size]),)
        if term in known
    ]
    *_, term = max(said, default=(False, 0, 0, ""))
    return term, known.get(term, ())
