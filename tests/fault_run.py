"""Every method of the Bot API that the bot calls, with every fault on the way, one after the other.

A question, an edit, a button and an inline query accompany each; then what stands in the chats is
counted. At the end the bot must be alive: python -m tests.fault_run [--repeat 1] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.local_api import Chat, Person, Seen
from bot.screens.texts import VIETNAMESE
from index.retrieval.encoder import open_encoder
from index.serving import Serving
from tests.running_bot import GOAL, UNSAID, Running, build_index, running_bot, write_library

PAGE = "<html><body>Vui lòng đăng nhập Wi-Fi</body></html>"
FAULTS: dict[str, dict[str, Any]] = {
    "cut before": {"drop": "before"},
    "cut after": {"drop": "after"},
    "200 HTML": {"status": 200, "body": PAGE},
    "200 empty": {"status": 200, "body": " "},
    "200 odd JSON": {"status": 200, "body": "{}"},
    "200 no result": {"status": 200, "body": '{"ok": true}'},
    "200 other result": {"status": 200, "body": '{"ok": true, "result": true}'},
    "200 list": {"status": 200, "body": '{"ok": true, "result": [{"a": 1}]}'},
    "200 spoilt after": {"body": '{"ok": true, "resu'},
    "200 other result after": {"body": '{"ok": true, "result": {"message_id": "?"}}'},
    "302": {"status": 302, "body": PAGE},
    "401": {"status": 401},
    "401 HTML": {"status": 401, "body": PAGE},
    "403": {"status": 403},
    "403 HTML": {"status": 403, "body": PAGE},
    "404": {"status": 404},
    "404 HTML": {"status": 404, "body": PAGE},
    "409": {"status": 409},
    "429": {"status": 429, "retry_after": 1},
    "429 bare": {"status": 429},
    "500": {"status": 500},
    "502 HTML": {"status": 502, "body": PAGE},
    "503": {"status": 503},
    "400 HTML": {"status": 400, "body": PAGE},
}
METHODS = (
    "sendMessage",
    "getUpdates",
    "editMessageText",
    "answerCallbackQuery",
    "answerInlineQuery",
    "sendChatAction",
)
AT_START = ("getMe", "deleteWebhook", "setMyCommands", "setMyDescription")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands in the chats. `lost`: neither answer nor note; `unopened`: a note in vain."""

    faults: int
    questions: int
    answered: int
    offered: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    unopened: tuple[str, ...]
    unedited: tuple[str, ...]
    alive: bool


class Trial:
    """One bot, and one person who goes on asking whatever happens."""

    def __init__(self, bot: Running) -> None:
        self._bot = bot
        self._found: dict[str, list[str]] = {
            name: [] for name in ("lost", "doubled", "unopened", "unedited")
        }
        self._count: Counter[str] = Counter()

    def put(self, method: str, name: str) -> None:
        """A question, its edit, a button and an inline query while `method` meets fault `name`."""
        case = f"{method}: {name}"
        self._count["faults"] += 1
        standin = self._bot.standin
        person, chat = self._bot.chat(f"Người {self._count['faults']}")
        standin.fail(method, **FAULTS[name])
        self._ask(case, chat, person)
        seen = self._answer(chat)
        if seen is None:
            return
        standin.edit_text(chat, 1, UNSAID)
        if not self._until(lambda: any("không nói" in one.text for one in self._bot.replies(chat))):
            self._found["unedited"].append(case)
        standin.inline_query(person, "niêm phong")
        thumb = self._bot.shown(chat, seen.message_id).button("👍")["callback_data"]
        standin.press(chat, person, seen.message_id, thumb)
        if not self._until(
            lambda: any(
                "👍 ✓" in label for label in _labels(self._bot.shown(chat, seen.message_id))
            )
        ):
            self._found["unedited"].append(f"{case}, 👍")
        with standin.lock:
            standin.faults.planned.clear()

    def _ask(self, case: str, chat: Chat, person: Person) -> None:
        bot = self._bot
        self._count["questions"] += 1
        bot.standin.send_text(chat, person, GOAL)
        if not self._until(lambda: self._answer(chat) or self._note(chat)):
            self._found["lost"].append(case)
            return
        note = self._note(chat) if self._answer(chat) is None else None
        if note is None:
            self._count["answered"] += 1
        else:
            self._count["offered"] += 1
            data = note.button(VIETNAMESE.show_answer)["callback_data"]
            bot.standin.press(chat, person, note.message_id, data)
            if not self._until(lambda: self._answer(chat)):
                self._found["unopened"].append(case)
        if sum("15 tỉnh" in seen.text for seen in bot.replies(chat)) > 1:
            self._found["doubled"].append(case)

    def _answer(self, chat: Chat) -> Seen | None:
        return next((one for one in self._bot.replies(chat) if "15 tỉnh" in one.text), None)

    def _note(self, chat: Chat) -> Seen | None:
        return next((one for one in self._bot.replies(chat) if one.text == VIETNAMESE.lost), None)

    def _until(self, ready: Any) -> Any:
        return self._bot.standin.wait_until(ready, 30)

    def outcome(self, alive: bool) -> Outcome:
        told: dict[str, Any] = {"answered": 0, "offered": 0} | self._count
        told |= {name: tuple(cases) for name, cases in self._found.items()}
        return Outcome(**told, alive=alive)


def _labels(seen: Seen) -> Iterator[str]:
    return (button["text"] for row in seen.buttons for button in row)


def fault_run(
    data: Path, serving: Serving, methods: Sequence[str], faults: Sequence[str], seed: int = 1
) -> Outcome:
    """Each method with each fault, in an order drawn by `seed`, on one bot that never restarts."""
    cases = [(method, name) for method in methods for name in faults]
    chance = random.Random(seed)
    chance.shuffle(cases)
    with running_bot(data, serving, start=False, checked=False) as bot:
        for method in AT_START:
            for name in chance.sample(faults, min(2, len(faults))):  # each is waited out, longer
                bot.standin.fail(method, **FAULTS[name])
        bot.start()
        trial = Trial(bot)
        for method, name in cases:
            trial.put(method, name)
        person, chat = bot.chat()
        alive = bot.say(chat, person, GOAL).text.count("15 tỉnh") > 0 and bot.error is None
        return trial.outcome(alive)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        encoder = open_encoder("")
        build_index(index, write_library(Path(folder) / "library"), encoder)
        for time in range(given.repeat):
            serving, data = Serving(index, encoder), Path(folder) / f"data-{time}"
            outcome = fault_run(data, serving, METHODS, list(FAULTS), given.seed + time)
            print(json.dumps(asdict(outcome), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
