"""Bad files of every kind: each is read rightly or refused with what to do; none stops another."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from knowledge.errors import Rejected
from knowledge.load import read_document
from knowledge.split import passages
from tests.bad_files import bad_files


def test_each_bad_file_is_refused_with_a_reason_or_read(tmp_path: Path) -> None:
    """No other exception gets out, every reason says what to do, what is read can be cut."""
    if sys.platform == "win32":
        pytest.skip("some of these names cannot be written")
    seen = 0
    for name, data in bad_files():
        seen += 1
        file = tmp_path / name
        file.write_bytes(data)
        told = _outcome(file, tmp_path)
        assert told == "read" or re.search("[Hh]ãy", told), name
        assert not re.search(r"Error|Exception|Traceback", told), name
        file.unlink()
    assert seen >= 90


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Those that the tests below look at, made once."""
    return {name: data for name, data in bad_files() if not name.startswith("bomb-in")}


def _outcome(file: Path, library: Path) -> str:
    """The reason for which a file is refused, or "read"."""
    try:
        document = read_document(file, library)
    except Rejected as refusal:
        return str(refusal)
    assert document.text.strip()
    assert passages(document)
    return "read"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("locked.docx", "mật khẩu"),
        ("locked.xlsx", "mật khẩu"),
        ("locked.pdf", "mật khẩu"),
        ("bomb-word.docx", "bung ra quá lớn"),
        ("bomb-sheet.xlsx", "bung ra quá lớn"),
        ("endless.xlsx", "quá lớn"),
        ("named-pdf.docx", "không phải Word"),
        ("cut-4.docx", "bị hỏng"),
    ],
)
def test_the_reason_is_the_right_one(
    tmp_path: Path, files: dict[str, bytes], name: str, reason: str
) -> None:
    """What a maintainer is told can be acted upon."""
    (tmp_path / name).write_bytes(files[name])
    with pytest.raises(Rejected, match=reason):
        read_document(tmp_path / name, tmp_path)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("note-in-itself.docx", "a[1]\n\n[1] a[1]"),
        ("style-on-itself.docx", "Điều 1."),
        ("🙂.md", "Điều 1. Chuyển"),
    ],
)
def test_what_is_only_odd_is_read(
    tmp_path: Path, files: dict[str, bytes], name: str, words: str
) -> None:
    """A note that cites itself, styles that rest on each other, a smile for a name."""
    (tmp_path / name).write_bytes(files[name])
    assert read_document(tmp_path / name, tmp_path).text.startswith(words)
