"""Files into documents: which files a library holds, one reader per format, every failure named."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Final, cast

from knowledge.canonical import canonical
from knowledge.document import Document
from knowledge.errors import Rejected
from knowledge.metadata import SIDECAR_SUFFIXES, metadata_of, sidecar_beside
from knowledge.plain import in_unicode, legacy_encoding, read_markdown, read_plain
from knowledge.reading import MOST_CHARACTERS, Reading
from knowledge.vietnamese import nfc

MOST_BYTES: Final = 50 * 1024 * 1024
Reader = Callable[[bytes], Reading]


def _from(module: str, name: str) -> Reader:
    """A reader whose libraries are imported when it is first needed: most runs need none of them."""

    def read(data: bytes) -> Reading:
        return cast(Reader, getattr(import_module(f"knowledge.{module}"), name))(data)

    return read


_READERS: Final[Mapping[str, Reader]] = {
    ".md": read_markdown,
    ".txt": read_plain,
    **dict.fromkeys((".html", ".htm"), _from("html", "read_html")),
    ".pdf": _from("pdf", "read_pdf"),
    ".docx": _from("docx", "read_docx"),
    ".xlsx": _from("spreadsheet", "read_xlsx"),
    ".xls": _from("spreadsheet", "read_xls"),
    ".ods": _from("opensheet", "read_ods"),
    ".csv": _from("opensheet", "read_csv"),
    ".doc": _from("office", "read_doc"),
    ".rtf": _from("office", "read_rtf"),
    ".odt": _from("office", "read_odt"),
    ".ppt": _from("office", "read_ppt"),
    ".pptx": _from("office", "read_pptx"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), _from("picture", "read_picture")),
}
_ADVICE: Final = {
    ".docm": "Hãy mở bằng Word và lưu lại thành .docx.",
    ".zip": "Hãy giải nén và thêm từng văn bản.",
    ".rar": "Hãy giải nén và thêm từng văn bản.",
    ".yaml": "Không thấy văn bản nào cùng tên ở bên cạnh để thông tin này đi kèm.",
    ".yml": "Không thấy văn bản nào cùng tên ở bên cạnh để thông tin này đi kèm.",
}
_ACCEPTED: Final = "Hãy lưu lại thành .docx, .pdf, .html, .md hoặc .txt."
_LEFTOVER: Final = re.compile(
    r"\.|~\$|.*(?:~|\.(?:tmp|bak|swp|part|crdownload|lock))$|(?:thumbs\.db|desktop\.ini)$", re.I
)


def documents_under(library: Path) -> Iterator[Path]:
    """Files that may be documents, ordered by relative path; a folder that cannot be listed too.

    Hidden files, editors' leftovers, sidecars and links that lead outside are passed over.
    """
    if library.is_file():
        yield library
        return
    files: list[Path] = []

    def unlistable(error: OSError) -> None:
        files.append(Path(error.filename))  # reading it tells why; silence would drop its files

    root = library.resolve()
    for folder, folders, names in os.walk(library, onerror=unlistable):
        inside = Path(folder).resolve().is_relative_to(root)
        folders[:] = [name for name in folders if not _LEFTOVER.match(name)]
        files.extend(
            file
            for file in (Path(folder, name) for name in names if not _LEFTOVER.match(name))
            if _leads_inside(file, root, inside) and not _is_sidecar(file, names)
        )
    yield from sorted(files, key=lambda file: file.relative_to(library).as_posix())


def read_document(file: Path, library: Path) -> Document:
    """`file` as canonical text and metadata; `Rejected`, in Vietnamese, where it cannot be read."""
    path = file.name if file == library else file.relative_to(library).as_posix()
    if re.search(r"[\x00-\x1f\ud800-\udfff]", path):
        raise Rejected("tên tệp có ký tự không đọc được. Hãy đặt lại tên tệp.")
    suffix = file.suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None and not is_folder(file):
        advice = _ADVICE.get(suffix, _ACCEPTED)
        raise Rejected(f"chưa đọc được loại tệp {suffix or 'không có đuôi'}. {advice}")
    data = _bytes_of(file)
    sidecar = sidecar_beside(file)
    reading = _reading(reader or read_plain, data)
    words = in_unicode(reading.text)
    text = canonical(words)
    _refuse_unreadable(text, words)
    metadata = metadata_of(nfc(file.stem), text, sidecar, reading.header, reading.hints)
    pages = _pages_in(text, reading)
    return Document(path, text, metadata, pages, reading.scanned, reading.doubts)


def is_folder(file: Path) -> bool:
    """Not so where it cannot be looked at."""
    try:
        return file.is_dir()
    except OSError:
        return False


def _pages_in(text: str, reading: Reading) -> tuple[int, ...]:
    """Where pages begin in `text`, in which two old letters may have become one: on the same lines."""
    if not reading.pages or text == reading.text:
        return reading.pages
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    found = []
    for at in reading.pages:
        number = reading.text.count("\n", 0, at)
        within = at - (reading.text.rfind("\n", 0, at) + 1)
        first, end = starts[min(number, len(starts) - 2)], starts[min(number + 1, len(starts) - 1)]
        found.append(min(first + within, end - 1, len(text)))
    return tuple(found)


def _leads_inside(file: Path, root: Path, folder_is: bool) -> bool:
    try:
        if not file.is_symlink():
            return folder_is and file.is_file()
        return file.is_file() and file.resolve().is_relative_to(root)
    except PermissionError:
        return True  # reading it tells why
    except (OSError, RuntimeError):  # a loop of links
        return False


def _is_sidecar(file: Path, names: list[str]) -> bool:
    """`plan.pdf.yaml` or `plan.yaml` beside `plan.pdf`."""
    if file.suffix.lower() not in SIDECAR_SUFFIXES:
        return False
    return any(
        file.stem in (name, Path(name).stem) and Path(name).suffix.lower() in _READERS
        for name in names
    )


def _bytes_of(file: Path) -> bytes:
    """All of the file as it was at one moment."""
    try:
        with file.open("rb") as stream:
            before = os.fstat(stream.fileno())
            if before.st_size > MOST_BYTES:
                raise Rejected(
                    "tệp quá lớn (hơn 50 MB). Hãy tách thành nhiều tệp hoặc bỏ bớt hình."
                )
            data = stream.read(MOST_BYTES + 1)
            after = os.fstat(stream.fileno())
    except PermissionError as error:
        raise Rejected(
            "không có quyền đọc. Hãy cấp quyền đọc cho người chạy chương trình."
        ) from error
    except FileNotFoundError as error:
        raise Rejected("tệp vừa bị xoá hoặc đổi tên trong lúc đọc. Hãy lập lại chỉ mục.") from error
    except OSError as error:
        raise Rejected(f"ổ đĩa hoặc mạng báo lỗi khi đọc ({error.strerror}).") from error
    if len(data) != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise Rejected("tệp đang được ghi trong lúc đọc. Hãy đợi chép xong rồi lập lại chỉ mục.")
    if not data:
        raise Rejected("tệp rỗng. Hãy chép lại tệp gốc.")
    return data


def _reading(reader: Reader, data: bytes) -> Reading:
    """The one place where a format library's failure, whatever its class, gets a name of ours."""
    try:
        return reader(data)
    except Rejected:
        raise
    except Exception as error:
        raise Rejected("tệp bị hỏng, không đọc được. Hãy tải lại bản gốc.") from error


def _refuse_unreadable(text: str, original: str) -> None:
    """Text that is none: nothing, far too much, garbage, or letters of an old encoding."""
    if not text.strip():
        raise Rejected("tệp không có chữ nào. Hãy kiểm tra lại nội dung.")
    if len(text) > MOST_CHARACTERS:
        raise Rejected("văn bản quá dài (hơn 5 triệu ký tự). Hãy tách thành nhiều tệp.")
    letters = sum(map(str.isalpha, text))
    if letters < 2 or text.count("\ufffd") * 20 > letters:
        raise Rejected("nội dung không phải chữ đọc được. Hãy kiểm tra lại hoặc tải lại bản gốc.")
    if encoding := legacy_encoding(original):
        raise Rejected(
            f"chữ trong tệp có vẻ dùng bảng mã {encoding}. "
            "Hãy chuyển sang Unicode (chẳng hạn bằng UniKey) rồi thêm lại."
        )
