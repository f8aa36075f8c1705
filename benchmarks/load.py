"""Questions at a steady rate to real processes of the bot: `python -m benchmarks.load --rate 30 --minutes 10`.

The local Bot API carries them and receives the answers; `--processes` share a PostgreSQL of this
machine's programs, or the one at `--database`; one process alone keeps an SQLite file and polls. Told
are how long people wait, resident memory over time, and processor time an update beside that of the
answer alone. The bot's own limits on sending, 27 a second, are off unless `--limits` is given: they
would measure themselves. Figures, plots and table go below `--out`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.plots import plot
from bot.local_api import Limits, StandIn
from bot.settings import STARTER_DOCUMENTS
from index.retrieval.encoder import open_encoder
from index.serving import Serving
from index.store.build import reindex
from tests import postgres
from tests.balancer import balancer
from tests.crash_run import Child
from tests.steady import Steady, answers, quantile

_QUESTIONS = Path(__file__).parents[1] / "docs" / "evaluations" / "dev5.jsonl"
_ALONE = 200  # questions that are answered with nothing around
_EVERY = 5.0  # seconds between looks at memory
_WARM = 60.0  # seconds after which memory is expected to stay
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Times in milliseconds, memory in MB (of all processes together)."""

    processes: int
    memory_in: str
    rate: float
    minutes: float
    questions: int
    lost: int
    doubled: int
    median: float
    p95: float
    slowest: float
    slowest_chat: float  # the 95 % of the chat that waited longest
    processor: float  # of an update, in the bot's processes
    alone: float  # of the answer to one
    grown: float  # from the first minute to the end
    flood: tuple[int, int]  # messages of one chat that floods, and its answers
    memory: list[tuple[float, float]]  # seconds since the beginning, and how much


def load(given: argparse.Namespace, rate: float, index: Path, alone: float) -> Loaded:
    questions = _questions(given.questions)
    chance, limits = random.Random(given.seed), None if given.limits else Limits.none()
    with (
        tempfile.TemporaryDirectory() as data,
        StandIn.running(limits=limits) as standin,
        _processes(given, standin, index, Path(data)) as (children, memory_in),
    ):
        crowd = Steady(standin, given.chats, questions, chance)
        flood = Steady(standin, 1, questions, chance)
        asking = [crowd.start(rate)] + ([flood.start(given.flood)] if given.flood else [])
        numbers = [child.pid for child in children]
        before, began = sum(map(_processor, numbers)), time.monotonic()
        memory = list(_watched(numbers, given.minutes * 60))
        for one in (crowd, flood):
            one.stop()
        for thread in asking:
            thread.join()
        crowd.settled(120)
        spent = sum(map(_processor, numbers)) - before
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
        figures = _figures(crowd)
    first = next((size for at, size in memory if at >= min(_WARM, given.minutes * 30)), 0.0)
    asked = len(crowd.asked) + len(flood.asked)
    answered = sum(bool(answers(standin, one)) for one in flood.asked)
    return Loaded(
        given.processes, memory_in, rate, given.minutes, **figures,
        processor=round(1000 * spent / asked, 1), alone=alone, grown=round(memory[-1][1] - first, 1),
        flood=(len(flood.asked), answered), memory=memory,
    )  # fmt: skip


def _figures(crowd: Steady) -> dict[str, Any]:
    given = [answers(crowd.standin, one) for one in crowd.asked]
    waited = [1000 * one for one in crowd.waited()]
    chats: dict[int, list[float]] = {}
    answered = [one for one, seen in zip(crowd.asked, given, strict=True) if seen]
    for one, seconds in zip(answered, waited, strict=True):
        chats.setdefault(one.chat.id, []).append(seconds)
    found = {
        "median": quantile(waited, 0.5), "p95": quantile(waited, 0.95),
        "slowest": max(waited, default=0.0),
        "slowest_chat": max((quantile(own, 0.95) for own in chats.values()), default=0.0),
    }  # fmt: skip
    return {
        "questions": len(crowd.asked),
        "lost": sum(not one for one in given),
        "doubled": sum(len(one) > 1 for one in given),
    } | {name: round(value, 1) for name, value in found.items()}


@contextmanager
def _processes(
    given: argparse.Namespace, standin: StandIn, index: Path, data: Path
) -> Iterator[tuple[list[Child], str]]:
    """The bot's processes, ready to answer, and where they remember."""
    shared, ports = given.processes > 1 or given.postgres or given.database, list[int]()
    with (
        postgres.server() if shared and not given.database else nullcontext() as server,
        balancer(ports, given.seed) if shared else nullcontext("") as url,
    ):
        database = given.database or (server.database() if server else "")
        children = [
            Child(standin, index, data, webhook=bool(shared), url=url, database=database)
            for _ in range(given.processes)
        ]
        try:
            for child in children:
                child.start(unlimited=not given.limits)
                child.ready()
                ports.append(child.port)
            yield children, "PostgreSQL" if shared else "SQLite"
        finally:
            for child in children:
                child.kill()


def _watched(numbers: Sequence[int], seconds: float) -> Iterator[tuple[float, float]]:
    """Memory every few seconds, for so long."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        yield round(passed, 1), round(sum(map(_resident, numbers)), 1)
        time.sleep(min(_EVERY, seconds - passed + 0.01))
    yield round(seconds, 1), round(sum(map(_resident, numbers)), 1)


def _resident(number: int) -> float:
    """Megabytes that a process holds in memory."""
    pages = int(Path(f"/proc/{number}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _processor(number: int) -> float:
    """Seconds of all its threads."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


# The answer alone


def _alone(index: Path, questions: Sequence[str]) -> float:
    """Milliseconds of processor time of one answer, in a process that does nothing else."""
    command = [sys.executable, "-m", __spec__.name, "alone", str(index), json.dumps(questions)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


def _answer_alone(index: Path, questions: Sequence[str]) -> float:
    answerer = Serving(index, open_encoder("")).answerer()
    answerer.warm()
    before = time.process_time()
    for question in questions:
        answerer.answer(question)
    return round(1000 * (time.process_time() - before) / len(questions), 1)


def _questions(file: Path) -> list[str]:
    lines = file.read_text("utf-8").splitlines()
    return [json.loads(line)["question"] if line.startswith("{") else line for line in lines]


# Figures, plots, table

_PLOTS = """![How long people wait at so many questions a second](benchmarks/load.svg)

![Memory over time](benchmarks/load-memory.svg)"""

_HEAD = (
    "| processes | memory in | questions a second | minutes | lost; doubled | median; 95 %; slowest, ms "
    "| slowest chat's 95 %, ms | processor an update; answer alone, ms | times | resident at the end; grown, MB |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def table(rows: Sequence[Loaded]) -> str:
    return "\n".join([_HEAD, *map(_line, rows)])


def _line(row: Loaded) -> str:
    return (
        f"| {row.processes} | {row.memory_in} | {row.rate:g} | {row.minutes:g} | {row.lost}; {row.doubled} "
        f"| {row.median:.0f}; {row.p95:.0f}; {row.slowest:.0f} | {row.slowest_chat:.0f} "
        f"| {row.processor:.0f}; {row.alone:.0f} | {row.processor / row.alone:.2f} "
        f"| {row.memory[-1][1]:.0f}; {row.grown:+.0f} |"
    )


def kept(found: Sequence[Loaded], out: Path) -> None:
    """What was measured, in place of what was measured of the same before."""
    place = out / "benchmarks" / "load"
    place.parent.mkdir(parents=True, exist_ok=True)
    file = place.with_suffix(".json")
    old = [Loaded(**row) for row in json.loads(file.read_text("utf-8"))] if file.exists() else []
    rows = {(one.memory_in, one.processes, one.rate): one for one in [*old, *found]}
    runs = [rows[name] for name in sorted(rows)]
    file.write_text(json.dumps(list(map(asdict, runs)), indent=1) + "\n", "utf-8")
    ways: dict[str, list[tuple[float, float]]] = {}
    for one in runs:
        name = f"{one.processes} × {one.memory_in}"
        ways.setdefault(name, []).append((one.rate, one.p95 / 1000))
    longest = max(runs, key=lambda one: one.minutes)
    minutes = [(at / 60, size) for at, size in longest.memory]
    place.with_suffix(".svg").write_text(
        plot(ways, "95 % wait less than so many seconds", "questions a second", 5.0), "utf-8"
    )
    (place.parent / "load-memory.svg").write_text(
        plot({f"{longest.rate:g} a second": minutes}, "Resident memory, MB", "minutes"), "utf-8"
    )
    page = out / "benchmarks.md"
    before, _, after = page.read_text("utf-8").partition("<!-- load -->\n")
    after = after.partition("<!-- /load -->\n")[2]
    shown = f"{table(runs)}\n\n{_PLOTS}"
    page.write_text(f"{before}<!-- load -->\n{shown}\n<!-- /load -->\n{after}", "utf-8")


def main() -> None:
    """Command line of the benchmark; with `alone`, one of its steps."""
    if sys.argv[1:2] == ["alone"]:
        print(_answer_alone(Path(sys.argv[2]), json.loads(sys.argv[3])))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, nargs="+", default=[30.0], help="one after another")
    parser.add_argument("--minutes", type=float, default=10.0, help="of each rate")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="for one process, too")
    parser.add_argument("--database", default="", help="address of an empty PostgreSQL")
    parser.add_argument("--index", type=Path, help="a data folder with an index")
    parser.add_argument("--documents", type=Path, default=STARTER_DOCUMENTS, help="to be indexed")
    parser.add_argument("--questions", type=Path, default=_QUESTIONS, help="lines, or JSON lines")
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument(
        "--flood", type=float, default=0.0, help="messages a second of one chat more"
    )
    parser.add_argument("--limits", action="store_true", help="keep to Telegram's while sending")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="docs, to keep what is measured there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = given.index or Path(folder)
        if not given.index:
            reindex(index, [given.documents], open_encoder(""), agree=lambda _: True)
        chance = random.Random(given.seed)
        alone = _alone(index, chance.choices(_questions(given.questions), k=_ALONE))
        found = list[Loaded]()
        for rate in given.rate:
            found.append(load(given, rate, index, alone))
            print(table(found[-1:]) if len(found) == 1 else _line(found[-1]), flush=True)
    if given.out:
        kept(found, given.out)


if __name__ == "__main__":
    main()
