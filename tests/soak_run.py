"""Whether the bot grows while it answers and while its index changes.

python -m tests.soak_run [--questions 3000] [--switches 10] [--chats 50] [--seed 1]: the bot in a process of
its own is asked by many chats, one question each at a time; meanwhile the library is changed and indexed
anew. Prints its resident memory in MiB along the way, and how much of it came after the first third.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.local_api import StandIn
from index.retrieval.encoder import open_encoder
from tests.crash_run import Child, Crowd, replies
from tests.hostile_run import KINDS
from tests.running_bot import GOAL, UNSAID, build_index, write_library

_ASKED = (
    GOAL,
    UNSAID,
    "Điều {n} Quy chế quản lý kho lưu trữ mẫu quy định gì?",
    "niem phong kho lan thu {n} trong bao lau",
    "Tổ công nghệ số cộng đồng ở {word} làm gì trong {n} ngày?",
    "Còn năm {n} thì sao?",
    "Nộp hồ sơ {word} ở đâu, và mất bao nhiêu ngày?",
    "What does decision {n}/2019/QĐ-UBND say about {word}?",
    "Quy chế {n} còn hiệu lực không?",
)
_RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB")


@dataclass(frozen=True, slots=True)
class Outcome:
    questions: int
    switches: int
    lost: int
    resident: tuple[float, ...]  # MiB, after each thirtieth of the questions
    grown: float  # MiB, from the first third to the end
    seconds: float


def resident(process: int) -> float:
    """MiB of a process that lie in memory."""
    found = _RESIDENT.search(Path(f"/proc/{process}/status").read_text("ascii"))
    assert found
    return int(found[1]) / 1024


class _Talk:
    """Questions drawn at random, each with words of its own: nothing is answered twice from memory."""

    def __init__(self, standin: StandIn, chats: int, chance: random.Random) -> None:
        self._standin, self._chance = standin, chance
        self._crowd = Crowd(standin, chats, chance)
        self.lost = 0

    def round(self) -> int:
        """Each chat asks once, and all are waited for."""
        asked = []
        for person, chat in self._crowd.places:
            with self._standin.lock:  # or an answer may take the number in between
                asked.append((chat, chat.next_message))
                self._standin.send_text(chat, person, self._question())

        def open_() -> int:
            return sum(not replies(self._standin, *one) for one in asked)

        self._standin.wait_until(lambda: not open_(), 300)
        self.lost += open_()
        with self._standin.lock:  # the stand-in looks through all that stands in a chat
            for chat, _ in asked:
                chat.messages.clear()
        return len(asked)

    def _question(self) -> str:
        kind = self._chance.choice(("syllables", "slipped words", "words", "abbreviations"))
        word, number = KINDS[kind](self._chance), self._chance.randrange(1, 3000)
        return self._chance.choice(_ASKED).format(n=number, word=word)


def _switch(index: Path, library: Path, port: int, number: int) -> None:
    """One document more in the library, or one less; returns once the bot serves it so."""
    extra = library / "so-tay.md"
    if number % 2:
        extra.write_text(
            f"# Sổ tay {number}\n\nSổ tay cấp tài khoản trong {number} ngày.\n", "utf-8"
        )
    else:
        extra.unlink()
    build_index(index, library, open_encoder(""))
    serves = f"cdsbot_generation_documents {float(len(list(library.glob('*.md'))))}"
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as told:
            if serves in told.read().decode():
                return
        time.sleep(0.5)
    raise AssertionError("the bot does not serve the new index")


def soak_run(folder: Path, *, questions: int, switches: int, chats: int, seed: int) -> Outcome:
    index, library = folder / "index", write_library(folder / "library")
    build_index(index, library, open_encoder(""))
    began, asked, done = time.monotonic(), 0, 0
    measured: list[float] = []
    with StandIn.running() as standin:
        child = Child(standin, index, folder / "data", webhook=False)
        child.start()
        talk = _Talk(standin, chats, random.Random(seed))
        while asked < questions:
            asked += talk.round()
            if asked * switches >= (done + 1) * questions:
                done += 1
                _switch(index, library, child.port, done)
            if asked * 30 >= (len(measured) + 1) * questions:
                measured.append(resident(child.pid))
        assert child.stop() == 0
    grown = measured[-1] - measured[len(measured) // 3]
    return Outcome(
        asked, done, talk.lost, tuple(round(one, 1) for one in measured), round(grown, 1),
        round(time.monotonic() - began, 1),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=3000)
    parser.add_argument("--switches", type=int, default=10)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = vars(parser.parse_args())
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(asdict(soak_run(Path(folder), **given))))


if __name__ == "__main__":
    main()
