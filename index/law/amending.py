"""What later documents change of an Điều: the Điều, khoản or điểm of theirs that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.law.references import Reference
from knowledge.document import Section
from knowledge.vietnamese import fold

_CHANGES = re.compile(
    r"\W*(?:dieu \d+\. |\d+(?:\.\d+)*[.)] |[a-z]\) )?(?:sua doi|bo sung|thay the|bai bo)\b"
)
_PLACED = re.compile(
    r" (?:vao )?(?:ngay )?(?:phia )?sau (?=diem|khoan|dieu)"
)  # "Bổ sung Điều 3a vào sau Điều 3"
_ARTICLE = re.compile(r"\bdieu (?P<n>\d+[a-z]?)\b")
_CLAUSE = re.compile(r"\bkhoan (?P<n>\d+[a-z]?)\b")
_CITED = re.compile(r"\b\d{1,5}/(?:\d{4}/)?[a-z]")  # a document's number


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
        if _CHANGES.match(line) and _is_changed(line, asked):
            said = [*_lines_above(outline, text, section), fold(title)]
            cited = next(filter(_CITED.search, [line, *said]), "")
            if re.search(rf"(?<!\d){re.escape(fold(number))}(?![\w/-])", cited):
                yield section


def _lines_above(outline: Sequence[Section], text: str, section: Section) -> Iterator[str]:
    while section.parent >= 0:
        section = outline[section.parent]
        yield _first_line(text, section)


def _first_line(text: str, section: Section) -> str:
    end = text.find("\n", section.start, section.end)
    return fold(text[section.start : end if end >= 0 else section.end])


def _is_changed(line: str, asked: Reference) -> bool:
    head = _PLACED.split(line)[0]
    where = head if _ARTICLE.search(head, len("dieu 1.")) else line
    own = _ARTICLE.match(where)  # "Điều 1. Sửa đổi Điều 3": its own number
    at = own.end() if own else 0
    for article in _ARTICLE.finditer(where, at):
        clauses = {one["n"] for one in _CLAUSE.finditer(head, at, article.start())}
        if article["n"] == asked.article and (
            not (clauses and asked.clause) or asked.clause in clauses
        ):
            return True
        at = article.end()
    return False
