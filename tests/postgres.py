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
    """The folder of initdb and postgres; Debian keeps them off the PATH, and all others beside them."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return Path(found).resolve().parent if found else next(iter(folders), None)


class Server:
    """A server whose socket lies in `folder`. It must not be root's."""

    def __init__(self, folder: Path, primary: Server | None = None) -> None:
        """With a `primary`, one that follows it."""
        found = programs()
        assert found is not None, "there is no PostgreSQL on this machine"
        self._programs, self.folder = found, folder
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        if primary:
            self._run("pg_basebackup", "-R", "--no-sync", "-c", "fast", "-h", str(primary.folder),
                      "-U", "cdsbot")  # fmt: skip
        else:
            self._run("initdb", "-U", "cdsbot", "-A", "trust", "-E", "UTF8", "--locale=C",
                      "--no-sync")  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "-D", self.folder / "data", *arguments],
            user=self._user, cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def promote(self) -> None:
        """What followed another one leads."""
        self._run("pg_ctl", "promote")

    def synchronous(self) -> None:
        """From now on nothing is committed that no follower has."""
        with self._connect() as db:
            while not db.execute("SELECT 1 FROM pg_stat_replication").fetchone():
                time.sleep(0.05)
            db.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            db.execute("SELECT pg_reload_conf()")
            while db.execute("SHOW synchronous_standby_names").fetchone() != ("*",):
                time.sleep(0.05)

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder,
                 "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "fsync=off"],
                user=self._user, cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip
        for _ in range(300):
            with contextlib.suppress(psycopg.OperationalError):
                self._connect().close()
                return
            time.sleep(0.1)
        self.stop()
        raise AssertionError((self.folder / "log").read_text(errors="replace"))

    def stop(self) -> None:
        """At once: every connection breaks, as where the machine fails."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def database(self, *followers: Server) -> str:
        """The address of a new, empty database, wherever it may be written to."""
        name = f"test{next(_NUMBERS)}_{os.getpid()}"
        with self._connect() as db:
            db.execute(f"CREATE DATABASE {name}".encode())
        hosts = "&".join(f"host={one.folder}" for one in (self, *followers))
        return f"postgresql://cdsbot@/{name}?{hosts}" + "&target_session_attrs=read-write" * bool(
            followers
        )

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.folder), user="cdsbot", dbname="postgres", autocommit=True
        )


@contextlib.contextmanager
def server(primary: Server | None = None) -> Iterator[Server]:
    """Started with nobody's settings, and stopped at the end; with a `primary`, one that follows it."""
    folder = Path(tempfile.mkdtemp(prefix="cdsbot-pg-", dir="/tmp"))
    try:
        running = Server(folder, primary)
        running.start()
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
