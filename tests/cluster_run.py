"""Three webhook processes on one PostgreSQL, behind a balancer, one of them killed at random moments
while questions arrive; then what stands in the chats is counted.

python -m tests.cluster_run --kills 50 --chats 60 --each 10 [--processes 3] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from bot.local_api import StandIn
from index.retrieval.encoder import open_encoder
from tests import postgres
from tests.balancer import balancer
from tests.crash_run import Child, Crowd, Outcome, all_replied, ask, counted, replies
from tests.running_bot import build_index, write_library


@dataclass(frozen=True, slots=True)
class Shared:
    """What stands in the chats, and `disordered`: replies that came before an earlier question's."""

    outcome: Outcome
    disordered: int
    overruns: int  # calls that Telegram would have refused


def cluster_run(
    index: Path,
    data: Path,
    database: str,
    *,
    kills: int,
    chats: int,
    each: int,
    seed: int,
    processes: int = 3,
) -> Shared:
    """Questions arrive evenly between the kills; the next kill comes when the one killed last greets
    Telegram again."""
    chance, began = random.Random(seed), time.monotonic()
    ports = list[int]()
    with StandIn.running(webhook_retry_seconds=0.2) as standin, balancer(ports, seed) as url:
        crowd = Crowd(standin, chats, chance, each)
        children = [
            Child(standin, index, data, webhook=True, url=url, database=database)
            for _ in range(processes)
        ]
        for child in children:
            child.start()
            ports.append(child.port)
        for kill in range(kills):
            due = chats * each * (kill + 1) // kills - len(crowd.asked)
            moment = chance.uniform(0.0, 1.2)
            pauses = sorted(chance.uniform(0.0, 1.2) for _ in range(due))
            asking = threading.Thread(target=ask, args=(crowd, pauses))
            asking.start()
            time.sleep(moment)
            killed = chance.choice(children)
            killed.kill()
            killed.start()
            asking.join()
        standin.wait_until(lambda: all_replied(standin, crowd), 60 + chats * each)
        outcome = counted(standin, crowd, kills, time.monotonic() - began)
        disordered = sum(_disordered(standin, crowd, chat.id) for _, chat in crowd.places)
        assert [child.stop() for child in children] == [0] * processes
        return Shared(outcome, disordered, len(standin.flood.overruns))


def _disordered(standin: StandIn, crowd: Crowd, chat: int) -> int:
    """Replies of a chat that stand before the first reply to an earlier question."""
    asked = [(place, number) for place, number in crowd.asked if place.id == chat]
    first = [
        min((seen.message_id for seen in replies(standin, place, number)), default=0)
        for place, number in sorted(asked, key=lambda one: one[1])
    ]
    return sum(later < earlier for earlier, later in pairwise(first))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--chats", type=int, default=60)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = vars(parser.parse_args())
    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        index = Path(folder) / "index"
        build_index(index, write_library(Path(folder) / "library"), open_encoder(""))
        shared = cluster_run(index, Path(folder) / "data", server.database(), **given)
    print(json.dumps(asdict(shared)))


if __name__ == "__main__":
    main()
