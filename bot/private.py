"""The data folder holds what people asked: nobody else on the machine may read it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def keep_private(data: Path) -> None:
    """Make the folder if need be; 0700, its files 0600, and so whatever this process writes later."""
    os.umask(0o077)
    data.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # another user's folder that we may write: theirs to close
        data.chmod(0o700)
        for file in filter(Path.is_file, data.iterdir()):
            file.chmod(0o600)
