"""A document's outline (Chương, Mục, Điều, khoản, điểm, headings), passages and sentences.

All results are offsets into the canonical text. Passages cover the text without overlap.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.document import Document, Passage, Section, SectionKind

LONGEST = 1000  # characters: some 200 words, well inside the encoder's 512 tokens
SHORTEST = 160  # a heading standing alone finds nothing by itself

# spelt out: the range à-ỹ holds capitals too (Đ, Ơ, Ư, Ạ…)
_LOWER = "a-z" + "".join(letter for letter in map(chr, range(0xE0, 0x1EFA)) if letter.islower())
_LEAD = r"[ \t]*(?P<hashes>\#{0,6})[ \t]*\**[ \t]*"
_PATTERNS: tuple[tuple[SectionKind, float, str], ...] = (
    (
        "part",
        0.0,
        r"(?:PHỤ LỤC|Phụ lục)(?:[ \t]+(?:SỐ|số))?[ \t]*(?P<n>[IVXLC]+|\d+)?\b(?P<t>.*)",
    ),
    (
        "part",
        0.5,
        r"(?:PHẦN|Phần)[ \t]+(?:THỨ[ \t]+|thứ[ \t]+)?(?P<n>[IVXLC]+|\d+|[Nn]hất|[Hh]ai|[Bb]a|[Tt]ư)\b(?P<t>.*)",
    ),
    ("chapter", 1.0, r"(?:CHƯƠNG|Chương)[ \t]+(?P<n>[IVXLC]+|\d+)\b(?P<t>.*)"),
    ("division", 2.0, r"(?:MỤC|Mục)[ \t]+(?P<n>\d+|[IVXLC]+)\b[.:]?(?P<t>.*)"),
    (
        "article",
        3.0,
        r"Điều[ \t]+(?P<n>(?:\d+\.)+[A-ZĐ]+(?:\.\d+)+|\d+[a-zđ]?)(?:[.:\s*]|$)(?P<t>.*)",
    ),
    ("heading", 4.0, r"(?P<n>[IVX]{1,5})[.)/-][ \t]*(?P<t>\S.*)"),
    ("heading", 4.2, rf"(?P<n>[A-H])[.][ \t]+(?P<t>[^\W\d_{_LOWER}].*)"),
    (
        "clause",
        5.0,
        r"(?P<n>\d{1,3}(?:\.\d{1,2}){0,3})[.)]?[ \t]*(?<=[.) \t])(?P<t>(?!\d)\S.*)",
    ),
    ("point", 6.0, r"(?P<n>[a-zđ]{1,2})[.)][ \t]+(?P<t>\S.*)"),
)
_MARKS = tuple((kind, rank, re.compile(_LEAD + pattern)) for kind, rank, pattern in _PATTERNS)
_HEADING = re.compile(r"[ \t]*(?P<hashes>\#{1,6})[ \t]+(?P<t>\S.*)")
_ATTACHED = re.compile(r"[ \t]*[(*]*\(?(?:Ban hành )?[Kk]èm theo ")
_GLUED_FIRST_CLAUSE = re.compile(
    r"\(Điều [^()]*(?:\([^()]*\)[^()]*)*\d{4}\)(?=1\. )|ngày \d\d/\d\d/\d{4}\)(?=1\. )"
)
_CITED_AS = {"article": "Điều", "clause": "khoản", "point": "điểm", "chapter": "Chương"}


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: SectionKind
    number: str
    title: str
    start: int
    rank: float


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        glued = _GLUED_FIRST_CLAUSE.search(line)
        if glued:
            yield start, line[: glued.end()]
            yield start + glued.end(), line[glued.end() :]
        else:
            yield start, line
        start += len(line) + 1


def _mark(line: str, start: int, inside_article: bool) -> _Mark | None:
    for kind, rank, pattern in _MARKS:
        found = pattern.match(line)
        if not found or (kind == "clause" and not _is_clause(found["n"], line)):
            continue
        title = found["t"].strip(" \t.:*-–")
        if kind in ("part", "chapter") and len(title) > 160:
            continue  # "Phụ lục I kèm theo Thông tư này quy định…" is a sentence
        depth = rank + 0.1 * found["n"].count(".") if kind == "clause" else rank
        if kind == "heading" and not inside_article:
            depth -= 2.5  # Roman parts of a plan stand where chapters stand
        return _Mark(kind, _number(found["n"] or ""), title, start, depth)
    found = _HEADING.match(line)
    if found:
        level = len(found["hashes"])
        return _Mark("heading", "", found["t"].strip(" *"), start, 0.6 + 0.05 * level)
    return None


def _number(number: str) -> str:
    # the official codification numbers Điều 5 of a law "43.7.LQ.5"; a decree's stay as they are
    _, law, article = number.rpartition(".LQ.")
    return article if law and article.isdigit() else number


def _is_clause(number: str, line: str) -> bool:
    # "20 tỷ đồng…" at a line's start is an amount; a clause's number is followed by a stop
    after = line.lstrip(" \t#*")[len(number) :]
    return after[:1] in (".", ")") or number.count(".") >= 1


def _marks(text: str) -> list[_Mark]:
    marks: list[_Mark] = []
    before: list[tuple[int, str]] = []
    inside_article = False
    for start, line in _lines(text):
        if not line.strip():
            continue
        if _ATTACHED.match(line) and before:
            marks.append(_attached(before, marks))
            inside_article = False
        mark = _mark(line, start, inside_article)
        if mark:
            if mark.kind in ("chapter", "division", "part") or mark.kind == "article":
                inside_article = mark.kind == "article"
            marks.append(mark)
        elif marks and marks[-1].kind in ("chapter", "division", "part") and not marks[-1].title:
            marks[-1] = replace(marks[-1], title=line.strip(" *#"))
        before = [*before[-2:], (start, line)]
    return marks


def _attached(before: Sequence[tuple[int, str]], marks: list[_Mark]) -> _Mark:
    """The regulation, plan or list that follows "(Ban hành kèm theo …)", titled by the lines above."""
    capitals = [(start, line) for start, line in before if line.upper() == line]
    start, title = capitals[0] if capitals else before[-1]
    while marks and marks[-1].start >= start:
        marks.pop()
    name = " ".join(line.strip(" *#") for _, line in capitals) or title.strip(" *#")
    return _Mark("part", "", name[:160], start, 0.0)


def outline(document: Document) -> tuple[Section, ...]:
    """The sections of `document` in reading order; parents come before their children."""
    marks = _marks(document.text)
    sections: list[Section] = []
    open_: list[int] = []  # indices of the sections that hold the current place
    ranks = [mark.rank for mark in marks]
    ends = _ends(ranks, [mark.start for mark in marks], len(document.text))
    for at, mark in enumerate(marks):
        while open_ and ranks[open_[-1]] >= mark.rank:
            open_.pop()
        parent = open_[-1] if open_ else -1
        sections.append(
            Section(mark.kind, mark.number, mark.title, mark.start, ends[at], parent,
                    _label(mark, sections, parent))
        )  # fmt: skip
        open_.append(at)
    return tuple(sections)


def _ends(ranks: Sequence[float], starts: Sequence[int], last: int) -> list[int]:
    ends = [last] * len(ranks)
    open_: list[int] = []
    for at, rank in enumerate(ranks):
        while open_ and ranks[open_[-1]] >= rank:
            ends[open_.pop()] = starts[at]
        open_.append(at)
    return ends


def _label(mark: _Mark, sections: Sequence[Section], parent: int) -> str:
    own = _own_label(mark)
    while parent >= 0:
        above = sections[parent]
        if mark.kind == "article" and above.kind in ("chapter", "division", "heading"):
            parent = above.parent  # Điều are numbered through the whole text
            continue
        if own == "":
            return above.label
        if mark.kind == "clause" and above.kind == "clause":
            parent = above.parent  # "1.2" already says "1"
            continue
        return f"{above.label}, {own}" if above.label else own
    return own


def _own_label(mark: _Mark) -> str:
    if mark.kind == "part":
        if mark.number:
            return f"Phụ lục {mark.number}" if mark.rank == 0 else f"Phần {mark.number}"
        return (
            _shorten(mark.title.capitalize() if mark.title.isupper() else mark.title) or "Phụ lục"
        )
    if mark.kind == "division":
        return f"Mục {mark.number}"
    if mark.kind == "heading":
        return f"mục {mark.number}" if mark.number else f"“{_shorten(mark.title)}”"
    return f"{_CITED_AS[mark.kind]} {mark.number}"


def _shorten(title: str) -> str:
    return title if len(title) <= 60 else title[:60].rsplit(" ", 1)[0] + "…"


def passages(document: Document) -> tuple[Passage, ...]:
    """`document` cut by its structure: an Điều whole, a long one at its khoản, never across Điều."""
    sections = outline(document)
    children: dict[int, list[int]] = {}
    for at, section in enumerate(sections):
        children.setdefault(section.parent, []).append(at)
    spans = _cut(document.text, sections, children, -1, 0, len(document.text))
    return tuple(
        Passage(document.path, start, end, _innermost(sections, _told(sections, start, end), end).label,
                _headings(document, sections, start), _page(document.pages, start))
        for start, end in _joined(document.text, sections, spans)
    )  # fmt: skip


def _cut(
    text: str,
    sections: Sequence[Section],
    children: dict[int, list[int]],
    at: int,
    start: int,
    end: int,
) -> list[tuple[int, int]]:
    """Spans of at most LONGEST characters that fill [start, end), cut at the section's children."""
    if end - start <= LONGEST and not any(
        _is_hard(sections[child]) for child in children.get(at, ())
    ):
        return [(start, end)]
    parts = [(child, sections[child].start, sections[child].end) for child in children.get(at, ())]
    if not parts:
        return _cut_lines(text, start, end)
    spans = _cut_lines(text, start, parts[0][1]) if parts[0][1] > start else []
    head = spans.pop() if spans and at >= 0 and spans[-1][1] - spans[-1][0] < LONGEST // 2 else None
    for child, child_start, child_end in parts:
        inner = _cut(text, sections, children, child, child_start, child_end)
        if head:
            inner[0] = (head[0], inner[0][1])  # a list's first line stays with its first item
            head = None
        if spans and not _is_hard(sections[child]) and inner[0][1] - spans[-1][0] <= LONGEST:
            spans[-1] = (spans[-1][0], inner.pop(0)[1])
        spans.extend(inner)
    return spans


def _is_hard(section: Section) -> bool:
    return section.kind not in ("clause", "point")


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


def _joined(
    text: str, sections: Sequence[Section], spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The spans without blank edges; a heading alone goes with what it heads."""
    waiting: int | None = None
    for at, (start, end) in enumerate(spans):
        first = start if waiting is None else waiting
        last = at + 1 == len(spans)
        heads_next = (
            not last and end - first < SHORTEST and not _is_complete(text, sections, start, end)
        )
        if heads_next:
            waiting = first
            continue
        waiting = None
        body = text[first:end]
        if body.strip():
            yield first + len(body) - len(body.lstrip()), first + len(body.rstrip())


def _is_complete(text: str, sections: Sequence[Section], start: int, end: int) -> bool:
    inner = _innermost(sections, start + 1, end)
    return inner.kind == "article" or text[start:end].rstrip().endswith((".", ";"))


def _told(sections: Sequence[Section], start: int, end: int) -> int:
    """Where what the passage is about begins: past the chapter's title that it may open with."""
    first = bisect_left([section.start for section in sections], start)
    inside = itertools.takewhile(lambda section: section.start < end, sections[first:])
    return max((section.start for section in inside if _is_hard(section)), default=start)


_NOWHERE = Section("heading", "", "", 0, 0, -1, "")


def _innermost(sections: Sequence[Section], start: int, end: int) -> Section:
    at = bisect_right([section.start for section in sections], start) - 1
    while at >= 0 and sections[at].end < end:
        at = sections[at].parent
    return sections[at] if at >= 0 else _NOWHERE


def _headings(document: Document, sections: Sequence[Section], start: int) -> str:
    """Titles from the document down to the section in which the passage begins."""
    at = bisect_right([section.start for section in sections], start) - 1
    if at >= 0 and sections[at].start == start:
        at = sections[at].parent  # its own first line is in the passage already
    titles: list[str] = []
    while at >= 0:
        section = sections[at]
        own = f"Điều {section.number}. " if section.kind == "article" else ""
        titles.append(own + section.title[:120])
        at = section.parent
    return " › ".join([document.metadata.title, *reversed(titles)])


def _page(pages: Sequence[int], start: int) -> int | None:
    return bisect_right(pages, start) if pages else None


_SENTENCE_END = re.compile(
    rf"[.!?…][\"”’)\]]*[ \t]+(?=[\"“(\[]*[^\W_{_LOWER}])"  # a stop, then a capital or a digit
    r"|[;.:][ \t]+(?=(?:[a-zđ]|\d{1,2})[)] )"  # items of a list written in one line
    r"|;[ \t]+(?=[-+•] )"
    r"|(?:\|[ ]+)+\|[ ]+(?=(?:\d{1,3}(?:\.\d+)*\.?|[IVX]{1,5}|[a-zđ]\)?) \|)"  # the next row of a flat table
    r"|[ \t]*\n+[ \t]*"
)
_NOT_AN_END = re.compile(
    r"(?:^|[\s(])(?:TP|Tp|T[xrpt]|ThS|TS|PGS|GS|BS|Mr|Ms|St|Dr|vv|\d{1,2}|[IVX]{1,4}|[A-ZĐ])\.$"
)


_RUNS_ON = re.compile(
    rf"[\w,(][ \t]*\n[ \t]*(?:[{_LOWER}](?![.)])|\d+(?![.)\d]))"
)  # a line broken in mid-sentence


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the sentences and list items in `text[start:end]`, without blanks at the edges."""
    spans: list[tuple[int, int]] = []
    at = start
    for boundary in _SENTENCE_END.finditer(text, start, end):
        stop = boundary.end()
        head = text[max(at, boundary.start() - 6) : boundary.start() + 1]
        if "\n" not in boundary[0] and _NOT_AN_END.search(head):
            continue
        if boundary[0].strip(" \t") == "\n" and _RUNS_ON.match(text, boundary.start() - 1):
            continue
        spans.append((at, stop))
        at = stop
    spans.append((at, end))
    return [_stripped(text, first, last) for first, last in spans if text[first:last].strip()]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    body = text[start:end]
    return start + len(body) - len(body.lstrip()), start + len(body.rstrip())
