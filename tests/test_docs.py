"""The pages for operators are right: their commands run, their tables are whole, their tests exist."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from index.serving import Serving
from tests.pretend import COMMANDS
from tests.running_bot import GOAL, running_bot, write_library
from tests.test_packaging import ROOT

DOCS = ROOT / "docs"
_PLACES = re.compile(r"(?<![\w./])/(?=(?:opt|var/lib|var/backups|srv|usr/local/bin|etc)/)")
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A server's folders under one of our own, with the source in place and documents to index."""
    source = tmp_path / "opt" / "cdsbot"
    source.mkdir(parents=True)
    for folder in (
        "etc/systemd/system",
        "etc/prometheus",
        "usr/local/bin",
        "var/lib",
        "var/backups",
    ):
        (tmp_path / folder).mkdir(parents=True)
    for name in (".env.example", *(file.name for file in ROOT.glob("requirements*.lock"))):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "deploy", source / "deploy")
    wrapper = (ROOT / "deploy" / "cdsbot").read_text("utf-8")
    executable(source / "deploy" / "cdsbot", _PLACES.sub(f"{tmp_path}/", wrapper))
    python = sys.executable
    executable(source / ".venv/bin/cdsbot", f'#!/bin/sh\nexec {python} -m bot.cli "$@"\n')
    pretend = f"#!/bin/sh\nexec {python} {ROOT}/tests/pretend.py"
    executable(source / ".venv/bin/python", f'{pretend} python "$@"\n')
    for name in COMMANDS:
        if name != "python":
            executable(tmp_path / "bin" / name, f'{pretend} {name} "$@"\n')
    write_library(tmp_path / "srv" / "van-ban")
    return tmp_path


def ran(page: str, server: Path, port: int) -> None:
    """Every command of the page, one after the other, the first that fails ends it."""
    blocks = _BLOCK.findall((DOCS / page).read_text("utf-8"))
    script = _PLACES.sub(f"{server}/", "".join(blocks)).replace("8443", str(port))
    run = subprocess.run(
        ["bash", "-eux", "-c", script],
        cwd=server / "opt" / "cdsbot", capture_output=True, text=True, check=False,
        env={
            "PATH": f"{server}/bin:{server}/usr/local/bin:{os.environ['PATH']}", "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT), "HOME": str(server),
            "CDSBOT_LIBRARY": str(server / "srv" / "van-ban"),
        },
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]


@pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "promtool"))),
    reason="bash, curl or promtool (Debian's package prometheus) is not on this machine",
)
@pytest.mark.parametrize("page", ["van-hanh.md", "operations.md"])
def test_every_command_of_the_page_runs(
    page: str, server: Path, tmp_path: Path, starter_serving: Serving
) -> None:
    """In the order they stand, over a bot that runs; and what they are for has happened."""
    library = sorted(file.name for file in (server / "srv" / "van-ban").iterdir())
    with running_bot(tmp_path / "running", starter_serving) as bot:
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)  # from here on it is ready
        ran(page, server, bot.settings.webhook_port)
    assert list((server / "var/lib/cdsbot").glob("*.html")) or list(
        (server / "var/lib").glob("cdsbot.*/*.html")
    )
    assert list((server / "var/backups/cdsbot").glob("*.tar.gz"))
    assert sorted(file.name for file in (server / "srv/van-ban").iterdir()) == library
    assert not (server / "var/lib/cdsbot/off.json").exists()
    assert (server / "etc/systemd/system/cdsbot-backup.timer").is_file()


def test_every_alert_is_explained_to_the_technician() -> None:
    """A row each, and none for an alert that is no more."""
    [group] = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text("utf-8"))["groups"]
    rows = re.findall(r"^\| (Cdsbot\w+) \|", (DOCS / "van-hanh.md").read_text("utf-8"), re.M)
    assert rows == [rule["alert"] for rule in group["rules"]]


def _tests_of(file: Path) -> set[str]:
    return {
        node.name for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }  # fmt: skip


def test_every_threat_names_a_test_that_there_is() -> None:
    page = (DOCS / "threats.md").read_text("utf-8")
    threats = [
        line for line in page.splitlines() if line.startswith("| ") and "| threat" not in line
    ]
    named = re.findall(r"`(tests/test_\w+\.py)::(test_\w+)` \|$", page, re.M)
    assert len(named) == len(threats) > 20
    missing = [(file, test) for file, test in named if test not in _tests_of(ROOT / file)]
    assert missing == []


def test_the_page_of_threats_is_one_page() -> None:
    assert len((DOCS / "threats.md").read_text("utf-8").splitlines()) < 50


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
