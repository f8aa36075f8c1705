"""The process that reads files, with a reader that does what a file's name says: for test_apart."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

from index.store import child
from index.store.reading import Fresh, read_fresh
from knowledge.pace import next_step

_PAGES = 4  # of "slow-pages", each within the limit


def strange(file: Path, library: Path) -> Fresh:
    match file.stem:
        case "hangs":
            time.sleep(600)
        case "spins":  # in C, where no signal handler of Python's is ever reached
            re.match(r"(a+)+$", "a" * 60 + "b")
        case "grows":
            bytearray(8 << 30)
        case "dies":
            os.abort()
        case "raises":
            raise KeyError("day is out of range for month")
        case "prints":
            print("a library's warning")
            os.write(1, b"and one from C\n")
        case "slow-pages":
            for _ in range(_PAGES):
                next_step()
                time.sleep(0.4)
    return read_fresh(file, library)


if __name__ == "__main__":
    child.read_fresh = strange  # type: ignore[attr-defined]  # the one part that is not real
    child.main(float(sys.argv[1]), int(sys.argv[2]))
