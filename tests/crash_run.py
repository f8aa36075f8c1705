"""Kills the bot at random moments while questions arrive, and counts what stands in the chats.

python -m tests.crash_run --kills 50 --questions 200 --chats 20 [--webhook] [--seed 1]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.local_api import Chat, Person, Seen, StandIn
from bot.screens.texts import VIETNAMESE
from index.retrieval.encoder import open_encoder
from tests.running_bot import GOAL, UNSAID, build_index, free_port, write_library

_QUESTIONS = (GOAL, UNSAID, "Tổ công nghệ số cộng đồng làm gì?", "niêm phong kho trong bao lâu?")
_REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands in the chats at the end. `doubled`: seen twice; `offered`: a note with a button."""

    questions: int
    kills: int
    answered: int
    apologies: int  # replies that say that no answer was possible: they are no answers
    offered: int
    offered_besides: int  # of them beside an answer that had arrived after all
    doubled: int
    lost: int
    unopened: int  # notes whose button did not bring the answer
    seconds: float


class Child:
    """The bot in a process, started anew after each kill."""

    def __init__(
        self,
        standin: StandIn,
        index: Path,
        data: Path,
        webhook: bool,
        url: str = "",
        database: str = "",
    ) -> None:
        """`url` is a balancer's, before several that share `database`."""
        self._standin = standin
        self.port = free_port()
        if webhook:
            url = url or f"http://127.0.0.1:{self.port}/hook"
        self._arguments = [
            str(index), str(data), standin.base_url, standin.token, str(self.port), url, database
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, folder: Path = _REPOSITORY, unlimited: bool = False) -> None:
        """The program in `folder`, `unlimited` by what Telegram allows. Returns once the bot has greeted Telegram; a kill may hit it
        before it takes updates."""
        before = len(self._standin.called("getMe"))
        command = [sys.executable, "-m", "tests.crash_child", *filter(None, self._arguments)]
        self._process = subprocess.Popen(command, cwd=folder, env=_environment(unlimited))

        def greeted() -> bool:
            return len(self._standin.called("getMe")) > before

        assert self._standin.wait_until(greeted, 120), "the bot did not start"

    @property
    def pid(self) -> int:
        """Of the process, for the system."""
        assert self._process
        return self._process.pid

    def ready(self) -> None:
        """Returns once it takes updates and an index serves."""
        for _ in range(1200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError("the bot is not ready")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        assert self._process
        self._process.terminate()
        return self._process.wait(60)


def _environment(unlimited: bool) -> dict[str, str]:
    """Without a path to modules that would come before those of the folder it starts in."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return ours | ({"UNLIMITED": "1"} if unlimited else {})


class Crowd:
    """People in their chats, asking at random."""

    def __init__(
        self, standin: StandIn, chats: int, random: random.Random, each: int | None = None
    ) -> None:
        """Each chat asks `each` times, where that is given, in an order drawn."""
        self._standin = standin
        self._random = random
        people = [standin.person(f"Người {number}") for number in range(chats)]
        self.places: list[tuple[Person, Chat]] = [
            (person, standin.private(person, begun=True)) for person in people
        ]
        self.asked: list[tuple[Chat, int]] = []
        self._due = self.places * (each or 0)
        random.shuffle(self._due)

    def ask(self) -> None:
        person, chat = self._next()
        with self._standin.lock:  # or an answer may take the number in between
            number = chat.next_message
            self._standin.send_text(chat, person, self._random.choice(_QUESTIONS))
        self.asked.append((chat, number))

    def _next(self) -> tuple[Person, Chat]:
        return self._due.pop() if self._due else self._random.choice(self.places)


def replies(standin: StandIn, chat: Chat, question: int) -> list[Seen]:
    """What the bot shows in reply to one question, less the word that it takes a while."""
    return [
        seen
        for seen in standin.visible(chat)
        if seen.from_bot and seen.reply_to == question and seen.text != VIETNAMESE.wait
    ]


def all_replied(standin: StandIn, crowd: Crowd) -> bool:
    return all(replies(standin, chat, number) for chat, number in crowd.asked)


def crash_run(
    index: Path, data: Path, *, kills: int, questions: int, chats: int, webhook: bool, seed: int
) -> Outcome:
    """Questions arrive evenly between the kills; each kill comes at a random moment."""
    chance = random.Random(seed)
    began = time.monotonic()
    with StandIn.running(webhook_retry_seconds=0.2) as standin:
        crowd = Crowd(standin, chats, chance)
        child = Child(standin, index, data, webhook)
        for kill in range(kills):
            child.start()
            due = questions * (kill + 1) // kills - len(crowd.asked)
            moment = chance.uniform(0.0, 1.2)
            pauses = sorted(chance.uniform(0.0, 1.2) for _ in range(due))
            asking = threading.Thread(target=ask, args=(crowd, pauses))
            asking.start()
            time.sleep(moment)
            child.kill()
            asking.join()
        child.start()
        standin.wait_until(lambda: all_replied(standin, crowd), 60 + questions)
        outcome = counted(standin, crowd, kills, time.monotonic() - began)
        assert child.stop() == 0
        return outcome


def ask(crowd: Crowd, pauses: list[float]) -> None:
    passed = 0.0
    for pause in pauses:
        time.sleep(pause - passed)
        passed = pause
        crowd.ask()


def counted(standin: StandIn, crowd: Crowd, kills: int, seconds: float) -> Outcome:
    found: Counter[str] = Counter()
    people = {chat.id: person for person, chat in crowd.places}
    for chat, number in crowd.asked:
        seen = replies(standin, chat, number)
        notes = [one for one in seen if one.text == VIETNAMESE.lost]
        apologies = sum(one.text in (VIETNAMESE.apology, VIETNAMESE.no_index) for one in seen)
        answers = len(seen) - len(notes) - apologies
        found["answered"] += answers == 1
        found["apologies"] += apologies
        found["offered"] += bool(notes)
        found["offered_besides"] += bool(notes and answers)
        found["doubled"] += answers > 1
        found["lost"] += not seen
        if notes and not answers:
            found["unopened"] += not _opens(standin, chat, people[chat.id], notes[-1])
    return Outcome(
        questions=len(crowd.asked),
        kills=kills,
        answered=found["answered"],
        apologies=found["apologies"],
        offered=found["offered"],
        offered_besides=found["offered_besides"],
        doubled=found["doubled"],
        lost=found["lost"],
        unopened=found["unopened"],
        seconds=round(seconds, 1),
    )


def _opens(standin: StandIn, chat: Chat, person: Person, note: Seen) -> bool:
    """Whether the note turns into the answer when its button is pressed."""
    button = note.button(VIETNAMESE.show_answer)
    standin.press(chat, person, note.message_id, button["callback_data"])

    def shown() -> bool:
        text = chat.messages[note.message_id].text
        return text not in (VIETNAMESE.lost, VIETNAMESE.button_old)

    return bool(standin.wait_until(shown, 20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--webhook", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = vars(parser.parse_args())
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        build_index(index, write_library(Path(folder) / "library"), open_encoder(""))
        outcome = crash_run(index, Path(folder) / "data", **given)
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
