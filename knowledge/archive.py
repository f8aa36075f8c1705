"""What holds for every package of XML in a zip file (.docx, .xlsx, .pptx, .odt)."""

from __future__ import annotations

import io
import zipfile

from knowledge.errors import Rejected

_MOST_UNPACKED = 300 * 1024 * 1024
_MOST_PART = 120 * 1024 * 1024  # of XML: its tree takes ten times that


def refuse_bombs(data: bytes) -> None:
    """Refuses what would unpack to more than a machine should bear; a broken zip raises."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
    if sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Rejected("tệp bung ra quá lớn (hơn 300 MB). Hãy bỏ bớt hình rồi lưu lại.")
    if any(part.file_size > _MOST_PART and part.filename.endswith(".xml") for part in parts):
        raise Rejected("tệp bung ra quá lớn (hơn 120 MB chữ). Hãy tách thành nhiều tệp.")
