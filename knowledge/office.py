"""Old Word, OpenDocument, RTF and slides, by LibreOffice; plain RTF also without it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from knowledge.archive import refuse_bombs
from knowledge.docx import read_docx
from knowledge.errors import Rejected
from knowledge.pace import SLOW, next_step
from knowledge.reading import Reading
from knowledge.rtf import prepared
from knowledge.slides import slides_of

_SECONDS = 120  # for one file; LibreOffice needs 4
_OLD = b"\xd0\xcf\x11\xe0"
_MISSING = (
    "cần LibreOffice để đọc loại tệp này. Hãy cài LibreOffice (gói libreoffice-writer, "
    "libreoffice-impress) hoặc mở tệp rồi lưu lại thành {other}."
)
_LOCKED = "tệp bị khoá bằng mật khẩu. Hãy bỏ mật khẩu, lưu lại rồi thêm lại."
_MISNAMED = "đuôi tệp không đúng với nội dung bên trong. Hãy tải lại bản gốc."


def read_doc(data: bytes) -> Reading:
    if data.startswith(b"{\\rtf"):
        return read_rtf(data)
    if data.startswith(b"PK"):
        return read_docx(data)
    _refuse_foreign(data, _OLD)
    _refuse_without(data, "WordDocument")
    return read_docx(_converted(data, ".doc", "docx"))


def read_odt(data: bytes) -> Reading:
    _refuse_foreign(data, b"PK")
    refuse_bombs(data)
    return read_docx(_converted(data, ".odt", "docx"))


def read_ppt(data: bytes) -> Reading:
    if data.startswith(b"PK"):
        return read_pptx(data)
    _refuse_foreign(data, _OLD)
    _refuse_without(data, "PowerPoint Document")
    return read_pptx(_converted(data, ".ppt", "pptx"))


def read_rtf(data: bytes) -> Reading:
    if data.lstrip()[:5] != b"{\\rtf":
        raise Rejected(_MISNAMED)
    if _libreoffice():
        return read_docx(_converted(prepared(data), ".rtf", "docx"))
    if b"\\trowd" in data:  # striprtf knows no merged cells: figures would stand under other heads
        raise Rejected(_MISSING.format(other=".docx hoặc .pdf"))
    written = data.decode("latin-1")
    return Reading(rtf_to_text(written, encoding="cp1252", errors="replace"))  # type: ignore[no-untyped-call]


def read_pptx(data: bytes) -> Reading:
    if data.startswith(_OLD):
        raise Rejected(_LOCKED)
    _refuse_foreign(data, b"PK")
    refuse_bombs(data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        reading = slides_of(package)
    if reading is None:
        raise Rejected(_MISNAMED)
    return reading


def _refuse_foreign(data: bytes, expected: bytes) -> None:
    if not data.startswith(expected):
        raise Rejected(_MISNAMED)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Rejected(_LOCKED)


def _refuse_without(data: bytes, stream: str) -> None:
    """What lacks its directory LibreOffice may take for text in some Chinese encoding."""
    if stream.encode("utf-16-le") not in data:
        raise Rejected("tệp bị hỏng, không đọc được. Hãy tải lại bản gốc.")


def _libreoffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _converted(data: bytes, suffix: str, wanted: str) -> bytes:
    """What LibreOffice makes of a file, with a profile of its own that leaves no trace."""
    program = _libreoffice()
    if program is None:
        raise Rejected(_MISSING.format(other=f".{wanted} hoặc .pdf"))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"tep{suffix}")
        source.write_bytes(data)
        command = [
            program, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless",
            "--norestore", "--convert-to", wanted, "--outdir", folder, str(source),
        ]  # fmt: skip
        next_step(SLOW)
        try:
            subprocess.run(  # the program is LibreOffice, the file a copy of ours
                command, check=True, capture_output=True, timeout=_SECONDS,
                env={**os.environ, "HOME": folder},
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            raise Rejected(
                "LibreOffice không mở được tệp này. Hãy mở và lưu lại thành .docx."
            ) from error
        next_step()
        made = source.with_suffix(f".{wanted}")
        if not made.is_file():
            raise Rejected(
                "LibreOffice không đọc được tệp này; tệp có thể đã hỏng hoặc có mật khẩu. Hãy tải lại bản gốc."
            )
        return made.read_bytes()
