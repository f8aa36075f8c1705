"""What the bot keeps of people, and what they may do about it."""

from __future__ import annotations

import json
import logging
import os
import random
import re
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.cli import main
from bot.database.naming import Key
from bot.delivery.state import State
from bot.local_api import Chat, Person
from bot.screens.texts import VIETNAMESE
from bot.watching.incidents import Incidents, incident
from index.serving import Serving
from knowledge.errors import StorageFailed
from tests.conftest import Clock
from tests.personal import found_in, message
from tests.running_bot import GOAL, UNSAID, Running, running_bot
from tests.test_state import keep

MESSAGES = int(os.environ.get("PERSONAL_MESSAGES", "60"))  # docs/decisions.md has what 500 show
PEOPLE = 6
# invented ids as long as Telegram's: a short number would be found anywhere by chance
FIRST_ID = 7_311_942_000_517


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, starter_serving: Serving) -> Iterator[Running]:
    with running_bot(tmp_path_factory.mktemp("bot"), starter_serving) as running:
        yield running


def flood(bot: Running, messages: int) -> tuple[list[tuple[Person, Chat]], list[str | int]]:
    """Send so many messages of a few people, wait for every answer; who, and what must not be kept."""
    people, secrets = [], list[str | int]()
    for number in range(PEOPLE):
        person = bot.standin.person(f"Bí Danh {number}", id=FIRST_ID + 7919 * number)
        people.append((person, bot.standin.private(person, begun=True)))
        secrets += [person.id, f"Bí Danh {number}"]
    for number in range(messages):
        person, chat = people[number % PEOPLE]
        written = message(number)
        bot.standin.send_text(chat, person, written.text)
        secrets += written.secrets

    def all_answered() -> bool:
        said = [seen.text for _, chat in people for seen in bot.replies(chat)]
        return sum(text != VIETNAMESE.wait for text in said) >= messages

    assert bot.standin.wait_until(all_answered, 10 + messages)
    return people, secrets


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it comes true: what the bot does after its reply is heard of by nobody."""
    for _ in range(100):
        if holds():
            return True
        time.sleep(0.1)
    return False


def erased(bot: Running, person: Person, chat: Chat) -> None:
    asked = bot.say(chat, person, "/xoadulieu")
    assert bot.press(chat, person, asked, VIETNAMESE.erase_yes).text == VIETNAMESE.erased


@pytest.mark.parametrize("memory", ["sqlite", "postgresql"])
def test_nothing_personal_stays_and_after_erasing_nothing_at_all(
    memory: str, tmp_path: Path, starter_serving: Serving, request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Neither in the memory, its journal and free pages, nor in the log: no words, no ids, no names.
    Only updates that wait for their reply have an address, and none waits."""
    address = None
    if memory == "postgresql":
        address = SecretStr(request.getfixturevalue("postgres").database())
    caplog.set_level(logging.INFO)
    with running_bot(tmp_path, starter_serving, database=address, checked=False) as bot:
        people, secrets = flood(bot, MESSAGES)
        place = address.get_secret_value() if address else tmp_path / "bot.sqlite3"
        state = State(place, key=Key(tmp_path))
        assert soon(lambda: state.waiting() == [])
        state.tidy(1800)
        assert found_in(tmp_path, secrets) == []
        assert in_tables(state, secrets) == []
        assert [found for found in secrets if str(found) in caplog.text] == []
        kept = state.asked(0)
        assert sum("[" in one.answer.question for one in kept) == MESSAGES  # masked, and there
        for person, chat in people:
            erased(bot, person, chat)
        assert soon(lambda: state.waiting() == [])
        assert list(state.asked(0)) == []
        rest = [*secrets, "đến năm 2025 là gì", "nồng độ cồn", VIETNAMESE.erased]
        assert soon(lambda: found_in(tmp_path, rest) == [])
        assert in_tables(state, rest) == []
        state.close()
    assert found_in(tmp_path, rest) == []


def in_tables(state: State, secrets: list[str | int]) -> list[str]:
    """Which secrets the tables hold, whatever files they lie in."""
    from bot.database.tables import METADATA

    with state.database.reading() as db:
        rows = [str(db.execute(table.select()).all()) for table in METADATA.sorted_tables]
    return [str(secret) for secret in secrets if any(str(secret) in text for text in rows)]


def test_copies_that_sqlite_leaves_in_gaps_of_pages_go_too(file: Path) -> None:
    """Rows that are moved between pages are not erased where they were."""
    chance = random.Random(1)
    state = State(file)
    waiting = [one.seq for one in state.take([long_update(n, chance) for n in range(400)])]
    chance.shuffle(waiting)
    for seq in waiting[:360]:
        state.done(seq)
    state.tidy(1800)
    rest = [str(one.body["message"]["text"][:16]) for one in state.waiting()]
    written = re.findall(rb"SECRET OF [0-9]{6}", file.read_bytes())
    assert sorted(one.decode() for one in written) == sorted(rest)
    assert [one.seq for one in state.waiting()] == sorted(waiting[360:])
    state.close()


def long_update(number: int, chance: random.Random) -> dict[str, Any]:
    text = f"SECRET OF {number:06}{'x' * chance.randint(100, 1500)}"
    return {"update_id": number, "message": {"chat": {"id": number}, "text": text}}


def test_the_first_answer_says_what_is_kept_and_the_next_does_not(bot: Running) -> None:
    """Again after everything was erased: then nobody knows that they were told."""
    an, chat = bot.chat()
    assert "180 ngày" in bot.say(chat, an, GOAL).text
    assert "/riengtu" not in bot.say(chat, an, GOAL).text
    erased(bot, an, chat)
    assert "/riengtu" in bot.say(chat, an, GOAL).text
    binh, other = bot.chat("Bình")
    assert "/riengtu" in bot.say(other, binh, "/start").text
    assert "/riengtu" not in bot.say(other, binh, GOAL).text


def test_what_is_kept_why_how_long_and_who_answers_for_it(bot: Running) -> None:
    an, chat = bot.chat()
    said = bot.say(chat, an, "/riengtu").text
    for word in (
        "Lưu gì?",
        "Để làm gì?",
        "180 ngày",
        "Tổng đài 1022",
        "/dulieucuatoi",
        "/xoadulieu",
    ):
        assert word in said


def test_who_wants_nothing_stored_is_answered_all_the_same(bot: Running) -> None:
    """Buttons and follow-up questions work; no figure counts it, and soon it is gone."""
    an, chat = bot.chat()
    bot.say(chat, an, GOAL)
    notice = bot.say(chat, an, "/riengtu")
    assert "không được lưu" in bot.press(chat, an, notice, VIETNAMESE.privacy_stop).text
    state = State(bot.settings.data / "bot.sqlite3")
    before = len(list(state.asked(0)))
    seen = bot.say(chat, an, GOAL)
    assert "15 tỉnh" in seen.text
    assert VIETNAMESE.more_title in bot.press(chat, an, seen, VIETNAMESE.more).text
    assert "2030" in bot.say(chat, an, "còn đến năm 2030 thì sao?").text
    assert len(list(state.asked(0))) == before
    assert len(state.exported(chat.id)["questions"]) == 3
    state.tidy(-10)
    assert state.exported(chat.id)["questions"] == []
    erased(bot, an, chat)
    assert not state.stored(chat.id)  # their choice outlives what it was about
    assert "Tôi lưu câu bạn hỏi" not in bot.say(chat, an, GOAL).text
    state.close()
    notice = bot.say(chat, an, "/riengtu")
    assert "được lưu" in bot.press(chat, an, notice, VIETNAMESE.privacy_go_on).text


def test_a_person_gets_a_file_of_what_is_kept(bot: Running) -> None:
    """Of their private chat and of groups; masked, as it is kept. In a group nobody gets one."""
    an, chat = bot.chat()
    group = bot.standin.group("Xóm", an)
    me = f"@{bot.standin.bot.user.username}"
    bot.say(chat, an, f"Tôi tên Lò Thị Mẩy, {UNSAID}")
    bot.say(group, an, f"{me} {GOAL}")
    bot.say(chat, an, "Ngày Chuyển đổi số của tỉnh là ngày nào? Chỉ số DTI là gì?")
    sent = bot.say(chat, an, "/dulieucuatoi")
    assert sent.body["document"]["file_name"] == VIETNAMESE.export_file
    calls = bot.standin.calls  # a call is written down after what it sent is seen
    assert bot.standin.wait_until(lambda: any(one.method == "sendDocument" for one in calls), 20)
    call = next(one for one in reversed(calls) if one.method == "sendDocument")
    told = json.loads(call.params["document"].content)
    assert told["questions"][0]["outcome"] in ("absent", "uncertain")
    assert told["questions"][1]["outcome"] == "answered"
    assert told["questions"][1]["question"] == GOAL
    assert "Mẩy" not in str(told)
    quotations = [one["text"] for one in told["questions"][2]["quotations"]]  # of two questions
    assert len(quotations) == len(set(quotations)) > 1
    assert bot.say(group, an, f"/dulieucuatoi{me}").text == VIETNAMESE.own_chat_only


def test_only_a_groups_administrators_choose_for_it(bot: Running) -> None:
    an, _ = bot.chat()
    binh, _ = bot.chat("Bình")
    group = bot.standin.group("Xóm", an, binh)
    notice = bot.say(group, binh, f"/riengtu@{bot.standin.bot.user.username}")
    assert bot.toast(group, binh, notice, VIETNAMESE.privacy_stop) == VIETNAMESE.privacy_admins


def test_questions_that_are_too_old_become_numbers(state: State, clock: Clock) -> None:
    """By day and outcome, with their thumbs; what was only kept for its buttons is in none."""
    clock.now = 1_799_956_800.0
    state.thumb(keep(state, "một"), up=True)
    keep(state, "hai", "absent", question_message=2)
    keep(state, "ba", question_message=3)
    state.set_stored(99, stored=False)
    keep(state, "bốn", chat=99, user=99)
    clock.now += 181 * 86400
    keep(state, "mới", question_message=5)
    assert [one.answer.question for one in state.asked(0)] == ["mới"]
    counted = {(one.day, one.outcome): (one.questions, one.up) for one in state.counted("")}
    assert counted == {("2027-01-15", "answered"): (2, 1), ("2027-01-15", "absent"): (1, 0)}


def test_the_key_is_its_owners_and_a_memory_is_not_opened_without_it(tmp_path: Path) -> None:
    """Else nobody's data would be found again, and nothing could be erased."""
    state = State(tmp_path / "bot.sqlite3")
    keep(state)
    state.close()
    key = Key(tmp_path).file
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = key.read_bytes()
    for wrong in (None, b"00" * 32):
        key.unlink()
        if wrong:
            key.write_bytes(wrong)
        with pytest.raises(StorageFailed, match=r"identity\.key"):
            State(tmp_path / "bot.sqlite3")
        assert key.exists() == bool(wrong)
        key.write_bytes(kept)
    state = State(tmp_path / "bot.sqlite3")
    assert len(state.exported(7)["questions"]) == 1
    state.close()


def test_incidents_are_written_down_without_anybodys_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Off and on, erasures, faults, refusals; a flood of one kind is counted, not listed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDSBOT_DATA", str(tmp_path))
    assert main(["off", "sai văn bản"]) == 0
    assert main(["on"]) == 0
    now = time.monotonic()
    handler = Incidents(tmp_path, lambda: now)
    log = logging.getLogger("bot.test")
    log.addHandler(handler)
    for _ in range(1000):
        log.warning("of %s", "Lò Thị Mẩy", extra=incident("webhook call refused"))
    log.warning("no incident")
    now += 61
    log.warning("again", extra=incident("webhook call refused"))
    log.removeHandler(handler)
    lines = (tmp_path / "incidents.jsonl").read_text("utf-8").splitlines()
    told = [{k: v for k, v in json.loads(line).items() if k != "time"} for line in lines]
    assert told == [
        {"incident": "off", "reason": "sai văn bản"},
        {"incident": "on"},
        {"incident": "webhook call refused"},
        {"incident": "webhook call refused", "also_before": 999},
    ]
    assert stat.S_IMODE((tmp_path / "incidents.jsonl").stat().st_mode) == 0o600


def test_a_running_bot_writes_down_erasures_and_refused_commands(bot: Running) -> None:
    an, chat = bot.chat()
    bot.say(chat, an, GOAL)
    erased(bot, an, chat)
    bot.say(chat, an, "/thongke")
    lines = (bot.settings.data / "incidents.jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert {"erased", "command refused"} <= {one["incident"] for one in told}
    assert str(chat.id) not in str([one | {"time": ""} for one in told])
