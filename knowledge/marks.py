"""Which lines of a Vietnamese state document open a section, and which only look as if they did.

A line is judged with what stands around it: a list of contents, a clause quoted from the document
that is being amended, a reference broken at the line's end and the name of an attached file open
nothing; a codified text's line of origin says which Điều of which document follows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, takewhile
from typing import Final

from knowledge.document import SectionKind
from knowledge.numbers import NUMBER, kind_and_issuer, tidy_number
from knowledge.signature import SIGNED, SIGNER, closing_blocks
from knowledge.vietnamese import LOWER, fold

CELL: Final = " · "  # between the cells of a table's row, each "head: words"
TOTAL: Final = re.compile(
    r"(?:tổng(?: cộng| số)?|cộng)(?: \([^·]*\))?\s*:?(?:$| · )", re.IGNORECASE
)

_LEAD = r"[ \t]{0,40}(?P<hashes>\#{0,6})[ \t]{0,9}\*{0,3}[ \t]{0,9}"
_ROMAN = "[IVXLC]+"
_PATTERNS: tuple[tuple[SectionKind, float, str], ...] = (
    (
        "part",
        0.0,
        rf"(?:PHỤ LỤC|Phụ lục)(?:[ \t]+(?:SỐ|số))?[ \t]*(?P<n>{_ROMAN}|\d+)?\b(?P<t>.*)",
    ),
    (
        "part",
        0.5,
        rf"(?:PHẦN|Phần)[ \t]+(?P<n>(?:(?:THỨ|thứ)[ \t]+)?(?:{_ROMAN}|\d+|(?i:nhất|hai|ba|bốn|sáu|bảy|(?<=thứ )(?:tư|năm)|tư(?=[.:]|\s*$)))"
        r"|(?i:mở đầu|kết luận))\b(?P<t>.*)",
    ),
    ("part", 0.5, r"(?P<n>KẾT LUẬN)(?P<t>)$"),
    ("part", 0.4, r"(?:MẪU|Mẫu)(?:[ \t]+(?:SỐ|số))?[ \t:]*(?P<n>\d[\w/-]*)\b[.:]?(?P<t>.{0,160})$"),
    ("chapter", 1.0, rf"(?:CHƯƠNG|Chương)[ \t]+(?P<n>{_ROMAN}|\d+)\b(?P<t>.*)"),
    ("division", 2.0, rf"(?:MỤC|Mục)[ \t]+(?P<n>\d+|{_ROMAN})\b(?P<t>.*)"),
    (
        "article",
        3.0,
        r"(?:Điều|ĐIỀU)[ \t]+(?P<n>(?:\d+\.)+[A-ZĐ]+(?:\.\d+)+|\d+[a-zđ]?)(?:(?=[.:\s*])|$)(?P<t>.*)",
    ),
    ("heading", 4.0, r"(?P<n>[IVX]{1,5}(?:\.\d{1,2}){1,2})[.)]?[ \t]+(?P<t>\S.*)"),
    ("heading", 4.0, r"(?P<n>[IVX]{1,5})(?:[.)]|[/-](?!v))[ \t]*(?P<t>\S.*)"),
    ("heading", 4.9, r"(?P<n>[A-ZĐ]{1,2}\d{2,4})[.:][ \t]+(?P<t>[^\W\d_].*)"),
    ("heading", 4.2, rf"(?P<n>[A-H])[.–-][ \t]+(?P<t>[^\W\d_{LOWER}].*)"),
    ("clause", 5.0, rf"(?P<n>\d{{1,2}}(?:\.\d{{1,2}}){{0,2}})[–/-][ \t]+(?P<t>[^\W\d_{LOWER}].*)"),
    (
        "clause",
        5.0,
        r"(?:-(?=\d{1,2}\. ))?(?P<n>\d{1,3}(?:\.\d{1,2}){0,3}|\d{1,2}[a-zđ](?=[.)]))(?:[.)][ \t]+(?=\d)|[.)]?[ \t]*(?<=[.) \t])(?!\d))(?P<t>\S.*)",
    ),
    (
        "point",
        6.0,
        rf"(?:-(?=[a-zđ]\)))?(?P<n>[a-zđ]{{1,2}}(?=[.)])|[a-zđ](?=[/–-]))(?:[.)/][ \t]+|[–-][ \t]+(?=[^\W\d_{LOWER}])|\)\.?[ \t]*(?=[^\W\d_{LOWER}]))(?P<t>\S.*)",
    ),
)
_MARKS = tuple((kind, rank, re.compile(_LEAD + pattern)) for kind, rank, pattern in _PATTERNS)
_FIRST: Final = {  # what each kind may begin with past its lead; a clause begins with a digit
    "part": "PMK", "chapter": "C", "division": "M", "article": "Đ", "heading": "ABCDEFGHIJKLMNOPQRSTUVWXYZĐ",
    "point": "abcdefghijklmnopqrstuvwxyzđ", "clause": "",
}  # fmt: skip
_MAY_OPEN = re.compile(  # cheap to ask of every line
    r"[ \t]{0,40}\#{0,6}[ \t]{0,9}\*{0,3}[ \t]{0,9}(?:[A-ZĐ]{1,2}\d{2,4}[.:]|P[HỤ]|Ph|KẾT LUẬN$|CHƯ|Chư|M[ỤUẪ]|M[ụẫ]|Đi|ĐI|[A-HIVX]{1,5}[.)/–-]|-?\d{1,3}[.) \t–/-]|\d{1,2}[a-zđ][.)]|-?[a-zđ]{1,2}[.)/–-])"
)
_HEADING = re.compile(r"[ \t]*(?P<hashes>\#{1,6})[ \t]+(?P<t>\S.*)")

_DOCUMENTS = (
    "Luật|Bộ luật|Hiến pháp|Pháp lệnh|Nghị định|Nghị quyết|Quyết định|Thông tư|Chỉ thị|Kết luận"
    "|Kế hoạch|Chương trình|Công văn|Tờ trình|Báo cáo|Đề án|Hướng dẫn|Thông báo"
)
_REFERRED = re.compile(  # what follows the number of a part that is spoken of, not opened
    rf"[ \t]+(?:(?:{_DOCUMENTS})\b(?! [{LOWER}]+ (?:chung|thi hành))|Chương\b|Phụ lục\b|Phần\b|Điều\b"
    rf"|[{LOWER}]|,)"
)
_KEPT = re.compile(r"[ \t]*(?:kèm theo|ban hành kèm theo|\(|[-–:.])", re.IGNORECASE)
_FILE = re.compile(
    r"[^.|:;]{0,160}\.(?:docx?|pdf|xlsx?|rtf|zip|rar|odt|ods|pptx?|jpe?g|png)\W*$", re.IGNORECASE
)
_LINK = re.compile(r"\W*\[[^\]]+\]\([^)]+\)\W*$")
LINKS: Final = "tại|của|và|hoặc|theo|các|những|với|về|từ|(?<!văn bản )đến|trong|cho|là|do|bởi|thuộc"
REFERENCE: Final = r"(?:[Kk]hoản|[Đđ]iều|[Mm]ục) \d+|[Đđ]iểm [a-zđ]"
_UNFINISHED = re.compile(  # a line that ends so is broken in mid-sentence
    rf"(?:[,(]|\b(?:{LINKS}|quy định|{REFERENCE}|Khoản|Điểm|Mục|Điều"
    # with another word before, "hạ tầng số", "quan điểm" and "hạng mục" are words
    rf"|(?:{LINKS}|quy định|trừ|ở|nêu|\d+[a-zđ]?|[a-zđ]),? (?:số|khoản|điểm|mục|điều)"
    rf"|(?:{_DOCUMENTS}|Phụ lục|[Mm]ẫu|[Bb]iểu|[Bb]ảng) số)|[,;(] ?(?:số|khoản|điểm|mục|điều))$"
)
_LISTED = re.compile(r"[;,] (?:và|hoặc)$")
_STOPPED = re.compile(r"[.;:!?…”\")\]*|/]\s*$")
_FULL = 40  # characters; a shorter line above is a title or a cell, not one broken at its end

_KIND_OF_SOURCE = r"Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết liên tịch|Nghị quyết|Quyết định|Thông tư liên tịch|Thông tư"
ORIGIN: Final = re.compile(
    rf"\(\s*Điều\s+(?P<article>\d+[a-zđ]?)\s+(?P<kind>{_KIND_OF_SOURCE})\s+(?:số\s+)?"
    r"(?P<number>\d+[a-zđ]?\s*/[^\s,)]+)"
)
_ATTACHED_KINDS = "QUY ĐỊNH|QUY CHẾ|KẾ HOẠCH|DANH MỤC|CHƯƠNG TRÌNH|ĐỀ ÁN|CHIẾN LƯỢC|PHƯƠNG ÁN|QUY TRÌNH|BỘ TIÊU CHÍ"
_FLATTENED = re.compile(  # a table in one line that holds what closes a document and what follows
    rf"\|[ \t]+(?:(?P<appendix>(?=(?:PHỤ LỤC\b[^|]{{0,200}}|(?:{_ATTACHED_KINDS})\b[^|{LOWER}]{{8,300}})$))"
    rf"|(?P<form>(?=PHỤ LỤC(?: [IVX\d]+)?[ \t]*\|))|(?=(?:{SIGNED})\||Nơi nhận:))"
)
_ATTACHED = re.compile(
    rf"[ \t]*[*_]*\((?:Ban hành )?[Kk]èm theo |[ \t]*[*_]*(?:Ban hành k|K)èm theo (?:{_DOCUMENTS}) số"
)
_KIND_LINE = re.compile(rf"[\s#*]*(?:{_ATTACHED_KINDS}|HƯỚNG DẪN|ĐIỀU LỆ|NỘI QUY)\b")
_ABOVE = 8  # lines that the title of what is attached may take

_AMENDS = r"(?:Sửa đổi|Bổ sung|Bãi bỏ|Thay thế|Thay cụm|Thay từ|Bỏ cụm|Hủy bỏ)"
_AMENDS_NEXT = re.compile(rf"[\s|]*(?:\d{{1,3}}[.)]|[a-zđ]\)|Điều \d+[.:])\s+{_AMENDS}")
_AMENDED = re.compile(rf"\b{_AMENDS}\b[^\n]*\bĐiều (?P<n>\d+[a-zđ]?)\b[^\n]*:\s*$", re.IGNORECASE)
_QUOTES = re.compile(r"(?:^\s*|:\s*)(?P<open>[“\"”])(?=\S)")
_MARKS_OF_QUOTING = ("“", "”", '"')
_MOST_ENDS = 40  # lines that end in a mark of quoting, looked at for the one that closes
_LONGEST_ORDER = 600  # characters of "Sửa đổi khoản 2 Điều 5 … như sau:"
_LONGEST_QUOTED = 400  # lines; an opening mark without its fellow quotes nothing

# heads an entry in a codified text's index
CODED: Final = re.compile(r"^[ \t#*]*\d{12,}[ \t]*$", re.MULTILINE)
_CONTENTS = re.compile(r"[\s#*|]*MỤC LỤC[\s:*|]*$", re.IGNORECASE)
_LEADER = re.compile(
    r"(?:\.{4,}|…{2,}|(?:\. ){4,}|_{4,}|\t)[\s.…_]*(?:\d{1,4}|[ivxlc]{1,6})?[\s|]*$"
)
_HEADED = re.compile(r"[\s#*|]*(?:Phụ lục|Phần|Chương|Mục|Điều|[IVX]{1,5}[.)])\s", re.IGNORECASE)
_ITEM = re.compile(r"[\s#*|]*\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[^\W\d_]")
_PAGED = re.compile(r"[^\W\d_.,;:]\W?\s+\d{1,3}[\s|]*$")
_PAGE = re.compile(r"[\s.…_|]{0,9}\d{0,4}[\s|]{0,3}$")
_FEWEST_LISTED = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a section begins. The lower the rank, the more it holds."""

    kind: SectionKind
    number: str
    title: str
    start: int
    rank: float
    end: int | None = None  # where it ends, if not at the next of its rank
    named: str = ""  # how it is cited, if not by kind and number


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, or the part of one that stands for a line."""

    start: int
    text: str
    follows: bool  # no blank line above

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def lines_of(text: str) -> Iterator[Line]:
    start, follows = 0, False
    for line in text.split("\n"):
        at = 0
        for cut in _cuts(line):
            yield Line(start + at, line[at:cut], follows)
            at, follows = cut, False
        if line[at:].strip():
            yield Line(start + at, line[at:], follows)
        follows = bool(line.strip())
        start += len(line) + 1


def _cuts(line: str) -> list[int]:
    """Where a line goes on as if it were a new one."""
    cuts: list[int] = []
    closed = False
    for flat in _FLATTENED.finditer(line) if "|" in line else ():
        if flat["form"] is not None:
            cuts += [flat.end(), line.index("|", flat.end())] if closed else []
            continue
        if flat["appendix"] is not None or not closed:
            cuts.append(flat.end())
        closed = closed or flat["appendix"] is None
    return sorted(set(cuts))


def marks_in(text: str, numbers: Sequence[str] = ()) -> list[Mark]:
    """All that opens a section of `text`, in order; `numbers` are those the document bears itself."""
    lines = list(lines_of(text))
    return _Marking(lines, _own(lines, numbers), _passive(lines)).marks()


def _own(lines: Sequence[Line], numbers: Sequence[str]) -> str:
    """The number whose Điều need no name: the document's first, else the commonest of origin."""
    if numbers:
        return numbers[0]
    origins = Counter(
        _squeezed(origin["number"]) for line in lines if (origin := ORIGIN.match(line.text.strip()))
    )
    return origins.most_common(1)[0][0] if origins else ""


def _squeezed(number: str) -> str:
    return re.sub(r"\s+", "", fold(number))


def _passive(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of lines that open nothing whatever they look like."""
    index = next((at for at, line in enumerate(lines) if CODED.fullmatch(line.text)), len(lines))
    if not any(line.text.lstrip(" #*").startswith("Điều ") for line in lines[:index]):
        index = len(lines)  # codes that head the text itself
    return (
        frozenset(_quoted(lines))
        | frozenset(_contents(lines))
        | frozenset(range(index, len(lines)))
    )


# ---------------------------------------------------------------- what is quoted, what is listed


def _quoted(lines: Sequence[Line]) -> Iterator[int]:
    """Lines inside the words that an amendment puts in place of others, from quote to quote."""
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
    """The same where "Sửa đổi Điều 5 như sau:" is followed by that Điều without quotation marks."""
    line = lines[at].text.rstrip()
    amended = _AMENDED.search(line[-_LONGEST_ORDER:]) if line.endswith(":") else None
    if not amended or at + 1 >= len(lines):
        return 0
    if not re.match(rf"[\s*]*Điều {amended['n']}\b", lines[at + 1].text):
        return 0
    for index in range(at + 2, min(len(lines), at + _LONGEST_QUOTED)):
        if _AMENDS_NEXT.match(lines[index].text) or re.match(r"[\s*]*Điều \d", lines[index].text):
            return index
    return len(lines)


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
        elif entry and last[entry] > index and entry not in {entries[i] for i in run[-1:]}:
            run.append(index)
        elif not (run and _is_shouted(lines[index].text)):
            if len([i for i in run if entries[i]]) >= _FEWEST_LISTED:
                yield from _listed(run, last, entries)
            run = []


def _listed(run: Sequence[int], last: dict[str, int], entries: Sequence[str]) -> Iterator[int]:
    """The entries of a run that recur after it: text whose first line recurs is the text itself."""
    return (index for index in run if entries[index] and last[entries[index]] > run[-1])


def _entry(line: str) -> str:
    """A chapter's or article's title line as it is found in contents and again in the text."""
    if not (_HEADED.match(line) or (_ITEM.match(line) and _PAGED.search(line))):
        return ""
    return _words(_PAGE.sub("", _LEADER.sub("", line)))


def _words(line: str) -> str:
    return " ".join(re.findall(r"\w+", fold(line)))


def _is_shouted(text: str) -> bool:
    return text.isupper()


# ---------------------------------------------------------------- marks, read from top to bottom


@dataclass(slots=True)
class _Group:
    """A group of rows that is open: its number, its mark, and whether each of its rows tells it."""

    number: str
    mark: int
    told: bool


@dataclass(slots=True)
class _Marking:
    """The state of reading one document line by line."""

    lines: Sequence[Line]
    own: str
    passive: frozenset[int]
    found: list[Mark] = field(default_factory=list)
    inside_article: bool = False
    above: Mapping[str, int] = field(
        default_factory=dict
    )  # the counts where an Điều opened in a mục
    untitled: bool = False  # the last mark's title may still follow
    counts: dict[str, int] = field(default_factory=dict)
    table: int | None = None  # index of the mark of the table that the last line was a row of
    rows: int = 0  # of that table
    numbered: bool = False  # whether rows of that table have numbers
    counted: str = ""  # the number of the last row that has one, since the last heading
    heading: Mark | None = None  # the numbered heading that is open
    listed: bool = False  # whether a clause or a point is
    groups: list[_Group] = field(default_factory=list)  # those of rows that are open
    within: bool | None = None  # whether they stand within a table that a section holds
    part: str = ""  # the number of a row that the last row tells to be a part of
    begun: int = 0  # index of the mark of the last table
    heads: str = ""  # and its heads
    lettered: bool | None = None  # whether A, B stand above I, II; None until one of them is met

    def marks(self) -> list[Mark]:
        blocks = {block.first: block for block in closing_blocks([one.text for one in self.lines])}
        until = 0
        for index, line in enumerate(self.lines):
            if block := blocks.get(index):
                end = self.lines[block.last].end
                self._conclude(index)
                rank = self._closing_rank()
                self._add(Mark("part", "", block.title, line.start, rank, end, block.label))
                until = block.last + 1
                self._begin_another(until)
            if index >= until:
                self._read(index, line)
        self._conclude(len(self.lines))
        return self.found

    def _begin_another(self, index: int) -> None:
        """A second document in the file, if the lines below a signature are the head of one."""
        for at in range(index, min(len(self.lines), index + _ABOVE)):
            text = self.lines[at].text
            if numbered := _NUMBERED.match(text):
                number = tidy_number(numbered["n"])
                named = f"{kind_and_issuer(number)[0]} {number}".strip()
                if at > index:
                    self._add(Mark("part", "", named, self.lines[index].start, 0.0, None, named))
                    self.untitled = False
                return
            if not (_is_shouted(text) or _MOTTO.match(text)):
                return

    def _closing_rank(self) -> float:
        """An appendix goes on below a form that is signed; a document does not."""
        attached = any(
            one.kind == "part" and one.rank < _WITHIN and not one.end for one in self.found
        )
        return _WITHIN if attached else 0.0

    def _conclude(self, index: int) -> None:
        """The paragraphs above line `index` that close the document are no part of its last khoản."""
        last = self.found[-1].start if self.found else -1
        first = index
        for at in range(index - 1, max(-1, index - 1 - _CLOSING_LINES), -1):
            above = self.lines[at]
            if above.start <= last:
                break
            if _CONCLUDES.match(above.text):
                first = at
            elif not (_ASIDE.match(above.text) or self._is_broken(at - 1)):
                break
        if first == index:
            return
        start, end = self.lines[first].start, self.lines[index - 1].end
        if self.inside_article and _IN_ARTICLE.match(self.lines[first].text):
            self._end_clauses(start)
        else:
            self._add(Mark("part", "", "", start, self._closing_rank(), end, "Phần kết"))

    def _end_clauses(self, start: int) -> None:
        """What follows is of the Điều, not of its last khoản."""
        for at in range(len(self.found) - 1, -1, -1):
            if self.found[at].kind == "article":
                break
            if self.found[at].end is None:
                self.found[at] = replace(self.found[at], end=start)

    def _is_broken(self, index: int) -> bool:
        return index >= 0 and not _STOPPED.search(self.lines[index].text)

    def _read(self, index: int, line: Line) -> None:
        if CELL in line.text:
            self._add_row(index, line)
            return
        self.table = None
        if origin := ORIGIN.match(line.text.strip()):
            self._originate(origin, index, line)
            return
        if _ATTACHED.match(line.text) and index not in self.passive:
            self._attach(index)
            return
        mark = None if index in self.passive else self._mark(index, line)
        if mark:
            if mark.kind == "part" and mark.rank == 0.0:
                self._conclude(index)
            self._add(mark)
        elif self.untitled and (_is_shouted(line.text) or not self.found[-1].title):
            self._entitle(line.text)
        elif index not in self.passive and self._heads_articles(index):
            self._add(Mark("division", "", line.text.strip(" #*"), line.start, 2.0))
        else:
            self.untitled = False
            if self._follows_items(index):
                self.found[-1] = replace(self.found[-1], end=line.start)

    def _heads_articles(self, index: int) -> bool:
        """Whether a line in capitals is the title of a chapter that a copy has left no number."""
        if not self.inside_article or not _is_shouted(self.lines[index].text):
            return False
        below = self.lines[index + 1 : index + 1 + _TITLES]
        first = next((one.text for one in below if not _is_shouted(one.text)), "")
        return _ARTICLE.match(first) is not None

    def _follows_items(self, index: int) -> bool:
        """Whether a paragraph is of what holds "a) …; b) …." above it: the list is closed, and it is no item."""
        if len(self.found) < 2 or index < 2 or not self.lines[index].text[:1].isupper():
            return False
        last, above = (self.found[-at] for at in (1, 2))
        return (
            last.kind in ("clause", "point")
            and (last.kind, last.rank, last.end) == (above.kind, above.rank, None)
            and (above.start, last.start)
            == tuple(one.start for one in self.lines[index - 2 : index])
            and self.lines[index - 1].text.rstrip().endswith(".")
            and _ITEM_ENDS.search(self.lines[index - 2].text) is not None
        )

    def _add(self, mark: Mark) -> None:
        if mark.kind in ("chapter", "division", "part", "article"):
            if mark.kind != "article":
                self.above = {}
            elif not self.inside_article:
                self.above = {kind: self.counts.get(kind, 0) for kind in ("heading", "clause")}
            self.inside_article = mark.kind == "article"
            self.lettered = None if mark.kind == "part" else self.lettered
        for deeper in _LEVELS[_LEVELS.index(mark.kind) + 1 :] if self.counts else ():
            if deeper != "article" or mark.rank == 0.0:  # numbered through all chapters
                self.counts.pop(deeper, None)
        if mark.kind != "heading" or "." not in mark.number:
            self.counts[mark.kind] = _value(mark.number)
        self.untitled = mark.kind in ("chapter", "division", "part") and not mark.title
        self.counted, self.groups, self.within = "", [], None
        self.heading = mark if mark.kind == "heading" and mark.number else None
        self.listed = mark.kind in ("clause", "point")
        self.found.append(mark)

    def _add_row(self, index: int, line: Line) -> None:
        """A row, and before the first one its table: the line that introduces it, and its heads."""
        begins = self.table is None or not line.follows
        if begins:
            self._go_on(index)
        told, cells = _groups_told(line.text)
        number = _number_of_row(line.text, cells)
        part = _PART_OF.match(line.text, cells)
        named = _GROUP_ROW.match(line.text, cells)
        number = None if named or (number and number["n"][0].isalpha()) else number
        sums_up = number is None and _SUM.match(line.text, cells) is not None
        open_ = self._leave([_roman(one["n"]) for one in told], begins, sums_up)
        for group in told[open_:] + ([named] if named else []):
            self._enter(group, index, told=group is not named)
        self._tabulate(index, number)
        for at in (self.table or 0, *(group.mark for group in self.groups)):
            self.found[at] = replace(self.found[at], end=line.end)
        if not (self.rows or number or ": " in line.text) and self._heads(index):
            return
        self.rows += 1
        # a row without a number is a part of the one above that has one
        if number or sums_up or (part and part["n"] != self.part):
            self.counted = number["n"] if number else part["n"] if part else ""
        self.part = part["n"] if part else ""
        counts = self.counted or self.numbered or sums_up
        own = self.counted if counts else str(self.rows)
        self.found.append(Mark("row", own, "", line.start, _TABLE + 1, line.end))

    def _tabulate(self, index: int, number: re.Match[str] | None) -> None:
        """The table that begins with this line, where it is of none."""
        if self.table is not None:
            return
        line = self.lines[index]
        goes_on = number and number["n"].split(".")[-1] != "1"
        self.table, self.rows, self.untitled = len(self.found), 0, False
        rows = self._first_rows(index)
        self.numbered = any(_ROW_NUMBER.search(one.text) for one in rows)
        first = None if goes_on else self._introduction(index)
        above = self.lines[index if first is None else first : index]
        words = [one.text.strip(" *#:") for one in above if not _UNIT.match(one.text)]
        start = above[0].start if above else line.start
        self.found.append(Mark("table", "", " ".join(words)[:300], start, _TABLE, line.end))
        self.begun = self.table

    def _go_on(self, index: int) -> None:
        """Whether what begins here goes on with the last table, or ends its groups and its count."""
        heads = self.lines[index].text
        headed = ": " not in heads and not _number_of_row(heads, 0)
        first = self._begins_with(index)
        apart = heads != self.heads if headed else CELL not in self.lines[index - 1].text
        # a group that the last row named has its rows to come
        waits = self.rows == 1 and any(not one.told for one in self.groups[-1:])
        waits = waits and (not headed or heads == self.heads)
        if not waits and (first in _FIRST_NUMBERS if first else apart):
            self.groups, self.within, self.counted = [], None, ""
        for group in self.groups:
            group.told = False  # what goes on, perhaps on another page, does not tell them again
        self.table = self.begun if self.groups and self.within else None
        self.heads = heads if headed else self.heads

    def _begins_with(self, index: int) -> str:
        """The number of the first group or row in the table that begins here."""
        for line in self._first_rows(index):
            told, cells = _groups_told(line.text)
            if number := told[0] if told else _number_of_row(line.text, cells):
                return _roman(number["n"])
        return ""

    def _heads(self, index: int) -> bool:
        """Whether a table's first line names the columns of rows that tell them, or are numbered."""
        _, *below = self._first_rows(index)
        return not below or any(": " in one.text or _number_of_row(one.text, 0) for one in below)

    def _first_rows(self, index: int) -> Iterator[Line]:
        """The rows from here to a blank line or a line of words."""
        for at, line in enumerate(self.lines[index : index + _FEW_ROWS]):
            if CELL not in line.text or (at and not line.follows):
                return
            yield line

    def _leave(self, told: Sequence[str], begins: bool, sums_up: bool) -> int:
        """Close the groups that a row is not of; how many of those it tells are open."""
        open_ = 0
        for at, group in enumerate(self.groups):
            if open_ < len(told) and group.number == told[open_]:
                group.told = True
                open_ += 1
            elif (group.told and (told or not begins)) or (sums_up and not told):
                self._close(at)
                break
        return open_

    def _close(self, at: int) -> None:
        del self.groups[at:]
        if not self.within:
            self.table = None

    def _enter(self, group: re.Match[str], index: int, told: bool) -> None:
        """The heading that a row's group is, if no line of its own has opened it: "IV. … · TT: 89 · …"."""
        number, heading, line = _roman(group["n"]), self.heading, self.lines[index]
        for at, one in enumerate(self.groups):
            if _is_roman(one.number) == _is_roman(number):
                self._close(at)
                break
        if self.within is None:
            first = number in _FIRST_NUMBERS
            if heading and heading.number == number and not first:
                return
            unlike = heading and _is_roman(heading.number) != _is_roman(number)
            self.within = self.listed or bool(heading and (first or unlike))
        if self.within:
            self._tabulate(index, None)
            rank = _TABLE + 0.1
        else:
            rank = heading.rank if heading else 4.0 - (0 if self.inside_article else 2.5)
            self.table = None
        rank += 0.05 * len(self.groups)
        self.groups.append(_Group(number, len(self.found), told))
        self.found.append(Mark("heading", number, group["t"].strip(), line.start, rank, line.end))
        self.counted, self.rows = "", 0

    def _introduction(self, index: int) -> int | None:
        """The line above a table that says what it shows; none where that opens a section itself."""
        first = index - 1
        if first > 0 and _UNIT.match(self.lines[first].text):
            first -= 1
        above = self.lines[first].text if first >= 0 else ""
        if (
            len(above) > _LONGEST_TITLE
            or _ATTACHED.match(above)
            or not re.search(r"[^\W\d_]", above)
        ):
            return None
        start = self.lines[first].start
        taken = any(one.start == start or (one.end or 0) > start for one in self.found[-4:])
        return None if taken or first in self.passive else first

    def _entitle(self, text: str) -> None:
        title = f"{self.found[-1].title} {text.strip(' *#|')}".strip()
        self.found[-1] = replace(self.found[-1], title=title[:300])
        self.untitled = _is_shouted(text) and len(title) < 300

    def _originate(self, origin: re.Match[str], index: int, line: Line) -> None:
        """The Điều that a codified text took from elsewhere is cited as it is numbered there."""
        number = _squeezed(origin["number"])
        own = _squeezed(self.own)
        is_own = not own or number == own or number.startswith(f"{own}/")
        named = f"Điều {origin['article']}"
        if not is_own:
            named += f" {origin['kind']} {''.join(origin['number'].split())}"
        if self._headed(index):
            self.found[-1] = replace(self.found[-1], number=origin["article"], named=named)
        else:  # a copy that has lost the heading
            self._add(Mark("article", origin["article"], "", line.start, 3.0, None, named))

    def _headed(self, index: int) -> bool:
        """Whether the heading of an Điều stands right above, its title on two lines at most."""
        if not self.found or self.found[-1].kind != "article" or self.found[-1].named:
            return False
        return any(
            self.found[-1].start == one.start for one in self.lines[max(0, index - 3) : index]
        )

    def _attach(self, index: int) -> None:
        """The regulation, plan or list that follows "(Kèm theo …)", titled by the lines above."""
        first = None
        for above in range(index - 1, max(-1, index - 1 - _ABOVE), -1):
            text = self.lines[above].text
            if SIGNER.match(text) or self._closed(self.lines[above]):
                break
            mark = next(
                (one for one in reversed(self.found[-3:]) if one.start == self.lines[above].start),
                None,
            )
            if mark and mark.kind == "part" and not mark.end:
                first = above
                break
            if _is_shouted(text) or _KIND_LINE.match(text):
                first = above
            elif re.search(r"[.;:]\s*$", text) or (mark and mark.kind != "heading") or first:
                break
        if first is not None:
            self._attach_from(first, index)

    def _closed(self, line: Line) -> bool:
        return any(one.end and one.start <= line.start < one.end for one in self.found[-6:])

    def _attach_from(self, first: int, index: int) -> None:
        start = self.lines[first].start
        part = next(
            (one for one in self.found[-3:] if one.start == start and one.kind == "part"), None
        )
        while self.found and self.found[-1].start >= start:
            self.found.pop()
        words = [one.text.strip(" *#|") for one in self.lines[first + bool(part) : index]]
        title = (part.title if part and not words else " ".join(words))[:300]
        if part and part.title and words and not title.startswith(part.title):
            title = f"{part.title} {title}"[:300]
        self._add(replace(part, title=title) if part else Mark("part", "", title, start, 0.0))
        self.untitled = False

    def _mark(self, index: int, line: Line) -> Mark | None:
        first = line.text.lstrip(" \t#*-")[:1] if _MAY_OPEN.match(line.text) else ""
        if not first and "#" not in line.text:
            return None
        if _FILE.match(line.text) or ("](" in line.text and _LINK.match(line.text)):
            return None
        for kind, rank, pattern in _beginning(first) if first else ():
            if found := pattern.match(line.text):
                if kind == "clause" and not (
                    _is_clause(found["n"], line.text) or self._lacks_stop(index, found)
                ):
                    continue
                stands = rank != _FORM or self._is_form(index, found["t"].strip())
                if found["n"] == "KẾT LUẬN":  # of a report in parts; also a kind of document
                    stands = any(one.rank == rank for one in self.found)
                if not (stands and self._opens(kind, found, index, line)):
                    return None
                if self._goes_on_above(kind, found["n"] or ""):
                    self._leave_articles(kind)
                dotted = found["n"].count(".") if kind in ("clause", "heading") else 0
                depth = rank + 0.1 * dotted
                if kind == "heading" and rank != _CODE:
                    depth -= self._above_romans(found["n"])
                if kind == "heading" and not self.inside_article:
                    depth -= 2.5  # Roman parts of a plan stand where chapters stand
                title = found["t"].strip(" \t.:*|-–")
                named = "" if found["n"] or kind != "part" else "Phụ lục"
                named = {
                    _PART: f"Phần {_as_cited(found['n'] or '')}",
                    _FORM: f"Mẫu {found['n']}",
                    _CODE: found["n"],
                }.get(rank, named)
                return Mark(kind, _number(found["n"] or ""), title, line.start, depth, None, named)
        if found := _HEADING.match(line.text):
            rank = 0.6 + 0.05 * len(found["hashes"])
            return Mark("heading", "", found["t"].strip(" *"), line.start, rank)
        return None

    def _lacks_stop(self, index: int, found: re.Match[str]) -> bool:
        """Whether "4 Bốn" stands between khoản 3 and khoản 5."""
        number = _value(found["n"])
        if not found["t"][0].isupper() or number != self.counts.get("clause", 0) + 1 or number < 2:
            return False
        below = (one.text for one in self.lines[index + 1 : index + 1 + _FEW_ROWS])
        following = next(filter(None, map(_CLAUSE.match, below)), None)
        return following is not None and int(following[1]) == number + 1

    def _goes_on_above(self, kind: str, number: str) -> bool:
        """Whether a number goes on from the mục or khoản in which another document's Điều are listed."""
        listed = self.inside_article and kind in self.above and kind not in self.counts
        return listed and self.above[kind] > 0 and _value(number) == self.above[kind] + 1

    def _leave_articles(self, kind: str) -> None:
        """The Điều listed above are of the khoản, if it is one that goes on."""
        self.inside_article = False
        last = max(at for at, one in enumerate(self.found) if one.kind == kind)
        if kind == "clause":
            self.found[last + 1 :] = [
                replace(one, rank=one.rank + _LISTED_BELOW) for one in self.found[last + 1 :]
            ]

    def _is_form(self, index: int, title: str) -> bool:
        """Whether the head of a form follows a line "Mẫu số …" in an appendix: not one of a list of forms."""
        if not any(one.kind == "part" for one in self.found):
            return False
        if title and _NAMES_FORM.match(self.lines[index - 1].text):
            return False
        texts = (one.text for one in self.lines[index + 1 : index + 1 + _ABOVE])
        below = takewhile(lambda text: not _NAMES_FORM.match(text), texts)
        return any(map(_FORM_HEAD.search, below))

    def _above_romans(self, number: str) -> float:
        """What lifts A, B, C above I, II, III: where A comes first, it holds them."""
        if self.lettered is None:
            self.lettered = number == "A"
        return 0.3 if self.lettered and number in "ABCDEFGH" else 0.0

    def _opens(self, kind: str, found: re.Match[str], index: int, line: Line) -> bool:
        """Whether the line is what it looks like, seen with its own words and the line above."""
        rest, number = found["t"], found["n"] or ""
        if kind == "clause" and "." in number and not self.found:
            return False  # of the debris of a copy: no part holds it
        if kind in ("part", "chapter") and len(rest) > 160:
            return False  # "Phụ lục I kèm theo Thông tư này quy định…" is a sentence
        spoken_of = _REFERRED.match(rest) is not None
        if kind == "part":
            spoken_of = (spoken_of and not _KEPT.match(rest)) or bool(re.search(r"[.;,]\s*$", rest))
        if spoken_of and kind in ("part", "chapter", "division", "article"):
            return False
        if kind == "point" or not (index and line.follows) or self._titled(index):
            return True
        above = self.lines[index - 1].text.rstrip()
        follows = _value(number) in (1, self.counts.get(kind, 0) + 1)
        ends = _LISTED.search(above) or (len(above) < _FULL and self._opened_by(index - 1))
        if _UNFINISHED.search(above) and not (ends and follows):
            return _is_shouted(above)
        broken = len(above) >= _FULL and not _STOPPED.search(above) and not _is_shouted(above)
        return follows or not broken or "." in number or kind == "part"

    def _titled(self, index: int) -> bool:
        """Whether the line above is a title and nothing else."""
        return self._opened_by(index - 1) and self.found[-1].kind not in ("clause", "point")

    def _opened_by(self, index: int) -> bool:
        return bool(self.found) and self.found[-1].start == self.lines[index].start


@lru_cache(maxsize=256)
def _beginning(first: str) -> Sequence[tuple[SectionKind, float, re.Pattern[str]]]:
    """The patterns that a line may match whose first letter is this one."""
    digit = first.isdecimal()
    return [one for one in _MARKS if first in _FIRST[one[0]] or (digit and one[0] == "clause")]


def _number(number: str) -> str:
    # the official codification numbers Điều 5 of a law "43.7.LQ.5"; a decree's stay as they are
    _, law, article = number.rpartition(".LQ.")
    return article if law and article.isdigit() else number


def _as_cited(number: str) -> str:
    """ "THỨ NHẤT" -> "thứ nhất"; "II" stays."""
    return " ".join(one if re.fullmatch(_ROMAN, one) else one.lower() for one in number.split())


def _value(number: str) -> int:
    """Of a number in Arabic or Roman digits, or the last of "1.2"; 0 of anything else."""
    if number.isdecimal():
        return int(number)
    if digits := _DIGITS_FIRST.match(number.rpartition(".")[2]):
        return int(digits[0])
    values = [_DIGITS.get(letter, 0) for letter in number]
    following = [*values[1:], 0]
    return sum(-one if one < next_ else one for one, next_ in zip(values, following, strict=False))


_LEVELS: Final = ("part", "chapter", "division", "article", "heading", "clause", "point")
_TABLE: Final = 7.0  # its rank
_ORDINAL = r"(?:(?i:S?TT|S\.TT|Số TT|(?:Số )?thứ tự)\.?: )"
_ROW_NUMBER = re.compile(rf"(?:^|· ){_ORDINAL}(?P<n>[\dIVXLCl.]{{1,7}}?|[A-H])\.? ·")
_ROMAN_GROUP = "[IVX][IVXl]{0,5}"
_GROUP_OF_ROW = re.compile(rf"(?P<n>{_ROMAN_GROUP}|[A-H])\. (?P<t>[^·]{{3,}}) · ")
_GROUP_ROW = re.compile(
    rf"{_ORDINAL}?(?P<n>{_ROMAN_GROUP}|(?<=: )[A-H])\.? · (?:[^·:]{{1,60}}: )?(?P<t>[^·]{{3,}})"
)
_PART_OF = re.compile(r"(?:\d[\d.]*\. [^·]+ · )*(?P<n>\d{1,3}(?:\.\d{1,2}){0,3})\. [^·]{2,} · ")
_SUM = re.compile(rf"(?:[^·:]{{1,60}}: )?(?i:{TOTAL.pattern})")
_FIRST_NUMBERS = ("1", "I", "A")
_FEW_ROWS = 40
_CLAUSE = re.compile(r"[ \t#*]*(\d{1,3})[.)] ")
_BARE_NUMBER = re.compile(r"(?P<n>\d{1,3}(?:\.\d{1,2}){0,3})\.? · (?=.*[^\W\d_]{2})")
_PART, _FORM, _CODE = 0.5, 0.4, 4.9  # ranks of "Phần", of a form, and of what is numbered "A001"
_FORM_HEAD = re.compile(r"CỘNG H(?:ÒA|OÀ) XÃ HỘI|TÊN (?:CƠ QUAN|ĐƠN VỊ|TỔ CHỨC)|^\W*Kính gửi")
_LISTED_BELOW = 2.5  # what puts an Điều below a khoản
_NAMES_FORM = re.compile(r"[\s#*]*(?:MẪU|Mẫu)(?: (?:SỐ|số))?:? \d")
_NUMBERED = re.compile(rf"[\s#*|]*Số\s*:?\s*(?P<n>{NUMBER})")
_MOTTO = re.compile(r"\W*(?:Độc lập|$)")
_WITHIN = 0.45  # rank of what stands within an appendix, above its chapters
_CLOSING_LINES = 8  # at most, of the paragraphs that close a document
_ASIDE = re.compile(r"[\s*_]*\(.*\)[\s*_.]*$")  # "(Gửi kèm theo: …)"
_ASKS = (
    r"Trong quá trình (?:tổ chức )?(?:triển khai|thực hiện)|Yêu cầu (?:các|[Tt]hủ trưởng|[Gg]iám đốc)"
    r"|Đề nghị (?:các|[Tt]hủ trưởng)|(?:[^\W\d_]+ ){2,8}(?:yêu cầu|đề nghị) các "
)
_IN_ARTICLE = re.compile(rf"\W*(?:{_ASKS})")
_CONCLUDES = re.compile(
    rf"\W*(?:{_ASKS}|Trên đây là|Kính (?:trình|đề nghị)"
    r"|.{0,80}\btrân trọng (?:thông báo|báo cáo|cảm ơn)|.{0,120}\bthông báo (?:để|đến|tới) .{1,200}\bbiết\b"
    r"|(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết)(?: này)? (?:đã )?được .{5,200}thông qua|Nghị quyết này phổ biến)"
)
_TITLES = 3  # lines, at most, that stand between two chapters
_ARTICLE = re.compile(r"[ \t#*]*Điều \d+[a-zđ]?[.:]")
_ITEM_ENDS = re.compile(r";(?: và| hoặc)?\s*$")
_UNIT = re.compile(r"\W*(?:ĐVT|Đơn vị(?: tính)?)\s*:", re.IGNORECASE)
_LONGEST_TITLE = 400  # characters of the line that introduces a table
_DIGITS_FIRST = re.compile(r"\d+")
_DIGITS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def _number_of_row(text: str, cells: int) -> re.Match[str] | None:
    """The number of a row whose own cells begin at `cells`."""
    return _ROW_NUMBER.search(text) or _BARE_NUMBER.match(text, cells)


def _groups_told(text: str) -> tuple[list[re.Match[str]], int]:
    """The groups that a row tells before its own cells, and where these begin."""
    told: list[re.Match[str]] = []
    while group := _GROUP_OF_ROW.match(text, told[-1].end() if told else 0):
        told.append(group)
    return told, told[-1].end() if told else 0


def _roman(number: str) -> str:
    return number.replace("l", "I")  # as machines read "III"


def _is_roman(number: str) -> bool:
    return number[0] in "IVX"


def _is_clause(number: str, line: str) -> bool:
    # "20 tỷ đồng…" at a line's start is an amount, as is "1.5 lần"; a clause's number has a stop
    after = line.lstrip(" \t|#*-")[len(number) :]
    return after[:1] in (".", ")", "-", "–", "/") or number.count(".") >= 1
