"""Lines that open no section whatever they look like: quoted from what is amended, or listed as contents."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from knowledge.lines import Line
from knowledge.vietnamese import syllables

_AMENDS = r"(?:Sửa đổi|Bổ sung|Bãi bỏ|Thay thế|Thay cụm|Thay từ|Bỏ cụm|Hủy bỏ)"
_AMENDS_NEXT = re.compile(rf"[\s|]*(?:\d{{1,3}}[.)]|[a-zđ]\)|Điều \d+[.:])\s+{_AMENDS}")
_AMENDED = re.compile(rf"\b{_AMENDS}\b[^\n]*\bĐiều (?P<n>\d+[a-zđ]?)\b[^\n]*:\s*$", re.IGNORECASE)
_AMENDED_ITEM = re.compile(
    rf"\b{_AMENDS}\b[^\n]*?\b(?:khoản|điểm) (?P<n>\d+[a-zđ]?|[a-zđ])\b[^\n]*:$"
)
_OPENS = re.compile(r"(^\s*|:\s*)(?:‘‘|''|``|[«„‘”]|“(?=\s))\s*(?=\w)")
_CLOSES = re.compile(r"(?:’’|''|»)|’(?=[\s.,;]*$)")
_QUOTES = re.compile(r"(?:^\s*|:\s*)(?P<open>[“\"”])(?=\S)")
_MARKS_OF_QUOTING = ("“", "”", '"')
_MOST_ENDS = 40  # lines that end in a mark of quoting, looked at for the one that closes
_LONGEST_ORDER = 600  # characters of "Sửa đổi khoản 2 Điều 5 … như sau:"
_LONGEST_QUOTED = 400  # lines; an opening mark without its fellow quotes nothing

# heads an entry in a codified text's index
CODED: Final = re.compile(r"^[ \t#*]*\d{12,}[ \t]*$", re.MULTILINE)
_CONTENTS = re.compile(r"[\s#*|]*MỤC LỤC[\s:*|]*$", re.IGNORECASE)
_LEADER = re.compile(
    r"(?:\.{4,}+|…{2,}+|(?:\. ){4,}+|_{4,}+)[\s.…_]*+(?:\d{1,4}|[ivxlc]{1,6})?[\s|]*+$"
)
_LED = re.compile(r"(?:\.{4}|…{2})[\s.…]*+\d{1,4}[\s|]*+$")  # to a page: a form has none
_HEADED = re.compile(
    r"[\s#*|]*(?:Phụ lục|Phần|Chương|Mục|Điều|Bài|Chuyên đề|[IVX]{1,5}[.)])\s", re.IGNORECASE
)
_ITEM = re.compile(r"[\s#*|]*\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[^\W\d_]")
_PAGED = re.compile(r"[^\W\d_.,;:]\W?\s+\d{1,3}[\s|]*$")
_PAGE = re.compile(r"[\s.…_|]{0,9}\d{0,4}[\s|]{0,3}$")
_FEWEST_LISTED = 3


def passive(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of lines that open nothing whatever they look like."""
    index = next((at for at, line in enumerate(lines) if CODED.fullmatch(line.text)), len(lines))
    if not any(line.text.lstrip(" #*").startswith("Điều ") for line in lines[:index]):
        index = len(lines)  # codes that head the text itself
    return (
        frozenset(_quoted(lines))
        | frozenset(_contents(lines))
        | frozenset(range(index, len(lines)))
    )


def _quoted(lines: Sequence[Line]) -> Iterator[int]:
    """Lines inside the words that an amendment puts in place of others, from quote to quote."""
    lines = [replace(one, text=_quoted_alike(one.text)) for one in lines]
    open_ = [0, *accumulate(one.text.count("“") - one.text.count("”") for one in lines)]
    ends = [
        index
        for index, one in enumerate(lines)
        if _AMENDS_NEXT.match(one.text) or (one.text.rstrip(" .,;")[-1:] in _MARKS_OF_QUOTING)
    ]
    at = 0
    while at < len(lines):
        end = _quotation_end(lines, at, open_, ends) or _unmarked_end(lines, at)
        first = at if lines[at].text.lstrip()[:1] in _MARKS_OF_QUOTING else at + 1
        yield from range(first, end)
        at = max(at + 1, end)


def _quoted_alike(line: str) -> str:
    """A line with “ and ” for what else scribes and copies quote with."""
    return _CLOSES.sub("”", _OPENS.sub(r"\1“", line))


def _quotation_end(
    lines: Sequence[Line], at: int, open_: Sequence[int], ends: Sequence[int]
) -> int:
    """Index after the last line of the quotation that line `at` opens; 0 where it opens none.

    `open_` counts the marks open before each line; `ends` are the lines where a quotation may end.
    """
    line = lines[at].text
    opening = _QUOTES.search(line) if "“" in line or "”" in line or '"' in line else None
    if not opening:
        return 0
    if opening.start() == 0 and not (at and lines[at - 1].text.rstrip().endswith(":")):
        return 0
    quoted = line[opening.start("open") :]
    if quoted.count("“") <= quoted.count("”") and not quoted.count('"') % 2:
        return 0  # closed where it is opened
    first = bisect_right(ends, at)
    for index in ends[first : first + _MOST_ENDS]:
        if index > at + _LONGEST_QUOTED:
            break
        if _AMENDS_NEXT.match(lines[index].text):
            return index
        closed = open_[index + 1] <= open_[at]
        if closed or not lines[index].text.rstrip(" .,;").endswith("”"):
            return index + 1
    return 0


def _unmarked_end(lines: Sequence[Line], at: int) -> int:
    """The same where "Sửa đổi Điều 5 như sau:" is followed by that Điều, or by a khoản or điểm that it
    names, without quotation marks."""
    order = lines[at].text.rstrip()[-_LONGEST_ORDER:]
    if not order.endswith(":") or at + 1 >= len(lines):
        return 0
    amended, item = _AMENDED.search(order), _AMENDED_ITEM.search(order)
    below = lines[at + 1].text
    whole = amended and re.match(rf"[\s*]*Điều {amended['n']}\b", below)
    part = item and re.match(rf"[\s*]*{item['n']}[.)]\s", below) and not _AMENDS_NEXT.match(below)
    if not (whole or part):
        return 0
    for index in range(at + 2, min(len(lines), at + _LONGEST_QUOTED)):
        if _AMENDS_NEXT.match(lines[index].text) or re.match(r"[\s*]*Điều \d", lines[index].text):
            return index
    return len(lines) if whole else 0


def _contents(lines: Sequence[Line]) -> Iterator[int]:
    """Lines of a list of contents: with dot leaders, or all found again below."""
    entries = [_entry(line.text) for line in lines]
    last: dict[str, int] = {}
    for index, (entry, line) in enumerate(zip(entries, lines, strict=True)):
        last[entry or (_words(line.text) if _ITEM.match(line.text) else "")] = index
        if index and entries[index - 1] and not _HEADED.match(line.text):
            last[f"{entries[index - 1]} {_words(line.text)}"] = index - 1  # a title in two lines
    yield from (i for i, line in enumerate(lines) if entries[i] and _LEADER.search(line.text))
    run: list[int] = []
    for index, entry in enumerate(entries):
        if _CONTENTS.match(lines[index].text):
            run = [index]
        elif entry and last[entry] > index and not (run and entry == entries[run[-1]]):
            run.append(index)
        elif not (run and lines[index].text.isupper()):
            if len([i for i in run if entries[i]]) >= _FEWEST_LISTED:
                yield from _listed(run, last, entries)
            run = []


def _listed(run: Sequence[int], last: dict[str, int], entries: Sequence[str]) -> Iterator[int]:
    """The entries of a run that recur after it: text whose first line recurs is the text itself."""
    return (index for index in run if entries[index] and last[entries[index]] > run[-1])


def _entry(line: str) -> str:
    """A chapter's or article's title line as it is found in contents and again in the text."""
    paged = _ITEM.match(line) and (_PAGED.search(line) or _LED.search(line))
    if not (_HEADED.match(line) or paged):
        return ""
    return _words(_PAGE.sub("", _LEADER.sub("", line)))


def _words(line: str) -> str:
    return " ".join(syllables(line))
