"""A PostgreSQL of the tests' own: the machine's programs, a folder in /tmp, no port."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

_NUMBERS = count(1)


def programs() -> Path | None:
    """The folder of initdb and postgres; Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return Path(found).parent if found else next(iter(folders), None)


class Server:
    """A server whose socket lies in `folder`. It must not be root's."""

    def __init__(self, folder: Path) -> None:
        found = programs()
        assert found is not None, "there is no PostgreSQL on this machine"
        self._programs, self._folder = found, folder
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        subprocess.run(
            [found / "initdb", "-D", folder / "data", "-U", "cdsbot", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            user=self._user, cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder,
                 "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "fsync=off"],
                user=self._user, cwd=self._folder, stdout=log, stderr=log,
            )  # fmt: skip
        for _ in range(300):
            with contextlib.suppress(psycopg.OperationalError):
                self._connect().close()
                return
            time.sleep(0.1)
        self.stop()
        raise AssertionError((self._folder / "log").read_text(errors="replace"))

    def stop(self) -> None:
        """At once: every connection breaks, as where the machine fails."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"test{next(_NUMBERS)}_{os.getpid()}"
        with self._connect() as db:
            db.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://cdsbot@/{name}?host={self._folder}"

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self._folder), user="cdsbot", dbname="postgres", autocommit=True
        )


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Started with nobody's settings, and stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cdsbot-pg-", dir="/tmp"))
    try:
        running = Server(folder)
        running.start()
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
