"""A document's lines, and the marks of its sections: what the readers of its structure share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.document import SectionKind
from knowledge.signature import SIGNED
from knowledge.vietnamese import LOWER

HEADING, LIFTED = 4.0, 2.5  # rank of "I."; what lifts it, outside an Điều, to where chapters stand
CELL: Final = " · "  # between the cells of a table's row, each "head: words"
TOTAL: Final = re.compile(
    r"(?:tổng(?: cộng| số| điểm| tiền| vốn| kinh phí| chi phí)?|cộng)(?: \([^·]*\))?\s*:?(?:$| · )",
    re.IGNORECASE,
)

IS_TABLE: Final = re.compile(r"\W*(?:bảng|(?:phụ )?biểu)\b", re.IGNORECASE)

REPUBLIC: Final = r"CỘNG H(?:ÒA|OÀ) XÃ HỘI"  # begins the motto beside an issuer
DOCUMENTS = (
    "Luật|Bộ luật|Hiến pháp|Pháp lệnh|Nghị định|Nghị quyết|Quyết định|Thông tư|Chỉ thị|Kết luận"
    "|Kế hoạch|Chương trình|Công văn|Tờ trình|Báo cáo|Đề án|Hướng dẫn|Thông báo"
)
ATTACHED_KINDS = "QUY ĐỊNH|QUY CHẾ|KẾ HOẠCH|DANH MỤC|CHƯƠNG TRÌNH|ĐỀ ÁN|CHIẾN LƯỢC|PHƯƠNG ÁN|QUY TRÌNH|BỘ TIÊU CHÍ"
_FLATTENED = re.compile(  # a table in one line that holds what closes a document and what follows
    rf"\|[ \t]+(?:(?P<appendix>(?=(?:PHỤ LỤC\b[^|]{{0,200}}|Mẫu số \d+\.[^|]{{0,160}}|(?:{ATTACHED_KINDS})\b[^|{LOWER}]{{8,300}})$))"
    rf"|(?P<form>(?=PHỤ LỤC(?: [IVX\d]+)?[ \t]*\|))|(?=(?:{SIGNED})\||Nơi nhận:))"
)
ATTACHED = re.compile(
    rf"[ \t]*[*_]*\((?:Ban hành )?[Kk]èm theo(?: |$)|[ \t]*[*_]*(?:Ban hành k|K)èm theo (?:{DOCUMENTS}) số"
)


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


def line_end(text: str, at: int, stop: int | None = None) -> int:
    """Where the line that `at` stands in ends, at `stop` at the latest."""
    stop = len(text) if stop is None else stop
    end = text.find("\n", at, stop)
    return end if end >= 0 else stop


def line_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the line, or lines, that hold a span."""
    return text.rfind("\n", 0, start) + 1, line_end(text, end)


def stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without blanks at its edges."""
    body = text[start:end]
    return start + len(body) - len(body.lstrip()), start + len(body.rstrip())


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
