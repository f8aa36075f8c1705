"""The attacks on the index, small; each is a command of its own that runs them in full."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from index.retrieval.encoder import Encoder
from index.store.apart import Limits
from tests.bad_files import bad_files
from tests.bad_files_run import alone
from tests.flip_run import flip_run


def test_a_flipped_bit_is_seen_never_shown_and_mended(tmp_path: Path, encoder: Encoder) -> None:
    """In full: python -m tests.flip_run."""
    outcome = flip_run(tmp_path, encoder, flips=4, seed=7)
    assert (outcome.unseen, outcome.shown, outcome.unmended, outcome.broken) == ((), (), (), ())


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX kills and limits")
def test_killed_or_without_room_the_index_is_old_or_new_and_whole(tmp_path: Path) -> None:
    """In full: python -m tests.reindex_run. A fresh process, since this one has threads."""
    import json
    import subprocess

    command = [sys.executable, "-m", "tests.reindex_run", "--kills", "4", "--levels", "4"]
    run = subprocess.run(command, capture_output=True, check=False, cwd=Path(__file__).parents[1])
    outcome = json.loads(run.stdout)
    assert outcome["faults"] == []
    assert not [how for how in outcome["ended"] if how.startswith("status")]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process uses")
def test_no_bad_file_takes_the_machine(tmp_path: Path) -> None:
    """In full: python -m tests.bad_files_run --all. Here those that once took most."""
    some = {"spans.html", "shape-law.txt", "laughs.docx", "endless.xlsx", "bomb-word.docx"}
    limits = Limits(1.0, 300)
    for name, data in bad_files():
        if name in some:
            _, _, most = alone(name, data, tmp_path, limits)
            assert most < 300, name
