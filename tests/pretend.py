"""Commands of a server that tests of the documents may not run: they check what they are given.

python tests/pretend.py systemctl restart cdsbot. What only carries another command runs that.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
_COMPOSE = ("build", "up", "exec", "logs", "down", "ps")


def _run(command: Sequence[str]) -> None:
    os.execvp(command[0], list(command))


def systemctl(arguments: list[str]) -> None:
    """Only units that there are."""
    known = {unit.name.removesuffix(".service") for unit in (ROOT / "deploy" / "systemd").iterdir()}
    verb, *units = [one for one in arguments if not one.startswith("-")]
    assert verb in ("status", "enable", "start", "stop", "restart", "daemon-reload"), verb
    assert set(units) <= known | {"prometheus"}, units


def journalctl(arguments: list[str]) -> None:
    assert arguments[arguments.index("-u") + 1] == "cdsbot"


def docker(arguments: list[str]) -> None:
    """Only targets of the Dockerfile, and services of compose.yaml; `exec` runs our commands here."""
    verb, *rest = arguments
    if verb == "build":
        targets = re.findall(r"^FROM \S+ AS (\w+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.M)
        assert rest[rest.index("--target") + 1] in targets, rest
        return
    assert verb == "compose", verb
    verb, *rest = rest
    assert verb in _COMPOSE, verb
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    if verb == "exec":
        assert rest[0] in services, rest
        if rest[1] == "cdsbot":
            _run(rest[1:])
    elif verb == "logs":
        assert rest[-1] in services, rest


def runuser(arguments: list[str]) -> None:
    _run(arguments[arguments.index("--") + 1 :])


def install(arguments: list[str]) -> None:
    """As asked, but everything is the tester's own."""
    kept, skip = [], False
    for one in arguments:
        if not skip and one not in ("-o", "-g"):
            kept.append(one)
        skip = one in ("-o", "-g")
    _run(["/usr/bin/install", *kept])


def python(arguments: list[str]) -> None:
    """An environment, or packages from a lock file that there is."""
    assert arguments[0] == "-m", arguments
    assert arguments[1] in ("venv", "pip"), arguments
    if "-r" in arguments:
        assert (ROOT / arguments[arguments.index("-r") + 1]).is_file(), arguments
    elif arguments[1] == "pip":
        packages = [one for one in arguments[3:] if not one.startswith("-")]
        assert packages, arguments
        assert all("==" in one or one == "." for one in packages), packages


def nothing(arguments: list[str]) -> None: ...


COMMANDS: dict[str, Callable[[list[str]], None]] = {
    "systemctl": systemctl, "journalctl": journalctl, "docker": docker, "runuser": runuser,
    "install": install, "python": python, "python3": python, "apt-get": nothing, "useradd": nothing,
}  # fmt: skip

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](sys.argv[2:])
