"""Answers, documents and reports as lines of plain Vietnamese for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bot.screens.naming import nearest_documents, within
from bot.screens.standing import difference, on_record, standing, untold, warning
from bot.screens.texts import VIETNAMESE, refusal
from index.result import Answer, Quote
from knowledge.calendar import date_of
from knowledge.document import Metadata

WIDTH = 88  # wider than this, lines are hard to follow


def answer_lines(answer: Answer, explain: bool = False, contact: str = "") -> Iterator[str]:
    """Our own words, then each quotation with its source line; with `explain`, how it came about."""
    if answer.parts:
        for number, part in enumerate(answer.parts, 1):
            yield from _wrapped(f"{number}. {part.question}")
            yield from answer_lines(part, contact=contact)
            yield ""
        yield from _meant(answer)
    else:
        yield from _wrapped(said(answer, contact))
        yield from _wrapped(difference(answer, VIETNAMESE))
        yield from _meant(answer)
        if answer.phrased:
            yield from ("", VIETNAMESE.phrased)
            yield from _wrapped(answer.phrased)
        for number, quote in enumerate(answer.quotes, 1):
            yield ""
            if answer.phrased:
                yield f"[{number}]"
            yield from _quote_lines(quote)
        yield from _wrapped(untold(answer, VIETNAMESE))
        if answer.outcome == "absent" and answer.candidates:
            yield VIETNAMESE.absent_nearest
            yield from (f"  • {title}" for title in nearest_documents(answer, VIETNAMESE).values())
    if explain:
        yield ""
        yield from _wrapped(f"Hiểu là: {answer.understood}")
        yield f"Kết quả: {answer.outcome}, độ tin cậy {answer.confidence:.2f}"
        spent = ", ".join(f"{name} {taken:.1f}" for name, taken in answer.milliseconds.items())
        yield from _wrapped(f"Mili giây: {spent}")
        for step in answer.steps:
            yield from _wrapped(f"• {step.name}: {step.detail}", "  ")


def _meant(answer: Answer) -> Iterator[str]:
    if answer.meant:
        yield from _wrapped(VIETNAMESE.meant.format(question=answer.meant))


def said(answer: Answer, contact: str) -> str:
    """Our own words above the quotations, or instead of any."""
    if answer.refused:
        return refusal(answer, VIETNAMESE, contact)
    return on_record(answer, VIETNAMESE) or answer.text


def _quote_lines(quote: Quote) -> Iterator[str]:
    yield from _wrapped(f"“{quote.text}”", "  ", "  ")
    yield from _wrapped(
        "— " + source(quote.metadata, quote.section, quote.page, quote.scanned, quote.origin),
        "    ",
        "  ",
    )
    if quote.metadata.url:
        yield "    " + quote.metadata.url
    yield from _wrapped(warning(quote.metadata, VIETNAMESE), "    ", "    ")


def source(
    metadata: Metadata,
    section: str = "",
    page: int | None = None,
    scanned: bool = False,
    origin: str = "",
) -> str:
    """Where words come from, in one line: title, number, date, Điều and khoản, page, validity."""
    said = standing(metadata, VIETNAMESE)
    facts = [
        metadata.title,
        metadata.number and f"số {metadata.number}",
        f"nguồn: {origin}" if origin else metadata.date and f"ngày {date_of(metadata.date)}",
        within(section, metadata.title),
        VIETNAMESE.scanned if scanned else "",
        f"trang {page}" if page is not None else "",
        said[:1].lower() + said[1:],
    ]
    return ", ".join(fact for fact in facts if fact)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Left-aligned columns, each as wide as its longest cell; the last one is free."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)][:-1]
    for row in (heads, *rows):
        *cells, last = row
        yield "  ".join([*(c.ljust(w) for c, w in zip(cells, widths, strict=True)), last]).rstrip()


def _wrapped(text: str, indent: str = "", first: str = "") -> Iterator[str]:
    """`text` at most WIDTH wide, its own line breaks kept."""
    for line in text.splitlines():
        yield from textwrap.wrap(
            line, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
        ) or [""]
        first = indent
