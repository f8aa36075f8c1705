"""Reindexing: only what changed is encoded, and nothing ever harms what serves."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from index.retrieval.encoder import Encoded, Encoder
from index.serving import Serving
from index.store.build import reindex
from index.store.generation import open_serving, serving_folder, verify
from knowledge.errors import (
    AlreadyRunning,
    IndexDamaged,
    IndexMissing,
    ModelMismatch,
    NothingToIndex,
)

TEXT = "# Văn bản {0}\n\nĐiều 1. Phạm vi\nVăn bản {0} quy định về dịch vụ công trực tuyến.\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(TEXT.format(number), encoding="utf-8")
    return folder


def test_a_second_run_encodes_nothing(library: Path, tmp_path: Path, encoder: Encoder) -> None:
    """With nothing changed, the same generation goes on serving."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    before = serving_folder(data)
    report = reindex(data, [library], encoder)
    assert (report.encoded, report.unchanged, serving_folder(data)) == (0, 3, before)


def test_only_the_changed_file_is_encoded(library: Path, tmp_path: Path, encoder: Encoder) -> None:
    """Vectors of what did not change are taken over; what was removed is gone."""
    data = tmp_path / "data"
    first = reindex(data, [library], encoder)
    old = open_serving(data, encoder.fingerprint)
    (library / "1.md").write_text(TEXT.format("khác"), encoding="utf-8")
    (library / "2.md").unlink()
    report = reindex(data, [library], encoder)
    new = open_serving(data, encoder.fingerprint)
    assert (report.changed, report.removed) == (("1.md",), ("2.md",))
    assert 0 < report.encoded < first.encoded
    kept = old.encoded(old.entry["0.md"].first), new.encoded(new.entry["0.md"].first)
    for field in fields(Encoded):
        assert np.array_equal(*(getattr(one, field.name) for one in kept)), field.name
    assert verify(data).ok


def test_a_bad_file_is_named_and_the_rest_goes_on(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """A file that cannot be read is listed with its reason."""
    (library / "hong.pdf").write_bytes(b"not a pdf")
    report = reindex(tmp_path / "data", [library], encoder)
    assert (report.documents, [file.path for file in report.rejected]) == (3, ["hong.pdf"])
    assert report.rejected[0].reason


def test_nothing_readable_leaves_the_old_index_serving(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """An empty library is an error, not an empty index."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    before = serving_folder(data)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(NothingToIndex):
        reindex(data, [empty], encoder)
    assert serving_folder(data) == before
    assert verify(data).ok


def test_two_reindexes_at_once(library: Path, tmp_path: Path, encoder: Encoder) -> None:
    """The second says that another is running."""
    data = tmp_path / "data"
    data.mkdir()
    with FileLock(data / "reindex.lock"), pytest.raises(AlreadyRunning):
        reindex(data, [library], encoder)


def test_verify_notices_one_changed_byte(library: Path, tmp_path: Path, encoder: Encoder) -> None:
    """A file of the index that differs from its manifest is named."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    file = serving_folder(data) / "documents.jsonl"
    content = bytearray(file.read_bytes())
    content[-5] ^= 1
    file.write_bytes(content)
    result = verify(data)
    assert not result.ok
    assert result.problems[0].startswith("documents.jsonl")


def test_another_model_is_an_error_not_nonsense(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """Searching needs the model that built the index."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    with pytest.raises(ModelMismatch):
        open_serving(data, "another")


def test_missing_and_damaged(library: Path, tmp_path: Path, encoder: Encoder) -> None:
    """No index, and one cut short, each have their own error."""
    with pytest.raises(IndexMissing):
        open_serving(tmp_path, encoder.fingerprint)
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    (serving_folder(data) / "dense.faiss").write_bytes(b"")
    with pytest.raises(IndexDamaged):
        open_serving(data, encoder.fingerprint)


def _switched(library: Path, data: Path, encoder: Encoder) -> tuple[Serving, str]:
    """What serves the generation before the one just switched to, and that one's identity."""
    reindex(data, [library], encoder)
    serving = Serving(data, encoder)
    old = serving.answerer().generation.identity
    (library / "new.md").write_text(TEXT.format("mới"), encoding="utf-8")
    reindex(data, [library], encoder)
    return serving, old


def test_a_running_assistant_notices_a_switch(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """The next question after a reindex is answered from the new generation."""
    serving, old = _switched(library, tmp_path / "data", encoder)
    generation = serving.answerer().generation
    assert generation.identity != old
    assert "new.md" in generation.entry


def test_a_damaged_new_generation_leaves_the_old_one_answering(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """What is in memory is whole: it goes on serving."""
    data = tmp_path / "data"
    serving, old = _switched(library, data, encoder)
    (serving_folder(data) / "manifest.json").write_text("{", encoding="utf-8")
    assert serving.answerer().generation.identity == old


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX systems")
@pytest.mark.parametrize("milliseconds", [1, 40, 120, 260])
def test_a_killed_reindex_leaves_the_old_index_serving(
    milliseconds: int, library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """Killed at any moment of writing and switching, what served before is whole; the next run works."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    (library / "new.md").write_text(TEXT.format("mới"), encoding="utf-8")
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from index.store.build import reindex
        from index.retrieval.encoder import open_encoder
        encoder = open_encoder()
        print("ready", flush=True)
        reindex(Path(sys.argv[1]), [Path(sys.argv[2])], encoder)
        """
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(data), str(library)], stdout=subprocess.PIPE
    )
    assert child.stdout
    assert child.stdout.readline() == b"ready\n"
    time.sleep(milliseconds / 1000)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert verify(data).ok
    report = reindex(data, [library], encoder)
    assert report.documents == 4
    assert len(list((data / "generations").iterdir())) <= 2
    shutil.rmtree(data)
