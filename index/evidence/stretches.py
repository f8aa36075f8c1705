"""From a chosen sentence to the stretch of text worth quoting: its list whole, its clause, or itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from knowledge.document import Document, Section
from knowledge.lines import CELL, line_around, line_end, stripped

LONGEST_LIST = 6000  # characters; a longer one is a chapter, not a list
_BULLET = re.compile(r"[ \t]*(?:[-–+*•○▪]|[a-zđ]\)|\d{1,2}[.)])[ \t]*\S")
_ANNOUNCES = re.compile(
    r"\b(?:gồm|bao gồm|như sau|sau đây)\s*$|\b(?:gồm|bao gồm) (?:các|những)\b[^.;:,]{0,60}(?<![.;:,])$"
)
_STOPS = frozenset('.;:,!?…)”"')
Span = tuple[int, int]
Stretch = tuple[str, int, int]  # of a document: its path, and offsets


def words_in(document: Document, span: Span) -> int:
    return len(document.text[span[0] : span[1]].split())


def begun(document: Document, span: Span, words: int) -> Span:
    """As many whole lines from the beginning of `span` as `words` allow; the first in any case."""
    start, end = stripped(document.text, *span)
    if words_in(document, (start, end)) <= words:
        return start, end
    stop = document.text.find("\n", start, end)
    while 0 < stop < end:
        following = document.text.find("\n", stop + 1, end)
        if following < 0 or words_in(document, (start, following)) > words:
            break
        stop = following
    return stripped(document.text, start, stop if stop > 0 else end)


def opens_list(text: str) -> bool:
    """Whether a sentence announces what follows it: by a colon, or by its last words alone."""
    return text.endswith(":") or _ANNOUNCES.search(text) is not None


def section_at(outline: Sequence[Section], at: int) -> int:
    """Index of the innermost section that holds offset `at`; -1 where none does."""
    number = bisect_right(outline, at, key=attrgetter("start")) - 1
    while number >= 0 and outline[number].end <= at:
        number = outline[number].parent
    return number


def list_around(
    document: Document, outline: Sequence[Section], span: Span, headless: bool = False
) -> Span | None:
    """The whole list that `span` opens or is an item of, from its head to its last item.

    A list may be `headless`: the khoản of an Điều under its title.
    """
    for found in (
        _sections_list(document, outline, span, headless),
        _within_item(document.text, outline, span, _bullet_list(document.text, span)),
    ):
        if found and found != span and found[1] - found[0] <= LONGEST_LIST:
            return stripped(document.text, *found)
    return None


def head_of(document: Document, outline: Sequence[Section], span: Span) -> Span | None:
    """Where the list opens that `span`, a khoản or điểm, is an item of: its last line before it."""
    number = section_at(outline, span[0])
    if number >= 0 and outline[number].kind == "row":
        return _row_head(document, outline, number)
    if number < 0 or outline[number].start != span[0] or outline[number].parent < 0:
        return None
    if outline[number].kind not in ("clause", "point"):
        return None
    parent = outline[number].parent
    first = outline[parent + 1].start  # a section's first part follows it
    head = document.text[outline[parent].start : first].rstrip()
    line = head.rfind("\n") + 1
    if not opens_list(head[line:]):
        return None
    return outline[parent].start + line, outline[parent].start + len(head)


def is_title(document: Document, outline: Sequence[Section], span: Span) -> bool:
    """Whether `span` is but the title of a khoản or điểm that goes on below: "c) Tầm nhìn đến 2035"."""
    number = section_at(outline, span[0])
    if number < 0 or outline[number].kind not in ("clause", "point"):
        return False
    ends = document.text[span[1] - 1] in _STOPS or opens_list(document.text[slice(*span)])
    below = document.text[span[1] : outline[number].end].strip()
    return outline[number].start == span[0] and not ends and bool(below)


def is_row(outline: Sequence[Section], at: int) -> bool:
    """Whether `at` stands in a row of a table."""
    number = section_at(outline, at)
    return number >= 0 and outline[number].kind == "row"


def introduces_table(outline: Sequence[Section], at: int) -> bool:
    """Whether `at` stands in the line above a table: by itself it answers nothing."""
    number = section_at(outline, at)
    return number >= 0 and outline[number].kind == "table"


def _row_head(document: Document, outline: Sequence[Section], number: int) -> Span | None:
    """What introduces the table of a row: its own line above, or the section that it stands in."""
    parent = outline[number].parent
    while parent >= 0 and _opens_in_row(document.text, outline[parent].start):
        parent = outline[parent].parent  # a group, or a table that nothing introduces
    if parent < 0:
        return None
    first = next(at for at in range(parent + 1, len(outline)) if outline[at].kind == "row")
    above = document.text[outline[first].start : outline[number].start].split("\n")[:-1]
    if parent != outline[number].parent and not all(CELL in line for line in above):
        return None  # another table stands between
    cells = document.text.find(CELL, outline[parent].start)  # the heads are in the row itself
    end = min(outline[first].start, document.text.rfind("\n", 0, cells) + 1)
    span = stripped(document.text, outline[parent].start, max(outline[parent].start, end))
    if outline[parent].kind != "table":
        line = document.text.rfind("\n", span[0], span[1]) + 1
        span = (max(span[0], line), span[1])
        if parent != outline[number].parent and not opens_list(document.text[slice(*span)]):
            return None
    return span if span[0] < span[1] else None


def _opens_in_row(text: str, start: int) -> bool:
    return CELL in text[start : line_end(text, start)]


def _sections_list(
    document: Document, outline: Sequence[Section], span: Span, headless: bool
) -> Span | None:
    """A list whose items are khoản or điểm."""
    number = section_at(outline, span[0])
    if number < 0:
        return None
    text = document.text
    children = [at for at in range(len(outline)) if outline[at].parent == number]
    if opens_list(text[span[0] : span[1]]) and children:
        first = outline[children[0]].start
        if first >= span[1] and not text[span[1] : first].strip():
            return span[0], outline[children[-1]].end
    parent = outline[number].parent
    if parent < 0 or outline[number].kind not in ("clause", "point"):
        return None
    head = head_of(document, outline, (outline[number].start, span[1]))
    if head:
        return head[0], outline[parent].end
    return _article(outline, parent) if headless else None


def _article(outline: Sequence[Section], number: int) -> Span | None:
    """An Điều from its title to its last khoản."""
    parts = [section for section in outline if section.parent == number]
    if outline[number].kind != "article" or any(part.kind != "clause" for part in parts):
        return None
    return outline[number].start, parts[-1].end


def _bullet_list(text: str, span: Span) -> Span | None:
    """A list of lines that begin with a dash, a letter or a number."""
    lines = list(_lines_around(text, span))
    here = next(at for at, (start, end) in enumerate(lines) if start <= span[0] <= end)
    item = _BULLET.match(text[slice(*lines[here])])
    if text[span[0] : span[1]].endswith(":") or (opens_list(text[slice(*span)]) and not item):
        last = _last_item(text, lines, here + 1)
        return (span[0], lines[last][1]) if last > here else None
    if not item:
        return None
    first = here
    while first > 0 and _BULLET.match(text[slice(*lines[first - 1])]):
        first -= 1
    head = first - 1
    if head >= 0 and opens_list(text[slice(*lines[head])].rstrip()):
        first = head
    elif head < 0:
        return None
    return lines[first][0], lines[_last_item(text, lines, here)][1]


def _within_item(
    text: str, outline: Sequence[Section], span: Span, found: Span | None
) -> Span | None:
    """A list of dashes below a khoản or điểm without what stands above and below that."""
    number = section_at(outline, span[0])
    if not found or number < 0 or outline[number].kind not in ("clause", "point"):
        return found
    inner = outline[number]
    if span[0] == inner.start and not opens_list(text[slice(*span)]):
        return found  # is itself an item
    return max(found[0], inner.start), min(found[1], inner.end)


def _last_item(text: str, lines: Sequence[Span], at: int) -> int:
    last = at - 1
    while at < len(lines) and _BULLET.match(text[slice(*lines[at])]):
        last = at
        at += 1
    return last


def _lines_around(text: str, span: Span) -> Iterator[Span]:
    """Lines that are not blank, from some way before `span` to some way after it."""
    start = max(0, text.rfind("\n", 0, max(0, span[0] - LONGEST_LIST)) + 1)
    while start < min(len(text), span[1] + LONGEST_LIST):
        end = line_end(text, start)
        if text[start:end].strip():
            yield start, end
        start = end + 1


def widened(document: Document, outline: Sequence[Section], span: Span, words: int) -> Span:
    """`span` with what follows it in its own paragraph or clause while it stays within `words`."""
    number = section_at(outline, span[0])
    inner = outline[number] if number >= 0 else None
    if (
        inner
        and inner.kind in ("clause", "point")
        and words_in(document, (inner.start, inner.end)) <= words
    ):
        return stripped(document.text, inner.start, inner.end)
    text = document.text
    line = line_around(text, *span)
    if words_in(document, line) <= words:
        return stripped(text, *line)
    return span
