"""What stands on a page of a PDF and where: words, ruled lines, pictures.

Points (1/72 inch) from the upper left corner, y growing downward, the page turned as it is shown.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

# how pdfium gives a hyphen at the end of a line, and those that Word sets
_HYPHENS: Final = {0x02, 0xFFFE, 0xAD, 0x2010, 0x2011}
_BLANKS: Final = {0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x3000}
_MARKS: Final = range(0x300, 0x370)  # that stand over or under the letter before them
BLANK: Final = 0.15  # of the letters' height: a narrower gap parts letters, not words
_UNKNOWN: Final = "\ufffd"
_THIN: Final = 3.0  # points; a filled shape no thicker is a ruled line
_MOST_OBJECTS: Final = 20_000  # a map or a drawing is no table
_MOST_SEGMENTS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Word:
    """Letters on one baseline `y` without a blank between them."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    order: int  # in which it was drawn
    follows: bool  # drawn after the word before it in that order with no blank in between


@dataclass(frozen=True, slots=True)
class Rule:
    """A line from (x0, y0) to (x1, y1), level or upright."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_level(self) -> bool:
        return self.y1 - self.y0 <= _THIN and self.x1 - self.x0 > self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of one page but what stands aslant (a watermark). `pictured` is the share of it that pictures
    cover; `unseen` says the text is drawn invisibly, as under a scan. `sideways` are words set on their
    side, as the heads of narrow columns are."""

    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]
    pictured: float
    unseen: bool
    sideways: tuple[Word, ...] = ()


def sheet_of(page: pypdfium2.PdfPage) -> Sheet:
    turn = _Turn(page.get_size(), page.get_rotation(), page.get_bbox())
    textpage = page.get_textpage()
    try:
        words, sideways = _words(textpage, turn)
        if sideways.letters > sum(len(word.text) for word in words):  # so the page is read, turned
            turn = _Turn(page.get_size()[::-1], turn.degrees + sideways.degrees, page.get_bbox())
            words, sideways = _words(textpage, turn)
    finally:
        textpage.close()
    rules, pictured, unseen = _drawn(page, turn)
    lying = tuple(sideways.words())
    return Sheet(turn.width, turn.height, words, rules, pictured, unseen, lying)


class _Turn:
    """Coordinates of the file into coordinates of the page as it is shown."""

    def __init__(
        self,
        size: tuple[float, float],
        degrees: int,
        box: tuple[float, float, float, float],
    ) -> None:
        self.width, self.height = size
        self.degrees = degrees % 360
        self.left, self._bottom, self._right, self._top = box

    def point(self, x: float, y: float) -> tuple[float, float]:
        if not self.degrees:
            return x - self.left, self._top - y
        if self.degrees == 90:
            return y - self._bottom, x - self.left
        if self.degrees == 180:
            return self._right - x, y - self._bottom
        return self._top - y, self._right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Rule:
        (xa, ya), (xb, yb) = self.point(left, bottom), self.point(right, top)
        return Rule(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


def _function(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of pdfium that takes plain addresses: four times faster than one that checks them."""
    address = ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_unicode = _function("FPDFText_GetUnicode", ctypes.c_uint, _POINTER, _INT)
_loose_box = _function("FPDFText_GetLooseCharBox", _INT, _POINTER, _INT, _POINTER)
_tight_box = _function(
    "FPDFText_GetCharBox", _INT, _POINTER, _INT, _POINTER, _POINTER, _POINTER, _POINTER
)
_object = _function("FPDFText_GetTextObject", _POINTER, _POINTER, _INT)
_font = _function("FPDFTextObj_GetFont", _POINTER, _POINTER)
_advance = _function(
    "FPDFFont_GetGlyphWidth", _INT, _POINTER, ctypes.c_uint, ctypes.c_float, _POINTER
)
_origin = _function("FPDFText_GetCharOrigin", _INT, _POINTER, _INT, _POINTER, _POINTER)
_font_size = _function("FPDFText_GetFontSize", ctypes.c_double, _POINTER, _INT)
_matrix = _function("FPDFText_GetMatrix", _INT, _POINTER, _INT, _POINTER)
_angle = _function("FPDFText_GetCharAngle", ctypes.c_float, _POINTER, _INT)


# longer than a screen: a loop over millions of letters: each call in it would cost a tenth
def _words(textpage: pypdfium2.PdfTextPage, turn: _Turn) -> tuple[tuple[Word, ...], _Sideways]:
    """The words in the order in which they were drawn, and those on their side.

    pdfium puts a blank of no width where letters stand apart: it ends a word, but whether a reader
    sees a blank there is judged later, by the gap.
    """
    measure = _Measure(textpage, turn)
    sideways = _Sideways()
    words: list[Word] = []
    text: list[str] = []
    last = 0
    blank = True  # a real one stands before the word
    marked = False  # the last letter bears marks, after which pdfium sees no gap
    x0 = y0 = before = baseline = math.nan
    size, slant = 1.0, 0.0

    def close() -> None:
        if text != [_UNKNOWN]:  # alone it is a bullet
            right = measure.right(last)
            words.append(Word("".join(text), x0, right, y0, size, len(words), not blank))
        text.clear()

    for index in range(textpage.count_chars()):
        code = _unicode(measure.handle, index)
        if code in _BLANKS:
            if text:
                close()
                blank = False
            blank = blank or measure.width(index) > 0.01
            sideways.blank()
            continue
        x, y = measure.origin(index)
        if y != baseline:  # slanting text has a baseline of its own for each letter
            baseline = y
            slant = measure.slant(index)
        plain = 0x20 <= code < 0xD800 and code not in _HYPHENS
        letter = chr(code) if plain else measure.letter(code, index)
        if not -0.1 < slant < 0.1 or not letter:
            if letter and abs(abs(slant) - math.pi / 2) < 0.1:
                sideways.add(letter, x, y, slant, measure.size(index))
            continue
        if text and code in _MARKS:
            text.append(letter)
            marked = True
            continue
        if text and (
            abs(y - y0) > 0.05 * size
            or not -0.5 * size < x - before < 1.6 * size
            or (marked and x - measure.right(last) > BLANK * size)
        ):
            close()
            blank = False
        if not text:
            x0, y0, size = x, y, measure.size(index)
        text.append(letter)
        before, last, marked = x, index, False
    if text:
        close()
    return tuple(words), sideways


class _Sideways:
    """Letters that lie on their side, as they come."""

    def __init__(self) -> None:
        self.letters = 0
        self._falling = 0  # of them, read from the top down
        self._runs: list[tuple[list[str], float, list[float], float]] = []

    @property
    def degrees(self) -> int:
        """By how much the page is turned for most of them to stand."""
        return 270 if 2 * self._falling > self.letters else 90

    def add(self, letter: str, x: float, y: float, slant: float, size: float) -> None:
        self.letters += 1
        self._falling += slant > 0
        run = self._runs[-1] if self._runs else None
        if run is None or abs(run[1] - x) > 0.1 * size or abs(run[2][-1] - y) > 3 * size:
            run = ([], x, [], size)
            self._runs.append(run)
        run[0].append(letter)
        run[2].append(y)

    def blank(self) -> None:
        if self._runs:
            self._runs[-1][0].append(" ")

    def words(self) -> Iterator[Word]:
        """Each line as one word, in the middle of where it stands."""
        for order, (letters, x, ys, size) in enumerate(self._runs):
            text = " ".join("".join(letters).split())
            middle = (min(ys) + max(ys)) / 2 + 0.3 * size
            yield Word(text, x, x, middle, size, order, False)


class _Measure:
    """Where the letters of a page stand; few calls a letter, as there are thousands on each."""

    def __init__(self, textpage: pypdfium2.PdfTextPage, turn: _Turn) -> None:
        self.handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
        self._turn = turn
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._box, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._at = (ctypes.addressof(self._x), ctypes.addressof(self._y))
        self._box_at, self._matrix_at = map(ctypes.addressof, (self._box, self._matrix))
        self._upright = math.radians(turn.degrees)
        self._high = 0

    def origin(self, index: int) -> tuple[float, float]:
        """The left end of the letter's baseline."""
        _origin(self.handle, index, *self._at)
        return self._turn.point(self._x.value, self._y.value)

    def right(self, index: int) -> float:
        _loose_box(self.handle, index, self._box_at)
        box, turn = self._box, self._turn
        if turn.degrees:
            return turn.box(box.left, box.bottom, box.right, box.top).x1
        right = float(box.right) - turn.left
        return min(right, self._advanced(index)) if self._leans_out(index) else right

    def _leans_out(self, index: int) -> bool:
        """Whether the letter is drawn as far as its box goes: the box is wider than its advance."""
        return self._ink(index)[1] > float(self._box.right) - 0.01

    def _ink(self, index: int) -> tuple[float, float]:
        """The left and right ends of what is drawn of it."""
        sides = [ctypes.c_double() for _ in range(4)]
        _tight_box(self.handle, index, *map(ctypes.addressof, sides))
        return sides[0].value, sides[1].value

    def _advanced(self, index: int) -> float:
        """Where the letter that comes after it would begin."""
        width = ctypes.c_float()
        font = _font(_object(self.handle, index))
        if not _advance(font, _unicode(self.handle, index), 1.0, ctypes.addressof(width)):
            return math.inf
        return self.origin(index)[0] + width.value * self.size(index)

    def width(self, index: int) -> float:
        _loose_box(self.handle, index, self._box_at)
        box = self._box
        return float(max(box.right - box.left, box.top - box.bottom))

    def size(self, index: int) -> float:
        """The height of the letter's font as it is shown, never 0."""
        _matrix(self.handle, index, self._matrix_at)
        scale = math.hypot(self._matrix.c, self._matrix.d)
        return max(float(_font_size(self.handle, index)) * scale, 0.1)

    def slant(self, index: int) -> float:
        """How far it is turned clockwise, from -pi to pi."""
        return math.remainder(float(_angle(self.handle, index)) + self._upright, 2 * math.pi)

    def letter(self, code: int, index: int) -> str:
        """Empty for what is none, and for the first half of a letter beyond 16 bits; what is drawn
        but has no code is not left out unseen."""
        if 0xD800 <= code < 0xE000:
            high, self._high = self._high, code if code < 0xDC00 else 0
            if code < 0xDC00 or not high:
                return ""
            return chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00))
        if code in _HYPHENS:
            return "\u00ad"
        if not code:
            left, right = self._ink(index)
            return _UNKNOWN if right - left > 0.01 else ""
        return chr(code) if code >= 0x20 else ""


def _drawn(page: pypdfium2.PdfPage, turn: _Turn) -> tuple[tuple[Rule, ...], float, bool]:
    """Ruled lines, the share of the page under pictures, and whether all text is invisible."""
    rules: list[Rule] = []
    pictured = 0.0
    seen = unseen = 0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for at in range(min(pdfium.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        piece = pdfium.FPDFPage_GetObject(page.raw, at)
        kind = pdfium.FPDFPageObj_GetType(piece)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            mode = pdfium.FPDFTextObj_GetTextRenderMode(piece)
            unseen += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            seen += mode != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            continue
        if not pdfium.FPDFPageObj_GetBounds(piece, left, bottom, right, top):
            continue
        box = turn.box(left.value, bottom.value, right.value, top.value)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            rules.extend(_rules(piece, box, turn))
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            area = max(box.x1 - box.x0, 0) * max(box.y1 - box.y0, 0)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE or _holds_picture(piece):
                pictured += area / max(turn.width * turn.height, 1)
    return tuple(rules), min(pictured, 1.0), unseen > seen


def _holds_picture(form: Any) -> bool:
    count = pdfium.FPDFFormObj_CountObjects(form)
    return any(
        pdfium.FPDFPageObj_GetType(pdfium.FPDFFormObj_GetObject(form, at))
        == pdfium.FPDF_PAGEOBJ_IMAGE
        for at in range(min(count, 50))
    )


def _rules(path: Any, box: Rule, turn: _Turn) -> Iterator[Rule]:
    """A thin shape is a line, a frame is its four sides, any other path the level and upright ones."""
    if box.x1 - box.x0 <= _THIN or box.y1 - box.y0 <= _THIN:
        if max(box.x1 - box.x0, box.y1 - box.y0) > _THIN:
            yield box
        return
    fill, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroked)
    if not stroked.value and not fill.value:
        return  # a clipping frame
    count = pdfium.FPDFPath_CountSegments(path)
    if count > _MOST_SEGMENTS or not stroked.value:
        return  # a coloured ground has no lines of its own
    yield from _sides(_corners(path, count, turn))


def _corners(path: Any, count: int, turn: _Turn) -> list[list[tuple[float, float]]]:
    """The polygons of a path."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    polygons: list[list[tuple[float, float]]] = []
    for at in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = turn.point(
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO or not polygons:
            polygons.append([])
        polygons[-1].append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            polygons[-1].append(polygons[-1][0])
    return polygons


def _sides(polygons: Sequence[Sequence[tuple[float, float]]]) -> Iterator[Rule]:
    for polygon in polygons:
        for (xa, ya), (xb, yb) in itertools.pairwise(polygon):
            side = Rule(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
            if min(side.x1 - side.x0, side.y1 - side.y0) <= 0.5:
                yield side
