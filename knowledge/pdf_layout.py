"""What of a page's lines is text, and in which order it is read.

Running heads and page numbers go, footnotes are told from the body, columns are read one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from statistics import median
from typing import Final

from knowledge.lines import REPUBLIC
from knowledge.misread import as_numbered
from knowledge.pdf_aligned import aligned_tables
from knowledge.pdf_glyphs import Sheet
from knowledge.pdf_lines import Line, lines_of
from knowledge.pdf_tables import Table, joined, tables_of
from knowledge.signature import RECIPIENT, RECIPIENTS, SIGNER, is_name

_EDGE: Final = 0.14  # of the page's height: where heads and page numbers stand
_PAGE_NUMBER: Final = re.compile(r"\W*(?:trang|page)?\W*(\d{1,4})(?:\s*/\s*\d{1,4})?\W*", re.I)
_DAY, _HOUR = r"\d{1,2}/\d{1,2}/\d{2,4}", r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?"
_STAMP: Final = re.compile(rf"{_DAY},? {_HOUR}|{_HOUR},? {_DAY}|(?:https?|file)://\S+")
_NUMBER_AT_END: Final = re.compile(r"^\d{1,4}\b\W*|\W*\b\d{1,4}$")
_MOTTO: Final = re.compile(rf"{REPUBLIC} CHỦ NGHĨA|ĐẢNG CỘNG SẢN VIỆT NAM")
_LAID_OUT: Final = re.compile(  # stands beside something else even where it is one line only
    r"CỘNG (?:HÒA|HOÀ) XÃ|ĐẢNG CỘNG SẢN|Số\s*:|Nơi nhận|TM\.|KT\.|TL\.|TUQ\."
)
_FORM: Final = re.compile(r"(?:Mẫu|Biểu|Phụ lục)\b.*\d", re.IGNORECASE)  # opens what stands below
_NOTE: Final = re.compile(
    r"(?P<raised>\ue000)?\[?(?P<mark>\d{1,3}|\*{1,3})\]?(?(raised)\ue001|[.)]?(?=\s))"
)
_RAISED_MARK: Final = re.compile(r"\ue000([^\ue001]*)\ue001")


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was found: lines from the top down, tables taken out of them."""

    number: int  # from 1
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    scanned: bool = False  # read off a picture, in which no mark is seen to be raised


def page_of(number: int, sheet: Sheet, scanned: bool = False) -> Page:
    tables, words = tables_of(number, sheet.words, sheet.rules, sheet.sideways)
    aligned, words = aligned_tables(number, words)
    lines = tuple(lines_of(words))
    if scanned:
        lines = tuple(as_numbered(lines))
    return Page(number, sheet.width, sheet.height, lines, (*tables, *aligned), scanned)


@dataclass(frozen=True, slots=True)
class Column:
    """Lines that are read one below the other. `aside`: beside another column, as a letterhead is."""

    lines: tuple[Line, ...]
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Arranged:
    """A page in reading order, and its notes by their marks."""

    number: int
    pieces: tuple[Column | Table, ...]
    notes: Mapping[str, str] = field(default_factory=dict)


def arranged(pages: Sequence[Page], body: float) -> list[Arranged]:
    """Every page in reading order; `body` is the height of the letters of running text."""
    heads = _heads(pages, body)
    pieces: list[list[Column | Table]] = []
    notes: list[dict[str, str]] = []
    awaited: set[str] = set()  # marks whose notes stand on the next page, if anywhere
    for page in pages:
        lines = [line for line in page.lines if (page.number, line) not in heads]
        # each scan is measured by itself: its letters' height is known to a pixel, not to a point
        usual = _usual_size(page) if page.scanned and page.lines else body
        lines, found = _notes_apart(lines, usual, awaited, page.scanned)
        marks = [mark for line in lines for mark in _marks_in(line.text)]
        awaited = {mark for mark in marks if mark not in found}
        if pieces:
            lines = _after_signature(pieces[-1], lines)
        pieces.append(list(_pieces(lines, page.tables)))
        notes.append(found)
    _join_tables(pieces)
    return [
        Arranged(page.number, tuple(own), found)
        for page, own, found in zip(pages, pieces, notes, strict=True)
    ]


def _join_tables(pages: list[list[Column | Table]]) -> None:
    """A table that goes on over pages becomes one, on the first of them."""
    for before, after in reversed(list(pairwise(pages))):
        if before and after and isinstance(before[-1], Table) and isinstance(after[0], Table):
            whole = joined(before[-1], after[0])
            if whole:
                before[-1] = whole
                del after[0]


def _after_signature(before: list[Column | Table], lines: list[Line]) -> list[Line]:
    """What follows a signature that the page's end has cut: its rest goes to the page before."""
    if len(before) < 2:
        return lines
    left, right = before[-2:]
    if not (isinstance(left, Column) and isinstance(right, Column) and right.aside):
        return lines
    first = left.lines[0].text
    if not (RECIPIENTS.match(first) or SIGNER.match(first)) or is_name(right.lines[-1].text):
        return lines
    river = min(line.x0 for line in right.lines)
    rest = list(
        takewhile(
            lambda line: _signs(line.text) or (line.x1 < river and RECIPIENT.match(line.text)),
            lines,
        )
    )
    if not any(is_name(line.text) and line.x1 > river for line in rest):
        return lines
    before[-2:] = [
        replace(left, lines=(*left.lines, *(line for line in rest if line.x1 < river))),
        replace(right, lines=(*right.lines, *(line for line in rest if line.x1 >= river))),
    ]
    return lines[len(rest) :]


def _signs(text: str) -> bool:
    return is_name(text) or SIGNER.match(text) is not None


# --- running heads -------------------------------------------------------------------------------


def _heads(pages: Sequence[Page], body: float) -> set[tuple[int, Line]]:
    """Page numbers, and lines that return on other pages at the same height.

    What a head is, tell pages on which it stands apart from the text and clear of a letterhead, and
    all that stands with it returns, too; it goes from every page.
    """
    outer = [(page, line) for page in pages for line in _outer(page)]
    shifts = Counter(
        int(found[1]) - page.number
        for page, line in outer
        if (found := _PAGE_NUMBER.fullmatch(line.text))
    )
    numbered = {-1, 0} | {shift for shift, count in shifts.items() if count > 1}
    numbers = {
        (page.number, line)
        for page, line in outer
        if (found := _PAGE_NUMBER.fullmatch(line.text))
        and int(found[1]) - page.number in numbered
        and _is_outermost(page, line)
    }
    names = {
        (page.number, line): _names(page, line, numbered)
        for page, line in outer
        if (page.number, line) not in numbers
    }
    blocks = [
        [place for place in block if place not in numbers]
        for page in pages
        for block in _set_apart(page)
    ]
    enough = max(2, -(-len(pages) // 3))
    often = _returning(blocks, names, enough)
    blocks = [block for block in blocks if all(names.get(at, set()) & often for at in block)]
    heads = _returning(blocks, names, enough)
    gone = {place for place, own in names.items() if own & heads}
    return numbers | gone | _printed(outer, body) | _watermarks(pages, body)


def _printed(outer: Sequence[tuple[Page, Line]], body: float) -> set[tuple[int, Line]]:
    """What a browser prints at a page's edges, once even: in small letters, the hour or the address,
    and what stands beside it."""
    stamps = [
        (page, line)
        for page, line in outer
        if line.size < 0.9 * body and _STAMP.fullmatch(line.text) and _is_outermost(page, line)
    ]
    return {
        (page.number, other)
        for page, line in stamps
        for other in page.lines
        if other.size < 0.9 * body and _are_level(line, other)
    }


_Name = tuple[str, int]  # a line's words and about where it stands


def _returning(
    blocks: Iterable[list[tuple[int, Line]]],
    names: Mapping[tuple[int, Line], set[_Name]],
    enough: int,
) -> set[_Name]:
    """What stands in blocks of that many pages."""
    found: dict[_Name, set[int]] = {}
    for block in blocks:
        for place in block:
            for name in names.get(place, ()):
                found.setdefault(name, set()).add(place[0])
    return {name for name, numbers in found.items() if len(numbers) >= enough}


def _names(page: Page, line: Line, shifts: set[int]) -> set[_Name]:
    """The line without its page's number, and its distance from the nearer edge of the paper, which
    may lie on its side; two that differ by a hair share one."""
    words = _without_number(line.text, page.number, shifts)
    height = line.y if line.y < page.height / 2 else line.y - page.height
    return {(words, round(height / 4)), (words, round(height / 4 + 0.5))} if words else set()


def _without_number(text: str, page: int, shifts: set[int]) -> str:
    """ "CÔNG BÁO/Số 12 7" and "8 CÔNG BÁO/Số 12" are one head, on pages 7 and 8."""
    for found in _NUMBER_AT_END.finditer(text):
        if int(re.sub(r"\D", "", found[0])) - page in shifts:
            return text.replace(found[0], "", 1).strip()
    return text


def _outer(page: Page) -> Iterator[Line]:
    """The first and last lines, where they stand so high or low that they may be heads."""
    rows = sorted({line.y for line in page.lines})
    for line in page.lines:
        at_edge = not _EDGE * page.height < line.y < (1 - _EDGE) * page.height
        if at_edge and line.y in {*rows[:3], *rows[-3:]}:
            yield line


def _set_apart(page: Page) -> Iterator[list[tuple[int, Line]]]:
    """Lines that stand together, parted by gaps; small print, line by line. None of a letterhead."""
    lines = sorted(page.lines, key=lambda line: line.y)
    if not lines or len(lines) + len(page.tables) < 2:  # nothing, or all there is
        return
    gaps = [below.y - line.y for line, below in pairwise(lines) if below.y > line.y]
    wide = 1.3 * median(gaps) if len(gaps) > 2 else 0.0
    small = 0.95 * _usual_size(page)
    motto = min((line.y for line in lines if _MOTTO.search(line.text)), default=page.height)
    blocks = [lines[:1]]
    for line, below in pairwise(lines):
        if below.y - line.y > wide or min(line.size, below.size) < small:
            blocks.append([])
        blocks[-1].append(below)
    for block in blocks:
        if all(one.y < motto - 2 * one.size or one.y > page.height / 2 for one in block):
            yield [(page.number, line) for line in block]


def _usual_size(page: Page) -> float:
    return Counter(round(line.size, 1) for line in page.lines).most_common(1)[0][0]


def _is_outermost(page: Page, line: Line) -> bool:
    """At most one other line between it and the paper's edge."""
    above = sum(other.y < line.y - line.size for other in page.lines)
    below = sum(other.y > line.y + line.size for other in page.lines)
    return above + below + len(page.tables) > 0 and min(above, below) < 2


def _watermarks(pages: Sequence[Page], body: float) -> set[tuple[int, Line]]:
    """Huge words at one place of many pages."""
    huge: dict[tuple[str, int], list[tuple[int, Line]]] = {}
    for page in pages:
        for line in page.lines:
            if line.size > 1.6 * body:
                huge.setdefault((line.text, round(line.y)), []).append((page.number, line))
    often = max(3, len(pages) // 2)
    return {place for places in huge.values() if len(places) >= often for place in places}


# --- footnotes -----------------------------------------------------------------------------------


def _notes_apart(
    lines: list[Line], body: float, awaited: set[str], scanned: bool
) -> tuple[list[Line], dict[str, str]]:
    """The body's lines, and the notes below it: small print that begins with a mark set above."""
    first = len(lines)
    while first and lines[first - 1].size <= 0.92 * body:
        first -= 1
    marks = {mark for line in lines[:first] for mark in _marks_in(line.text)} | awaited
    notes: dict[str, str] = {}
    start = len(lines)
    last = ""
    for at in range(first, len(lines)):
        found = _NOTE.match(lines[at].text)
        told = scanned and found and not found[0].endswith((".", ")"))  # "2. Yêu cầu" is a khoản
        if found and (found["mark"] in marks or told or (last and found["raised"])):
            start, last = min(start, at), found["mark"]
            notes[last] = lines[at].text[found.end() :].strip()
        elif last:
            notes[last] = f"{notes[last]} {lines[at].text}"
    return lines[:start], notes


def _marks_in(text: str) -> list[str]:
    return [mark for found in _RAISED_MARK.findall(text) for mark in re.findall(r"\d+|\*+", found)]


# --- columns -------------------------------------------------------------------------------------


def _pieces(lines: list[Line], tables: Sequence[Table]) -> Iterator[Column | Table]:
    """Tables where they stand among the lines."""
    rest = lines
    for table in sorted(tables, key=lambda table: table.y0):
        above = [line for line in rest if line.y <= table.y0 + 2]
        rest = [line for line in rest if line.y > table.y0 + 2]
        yield from _columns(above)
        yield table
    yield from _columns(rest)


def _columns(lines: list[Line], aside: bool = False) -> Iterator[Column]:
    flow: list[Line] = []
    at = 0
    while at < len(lines):
        beside = _beside(lines, at)
        if beside is None:
            if flow and _are_level(flow[-1], lines[at]):
                flow[-1] = _one(flow[-1], lines[at])
            else:
                flow.append(lines[at])
            at += 1
            continue
        end, river = beside
        up = _reach_up(flow, river)
        block = [*flow[len(flow) - up :], *lines[at:end]]
        if kept := flow[: len(flow) - up]:
            yield Column(tuple(kept), aside)
        flow = []
        for part in (
            [line for line in block if line.x1 <= river],
            [line for line in block if line.x1 > river],
        ):
            yield from _columns(part, aside=True)
        at = end
    if flow:
        yield Column(tuple(flow), aside)


def _beside(lines: list[Line], at: int) -> tuple[int, float] | None:
    """Where the stretch of side-by-side lines that begins at `at` ends, and the x between them."""
    if at + 1 >= len(lines) or not _are_beside(lines[at], lines[at + 1]):
        return None
    left, right = (
        min(one.x1 for one in lines[at : at + 2]),
        max(one.x0 for one in lines[at : at + 2]),
    )
    end = last = at + 2
    pairs = 1
    while end < len(lines):
        line = lines[end]
        narrow = 0.8 * line.size
        if line.y - lines[end - 1].y > 3.5 * line.size:
            break
        if line.x1 < right - narrow:
            left = max(left, line.x1)
        elif line.x0 > left + narrow:
            right = min(right, line.x0)
        else:
            break
        end += 1
        if _are_beside(lines[end - 2], line):
            pairs, last = pairs + 1, end
    if pairs < 2 and not any(_stands_beside(line.text) for line in lines[at:last]):
        return None
    river = (left + right) / 2
    return _reach_down(lines, last, river), river


def _stands_beside(text: str) -> bool:
    """Of a letterhead or a signature, where one pair of lines is enough."""
    return bool(_LAID_OUT.match(text)) or (text.isupper() and len(text.split()) > 1)


def _one(line: Line, other: Line) -> Line:
    """Two stretches of one printed line, a tab or a form's blank between them."""
    return replace(line, text=f"{line.text} {other.text}", x1=max(line.x1, other.x1))


def _are_beside(line: Line, other: Line) -> bool:
    """Whether two lines overlap in height, as lines below each other never do, and are apart."""
    overlap = abs(line.y - other.y) < 0.9 * min(line.size, other.size)
    return overlap and (line.x1 < other.x0 or other.x1 < line.x0)


def _are_level(line: Line, other: Line) -> bool:
    return abs(line.y - other.y) < 0.5 * min(line.size, other.size)


def _reach_up(flow: list[Line], river: float) -> int:
    """How many lines just above belong to one column: a post, an office in capitals."""
    count = 0
    while count < len(flow):
        line = flow[-1 - count]
        beside = line.x0 > river or (line.x1 < river and line.text.isupper())
        above = flow[-2 - count] if count + 1 < len(flow) else None
        ends = above is not None and above.x0 < river < above.x1 and _are_centred(above, line)
        if not beside or ends or _PAGE_NUMBER.fullmatch(line.text) or _FORM.match(line.text):
            break
        count += 1
        if count < len(flow) and line.y - flow[-1 - count].y > 2 * line.size:
            break
    return count


def _are_centred(line: Line, below: Line) -> bool:
    return abs(line.x0 + line.x1 - below.x0 - below.x1) < 4


def _reach_down(lines: list[Line], end: int, river: float) -> int:
    """On past the last pair: signers' names below their posts, the rest of a list of recipients."""
    while end < len(lines):
        line = lines[end]
        side = [
            one for one in lines[max(0, end - 6) : end] if (one.x1 < river) == (line.x1 < river)
        ]
        gap = line.y - lines[end - 1].y
        usual = side[-1].y - side[-2].y if len(side) > 1 else 0.0
        if len(side) == 1 and side[0].text.endswith(":"):  # of a list to come no pitch is known
            usual = 2 * line.size
        signer = gap < 9 * line.size and (line.x0 > river or is_name(line.text))
        near = gap < max(1.5 * line.size, 1.2 * min(usual, 2 * line.size))
        if not signer and not (line.x1 < river and near and not line.text.isupper()):
            break
        end += 1
    return end
