"""What was understood of one file, as one HTML page that loads nothing from anywhere."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from bot.screens.cutting import shortened
from index.frame import framed
from knowledge.document import Document, Passage, Section
from knowledge.doubts import doubts, tables
from knowledge.lines import CELL
from knowledge.split import outline, passages, sentences

_STYLES = Path(__file__).with_name("page.css"), Path(__file__).with_suffix(".css")
_LONGEST = 120  # characters of a title
_SHOWN_ROWS = 5  # of a table, before the rest is opened


def html(document: Document, facts: Sequence[tuple[str, str]]) -> str:
    """The whole page; `facts` are names and values of what is known of the document."""
    name = escape(document.metadata.title)
    body = f"""<h1>{name}</h1>
<p class="faint">{escape(document.path)} – đọc thử, chưa lập chỉ mục.</p>
{"".join(_parts(document, facts))}"""
    return framed(f"Đọc thử: {name}", body, *_STYLES, kind="reading")


def _parts(document: Document, facts: Sequence[tuple[str, str]]) -> Iterator[str]:
    sections, cut = outline(document), passages(document)
    yield _doubted(doubts(document, sections))
    below = [(name, value) for name, value in facts if value != document.metadata.title]
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in below)
    yield f"<dl>{rows}</dl>"
    shown = [section for section in sections if section.kind != "row"]
    if shown:
        yield f"<details open><summary>Mục lục ({len(shown)})</summary>"
        yield f"<ul>{''.join(_entries(document, sections, cut))}</ul></details>"
    found = tables(document.text, sections)
    if found:
        yield f"<details><summary>Bảng ({len(found)})</summary>{''.join(map(_table, found))}</details>"
    yield f"<h2>Nội dung ({len(cut)} đoạn)</h2>"
    yield '<p class="faint">Mỗi khung là một đoạn được tìm; mỗi dòng là một câu có thể trích.</p>'
    yield from (_passage(document, number, one) for number, one in enumerate(cut))


def _doubted(found: Sequence[str]) -> str:
    if not found:
        return '<p class="sound">Không thấy gì đáng ngờ.</p>'
    items = "".join(f"<li>{escape(doubt)}</li>" for doubt in found)
    return f'<div class="doubts"><b>Nên xem lại</b><ul>{items}</ul></div>'


def _entries(
    document: Document, sections: Sequence[Section], cut: Sequence[Passage]
) -> Iterator[str]:
    """The outline, each entry leading to the passage in which it begins."""
    starts = [passage.start for passage in cut]
    for depth, section, named in entries(sections):
        page = document.page_at(section.start)
        at = max(bisect_right(starts, section.start) - 1, 0)
        yield (
            f'<li class="d{min(depth, 5)}"><a href="#p{at}">{escape(named)}</a>'
            f"{f' <i>trang {page}</i>' if page else ''}</li>"
        )


def entries(sections: Sequence[Section]) -> Iterator[tuple[int, Section, str]]:
    """The outline without its tables' rows: how deep each section lies, and how it is called there."""
    depths: list[int] = []
    for section in sections:
        depths.append(depths[section.parent] + 1 if section.parent >= 0 else 0)
        if section.kind != "row":
            yield depths[-1], section, _entry(section, sections)


def _entry(section: Section, sections: Sequence[Section]) -> str:
    """How a section is called within the one that holds it, with its title."""
    above = section.parent
    own = "" if above >= 0 and section.label == sections[above].label else section.label
    # "mục I.2" stands within "mục I" and is not called so, but after what holds that
    while above >= 0 and own == section.label:
        own, above = own.removeprefix(f"{sections[above].label}, "), sections[above].parent
    bare, title = own.strip("“”…"), shortened(section.title, _LONGEST)
    named = title if title.startswith(bare) else f"{own}. {title}".strip(". ")
    return named or "bảng"


def _table(rows: Sequence[str]) -> str:
    first, rest = rows[:_SHOWN_ROWS], rows[_SHOWN_ROWS:]
    more = (
        f"<details><summary>{len(rest)} hàng nữa</summary>{_rows(rest)}</details>" if rest else ""
    )
    return f'<div class="table"><p class="faint">{len(rows)} hàng</p>{_rows(first)}{more}</div>'


def _rows(rows: Sequence[str]) -> str:
    return "".join(f"<p>{'<br>'.join(map(_cell, row.split(CELL)))}</p>" for row in rows)


def _cell(cell: str) -> str:
    head, colon, words = cell.partition(": ")
    return f"<i>{escape(head)}:</i> {escape(words)}" if colon else escape(cell)


def _passage(document: Document, number: int, passage: Passage) -> str:
    page = f"trang {passage.page}" if passage.page else ""
    machine = "máy đọc từ bản quét" if passage.page in document.scanned else ""
    where = " · ".join(filter(None, (passage.section, page, machine)))
    spans = sentences(document.text, passage.start, passage.end)
    lines = "".join(f"<p>{escape(document.text[start:end])}</p>" for start, end in spans)
    return f'<section id="p{number}"><h3>{escape(where)}</h3>{lines}</section>'
