"""What `pip install` brings: the wheel's contents, and lock files that any index can serve."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def packaged() -> set[str]:
    files = WheelBuilder(str(ROOT)).recurse_included_files()
    return {file.distribution_path.replace("\\", "/") for file in files}


def pins(name: str) -> dict[str, str]:
    """Package to its line in a lock file and in those it builds on."""
    found: dict[str, str] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found |= pins(line.removeprefix("-r "))
        elif not line.startswith("#"):
            found[canonicalize_name(Requirement(line).name)] = line
    return found


def test_the_wheel_carries_what_a_fresh_install_answers_with() -> None:
    """Starter documents, the model, the try-out page, migrations: all travel with the code."""
    wanted = {
        file.relative_to(ROOT).as_posix()
        for folder in (
            "knowledge/documents",
            "index/model",
            "bot/local_api/static",
            "bot/database/migrations",
        )
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    assert {name.split("/")[0] for name in wanted} == {"knowledge", "index", "bot"}
    assert wanted <= packaged()


def test_the_wheel_carries_nothing_else() -> None:
    """No tests, data or documentation ride along."""
    assert {name.split("/")[0] for name in packaged()} == {"bot", "index", "knowledge"}


def test_every_dependency_is_locked() -> None:
    """What pyproject asks for is pinned, within the range it asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [("requirements.lock", line) for line in project["project"]["dependencies"]]
    asked += [("requirements-dev.lock", line) for line in project["dependency-groups"]["dev"]]
    asked += [("requirements-model.lock", line) for line in project["dependency-groups"]["model"]]
    asked += [
        (f"requirements-{extra}.lock", line)
        for extra, lines in project["project"]["optional-dependencies"].items()
        for line in lines
    ]
    for name, line in asked:
        wanted = Requirement(line)
        pinned = Requirement(pins(name)[canonicalize_name(wanted.name)])
        [version] = [clause.version for clause in pinned.specifier]
        assert wanted.specifier.contains(version), line


def test_the_locks_name_no_index_and_no_accelerator() -> None:
    """Any package index serves them, and no GPU build is asked for."""
    for name in (
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-model.lock",
        "requirements-ocr.lock",
        "requirements-postgres.lock",
    ):
        for line in pins(name).values():
            assert re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", line), line
            assert not line.startswith(("nvidia", "triton")), line


def test_each_setting_is_explained() -> None:
    """`.env.example` names every setting there is, and no other."""
    from bot.settings import PREFIX, Settings

    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert named == {PREFIX + field.upper() for field in Settings.model_fields}
