"""Photographs and scans of pages that are no PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from knowledge.errors import Rejected
from knowledge.ocr import DPI, FEW_LETTERS, doubts_of, letters_of, open_ocr
from knowledge.pace import SLOW, next_step
from knowledge.pdf_flow import text_of
from knowledge.pdf_layout import page_of
from knowledge.reading import Reading

if TYPE_CHECKING:
    from PIL import Image

_A4: Final = 11.7 * DPI  # pixels of a page's longer side
_MOST_PIXELS: Final = 120_000_000  # a sheet of A3 at 600 dots an inch is 70 million
_MOST_PAGES: Final = 300
_ORIENTATION: Final = 0x0112  # of EXIF: which way the camera was held


def read_picture(data: bytes) -> Reading:
    """Every frame is a page. Raises Rejected where nothing here can read, or there is nothing to."""
    ocr = open_ocr()
    if ocr is None:
        raise Rejected(
            "ảnh chụp cần chương trình đọc bản quét, máy này chưa có: xem `cdsbot doctor`. Hoặc hãy "
            "nhận dạng chữ (OCR) rồi lưu thành .docx."
        )
    seen = [ocr.read(picture) for picture in _pages(data)]
    next_step()
    if sum(letters_of(page.sheet) for page in seen) < FEW_LETTERS:
        raise Rejected("không thấy chữ in nào trong ảnh. Hãy chụp hoặc quét lại cho rõ.")
    text, starts = text_of([page_of(at, page.sheet, True) for at, page in enumerate(seen, 1)])
    numbers = tuple(range(1, len(seen) + 1))
    doubts = [doubt for number in numbers for doubt in doubts_of(number, seen[number - 1])]
    return Reading(text, starts, scanned=numbers, doubts=tuple(doubts))


def _red_of(frame: Image.Image) -> Image.Image:
    """The channel in which a red stamp is as white as the paper, with no more copies than that takes."""
    red = (frame if frame.mode == "RGB" else frame.convert("RGB")).getchannel("R")
    red.getexif()[_ORIENTATION] = frame.getexif().get(_ORIENTATION, 1)
    return red


def _pages(data: bytes) -> Iterator[Image.Image]:
    from PIL import Image, ImageOps, ImageSequence

    with Image.open(io.BytesIO(data)) as file:
        if file.width * file.height > _MOST_PIXELS:
            raise Rejected("ảnh quá lớn. Hãy quét lại ở 200-300 điểm mỗi inch.")
        for number, frame in enumerate(ImageSequence.Iterator(file)):
            if number == _MOST_PAGES:
                raise Rejected(f"ảnh có hơn {_MOST_PAGES} trang. Hãy tách thành nhiều tệp.")
            next_step(SLOW)
            upright = ImageOps.exif_transpose(_red_of(frame))
            scale = _A4 / max(upright.size)
            page = upright.resize((round(upright.width * scale), round(upright.height * scale)))
            del upright
            if getattr(file, "n_frames", 1) == 1:
                file.close()  # which may hold a quarter of a gigabyte that reading the page needs
                yield page
                return
            yield page
