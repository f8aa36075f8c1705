"""PDF with a text layer, laid out again from what stands on its pages; scans and locked files are
told from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.errors import Rejected
from knowledge.legible import is_legible
from knowledge.ocr import DPI, FEW_LETTERS, Seen, doubts_of, letters_of, open_ocr
from knowledge.pace import SLOW, next_step
from knowledge.pdf_flow import text_of
from knowledge.pdf_glyphs import sheet_of
from knowledge.pdf_layout import Page, page_of
from knowledge.pdf_stamps import unstamped
from knowledge.reading import MOST_CHARACTERS, Reading

_MOST_PIXELS: Final = 5_000  # of a page's longer side
_SCAN_ADVICE: Final = (
    "Hãy xin bản có chữ từ nơi ban hành, hoặc nhận dạng chữ (OCR) tiếng Việt rồi lưu thành .docx "
    "hoặc .pdf; `cdsbot doctor` chỉ cách để máy này tự đọc bản quét."
)


def read_pdf(data: bytes) -> Reading:
    if b"%PDF-" not in data[:1024]:
        raise Rejected("tệp có đuôi .pdf nhưng nội dung không phải PDF. Hãy tải lại bản gốc.")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Rejected(
                "tệp PDF bị khoá bằng mật khẩu. Hãy mở khoá, lưu bản không mật khẩu rồi thêm lại."
            ) from error
        raise Rejected("tệp PDF bị hỏng, không mở được. Hãy tải lại bản gốc.") from error
    try:
        return _reading(document)
    finally:
        document.close()


@dataclass(slots=True)
class _Found:
    """What the pages of a file turn out to hold."""

    pages: list[Page] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)  # pictures that nothing here can read
    garbled: list[int] = field(default_factory=list)  # whose text layer is no text
    doubts: list[str] = field(default_factory=list)


def _reading(document: pypdfium2.PdfDocument) -> Reading:
    found = _Found()
    letters = 0
    for index in range(len(document)):
        next_step()
        page = _as_shown(document, index)
        _add(found, index + 1, page)
        page.close()
        letters += sum(len(line.text) for line in found.pages[-1].lines)
        if letters > MOST_CHARACTERS:
            break
    next_step()
    left_out = len(found.bare) + len(found.garbled)
    if left_out and 2 * left_out >= len(found.pages):
        raise Rejected(_refusal(found))
    told = [
        f"Trang {_listed(numbers)} {what}."
        for numbers, what in (
            (found.bare, "là ảnh quét, chưa đọc được chữ"),
            (found.garbled, "có lớp chữ không đọc được thành tiếng Việt nên bỏ qua"),
        )
        if numbers
    ]
    text, starts = text_of(found.pages)
    hints = {"note": " ".join(told)}
    return Reading(text, starts, {}, hints, tuple(found.scanned), (*told, *found.doubts))


def _as_shown(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    """A page with what is pinned on it: number and date written in when it was signed, filled fields."""
    page = document[index]
    if not pdfium.FPDFPage_GetAnnotCount(page.raw):
        return page
    pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return document[index]


def _add(found: _Found, number: int, page: pypdfium2.PdfPage) -> None:
    """One page, by its text layer where that is sound, else by OCR, else empty."""
    sheet = unstamped(sheet_of(page))
    bare = letters_of(sheet) < FEW_LETTERS and sheet.pictured > 0
    under_scan = sheet.pictured > 0.7
    if not bare and is_legible(" ".join(word.text for word in sheet.words), under_scan):
        if under_scan and sheet.unseen:
            found.scanned.append(number)
        found.pages.append(page_of(number, sheet))
        return
    seen = _seen(page)
    if seen and (letters_of(seen.sheet) >= FEW_LETTERS or not bare):
        found.doubts.extend(doubts_of(number, seen))
        found.scanned.append(number)
        found.pages.append(page_of(number, unstamped(seen.sheet), scanned=True))
        return
    (found.bare if bare else found.garbled).append(number)
    found.pages.append(Page(number, sheet.width, sheet.height, ()))


def _seen(page: pypdfium2.PdfPage) -> Seen | None:
    ocr = open_ocr()
    if ocr is None:
        return None
    next_step(SLOW)
    scale = min(DPI / 72, _MOST_PIXELS / max(page.get_size()))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    return ocr.read(picture.getchannel("R"))  # in which a red stamp is as white as the paper


def _refusal(found: _Found) -> str:
    pages = len(found.pages)
    if found.bare:
        return (
            f"tệp PDF là bản quét (ảnh chụp), {len(found.bare)} trên {pages} trang không có chữ để "
            f"đọc. {_SCAN_ADVICE}"
        )
    return (
        f"lớp chữ của tệp PDF không đọc được thành tiếng Việt ở {len(found.garbled)} trên {pages} "
        f"trang (thường do nhận dạng chữ không phải tiếng Việt). {_SCAN_ADVICE}"
    )


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
