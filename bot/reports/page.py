"""The administrators' report as one HTML page that loads nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from bot.reports.figures import Figures
from bot.reports.plots import KINDS, WEEKS_BEYOND, by_week, columns, rows, seconds_of, share_of
from bot.screens.cutting import shortened
from bot.screens.texts import VIETNAMESE
from index.frame import framed

_STYLE = Path(__file__).with_suffix(".css")
_OUTCOMES = {
    "answered": "trả lời được",
    "uncertain": "trả lời, cần kiểm tra",
    "absent": "văn bản không nói tới",
    "nonexistent": "hỏi văn bản, điều khoản không có",
    "refused": "không phải câu hỏi về văn bản",
}


def html(found: Figures) -> str:
    """The whole page; whatever came from people or documents is escaped."""
    body = f"""<h1>Báo cáo hỏi đáp</h1>
<p class="faint">{found.period}. Số điện thoại, giấy tờ, tài khoản, thư điện tử và tên người trong câu hỏi đã
được che.</p>
{"".join(_sections(found))}"""
    return framed(f"Báo cáo hỏi đáp {found.period}", body, _STYLE)


def _sections(found: Figures) -> Iterator[str]:
    yield _cards(found)
    if not found.questions:
        yield "<p>Chưa có câu hỏi nào trong những ngày này.</p>"
        return
    weekly = len(found.days) > WEEKS_BEYOND
    yield f"<h2>Câu hỏi theo {'tuần' if weekly else 'ngày'}</h2>"
    yield _key() + columns(by_week(found.days) if weekly else found.days)
    if found.counted:
        yield (
            f'<p class="faint">{found.counted} câu hỏi đã quá hạn lưu chỉ còn số đếm theo ngày và kết quả; lĩnh '
            "vực, văn bản và nhóm câu hỏi dưới đây không tính chúng.</p>"
        )
    yield "<h2>Theo lĩnh vực</h2>"
    yield '<p class="faint">Lĩnh vực đoán theo từ ngữ; câu chào hỏi, chuyện riêng không tính.</p>'
    yield rows(found.subjects)
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
        (share_of(found.whole.share), "được trả lời, trong số câu hỏi về văn bản"),
        (f"{found.up} / {found.down}", "khen / chê"),
        (seconds_of(found.median), "thời gian trả lời, một nửa nhanh hơn"),
        (seconds_of(found.slowest), "95 % nhanh hơn"),
    )  # fmt: skip
    return f'<div class="cards">{"".join(f"<div class=card><b>{value}</b>{about}</div>" for value, about in cards)}</div>'


def _key() -> str:
    return f'<p class="key">{"".join(f"<span><i class={kind}></i>{about}</span>" for kind, about in KINDS)}</p>'


def _table(title: str, head: str, rows: Sequence[tuple[str, int]]) -> str:
    if not rows:
        return ""
    body = "".join(
        f"<tr><td>{escape(shortened(name, 300))}</td><td>{count}</td></tr>" for name, count in rows
    )
    return f"<h2>{title}</h2><table><tr><th>{head}</th><th>Số câu</th></tr>{body}</table>"
