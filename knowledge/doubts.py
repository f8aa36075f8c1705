"""What of a document a person had better look at before it is quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import PurePosixPath
from typing import Final

from knowledge.document import Document, Section
from knowledge.lines import CELL
from knowledge.numbers import NUMBER
from knowledge.vietnamese import nfc

_ODD_FIGURE: Final = re.compile(  # thousands in fives, a letter O among digits, no such day
    r"(?<![\w.,/-])(?:\d{1,3}(?:\.\d{3})*\.\d{4,}(?![\w.])|\d+[OolI]\d+"
    r"|(?:3[2-9]|[4-9]\d)/\d{1,2}/\d{4}|\d{1,2}/(?:1[3-9]|[2-9]\d)/\d{4})"
)
_MOST_NAMED: Final = 3
_LONGEST_TITLE: Final = 400  # characters


def doubts(document: Document, sections: Sequence[Section]) -> tuple[str, ...]:
    """In Vietnamese, what its reader was unsure of first."""
    return (
        *_scanned(document.scanned),
        *document.doubts,
        *_unknown(document),
        *_others(sections),
        *_gaps(sections),
        *_figures(document.text),
        *_headless(document.text),
    )


def tables(text: str, sections: Sequence[Section]) -> list[list[str]]:
    """The rows of each table, as they stand in the canonical text."""
    found: list[list[str]] = []
    end = -2
    for row in sections:
        if row.kind == "row":
            if row.start > end + 1:
                found.append([])
            found[-1].append(text[row.start : row.end].strip())
            end = row.end
    return found


def _scanned(pages: Sequence[int]) -> Iterator[str]:
    if pages:
        shown = ", ".join(map(str, pages[:_MOST_NAMED]))
        more = f" và {len(pages) - _MOST_NAMED} trang nữa" if len(pages) > _MOST_NAMED else ""
        yield f"máy đọc từ bản quét, nên đối chiếu con số: trang {shown}{more}"


def _unknown(document: Document) -> Iterator[str]:
    known = document.metadata
    if known.title == nfc(PurePosixPath(document.path).stem):
        yield "không thấy tên văn bản, lấy tạm tên tệp"
    if len(known.title) > _LONGEST_TITLE:
        yield "tên văn bản dài bất thường"
    if known.number and not re.fullmatch(NUMBER, known.number.split("; ")[0]):
        yield f"số hiệu lạ: {known.number}"
    if known.number and not known.date:
        yield "có số hiệu mà không thấy ngày"


def _others(sections: Sequence[Section]) -> Iterator[str]:
    """Documents that the file holds besides the one it is known by."""
    found = [
        one.label
        for one in sections
        if one.kind == "part" and one.label == one.title and re.search(rf"{NUMBER}$", one.label)
    ]
    if found:
        yield f"tệp có nhiều văn bản, nên tách riêng: {', '.join(found[:_MOST_NAMED])}"


def _gaps(sections: Sequence[Section]) -> Iterator[str]:
    """Điều and khoản whose numbers jump: something was not read, or is no heading."""
    groups: dict[tuple[str, int], list[Section]] = {}
    for section in sections:
        if section.kind in ("article", "clause") and section.number.isdigit():
            within = section.parent if section.kind == "clause" else _part(sections, section)
            groups.setdefault((section.kind, within), []).append(section)
    jumps = [
        f"sau {before.label} là {after.label}"
        for group in groups.values()
        for before, after in pairwise(group)
        if int(after.number) not in (int(before.number) + 1, 1)
    ]
    if jumps:
        more = f" và {len(jumps) - _MOST_NAMED} chỗ nữa" if len(jumps) > _MOST_NAMED else ""
        yield f"số thứ tự nhảy: {'; '.join(jumps[:_MOST_NAMED])}{more}"


def _part(sections: Sequence[Section], section: Section) -> int:
    at = section.parent
    while at >= 0 and sections[at].kind != "part":
        at = sections[at].parent
    return at


def _figures(text: str) -> Iterator[str]:
    odd = list(dict.fromkeys(_ODD_FIGURE.findall(text)))
    if odd:
        yield f"con số lạ: {', '.join(odd[:_MOST_NAMED])}"


def _headless(text: str) -> Iterator[str]:
    """Lines of cells none of which says what it is: its column had no head."""
    runs = groupby(text.split("\n"), key=lambda line: CELL in line)
    found = (list(lines) for celled, lines in runs if celled)
    count = sum(len(rows) > 1 and not any(": " in row for row in rows) for rows in found)
    if count:
        yield f"{count} bảng không thấy hàng tiêu đề"
