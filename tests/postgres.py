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
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

_NUMBERS = count(1)


def programs() -> Path | None:
    """The folder of initdb and postgres; Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return Path(found).parent if found else next(iter(folders), None)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; its socket lies in `folder`."""

    folder: Path
    process: subprocess.Popen[bytes]

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"test{next(_NUMBERS)}_{os.getpid()}"
        with psycopg.connect(host=str(self.folder), user="cdsbot", dbname="postgres",
                             autocommit=True) as db:  # fmt: skip
            db.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://cdsbot@/{name}?host={self.folder}"


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Started with nobody's settings, and stopped at the end. It must not be root's."""
    bin = programs()
    assert bin is not None, "there is no PostgreSQL on this machine"
    folder = Path(tempfile.mkdtemp(prefix="cdsbot-pg-", dir="/tmp"))
    user = "postgres" if os.geteuid() == 0 else None
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        subprocess.run(
            [bin / "initdb", "-D", data, "-U", "cdsbot", "-A", "trust", "-E", "UTF8", "--locale=C",
             "--no-sync"],
            user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        process = _started(bin, data, folder, user)
        try:
            yield Server(folder, process)
        finally:
            process.send_signal(signal.SIGQUIT)  # nothing there is worth a checkpoint
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(bin: Path, data: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [bin / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
             "-c", "max_connections=200", "-c", "fsync=off"],
            user=user, cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
    for _ in range(300):
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(folder), user="cdsbot", dbname="postgres").close()
            return process
        time.sleep(0.1)
    process.kill()
    raise AssertionError((folder / "log").read_text(errors="replace"))
