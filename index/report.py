"""A run of `eval answers` as people read it: in Vietnamese, in a terminal or as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator

from index.evaluate_answers import Failure, Judged, Run, Summary
from index.reliability import Share

STYLES = {
    "resident": "người dân hỏi",
    "official": "cán bộ hỏi",
    "nodiacritics": "không dấu",
    "abbrev": "viết tắt",
    "typo": "gõ sai",
    "english": "tiếng Anh",
    "followup": "hỏi tiếp",
    "list": "liệt kê",
    "validity": "hiệu lực",
    "reference": "dẫn điều khoản",
    "definition": "định nghĩa",
    "paraphrase": "diễn đạt khác",
    "twoquestions": "hai câu một lúc",
    "unanswerable": "không có lời đáp",
}
NOTES = {
    "offtopic": "ngoài chủ đề",
    "neartopic": "gần chủ đề",
    "injection": "chèn lệnh",
    "future": "chuyện tương lai",
    "wrongclause": "điều khoản không có",
    "falsepremise": "giả định sai",
    "personal": "thông tin cá nhân",
}
FAILURES: dict[Failure, str] = {
    "": "đạt",
    "later document": "văn bản đúng không đứng đầu",
    "incomplete": "thiếu ý",
    "refused": "từ chối nhầm",
    "not shown": "đúng văn bản, sai câu",
    "other document": "sai văn bản",
    "answered": "lẽ ra phải từ chối",
    "not verbatim": "trích không nguyên văn",
}
HEADS = (
    "Kiểu câu hỏi", "Câu", "Xử đúng", "VB đầu", "VB 3 đầu", "Có chứng cứ", "Đủ ý",
    "Từ chối nhầm", "Từ chối đúng", "Số từ",
)  # fmt: skip


def percent(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.0%}"


def interval(share: Share) -> str:
    low, high = share.interval
    return f"{share.hits}/{share.of}, khoảng tin cậy 95 %: {low:.0%}–{high:.0%}"


def _row(name: str, summary: Summary) -> tuple[str, ...]:
    shares = (
        summary.decided, summary.document_at_1, summary.document_at_3, summary.shown,
        summary.complete, summary.refused_wrongly, summary.refused_rightly,
    )  # fmt: skip
    words = "–" if summary.words is None else f"{summary.words:.0f}"
    return name, str(summary.questions), *map(percent, shares), words


def rows(run: Run) -> list[tuple[str, ...]]:
    """Under HEADS: each style, then all together."""
    styles = [_row(STYLES.get(name, name), summary) for name, summary in run.styles.items()]
    return [*styles, _row("tất cả", run.overall)]


def remarks(run: Run) -> Iterator[str]:
    """What the table does not hold, a line each."""
    overall, taken, calibrated = run.overall, run.milliseconds(), run.calibration
    for name, share in (
        ("Văn bản đúng đứng đầu", overall.document_at_1),
        ("Có chứng cứ hoặc đủ từ cần có", overall.shown),
        ("Từ chối nhầm", overall.refused_wrongly),
        ("Từ chối đúng", overall.refused_rightly),
        ("Trích nguyên văn", overall.verified),
    ):
        if share.of:
            yield f"{name}: {percent(share)} ({interval(share)})"
    notes = (f"{NOTES.get(n, n)} {s.hits}/{s.of}" for n, s in run.refused_by_note.items())
    if run.refused_by_note:
        yield f"Từ chối đúng theo loại: {', '.join(notes)}"
    yield (
        f"Độ tin cậy: Brier {calibrated.brier:.3f}, diện tích rủi ro – độ phủ {calibrated.area:.3f}"
    )
    yield (
        f"Thời gian: trung vị {taken['median']:.0f} ms, 99 % dưới {taken['p99']:.0f} ms; "
        f"bộ xử lý trung bình {taken['processor']:.0f} ms"
    )


def failure_lines(run: Run) -> Iterator[str]:
    """One line for each question not fully right, gravest first."""
    yield f"Chưa đạt {len(run.failures)}/{len(run.judged)} câu:"
    for one in run.failures:
        yield f"  {one.question.id}  {FAILURES[one.failure]}: {_asked(one)}"


def _asked(one: Judged) -> str:
    return " → ".join((*one.question.turns, one.question.question))
