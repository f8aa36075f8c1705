"""Reindexing: only what changed is encoded, and nothing ever harms what serves."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from index.retrieval.encoder import Encoded, Encoder
from index.serving import Serving
from index.store.build import reindex
from index.store.generation import Generation, open_serving, serving_folder, verify
from knowledge.errors import (
    AlreadyRunning,
    IndexDamaged,
    IndexMissing,
    ModelMismatch,
    NothingToIndex,
)

# of writing and switching; CDSBOT_TEST_KILLS=60 tries more of them
MOMENTS = sorted(
    random.Random(20).uniform(0, 300) for _ in range(int(os.environ.get("CDSBOT_TEST_KILLS", "4")))
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


def test_one_flipped_bit_anywhere_is_named_never_shown_and_mended(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """In every file of the index: verify names it, no changed word is quoted, reindex makes it anew."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    whole = _texts(data, encoder)
    for number in range(len(_files(data))):
        file = _files(data)[number]
        content = bytearray(file.read_bytes())
        content[len(content) * 2 // 3] ^= 1 << number % 8
        file.unlink()  # not in place: another generation may share it
        file.write_bytes(content)
        assert not verify(data).ok, file.name
        with contextlib.suppress(IndexDamaged):
            assert _texts(data, encoder) == whole, file.name
        assert reindex(data, [library], encoder).documents == 3
        assert verify(data).ok, file.name
        assert _texts(data, encoder) == whole


def _files(data: Path) -> list[Path]:
    return sorted(file for file in serving_folder(data).rglob("*") if file.is_file())


def _texts(data: Path, encoder: Encoder) -> dict[str, str]:
    generation = open_serving(data, encoder.fingerprint)
    return {path: generation.document(path).text for path in generation.entry}


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
    [vectors] = serving_folder(data).glob("*/dense.faiss")
    vectors.write_bytes(b"")
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


def _until(true: Callable[[], object]) -> bool:
    """Whether it comes true within twenty seconds."""
    for _ in range(1000):
        if true():
            return True
        time.sleep(0.02)
    return False


def test_a_running_assistant_notices_a_switch(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """A reindex serves once it is open and warm; until then the old generation answers."""
    serving, old = _switched(library, tmp_path / "data", encoder)
    assert serving.answerer().generation.identity == old  # nobody waits
    assert _until(lambda: serving.answerer().generation.identity != old)
    assert "new.md" in serving.answerer().generation.entry


def test_an_opening_that_takes_long_is_begun_once(
    library: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is asked for meanwhile: openings side by side would fill the memory."""
    serving, old = _switched(library, tmp_path / "data", encoder)
    begun, go_on = list[Path](), threading.Event()

    def slow(data: Path, model: str) -> Generation:
        begun.append(data)
        go_on.wait(20)
        return open_serving(data, model)

    monkeypatch.setattr("index.serving.open_serving", slow)
    monkeypatch.setattr("index.serving.AGAIN", 0.0)
    for _ in range(20):
        assert serving.answerer().generation.identity == old
    go_on.set()
    assert _until(lambda: serving.answerer().generation.identity != old)
    assert len(begun) == 1


def test_a_damaged_new_generation_leaves_the_old_one_answering(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """What is in memory is whole: it goes on serving, and what was refused is told."""
    data = tmp_path / "data"
    serving, old = _switched(library, data, encoder)
    (serving_folder(data) / "manifest.jsonl").write_text("{", encoding="utf-8")
    assert _until(lambda: serving.answerer() and serving.refused)
    assert serving.refused == serving_folder(data).name
    assert serving.answerer().generation.identity == old


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX systems")
@pytest.mark.parametrize("milliseconds", MOMENTS)
def test_a_killed_reindex_leaves_the_old_index_serving(
    milliseconds: float, library: Path, tmp_path: Path, encoder: Encoder
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
    old_or_new = set(open_serving(data, encoder.fingerprint).entry)
    assert old_or_new - {"new.md"} == {"0.md", "1.md", "2.md"}
    report = reindex(data, [library], encoder)
    assert report.documents == 4
    assert len(list((data / "generations").iterdir())) <= 2
    shutil.rmtree(data)
