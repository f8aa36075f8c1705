"""Pictures of pages into words and ruled lines, where the programs for it are installed.

trueocr finds the lines, Tesseract with Vietnamese data reads each: together they are right more often
than either. Without trueocr, Tesseract alone reads the page.
"""

from __future__ import annotations

import csv
import functools
import importlib.util
import io
import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final, Protocol

from knowledge.agreed import agreed
from knowledge.numbers import KINDS
from knowledge.pdf_glyphs import Rule, Sheet, Word

if TYPE_CHECKING:
    from PIL import Image

DPI: Final = 200
FEW_LETTERS: Final = 30  # a stamp or the caption of a digital signature, not a page of text
_UNSURE: Final = 0.8  # confidence below which a person had better look
_SEEN: Final = 0.9  # trueocr's confidence where Tesseract reads nothing
_CERTAIN: Final = 0.99  # and where Tesseract reads something else
_CELL: Final = 3  # letters, as "TT", "72", "%": too few for Tesseract
_POINT: Final = 72 / DPI
_DATA: Final = (  # where Debian, Fedora, Homebrew and Windows keep Tesseract's languages
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/opt/homebrew/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)
_PADDED: Final = 8  # pixels that a found line's box is higher than its letters
_BELOW: Final = 0.22  # of a line's height lies below its baseline
_HANGS: Final = frozenset("gjpqyQJ,;()[]{}/|\u0323")  # the last is the dot of "ạ"
_MARKS: Final = frozenset("0123456789!?")  # of notes; small figures are read as the last two, too
_MARGIN: Final = 20  # pixels of paper around a line
_LONGEST_RULE_LETTER: Final = 60  # pixels: a longer stroke is a ruled line
_SLASHLESS: Final = re.compile(rf"^(\d{{1,5}})((?:{'|'.join(KINDS)})-[A-ZĐ])")
_LIKE: Final = {"Ð": "Đ", "đÐ": "Đ", "ð": "đ", "\u2044": "/"}  # other letters that look like ours


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it was read; `confidence` is the engine's own, 0 to 1."""

    sheet: Sheet
    confidence: float


class Ocr(Protocol):
    name: str

    def read(self, image: Image.Image) -> Seen:
        """The words on a picture of DPI dots an inch."""


@functools.cache
def open_ocr() -> Ocr | None:
    """The best that is installed; None where there is nothing or no Vietnamese data."""
    data = language_data()
    if data is None:
        return None
    if all(importlib.util.find_spec(name) for name in ("trueocr", "tesserocr", "cv2")):
        return _LineByLine(data)
    return _WholePage(data) if shutil.which("tesseract") else None


def language_data() -> Path | None:
    """The folder that holds vie.traineddata."""
    for folder in (os.environ.get("TESSDATA_PREFIX", ""), *_DATA):
        if folder and Path(folder, "vie.traineddata").is_file():
            return Path(folder)
    return None


def letters_of(sheet: Sheet) -> int:
    return sum(sum(map(str.isalpha, word.text)) for word in sheet.words)


def doubts_of(number: int, seen: Seen) -> list[str]:
    """What to tell the maintainer of a page read by machine."""
    if seen.confidence >= _UNSURE:
        return []
    return [f"Trang {number} quét mờ: máy chỉ chắc {seen.confidence:.0%}."]


@dataclass(frozen=True, slots=True)
class _Read:
    """A word as it was read, where it begins and ends, and what is raised behind it."""

    text: str
    start: float
    end: float
    confidence: float
    raised: str = ""


class _LineByLine:
    name = "trueocr + Tesseract"

    def __init__(self, data: Path) -> None:
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # onnxruntime's, which trueocr runs on
        import tesserocr
        from trueocr import load_model

        self._finder = load_model(threads=1)
        self._words, self._symbols = tesserocr.RIL.WORD, tesserocr.RIL.SYMBOL
        self._reader = tesserocr.PyTessBaseAPI(
            path=str(data), lang="vie", psm=tesserocr.PSM.SINGLE_LINE
        )

    def read(self, image: Image.Image) -> Seen:
        found = self._finder.predict(image)
        page = found.image.convert("L")  # turned upright
        page, rules = _without_rules(page)
        boxes = [line["bbox"] for line in found.lines]
        paper = round(median(page.resize((100, 100)).tobytes()))
        usual = median([bottom - top for _, top, _, bottom in boxes]) if boxes else 1
        words: list[Word] = []
        sure: list[float] = []
        for line in found.lines:
            read = self._line(page, line["bbox"], paper)
            if _is_surer(line, [word.confidence for word in read]):
                read = list(_spread(line))
            texts = agreed([word.text for word in read], line["text"])
            size, baseline = _set_on(line["bbox"], " ".join(texts), usual)
            for text, word in zip(texts, read, strict=True):
                sure.append(word.confidence)
                words.extend(_set(word, text, size, baseline, len(words)))
        sheet = Sheet(
            page.width * _POINT, page.height * _POINT, tuple(words), tuple(rules), 0.0, False
        )
        return Seen(sheet, sum(sure) / len(sure) if sure else 0.0)

    def _line(self, page: Image.Image, box: Sequence[int], paper: int) -> list[_Read]:
        left, top, _, bottom = box
        x0 = left - (bottom - top) // 3 - _MARGIN
        self._reader.SetImage(_cut_out(page, box, paper))
        if not self._reader.Recognize():
            return []
        symbols: list[list[tuple[str, Sequence[int]]]] = []
        found: list[tuple[Sequence[int], float]] = []
        iterator = self._reader.GetIterator()
        while iterator is not None:
            if not iterator.Empty(self._symbols):
                if iterator.IsAtBeginningOf(self._words) or not found:
                    symbols.append([])
                    confidence = iterator.Confidence(self._words) / 100
                    found.append((iterator.BoundingBox(self._words), confidence))
                place = iterator.BoundingBox(self._symbols)
                symbols[-1].append((iterator.GetUTF8Text(self._symbols), place))
            if not iterator.Next(self._symbols):
                break
        read = []
        parted = _parted(symbols, bottom - top)
        for (place, confidence), (text, raised) in zip(found, parted, strict=True):
            start, end = ((x0 + x) * _POINT for x in (place[0], place[2]))
            if text or raised:
                read.append(_Read(_plain(text), start, end, confidence, raised))
        return read


def _parted(
    words: Sequence[Sequence[tuple[str, Sequence[int]]]], height: int
) -> Iterator[tuple[str, str]]:
    """Each word of a line, and the figures set above it, which mark a note: no part of "Điều 16"."""
    bottoms = [bottom for word in words for _, (_, top, _, bottom) in word if bottom - top < height]
    line = median(bottoms) if bottoms else 0.0
    for word in words:
        text = raised = ""
        for letter, (_, top, _, bottom) in word:
            own = bottom - top
            if letter in _MARKS and own < 0.5 * height and line - bottom > 0.5 * own:
                raised += letter if letter.isdecimal() else ""
                continue
            text += letter
            if own < 0.8 * height:  # else it is the whole line's: no letter was found by itself
                line = bottom
        yield text, raised


def _set(word: _Read, text: str, size: float, baseline: float, order: int) -> Iterator[Word]:
    """A word, and the raised figures that touch it."""
    if text:
        yield Word(text, word.start, word.end, baseline, size, order, False)
    if word.raised:
        start, y = word.end if text else word.start, baseline - 0.35 * size
        yield Word(word.raised, start, word.end, y, 0.6 * size, order + 1, bool(text))


def _is_surer(line: Mapping[str, Any], sure: Sequence[float]) -> bool:
    """Whether trueocr's reading stands: Tesseract sees nothing in some lines, or guesses at a cell."""
    if not sure:
        return bool(line["text"] and line["confidence"] > _SEEN)
    short = len(line["text"]) <= _CELL and line["confidence"] > _CERTAIN
    return short and sum(sure) / len(sure) < _UNSURE


def _spread(line: Mapping[str, Any]) -> Iterator[_Read]:
    """trueocr's words along the line's box, as if all letters were as wide."""
    left, _, right, _ = line["bbox"]
    wide = (right - left) / len(line["text"]) * _POINT
    for word in re.finditer(r"\S+", line["text"]):
        start, end = (left * _POINT + wide * at for at in word.span())
        yield _Read(word[0], start, end, line["confidence"])


def _set_on(box: Sequence[int], text: str, usual: float) -> tuple[float, float]:
    """The size of a line's letters and its baseline, at the box's edge where no letter goes below."""
    _, top, _, bottom = box
    below = 0.0 if _HANGS.isdisjoint(unicodedata.normalize("NFD", text)) else _BELOW
    height = (bottom - top) / (1 - _BELOW + below)
    size = usual if 0.85 < (height - _PADDED) / max(usual - _PADDED, 1) < 1.3 else height
    return size * _POINT, (bottom - below * size) * _POINT


def _cut_out(page: Image.Image, box: Sequence[int], paper: int) -> Image.Image:
    """A line with paper around it: Tesseract reads "72" at a picture's edge as "2"."""
    from PIL import Image

    left, top, right, bottom = box
    aside, above = (bottom - top) // 3, (bottom - top) // 6
    inner = page.crop((max(left - aside, 0), max(top - above, 0), right + aside, bottom + above))
    size = (right - left + 2 * (aside + _MARGIN), bottom - top + 2 * (above + _MARGIN))
    whole = Image.new("L", size, paper)
    whole.paste(inner, (_MARGIN + max(aside - left, 0), _MARGIN + max(above - top, 0)))
    return whole


class _WholePage:
    name = "Tesseract"

    def __init__(self, data: Path) -> None:
        self._data = data

    def read(self, image: Image.Image) -> Seen:
        stream = io.BytesIO()
        image.save(stream, "PNG", dpi=(DPI, DPI))
        command = ["tesseract", "stdin", "stdout", "-l", "vie", "--psm", "1", "tsv"]
        environment = os.environ | {"TESSDATA_PREFIX": str(self._data), "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(
            command, input=stream.getvalue(), capture_output=True, check=True, env=environment
        )
        rows = list(
            csv.DictReader(
                io.StringIO(done.stdout.decode()), delimiter="\t", quoting=csv.QUOTE_NONE
            )
        )
        words = tuple(_tesseract_words(rows))
        sure = [float(row["conf"]) / 100 for row in rows if row["level"] == "5"]
        size = (image.width * _POINT, image.height * _POINT)
        sheet = Sheet(*size, words, (), 0.0, False)
        return Seen(sheet, sum(sure) / len(sure) if sure else 0.0)


def _tesseract_words(rows: Sequence[dict[str, str]]) -> Iterator[Word]:
    """Words of Tesseract's table; those of one line get one baseline."""
    heights = [int(row["height"]) for row in rows if row["level"] == "4"]
    usual = median(heights) if heights else 1
    bottom, size, order = 0.0, 1.0, 0
    for row in rows:
        left, top, width, height = (int(row[key]) for key in ("left", "top", "width", "height"))
        if row["level"] == "4":
            size = (usual if 0.8 < height / usual < 1.4 else height) * _POINT
            bottom = (top + height) * _POINT - 0.22 * size
        elif row["level"] == "5" and (text := _plain(row["text"])):
            yield Word(text, left * _POINT, (left + width) * _POINT, bottom, size, order, False)
            order += 1


def _plain(text: str) -> str:
    for look_alike, letter in _LIKE.items():
        text = text.replace(look_alike, letter)
    # "12KH-UBND" is no number of a document: the thin slash was overlooked
    return _SLASHLESS.sub(r"\1/\2", text.replace("ĐĐ", "Đ").strip())


def _without_rules(page: Image.Image) -> tuple[Image.Image, list[Rule]]:
    """The page with its ruled lines painted over, which would be read as letters, and the lines."""
    import cv2
    import numpy as np
    from PIL import Image

    grey: Any = np.asarray(page).copy()
    ink = cv2.threshold(255 - grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    rules: list[Rule] = []
    for shape in ((_LONGEST_RULE_LETTER, 1), (1, _LONGEST_RULE_LETTER)):
        strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape[::-1], np.uint8))
        count, _, boxes, _ = cv2.connectedComponentsWithStats(strokes)
        for left, top, width, height in (boxes[at][:4] for at in range(1, count)):
            if min(width, height) > 12:
                continue  # a picture, a black margin
            rule = Rule(*(float(v) * _POINT for v in (left, top, left + width, top + height)))
            rules.append(rule)
            grey[top : top + height, left : left + width] = 255
    return Image.fromarray(grey), rules
