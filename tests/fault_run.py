"""Every method of the Bot API that the bot calls, with every fault on the way, one after the other.

A question, an edit, a button and an inline query accompany each, where it takes that a file or a
group's choice, and a second question, which must be answered. Then what stands in the chats is counted,
and the bot must be alive and say so: python -m tests.fault_run [--repeat 1] [--seed 1] [--methods sendMessage …]
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import urllib.request
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

NEXT = "Tổ công nghệ số cộng đồng làm gì?"
PAGE = "<html><body>Vui lòng đăng nhập Wi-Fi</body></html>"
SILENT = 45.0  # seconds: longer than any call waits
FAULTS: dict[str, dict[str, Any]] = {
    "timeout before": {"delay": SILENT},
    "timeout after": {"late": SILENT},
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
    "sendDocument",
    "getChatMember",
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
    mute: tuple[str, ...]  # files and choices without a word
    alive: bool


class Trial:
    """One bot, and one person who goes on asking whatever happens."""

    def __init__(self, bot: Running) -> None:
        self._bot = bot
        self._found: dict[str, list[str]] = {
            name: [] for name in ("lost", "doubled", "unopened", "unedited", "mute")
        }
        self._count: Counter[str] = Counter()

    def put(self, method: str, name: str) -> None:
        """What a person may do while `method` meets fault `name`, and a question after it."""
        case = f"{method}: {name}"
        self._count["faults"] += 1
        standin = self._bot.standin
        person, chat = self._bot.chat(f"Người {self._count['faults']}")
        standin.fail(method, **FAULTS[name])
        self._ask(case, chat, person)
        seen = self._answer(chat)
        if seen:
            self._use(case, chat, person, seen)
        if method == "sendDocument":
            self._fetch(case, chat, person)
        if method == "getChatMember":
            self._choose(case, person)
        with standin.lock:
            standin.faults.planned.clear()
        self._count["questions"] += 1
        with standin.lock:  # or an answer may take the number in between
            number = chat.next_message
            standin.send_text(chat, person, NEXT)
        if not self._until(lambda: any(one.reply_to == number for one in self._bot.replies(chat))):
            self._found["lost"].append(f"{case}, the next question")

    def _use(self, case: str, chat: Chat, person: Person, seen: Seen) -> None:
        standin = self._bot.standin
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

    def _fetch(self, case: str, chat: Chat, person: Person) -> None:
        before = len(self._bot.replies(chat))
        self._bot.standin.send_text(chat, person, "/dulieucuatoi")
        if not self._until(lambda: len(self._bot.replies(chat)) > before):
            self._found["mute"].append(f"{case}, a file")

    def _choose(self, case: str, person: Person) -> None:
        standin = self._bot.standin
        group = standin.group("Xóm", person)
        standin.send_text(group, person, f"/riengtu@{standin.bot.user.username}")
        notice = self._until(lambda: self._bot.replies(group))
        if notice:
            data = notice[0].button(VIETNAMESE.privacy_stop)["callback_data"]
            query = standin.press(group, person, notice[0].message_id, data)
        if not notice or not self._until(lambda: standin.answer(query) is not None):
            self._found["mute"].append(f"{case}, a choice")

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
        opened = note.message_id if note else 0
        seen = [one for one in bot.replies(chat) if one.message_id != opened]
        if sum("15 tỉnh" in one.text for one in seen) > 1:
            self._found["doubled"].append(case)

    def _answer(self, chat: Chat) -> Seen | None:
        return next((one for one in self._bot.replies(chat) if "15 tỉnh" in one.text), None)

    def _note(self, chat: Chat) -> Seen | None:
        return next((one for one in self._bot.replies(chat) if one.text == VIETNAMESE.lost), None)

    def _until(self, ready: Any) -> Any:
        return self._bot.standin.wait_until(ready, 2 * SILENT)

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
        return trial.outcome(alive and _is_well(bot))


def _is_well(bot: Running) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{bot.settings.webhook_port}/healthz") as told:
        return bool(json.load(told)["ok"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--methods", nargs="*", default=METHODS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        encoder = open_encoder("")
        build_index(index, write_library(Path(folder) / "library"), encoder)
        for time in range(given.repeat):
            serving, data = Serving(index, encoder), Path(folder) / f"data-{time}"
            outcome = fault_run(data, serving, given.methods, list(FAULTS), given.seed + time)
            print(json.dumps(asdict(outcome), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
