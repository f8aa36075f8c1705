"""The report's plots as SVG; colours and letters are the style sheet's of whoever shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from bot.reports.figures import Count
from knowledge.calendar import date_of

KINDS = (
    ("answered", "trả lời được"),
    ("open", "chưa trả lời được"),
    ("other", "không phải câu hỏi về văn bản"),
)
WEEKS_BEYOND = 62  # days; a longer period is drawn by weeks
_WIDE, _HIGH, _LEFT = 720, 200, 40  # of the plot of days: its area, and room for figures
_LABEL, _BAR, _ROW = 210, 400, 26  # of the plot of subjects


def share_of(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}".replace("%", " %")


def seconds_of(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} giây".replace(".", ",")


def by_week(days: Sequence[Count]) -> list[Count]:
    """Weeks named by their Monday."""
    weeks: dict[str, list[Count]] = {}
    for day in days:
        on = date.fromisoformat(day.name)
        weeks.setdefault((on - timedelta(on.weekday())).isoformat(), []).append(day)
    return [
        Count(
            name, sum(day.questions for day in found), sum(day.answered for day in found),
            sum(day.refused for day in found),
        )
        for name, found in weeks.items()
    ]  # fmt: skip


def columns(counts: Sequence[Count]) -> str:
    """A column each, of answered, open and other questions on top of each other."""
    most = _round(max(count.questions for count in counts))
    body = []
    for tick in (0, most // 2, most):
        y = 10 + _HIGH * (1 - tick / most)
        body.append(f'<path class="grid" d="M{_LEFT} {y:.1f}h{_WIDE}"/>'
                    f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick}</text>')  # fmt: skip
    step = _WIDE / len(counts)
    every = -(-len(counts) // 10)  # so many dates fit under it
    for at, count in enumerate(counts):
        body.append(_column(count, _LEFT + at * step + step * 0.1, step * 0.8, most))
        if at % every == 0:
            day, month = count.name[8:], count.name[5:7]
            body.append(f'<text x="{_LEFT + (at + 0.5) * step:.1f}" y="{_HIGH + 28}"'
                        f' text-anchor="middle">{int(day)}/{int(month)}</text>')  # fmt: skip
    return svg(_LEFT + _WIDE + 10, _HIGH + 36, "Câu hỏi theo thời gian", body)


def _column(count: Count, x: float, width: float, most: int) -> str:
    parts = (
        ("answered", count.answered),
        ("open", count.questions - count.answered - count.refused),
        ("other", count.refused),
    )
    drawn, y = [], 10.0 + _HIGH
    for kind, number in parts:
        height = _HIGH * number / most
        y -= height
        if number:
            drawn.append(f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>')  # fmt: skip
    about = f"{date_of(count.name)}: {count.questions} câu, trả lời được {count.answered}"
    return f"<g><title>{about}</title>{''.join(drawn)}</g>"


def _round(number: int) -> int:
    """The next even number of one or two figures and zeros: the top of an axis."""
    size = int(10 ** max(len(str(number)) - 2, 0))
    return max(2, -(-number // (2 * size)) * 2 * size)


def rows(counts: Sequence[Count]) -> str:
    """A bar each, as long as it has questions, its answered part first."""
    most = max((count.questions for count in counts), default=1)
    body = []
    for at, count in enumerate(counts):
        y, answered = at * _ROW + 4, _BAR * count.answered / most
        whole = _BAR * count.questions / most
        body.append(
            f'<text x="{_LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(count.name)}</text>'
            f'<rect class="open" x="{_LABEL}" y="{y}" width="{whole:.1f}" height="{_ROW - 8}"/>'
            f'<rect class="answered" x="{_LABEL}" y="{y}" width="{answered:.1f}" height="{_ROW - 8}"/>'
            f'<text x="{_LABEL + whole + 8:.1f}" y="{y + 13}">{count.questions} câu, trả lời'
            f" {share_of(count.share)}</text>"
        )
    return svg(_LABEL + _BAR + 150, len(counts) * _ROW + 4, "Câu hỏi theo lĩnh vực", body)


def svg(width: int, height: int, title: str, body: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" style="max-width:{width}px">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )
