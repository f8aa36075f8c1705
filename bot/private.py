"""The data folder holds what people asked: nobody else on the machine may read it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def keep_private(data: Path) -> None:
    """Make the folder if need be; 0700, its files 0600, and so whatever this process writes later."""
    os.umask(0o077)
    data.mkdir(parents=True, exist_ok=True)
    for path in (data, *filter(Path.is_file, data.iterdir())):
        with contextlib.suppress(OSError):  # another user's, who let us write: theirs to close
            path.chmod(0o700 if path == data else 0o600)
