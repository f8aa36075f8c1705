"""Files are read apart: whatever one of them does, it is its own refusal, and the others go on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from index.retrieval.encoder import Encoder
from index.store import apart
from index.store.apart import Apart, Limits
from index.store.build import reindex
from index.store.generation import verify
from knowledge.errors import Rejected, StorageFailed

TEXT = "# Văn bản {0}\n\nĐiều 1. Phạm vi\nVăn bản {0} quy định về dịch vụ công trực tuyến.\n"
_CODE = re.compile(r"Error|Exception|Traceback|\.py\b|out of range")


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "CHILD", "tests.strange_child")


def _write(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.md").write_text(TEXT.format(name), encoding="utf-8")
    return folder


@pytest.mark.skipif(os.name == "nt", reason="Windows sets a process no such limit")
@pytest.mark.usefixtures("strange")
def test_a_file_that_hangs_spins_grows_dies_or_raises_stops_no_other(
    tmp_path: Path, encoder: Encoder
) -> None:
    """Each is named with a reason in plain words; those before, between and after are indexed."""
    bad = {
        "hangs": "vẫn chưa xong",
        "spins": "vẫn chưa xong",
        "grows": "hơn 500 MB bộ nhớ",
        "dies": "dừng đột ngột",
        "raises": "viết khác thường",
    }
    good = ("a", "h", "i", "prints", "z")
    library = _write(tmp_path / "library", *bad, *good)
    report = reindex(tmp_path / "data", [library], encoder, limits=Limits(3.0, 500))
    told = {Path(file.path).stem: file.reason for file in report.rejected}
    assert {Path(path).stem for path in report.added} == set(good)
    assert set(told) == set(bad)
    for name, words in bad.items():
        assert words in told[name]
        assert re.search("[Hh]ãy", told[name])
        assert not _CODE.search(told[name])
    assert verify(tmp_path / "data").ok


@pytest.mark.usefixtures("strange")
def test_a_file_of_many_pages_has_its_time_for_each(tmp_path: Path) -> None:
    """A long scan takes longer than any limit for a whole file would let it."""
    library = _write(tmp_path / "library", "slow-pages")
    with Apart(Limits(1.0)) as readers:
        assert readers.read(library / "slow-pages.md", library).reading.passages


@pytest.mark.usefixtures("strange")
def test_one_process_reads_many_files(tmp_path: Path) -> None:
    """It is begun with the first, and again after one that ended it."""
    library = _write(tmp_path / "library", "a", "b", "dies", "c")
    begun = []
    with Apart(Limits(60.0)) as readers:  # a busy machine takes its time
        for name in ("a", "b", "dies", "c"):
            try:
                readers.read(library / f"{name}.md", library)
            except Rejected:
                assert name == "dies"
            begun.append(readers._process.pid if readers._process else 0)
    assert begun[0] == begun[1]
    assert begun[2] == 0  # neither of the two that tried is left
    assert begun[3] not in (0, begun[0])


def test_no_process_is_begun_where_nothing_changed(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = _write(tmp_path / "library", "a")
    reindex(tmp_path / "data", [library], encoder)
    monkeypatch.setattr(apart, "CHILD", "no.such.module")
    assert reindex(tmp_path / "data", [library], encoder).unchanged == 1


def test_a_process_that_cannot_begin_is_no_files_fault(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No memory for it, say: the reindex says so in one line, and blames no file."""
    library = _write(tmp_path / "library", "a")
    monkeypatch.setattr(apart, "CHILD", "no.such.module")
    with pytest.raises(StorageFailed, match="Không mở được tiến trình đọc tệp"):
        reindex(tmp_path / "data", [library], encoder)


def test_the_reading_process_loads_no_model() -> None:
    """Nor the libraries of formats that no file has."""
    code = (
        "import sys, index.store.child\n"
        "print({'torch', 'faiss', 'onnxruntime', 'numpy', 'lxml', 'pypdfium2'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert run.stdout.decode().strip() == "set()"
