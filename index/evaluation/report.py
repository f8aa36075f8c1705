"""A run of `eval answers` as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from index.evaluation import plots
from index.evaluation.answers import Judged, Run, Summary
from index.evaluation.compare import Change, Comparison
from index.evaluation.reliability import Share
from index.evaluation.report_words import (
    FAILURES,
    HEADS,
    MEASURES,
    NOTES,
    OUTCOMES,
    STYLES,
    exact,
    figure,
    rows,
)
from index.frame import framed
from index.result import Quote

_STYLE = Path(__file__).with_name("report.css")
_NEAREST = 3  # documents named where nothing is quoted


def html(run: Run, comparison: Comparison | None = None) -> str:
    """The whole page; whatever came from questions or documents is escaped."""
    sections = (
        _cards(run.overall), _plots(run), _table(run),
        _comparison(comparison) if comparison else "", _failures(run),
    )  # fmt: skip
    sets = escape(", ".join(run.sets))
    body = f"""<h1>Đo chất lượng trả lời</h1>
<p class="faint">Bộ câu hỏi: {sets}, {len(run.judged)} câu. Chỉ mục: {escape(run.index)}.
Khoảng trong ngoặc là khoảng tin cậy 95 %.</p>
{"".join(sections)}"""
    return framed(f"Đo chất lượng trả lời: {sets}", body, _STYLE)


def _cards(overall: Summary) -> str:
    names = (
        "document_at_1", "shown", "complete", "refused_wrongly", "refused_rightly", "verified",
    )  # fmt: skip
    found = [(name, getattr(overall, name)) for name in names]
    cards = "".join(
        f'<div class="card"><b>{exact(share)}</b>{MEASURES[name].capitalize()}'
        f'<div class="faint">{_range(share)}</div></div>'
        for name, share in found
        if share.of
    )
    words = figure("words", overall.words)
    return (
        f'<div class="cards">{cards}<div class="card"><b>{words}</b>Số từ được trích'
        '<div class="faint">trung vị mỗi câu trả lời</div></div></div>'
    )


def _range(share: Share) -> str:
    low, high = share.interval
    return f"{share.hits}/{share.of} <span>({low:.0%}–{high:.0%})</span>"


# longer than a screen: one plot after another, each with its words
def _plots(run: Run) -> str:
    styles = [
        (STYLES.get(name, name), summary.shown)
        for name, summary in run.styles.items()
        if summary.shown.of
    ]
    notes = [(NOTES.get(note, note), share) for note, share in run.refused_by_note.items()]
    calibrated, taken = run.calibration, run.milliseconds()
    return f"""<h2>Theo kiểu câu hỏi</h2>
<div class="plots">
{
        _figure(
            "Có chứng cứ",
            plots.bars(styles, "Có chứng cứ theo kiểu câu hỏi"),
            "Phần trích có câu chứng cứ hoặc đủ các từ cần có, trong những câu có lời đáp.",
        )
    }
{
        _figure(
            "Từ chối đúng",
            plots.bars(notes, "Từ chối đúng theo loại câu hỏi"),
            "Câu không có lời đáp trong tài liệu và được từ chối.",
        )
        if notes
        else ""
    }
</div>
<h2>Độ tin cậy</h2>
<div class="plots">
{
        _figure(
            "Nói chắc bao nhiêu, đúng bấy nhiêu?",
            plots.reliability(calibrated, "Độ tin cậy và tỷ lệ đúng", "Độ tin cậy", "Tỷ lệ đúng"),
            "Chấm càng gần đường chéo, độ tin cậy càng sát thực tế; chấm to là nhiều câu. "
            f"Điểm Brier {figure('brier', calibrated.brier)} (càng nhỏ càng tốt).",
        )
    }
{
        _figure(
            "Trả lời nhiều hơn thì sai thêm bao nhiêu?",
            plots.risk_coverage(
                calibrated,
                "Rủi ro và độ phủ",
                "Độ phủ: phần số câu được trả lời",
                "Rủi ro: tỷ lệ sai",
            ),
            "Từ câu chắc nhất đến câu kém chắc nhất; câu bị từ chối tính là chưa đúng. "
            f"Diện tích dưới đường {figure('area', calibrated.area)} (càng nhỏ càng tốt).",
        )
    }
</div>
<p class="faint">Tính trên {calibrated.questions} câu do độ tin cậy quyết định.
Thời gian một câu: trung vị {figure("median", taken["median"])} ms, 99 % câu xong trong
{figure("p99", taken["p99"])} ms; bộ xử lý trung bình {
        figure("processor", taken["processor"])
    } ms.</p>
"""


def _figure(heading: str, plot: str, caption: str) -> str:
    return (
        f"<figure><h3>{escape(heading)}</h3>{plot}"
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _table(run: Run) -> str:
    return (
        "<h2>Số đo</h2>"
        + _grid(HEADS, rows(run), "numbers")
        + '<p class="faint">Xử đúng: trả lời câu có lời đáp, từ chối câu không có. VB: văn bản đúng '
        "đứng đầu, hoặc trong ba văn bản đầu. Đủ ý: câu liệt kê và tin nhắn có hai câu hỏi.</p>"
    )


def _grid(heads: Sequence[str], lines: Sequence[Sequence[str]], kind: str) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines
    )
    return f'<div class="wide"><table class="{kind}"><tr>{head}</tr>{body}</table></div>'


def _comparison(found: Comparison) -> str:
    changed = [
        (
            f"{STYLES.get(style, style) or 'tất cả'}: {MEASURES[name]}",
            figure(name, before), figure(name, after),
        )
        for style, name, before, after in found.measures
        if before != after
    ]  # fmt: skip
    missing = (
        f" Có {found.missing} câu chỉ ở một bên, nên các tỷ lệ không đếm cùng một thứ."
        if found.missing
        else ""
    )
    return (
        f"<h2>So với lần trước</h2><p>{found.common} câu chung.{missing}</p>"
        + _changes("Tốt lên", "better", found.better)
        + _changes("Kém đi", "worse", found.worse)
        + _grid(("Số đo có thay đổi", "Trước", "Nay"), changed, "changes")
    )


def _changes(heading: str, kind: str, changes: Sequence[Change]) -> str:
    items = "".join(
        f"<li><b>{escape(one.id)}</b> {escape(one.question)} "
        f'<span class="faint">({FAILURES[one.before]} → {FAILURES[one.after]})</span></li>'
        for one in changes
    )
    return f'<h3 class="{kind}">{heading}: {len(changes)} câu</h3><ul>{items}</ul>'


def _failures(run: Run) -> str:
    failures = "".join(map(_failure, run.failures))
    return f"<h2>Chưa đạt: {len(run.failures)}/{len(run.judged)} câu</h2>{failures}"


def _failure(one: Judged) -> str:
    asked = one.question
    turns = "".join(f'<div class="faint">Trước đó: {escape(turn)}</div>' for turn in asked.turns)
    return (
        f'<section class="failure"><span class="kind">{FAILURES[one.failure]}</span> '
        f'<span class="faint">{escape(asked.id)}, '
        f"{escape(STYLES.get(asked.style, asked.style))}</span>{turns}"
        f'<h3>{escape(asked.question)}</h3><div class="sides">'
        f"<div><h3>Mong đợi</h3>{''.join(_expected(one))}</div>"
        f"<div><h3>Đã hiện: {OUTCOMES[one.outcome]}, độ tin cậy {one.confidence:.0%}</h3>"
        f"{''.join(_shown(one))}</div></div>{_steps(one)}</section>"
    )


def _expected(one: Judged) -> Iterator[str]:
    asked = one.question
    if not asked.answerable:
        yield f"<p>Từ chối: {escape(NOTES.get(asked.note, asked.note))}</p>"
        return
    yield f"<blockquote>{escape(asked.evidence)}</blockquote>"
    yield f"<cite>{'<br>'.join(map(escape, (asked.document, *asked.also)))}</cite>"
    for words, there in zip(asked.answer_contains, one.items, strict=True):
        mark = ("have", "✓ có") if there else ("lack", "✗ thiếu")
        yield f'<div class="{mark[0]}">{mark[1]}: {escape(words)}</div>'


def _shown(one: Judged) -> Iterator[str]:
    yield from map(_quoted, one.quotes)
    if not one.quotes:
        yield f"<p>{escape(one.text)}</p>"
        nearest = "<br>".join(map(escape, one.documents[:_NEAREST]))
        yield f"<cite>Gần nhất: {nearest or 'không có'}</cite>"


def _quoted(quote: Quote) -> str:
    where = ", ".join(part for part in (quote.metadata.title, quote.section) if part)
    return (
        f"<blockquote>{escape(quote.text)}</blockquote>"
        f"<cite>{escape(where)} – {escape(quote.document)}</cite>"
    )


def _steps(one: Judged) -> str:
    facts = [
        ("hiểu là", one.understood),
        *((step.name, step.detail) for step in one.steps),
        ("mili giây", ", ".join(f"{name} {taken:.1f}" for name, taken in one.milliseconds.items())),
    ]
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in facts)
    return f"<details><summary>Các bước đã làm</summary><dl>{listed}</dl></details>"
