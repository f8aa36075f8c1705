"""What each bad file costs, read as `reindex` reads it, and all of them beside five good ones.

python -m tests.bad_files_run [--seconds 20] [--megabytes 700]: prints how many were refused and how many
read, the slowest, the largest, and whether the good ones are in the index.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.evaluation.library import MadeUp
from index.store.apart import Apart, Limits
from index.store.build import reindex
from index.store.generation import open_serving, verify
from knowledge.errors import Rejected
from tests.bad_files import bad_files
from tests.running_bot import STARTERS, write_library

_CODE = re.compile(r"\b[A-Z]\w*(?:Error|Exception)\b|Traceback|\.py\b")


class Watched(Apart):
    """Reads apart, and looks every few milliseconds at how much memory is in use for it."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.most = 0  # bytes resident, of the process and those it began

    def watch(self, over: threading.Event) -> None:
        while not over.wait(0.02):
            if (process := self._process) is not None:
                self.most = max(self.most, sum(_resident(process.pid)))


def _resident(process: int) -> Iterator[int]:
    """Bytes in memory of a process and of those below it."""
    try:
        yield int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _resident(int(child))
    except (OSError, ValueError, IndexError):
        return


def alone(name: str, data: bytes, folder: Path, limits: Limits) -> tuple[str, float, float]:
    """What becomes of a file ("read", or the reason), seconds, and MB."""
    file = folder / name
    file.write_bytes(data)
    over, began = threading.Event(), time.monotonic()
    with Watched(limits) as readers:
        watch = threading.Thread(target=readers.watch, args=(over,))
        watch.start()
        try:
            readers.read(file, folder)
            told = "read"
        except Rejected as refusal:
            told = str(refusal)
        finally:
            over.set()
            watch.join()
    file.unlink()
    return told, time.monotonic() - began, readers.most / 2**20


def together(folder: Path, limits: Limits) -> dict[str, Any]:
    """All at once, beside five good files."""
    library = write_library(folder / "library")
    good = set(STARTERS)
    for name, data in bad_files():
        (library / name).write_bytes(data)
    # made-up vectors: what is only odd is read, and would take an hour to encode
    encoder, began = MadeUp(), time.monotonic()
    report = reindex(folder / "data", [library], encoder, limits=limits)
    entries = set(open_serving(folder / "data", encoder.fingerprint).entry)
    return {
        "good": len(good & entries),
        "refused": len(report.rejected),
        "whole": verify(folder / "data").ok,
        "seconds": round(time.monotonic() - began, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=Limits().seconds)
    parser.add_argument("--megabytes", type=int, default=Limits().megabytes)
    parser.add_argument("--all", action="store_true", help="all together, too")
    given = parser.parse_args()
    limits = Limits(given.seconds, given.megabytes)
    folder = Path(tempfile.mkdtemp())
    try:
        found = {name: alone(name, data, folder, limits) for name, data in bad_files()}
        slowest = sorted(found, key=lambda name: -found[name][1])[:8]
        largest = sorted(found, key=lambda name: -found[name][2])[:8]
        print(json.dumps({
            "files": len(found),
            "read": sum(told == "read" for told, *_ in found.values()),
            "reasons with code in them": [n for n, (told, *_) in found.items() if _CODE.search(told)],
            "slowest": {name: round(found[name][1], 1) for name in slowest},
            "largest, MB": {name: round(found[name][2]) for name in largest},
            "stopped": {n: told for n, (told, *_) in found.items() if re.search("giây|bộ nhớ|đột ngột|khác thường", told)},
            "together": together(folder, limits) if given.all else None,
        }, ensure_ascii=False, indent=1))  # fmt: skip
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
