"""Nothing leaves the machine but what Telegram needs, whatever the libraries would like to tell."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
if sys.platform == "win32":
    pytest.skip("the watchers need a POSIX system", allow_module_level=True)

from tests.silence import Seen  # noqa: E402  (it needs what the line above asks for)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """A reindex, an `ask` and a `run` with a question, watched; in a process that may cut itself off."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.silence", str(tmp_path_factory.mktemp("silence"))],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return Seen(**json.loads(run.stdout))


def test_python_connects_to_the_bot_api_only(seen: Seen) -> None:
    """Which is on loopback here; no other name is looked up. The bot was seen, so the hook works."""
    assert seen.python
    assert [line for line in seen.python if not re.search(r"'127\.0\.0\.1'", line)] == []


def test_no_library_asks_the_proxy_for_anything(seen: Seen) -> None:
    """Native code does not tell Python of its sockets, but honours HTTPS_PROXY. Nor does the bot take
    a proxy to reach this machine."""
    assert seen.proxied == []


def test_no_packet_is_meant_for_anywhere_else(seen: Seen) -> None:
    """Whoever sent it: in a network of its own, with loopback only, the kernel counts them all."""
    if seen.elsewhere is None:
        pytest.skip(seen.why)
    assert not any(seen.elsewhere.values()), seen.elsewhere


def test_the_home_folder_stays_empty(seen: Seen) -> None:
    """No number that names the machine, no cache."""
    assert seen.home == []
