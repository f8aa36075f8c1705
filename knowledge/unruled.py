"""Tables copied out as one cell a line: each row told in one line, from its number to the next.

    1
    Tỷ lệ phủ sóng 5G đạt 100% dân số.
    Sở Khoa học và Công nghệ
    2
    …

Nothing tells columns apart but the numbers that count the rows, so that a row is all that stands between
two of them; where most rows have as many cells as there are heads above, each cell is told with its head.
Where the copy ran rows together ("… 80% Tỉnh đoàn 7 Đào tạo …") the number that is due parts them, too.
Of a row too long to be one line, number, code and what it is about are one; where most are, it is an item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final

from knowledge.lines import CELL
from knowledge.reading import roman

_FEWEST: Final = 3  # rows
_MOST_WORDS: Final = 130  # of a row
_LONGEST: Final = 20_000  # characters of a line that is looked into
_NUMBER: Final = re.compile(r"(?:[IVX]{1,4}\.)?(\d{1,3})((?:\.\d{1,2})*)\.?")
_NUMERAL: Final = r"[IVX]{1,5}(?:\.\d{1,2}){0,2}"  # of a group, or of one within it: "III.1"
_ROMAN: Final = re.compile(rf"{_NUMERAL}\.?(?: \S.*)?|[A-Z]")
_HEADING: Final = re.compile(r" [IVX]{1,5} (?P<words>\D{8,160})$")
_COUNTED: Final = re.compile(  # words whose number is no row's
    r"(?:điều|khoản|điểm|mục|số|phụ lục|mẫu|tháng|ngày|năm|quý|lần|thứ|cấp|mức|loại|nhóm|tầng|bước|đường|khu vực|vùng"
    r"|độ|từ|đến|và|khóa|tổ|phường|quận|hạng|giai đoạn|đợt|tối thiểu|ít nhất|trên|dưới|khoảng)$",
    re.IGNORECASE,
)
_DIGITAL: Final = re.compile(  # "số" that is no number's
    r"(?:liệu|phủ|đổi|tế|hội|nghệ|tảng|năng|tầng|ký|dân|trường|dung|nghiệp|tin|vụ) số$",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(r"(?:\b(?:và|của|các|về|từ|cho|với|trong|đến|Bộ|Sở)|[,(–-])$")
_HEADED: Final = re.compile(r"S?TT|Số TT|Số thứ tự", re.IGNORECASE)  # begins the heads
_HEADS: Final = range(3, 13)
_LONG_HEAD: Final = 80  # characters
_ALIGNED: Final = 0.6  # of the rows, that have a cell for each head
_MARK: Final = re.compile(r"(?:\d{1,3}(?:\.\d{1,2}){0,3}|[IVX]{1,5})[.)]|[-+•]")
_GROUP: Final = re.compile(rf"{_NUMERAL}|[A-H]|{_MARK.pattern}")  # a group's among rows, too
_GROUPS: Final = [roman(number).upper() for number in range(1, 31)]
_OPENS_GROUP: Final = re.compile(r"([IVX]{1,5})(?:\.\d{1,2}){0,2}\.?(?= |$)")
_APPENDIX: Final = re.compile(r"\s*phụ lục(?: số)?(?: (?:[ivxlc]+|\d+))?[.:]?\s*", re.IGNORECASE)
_NAME: Final = 3  # words, from which a cell tells what a row is about


def as_rows(text: str) -> str:
    """`text` with such rows as lines of their own."""
    lines = text.split("\n")
    appendix = list(accumulate(_APPENDIX.fullmatch(line) is not None for line in lines))
    parts = groupby(range(len(lines)), key=lambda at: (bool(lines[at].strip()), appendix[at]))
    blocks = ((filled, [lines[at] for at in part]) for (filled, _), part in parts)
    return "\n".join(
        line for filled, block in blocks for line in (_rows(block) if filled else block)
    )


def _rows(block: Sequence[str]) -> Iterator[str]:
    lines = [line.strip() for line in block]
    if not any(map(_is_number, lines)):
        yield from _marked(block, _MARK)
        return
    parted = list(_parted(lines))
    starts = [at for at, (begins, _) in enumerate(parted) if begins]
    if len(starts) < _FEWEST:
        yield from _marked(block, _MARK)
        return
    above, heads = _headed([line for _, line in parted[: starts[0]]])
    spans = zip(starts, [*starts[1:], len(parted)], strict=True)
    rows = [_Row.of([line for _, line in parted[start:end]]) for start, end in spans]
    aligned = [row for row in rows if len(row.cells) == len(heads)]
    named = heads if len(aligned) >= _ALIGNED * len(rows) else []
    yield from above
    items = sum(row.is_long for row in rows) * 2 > len(rows)
    for row in rows:
        yield from row.as_item() if items else row.told(named)
        yield from row.below


@dataclass(frozen=True, slots=True)
class _Row:
    lines: Sequence[str]  # as they stand, the number first
    cells: Sequence[str]
    below: Sequence[str]  # what heads the next group

    @classmethod
    def of(cls, lines: Sequence[str]) -> _Row:
        end = next((n for n, line in enumerate(lines) if n and _ROMAN.fullmatch(line)), len(lines))
        cells = _cells(lines[:end])
        cells[-1], heading = _without_heading(cells[-1])
        return cls(lines[:end], cells, [*heading, *_marked(lines[end:])])

    @property
    def is_long(self) -> bool:
        return sum(len(cell.split()) for cell in self.cells) > _MOST_WORDS

    @property
    def name(self) -> int:
        """Number of the line that tells what it is about, past "2" and "1.014391.H05"."""
        told = (n for n, line in enumerate(self.lines) if len(line.split()) >= _NAME)
        return next(told, min(1, len(self.lines) - 1))

    def as_item(self) -> Iterator[str]:
        yield f"{self.lines[0].rstrip('.')}. {' '.join(self.lines[1 : self.name + 1])}".strip()
        yield from self.lines[self.name + 1 :]

    def told(self, heads: Sequence[str]) -> Iterator[str]:
        if self.is_long:
            yield CELL.join(self.lines[: self.name + 1])
            yield from self.lines[self.name + 1 :]
        elif len(self.cells) == len(heads):
            yield CELL.join(f"{head}: {cell}" for head, cell in zip(heads, self.cells, strict=True))
        else:
            yield CELL.join(self.cells)


def _headed(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands above the first row, heads that stand one a line in one; and these heads."""
    first = next((at for at, line in enumerate(lines) if _HEADED.fullmatch(line)), len(lines))
    end = next((at for at in range(first, len(lines)) if _ROMAN.fullmatch(lines[at])), len(lines))
    heads = _cells(lines[first:end])
    if len(heads) not in _HEADS or any(len(head) > _LONG_HEAD for head in heads):
        return _marked(lines), []
    return [*_marked(lines[:first]), CELL.join(heads), *_marked(lines[end:])], heads


def _marked(lines: Sequence[str], marks: re.Pattern[str] = _GROUP) -> list[str]:
    """Marks of items or groups that stand alone, each with the line that they open."""
    joined: list[str] = []
    mark = ""
    for line in lines:
        opens = marks.fullmatch(line.strip())
        if mark and not opens:
            joined[-1] = f"{mark} {line.strip()}"
        else:
            joined.append(_stopped(line) if marks is _GROUP else line)
        mark = f"{opens[0]}{'.' if opens[0][-1].isalpha() else ''}" if opens else ""
    return joined


def _stopped(line: str) -> str:
    """A group's heading in capitals, with the stop that its number lacks: "II. CHỈ ĐẠO"."""
    heading = _HEADING.fullmatch(f" {line}")
    return line.replace(" ", ". ", 1) if heading and heading["words"].isupper() else line


def _without_heading(row: str) -> tuple[str, list[str]]:
    """The row, and the heading of the next group, where the copy ran it on: "… 2026-2030 V BẢO ĐẢM"."""
    heading = _HEADING.search(row)
    if heading and heading["words"].isupper():
        return row[: heading.start()], [_stopped(heading[0].strip())]
    return row, []


def _is_number(line: str) -> bool:
    return _NUMBER.fullmatch(line) is not None


def _parted(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """The lines, each with whether it is the number of a row; those run together are parted."""
    due, group = "", "I"  # the numbers of the row and of the group to come
    first = ""  # "1", where a group has begun
    for at, given in enumerate(lines):
        line = given
        if opened := _OPENS_GROUP.match(line):
            group, first = _group_after(opened[1]), "1"
        number = _NUMBER.fullmatch(line)
        if number and _begins(number, due, lines[at + 1 :]):
            due, first = _next(number[1], number[2]), ""
            yield True, line
            continue
        while len(line) < _LONGEST and (cut := _cut(line, due, group, first)):
            yield False, line[: cut.start()]
            line, number = line[cut.end() :], _NUMBER.fullmatch(cut["n"])
            if number:
                yield True, cut["n"]
                due, first = _next(number[1], number[2]), ""
            else:
                line, group, first = f"{group}. {line}", _group_after(group), "1"
        yield False, line


def _group_after(group: str) -> str:
    """The number of the group after this one; none after the last that is known."""
    at = _GROUPS.index(group) + 1 if group in _GROUPS else len(_GROUPS)
    return _GROUPS[at] if at < len(_GROUPS) else ""


def _cut(line: str, due: str, group: str, first: str) -> re.Match[str] | None:
    """Where, within a line, the row or the group that is due begins, whichever comes first."""
    found = [cut for number in (due, first) if number and (cut := _run_on(line, number))]
    if due and group and (cut := _run_on(line, group)):
        found.append(cut)
    return min(found, key=lambda cut: cut.start(), default=None)


def _begins(number: re.Match[str], due: str, below: Sequence[str]) -> bool:
    """Whether a number is the one that is due, the first of its kind, or the first below that."""
    written = number[1] + number[2]
    if number[0][0].isalpha() and not next(filter(_is_number, below), number[0])[0].isalpha():
        return False  # it heads a group, whose rows are numbered by themselves
    if written == due:
        return True
    if written.split(".")[-1] != "1":
        return False
    second = _next(number[1], number[2])
    following = next(
        (line for line in below if _is_number(line) and line.rstrip(".") in (second, due)), ""
    )
    return following.rstrip(".") == second or not following


def _next(whole: str, part: str) -> str:
    if not part:
        return str(int(whole) + 1)
    head, _, last = part.rpartition(".")
    return f"{whole}{head}.{int(last) + 1}"


def _run_on(line: str, due: str) -> re.Match[str] | None:
    """Where, within a line, the row that is due begins."""
    for found in re.finditer(rf" (?P<n>{re.escape(due)}) (?=[^\W\d_])", line):
        before, upper = line[: found.start()], line[found.end()].isupper()
        if upper and (_DIGITAL.search(before) or not _COUNTED.search(before)):
            return found
    return None


def _cells(lines: Sequence[str]) -> list[str]:
    """The cells of a row; one broken in two is whole."""
    cells = list(lines[:1])
    for line in lines[1:]:
        if len(cells) > 1 and (_OPEN.search(cells[-1]) or line[:1].islower()):
            cells[-1] += f" {line}"
        else:
            cells.append(line)
    return cells
