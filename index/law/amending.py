"""What later documents change of an Điều: the Điều, khoản or điểm of theirs that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.law.references import Reference
from knowledge.document import Section
from knowledge.lines import line_end
from knowledge.vietnamese import fold

_VERB = re.compile(r"\b(?:sua doi|bo sung|thay the|bai bo)\b")
_CHANGES = re.compile(rf"\W*(?:dieu \d+\. |\d+(?:\.\d+)*[.)] |[a-z]\) )?{_VERB.pattern}")
# "Bổ sung Điều 3a vào sau Điều 3"
_PLACED = re.compile(r" (?:vao )?(?:ngay )?(?:phia )?sau (?=diem|khoan|dieu)")
_ARTICLE = re.compile(r"\bdieu (?P<n>\d+[a-z]?)\b")
_CLAUSE = re.compile(r"\bkhoan (?P<n>\d+[a-z]?)\b")
_NUMBER = re.compile(r"(?<![\w/])\d{1,5}[/-][\w/-]*[a-z][\w/-]*")


def changing(
    outline: Sequence[Section], text: str, title: str, number: str, asked: Reference
) -> Iterator[Section]:
    """The sections that change the part asked for of the document that bears `number`, the innermost."""
    found = list(_changing(outline, text, title, number, asked))
    for one in found:
        if not any(one.start < other.start < one.end for other in found):
            yield one


def _changing(
    outline: Sequence[Section], text: str, title: str, number: str, asked: Reference
) -> Iterator[Section]:
    for section in outline:
        if section.kind not in ("article", "clause", "point"):
            continue
        line = _first_line(text, section)
        at = _changed_at(line, asked) if _CHANGES.match(line) else -1
        if at < 0:
            continue
        above = (*_lines_above(outline, text, section), fold(title))
        cited = _NUMBER.search(line, at) or _acted_on((line, *above))
        if cited and cited[0] == fold(number):
            yield section


def _acted_on(lines: Sequence[str]) -> re.Match[str] | None:
    """The number of the document that the first of these lines changes which names one."""
    verbs = ((line, _VERB.search(line)) for line in lines)
    found = (_NUMBER.search(line, verb.end()) for line, verb in verbs if verb)
    return next(filter(None, found), None)


def _lines_above(outline: Sequence[Section], text: str, section: Section) -> Iterator[str]:
    while section.parent >= 0:
        section = outline[section.parent]
        yield _first_line(text, section)


def _first_line(text: str, section: Section) -> str:
    return fold(text[section.start : line_end(text, section.start, section.end)])


def _changed_at(line: str, asked: Reference) -> int:
    """Where a line that changes something names what is asked for; -1 where it does not."""
    head = _PLACED.split(line)[0]
    where = head if _ARTICLE.search(head, len("dieu 1.")) else line
    own = _ARTICLE.match(where)  # "Điều 1. Sửa đổi Điều 3": its own number
    at = own.end() if own else 0
    for article in _ARTICLE.finditer(where, at):
        clauses = {one["n"] for one in _CLAUSE.finditer(head, at, article.start())}
        if article["n"] == asked.article and (
            not (clauses and asked.clause) or asked.clause in clauses
        ):
            return article.end()
        at = article.end()
    return -1
