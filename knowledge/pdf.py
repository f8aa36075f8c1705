"""PDF with a text layer; scans and locked files are told from it."""

from __future__ import annotations

import re

import pypdfium2
import pypdfium2.raw

from knowledge.canonical import canonical
from knowledge.errors import Rejected
from knowledge.reading import MOST_CHARACTERS, Reading

_FEW_LETTERS = 30  # a stamp or the caption of a digital signature, not a page of text
_ENDS = re.compile(r"[.;:!?…”\"]$")
_POINT = re.compile(r"[a-zđ]{1,2}\)|[a-zđ]\.")  # "a) …" begins a line of its own
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
    text, starts, scans = "", [], []
    for index in range(len(document)):
        page = document[index]
        words = _page_text(page, index)
        if sum(map(str.isalpha, words)) < _FEW_LETTERS and _has_image(page):
            scans.append(index + 1)
        # Page by page, so that text stays canonical as a whole and offsets hold.
        text = f"{text}\n{words}" if text and words else text or words
        starts.append(len(text) - len(words))
        if len(text) > MOST_CHARACTERS:
            break
        page.close()
    if scans and 2 * len(scans) >= len(starts):
        raise Rejected(
            f"tệp PDF là bản quét (ảnh chụp), {len(scans)} trên {len(starts)} trang không có chữ "
            f"để đọc. {_SCAN_ADVICE}"
        )
    listed = ", ".join(map(str, scans))
    note = f"Trang {listed} là ảnh quét, chưa đọc được chữ." if scans else ""
    return Reading(text, tuple(starts), hints={"note": note})


def _page_text(page: pypdfium2.PdfPage, index: int) -> str:
    textpage = page.get_textpage()
    # pdfium writes U+FFFE where a word is hyphenated at the end of a line.
    lines = canonical(textpage.get_text_bounded().replace("\ufffe", "-")).split("\n")
    textpage.close()
    number = {str(index), str(index + 1)}  # of the page, printed above or below the text
    for edge in (0, -1):
        if len(lines) > 1 and lines[edge].strip(" -–") in number:
            del lines[edge]
    return canonical("\n".join(_unwrapped(lines)))


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines joined only where one certainly runs on: it ends in no stop, the next begins small."""
    whole: list[str] = []
    for line in lines:
        runs_on = line[:1].islower() and not _POINT.match(line)
        if whole and whole[-1] and runs_on and not _ENDS.search(whole[-1]):
            whole[-1] += " " + line
        else:
            whole.append(line)
    return whole


def _has_image(page: pypdfium2.PdfPage) -> bool:
    images = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)
    return next(iter(images), None) is not None
