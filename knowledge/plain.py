"""Markdown and plain text: bytes into characters, with a word on what they are when not UTF-8."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import replace
from typing import Final

from knowledge.canonical import canonical
from knowledge.codified import as_enacted
from knowledge.columns import one_column
from knowledge.drawn import ruled_rows, tabbed_rows
from knowledge.errors import Rejected
from knowledge.flattened import restored
from knowledge.legacy import modern, vietnamese_share
from knowledge.markdown import is_markdown, without_marks
from knowledge.metadata import front_matter
from knowledge.reading import Reading
from knowledge.unruled import as_rows

# The commonest words of any official text, as each encoding shows them when taken for another.
_UNICODE: Final = re.compile(r"\b(?:và|của|các|là|có|được|về)\b")
MISREAD: Final = "UTF-8 bị đọc nhầm thành bảng mã khác"
_LEGACY: Final = {
    "TCVN3 (ABC)": re.compile(r"vµ|cña|c¸c|lµ|cã|vÒ|ViÖt|®Þnh|nghÞ"),
    "VNI": re.compile(r"vaø|cuûa|caùc|laø|coù|veà|Vieät|ñònh|nghò"),
    MISREAD: re.compile(r"cá»§a|vÃ|cÃ¡c|lÃ|Ä‘|Viá»‡t"),
}
_FOREIGN: Final = {
    b"%PDF-": "PDF",
    b"PK\x03\x04": "tệp nén hoặc tệp Office (.docx, .xlsx)",
    b"\xd0\xcf\x11\xe0": "tệp Office kiểu cũ (.doc, .xls)",
    b"{\\rtf": "RTF",
}
_TITLE: Final = re.compile(r"^# +(\S.*)$", re.MULTILINE)
_FEW: Final = 3  # of the commonest words, to know an encoding by
_MOSTLY: Final = 0.8  # of the words with a mark must be Vietnamese for bytes to be read so
_SAVE_AS_UTF8 = "Hãy mở tệp, chọn “Lưu thành” (Save As) với mã hoá UTF-8 rồi thêm lại."


def read_plain(data: bytes) -> Reading:
    for signature, name in _FOREIGN.items():
        if data.startswith(signature):
            raise Rejected(
                f"phần đuôi tệp là văn bản thuần nhưng nội dung là {name}. "
                "Hãy đổi lại đúng đuôi tệp rồi thêm lại."
            )
    header, text = front_matter(canonical(_one_column(tabbed_rows(in_unicode(decoded(data))))))
    text = ruled_rows(text)
    plain = as_enacted(without_marks(text) if is_markdown(text) else text)
    return Reading(as_rows(restored(plain)), header=header)


def _one_column(text: str) -> str:
    return "\n".join(one_column(text.splitlines())) if "\t" in text or "   " in text else text


def read_markdown(data: bytes) -> Reading:
    reading = read_plain(data)
    text = without_marks(reading.text)
    title = _TITLE.search(text)
    return replace(reading, text=text, hints={"title": title[1] if title else ""})


def decoded(data: bytes) -> str:
    """UTF-8, or UTF-16 that says so; anything else is rejected with the encoding it looks like."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Rejected(f"tệp UTF-16 bị hỏng. {_SAVE_AS_UTF8}") from error
    if b"\0" in data:
        even, odd = data[0::2].count(0), data[1::2].count(0)
        if max(even, odd) > len(data) // 8 and min(even, odd) < max(even, odd) // 8:
            raise Rejected(f"tệp có vẻ dùng mã UTF-16 mà không ghi rõ. {_SAVE_AS_UTF8}")
        raise Rejected("tệp không phải văn bản mà là dữ liệu nhị phân. Hãy thêm tệp gốc đúng loại.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _old_letters(data) or _refused(error)


def _refused(error: UnicodeDecodeError) -> str:
    place = f"tệp không dùng mã UTF-8, hoặc bị hỏng từ byte thứ {error.start + 1}."
    raise Rejected(f"{place} {_SAVE_AS_UTF8}") from error


def _old_letters(data: bytes) -> str:
    """The bytes of Windows-1258, or of an old font as it shows them; empty where they are neither."""
    shown = data.decode("latin-1")
    windows = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    readings = {windows: vietnamese_share(windows), shown: vietnamese_share(in_unicode(shown))}
    best = max(readings, key=lambda reading: readings[reading])
    return best if readings[best] >= _MOSTLY else ""


def in_unicode(text: str) -> str:
    """`text` with letters of old fonts made Unicode; UTF-8 misread looks like them and stays."""
    return text if legacy_encoding(text) == MISREAD else modern(text)


def legacy_encoding(text: str) -> str | None:
    """The old encoding most of `text` is still written in, or None."""
    modern = len(_UNICODE.findall(unicodedata.normalize("NFC", text)))
    counts = {name: len(pattern.findall(text)) for name, pattern in _LEGACY.items()}
    name = max(counts, key=lambda key: counts[key])
    return name if counts[name] >= _FEW and counts[name] > modern else None
