"""The slim image answers with what its lock file names, and units and images fit the program."""

from __future__ import annotations

import ast
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files, packages_distributions, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.cli import _parser
from bot.settings import PREFIX, Settings
from tests.running_bot import GOAL, write_library
from tests.test_packaging import ROOT, packaged, pins

LOCK = "requirements-slim.lock"
HEAVY = {"torch", "sentence-transformers", "transformers", "scipy", "scikit-learn", "sympy"}
# imported only where they are there, or only by other commands than those of the slim image
ELSEWHERE = {"sentence_transformers", "torch", "transformers", "cv2", "tesserocr", "trueocr", "PIL"}
# huggingface_hub only downloads; of Babel nothing is asked: knowledge/html.py
UNUSED = {("tokenizers", "huggingface-hub"), ("courlan", "babel")}
MOST = 355_000_000  # bytes, with psycopg and the program; bytecode is not installed


def test_it_names_the_same_versions_and_nothing_heavy() -> None:
    slim, full = pins(LOCK), pins("requirements.lock")
    assert {name: full.get(name) for name in slim} == slim
    assert not HEAVY & set(slim)


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_every_import_of_the_program_is_locked() -> None:
    """But those of training, of other models and of scans."""
    files = [
        file
        for folder in ("bot", "index", "knowledge")
        for file in (ROOT / folder).rglob("*.py")
        if "training" not in file.parts
    ]
    packages = packages_distributions()
    needed = {
        canonicalize_name(packages[name][0])
        for file in files
        for name in set(_imported(file)) - ELSEWHERE - {"bot", "index", "knowledge"}
        if name in packages
    }
    assert len(needed) > 15
    assert needed - set(pins(LOCK)) == set()


def _asked(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    try:
        lines = requires(name) or []
    except PackageNotFoundError:  # of another system
        return
    for line in lines:
        wanted = Requirement(line)
        marker = wanted.marker
        if marker is None or any(marker.evaluate({"extra": one}) for one in ("", *extras)):
            yield canonicalize_name(wanted.name), frozenset(wanted.extras)


def test_what_the_locked_packages_need_is_locked() -> None:
    """Since it is installed with --no-deps, nothing else brings it."""
    extras = {"python-telegram-bot": frozenset({"socks", "webhooks"})}
    missing = {
        (name, needed)
        for name in pins(LOCK)
        for needed, more in _asked(name, extras.get(name, frozenset()))
        for needed in (needed, *(one for one, _ in _asked(needed, more) if more))
        if needed not in pins(LOCK)
    }
    assert missing == UNUSED


@pytest.mark.skipif(sys.platform != "linux", reason="wheels of other systems have other sizes")
def test_it_is_small() -> None:
    """Files as they are installed here, psycopg among them."""
    locked = {*pins(LOCK), "psycopg", "psycopg-binary"} - {"colorama"}
    packages = [file for name in locked for file in files(name) or ()]
    program = [file for name in packaged() for file in [ROOT / name] if file.is_file()]
    installed = [Path(str(file.locate())) for file in packages if file.suffix != ".pyc"]
    assert sum(file.stat().st_size for file in [*installed, *program] if file.exists()) < MOST


def slim(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.slim_child", *arguments],
        cwd=home, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "CDSBOT_LIBRARY": "van-ban", **settings, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder over a small library, indexed by the slim program."""
    home = tmp_path_factory.mktemp("slim")
    write_library(home / "van-ban")
    page = f"<html><body><h1>Thông báo</h1><p>{'Trụ sở nghỉ ngày 2/9. ' * 20}</p></body></html>"
    (home / "van-ban" / "trang.html").write_text(page, encoding="utf-8")
    run = slim(home, "reindex", "--json")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["rejected"] == []
    return home


def test_it_answers(home: Path) -> None:
    """And tells of a model that it cannot run which image can, in one line."""
    assert "15 tỉnh" in slim(home, "ask", GOAL).stdout
    other = slim(home, "ask", GOAL, CDSBOT_MODEL="intfloat/multilingual-e5-small")
    assert other.returncode == 1
    [line] = other.stderr.splitlines()
    assert "docker build --target full" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["library"], ["verify"], ["show", "quy-che.md"], ["chat"],
        ["read", str(ROOT / "README.md")], ["off", "thử"], ["on"], ["backup", "b.tar.gz"],
        ["report", "bao-cao.html"],
    ],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_every_other_command_works(home: Path, arguments: list[str]) -> None:
    (home / "data" / "abbreviations.tsv").touch()
    run = slim(home, *arguments)
    assert (run.returncode, run.stderr) == (0, "")


# Images and units


def _targets() -> list[str]:
    return re.findall(r"^FROM \S+ AS (\w+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.M)


def test_what_the_images_copy_is_sent_to_the_builder() -> None:
    """Nothing that a COPY names is left out by .dockerignore; the last target is the full one."""
    assert _targets()[-1] == "full"
    rules = (ROOT / ".dockerignore").read_text("utf-8").split()
    sent = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    copies = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.M
    )
    for name in " ".join(copies).split():
        assert (ROOT / name).exists(), name
        assert any(fnmatch.fnmatch(name, rule) for rule in sent), name


def test_compose_sets_what_there_is() -> None:
    """Its settings are settings, its image is built, and no password is in it."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    bot = yaml.safe_load(text)["services"]["bot"]
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    assert set(bot["environment"]) <= known
    assert re.findall(r"CDSBOT_IMAGE:-(\w+)", text) == ["slim"]
    assert {"slim", "full"} <= set(_targets())
    assert bot["environment"]["CDSBOT_DATABASE"].startswith(
        "postgresql://cdsbot:${POSTGRES_PASSWORD:?}@"
    )


UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_that_there_is(unit: Path) -> None:
    for command in re.findall(r"\.venv/bin/cdsbot (\w+)", unit.read_text("utf-8")):
        more = ["x"] if command in ("backup", "restore") else []
        assert _parser().parse_args([command, *more])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/cdsbot/.venv/bin/cdsbot", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [line for line in (run.stdout + run.stderr).splitlines() if "cdsbot" in line]
    assert told == []
