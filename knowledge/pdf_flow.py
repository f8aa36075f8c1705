"""Lines in reading order into paragraphs, over the ends of lines, columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from knowledge.canonical import canonical
from knowledge.pdf_layout import Arranged, Column, Page, arranged
from knowledge.pdf_lines import HYPHEN, STOP, Line
from knowledge.pdf_tables import Table

_POINT: Final = re.compile(r"[a-zđ]{1,2}\)|[a-zđ]\.")  # "a) …" begins a paragraph of its own
_OPENS: Final = re.compile(  # what begins a paragraph where nothing else tells
    r"(?:Điều|Chương|Mục|Phần|Phụ lục|PHỤ LỤC|CHƯƠNG|MỤC|PHẦN) [\dIVX]|[IVX]{1,5}\."
    r"|\d{1,3}(?:\.\d+)*[.)]|[-–+•*]\s|\(?[a-zđ]{1,2}\)"
)
_LISTED: Final = re.compile(r"(?:[-–+•*]|\(?\w{1,4}[.)]|\d+(?:\.\d+)+)\s")
_ASIDE: Final = re.compile(r"\((?:[^()]|\([^()]*\))*\)")  # "(Kèm theo …)" is whole
_RAISED: Final = re.compile(r"\ue000([^\ue001]*)\ue001")
_UNIT: Final = re.compile(r"(?:^|[\s\d/(])(?:[kcdm]?m|ha)$")
_BROKEN_WORD: Final = re.compile(r"([a-z]{2,})[-\u00ad]$")
_USUAL_RIGHT: Final = 0.85  # of the page's width
_NARROW: Final = 6  # lines: a column that short shows where its lines end only where some agree


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a document sets its paragraphs, learnt from lines that certainly go on."""

    body: float  # height of the letters of running text
    left: float  # where lines begin that go on from another
    right: float  # where lines end
    pitch: float  # from line to line, in heights of letters; 0 where unknown
    indents: bool  # paragraphs begin further right
    even: bool  # lines end at one edge, so that a full line tells that its paragraph goes on


def text_of(pages: Sequence[Page]) -> tuple[str, tuple[int, ...]]:
    """The canonical text of pages and where in it each begins."""
    body = _body_size(pages)
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for stretches in _Flow(arranged(pages, body), _manner_of(pages, body)).lines():
        glue = "\n" if pieces else ""
        for page, words in stretches:
            glue = glue or (" " if words[:1] == " " else "")
            length += len(glue)
            while len(starts) < page:
                starts.append(length)
            pieces.append(glue + canonical(" ".join(words.split())))
            length += len(pieces[-1]) - len(glue)
            glue = ""
    starts.extend([length] * (len(pages) - len(starts)))
    return "".join(pieces), tuple(starts)


def _body_size(pages: Iterable[Page]) -> float:
    """The height of most letters."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _manner_of(pages: Sequence[Page], body: float) -> _Manner:
    pitches: list[float] = []
    lefts: Counter[int] = Counter()
    rights: Counter[int] = Counter()
    indented = flush = 0
    for page in pages:
        for before, line in pairwise(page.lines):
            rights[round(before.x1)] += 1
            close = 0 < line.y - before.y < 3 * line.size
            if not close or not _goes_on(before.text, line.text):
                continue
            pitches.append((line.y - before.y) / line.size)
            lefts[round(line.x0)] += 1
            indented += before.x0 > line.x0 + 0.5 * line.size
            flush += abs(before.x0 - line.x0) <= 0.5 * line.size
    left = lefts.most_common(1)[0][0] if lefts else 0
    right: float = max(
        (x for x, count in rights.items() if count > 1), default=max(rights, default=0)
    )
    pitch = median(pitches) if len(pitches) > 2 else 0.0
    ending = sum(count for x, count in rights.items() if abs(right - x) < 3)
    beyond = sum(count for x, count in rights.items() if x - right >= 3)
    if ending < max(3, beyond):  # too few lines to tell where they could have ended
        right = max(right, _USUAL_RIGHT * max((page.width for page in pages), default=0.0))
    even = ending >= max(3, rights.total() // 5)
    return _Manner(body, left, right, pitch, indented > 0 and indented * 8 > flush, even)


def _goes_on(before: str, text: str) -> bool:
    """The words alone say so: no stop, then a small letter; but not below a title in capitals."""
    titled = before.isupper() and len(before.split()) > 2
    return text[:1].islower() and not (titled or _POINT.match(text) or STOP.search(before))


@dataclass(slots=True)
class _Paragraph:
    """As it grows: stretches of text, each from one page, and the notes to it."""

    aside: bool
    stretches: list[tuple[int, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    open_brackets: int = 0


class _Flow:
    """Paragraphs of arranged pages, in the manner of their document."""

    def __init__(self, pages: Sequence[Arranged], manner: _Manner) -> None:
        self._pages = pages
        self._manner = manner
        self._words: frozenset[str] | None = None

    def lines(self) -> Iterator[list[tuple[int, str]]]:
        """Each line of the text as its stretches: page and words."""
        open_: _Paragraph | None = None
        noted = [dict(page.notes) for page in self._pages] + [{}, {}]
        for page in self._pages:
            for piece in page.pieces:
                if isinstance(piece, Table):
                    if open_:
                        yield from _closed(open_)
                        open_ = None
                    yield from _table(piece, noted)
                    continue
                right = self._right(piece)
                for at, line in enumerate(piece.lines):
                    if not open_ or not self._joins(open_, line, right, at == 0, piece.aside):
                        if open_:
                            yield from _closed(open_)
                            if at and not piece.aside and self._is_far(open_.lines[-1], line):
                                yield [(page.number, "")]
                        open_ = _Paragraph(piece.aside)
                    self._append(open_, page.number, line, noted)
            left_over = [
                (page.number, f"[{mark}] {note}") for mark, note in noted[page.number - 1].items()
            ]
            if open_:
                open_.notes.extend(left_over)
            else:
                yield from ([note] for note in left_over)
        if open_:
            yield from _closed(open_)

    def _right(self, column: Column) -> float:
        """Where the column's lines end; infinite where they are too few and unequal to tell."""
        far = max(line.x1 for line in column.lines)
        if not column.aside:
            return max(far, self._manner.right)
        shared = sum(far - line.x1 < 2 for line in column.lines)
        return far if shared > 2 or len(column.lines) > _NARROW else float("inf")

    def _is_far(self, before: Line, line: Line) -> bool:
        """An empty space between: a title's end, the beginning of a part."""
        return line.y - before.y > 1.5 * (self._manner.pitch or 1.5) * before.size

    def _joins(
        self, paragraph: _Paragraph, line: Line, right: float, fresh: bool, aside: bool
    ) -> bool:
        """Whether `line` goes on with the paragraph; `fresh`: it is the first of its column."""
        before = paragraph.lines[-1]
        sure = _goes_on(before.text, line.text)
        if fresh and (aside or paragraph.aside):
            return sure
        pitch = 0.0 if fresh else (line.y - before.y) / line.size
        usual = self._manner.pitch or 1.5
        if pitch > 1.7 * usual:
            return False
        middle = abs(before.x0 + before.x1 - line.x0 - line.x1) < 4 and (
            aside or abs(line.x0 - self._manner.left) > 3
        )
        room = before.x1 + 0.25 * line.size + line.lead <= right - 0.5
        bracket = paragraph.open_brackets > 0
        whole = _ASIDE.fullmatch("".join(words for _, words in paragraph.stretches))
        if room or whole or (middle and abs(before.x0 - line.x0) > 3):
            # there was room for more, or each stands in the middle
            return sure or (bracket and middle and ")" in line.text)
        if bracket:
            return True
        new = self._begins_anew(paragraph, line, aside)
        # the paragraph before filled its page's last line
        ended = fresh and STOP.search(before.text) and _OPENS.match(line.text)
        if new or ended or (self._manner.pitch and pitch > 1.1 * usual):
            return sure
        told = self._manner.even and not _OPENS.match(line.text)
        return new is False or told or not STOP.search(before.text)

    def _begins_anew(self, paragraph: _Paragraph, line: Line, aside: bool) -> bool | None:
        """What the line's left edge says; None where it says nothing."""
        near = 0.5 * line.size
        before = paragraph.lines[-1]
        shift = line.x0 - before.x0
        if len(paragraph.lines) > 1:
            return abs(shift) > near
        if shift < -near:
            return False
        if shift > near:
            hangs = _LISTED.match(before.text) and shift < 5 * line.size
            return not hangs
        if self._manner.indents and not aside:
            return True if line.x0 > self._manner.left + near else None
        return None

    def _append(
        self, paragraph: _Paragraph, page: int, line: Line, noted: list[dict[str, str]]
    ) -> None:
        text = line.text
        if paragraph.stretches:
            number, before = paragraph.stretches[-1]
            if self._is_one_word(before, text):
                paragraph.stretches[-1] = (number, before[:-1])
            elif not HYPHEN.search(before):
                text = " " + text
        paragraph.stretches.append((page, text))
        paragraph.lines = [*paragraph.lines[-1:], line]
        paragraph.notes.extend(_cited(page, text, noted))
        paragraph.open_brackets += text.count("(") - text.count(")")
        paragraph.open_brackets = max(paragraph.open_brackets, 0)

    def _is_one_word(self, before: str, after: str) -> bool:
        """ "infor-" and "mation": hyphened by the typesetter where it stands whole elsewhere."""
        head, tail = _BROKEN_WORD.search(before), re.match(r"[a-z]{2,}", after)
        if not head or not tail:
            return False
        if self._words is None:
            self._words = frozenset(
                word
                for page in self._pages
                for piece in page.pieces
                if isinstance(piece, Column)
                for line in piece.lines
                for word in re.findall(r"[\w-]+", line.text.lower())
            )
        return head[1] + tail[0] in self._words and f"{head[1]}-{tail[0]}" not in self._words


def _table(table: Table, noted: list[dict[str, str]]) -> Iterator[list[tuple[int, str]]]:
    """The table's lines, then the notes to any of them."""
    cited: list[tuple[int, str]] = []
    for page, line in table.lines():
        notes = list(_cited(page, line, noted))
        cited.extend(notes)
        yield [(page, _with_marks(line, {note.split("]")[0][1:] for _, note in notes}))]
    yield from ([(page, _with_marks(note))] for page, note in cited)


def _cited(page: int, text: str, noted: list[dict[str, str]]) -> Iterator[tuple[int, str]]:
    """The notes that `text` refers to, each once: at the foot of its page or of the next."""
    for found in _RAISED.findall(text):
        for mark in re.findall(r"\d+|\*+", found):
            for at in (page - 1, page):
                if mark in noted[at]:
                    yield page, f"[{mark}] {noted[at].pop(mark)}"
                    break


def _closed(paragraph: _Paragraph) -> Iterator[list[tuple[int, str]]]:
    noted = {note.split("]")[0][1:] for _, note in paragraph.notes}
    yield [(page, _with_marks(text, noted)) for page, text in paragraph.stretches]
    yield from ([(page, _with_marks(note))] for page, note in paragraph.notes)


def _with_marks(text: str, noted: Iterable[str] = ()) -> str:
    """Raised figures as "[3]"; one that is an exponent stays with its unit."""

    def written(found: re.Match[str]) -> str:
        known = any(mark in noted for mark in re.findall(r"\d+|\*+", found[1]))
        if not known and _UNIT.search(text[: found.start()]):
            return found[1]
        return f"[{found[1].strip('()[]')}]"

    return _RAISED.sub(written, text).replace("\u00ad", "-")
