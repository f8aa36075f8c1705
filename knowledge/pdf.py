"""PDF with a text layer, laid out again from what stands on its pages; scans and locked files are
told from it."""

from __future__ import annotations

import pypdfium2

from knowledge.canonical import canonical
from knowledge.errors import Rejected
from knowledge.pdf_flow import Flow, body_size, manner_of
from knowledge.pdf_glyphs import Sheet, sheet_of
from knowledge.pdf_layout import Page, arranged
from knowledge.pdf_lines import lines_of
from knowledge.pdf_tables import tables_of
from knowledge.reading import MOST_CHARACTERS, Reading

_FEW_LETTERS = 30  # a stamp or the caption of a digital signature, not a page of text
_SCAN_ADVICE = (
    "Hãy xin bản có chữ từ nơi ban hành, hoặc nhận dạng chữ (OCR) rồi lưu thành .docx hoặc .pdf."
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


def _reading(document: pypdfium2.PdfDocument) -> Reading:
    pages: list[Page] = []
    scans: list[int] = []
    letters = 0
    for index in range(len(document)):
        page = document[index]
        sheet = sheet_of(page)
        page.close()
        if _letters(sheet) < _FEW_LETTERS and sheet.pictured > 0:
            scans.append(index + 1)
        letters += sum(len(word.text) for word in sheet.words)
        pages.append(_page(index + 1, sheet))
        if letters > MOST_CHARACTERS:
            break
    if scans and 2 * len(scans) >= len(pages):
        raise Rejected(
            f"tệp PDF là bản quét (ảnh chụp), {len(scans)} trên {len(pages)} trang không có chữ "
            f"để đọc. {_SCAN_ADVICE}"
        )
    listed = ", ".join(map(str, scans))
    note = f"Trang {listed} là ảnh quét, chưa đọc được chữ." if scans else ""
    text, starts = _text(pages)
    return Reading(text, starts, hints={"note": note})


def _page(number: int, sheet: Sheet) -> Page:
    tables, words = tables_of(number, sheet.words, sheet.rules)
    return Page(number, sheet.width, sheet.height, tuple(lines_of(words)), tuple(tables))


def _letters(sheet: Sheet) -> int:
    return sum(sum(map(str.isalpha, word.text)) for word in sheet.words)


def _text(pages: list[Page]) -> tuple[str, tuple[int, ...]]:
    """The canonical text and where in it each page begins."""
    body = body_size(pages)
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for stretches in Flow(arranged(pages, body), manner_of(pages, body)).lines():
        glue = "\n" if pieces else ""
        for page, words in stretches:
            glue = glue or (" " if words[:1] == " " else "")
            length += len(glue)
            while len(starts) < page:
                starts.append(length)
            pieces.append(glue + canonical(" ".join(words.split())))
            length += len(pieces[-1]) - len(glue)
            glue = ""
    starts.extend([length] * (len(pages) - len(starts)))
    return "".join(pieces), tuple(starts)
