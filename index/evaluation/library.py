"""What a library's size costs: `python -m index.evaluation.library DOCUMENTS WORK [COUNT…]`.

Libraries of so many documents are made from those in a folder, each with other numbers in its text,
and indexed with made-up vectors, since encoding grows with the words alone. Everything else is real.
One of more than MOST documents is made of copies of the largest index before it, under other names: it
shows what opening and asking cost, not what reading does. Writes docs/benchmarks.md and a plot.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index.evaluation.plots import growth
from index.retrieval.encoder import Encoded, EncodedQuery, Progress, Span, open_encoder
from index.serving import Serving
from index.store.build import reindex
from index.store.generation import (
    list_segment,
    new_folder,
    read_manifest,
    seal,
    serving_folder,
    switch,
)
from knowledge.load import documents_under

COUNTS = (114, 1000, 10_000)
MOST = 5000  # documents that are really read: half an hour
QUESTIONS = (
    "Đến năm 2025 có bao nhiêu phần trăm hồ sơ được giải quyết trực tuyến?",
    "ai chịu trách nhiệm về an toàn thông tin của cơ quan nhà nước",
    "chu ky so la gi", "Nền tảng số là gì?", "Có mấy loại dữ liệu cá nhân?",
    "Nghị định 30/2020/NĐ-CP còn hiệu lực không?", "Thông tư 15/2017 bị thay thế từ ngày nào?",
    "Điều 5 Nghị định 47/2020/NĐ-CP quy định gì?", "Quyết định 1127 có hiệu lực từ khi nào",
    "thoi han luu tru ho so la bao lau", "Kế hoạch của tỉnh có những nhiệm vụ nào?",
    "muc phat tien khi mua ban thong tin ca nhan", "Tổ công nghệ số cộng đồng làm gì?",
    "UBND cấp xã phải báo cáo khi nào?", "doanh nghiep nho duoc ho tro the nao khi chuyen doi so",
    "Kinh phí thực hiện lấy từ đâu?", "Luật Giao dịch điện tử có áp dụng cho đất đai không?",
    "What share of public services must be online?", "Người dân nộp hồ sơ ở đâu?",
    "khi nào phải công bố thủ tục hành chính", "Văn bản nào quy định về định danh điện tử?",
    "Trách nhiệm của Bộ Khoa học và Công nghệ là gì?", "Mục tiêu kinh tế số đến năm 2030?",
    "Cơ sở dữ liệu quốc gia gồm những gì?",
)  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\d.,/])\d{2,3}(?![\d.,/])(?=\s*(?:%|tỷ|triệu|nghìn|ngày|tháng|người|hồ sơ))"
)


def make(documents: Path, folder: Path, count: int) -> None:
    """A library of `count` documents in `folder`."""
    sources = list(documents_under(documents))
    for at in range(count):
        copy, source = divmod(at, len(sources))
        name = sources[source].relative_to(documents)
        target = folder / f"{copy:03}" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _vary(sources[source], target, copy)


def _vary(source: Path, target: Path, copy: int) -> None:
    text = source.read_text("utf-8")
    size = lambda found: str(int(found[0]) + copy).rjust(len(found[0]), "0")  # noqa: E731
    target.write_text(_NUMBER.sub(size, text), "utf-8")


class MadeUp:
    """Vectors that mean nothing, as many as the model that ships would make; questions are real."""

    def __init__(self) -> None:
        self._real = open_encoder()
        self.fingerprint, self.dimension = self._real.fingerprint, self._real.dimension
        probe = self._real.encode_document(["một"], [()])
        self._width = probe.tokens.shape[1]
        self._rng = np.random.default_rng(0)

    def encode_query(self, text: str) -> EncodedQuery:
        return self._real.encode_query(text)

    def encode_document(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]],
        progress: Progress | None = None,
    ) -> Encoded:
        sizes = np.array([max(1, len(text) // 4) for text in texts])  # characters a token
        span_tokens = [[min(first // 4, size - 1), min(max(first // 4 + 1, last // 4), size)]
                       for own, size in zip(spans, sizes.tolist(), strict=True)
                       for first, last in own]  # fmt: skip
        return Encoded(
            self._unit(len(texts)),
            self._unit(len(span_tokens)),
            self._rng.integers(-127, 128, (int(sizes.sum()), self._width), np.int8),
            sizes,
            np.array(span_tokens, np.int32).reshape(-1, 2),
        )

    def _unit(self, count: int) -> Any:
        found = self._rng.standard_normal((count, self.dimension), np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def _reindex(data: Path, library: Path) -> dict[str, float]:
    encoder = MadeUp()
    started = time.process_time()
    report = reindex(data, [library], encoder)
    return {"passages": report.passages, "seconds": time.process_time() - started, **_memory()}


def _ask(data: Path) -> dict[str, float]:
    """Open, warm, and each question three times, the first of them as it comes."""
    encoder = open_encoder()
    started = time.process_time()
    answerer = Serving(data, encoder).answerer()
    opened = time.process_time()
    answerer.warm()
    warm = time.process_time()
    taken = []
    for question in QUESTIONS * 3:
        begun = time.process_time()
        answerer.answer(question)
        taken.append(1000 * (time.process_time() - begun))
    return {"open": opened - started, "warm": warm - opened, "median": float(np.median(taken)),
            "slowest": max(taken), **_memory()}  # fmt: skip


def _memory() -> dict[str, float]:
    return {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measured(documents: Path, work: Path, count: int) -> dict[str, Any]:
    """Everything about a library of `count` documents; each step in a process of its own."""
    library, data = work / f"library-{count}", work / f"data-{count}"
    shutil.rmtree(library, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    make(documents, library, count)
    first = _child("reindex", data, library)
    disk = _disk(data)
    same = _child("reindex", data, library)
    changed = next(documents_under(library))
    changed.write_text(
        changed.read_text("utf-8") + "\nThêm một câu vào cuối văn bản này.\n", "utf-8"
    )
    one = _child("reindex", data, library)
    grown = _disk(data) - disk
    asked = _child("ask", data)
    return {"documents": count, "passages": int(first["passages"]), "first": first, "same": same,
            "one": one, "disk": disk / 1e6, "grown": grown / disk, "asked": asked}  # fmt: skip


def multiplied(before: Path, data: Path, times: int) -> None:
    """An index of the documents of another one, so many times over."""
    source = serving_folder(before)
    manifest = read_manifest(source)
    shutil.rmtree(data, ignore_errors=True)
    folder = new_folder(data, manifest.created)
    listed = []
    for copy in range(times):
        for one in manifest.segments:
            segment = folder / f"{one.name}-{copy}"
            shutil.copytree(source / one.name, segment)
            rows = [json.loads(line) for line in (segment / "documents.jsonl").open("rb")]
            for row in rows:
                row["path"] = f"{copy}/{row['path']}"
                for relation in row["facts"]["relations"]:
                    relation["source"] = row["path"]
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (segment / "documents.jsonl").write_text(lines, "utf-8")
            listed.append(list_segment(segment, one.dropped))
    switch(data, seal(folder, replace(manifest, segments=tuple(listed))))


def _grown(work: Path, before: dict[str, Any], count: int) -> dict[str, Any]:
    """As `measured`, of copies of the library measured before."""
    size = int(before["documents"])
    data = work / f"data-{count}"
    multiplied(work / f"data-{size}", data, count // size)
    return {"documents": count, "passages": before["passages"] * (count // size),
            "disk": _disk(data) / 1e6, "asked": _child("ask", data)}  # fmt: skip


def _child(*words: object) -> dict[str, float]:
    command = [sys.executable, "-m", __spec__.name, *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _disk(folder: Path) -> int:
    """Bytes that the folder's files take, each once however many names it has."""
    stats = [file.stat() for file in folder.rglob("*") if file.is_file()]
    return sum({one.st_ino: one.st_size for one in stats}.values())


_HEAD = (
    "| documents | passages | first index, but encoding: s / peak MB | nothing changed | one changed "
    "| on disk, MB; a second generation adds | opened; warm, s | question: median / slowest, ms "
    "| resident MB |\n|---|---|---|---|---|---|---|---|---|"
)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The figures in Markdown."""
    return "\n".join([_HEAD, *map(_line, rows)])


def _line(row: dict[str, Any]) -> str:
    steps = (row.get(which) for which in ("first", "same", "one"))
    spent = " | ".join(f"{s['seconds']:.1f} / {s['megabytes']:.0f}" if s else "–" for s in steps)
    grown = f"; {row['grown']:.2%}" if "grown" in row else ""
    asked = row["asked"]
    return (
        f"| {row['documents']:,} | {row['passages']:,} | {spent} | {row['disk']:,.0f}{grown} "
        f"| {asked['open']:.2f}; {asked['warm']:.2f} | {asked['median']:.0f} / {asked['slowest']:.0f} "
        f"| {asked['megabytes']:.0f} |"
    )


def main() -> None:
    """Command line of the benchmark; with `reindex` or `ask`, one of its steps."""
    if sys.argv[1:2] == ["reindex"]:
        print(json.dumps(_reindex(*map(Path, sys.argv[2:]))))
        return
    if sys.argv[1:2] == ["ask"]:
        print(json.dumps(_ask(Path(sys.argv[2]))))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, help="text files to make libraries from")
    parser.add_argument(
        "work", type=Path, help="a folder for libraries and indexes, 15 GB for 10,000"
    )
    parser.add_argument("counts", type=int, nargs="*", default=COUNTS)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for count in given.counts:
        grown = count > MOST and rows
        rows.append(
            _grown(given.work, rows[-1], count)
            if grown
            else measured(given.documents, given.work, count)
        )
        print(table(rows[-1:]), flush=True)
    kept(rows, given.out)


def kept(rows: Sequence[dict[str, Any]], out: Path) -> None:
    """Figures, plot and table into the documentation."""
    place = out / "benchmarks" / "library"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.with_suffix(".json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    sizes = [row["documents"] for row in rows]
    place.with_suffix(".svg").write_text(growth(sizes, {
        "opening, s": [row["asked"]["open"] for row in rows],
        "a question, ms": [row["asked"]["median"] for row in rows],
        "resident, MB": [row["asked"]["megabytes"] for row in rows],
    }, "What a library's size costs"), "utf-8")  # fmt: skip
    page = out / "benchmarks.md"
    before, _, after = page.read_text("utf-8").partition("<!-- library -->\n")
    after = after.partition("<!-- /library -->\n")[2]
    page.write_text(f"{before}<!-- library -->\n{table(rows)}\n<!-- /library -->\n{after}", "utf-8")


if __name__ == "__main__":
    main()
