"""Runs `cdsbot` as where only requirements-slim.lock is installed: python -m tests.slim_child ask …"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import packages_distributions
from types import ModuleType

from packaging.utils import canonicalize_name

from tests.test_packaging import pins


class _Missing(MetaPathFinder):
    """Refuses every module of a package that the lock file does not name."""

    def __init__(self) -> None:
        locked = set(pins("requirements-slim.lock"))
        self._missing = {
            module
            for module, packages in packages_distributions().items()
            if not locked & set(map(canonicalize_name, packages)) and packages != ["cdsbot"]
        }

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in self._missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def main() -> int:
    loaded = {name.partition(".")[0] for name in sys.modules}
    finder = _Missing()
    for name in [one for one in sys.modules if one.partition(".")[0] in finder._missing & loaded]:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    from bot.cli import main as cdsbot

    return cdsbot(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
