"""The process in which files are read, one after another: `python -m index.store.child SECONDS BYTES`.

On its standard input it takes a pickled (file, library), on its output it gives pickled pairs:
("step", share) as often as a reader tells that it goes on, then ("read", (Fresh, bytes used)), ("refused",
reason), ("memory", "") or ("failed", traceback). It loads no model: indexing is its parent's.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import re
import signal
import sys
import traceback
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

from index.store.reading import read_fresh
from knowledge.errors import Rejected
from knowledge.pace import heard_by

_GRACE = 10  # seconds beyond the limit that our parent watches over: it is gone, then

Tell = Callable[[str, Any], None]


def _limit(size: int) -> None:
    """What is asked for beyond `size` bytes is refused by the system, where it can (not Windows)."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _alarm(seconds: float) -> None:
    """End this process so much later, even in a loop that nothing interrupts; 0 takes it back."""
    if hasattr(signal, "alarm"):
        signal.alarm(ceil(seconds) + _GRACE if seconds else 0)


def _peak() -> int:
    """The most memory held so far, in bytes; 0 where the system does not tell."""
    try:  # what getrusage tells outlives exec: it may be what the process that began this one held
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.split("VmHWM:")[1].split()[0]) << 10
    except (OSError, IndexError, ValueError):
        pass
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _read(file: Path, library: Path, tell: Tell) -> None:
    try:
        told: tuple[str, Any] = ("read", (read_fresh(file, library), _peak()))
    except Rejected as refusal:
        short = _is_shortage(refusal.__cause__)
        told = ("memory", "") if short else ("refused", str(refusal))
    except Exception as error:  # whatever it is, it is this file's
        told = ("memory", "") if _is_shortage(error) else ("failed", traceback.format_exc())
    tell(*told)


def _is_shortage(error: BaseException | None) -> bool:
    """Of memory, by whatever name: OpenCV and onnxruntime have their own."""
    words = re.compile(r"bad_alloc|bad allocation|allocate memory|insufficient memory", re.I)
    return isinstance(error, MemoryError) or bool(error and words.search(str(error)))


def main(seconds: float, size: int) -> None:
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not come between our words
    _limit(size)

    def tell(kind: str, what: Any) -> None:
        if kind == "step":
            _alarm(what * seconds)
        pickle.dump((kind, what), told)
        told.flush()

    tell("ready", "")
    with heard_by(lambda share: tell("step", share)):
        while True:
            try:
                file, library = pickle.load(asked)
            except EOFError:
                return
            _alarm(seconds)
            _read(file, library, tell)
            _alarm(0)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
