"""`cdsbot read`: what was understood of a file, before anything of it is indexed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.commands.browser import open_page
from bot.reports.reading import entries, html
from bot.screens.texts import VIETNAMESE
from index.store.apart import Apart, Limits
from knowledge.calendar import date_of
from knowledge.document import Document, Section
from knowledge.doubts import doubts, tables
from knowledge.errors import Rejected
from knowledge.split import outline, passages

_SHOWN_ROWS = 3  # of each table
_NAMES = {
    "title": "Tên",
    "number": "Số hiệu",
    "date": "Ngày",
    "issuer": "Cơ quan ban hành",
    "kind": "Loại",
    "status": "Hiệu lực",
    "effective": "Có hiệu lực từ",
    "expires": "Còn hiệu lực đến hết",
    "note": "Ghi chú",
}


def read_file(file: Path, limits: Limits | None = None) -> Document:
    """Raises Rejected, naming the file."""
    if not file.is_file():
        raise Rejected(
            f"{file} là thư mục. Hãy cho từng tệp, hoặc chạy `cdsbot reindex` để đọc cả thư mục."
            if file.is_dir()
            else f"Không có tệp {file}. Hãy xem lại tên tệp và thư mục."
        )
    try:
        with Apart(limits) as readers:
            return readers.read(file, file).reading.document
    except Rejected as error:
        raise Rejected(f"Không đọc được {file}: {error}") from error


def reading_json(document: Document) -> dict[str, Any]:
    """All that the lines below tell, for scripts."""
    sections = outline(document)
    return {
        "document": document.path,
        **asdict(document.metadata),
        "sha256": document.sha256,
        "pages": len(document.pages) or None,
        "scanned": document.scanned,
        "doubts": doubts(document, sections),
        "outline": [
            {"label": section.label, "title": section.title, "start": section.start,
             "end": section.end, "page": document.page_at(section.start)}
            for section in sections
        ],
        "tables": tables(document.text, sections),
        "passages": [
            {"section": passage.section, "heading": passage.heading, "page": passage.page,
             "start": passage.start, "end": passage.end}
            for passage in passages(document)
        ],
        "text": document.text,
    }  # fmt: skip


def write_page(document: Document, file: Path) -> bool:
    """The same as a page in `file`; whether a browser shows it."""
    file.write_text(html(document, tuple(facts(document))), encoding="utf-8")
    return open_page(file.resolve().as_uri())


def reading_lines(document: Document) -> Iterator[str]:
    """Metadata, doubts, outline, tables, then the text passage by passage."""
    sections = outline(document)
    yield document.path
    yield from (f"  {name}: {value}" for name, value in facts(document))
    found = doubts(document, sections)
    yield ""
    yield "Nên xem lại:" if found else "Không thấy gì đáng ngờ."
    yield from (f"  • {doubt}" for doubt in found)
    yield from _outline_lines(document, sections)
    yield from _table_lines(tables(document.text, sections))
    yield from _passage_lines(document)


def facts(document: Document) -> Iterator[tuple[str, str]]:
    """What is known of the document besides its words, each with its name."""
    known = asdict(document.metadata)
    for field, name in _NAMES.items():
        value = date_of(known[field]) if field in ("date", "effective", "expires") else known[field]
        value = VIETNAMESE.status[value] if field == "status" else value
        if value or field in ("number", "date", "issuer"):
            yield name, value or "(không thấy)"
    if document.pages:
        scanned = ", ".join(map(str, document.scanned))
        read = f"; máy đọc từ bản quét: trang {scanned}" if scanned else ""
        yield "Trang", f"{len(document.pages)}{read}"


def _outline_lines(document: Document, sections: Sequence[Section]) -> Iterator[str]:
    yield ""
    yield f"Mục lục ({sum(section.kind != 'row' for section in sections)}):"
    for depth, section, named in entries(sections):
        page = document.page_at(section.start)
        yield "  " * (depth + 1) + named + (f" (trang {page})" if page else "")


def _table_lines(found: Sequence[Sequence[str]]) -> Iterator[str]:
    if found:
        yield ""
        yield f"Bảng ({len(found)}):"
    for number, rows in enumerate(found, 1):
        yield f"  {number}. {len(rows)} hàng"
        yield from (f"     {row}" for row in rows[:_SHOWN_ROWS])


def _passage_lines(document: Document) -> Iterator[str]:
    cut = passages(document)
    yield ""
    yield f"Đoạn ({len(cut)}):"
    for passage in cut:
        page = f" · trang {passage.page}" if passage.page else ""
        yield f"── [{passage.start}–{passage.end}] {passage.section}{page}".rstrip()
        yield document.text[passage.start : passage.end]
