"""Pages of PDF as offices make them, drawn word by word: what a reader of PDF has to put together."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

LEFT, RIGHT, TOP = 85.0, 555.0, 790.0
INDENT = 28.0


class Pages:
    """A document in the making; `at` is the baseline of the line to come."""

    def __init__(self, font: str, size: float = 12) -> None:
        self._stream = io.BytesIO()
        self.canvas = Canvas(self._stream, pagesize=A4)
        self.font, self.size, self.at = font, size, TOP

    def text(self, x: float, words: str, size: float = 0, rise: float = 0) -> float:
        """Words on the line to come, from `x`; gives where they end."""
        size = size or self.size
        self.canvas.setFont(self.font, size)
        self.canvas.drawString(x, self.at + rise, words)
        return x + float(stringWidth(words, self.font, size))

    def line(self, words: str, x: float = LEFT, size: float = 0) -> None:
        self.text(x, words, size)
        self.at -= 18

    def centred(self, words: str, middle: float = (LEFT + RIGHT) / 2) -> None:
        self.line(words, middle - stringWidth(words, self.font, self.size) / 2)

    def paragraph(
        self, words: str, left: float = LEFT, right: float = RIGHT, indent: float = INDENT
    ) -> None:
        """Justified, as long as it takes; "word^3" has a raised mark."""
        row: list[str] = []
        start = left + indent
        for word in words.split():
            if row and start + self._width([*row, word]) > right:
                self._justified(row, start, right)
                row, start = [], left
            row.append(word)
        self._justified(row, start, None)
        self.at -= 4

    def page(self) -> None:
        self.canvas.showPage()
        self.at = TOP

    def table(self, rows: Sequence[Sequence[str]], edges: Sequence[float]) -> None:
        """Ruled; a cell of "^" belongs to the one above."""
        height = 20.0
        for row in rows:
            for cell, x0, x1 in zip(row, edges, edges[1:], strict=False):
                if cell != "^":
                    self.canvas.line(x0, self.at + 14, x1, self.at + 14)
                    self.text(x0 + 4, cell)
            for x in edges:
                self.canvas.line(x, self.at + 14, x, self.at + 14 - height)
            self.at -= height
        self.canvas.line(edges[0], self.at + 14, edges[-1], self.at + 14)

    def data(self) -> bytes:
        self.canvas.save()
        return self._stream.getvalue()

    def _width(self, row: Sequence[str]) -> float:
        plain = " ".join(word.split("^")[0] for word in row)
        return float(stringWidth(plain, self.font, self.size))

    def _justified(self, row: Sequence[str], x: float, right: float | None) -> None:
        blank = stringWidth(" ", self.font, self.size)
        if right and len(row) > 1:
            blank += (right - x - self._width(row)) / (len(row) - 1)
        for word in row:
            plain, _, mark = word.partition("^")
            end = self.text(x, plain)
            x = (self.text(end, mark, 0.6 * self.size, 0.35 * self.size) if mark else end) + blank
        self.at -= 18
