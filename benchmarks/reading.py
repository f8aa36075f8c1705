"""How much of a text survives Word, PDF and a scan: `python -m benchmarks.reading FOLDER`.

Each .txt below FOLDER is set as state documents look in .docx, turned into .pdf by LibreOffice, and
read again; compared are the syllables, with their marks and in their order, and the labels of
sections. `--ocr N` also scans the first N pages of each PDF, clean at 200 dots an inch and degraded
(turned by half a degree, 110 dots an inch, noise, JPEG), and compares with the reading of those pages.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from benchmarks.typeset import MANNERS, TABLE, Typeset, typeset
from knowledge.document import Document
from knowledge.load import documents_under, read_document
from knowledge.ocr import DPI
from knowledge.split import outline

_NOTE = re.compile(r"^\[\d+\] (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Score:
    """Right, and of how many."""

    name: str
    syllables: tuple[int, int]
    labels: tuple[int, int]
    notes: tuple[int, int]
    rows: int = 0  # of the table, exact
    pages: int = 0

    def line(self) -> str:
        return (
            f"{self.name:40} âm tiết {_share(self.syllables)} nhãn {_share(self.labels)} "
            f"chú thích {self.notes[0]}/{self.notes[1]} hàng {self.rows}/{len(TABLE) - 1}"
        )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=40)
    parser.add_argument("--longest", type=int, default=60_000, help="characters")
    parser.add_argument("--ocr", type=int, default=0, metavar="N")
    parser.add_argument("--keep", type=Path, help="write what was made and read here")
    parser.add_argument("--details", action="store_true")
    arguments = parser.parse_args(argv)
    chosen = _chosen(arguments.folder, arguments.limit, arguments.longest)
    with tempfile.TemporaryDirectory() as folder:
        work = arguments.keep or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        made = _made(chosen, work)
        _report("DOCX", _scores(made, work, ".docx"), arguments.details)
        _converted(work, [work / f"{name}.docx" for name, *_ in made])
        _report("PDF", _scores(made, work, ".pdf"), arguments.details)
        for way in (clean, degraded) if arguments.ocr else ():
            started = time.process_time()
            scores = _scan_scores([name for name, *_ in made], work, arguments.ocr, way)
            _report(f"OCR {way.__name__}", scores, arguments.details)
            spent = (time.process_time() - started) / sum(score.pages for score in scores)
            print(f"  {spent:.1f} giây xử lý một trang, kể cả dựng ảnh")
    return 0


def _chosen(folder: Path, limit: int, longest: int) -> list[Document]:
    files = [file for file in documents_under(folder) if file.suffix == ".txt"]
    documents = [read_document(file, folder) for file in files]
    short = [document for document in documents if len(document.text) <= longest]
    return short[:: max(1, len(short) // limit)][:limit]


def _made(documents: Sequence[Document], work: Path) -> list[tuple[str, Typeset, Document]]:
    made = []
    for at, document in enumerate(documents):
        name = f"{at:02}-{Path(document.path).stem}"[:40]
        one = typeset(
            document.text, f"{at + 1}/KH-UBND", "ngày 05 tháng 3 năm 2026", MANNERS[at % 4]
        )
        (work / f"{name}.docx").write_bytes(one.data)
        made.append((name, one, Document(document.path, one.text, document.metadata)))
    return made


def _converted(work: Path, files: Sequence[Path]) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{work.resolve()}/.office", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(work), *map(str, files)],
        check=True,
        capture_output=True,
    )


def _scores(made: Sequence[tuple[str, Typeset, Document]], work: Path, suffix: str) -> list[Score]:
    scores = []
    for name, one, document in made:
        read = read_document(work / (name + suffix), work)
        (work / f"{name}{suffix}.read").write_text(read.text, "utf-8")
        scores.append(_score(name, one, document, read))
    return scores


def _score(name: str, one: Typeset, document: Document, read: Document) -> Score:
    notes = [" ".join(note.split()) for note in _NOTE.findall(read.text)]
    rows = [" · ".join(map(": ".join, zip(TABLE[0], row, strict=True))) for row in TABLE[1:]]
    lines = read.text.split("\n")
    found = sum(row in lines for row in rows)
    wanted = set(rows)
    body = "\n".join(line for line in lines if line not in wanted and not _NOTE.match(line))
    bare = Document(document.path, re.sub(r"\[\d+\]", "", body), document.metadata)
    return Score(
        name,
        _common(_syllables(one.text), _syllables(bare.text)),
        _common(_labels(document), _labels(bare)),
        (sum(note in notes for note in one.notes), len(one.notes)),
        found,
    )


def _scan_scores(
    names: Sequence[str], work: Path, count: int, way: Callable[[Image.Image], Image.Image]
) -> list[Score]:
    scores = []
    for name in names:
        printed, scanned = work / "printed.pdf", work / f"{name}.{way.__name__}.pdf"
        with pypdfium2.PdfDocument(work / f"{name}.pdf") as whole:
            pages = list(range(min(count, len(whole))))
            with pypdfium2.PdfDocument.new() as first:
                first.import_pages(whole, pages)
                first.save(printed)
            images = [way(whole[at].render(scale=DPI / 72).to_pil().convert("RGB")) for at in pages]
        images[0].save(scanned, save_all=True, append_images=images[1:], resolution=DPI)
        wanted, found = (_body(read_document(file, work)) for file in (printed, scanned))
        (work / f"{scanned.name}.read").write_text(found.text, "utf-8")
        syllables = _common(_syllables(wanted.text), _syllables(found.text))
        labels = _common(_labels(wanted), _labels(found))
        scores.append(Score(name, syllables, labels, (0, 0), 0, len(pages)))
    return scores


def clean(image: Image.Image) -> Image.Image:
    return image


def degraded(image: Image.Image) -> Image.Image:
    """As an old scanner makes it, seeded by nothing: the same each time."""
    small = image.rotate(0.5, Image.Resampling.BICUBIC, fillcolor="white").resize(
        (round(image.width * 0.55), round(image.height * 0.55)), Image.Resampling.BILINEAR
    )
    noise = np.random.default_rng(7).normal(0, 12, (small.height, small.width, 3))
    grey = Image.fromarray(np.clip(np.asarray(small) * 0.92 + noise, 0, 255).astype(np.uint8))
    stream = io.BytesIO()
    grey.save(stream, "JPEG", quality=45)
    return Image.open(stream).convert("RGB").resize(image.size, Image.Resampling.BICUBIC)


def _body(document: Document) -> Document:
    """The text without notes and their marks, which stand elsewhere or are not seen on a scan."""
    text = re.sub(r"\[\d+\]", "", _NOTE.sub("", document.text))
    return Document(document.path, text, document.metadata)


def _syllables(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _labels(document: Document) -> list[str]:
    return [section.label for section in outline(document)]


def _common(wanted: Sequence[str], found: Sequence[str]) -> tuple[int, int]:
    """How many of `wanted` stand in `found` in the same order, and how many there are (Myers 1986)."""
    size = len(wanted) + len(found)
    far = {1: 0}
    for edits in range(size + 1):
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and far[k - 1] < far[k + 1])
            x = far[k + 1] if down else far[k - 1] + 1
            while x < len(wanted) and x - k < len(found) and wanted[x] == found[x - k]:
                x += 1
            far[k] = x
            if x >= len(wanted) and x - k >= len(found):
                return (size - edits) // 2, len(wanted)
    return 0, len(wanted)


def _report(form: str, scores: Sequence[Score], details: bool) -> None:
    if details:
        for score in scores:
            print(score.line())
    total = [
        tuple(map(sum, zip(*(getattr(score, part) for score in scores), strict=True)))
        for part in ("syllables", "labels", "notes")
    ]
    print(
        f"{form}: {len(scores)} văn bản, âm tiết {_share(total[0])}, nhãn {_share(total[1])}, "
        f"chú thích {total[2][0]}/{total[2][1]}, "
        f"hàng {sum(score.rows for score in scores)}/{len(scores) * (len(TABLE) - 1)}",
        flush=True,
    )


def _share(pair: tuple[int, ...]) -> str:
    return f"{pair[0] / max(pair[1], 1):.4f}"


if __name__ == "__main__":
    sys.exit(main())
