"""Which lines of a Vietnamese state document open a section, and which only look as if they did.

A line is judged with what stands around it: a reference broken at the line's end, the name of a file and
a list of forms open nothing; a codified text's line of origin says which Điều of which document follows.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile
from typing import Final

from knowledge.document import SectionKind
from knowledge.lines import (
    ATTACHED,
    ATTACHED_KINDS,
    CELL,
    DOCUMENTS,
    HEADING,
    LIFTED,
    REPUBLIC,
    Line,
    Mark,
    lines_of,
)
from knowledge.numbers import NUMBER, kind_and_issuer, tidy_number
from knowledge.passive import passive
from knowledge.rows import Rows
from knowledge.signature import RECIPIENTS, SIGNER, closing_blocks
from knowledge.vietnamese import LOWER, fold

_LEAD = r"[ \t]{0,40}(?P<hashes>\#{0,6})[ \t]{0,9}\*{0,3}[ \t]{0,9}"
_ROMAN = "[IVXLC]+"
_LETTER = r"[A-H](?=[.:]|[ \t]*$)"
# what each may begin with stands in _FIRST and _MAY_OPEN, too
_PATTERNS: tuple[tuple[SectionKind, float, str], ...] = (
    (
        "part",
        0.0,
        rf"(?:PHỤ LỤC|Phụ lục)(?:[ \t]+(?:SỐ|số))?[ \t]*(?P<n>(?:{_ROMAN}|\d+|[A-H](?=[\s.:)–-]|$))(?:[.-]?[A-HĐ]|[a-zđ]|[.-]\d{{1,2}})?)?\b(?P<t>.*)",
    ),
    (
        "part",
        0.5,
        rf"(?:PHẦN|Phần)[ \t]+(?P<n>{_LETTER}|(?:(?:THỨ|thứ)[ \t]+)?(?:{_ROMAN}|\d+|(?i:nhất|hai|ba|bốn|sáu|bảy|(?<=thứ )(?:tư|năm)|tư(?=[.:]|\s*$)))"
        r"|(?i:mở đầu|kết luận))\b(?P<t>.*)",
    ),
    ("part", 0.5, r"(?P<n>KẾT LUẬN)(?P<t>)$"),
    (
        "part",
        0.4,
        r"(?:(?:BIỂU )?MẪU|(?:Biểu m|M)ẫu)(?:[ \t]+(?:SỐ|số))?[ \t:]*(?P<n>\d[\w/-]*)\b(?P<t>[.:]?.{0,160})$",
    ),
    ("chapter", 1.0, rf"(?:CHƯƠNG|Chương)[ \t]+(?P<n>{_ROMAN}|\d+)\b(?P<t>.*)"),
    ("division", 1.1, r"(?P<n>(?i:Bài|Chuyên đề)[ \t]+\d{1,2})(?=[.:]|[ \t]*$)(?P<t>.*)"),
    ("division", 2.0, rf"(?:MỤC|Mục)[ \t]+(?P<n>\d+|{_LETTER}|{_ROMAN})\b(?P<t>.*)"),
    ("division", 2.2, rf"(?:TIỂU MỤC|Tiểu mục)[ \t]+(?P<n>\d{{1,2}}|{_ROMAN})\b(?P<t>.*)"),
    (
        "article",
        3.0,
        r"(?:Điều|ĐIỀU)[ \t]+(?P<n>(?:\d+\.)+[A-ZĐ]+(?:\.\d+)+|\d+[a-zđ]?)(?:(?=[.:\s*]|/[ \t])|$)(?P<t>.*)",
    ),
    ("heading", HEADING, r"(?P<n>[IVX]{1,5}(?:\.\d{1,2}){1,2})[.)]?[ \t]+(?P<t>\S.*)"),
    ("heading", HEADING, r"(?P<n>[IVX]{1,5})(?:[.)]|[/-](?!v))[ \t]*(?P<t>\S.*)"),
    ("heading", 4.05, r"(?P<n>Câu(?: hỏi)?(?: số)? \d{1,3})[.:][ \t]+(?P<t>\S.*)"),
    ("heading", 4.9, r"(?P<n>[A-ZĐ]{1,2}\d{2,4})[.:][ \t]+(?P<t>[^\W\d_].*)"),
    ("heading", 4.2, rf"(?P<n>[A-H])[.–-][ \t]+(?P<t>[^\W\d_{LOWER}].*)"),
    ("clause", 5.0, rf"(?P<n>\d{{1,2}}(?:\.\d{{1,2}}){{0,2}})[–/-][ \t]+(?P<t>[^\W\d_{LOWER}].*)"),
    (
        "clause",
        5.0,
        r"(?:-(?=\d{1,2}\. )|Khoản[ \t]+(?=\d{1,2}[.:][ \t]))?(?P<n>\d{1,3}(?:\.\d{1,2}){0,3}|\d{1,2}[a-zđ](?=[.)]))(?:[.):][ \t]+(?=\d)|[.):]?[ \t]*(?<=[.): \t])(?!\d))(?P<t>\S.*)",
    ),
    (
        "point",
        6.0,
        rf"(?:- ?(?=[a-zđ]\)))?(?P<n>[a-zđ]{{1,2}}(?=[.)])|[a-zđ](?=[/–-]))(?:[.)/][ \t]+|[–-][ \t]+(?=[^\W\d_{LOWER}])|\)\.?[ \t]*(?=[^\W\d_{LOWER}]))(?P<t>\S.*)",
    ),
)
_MARKS = tuple((kind, rank, re.compile(_LEAD + pattern)) for kind, rank, pattern in _PATTERNS)
_FIRST: Final = {  # what each kind may begin with past its lead; a clause begins with a digit
    "part": "PMBK", "chapter": "C", "division": "BCMT", "article": "Đ", "heading": "ABCDEFGHIJKLMNOPQRSTUVWXYZĐ",
    "point": "abcdefghijklmnopqrstuvwxyzđ", "clause": "K",
}  # fmt: skip
_MAY_OPEN = re.compile(  # cheap to ask of every line
    r"[ \t]{0,40}\#{0,6}[ \t]{0,9}\*{0,3}[ \t]{0,9}(?:[A-ZĐ]{1,2}\d{2,4}[.:]|(?i:Bài|Chuyên đề) \d|Câu |PH|Ph|KẾT LUẬN$|CHƯ|Chư|M[ỤẪ]|M[ụẫ]|TIỂU MỤC|Tiểu mục|BIỂU|Biểu|Đi|ĐI|[A-HIVX]{1,5}[.)/–-]|-?\d{1,3}[.) \t–/-]|\d{1,2}[a-zđ][.)]|(?:- ?)?[a-zđ]{1,2}[.)/–-]|Khoản \d)"
)
_HEADING = re.compile(r"[ \t]*(?P<hashes>\#{1,6})[ \t]+(?P<t>\S.*)")

_REFERRED = re.compile(  # what follows the number of a part that is spoken of, not opened
    rf"[ \t]+(?:(?:{DOCUMENTS})\b(?! [{LOWER}]+ (?:chung|thi hành))|Chương\b|Phụ lục\b|Phần\b|Điều\b"
    rf"|[{LOWER}]|,)"
)
_KEPT = re.compile(r"[ \t]*(?:kèm theo|ban hành kèm theo|\(|[-–:.])", re.IGNORECASE)
_FILE = re.compile(
    r"[^.|:;]{0,160}\.(?:docx?|pdf|xlsx?|rtf|zip|rar|odt|ods|pptx?|jpe?g|png)\W*$", re.IGNORECASE
)
_NOTE = re.compile(r"\[\d{1,3}\]")  # of an editor: "Điều 1[3]. Phạm vi"
_LINK = re.compile(r"[^\w\[]*\[[^\]]+\]\([^)]+\)\W*$")
LINKS: Final = "tại|của|và|hoặc|theo|các|những|với|về|từ|(?<!văn bản )đến|trong|cho|là|do|bởi|thuộc"
REFERENCE: Final = r"(?:[Kk]hoản|[Đđ]iều|[Mm]ục) \d+|[Đđ]iểm [a-zđ]"
_UNFINISHED = re.compile(  # a line that ends so is broken in mid-sentence
    rf"(?:[,(]|\b(?:{LINKS}|quy định|{REFERENCE}|Khoản|Điểm|Mục|Điều"
    # with another word before, "hạ tầng số", "quan điểm" and "hạng mục" are words
    rf"|(?:{LINKS}|quy định|trừ|ở|nêu|\d+[a-zđ]?|[a-zđ]),? (?:số|khoản|điểm|mục|điều)"
    rf"|(?:{DOCUMENTS}|Phụ lục|[Mm]ẫu|[Bb]iểu|[Bb]ảng) số)|[,;(] ?(?:số|khoản|điểm|mục|điều))$"
)
_LISTED = re.compile(r"[;,] (?:và|hoặc)$")
_STOPPED = re.compile(r"[.;:!?…”\")\]*|/]\s*$")
_FULL = 40  # characters; a shorter line above is a title or a cell, not one broken at its end

_KIND_OF_SOURCE = r"Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết liên tịch|Nghị quyết|Quyết định|Thông tư liên tịch|Thông tư"
ORIGIN: Final = re.compile(
    rf"\(\s*Điều\s+(?P<article>\d+[a-zđ]?)\s+(?P<kind>{_KIND_OF_SOURCE})\s+(?:số\s+)?"
    r"(?P<number>\d+[a-zđ]?\s*/[^\s,)]+)"
)
_KIND_LINE = re.compile(rf"[\s#*]*(?:{ATTACHED_KINDS}|HƯỚNG DẪN|ĐIỀU LỆ|NỘI QUY)\b")
_ABOVE = 8  # lines that the title of what is attached may take

_LEVELS: Final = ("part", "chapter", "division", "article", "heading", "clause", "point")
_NEAR = 40  # lines
_CLAUSE = re.compile(r"[ \t#*]*(\d{1,3})[.)] ")
# ranks of "Phần", of a form, of "Bài 1", of "Tiểu mục", of "Câu 1", and of what is numbered "A001"
_PART, _FORM, _LESSON, _SUBDIVISION, _QUESTION, _CODE = 0.5, 0.4, 1.1, 2.2, 4.05, 4.9
_FORM_HEAD = re.compile(rf"{REPUBLIC}|TÊN (?:CƠ QUAN|ĐƠN VỊ|TỔ CHỨC)|^\W*Kính gửi")
_LISTED_BELOW = 2.5  # what puts an Điều below a khoản
_NAMES_FORM = re.compile(r"[\s#*]*(?:(?:BIỂU )?MẪU|(?:Biểu m|M)ẫu)(?: (?:SỐ|số))?:? \d")
_NUMBERED = re.compile(rf"[\s#*|]*Số\s*:?\s*(?P<n>{NUMBER})")
_LETTERHEAD = re.compile(  # of a form, above its title
    rf"\W*(?:{REPUBLIC}|CHỦ NGHĨA VIỆT NAM|Độc lập *[-–] *Tự do)"
)
_MOTTO = re.compile(r"\W*(?:Độc lập|$)")
_WITHIN = 0.45  # rank of what stands within an appendix, above its chapters
_CLOSING_LINES = 8  # at most, of the paragraphs that close a document
_ASIDE = re.compile(r"[\s*_]*\(.*\)[\s*_.]*$")  # "(Gửi kèm theo: …)"
_ASKS = (
    r"Trong quá trình (?:tổ chức )?(?:triển khai|thực hiện)|Yêu cầu (?:các|[Tt]hủ trưởng|[Gg]iám đốc)"
    r"|Đề nghị (?:các|[Tt]hủ trưởng)|(?:Chỉ thị|Nghị quyết|Quyết định) này có hiệu lực|(?:[^\W\d_]+ ){2,8}(?:yêu cầu|đề nghị) các "
)
_IN_ARTICLE = re.compile(rf"\W*(?:{_ASKS})")
_CONCLUDES = re.compile(
    rf"\W*(?:{_ASKS}|Trên đây là|Kính (?:trình|đề nghị)"
    r"|.{0,80}\bkính (?:trình|đề nghị)\b[^.;:]{0,160}\W*$"
    r"|(?:Xin )?[Tt]rân trọng(?: kính chào| cảm ơn)?\W*$|XÁC THỰC VĂN BẢN HỢP NHẤT"
    r"|(?:Biên bản|Cuộc họp|Hội nghị|Buổi làm việc)[^.;]{0,40} kết thúc\b"
    r"|.{0,80}\btrân trọng (?:thông báo|báo cáo|cảm ơn)|.{0,120}\b(?:thông báo|trả lời|có ý kiến)\b[^.;]{0,60} (?:để|đến|tới) .{1,200}\bbiết\b"
    r"|(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết)(?: này)? (?:đã )?được .{5,200}thông qua|Nghị quyết này phổ biến)"
)
_TITLES = 3  # lines, at most, that stand between two chapters
_ARTICLE = re.compile(r"[ \t#*]*Điều \d+[a-zđ]?[.:]")
_COUNTS_ANEW = re.compile(  # the first of its kind
    r"[ \t#*]*(?:(?:Chương|CHƯƠNG) (?:I|1)\b|(?:Phần|PHẦN) (?:I|1|thứ nhất|THỨ NHẤT)\b|Điều 1[.:]|(?:I|A|1)[.)/-])"
)
_ITEM_ENDS = re.compile(r";(?: và| hoặc)?\s*$")
_DIGITS_FIRST = re.compile(r"\d+")
_SMALL_ROMANS: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_SECOND_ROMAN: Final = re.compile(r"[\s*-]*ii[.)]")
_ALPHABET: Final = "abcdđeghiklmnopqrstuvxy"  # of điểm
_DIGITS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def marks_in(text: str, numbers: Sequence[str] = ()) -> list[Mark]:
    """All that opens a section of `text`, in order; `numbers` are those the document bears itself."""
    lines, found = list(lines_of(text)), list[Mark]()
    nothing = passive(lines)
    rows = Rows(lines, nothing, found)
    return _Marking(lines, _own(lines, numbers), nothing, rows, found).marks()


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


@dataclass(slots=True)
class _Marking:
    """The state of reading one document line by line."""

    lines: Sequence[Line]
    own: str
    passive: frozenset[int]
    rows: Rows
    found: list[Mark]
    inside_article: bool = False
    # the counts where an Điều opened in a mục
    above: Mapping[str, int] = field(default_factory=dict)
    untitled: bool = False  # the last mark's title may still follow
    counts: dict[str, int] = field(default_factory=dict)
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
        return self.found[self._preamble() :]

    def _preamble(self) -> int:
        """How many khoản stand above "Chương I" or "Điều 1": those of a list of what the text is based on."""
        listed = sum(1 for _ in takewhile(lambda one: one.kind in ("clause", "point"), self.found))
        first = self.found[listed] if listed < len(self.found) else None
        opens = first and first.kind in ("chapter", "article") and first.number in ("1", "I")
        return listed if opens else 0

    def _begin_another(self, index: int) -> None:
        """A second document in the file, or what is attached, if its head stands below a signature."""
        for at in range(index, min(len(self.lines), index + _ABOVE)):
            text = self.lines[at].text
            if numbered := _NUMBERED.match(text):
                number = tidy_number(numbered["n"])
                named = f"{kind_and_issuer(number)[0]} {number}".strip()
                if at > index:
                    self._add(Mark("part", "", named, self.lines[index].start, 0.0, None, named))
                    self.untitled = False
                return
            if not (text.isupper() or _MOTTO.match(text)):
                break
        self._begin_attached(index)

    def _begin_attached(self, index: int) -> None:
        """What is attached without a word that it is: a title in capitals, then a count from the first."""
        head = list(
            takewhile(
                lambda one: not _COUNTS_ANEW.match(one.text),
                self.lines[index : index + 1 + _ABOVE],
            )
        )
        known = any(map(self._is_known, (one.text for one in head)))
        if known or not 0 < len(head) <= _ABOVE or index + len(head) >= len(self.lines):
            return
        below = [at for at, one in enumerate(head) if _LETTERHEAD.match(one.text)]
        titled = head[below[-1] + 1 if below else 0 :]
        if titled and titled[0].text.isupper():
            title = " ".join(one.text.strip(" *#") for one in titled)[:300]
            self._add(Mark("part", "", title, head[0].start, self._closing_rank()))
            self.untitled = False

    def _is_known(self, text: str) -> bool:
        """Whether a line says by itself what begins here, or begins nothing."""
        said = ATTACHED.match(text) or SIGNER.match(text) or RECIPIENTS.match(text)
        return bool(said) or CELL in text or _MAY_OPEN.match(text) is not None or text.endswith(".")

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
            self.rows.add(index)
            self.untitled = False
            return
        self.rows.table = None
        if origin := ORIGIN.match(line.text.strip()):
            self._originate(origin, index, line)
            return
        if ATTACHED.match(line.text) and index not in self.passive:
            self._attach(index)
            return
        mark = None if index in self.passive else self._mark(index, line)
        if mark:
            if mark.kind == "part" and mark.rank == 0.0:
                self._conclude(index)
            elif headed := _HEADING.match(line.text):
                self._leave_appendix(line.start, len(headed["hashes"]))
            self._add(mark)
        elif self.untitled and _LETTERHEAD.match(line.text):
            return
        elif (
            self.untitled
            and (line.text.isupper() or not (self.found[-1].title or " | " in line.text))
            and not (self.found[-1].kind == "article" and _STOPPED.search(line.text))
        ):
            self._entitle(line.text)
        elif index not in self.passive and self._heads_articles(index):
            self._head_articles(line, index)
        else:
            self.untitled = False
            if self._follows_items(index):
                self.found[-1] = replace(self.found[-1], end=line.start)

    def _heads_articles(self, index: int) -> bool:
        """Whether a line in capitals is the title of a chapter that a copy has left no number."""
        if not self.inside_article or not self.lines[index].text.isupper():
            return False
        below = self.lines[index + 1 : index + 1 + _TITLES]
        first = next((one.text for one in below if not one.text.isupper()), "")
        return _ARTICLE.match(first) is not None

    def _head_articles(self, line: Line, index: int) -> None:
        """A chapter, or where Điều are counted anew, another text."""
        first = next(one for one in self.lines[index + 1 :] if _ARTICLE.match(one.text))
        anew = _COUNTS_ANEW.match(first.text) and self.counts.get("article", 0) > 0
        kind: SectionKind = "part" if anew else "division"
        above = next((one for one in reversed(self.found) if one.kind == "part"), None)
        rank = 2.0 if not anew else _WITHIN if above and above.number else 0.0
        self._add(Mark(kind, "", line.text.strip(" #*"), line.start, rank))
        self.untitled = bool(anew)

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
        self.untitled = _LEVELS.index(mark.kind) < _LEVELS.index("heading") and not mark.title
        self.rows.below(mark, self.inside_article)
        self.found.append(mark)

    def _entitle(self, text: str) -> None:
        title = f"{self.found[-1].title} {text.strip(' *#|')}".strip()
        self.found[-1] = replace(self.found[-1], title=title[:300])
        self.untitled = text.isupper() and len(title) < 300

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
            if (mark and mark.kind == "part" and not mark.end) or _HEADING.match(text):
                first = above
                break
            if text.isupper() or _KIND_LINE.match(text):
                first = above
            elif re.search(r"[.;:]\s*$", text) or (mark and mark.kind != "heading") or first:
                break
        if first is not None:
            self._attach_from(first, index)

    def _closed(self, line: Line) -> bool:
        return any(one.end and one.start <= line.start < one.end for one in self.found[-6:])

    def _letterhead(self, first: int) -> int:
        """The first line of the letterhead that may stand again above what is attached."""
        head = first
        for at in range(first - 1, max(-1, first - 1 - _ABOVE), -1):
            one = self.lines[at]
            known = _LETTERHEAD.match(one.text) or (head < first and one.text.isupper())
            known = known or not any(map(str.isalnum, one.text))
            if not known or self._closed(one):
                break
            head = at
        return head

    def _attach_from(self, first: int, index: int) -> None:
        start = self.lines[first].start
        part = next(
            (one for one in self.found[-3:] if one.start == start and one.kind == "part"), None
        )
        start = self.lines[self._letterhead(first)].start
        while self.found and self.found[-1].start >= start:
            self.found.pop()
        words = [one.text.strip(" *#|") for one in self.lines[first + bool(part) : index]]
        title = (part.title if part and not words else " ".join(words))[:300]
        if part and part.title and words and not title.startswith(part.title):
            title = f"{part.title} {title}"[:300]
        opened = part or Mark("part", "", "", start, 0.0)
        self._add(replace(opened, title=title, start=start))
        self.untitled = not title  # it may stand below, too

    def _leave_appendix(self, start: int, level: int) -> None:
        """A heading ends the appendix that a heading no deeper opens or stands right above: a sheet's."""
        open_ = (one for one in reversed(self.found) if (one.kind, one.rank) == ("part", 0.0))
        part = next(open_, None)
        if part is None or part.end:
            return
        at = bisect_left(self.lines, part.start, key=lambda line: line.start)
        above = map(_HEADING.match, (line.text for line in self.lines[max(0, at - 1) : at + 1]))
        if any(head and level <= len(head["hashes"]) for head in above):
            self.found[self.found.index(part)] = replace(part, end=start)

    def _mark(self, index: int, line: Line) -> Mark | None:
        text = _NOTE.sub("", line.text) if "[" in line.text else line.text
        first = text.lstrip(" \t#*-")[:1] if _MAY_OPEN.match(text) else ""
        if not first and "#" not in line.text:
            return None
        if _FILE.match(line.text) or ("](" in line.text and _LINK.match(line.text)):
            return None
        for kind, rank, pattern in _beginning(first) if first else ():
            found = pattern.match(text)
            if found and (kind != "clause" or self._is_clause(index, found)):
                return self._opened(kind, rank, found, index)
        if found := _HEADING.match(line.text):
            rank = 0.6 + 0.05 * len(found["hashes"])
            return Mark("heading", "", found["t"].strip(" *"), line.start, rank)
        return None

    def _opened(
        self, kind: SectionKind, rank: float, found: re.Match[str], index: int
    ) -> Mark | None:
        """The section that a line opens if it is what it looks like."""
        line, number = self.lines[index], found["n"] or ""
        if kind == "point" and (self._counts_within(index, number) or self._ends_above(index)):
            return None
        stands = rank != _FORM or self._is_form(index, found["t"].strip(" .:"))
        if number == "KẾT LUẬN":  # of a report in parts; also a kind of document
            stands = any(one.rank == rank for one in self.found)
        if not (stands and self._opens(kind, found, index, line)):
            return None
        if self._goes_on_above(kind, number):
            self._leave_articles(kind)
        depth = rank + (0.1 * number.count(".") if kind in ("clause", "heading") else 0)
        if kind == "heading" and rank != _CODE:
            depth -= self._above_romans(number)
        if kind == "heading" and not self.inside_article:
            depth -= LIFTED
        title, named = found["t"].strip(" \t.:*|-–"), _named(kind, rank, number)
        return Mark(kind, _number(number), title, line.start, depth, None, named)

    def _counts_within(self, index: int, number: str) -> bool:
        """Whether "i)", "ii)" are of the điểm above them and none of its fellows."""
        if number not in _SMALL_ROMANS or "point" not in self.counts:
            return False
        below = (one.text for one in self.lines[index + 1 : index + 1 + _ABOVE])
        if number == "i" and not any(map(_SECOND_ROMAN.match, below)):
            return False
        above = next(one.number for one in reversed(self.found) if one.kind == "point")
        return _ALPHABET.find(number) != _ALPHABET.find(above) + 1 and above not in _SMALL_ROMANS

    def _ends_above(self, index: int) -> bool:
        """Whether "a)" belongs to "quy định tại điểm" at the end of the line above."""
        above = self.lines[index - 1].text.rstrip() if index and self.lines[index].follows else ""
        return above.endswith("điểm") and _UNFINISHED.search(above) is not None

    def _is_clause(self, index: int, found: re.Match[str]) -> bool:
        return _is_numbered(found) or self._lacks_stop(index, found)

    def _lacks_stop(self, index: int, found: re.Match[str]) -> bool:
        """Whether "4 Bốn" stands between khoản 3 and khoản 5."""
        number = _value(found["n"])
        if not found["t"][0].isupper() or number != self.counts.get("clause", 0) + 1 or number < 2:
            return False
        below = (one.text for one in self.lines[index + 1 : index + 1 + _NEAR])
        following = next(filter(None, map(_CLAUSE.match, below)), None)
        return following is not None and int(following[1]) == number + 1

    def _goes_on_above(self, kind: str, number: str) -> bool:
        """Whether a number goes on from the mục or khoản in which another document's Điều are listed."""
        listed = self.inside_article and kind in self.above and kind not in self.counts
        return listed and self.above[kind] > 0 and _value(number) == self.above[kind] + 1

    def _leave_articles(self, kind: str) -> None:
        """The Điều listed above are of the khoản, if it is one that goes on."""
        self.inside_article = False
        if kind == "clause":
            last = max(at for at, one in enumerate(self.found) if one.kind == kind)
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
        below = list(takewhile(lambda text: not _NAMES_FORM.match(text), texts))
        headed = not title and len(below) > 1 and below[0].isupper()
        return headed or any(map(_FORM_HEAD.search, below))

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
        elif kind == "chapter":
            spoken_of = spoken_of or self._is_listed(rest, index)
        if spoken_of and kind in ("part", "chapter", "division", "article"):
            return False
        above = self.lines[index - 1].text.rstrip() if index and line.follows else ""
        if kind == "point" or not above or self._titled(index) or self._heads(kind, rest, index):
            return True
        follows = _value(number) in (1, self.counts.get(kind, 0) + 1)
        ends = _LISTED.search(above) or (len(above) < _FULL and self._opened_by(index - 1))
        if _UNFINISHED.search(above) and not (ends and follows):
            return above.isupper()
        broken = len(above) >= _FULL and not _STOPPED.search(above) and not above.isupper()
        shouted = kind == "heading" and rest.isupper()
        return follows or not broken or shouted or "." in number or kind == "part"

    def _is_listed(self, rest: str, index: int) -> bool:
        """Whether "Chương I. Quy định chung;" is an item of a list."""
        above = self.lines[index - 1].text.rstrip() if index else ""
        return rest.rstrip().endswith(";") or (rest.rstrip().endswith(".") and above.endswith(";"))

    def _heads(self, kind: str, rest: str, index: int) -> bool:
        """Whether "Chương I" stands alone above its title in capitals."""
        below = self.lines[index + 1].text if index + 1 < len(self.lines) else ""
        return kind in ("chapter", "division") and not rest.strip(" .*:") and below.isupper()

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


def _named(kind: SectionKind, rank: float, number: str) -> str:
    """How a section is cited, if not by kind and number."""
    if rank == _PART:
        return f"Phần {_as_cited(number)}"
    if rank == _FORM:
        return f"Mẫu {number}"
    if rank == _SUBDIVISION:
        return f"Tiểu mục {number}"
    if rank in (_LESSON, _QUESTION, _CODE):
        return number.capitalize() if rank == _LESSON else number
    return "Phụ lục" if kind == "part" and not number else ""


def _as_cited(number: str) -> str:
    """ "THỨ NHẤT" -> "thứ nhất"; "II" stays."""
    kept = re.compile(rf"{_ROMAN}|[A-H]")
    return " ".join(one if kept.fullmatch(one) else one.lower() for one in number.split())


def _value(number: str) -> int:
    """Of a number in Arabic or Roman digits, or the last of "1.2", "Câu 2"; 0 of anything else."""
    number = number.rpartition(" ")[2]
    if number.isdecimal():
        return int(number)
    if digits := _DIGITS_FIRST.match(number.rpartition(".")[2]):
        return int(digits[0])
    values = [_DIGITS.get(letter, 0) for letter in number]
    following = [*values[1:], 0]
    return sum(-one if one < next_ else one for one, next_ in zip(values, following, strict=False))


def _is_numbered(found: re.Match[str]) -> bool:
    # "20 tỷ đồng…" at a line's start is an amount, as is "1.5 lần"; a clause's number has a stop
    after = found.string[found.end("n") :][:1]
    spelt = after == ":" and "Khoản" in found[0][: found.start("n")]
    return after in (".", ")", "-", "–", "/") or "." in found["n"] or spelt
