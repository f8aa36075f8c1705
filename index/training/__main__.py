"""`python -m index.training all DATA WORK`: every step of the encoder, in order.

A step that finds its output complete does nothing, so a run that was stopped goes on where it was.
"""

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from index.training.export import export
from index.training.recover import RecoveryError, recover
from index.training.teach import learnt
from index.training.vocabulary import cut

SHIPPED = Path(__file__).parent.parent / "model"
VERSION, BITS = "6", 8


def steps(data: Path, work: Path, shipped: Path) -> list[tuple[str, Callable[[], None]]]:
    """The steps with their names."""
    full, small, taught, final = (work / name for name in ("full", "cut", "taught", "model"))
    return [
        ("recover the weights", lambda: recover(full)),
        ("cut the vocabulary", lambda: cut(data, full, small)),
        ("teach it questions", lambda: learnt(data, small, work, taught)),
        ("export the result", lambda: export(data, taught, final, VERSION, BITS)),
        ("put it in its place", lambda: copy(final, shipped)),
    ]


def copy(source: Path, folder: Path) -> None:
    """Bring the files of `source` to `folder`, beside what else lies there."""
    shutil.copytree(source, folder, dirs_exist_ok=True)


def main() -> int:
    """Command line of the pipeline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("all",))
    parser.add_argument("data", type=Path, help="the training data folder")
    parser.add_argument("work", type=Path, help="a folder for what lies between the steps")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="where the result goes")
    given = parser.parse_args()
    for name, step in steps(given.data, given.work, given.model):
        print(f"— {name}", flush=True)
        try:
            step()
        except RecoveryError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
