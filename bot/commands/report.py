"""`cdsbot report`: the administrators' report as one HTML page that loads nothing from anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path

from bot.commands.figures import Count, Figures, Holds, figures
from bot.delivery.opened import open_memory
from bot.screens.render import date_of, shortened
from bot.screens.texts import VIETNAMESE
from bot.settings import Settings
from knowledge.calendar import VIETNAM
from knowledge.errors import CdsbotError

_STYLE = Path(__file__).with_suffix(".css")
_WIDE, _HIGH, _LEFT = 720, 200, 40  # of the plot of days: its area, and room for figures
_LABEL, _BAR, _ROW = 210, 400, 26  # of the plot of subjects
_WEEKS_BEYOND = 62  # days; a longer period is drawn by weeks
_OUTCOMES = {
    "answered": "trả lời được",
    "uncertain": "trả lời, cần kiểm tra",
    "absent": "văn bản không nói tới",
    "nonexistent": "hỏi văn bản, điều khoản không có",
    "refused": "không phải câu hỏi về văn bản",
}


def read(settings: Settings, days: int, clock: Callable[[], float] = time.time) -> Figures:
    """The last `days` days of Vietnam's calendar, today included, from the bot's memory."""
    until = datetime.fromtimestamp(clock(), VIETNAM).date()
    since = until - timedelta(days - 1)
    begin = datetime.combine(since, datetime.min.time(), VIETNAM).timestamp()
    memory = settings.data / "bot.sqlite3"
    if not (settings.database or memory.is_file()):
        return figures((), since, until, lambda reference: True)
    state = open_memory(settings)
    try:
        return figures(state.asked(begin), since, until, _holds(settings))
    finally:
        state.close()


def _holds(settings: Settings) -> Holds:
    """Whether the library that serves has a document; without a library it is said to have all."""
    from index.law.references import DocumentNames
    from index.store.generation import open_generation, serving_folder
    from knowledge.abbreviations import Abbreviations, maintained

    try:
        entries = open_generation(serving_folder(settings.data)).entries
        own = maintained(settings.data)
    except CdsbotError:
        return lambda reference: True
    names = DocumentNames(entries, Abbreviations.open(own))
    return lambda reference: bool(names.resolve(reference))


def html(found: Figures) -> str:
    """The whole page; whatever came from people or documents is escaped."""
    period = f"{date_of(found.since.isoformat())} – {date_of(found.until.isoformat())}"
    return f"""<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Báo cáo hỏi đáp {period}</title>
<style>{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<h1>Báo cáo hỏi đáp</h1>
<p class="faint">{period}. Số điện thoại, giấy tờ, tài khoản, thư điện tử và tên người trong câu hỏi đã
được che.</p>
{"".join(_sections(found))}
</body>
</html>
"""


def _sections(found: Figures) -> Iterator[str]:
    yield _cards(found)
    if not found.questions:
        yield "<p>Chưa có câu hỏi nào trong những ngày này.</p>"
        return
    by_week = len(found.days) > _WEEKS_BEYOND
    yield f"<h2>Câu hỏi theo {'tuần' if by_week else 'ngày'}</h2>"
    yield _key() + _columns(_by_week(found.days) if by_week else found.days)
    yield "<h2>Theo lĩnh vực</h2>"
    yield '<p class="faint">Lĩnh vực đoán theo từ ngữ; câu chào hỏi, chuyện riêng không tính.</p>'
    yield _rows(found.subjects)
    yield _table("Kết quả", "Kết quả", [
        (_OUTCOMES.get(name, name), count)
        for name, count in sorted(found.outcomes.items(), key=lambda one: -one[1])
    ])  # fmt: skip
    reasons = [(VIETNAMESE.reasons.get(code, code), n) for code, n in found.reasons.items()]
    yield _table("Vì sao người hỏi chưa hài lòng", "Lý do người hỏi chọn", reasons)
    yield _table("Văn bản người dân hỏi mà kho chưa có", "Văn bản", found.missing)
    yield _table("Câu hỏi chưa trả lời được, nhóm theo ý", "Một câu của nhóm", found.unanswered)
    yield _table("Văn bản được trích nhiều nhất", "Văn bản", found.cited)


def _cards(found: Figures) -> str:
    cards = (
        (str(found.questions), "câu hỏi"),
        (_share(found.whole.share), "được trả lời, trong số câu hỏi về văn bản"),
        (f"{found.up} / {found.down}", "khen / chê"),
        (_seconds(found.median), "thời gian trả lời, một nửa nhanh hơn"),
        (_seconds(found.slowest), "95 % nhanh hơn"),
    )  # fmt: skip
    return f'<div class="cards">{"".join(f"<div class=card><b>{value}</b>{about}</div>" for value, about in cards)}</div>'


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}".replace("%", " %")


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} giây".replace(".", ",")


def _key() -> str:
    kinds = (
        ("answered", "trả lời được"),
        ("open", "chưa trả lời được"),
        ("other", "không phải câu hỏi về văn bản"),
    )
    return f'<p class="key">{"".join(f"<span><i class={kind}></i>{about}</span>" for kind, about in kinds)}</p>'


def _by_week(days: Sequence[Count]) -> list[Count]:
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


def _columns(counts: Sequence[Count]) -> str:
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
    return _svg(_LEFT + _WIDE + 10, _HIGH + 36, "Câu hỏi theo thời gian", body)


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


def _rows(counts: Sequence[Count]) -> str:
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
            f" {_share(count.share)}</text>"
        )
    return _svg(_LABEL + _BAR + 150, len(counts) * _ROW + 4, "Câu hỏi theo lĩnh vực", body)


def _svg(width: int, height: int, title: str, body: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" style="max-width:{width}px">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )


def _table(title: str, head: str, rows: Sequence[tuple[str, int]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f"<tr><td>{escape(shortened(name, 300))}</td><td>{count}</td></tr>" for name, count in rows
    )
    return f"<h2>{title}</h2><table><tr><th>{head}</th><th>Số câu</th></tr>{body}</table>"
