"""Tables copied out as one cell a line: each row told in one line, from its number to the next.

    1
    Tỷ lệ phủ sóng 5G đạt 100% dân số.
    Sở Khoa học và Công nghệ
    2
    …

Nothing tells columns apart but the numbers that count the rows, so that a row is all that stands between
two of them. Where the copy ran rows together ("… 80% Tỉnh đoàn 7 Đào tạo …") the number that is due parts
them, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from knowledge.marks import CELL

_FEWEST: Final = 3  # rows
_MOST_WORDS: Final = 130  # of a row
_LONGEST: Final = 20_000  # characters of a line that is looked into
_NUMBER: Final = re.compile(r"(?:[IVX]{1,4}\.)?(\d{1,3})((?:\.\d{1,2})*)\.?")
_ROMAN: Final = re.compile(r"[IVX]{1,5}(?:\.\d{1,2})?\.?(?: \S.*)?|[A-Z]")
_HEADING: Final = re.compile(r" [IVX]{1,5} (?P<words>\D{8,160})$")
_COUNTED: Final = re.compile(  # words whose number is no row's
    r"(?:điều|khoản|điểm|mục|số|phụ lục|mẫu|tháng|ngày|năm|quý|lần|thứ|cấp|mức|loại|nhóm|tầng|bước|đường|khu vực|vùng"
    r"|độ|từ|đến|và|khóa|tổ|phường|quận|hạng|giai đoạn|đợt|tối thiểu|ít nhất|trên|dưới|khoảng)$",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(r"(?:\b(?:và|của|các|về|từ|cho|với|trong|đến)|[,(–-])$")


def as_rows(text: str) -> str:
    """`text` with such rows as lines of their own."""
    blocks = groupby(text.split("\n"), key=lambda line: bool(line.strip()))
    return "\n".join(
        line for filled, block in blocks for line in (_rows(list(block)) if filled else block)
    )


def _rows(block: Sequence[str]) -> Iterator[str]:
    lines = [line.strip() for line in block]
    if not any(map(_is_number, lines)):
        yield from block
        return
    parted = list(_parted(lines))
    starts = [at for at, (begins, _) in enumerate(parted) if begins]
    if len(starts) < _FEWEST:
        yield from block
        return
    yield from (line for _, line in parted[: starts[0]])
    for start, end in zip(starts, [*starts[1:], len(parted)], strict=True):
        row = [line for _, line in parted[start:end]]
        group = next((n for n, line in enumerate(row) if n and _ROMAN.fullmatch(line)), len(row))
        told, below = _without_heading(_told(row[:group]))
        short = group > 1 and len(told.split()) <= _MOST_WORDS
        yield from [told, *below] if short else row[:group]
        yield from row[group:]


def _without_heading(row: str) -> tuple[str, list[str]]:
    """The row, and the heading of the next group, where the copy ran it on: "… 2026-2030 V BẢO ĐẢM"."""
    heading = _HEADING.search(row)
    if heading and heading["words"].isupper():
        return row[: heading.start()], [heading[0].strip()]
    return row, []


def _is_number(line: str) -> bool:
    return _NUMBER.fullmatch(line) is not None


def _parted(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """The lines, each with whether it is the number of a row; those run together are parted."""
    due = ""  # the number of the row to come
    for at, given in enumerate(lines):
        line = given
        number = _NUMBER.fullmatch(line)
        if number and _begins(number, due, lines[at + 1 :]):
            due = _next(number[1], number[2])
            yield True, line
            continue
        while due and len(line) < _LONGEST and (cut := _run_on(line, due)):
            yield False, line[: cut.start()]
            yield True, due
            whole, dot, part = due.partition(".")
            line, due = line[cut.end() :], _next(whole, dot + part)
        yield False, line


def _begins(number: re.Match[str], due: str, below: Sequence[str]) -> bool:
    """Whether a number is the one that is due, the first of its kind, or the first below that."""
    written = number[1] + number[2]
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
    for found in re.finditer(rf" {re.escape(due)} (?=[^\W\d_])", line):
        upper = line[found.end()].isupper()
        if upper and not _COUNTED.search(line[: found.start()]):
            return found
    return None


def _told(row: Sequence[str]) -> str:
    """The cells of a row in one line; one broken in two is whole."""
    told = row[0]
    for before, cell in pairwise(row):
        goes_on = before is not row[0] and (_OPEN.search(before) or cell[:1].islower())
        told += f"{' ' if goes_on else CELL}{cell}"
    return told
