"""Chats and people as the memory names them: keyed hashes, which tell nobody whose they are.

The key lies in a file beside the memory's, for its owner alone. Numbers of 64 bits: among a million
chats two share one with a chance of 3 in 100 million.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path

KEY_FILE = "identity.key"


class Key:
    """A key in a folder, made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / KEY_FILE

    def exists(self) -> bool:
        return self.file.is_file()

    def named(self, number: int) -> int:
        """The name of a chat or a person, signed 64 bits: always the same, and no way back."""
        digest = hmac.digest(self._secret, str(number).encode(), "sha256")
        return int.from_bytes(digest[:8], "big", signed=True)

    @property
    def fingerprint(self) -> str:
        """Tells this key from others without telling it."""
        return hmac.digest(self._secret, b"fingerprint", "sha256").hex()[:32]

    @cached_property
    def _secret(self) -> bytes:
        if not self.exists():
            self._make()
        return bytes.fromhex(self.file.read_text("ascii"))

    def _make(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_name(f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_hex(32))
                out.flush()
                os.fsync(out.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first: its key holds
                os.link(part, self.file)
        finally:
            part.unlink(missing_ok=True)
