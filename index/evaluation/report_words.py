"""A run of `eval answers` in Vietnamese: names of what is measured, and lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from index.evaluation.answers import Failure, Judged, Run, Summary
from index.evaluation.compare import Comparison
from index.evaluation.reliability import Share
from index.result import Outcome

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
OUTCOMES: dict[Outcome, str] = {
    "answered": "trả lời",
    "uncertain": "có lẽ đây, mời kiểm tra",
    "absent": "tài liệu không nói tới",
    "nonexistent": "điều, khoản hay văn bản không có",
    "refused": "từ chối",
}
MEASURES = {
    "decided": "trả lời hay từ chối đúng",
    "document_at_1": "văn bản đúng đứng đầu",
    "document_at_3": "văn bản đúng trong 3 đầu",
    "shown": "có chứng cứ hoặc đủ từ cần có",
    "evidence": "có nguyên câu chứng cứ",
    "words_required": "đủ từ cần có",
    "complete": "đủ ý",
    "refused_wrongly": "từ chối nhầm",
    "refused_rightly": "từ chối đúng",
    "verified": "trích nguyên văn",
    "words": "số từ trích (trung vị)",
    "brier": "điểm Brier",
    "area": "diện tích rủi ro – độ phủ",
    "median": "thời gian trung vị, ms",
    "p99": "99 % câu xong trong, ms",
    "processor": "bộ xử lý trung bình, ms",
}
_PLAIN = ("words", "brier", "area", "median", "p99", "processor")  # not shares
_FULLY = ("brier", "area")
HEADS = (
    "Kiểu câu hỏi", "Câu", "Xử đúng", "VB đầu", "VB 3 đầu", "Có chứng cứ", "Đủ ý",
    "Từ chối nhầm", "Từ chối đúng", "Số từ",
)  # fmt: skip


def percent(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.0%}"


def exact(share: Share) -> str:
    """With one decimal, lest 86,7% pass for 87%."""
    return "–" if share.value is None else _comma(f"{share.value:.1%}")


def _comma(number: str) -> str:
    return number.replace(".", ",")


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
    for name in (
        "document_at_1",
        "shown",
        "complete",
        "refused_wrongly",
        "refused_rightly",
        "verified",
    ):
        share: Share = getattr(overall, name)
        if share.of:
            yield f"{MEASURES[name].capitalize()}: {exact(share)} ({interval(share)})"
    if run.refused_by_note:
        notes = (f"{NOTES.get(n, n)} {s.hits}/{s.of}" for n, s in run.refused_by_note.items())
        yield f"Từ chối đúng theo loại: {', '.join(notes)}"
    yield (
        f"Độ tin cậy: Brier {figure('brier', calibrated.brier)}, "
        f"diện tích rủi ro – độ phủ {figure('area', calibrated.area)}"
    )
    yield (
        f"Thời gian: trung vị {taken['median']:.0f} ms, 99 % câu xong trong {taken['p99']:.0f} ms; "
        f"bộ xử lý trung bình {taken['processor']:.0f} ms"
    )


def figure(measure: str, value: float | None) -> str:
    """A measure of MEASURES as written in Vietnamese."""
    if value is None:
        return "–"
    if measure not in _PLAIN:
        return _comma(f"{value:.1%}")
    return _comma(f"{value:.{3 if measure in _FULLY else 0}f}")


def failure_lines(run: Run) -> Iterator[str]:
    """One line for each question not fully right, gravest first."""
    yield f"Chưa đạt {len(run.failures)}/{len(run.judged)} câu:"
    for one in run.failures:
        yield f"  {one.question.id}  {FAILURES[one.failure]}: {asked(one)}"


def asked(one: Judged) -> str:
    """The question after the turns it follows."""
    return " → ".join((*one.question.turns, one.question.question))


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Measures that changed, then the questions that did."""
    yield f"So với lần trước, {found.common} câu chung:"
    if found.missing:
        yield f"  Có {found.missing} câu chỉ ở một bên, nên các tỷ lệ không đếm cùng một thứ."
    for style, name, before, after in found.measures:
        if before != after:
            group = STYLES.get(style, style) or "tất cả"
            yield f"  {group}, {MEASURES[name]}: {figure(name, before)} → {figure(name, after)}"
    for heading, changes in (("Tốt lên", found.better), ("Kém đi", found.worse)):
        yield f"{heading} {len(changes)} câu:"
        for one in changes:
            yield f"  {one.id}  {FAILURES[one.before]} → {FAILURES[one.after]}: {one.question}"
