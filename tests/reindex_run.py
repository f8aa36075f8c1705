"""Kills a reindex at random moments, and lets the disk run full at many levels.

python -m tests.reindex_run [--kills 190] [--levels 20] [--seed 1]: after each, the old index or the new one
serves and verifies, the next reindex succeeds, and no folder is left over. Prints what did not hold. The disk
is a tmpfs where root may mount one; else no file may grow beyond a size.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tqdm import tqdm

from index.evaluation.library import MadeUp
from index.retrieval.encoder import Encoder
from index.store import build
from index.store.build import reindex
from index.store.generation import open_serving, serving_folder, verify
from knowledge.errors import CdsbotError

TEXT = "# Văn bản {0}\n\nĐiều 1. Phạm vi\nVăn bản {0} quy định về dịch vụ công trực tuyến.\n"
_SOME = 6  # documents
_ROOM = 64 << 20  # bytes of the disk that runs full, before and after


@dataclass(frozen=True, slots=True)
class Outcome:
    """`ended` says how the attacked reindexes ended, `faults` what did not hold afterwards."""

    kills: int
    levels: int
    ended: dict[str, int]
    faults: tuple[str, ...]


class Attack:
    """A library that changes, and a reindex of it in a process of its own."""

    def __init__(self, folder: Path, data: Path, encoder: Encoder, chance: random.Random) -> None:
        self.data, self._encoder, self._chance = data, encoder, chance
        self._library = folder / "library"
        self._library.mkdir()
        for number in range(_SOME):
            self._write(f"{number}.md", str(number))
        self._changes = 0
        self._reindex()
        self.ended: Counter[str] = Counter()
        self.faults: list[str] = []

    def _write(self, name: str, words: str) -> None:
        (self._library / name).write_text(TEXT.format(words), encoding="utf-8")

    def _reindex(self) -> None:
        reindex(self.data, [self._library], self._encoder)

    def change(self) -> None:
        """One file is new, one differs, one is gone; every tenth time the index has a damage, too."""
        self._changes += 1
        names = sorted(file.name for file in self._library.iterdir())
        self._write(self._chance.choice(names), f"đổi {self._changes}")
        (self._library / self._chance.choice(names)).unlink()
        self._write(f"new-{self._changes}.md", f"mới {self._changes}")
        if self._changes % 10 == 0:
            file = self._chance.choice(sorted(serving_folder(self.data).glob("*/*.npy")))
            file.write_bytes(file.read_bytes()[:-1] + b"?")

    def begin(self, prepare: Callable[[], None] = lambda: None) -> int:
        """A reindex in a process; its status tells: 0 done, 3 one line, 4 anything else."""
        child = os.fork()
        if child == 0:
            status = 4
            try:
                prepare()
                self._reindex()
                status = 0
            except CdsbotError as error:
                status = 3 if len(str(error).splitlines()) == 1 else 4
            finally:
                os._exit(status)
        return child

    def end(self, child: int) -> None:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said = {0: "done", 3: "told in one line", -signal.SIGKILL: "killed"}
        self.ended[said.get(status, f"status {status}")] += 1

    def examine(self, told: str, before: str, sound: bool) -> None:
        """What holds after an attack, and after the next reindex."""
        try:
            if sound and not verify(self.data).ok:
                self.faults.append(f"{told}: {verify(self.data).problems[0]}")
            if sound and serving_folder(self.data).name != before:
                self.ended["of them switched"] += 1
        except CdsbotError as error:
            self.faults.append(f"{told}: {error}")

    def recover(self, told: str) -> None:
        try:
            self._reindex()
            names = {file.name for file in self._library.iterdir()}
            if set(open_serving(self.data, self._encoder.fingerprint).entry) != names:
                self.faults.append(f"{told}: other documents")
            if not verify(self.data).ok:
                self.faults.append(f"{told}: does not verify")
        except CdsbotError as error:
            self.faults.append(f"{told}: the next reindex: {error}")
        left = list((self.data / "generations").iterdir())
        if len(left) > 2 or any(folder.name.startswith(".") for folder in left):
            self.faults.append(f"{told}: {len(left)} folders")

    def kill_at(self, seconds: float) -> None:
        self.change()
        before, sound = serving_folder(self.data).name, verify(self.data).ok
        child = self.begin()
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        self.end(child)
        told = f"killed after {seconds:.3f} s"
        self.examine(told, before, sound)
        self.recover(told)

    def fill_to(self, part: float, disk: Disk, estimated: bool) -> None:
        """With so much of the room that a reindex takes; without our own look at it, unless `estimated`."""
        self.change()
        before, sound = serving_folder(self.data).name, verify(self.data).ok
        took = sum(file.stat().st_size for file in serving_folder(self.data).rglob("*"))

        def prepare() -> None:
            if not estimated:
                build.require = lambda *_: None  # type: ignore[attr-defined]  # the disk itself tells
            disk.limit_child(part)

        with disk.full(int(part * took)):
            self.end(self.begin(prepare))
            told = f"disk full at {part:.0%}"
            self.examine(told, before, sound)
        self.recover(told)


class Disk:
    """Where the data folder is, with as much room as is wanted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._mounted = _done("mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(folder))

    @contextlib.contextmanager
    def full(self, left: int) -> Iterator[None]:
        """So many bytes left, for a while."""
        if not self._mounted:
            yield
            return
        used = shutil.disk_usage(self.folder).used
        self._resize(used + left)
        try:
            yield
        finally:
            self._resize(_ROOM)

    def _resize(self, size: int) -> None:
        assert _done("mount", "-o", f"remount,size={size}", str(self.folder))

    def limit_child(self, part: float) -> None:
        """Where there is no disk of our own: no file of that process may grow further."""
        if not self._mounted:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            size = int(part * 40_000)  # about the largest file of so small an index
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    def close(self) -> None:
        if self._mounted:
            _done("umount", "-l", str(self.folder))  # we may still have its files mapped


def _done(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def reindex_run(folder: Path, kills: int, levels: int, seed: int) -> Outcome:
    # tqdm's own is shared with the processes forked here: one killed with it would hold it for ever
    tqdm.set_lock(threading.RLock())
    chance, disk = random.Random(seed), Disk(folder / "disk")
    try:
        attack = Attack(folder, disk.folder / "data", MadeUp(), chance)
        attack.change()
        began = time.monotonic()
        attack.end(attack.begin())
        took = time.monotonic() - began
        attack.ended.clear()
        for _ in range(kills):
            attack.kill_at(chance.uniform(0.0, 1.1 * took))
        for level in range(levels):
            attack.fill_to(level / levels, disk, estimated=level % 4 == 3)
        return Outcome(kills, levels, dict(attack.ended), tuple(attack.faults))
    finally:
        disk.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=190)
    parser.add_argument("--levels", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = reindex_run(Path(folder), given.kills, given.levels, given.seed)
    print(json.dumps(asdict(outcome), ensure_ascii=False))
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
