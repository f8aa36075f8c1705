"""What the understanding of hostile messages costs, step by step, in processor time.

python -m tests.hostile_run [--messages 1000] [--seed 1]: messages of 4,096 characters, drawn by seed
from what is costly for one step or another. Prints the worst of each kind.

python -m tests.hostile_run --chats 8: so many chats send such messages to a running bot without a
pause. Prints the seconds that others wait for their answers, p95, without them and with them.
"""

from __future__ import annotations

import argparse
import json
import random
import string
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.local_api import Chat, StandIn
from index.answer import LONGEST, Answerer
from index.retrieval.encoder import open_encoder
from index.serving import Serving
from tests.crash_run import Child
from tests.running_bot import GOAL, build_index, write_library

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()
_RHYMES = "a an ang anh ao at e en êch i inh iêt o ong ô ôn ơ ơi u ung ư ưng ươn ươc uyên y".split()
_WORDS = (
    "chuyển đổi số tỉnh Thái Nguyên nghị quyết điều khoản điểm mục tiêu bao nhiêu khi nào ai và còn"
    " ở đâu năm 2025 NĐ-CP 12/2024/QĐ-UBND UBND CSDL ko đc cđs Hà Nội thành phố Đà Nẵng luật về của"
).split()
_MARKS = "\u0300\u0301\u0302\u0303\u0309\u0323"


def _syllable(chance: random.Random) -> str:
    return chance.choice(_ONSETS) + chance.choice(_RHYMES)


def _slipped(chance: random.Random, word: str) -> str:
    at = chance.randrange(len(word))
    return chance.choice(
        (word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[at:] + word[:at],
         word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :])
    )  # fmt: skip


def _letters(chance: random.Random, least: int, most: int) -> str:
    size = chance.randint(least, most)
    return "".join(chance.choice(string.ascii_lowercase) for _ in range(size))


Maker = Callable[[random.Random], str]
KINDS: dict[str, Maker] = {
    "slips": lambda c: _slipped(c, _syllable(c)),
    "slips with marks": lambda c: _slipped(c, _syllable(c)) + c.choice(("", "à", "ệ", "ư")),
    "strange words": lambda c: _letters(c, 5, 12),
    "long words": lambda c: _letters(c, 18, 24),
    "short words": lambda c: _letters(c, 2, 4),
    "marked and strange": lambda c: c.choice("ăâđêôơư") + _letters(c, 4, 9),
    "syllables": _syllable,
    "joined syllables": lambda c: _syllable(c) + _syllable(c) + _syllable(c),
    "words": lambda c: c.choice(_WORDS),
    "slipped words": lambda c: _slipped(c, c.choice(_WORDS)),
    "bare words": lambda c: c.choice(("nghi", "quyet", "tinh", "thai", "nguyen", "bao", "nhieu")),
    "telex": lambda c: c.choice(("ddieenj", "tuwr", "laf", "gif", "nguowif", "ddwowcj", "owr")),
    "questions": lambda c: c.choice(("là gì?", "ai", "và bao nhiêu", "khi nào?", "còn ở đâu, và")),
    "references": lambda c: c.choice(
        ("Điều", "khoản", "điểm a", "1", "Nghị định số", "12/2024/NĐ-CP", "Luật", "ngày 1/2/2020")
    ),
    "half references": lambda c: c.choice(
        ("Nghị quyết số", "của", "Quyết định", "về", "ngày", "số")
    ),
    "provinces": lambda c: c.choice(
        ("ở Hà Nội", "tỉnh", "Thái Nguyên", "tại", "TP.HCM", "quê tôi")
    ),
    "abbreviations": lambda c: c.choice(("UBND", "ko", "đc", "CSDL", "TP", "QĐ", "a", "b", "NĐ47")),
    "courtesies": lambda c: c.choice(
        ("dạ", "cho em hỏi", "ad ơi", "bạn", "xin chào", "alo,", "là")
    ),
    "joints": lambda c: c.choice(
        ("ai làm gì", "và", "x", "còn,", ", và", "and", "với mười từ nữa")
    ),
    "one greeting": lambda c: c.choice(("bạn", "ad", "anh chị")),
    "lists": lambda c: c.choice(("những", "các", "gồm", "có", "duoc", "nao", "khong", "thế")),
    "english": lambda c: c.choice(("what", "is", "the", "law", "on", "data", "of", "Thai", "2025")),
    "numbers": lambda c: c.choice(("1", "2,5", "3/4/2020", "1-2-3-4", "15%", "1.000.000", "a1")),
    "marks": lambda c: c.choice("aeiouyn") + "".join(c.choice(_MARKS) for _ in range(30)),
    "one letter": lambda c: c.choice(("ạ", "a", "đ")) * 40,
    "stops": lambda c: (
        c.choice((".", "?", "!", ",", ";", "…", "\n", "(", "“", '"')) * c.randint(1, 9)
    ),
    "addresses": lambda c: c.choice(
        ("http://a.vn/", "a@b", "@c", "#d", "www.", "a.b.c.d.e", "x-y")
    ),
    "hyphens": lambda c: "-".join(c.choice("abcdđăê") for _ in range(c.choice((40, 4000)))),
    "digits": lambda c: "".join(c.choice("0123456789") for _ in range(c.choice((30, 4000)))),
    "dots": lambda c: ".".join(_letters(c, 1, 3) for _ in range(c.choice((10, 2000)))),
    "spaces": lambda c: " " * c.choice((10, 4000)) + c.choice(("o", "Điều", "và", "(")),
    "anything": lambda c: "".join(chr(c.randrange(33, 0x2FFF)) for _ in range(8)),
    "capitals": lambda c: _slipped(c, _syllable(c)).upper(),
}


def hostile(chance: random.Random, kind: str) -> str:
    """One message of 4,096 characters; "mixed" draws each of its words from any kind."""
    words: list[str] = []
    size = 0
    while size < LONGEST:
        maker = KINDS[chance.choice(list(KINDS)) if kind == "mixed" else kind]
        words.append(maker(chance))
        size += len(words[-1]) + 1
    glue = "" if kind == "one letter" else " "
    return glue.join(words)[:LONGEST]


def cost(act: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    before = time.process_time()
    act()
    return (time.process_time() - before) * 1000


def understood(answerer: Answerer, message: str, turns: Sequence[str]) -> float:
    """What telling and understanding the questions of a message costs after such `turns`, ms."""

    def act() -> None:
        answerer.refusal(message, turns)

    return cost(act)


def waits(standin: StandIn, questions: int) -> float:
    """Seconds from question to answer for people who ask now and then, p95."""
    taken = []
    for number in range(questions):
        person = standin.person(f"Người hỏi {number}")
        chat = standin.private(person, begun=True)
        began = time.monotonic()
        standin.send_text(chat, person, GOAL)

        def answered(chat: Chat = chat) -> bool:
            return any("15 tỉnh" in one.text for one in standin.visible(chat))

        assert standin.wait_until(answered, 60)
        taken.append(time.monotonic() - began)
        time.sleep(0.3)
    return sorted(taken)[int(0.95 * questions)]


def beside(index: Path, data: Path, chats: int, seed: int) -> dict[str, float]:
    """What others wait, without and with so many hostile chats; the bot is a process of its own."""
    chance, over = random.Random(seed), threading.Event()
    messages = [hostile(chance, "mixed") for _ in range(200)]
    with StandIn.running() as standin:
        child = Child(standin, index, data, webhook=False)
        child.start()
        waits(standin, 5)
        alone = waits(standin, 40)
        crowd = [standin.person(f"Người {number}") for number in range(chats)]
        places = [(person, standin.private(person, begun=True)) for person in crowd]

        def send() -> None:
            while not over.is_set():
                for person, chat in places:  # one waits, one is answered
                    seen = standin.visible(chat)
                    if (
                        sum(not one.from_bot for one in seen)
                        < sum(one.from_bot for one in seen) + 2
                    ):
                        standin.send_text(chat, person, chance.choice(messages))
                over.wait(0.5)

        sending = threading.Thread(target=send)
        sending.start()
        time.sleep(5.0)
        among = waits(standin, 40)
        over.set()
        sending.join()
        answered = sum(one.from_bot for _, chat in places for one in standin.visible(chat))
        child.kill()
    return {"alone": round(alone, 3), "among them": round(among, 3), "they got": answered}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chats", type=int, default=0)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, encoder = given.data or Path(folder) / "data", open_encoder("")
        if not given.data:
            build_index(data, write_library(Path(folder) / "library"), encoder)
        serving = Serving(data, encoder)
        answerer = serving.answerer()
        answerer.answer("Chuyển đổi số là gì?")
        if given.chats:
            print(json.dumps(beside(data, Path(folder) / "bot", given.chats, given.seed)))
            return
        chance, kinds = random.Random(given.seed), [*KINDS, "mixed"]
        taken: dict[str, list[float]] = defaultdict(list)
        for number in range(given.messages):
            kind = kinds[number % len(kinds)]
            message, *turns = (hostile(chance, kind) for _ in range(5))
            taken[kind].append(understood(answerer, message, turns))
    worst = {kind: round(max(times)) for kind, times in taken.items()}
    ordered = dict(sorted(worst.items(), key=lambda one: -one[1]))
    print(json.dumps({"worst": max(worst.values()), "of each kind": ordered}, ensure_ascii=False))


if __name__ == "__main__":
    main()
