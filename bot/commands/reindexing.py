"""`cdsbot reindex` in words: what it did, what could not be read, and what it asks before."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from index.store.build import Report
from index.store.unread import RejectedFile
from knowledge.calendar import date_of, day_of


def report_lines(report: Report) -> Iterator[str]:
    if report.model_changed:
        yield "Mô hình đã đổi nên mọi đoạn được mã hoá lại."
    yield (
        f"{report.documents} văn bản, {report.passages} đoạn: thêm {len(report.added)}, "
        f"sửa {len(report.changed)}, bỏ {len(report.removed)}, giữ nguyên {report.unchanged} "
        f"({report.seconds:.1f} giây)."
    )
    if report.repaired:
        yield f"Đã làm lại từ tệp gốc, vì chỉ mục bị hỏng: {', '.join(report.repaired)}"
    yield from unread_lines(report.rejected)
    for doubtful in report.doubtful:
        yield f"Nên xem lại {doubtful.path}: {'; '.join(doubtful.doubts)}"


def unread_lines(files: Iterable[RejectedFile]) -> Iterator[str]:
    for file in files:
        yield f"Không đọc được {file.path}: {file.reason}"
        if file.kept_from:
            yield f"  Vẫn dùng {kept_words(file)}."


def kept_words(file: RejectedFile) -> str:
    return f"bản đọc lần trước, ngày {date_of(day_of(file.kept_from))}"


def asked(question: str) -> bool:
    """What the person at the terminal says; no where there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{question} Tiếp tục? [c/K] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"c", "có", "co", "y", "yes"}
