"""Three webhook processes on one PostgreSQL while questions come steadily. Ten times the index changes,
then each process in turn gives way to one of another version, as in an upgrade; then what stands in the
chats is counted.

python -m tests.rolling_run [--rate 20] [--generations 10] [--processes 3] [--chats 60] [--before REVISION]

Each generation has its number in the sentences and in the heading of a document: an answer with two
numbers is mixed. `--before` names the revision of this repository that the processes begin with; else
they begin with what they end with.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

from bot.local_api import StandIn
from bot.screens.texts import VIETNAMESE
from tests import postgres
from tests.balancer import balancer
from tests.crash_run import Child
from tests.running_bot import regulation, write_library
from tests.steady import Steady, answers, quantile, replies

_REPOSITORY = Path(__file__).parents[1]
_FIRST = 1000  # the first generation's number, of a form that nothing else in the library has
_MARK = re.compile(r"\b1[01]\d\d\b")
_SLOW = 2.0  # seconds
_PAUSE = 3.0  # seconds of asking after each change
QUESTIONS = (
    "Mượn hồ sơ trong kho lưu trữ mẫu trong bao nhiêu ngày?",
    "niêm phong kho lưu trữ mẫu trong mấy ngày?",
    "Việc kiểm kê kho lưu trữ mẫu thực hiện trong bao nhiêu ngày?",
)


@dataclass(frozen=True, slots=True)
class Rolled:
    """What stands in the chats. `generations`: answers from each; `unmarked`: from none that is known."""

    questions: int
    seconds: float
    rate: float  # questions a second that were really put
    lost: int
    doubled: int
    offered: int
    apologies: int
    mixed: int
    unmarked: int
    slow: int
    median: float
    p95: float
    slowest: float
    generations: dict[str, int]
    overruns: int


def rolling_run(
    folder: Path,
    database: str,
    *,
    rate: float,
    generations: int,
    processes: int = 3,
    chats: int = 60,
    before: Path = _REPOSITORY,
    seed: int = 1,
) -> Rolled:
    library, index = write_library(folder / "library"), folder / "index"
    _reindex(library, index, _FIRST)
    ports = list[int]()
    with StandIn.running(webhook_retry_seconds=0.2) as standin, balancer(ports, seed) as url:
        children = [
            Child(standin, index, folder / "data", webhook=True, url=url, database=database)
            for _ in range(processes)
        ]
        for child in children:
            child.start(before)
            child.ready()
            ports.append(child.port)
        crowd, began = Steady(standin, chats, QUESTIONS, random.Random(seed)), time.monotonic()
        asking = crowd.start(rate)
        for number in range(_FIRST + 1, _FIRST + 1 + generations):
            time.sleep(_PAUSE)
            _reindex(library, index, number)
        for child in children:
            time.sleep(_PAUSE)
            assert child.stop() == 0
            child.start()
            child.ready()
        time.sleep(_PAUSE)
        crowd.stop()
        asking.join()
        seconds = time.monotonic() - began
        crowd.settled(60)
        assert [child.stop() for child in children] == [0] * processes
        return counted(crowd, seconds)


def counted(crowd: Steady, seconds: float) -> Rolled:
    standin, found, generations = crowd.standin, Counter[str](), Counter[str]()
    for question in crowd.asked:
        seen, given = replies(standin, question), answers(standin, question)
        found["lost"] += not seen
        found["doubled"] += len(given) > 1
        found["offered"] += any(one.text == VIETNAMESE.lost for one in seen)
        found["apologies"] += any(
            one.text in (VIETNAMESE.apology, VIETNAMESE.no_index) for one in seen
        )
        for one in given:
            marks = set(_MARK.findall(one.text))
            found["mixed"] += len(marks) > 1
            found["unmarked"] += not marks
            generations.update(marks)
    waited, kinds = crowd.waited(), ("lost", "doubled", "offered", "apologies", "mixed", "unmarked")
    return Rolled(
        questions=len(crowd.asked), seconds=round(seconds, 1),
        rate=round(len(crowd.asked) / seconds, 1), **{kind: found[kind] for kind in kinds},
        slow=sum(one > _SLOW for one in waited), median=round(quantile(waited, 0.5), 3),
        p95=round(quantile(waited, 0.95), 3), slowest=round(max(waited, default=0.0), 3),
        generations=dict(sorted(generations.items())), overruns=len(standin.flood.overruns),
    )  # fmt: skip


def _reindex(library: Path, index: Path, number: int) -> None:
    """As the timer does it: by another process, which gives way to questions."""
    text = regulation().replace("99/2019", f"{number}/2019")
    text = text.replace("kho <lưu trữ> & bảo vệ", f"kho số {number}")
    (library / "quy-che.md").write_text(text, encoding="utf-8")
    settings = {"CDSBOT_DATA": str(index), "CDSBOT_LIBRARY": str(library)}
    subprocess.run(
        ["nice", "-n", "10", sys.executable, "-m", "bot.cli", "reindex", "--yes"],
        cwd=_REPOSITORY, env={**os.environ, **settings}, check=True, capture_output=True,
    )  # fmt: skip


def revision(name: str, folder: Path) -> Path:
    """The program as it was in a revision of this repository."""
    packed = subprocess.run(
        ["git", "archive", name, "bot", "index", "knowledge", "tests"],
        cwd=_REPOSITORY, check=True, capture_output=True,
    )  # fmt: skip
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=20, help="questions a second")
    parser.add_argument("--generations", type=int, default=10)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--chats", type=int, default=60)
    parser.add_argument("--before", metavar="REVISION")
    parser.add_argument("--seed", type=int, default=1)
    given = vars(parser.parse_args())
    before = given.pop("before")
    with tempfile.TemporaryDirectory() as place, postgres.server() as server:
        folder = Path(place)
        start = revision(before, folder / "before") if before else _REPOSITORY
        rolled = rolling_run(folder, server.database(), before=start, **given)
    print(json.dumps(asdict(rolled)))


if __name__ == "__main__":
    main()
