"""Whether the disk has room for a reindex, told before the work rather than after hours of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from knowledge.errors import StorageFailed
from knowledge.load import MOST_BYTES

A_PASSAGE = 12_000  # bytes at least: its tokens, vectors, postings and words
_LEAST = 4 << 20  # bytes, of the smallest index
# bytes of an index for each byte of a file; of formats that hold more than words, what is certain
_LETTERS = 20
_GROWTH = {".md": _LETTERS, ".txt": _LETTERS, ".html": _LETTERS / 4, ".htm": _LETTERS / 4}
_OTHERS = 0.5


def needed_for(files: Iterable[Path]) -> int:
    """Bytes that an index of these files takes at least; one that cannot be looked at takes none."""
    return _LEAST + sum(map(_needed, files))


def _needed(file: Path) -> int:
    try:
        size = min(file.stat().st_size, MOST_BYTES)  # what is longer is refused
    except OSError:
        return 0
    return int(size * _GROWTH.get(file.suffix.lower(), _OTHERS))


def require(data: Path, needed: int) -> None:
    """Raises StorageFailed where there are not so many bytes left."""
    free = shutil.disk_usage(data).free
    if free < needed:
        raise StorageFailed(
            f"Đĩa của {data} còn trống {free / 2**20:.0f} MB, lập chỉ mục cần khoảng "
            f"{needed / 2**20:.0f} MB. Chỉ mục cũ vẫn dùng được; hãy dọn bớt rồi chạy lại."
        )
