"""A document's outline (Chương, Mục, Điều, khoản, điểm, headings), passages and sentences.

All results are offsets into the canonical text. Passages cover the text without overlap.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.document import Document, Passage, Section
from knowledge.lines import CELL, IS_TABLE, Mark, line_around, line_end, stripped
from knowledge.marks import LINKS, REFERENCE, marks_in
from knowledge.passive import CODED
from knowledge.signature import CLOSING, is_name, is_signing
from knowledge.vietnamese import LOWER, fold

LONGEST = 1000  # characters: some 200 words, well inside the encoder's 512 tokens
SHORTEST = 160  # a heading standing alone finds nothing by itself

_CITED_AS = {
    "article": "Điều", "clause": "khoản", "point": "điểm", "chapter": "Chương", "division": "Mục",
    "row": "dòng",
}  # fmt: skip
_TOP = 800  # characters in which a copy's headings are its own title
_APPENDIX = "Phụ lục"
_SHORT_TITLE = 60  # characters of a title that is cited by its words


def outline(document: Document) -> tuple[Section, ...]:
    """The sections of `document` in reading order; parents come before their children."""
    marks = marks_in(document.text, document.metadata.numbers)
    del marks[: _titles(marks, document.metadata.title)]
    if sum(mark.named == _APPENDIX for mark in marks) > 1:  # they are told apart by their titles
        marks = [replace(mark, named="") if mark.named == _APPENDIX else mark for mark in marks]
    ends = _ends(marks, len(document.text))
    sections: list[Section] = []
    open_: list[int] = []  # indices of the sections that hold the current place
    for at, mark in enumerate(marks):
        while open_ and (ends[open_[-1]] <= mark.start or marks[open_[-1]].rank >= mark.rank):
            open_.pop()
        parent = open_[-1] if open_ else -1
        sections.append(
            Section(mark.kind, mark.number, mark.title, mark.start, ends[at], parent,
                    _label(mark, sections, parent))
        )  # fmt: skip
        open_.append(at)
    return tuple(sections)


def _titles(marks: Sequence[Mark], title: str) -> int:
    """How many of the first marks are the document's own title, which is no part of it."""
    if marks and marks[0].kind == "heading" and fold(marks[0].title) == fold(title):
        return 1
    top = [
        mark
        for mark in marks
        if mark.kind == "heading" and not mark.number and mark.rank == marks[0].rank
    ]
    first = top and top[0] is marks[0] and top[-1].start < _TOP and marks[: len(top)] == top
    if not first:
        return 0
    below = marks[len(top)] if len(top) < len(marks) else None  # "# KẾ HOẠCH", "## Chuyển đổi số"
    named = below and below.kind == "heading" and not below.number
    return len(top) + bool(named and below and fold(title).endswith(f" {fold(below.title)}"))


def _ends(marks: Sequence[Mark], last: int) -> list[int]:
    ends = [last if mark.end is None else mark.end for mark in marks]
    open_: list[int] = []
    for at, mark in enumerate(marks):
        while open_ and (marks[open_[-1]].rank >= mark.rank or ends[open_[-1]] <= mark.start):
            ends[open_[-1]] = min(ends[open_[-1]], mark.start)
            open_.pop()
        open_.append(at)
    return ends


def _label(mark: Mark, sections: Sequence[Section], parent: int) -> str:
    own = mark.named or _own_label(mark)
    while parent >= 0:
        above = sections[parent]
        if mark.kind == "article" and above.kind in ("chapter", "division", "heading"):
            parent = above.parent  # Điều are numbered through the whole text
            continue
        if own == "":
            return above.label
        of_clause = mark.kind == above.kind == "clause"
        if of_clause or (mark.kind == above.kind and mark.number.startswith(f"{above.number}.")):
            parent = above.parent  # "1.2" already says "1", "I.2" says "I"
            continue
        return f"{above.label}, {own}" if above.label else own
    return own


def _own_label(mark: Mark) -> str:
    if mark.kind == "part":
        kind = "Phụ lục" if mark.rank == 0 else "Phần"
        titled = _shorten(_unshouted(mark.title)) or "Phụ lục"
        return f"{kind} {mark.number}" if mark.number else titled
    if mark.kind == "heading":
        return f"mục {mark.number}" if mark.number else f"“{_shorten(mark.title)}”"
    if mark.kind == "table":
        title = _shorten(_unshouted(mark.title))
        if not title:
            return ""
        return f"“{title}”" if IS_TABLE.match(title) else f"bảng “{title}”"
    return f"{_CITED_AS[mark.kind]} {mark.number}" if mark.number else ""


def _unshouted(title: str) -> str:
    """ "QUY ĐỊNH Về dữ liệu" -> "Quy định về dữ liệu"."""
    words = title.split()
    shouted = next((at for at, word in enumerate(words) if word.upper() != word), len(words))
    if shouted and (shouted > 1 or len(words) == 1):
        return (
            " ".join(words[: shouted + 1]).capitalize()
            + title[len(" ".join(words[: shouted + 1])) :]
        )
    return title


def _shorten(title: str) -> str:
    if len(title) <= _SHORT_TITLE:
        return title
    return title[:_SHORT_TITLE].rsplit(" ", 1)[0] + "…"


def passages(document: Document) -> tuple[Passage, ...]:
    """`document` cut by its structure: an Điều whole, a long one at its khoản, never across Điều."""
    tree = _Tree.of(outline(document))
    spans = _cut(document.text, tree, -1, 0, len(document.text))
    index = _index_at(document.text, tree)
    return tuple(
        Passage(document.path, start, end, tree.innermost(tree.told(start, end), end).label,
                _headings(document, tree, start), _page(document.pages, start))
        for start, end in _joined(document.text, tree, spans)
        if start < index
    )  # fmt: skip


def _index_at(text: str, tree: _Tree) -> int:
    """Where a codified text's index begins, which only says again how its articles begin."""
    coded = CODED.search(text)
    section = tree.innermost(coded.start(), coded.end()) if coded else _NOWHERE
    above = any(one.kind == "article" for one in tree.sections if one.start < section.start)
    return section.start if above else len(text)


@dataclass(frozen=True, slots=True)
class _Tree:
    """An outline with what is looked up in it again and again."""

    sections: Sequence[Section]
    starts: Sequence[int]
    children: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, sections: Sequence[Section]) -> _Tree:
        children: dict[int, list[int]] = {}
        for at, section in enumerate(sections):
            children.setdefault(section.parent, []).append(at)
        return cls(sections, [section.start for section in sections], children)

    def innermost(self, start: int, end: int) -> Section:
        at = bisect_right(self.starts, start) - 1
        while at >= 0 and self.sections[at].end < end:
            at = self.sections[at].parent
        return self.sections[at] if at >= 0 else _NOWHERE

    def told(self, start: int, end: int) -> int:
        """Where what the passage is about begins: past the chapter's title that it may open with."""
        inside = self.sections[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        return max((section.start for section in inside if _is_hard(section)), default=start)

    def above(self, start: int) -> Iterator[Section]:
        """The sections that hold `start` and do not begin there, the innermost first."""
        at = bisect_right(self.starts, start) - 1
        while at >= 0:
            if self.sections[at].start < start < self.sections[at].end:
                yield self.sections[at]
            at = self.sections[at].parent


_NOWHERE = Section("heading", "", "", 0, 0, -1, "")


def _cut(text: str, tree: _Tree, at: int, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of at most LONGEST characters that fill [start, end), cut at the section's children."""
    children = tree.children.get(at, ())
    if end - start <= LONGEST and not any(_is_hard(tree.sections[child]) for child in children):
        return [(start, end)]
    if not children:
        return _cut_lines(text, start, end)
    first = tree.sections[children[0]].start
    spans = _cut_lines(text, start, first) if first > start else []
    head = spans.pop() if spans and at >= 0 and spans[-1][1] - spans[-1][0] < LONGEST // 2 else None
    done = first
    for child in children:
        section = tree.sections[child]
        if section.start > done:  # below a signature
            spans.extend(_cut_lines(text, done, section.start))
        done = min(section.end, end)
        inner = deque(_cut(text, tree, child, section.start, done))
        if head:
            inner[0] = (head[0], inner[0][1])  # a list's first line stays with its first item
            head = None
        if spans and not _is_hard(section) and inner[0][1] - spans[-1][0] <= LONGEST:
            spans[-1] = (spans[-1][0], inner.popleft()[1])
        spans.extend(inner)
    return spans + (_cut_lines(text, done, end) if done < end else [])


def _is_hard(section: Section) -> bool:
    return section.kind not in ("clause", "point", "table", "row")


def _cut_lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """[start, end) packed line by line, an overlong line sentence by sentence."""
    pieces: list[int] = []
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop + 1
        if stop - at > LONGEST:
            pieces.extend(_breaks(text, at, stop))
        else:
            pieces.append(stop)
        at = stop
    spans: list[tuple[int, int]] = []
    for stop in pieces:
        if spans and stop - spans[-1][0] <= LONGEST:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((spans[-1][1] if spans else start, stop))
    return spans


def _breaks(text: str, start: int, end: int) -> Iterator[int]:
    """Where to cut an overlong line: after sentences, else at a cell or a blank."""
    at = start
    for _, stop in [*sentences(text, start, end)[:-1], (0, end)]:
        while stop - at > LONGEST:
            cell = text.rfind(" | ", at + LONGEST // 2, at + LONGEST)
            blank = text.rfind(" ", at + LONGEST // 2, at + LONGEST)
            at = max(cell, blank if cell < 0 else -1, at + LONGEST // 2) + 1
            yield at
        yield stop
        at = stop


def _joined(text: str, tree: _Tree, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans without blank edges; a heading alone goes with what it heads."""
    waiting: int | None = None
    for at, (start, end) in enumerate(spans):
        first = start if waiting is None else waiting
        last = at + 1 == len(spans)
        heads_next = (
            not last and end - first < SHORTEST and not _is_complete(text, tree, start, end)
        )
        if heads_next:
            waiting = first
            continue
        waiting = None
        body = text[first:end]
        if body.strip():
            yield first + len(body) - len(body.lstrip()), first + len(body.rstrip())


def _is_complete(text: str, tree: _Tree, start: int, end: int) -> bool:
    inner = tree.innermost(start + 1, end)
    return (
        inner.kind == "article"
        or inner.label.startswith(CLOSING)
        or text[start:end].rstrip().endswith((".", ";"))
    )


def _headings(document: Document, tree: _Tree, start: int) -> str:
    """Titles from the document down to the section in which the passage begins."""
    titles: list[str] = []
    for section in tree.above(start):  # its own first line is in the passage already
        own = f"Điều {section.number}. " if section.kind == "article" else ""
        if section.kind == "part" and section.number:
            own = f"{section.label}. "
        titles.append(own + section.title[:120])
    return " › ".join([document.metadata.title, *reversed(titles)])


def _page(pages: Sequence[int], start: int) -> int | None:
    return bisect_right(pages, start) if pages else None


_SENTENCE_END = re.compile(
    rf"[.!?…][\"”’)\]]*[ \t]+(?=[\"“(\[]*[^\W_{LOWER}])"  # a stop, then a capital or a digit
    r"|[;.:][ \t]+(?=(?:[a-zđ]|\d{1,2})[)] )"  # items of a list written in one line
    r"|;[ \t]+(?=[-+•] )"
    r"|(?:(?<=\|[ ])|(?<=\|[ ][ ]))\|[ ]+(?=(?:\d{1,3}(?:\.\d+)*\.?|[IVX]{1,5}|[a-zđ]\)?) \|)"  # the next row of a flat table
    r"|(?<![ \t])[ \t]*\n+[ \t]*"
)
_NOT_AN_END = re.compile(
    r"(?:^|[\s(])(?:TP|Tp|T[xrpt]|TM|T/M|KT|TL|TUQ|ThS|TS|PGS|GS|BS|Mr|Ms|St|Dr|vv|\d{1,2}|[IVX]{1,4}|[A-ZĐ])\.$"
)


_SIGNING_LINE = 100  # characters
_BROKEN = re.compile(r"[\w,(]$")  # how a line ends that may go on in the next
_CLOSED = re.compile(r"[%)”\"\]]$")  # that may go on in small letters only
_COUNTS = re.compile(  # "2. Hai", "2.1 Hai", "2" alone: an item's number, not "100.000", "1,5 lần", "20)."
    r"\d{1,3}(?:\.\d{1,2}){0,3}(?:[.)](?![\d.,;)])|[ \t]*$)"
    rf"|\d{{1,3}}(?:\.\d{{1,2}}){{1,3}}[ \t]+[^\W\d_{LOWER}]"
    rf"|\d{{1,2}}[-–/][ \t]+[^\W\d_{LOWER}]"  # "1- Hai", as a Party's documents count
)
_NUMBERED = re.compile(r"\s*\d{1,3}(?:\.\d{1,2}){0,3}\.")  # "100.", "2.1." begin what follows
_ALONE = re.compile(  # a number, a code or an item's mark, and no word
    r"[IVX]{1,5}|[A-H]|[a-zđ]\)|\d[\w.,%–-]*"
)
_POINT = re.compile(r"[a-zđ]{1,2}[.)]")
_SMALL = re.compile(rf"[{LOWER}](?![.)]|[-–/][ \t])")  # no "a) Một", "a- Một"
_WANTING = re.compile(  # whatever follows: "theo quy định tại\nĐiều 12", "khoản 2\nĐiều 12", "của\nSở Y tế"
    rf"(?:\(|\b(?:{LINKS})|\S (?:{REFERENCE})|Thủ tướng)$"
)


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the sentences and list items in `text[start:end]`, without blanks at the edges."""
    spans: list[tuple[int, int]] = []
    at, line, is_row = start, (start, start - 1), False
    for boundary in _SENTENCE_END.finditer(text, start, end):
        stop = boundary.end()
        if boundary.start() > line[1]:
            line = line_around(text, boundary.start(), boundary.start())
            is_row = text.find(CELL, *line) >= 0
        if is_row and "\n" not in boundary[0]:
            continue  # a table's row is read whole: its heads belong to every cell
        head = text[max(at, boundary.start() - 6) : boundary.start() + 1]
        if "\n" not in boundary[0] and (
            _NOT_AN_END.search(head) or _NUMBERED.fullmatch(text, at, boundary.start() + 1)
        ):
            continue
        if boundary[0].strip(" \t") == "\n" and _runs_on(text, boundary.start(), stop):
            continue
        if "\n" in boundary[0] and _signs_on(text, boundary.start(), stop):
            continue
        spans.append((at, stop))
        at = stop
    spans.append((at, end))
    return [stripped(text, first, last) for first, last in spans if text[first:last].strip()]


def _runs_on(text: str, end: int, start: int) -> bool:
    """Whether the line that ends at `end` is broken in mid-sentence, and the next one goes on with it."""
    above, below = text[text.rfind("\n", 0, end) + 1 : end].strip(), _line_at(text, start).strip()
    if CELL in above or CELL in below or not below[:1].isalnum():
        return False
    if _ALONE.fullmatch(below):  # the figure of the line above, if no words follow
        following = _line_at(text, text.find("\n", start) + 1 or len(text)).strip()
        return not _ALONE.fullmatch(above) and not _is_words(following)
    if _ALONE.fullmatch(above):
        return _is_words(below)
    if _SMALL.match(below):
        return bool(_BROKEN.search(above) or _CLOSED.search(above))
    if item := _COUNTS.match(below):
        return item[0].endswith(")") and above.count("(") > above.count(")")
    return bool((_BROKEN if below[0].isdecimal() else _WANTING).search(above))


def _is_words(line: str) -> bool:
    """Whether a line goes on from a number or code that stands alone above it."""
    return line[:1].isalpha() and not (_ALONE.fullmatch(line) or _POINT.match(line))


def _line_at(text: str, start: int) -> str:
    return text[start : line_end(text, start)]


def _signs_on(text: str, end: int, start: int) -> bool:
    """Whether the line that ends at `end` names who signs, and the next one goes on with it."""
    above = text[text.rfind("\n", 0, end) + 1 : end]
    if len(above) > _SIGNING_LINE or not is_signing(above):
        return False
    below = _line_at(text, start)
    return is_signing(below) or is_name(below) or (below.isupper() and len(below) < _SIGNING_LINE)
