"""A running bot is watched from outside, and stopped and started again without losing a question."""

from __future__ import annotations

import json
import logging
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import logs
from bot.cli import main
from bot.local_api import Chat, Person, Seen
from bot.screens.texts import ENGLISH, VIETNAMESE
from bot.watching.switch import switched_off, turn_off, turn_on
from index.answer import Answerer
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store.generation import serving_folder
from tests.running_bot import GOAL, UNSAID, Running, build_index, running_bot, write_library

SECRET = "mật khẩu của proxy"
REASON = "đang kiểm tra lại <văn bản> & số liệu"


@pytest.fixture
def bot(tmp_path: Path, starter_serving: Serving) -> Iterator[Running]:
    with running_bot(tmp_path, starter_serving, admins=[4242]) as running:
        yield running


def page(bot: Running, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{bot.settings.webhook_port}{path}", timeout=10
        ) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except urllib.error.URLError:
        return 0, ""  # it does not listen yet


def until(holds: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it does before so much time is over."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def sample(bot: Running, name: str, **labels: str) -> float:
    """One value of /metrics."""
    status, text = page(bot, "/metrics")
    assert status == 200
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            if one.name == name and one.labels == labels:
                return float(one.value)
    raise AssertionError(f"no {name} {labels}")


# Metrics


def test_answers_and_the_time_of_each_step_are_counted(bot: Running) -> None:
    an, chat = bot.chat()
    bot.say(chat, an, GOAL)
    bot.say(chat, an, UNSAID)
    bot.say(chat, an, "/tim mượn hồ sơ")
    said = {
        name: sample(bot, "cdsbot_answers_total", kind="question", outcome=name)
        for name in ("answered", "refused", "absent", "failed")
    }
    assert said["answered"] == 1
    assert said["refused"] + said["absent"] == 1
    assert said["failed"] == 0
    assert sample(bot, "cdsbot_answers_total", kind="search", outcome="answered") == 1
    timed = set(bot.serving.answerer().answer(GOAL).milliseconds) - {"total"}
    assert all(sample(bot, "cdsbot_step_seconds_count", step=one) >= 1 for one in timed)
    assert sample(bot, "cdsbot_step_seconds_count", step="understand") == 2
    assert until(lambda: sample(bot, "cdsbot_step_seconds_count", step="reply") == 2, 10)
    whole, sent = (sample(bot, "cdsbot_step_seconds_sum", step=one) for one in ("reply", "send"))
    assert 0 < sent < whole
    assert sample(bot, "cdsbot_queue_updates") == 0
    assert sample(bot, "cdsbot_generation_documents") == 6
    assert sample(bot, "cdsbot_generation_age_seconds") >= 0
    assert sample(bot, "cdsbot_memory_writable") == 1


def test_a_search_is_counted_by_what_it_found_also_where_it_is_edited(bot: Running) -> None:
    """Never as a question that the documents do not answer."""
    an, chat = bot.chat()
    bot.say(chat, an, "/tim zzqqxx")
    assert sample(bot, "cdsbot_answers_total", kind="search", outcome="absent") == 1
    seen = bot.say(chat, an, "/tim mượn hồ sơ")
    bot.standin.edit_text(chat, seen.reply_to or 0, "/tim kiểm kê")
    found = {"kind": "search", "outcome": "answered"}
    assert until(lambda: sample(bot, "cdsbot_answers_total", **found) == 2)
    assert sample(bot, "cdsbot_answers_total", kind="question", outcome="absent") == 0


def test_what_waits_is_counted(bot: Running) -> None:
    """With how long the first of it has waited."""
    an, chat = bot.chat()
    assert until(lambda: page(bot, "/readyz")[0] == 200)
    bot.standin.fail("sendMessage", delay=2.0)
    for _ in range(3):
        bot.standin.send_text(chat, an, "/help")
    assert until(lambda: sample(bot, "cdsbot_queue_updates") == 3, 10)
    assert sample(bot, "cdsbot_queue_oldest_seconds") > 0
    assert until(lambda: sample(bot, "cdsbot_queue_updates") == 0, 20)
    assert sample(bot, "cdsbot_queue_oldest_seconds") == 0


def test_refusals_are_counted_by_kind(tmp_path: Path, starter_serving: Serving) -> None:
    """Telegram's own by their status, a proxy's page and a broken connection apart."""
    with running_bot(tmp_path, starter_serving, checked=False) as bot:
        an, chat = bot.chat()
        for how in ({"status": 429, "retry_after": 1}, {"status": 502, "body": "<html>"}):
            bot.standin.fail("sendMessage", **how)
        bot.standin.fail("sendMessage", drop="before")
        bot.say(chat, an, "/help")
        counted = [
            sample(bot, "cdsbot_telegram_refusals_total", code=code)
            for code in ("429", "foreign", "network", "403")
        ]
    assert counted == [1, 1, 1, 0]


def test_an_index_that_cannot_be_opened_is_counted(tmp_path: Path, encoder: Encoder) -> None:
    library = write_library(tmp_path / "library")
    build_index(tmp_path / "data", library, encoder)
    with running_bot(tmp_path / "data", Serving(tmp_path / "data", encoder)) as bot:
        assert until(lambda: page(bot, "/readyz")[0] == 200, 20)
        assert sample(bot, "cdsbot_reload_failures_total") == 0
        (library / "quy-che.md").unlink()
        build_index(tmp_path / "data", library, encoder)
        (serving_folder(tmp_path / "data") / "manifest.jsonl").write_text("{", encoding="utf-8")
        assert until(lambda: sample(bot, "cdsbot_generation_refused") == 1, 20)
        assert sample(bot, "cdsbot_reload_failures_total") == 1
        assert sample(bot, "cdsbot_generation_documents") == 6


def test_no_word_and_no_number_of_people_is_in_the_metrics(bot: Running) -> None:
    an, chat = bot.chat("Nguyễn Thị Bí Mật")
    bot.say(chat, an, f"{GOAL} Tôi là Bí Mật, 0912345678")
    _, text = page(bot, "/metrics")
    for private in ("Mật", "0912345678", str(an.id), str(chat.id), bot.standin.token):
        assert private not in text


# Readiness


def test_ready_only_once_an_index_serves(tmp_path: Path, encoder: Encoder) -> None:
    """Alive before: a balancer waits, nobody restarts the process."""
    data = tmp_path / "data"
    with running_bot(data, Serving(data, encoder)) as bot:
        assert until(lambda: page(bot, "/healthz")[0] == 200, 20)
        status, said = page(bot, "/readyz")
        assert (status, json.loads(said)["index"]) == (503, "none serves")
        build_index(data, write_library(tmp_path / "library"), encoder)
        assert until(lambda: page(bot, "/readyz")[0] == 200, 20)


def test_readiness_and_metrics_stand_beside_the_webhook(
    tmp_path: Path, starter_serving: Serving
) -> None:
    with running_bot(tmp_path, starter_serving, start=False) as bot:
        base = f"http://127.0.0.1:{bot.settings.webhook_port}"
        bot.settings = bot.settings.model_copy(update={"webhook_url": base})
        bot.start(webhook=True)
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)
        assert page(bot, "/readyz")[0] == 200
        assert sample(bot, "cdsbot_answers_total", kind="question", outcome="answered") == 1


# Logs


def test_a_json_line_a_record_with_the_questions_id_and_nobodys_words(
    tmp_path: Path, starter_serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the level: at DEBUG words are meant to be there, a secret never is."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    # the bot's own level too: a command that ran in this process before may have set it
    caplog.set_level("INFO")
    caplog.set_level("INFO", logger="bot")
    try:
        with running_bot(tmp_path, starter_serving) as bot:
            an, chat = bot.chat("Bí Mật")
            bot.say(chat, an, GOAL)
            update = bot.standin.send_text(chat, an, "/help")
            update = bot.standin.send_text(chat, an, f"{GOAL} Tôi tên Bí Mật")
            assert until(lambda: f'"{update}"' in written.getvalue(), 20)
            logging.getLogger("x").warning("token %s", bot.standin.token)
    finally:
        root.removeHandler(handler)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    concerning = [line for line in lines if line.get("question") == str(update)]
    assert concerning
    assert {"time", "level", "logger", "message", "question"} == set(concerning[0])
    assert "ms" in concerning[-1]["message"]
    assert "Mật" not in written.getvalue()
    assert bot.standin.token not in written.getvalue()
    assert "token ***" in written.getvalue()


def test_a_fault_is_one_line_too() -> None:
    """With where it happened beside the message."""
    try:
        raise ValueError("a\nb")
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, __file__, 1, "broken", (), sys.exc_info()
        )
    [line] = logs.JsonLines().format(record).splitlines()
    assert "ValueError" in json.loads(line)["trace"]


@pytest.mark.parametrize(
    ("form", "given"),
    [("%(a)s", ({"b": SECRET},)), ("%d", (SECRET,)), ("%s %s", (SECRET,)), ("%s", ("a", SECRET))],
)
def test_a_record_of_a_wrong_format_harms_nobody_and_tells_no_secret(
    form: str, given: tuple[object, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither is the caller interrupted, nor are the arguments printed as they are."""
    before = logging.getLogRecordFactory()
    handler = logging.StreamHandler()
    try:
        logs.protect_logs([SECRET])
        record = logging.getLogRecordFactory()("x", 40, __file__, 7, form, given, None)
        handler.handle(record)
    finally:
        logging.setLogRecordFactory(before)
    said = capsys.readouterr().err
    assert SECRET not in said
    assert f"{__file__}:7" in said


# Off and on


def ask_again(bot: Running, chat: Chat, person: Person, notice: Seen) -> Seen:
    """Press the notice's button and give the answer."""
    data = notice.button(VIETNAMESE.off_ask)["callback_data"]
    return bot.reply(chat, lambda: bot.standin.press(chat, person, notice.message_id, data))


def test_off_tells_why_and_on_answers_what_was_asked_meanwhile(bot: Running) -> None:
    """By one press under the notice, in as many words as were asked, and only once on."""
    an, chat = bot.chat()
    turn_off(bot.settings.data, REASON)
    notice = bot.say(chat, an, GOAL)
    assert VIETNAMESE.off in notice.text
    assert REASON in notice.text
    assert "1022" in notice.text
    assert notice.reply_to == 1
    assert bot.toast(chat, an, notice, VIETNAMESE.off_ask) == VIETNAMESE.off_short
    assert len(bot.replies(chat)) == 1
    assert sample(bot, "cdsbot_off") == 1
    assert turn_on(bot.settings.data)
    assert "15 tỉnh" in ask_again(bot, chat, an, notice).text
    assert "15 tỉnh" in bot.say(chat, an, GOAL).text
    assert sample(bot, "cdsbot_off") == 0


def test_off_holds_for_everything_but_peoples_own_data(bot: Running) -> None:
    """Searches, shelves, buttons, pictures and inline questions; erasing still works."""
    an, chat = bot.chat()
    answer = bot.say(chat, an, GOAL)
    shelf = bot.say(chat, an, "/vanban")
    turn_off(bot.settings.data, REASON)
    for command in ("/tim hồ sơ", "/vanban", "/moi", "/start", "/khongco"):
        assert VIETNAMESE.off in bot.say(chat, an, command).text
    assert VIETNAMESE.off in bot.reply(chat, lambda: bot.standin.send_photo(chat, an, GOAL)).text
    for seen in (answer, shelf):
        pressed = seen.buttons[0][0]["text"]
        assert bot.toast(chat, an, seen, pressed) == VIETNAMESE.off_short
    query = bot.standin.inline_query(an, "hồ sơ")
    assert bot.answered(query)
    assert (bot.standin.answer(query) or {})["results"] == []
    erase = bot.say(chat, an, "/xoadulieu")
    assert bot.press(chat, an, erase, VIETNAMESE.erase_yes).text == VIETNAMESE.erased


def test_a_group_hears_of_it_only_when_it_asks(bot: Running) -> None:
    an, _ = bot.chat()
    group = bot.standin.group("Xóm", an)
    turn_off(bot.settings.data, REASON)
    bot.standin.send_text(group, an, "chào cả nhà")
    notice = bot.say(group, an, f"@{bot.standin.bot.user.username} {GOAL}")
    assert VIETNAMESE.off in notice.text
    assert len(bot.replies(group)) == 1
    turn_on(bot.settings.data)
    assert "15 tỉnh" in ask_again(bot, group, an, notice).text


def test_questions_in_the_queue_at_the_switch_are_not_answered(bot: Running) -> None:
    """Each gets its notice, in order: nothing passes that began to wait before."""
    an, chat = bot.chat()
    bot.say(chat, an, "/help")
    bot.standin.fail("sendMessage", delay=1.0)
    for _ in range(3):
        bot.standin.send_text(chat, an, GOAL)
    turn_off(bot.settings.data, REASON)
    assert bot.standin.wait_until(lambda: len(bot.replies(chat)) == 4, 20)
    told = [VIETNAMESE.off in seen.text for seen in bot.replies(chat)[1:]]
    assert told[1:] == [True, True]  # the first may have been on its way
    assert [seen.reply_to for seen in bot.replies(chat)[1:]] == [3, 4, 5]


@pytest.fixture
def overtaken(bot: Running, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """After this, whatever is searched or answered is switched off before it is sent."""

    def arm() -> None:
        for name in ("answer", "search"):
            real = getattr(Answerer, name)

            def overtake(
                *how: object, real: Callable[..., object] = real, **more: object
            ) -> object:
                turn_off(bot.settings.data, REASON)
                return real(*how, **more)

            monkeypatch.setattr(Answerer, name, overtake)

    return arm


def test_nothing_is_told_that_the_switch_overtook(
    bot: Running, overtaken: Callable[[], None]
) -> None:
    """Neither a question, nor a search, nor an edit, nor what is asked by a button or inline; and
    each is counted once."""
    an, chat = bot.chat()
    answer = bot.say(chat, an, GOAL)
    welcome = bot.say(chat, an, "/start")
    overtaken()
    notices = [bot.say(chat, an, GOAL)]
    turn_on(bot.settings.data)
    notices += [bot.say(chat, an, "/tim hồ sơ")]
    turn_on(bot.settings.data)
    notices += [
        bot.reply(chat, lambda: bot.standin.edit_text(chat, answer.reply_to or 0, UNSAID)),
    ]
    turn_on(bot.settings.data)
    example = welcome.buttons[0][0]["callback_data"]
    notices += [
        bot.reply(chat, lambda: bot.standin.press(chat, an, welcome.message_id, example)),
    ]
    assert all(seen.text.startswith(VIETNAMESE.off) for seen in notices)
    assert [bool(seen.buttons) for seen in notices] == [True, False, True, False]
    assert bot.shown(chat, answer.message_id).text == answer.text
    counted = [
        sample(bot, "cdsbot_answers_total", kind="question", outcome=one)
        for one in ("answered", "absent", "refused", "off")
    ]
    assert counted == [1, 0, 0, 4]
    turn_on(bot.settings.data)
    query = bot.standin.inline_query(an, "hồ sơ")
    assert bot.answered(query)
    assert (bot.standin.answer(query) or {})["results"] == []


def test_off_outlives_a_restart(bot: Running) -> None:
    an, chat = bot.chat(language="vi")
    turn_off(bot.settings.data, REASON)
    bot.stop()
    bot.standin.send_text(chat, an, GOAL)
    bot.start()
    assert bot.standin.wait_until(lambda: len(bot.replies(chat)) == 1, 20)
    assert VIETNAMESE.off in bot.replies(chat)[0].text


def test_the_commands_switch_a_bot_that_runs(
    bot: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`cdsbot off` in another process is a file in the shared data folder."""
    monkeypatch.chdir(bot.settings.data.parent)
    monkeypatch.setenv("CDSBOT_DATA", str(bot.settings.data))
    assert main(["off", "  bảo trì\n máy chủ "]) == 0
    an, chat = bot.chat()
    assert "bảo trì máy chủ" in bot.say(chat, an, GOAL).text
    assert main(["doctor"]) == 1
    assert "✗ Đang ngừng trả lời (bảo trì máy chủ)" in capsys.readouterr().out
    assert main(["on"]) == 0
    assert "15 tỉnh" in bot.say(chat, an, GOAL).text
    assert main(["on"]) == 0
    assert capsys.readouterr().out.endswith("Vẫn đang trả lời.\n")
    assert main(["off", "  "]) == 1


@pytest.mark.parametrize("damaged", ["", "{", '{"reason": 1}', "[]"])
def test_a_switch_that_cannot_be_read_means_off(tmp_path: Path, damaged: str) -> None:
    """Who wanted silence gets it, without the reason."""
    turn_off(tmp_path, REASON)
    [file] = tmp_path.iterdir()
    file.write_text(damaged, encoding="utf-8")
    off = switched_off(tmp_path)
    assert off is not None
    assert off.reason == ""


def test_each_language_says_it() -> None:
    for texts in (VIETNAMESE, ENGLISH):
        assert "{button}" in texts.off_later
        assert len(texts.off_short) <= 200  # as long as a pressed button can answer
