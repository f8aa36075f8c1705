"""Small files that are whole or not there: what is known from one reindex to the next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_json(file: Path, value: Any) -> None:
    """Beside it first, then in its place. Raises OSError."""
    new = file.with_name(f".{file.name}")
    new.write_text(json.dumps(value), encoding="utf-8")
    new.replace(file)
