"""Which files there are to read, and which are only out of reach for the moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.store.stamps import Stamp
from index.store.unread import RejectedFile
from knowledge.errors import NothingToIndex
from knowledge.load import documents_under, is_folder


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A library file by the name it has in the index."""

    name: str
    file: Path
    library: Path


@dataclass(frozen=True, slots=True)
class Found:
    """What the library folders hold."""

    files: tuple[LibraryFile, ...]  # by name
    doubles: tuple[RejectedFile, ...]  # whose name another library's file has already
    unreachable: Mapping[str, str]  # known documents whose folder is not there now, and why


def found_in(libraries: Sequence[Path], known: Iterable[str], stamps: Mapping[str, Stamp]) -> Found:
    """Raises NothingToIndex for a folder that is not there and of which nothing is known."""
    there = [library for library in libraries if library.exists()]
    files: dict[str, LibraryFile] = {}
    twice: list[str] = []
    for library in there:
        root = library.parent if library.is_file() else library
        for file in documents_under(library):
            name = file.relative_to(root).as_posix()
            if name in files:
                twice.append(name)
            else:
                files[name] = LibraryFile(name, file, root)
    closed = [one.file for one in files.values() if is_folder(one.file)]
    known = sorted(known)
    why = {name: _why_unreachable(name, stamps.get(name), libraries, closed) for name in known}
    unreachable = {name: reason for name, reason in why.items() if reason}
    _refuse_unknown([one for one in libraries if one not in there], unreachable, stamps)
    twice += [name for name in files if name in unreachable]
    double = "trùng tên với một tệp ở thư mục khác; hãy đổi tên một trong hai"
    return Found(
        tuple(files[name] for name in sorted(files) if name not in unreachable),
        tuple(RejectedFile(name, double) for name in twice),
        unreachable,
    )


def _refuse_unknown(
    missing: Sequence[Path], unreachable: Mapping[str, str], stamps: Mapping[str, Stamp]
) -> None:
    """A folder that never held anything is a slip in the settings, not one that is gone."""
    held = [Path(stamps[name].file) for name in unreachable if name in stamps]
    unknown = [
        one for one in missing if not any(file.is_relative_to(one.resolve()) for file in held)
    ]
    if unknown:
        names = ", ".join(map(str, unknown))
        raise NothingToIndex(f"Không có tệp hay thư mục: {names}")


def _why_unreachable(
    name: str, stamp: Stamp | None, libraries: Sequence[Path], closed: Sequence[Path]
) -> str:
    """Empty where a document's folder is there: what is not in it was removed on purpose."""
    if stamp:
        file = Path(stamp.file)
        library = next((one for one in libraries if file.is_relative_to(one.resolve())), None)
        if library is None:
            return ""  # its library is no longer asked for
        if not _is_there(library):
            return _gone(library)
        if any(file.is_relative_to(folder.resolve()) for folder in closed):
            return "không mở được thư mục chứa tệp này"
        return "" if _is_there(file.parent) else _gone(file.parent)
    folders = [one / name for one in libraries]  # where it was is not known: in any of them
    if any(_is_there(file.parent) for file in folders):
        return ""
    return _gone(folders[0].parent)


def _gone(folder: Path) -> str:
    return f"không thấy thư mục {folder}. Nếu đã bỏ hẳn, hãy tạo lại thư mục ấy (để trống) rồi chạy lại"


def _is_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:  # it cannot be looked at: a network's folder, a folder above that is closed
        return False
