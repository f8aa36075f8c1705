"""The Bot API stand-in keeps updates, refuses and answers as Telegram's server does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local_api import Chat, Limits, Person, StandIn
from bot.local_api.errors import ApiError
from bot.local_api.markup import cut, format_text, units
from bot.local_api.parameters import METHODS
from bot.local_api.world import ANONYMOUS, Call
from tests import telegram_spec

Json = dict[str, Any]


class Clock:
    """Time that moves when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Line:
    """A stand-in, its clock, a person in a chat that has begun, and a bot's raw requests."""

    def __init__(self, standin: StandIn, clock: Clock) -> None:
        self.standin = standin
        self.clock = clock
        self.an: Person = standin.person("An")
        self.chat: Chat = standin.private(self.an, begun=True)
        self.client = httpx.Client(timeout=10)

    def post(self, method: str, **params: Any) -> Json:
        url = f"{self.standin.base_url}{self.standin.token}/{method}"
        body: Json = self.client.post(url, json=params).json()
        return body

    def result(self, method: str, **params: Any) -> Any:
        body = self.post(method, **params)
        assert body["ok"], body
        return body["result"]

    def refusal(self, method: str, **params: Any) -> tuple[int, str]:
        body = self.post(method, **params)
        assert not body["ok"], body
        return body["error_code"], body["description"]

    def say(self, text: str = "câu trả lời", **params: Any) -> Json:
        message: Json = self.result("sendMessage", chat_id=self.chat.id, text=text, **params)
        return message

    def ids(self, **params: Any) -> list[int]:
        return [one["update_id"] for one in self.result("getUpdates", **params)]


@contextlib.contextmanager
def open_line(**settings: Any) -> Iterator[Line]:
    clock = Clock()
    with StandIn.running(clock=clock, **settings) as standin:
        line = Line(standin, clock)
        yield line
        line.client.close()


@pytest.fixture
def line() -> Iterator[Line]:
    with open_line(limits=Limits.none()) as line:
        yield line


@pytest.fixture
def limited() -> Iterator[Line]:
    with open_line() as line:
        yield line


# Tokens and methods


def test_an_unknown_token_is_unauthorized_and_a_malformed_one_not_found(line: Line) -> None:
    """Both are what the server answers, so that `doctor` can tell them apart."""
    unknown = httpx.get(f"{line.standin.base_url}2:other/getMe")
    malformed = httpx.get(f"{line.standin.base_url}nonsense/getMe")
    assert (unknown.status_code, unknown.json()["description"]) == (401, "Unauthorized")
    assert (malformed.status_code, malformed.json()["description"]) == (404, "Not Found")


def test_an_unknown_method_is_not_found(line: Line) -> None:
    assert line.refusal("sendTelegram") == (404, "Not Found")
    assert line.standin.violations == ["unknown method sendTelegram"]


def test_an_unknown_parameter_is_refused_and_recorded(line: Line) -> None:
    """The real server ignores it in silence, which hides a misspelt name."""
    code, words = line.refusal("sendMessage", chat_id=line.chat.id, text="a", reply_to_message_id=1)
    assert (code, "reply_to_message_id" in words) == (400, True)
    assert line.standin.violations == ["sendMessage: unknown parameter reply_to_message_id"]


def test_a_lenient_stand_in_records_it_and_answers() -> None:
    with open_line(strict=False) as line:
        assert line.say("a", colour="red")["text"] == "a"
        assert line.standin.violations == ["sendMessage: unknown parameter colour"]


@pytest.mark.parametrize("how", ["query", "form", "multipart", "json"])
def test_parameters_may_come_in_every_form(line: Line, how: str) -> None:
    """Query string, form, multipart and JSON are one and the same."""
    params: Json = {"chat_id": line.chat.id, "text": "một & hai", "disable_notification": True}
    markup = {"inline_keyboard": [[{"text": "Mở", "callback_data": "a"}]]}
    url = f"{line.standin.base_url}{line.standin.token}/sendmessage"
    flat = {**params, "disable_notification": "true", "reply_markup": json.dumps(markup)}
    files = {name: (None, str(value)) for name, value in flat.items()}
    response = {
        "query": lambda: line.client.get(url, params=flat),
        "form": lambda: line.client.post(url, data=flat),
        "multipart": lambda: line.client.post(url, files=files),
        "json": lambda: line.client.post(url, json={**params, "reply_markup": markup}),
    }[how]()
    seen = line.standin.visible(line.chat)[-1]
    assert response.json()["ok"]
    assert (seen.text, seen.buttons) == ("một & hai", (({"text": "Mở", "callback_data": "a"},),))
    assert line.standin.calls[-1].params == {**params, "reply_markup": markup}


@telegram_spec.needs_spec
@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"text": "a"}, "sendMessage.chat_id: missing"),
        ({"chat_id": 1, "text": "a", "colour": 1}, "sendMessage.colour: no such field"),
        ({"chat_id": 1, "text": 5}, "sendMessage.text: 5 is not String"),
        (
            {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"url": "a"}]]}},
            "sendMessage.reply_markup.inline_keyboard[0][0].text: missing",
        ),
    ],
)
def test_the_check_against_the_specification_finds_what_is_wrong(
    params: Json, problem: str
) -> None:
    call = Call(0, "sendMessage", params, 200, None)
    assert telegram_spec.request_problems(call) == [problem]


@telegram_spec.needs_spec
def test_the_parameters_known_here_are_those_of_the_specification() -> None:
    """Nothing of ours is missing there; what we leave out is known by name."""
    left_out = {"editMessageText": {"rich_message"}}
    specified = telegram_spec.methods()
    for method, known in METHODS.items():
        assert set(known) == specified[method] - left_out.get(method, set()), method


# Updates: kept until confirmed


def test_an_update_is_given_again_until_a_higher_offset_confirms_it(line: Line) -> None:
    first, second = (line.standin.send_text(line.chat, line.an, text) for text in "ab")
    assert line.ids() == [first, second]
    assert line.ids() == [first, second]
    assert line.ids(offset=second) == [second]
    assert line.ids() == [second]
    assert line.ids(offset=(second or 0) + 1) == []
    assert line.ids() == []


def test_a_negative_offset_keeps_only_the_last_ones(line: Line) -> None:
    numbers = [line.standin.send_text(line.chat, line.an, text) for text in "abc"]
    assert line.ids(offset=-1) == numbers[-1:]
    assert line.ids() == numbers[-1:]


def test_an_offset_from_far_in_the_future_confirms_nothing(line: Line) -> None:
    """Ids start anew after a quiet week: a remembered offset then reads from the head."""
    number = line.standin.send_text(line.chat, line.an, "a")
    assert line.ids(offset=(number or 0) + 1000) == [number]
    assert line.ids() == [number]


def test_at_most_100_updates_come_at_once(line: Line) -> None:
    numbers = [line.standin.send_text(line.chat, line.an, "a") for _ in range(101)]
    assert line.ids() == numbers[:100]
    assert line.ids(limit=2) == numbers[:2]
    assert line.refusal("getUpdates", limit=101)[0] == 400


def test_updates_are_forgotten_after_24_hours(line: Line) -> None:
    line.standin.send_text(line.chat, line.an, "cũ")
    line.clock.now += 24 * 3600 - 1
    fresh = line.standin.send_text(line.chat, line.an, "mới")
    assert len(line.ids()) == 2
    line.clock.now += 1
    assert line.ids() == [fresh]


def test_allowed_updates_hold_for_what_happens_later(line: Line) -> None:
    before = line.standin.send_text(line.chat, line.an, "trước")
    assert line.ids(allowed_updates=["callback_query"]) == [before]
    assert line.standin.send_text(line.chat, line.an, "sau") is None
    assert line.ids() == [before]
    line.result("getUpdates", allowed_updates=[])
    assert line.standin.send_text(line.chat, line.an, "lại") == (before or 0) + 1


def test_a_long_poll_ends_when_something_arrives() -> None:
    async def scene() -> None:
        standin = StandIn()
        await standin.start()
        an = standin.person("An")
        async with httpx.AsyncClient() as client:
            url = f"{standin.base_url}{standin.token}/getUpdates?timeout=40"
            poll = asyncio.create_task(client.get(url, timeout=60))
            await standin.until(lambda: standin.bot.poll == 1)
            number = standin.press_start(an)
            (update,) = (await poll).json()["result"]
        await standin.stop()
        assert (update["update_id"], update["message"]["text"]) == (number, "/start")

    asyncio.run(scene())


def test_a_second_poller_ends_the_first_with_409() -> None:
    async def scene() -> None:
        standin = StandIn()
        await standin.start()
        async with httpx.AsyncClient() as client:
            url = f"{standin.base_url}{standin.token}/getUpdates"
            first = asyncio.create_task(client.get(f"{url}?timeout=40", timeout=60))
            await standin.until(lambda: standin.bot.poll == 1)
            second = (await client.get(url)).json()
            ended = (await first).json()
        await standin.stop()
        assert second == {"ok": True, "result": []}
        assert ended == {
            "ok": False,
            "error_code": 409,
            "description": "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        }

    asyncio.run(scene())


# Webhooks


class Door:
    """A web server of the bot that answers as it is told and keeps what it was given."""

    def __init__(self, *statuses: int) -> None:
        """Status 0: the connection is closed without an answer, as by a bot that is killed."""
        self.got: list[tuple[str | None, Json]] = []
        door, answers = self, list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                door.got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], body))
                if status := answers.pop(0) if answers else 200:
                    self.send_response(status)
                    self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        serve = self.server.serve_forever
        threading.Thread(target=serve, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_a_webhook_gets_each_update_with_its_secret_until_it_says_200() -> None:
    door = Door(0, 500)
    with open_line(webhook_retry_seconds=0.01) as line:
        line.result("setWebhook", url=door.url, secret_token="bi-mat")
        number = line.standin.send_text(line.chat, line.an, "a")
        assert line.standin.wait_until(lambda: not line.standin.bot.updates.pending)
        assert [(secret, body["update_id"]) for secret, body in door.got] == [
            ("bi-mat", number)
        ] * 3
        info = line.result("getWebhookInfo")
        assert info["last_error_message"] == "Wrong response from the webhook: 500"
        assert (info["url"], info["pending_update_count"]) == (door.url, 0)
    door.close()


def test_a_webhook_that_nobody_answers_keeps_the_updates() -> None:
    with open_line(webhook_retry_seconds=0.01) as line:
        line.result("setWebhook", url="http://127.0.0.1:9/nobody")
        line.standin.send_text(line.chat, line.an, "a")
        hook = line.standin.bot.webhook
        assert hook is not None
        assert line.standin.wait_until(lambda: hook.last_error)
        info = line.result("getWebhookInfo")
        assert (info["last_error_message"], info["pending_update_count"]) == (
            "Connection failed",
            1,
        )


def test_polling_is_refused_while_a_webhook_is_set(line: Line) -> None:
    line.result("setWebhook", url="http://127.0.0.1:9/nobody")
    code, words = line.refusal("getUpdates")
    assert (code, words) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )
    line.standin.send_text(line.chat, line.an, "a")
    line.result("deleteWebhook")
    assert len(line.ids()) == 1


@pytest.mark.parametrize(
    "params",
    [
        {"url": "ftp://x"},
        {"url": "https://a.vn", "secret_token": "có dấu"},
        {"url": "https://a.vn", "max_connections": 101},
    ],
)
def test_a_bad_webhook_is_refused(line: Line, params: Json) -> None:
    assert line.refusal("setWebhook", **params)[0] == 400


# Text and entities


def test_entities_count_in_utf_16(line: Line) -> None:
    sent = line.say("😀 <b>đậm 😀</b> <i>nghiêng</i>", parse_mode="HTML")
    assert sent["text"] == "😀 đậm 😀 nghiêng"
    assert sent["entities"] == [
        {"type": "bold", "offset": 3, "length": 6},
        {"type": "italic", "offset": 10, "length": 7},
    ]


@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        ("<b>a</b><strong>a</strong>", ["bold", "bold"]),
        ("<i>a</i><em>a</em>", ["italic", "italic"]),
        ("<u>a</u><ins>a</ins>", ["underline", "underline"]),
        ("<s>a</s><strike>a</strike><del>a</del>", ["strikethrough"] * 3),
        ("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>a</span>", ["spoiler"] * 2),
        ('<a href="https://thainguyen.gov.vn/?a=1&amp;b=2">a</a>', ["text_link"]),
        ("<a href='not a link'>a</a>", []),
        ("<code>a <b>b</b></code>", ["code"]),
        ('<pre><code class="language-python">a</code></pre>', ["pre"]),
        ("<blockquote>a <b>b</b></blockquote>", ["blockquote", "bold"]),
        ("<blockquote expandable>a</blockquote>", ["expandable_blockquote"]),
        ('<tg-emoji emoji-id="5368">👍</tg-emoji>', ["custom_emoji"]),
        ("<B>a</B>", ["bold"]),
        ("<b></b>a", []),
        ("<b>a</>", ["bold"]),
        ("&lt;b&gt; &amp;amp; &quot; &#233; &#xE9; &copy;", []),
    ],
)
def test_html_is_read_as_telegram_reads_it(html: str, kinds: list[str]) -> None:
    assert [one["type"] for one in format_text(html, "HTML")[1]] == kinds


PIECES = [
    *("<b>", "</b>", "<i>", "</i>", "<blockquote expandable>", "<blockquote>", "</blockquote>"),
    *("<pre>", "</pre>", "<code class='language-x'>", "</code>", "</>", "<a href='https://a.vn'>"),
    *(
        "</a>",
        "😀",
        "ế",
        " \n ",
        "&lt;",
        "&#x1F600;",
        "&",
        "<",
        ">",
        "@an_nguyen",
        "yen",
        "/tim",
        "#a",
    ),
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=14).map("".join))
def test_any_html_is_read_or_refused_and_entities_lie_inside(html: str) -> None:
    """Nothing breaks the reader; what it reads is sorted, inside the text and properly nested."""
    text, entities = "", list[Json]()
    with contextlib.suppress(ApiError):
        text, entities = format_text(html, "HTML")
    spans = [(one["offset"], one["offset"] + one["length"]) for one in entities]
    assert spans == sorted(spans, key=lambda one: (one[0], -one[1]))
    assert all(0 <= start < end <= units(text) for start, end in spans)
    for start, end in spans:
        assert not any(start < other < end < stop for other, stop in spans)


def test_character_references_become_characters() -> None:
    text, _ = format_text("&lt;b&gt; &amp;amp; &quot;&#233;&#xE9;&#x1F600; &copy;", "HTML")
    assert text == '<b> &amp; "éé😀 &copy;'


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("đ<x>a</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("2 < 3 và 4 > 3", 'Unsupported start tag "" at byte offset 2'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<i>ế</em>", 'Unmatched end tag at byte offset 6, expected "</i>", found "</em>"'),
        ("<a href=http://x>a</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x>a</a>', "Unexpected end of name token at byte offset 8"),
        (
            "<b bold>a</b>",
            'Expected equal sign in declaration of an attribute of the tag "b" at byte offset 0',
        ),
        ('<b ="x">a</b>', 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            "blockquote entities can't be nested",
        ),
    ],
)
def test_bad_html_is_refused_in_telegrams_words(line: Line, html: str, reason: str) -> None:
    refusal = line.refusal("sendMessage", chat_id=line.chat.id, text=html, parse_mode="HTML")
    assert refusal == (400, f"Bad Request: can't parse entities: {reason}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("<b> </b>", "text must be non-empty"),
        ("😀" * 2049, "message is too long"),
        ("<b>" + "a" * 4097 + "</b>", "message is too long"),
        ("<b>a</b>" * 4097, "text is too long"),
        ("đ" * 16_385, "text is too long"),
    ],
)
def test_text_has_1_to_4096_units_after_parsing(line: Line, text: str, reason: str) -> None:
    refusal = line.refusal("sendMessage", chat_id=line.chat.id, text=text, parse_mode="HTML")
    assert refusal == (400, f"Bad Request: {reason}")


def test_markup_does_not_count_and_4096_fit(line: Line) -> None:
    sent = line.say("<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


def test_entities_past_100_are_ignored(line: Line) -> None:
    assert len(line.say("<b>a</b> " * 150, parse_mode="HTML")["entities"]) == 100


def test_outer_white_space_goes_and_entities_move(line: Line) -> None:
    sent = line.say("\n  một <b>hai  </b> ", parse_mode="HTML")
    assert sent["text"] == "một hai"
    assert sent["entities"] == [{"type": "bold", "offset": 4, "length": 3}]


def test_addresses_and_commands_are_found_unless_inside_code(line: Line) -> None:
    sent = line.say(
        "Gõ /help@cdsbot, hỏi @an_nguyen, xem https://a.vn/b. <code>/tim</code> #chuyenso 1/2",
        parse_mode="HTML",
    )
    found = [
        (one["type"], cut(sent["text"], one["offset"], one["length"])) for one in sent["entities"]
    ]
    assert found == [
        ("bot_command", "/help@cdsbot"),
        ("mention", "@an_nguyen"),
        ("url", "https://a.vn/b"),
        ("code", "/tim"),
        ("hashtag", "#chuyenso"),
    ]


def test_other_modes_are_refused(line: Line) -> None:
    for mode in ("MarkdownV2", "BBCode"):
        refusal = line.refusal("sendMessage", chat_id=line.chat.id, text="a", parse_mode=mode)
        assert refusal[0] == 400


# Buttons


def keyboard(**button: Any) -> Json:
    return {"inline_keyboard": [[{"text": "Nút", **button}]]}


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard(callback_data="ế" * 22), "BUTTON_DATA_INVALID"),
        (keyboard(), "Text buttons are unallowed in the inline keyboard"),
        (keyboard(callback_data=""), "Text buttons are unallowed in the inline keyboard"),
        (keyboard(callback_data="a", url="https://a.vn"), "exactly one action"),
        (keyboard(url="http://localhost"), "Wrong HTTP URL"),
        (keyboard(url="javascript:a.b"), "Wrong HTTP URL"),
        (keyboard(copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (keyboard(copy_text={"text": "a" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (keyboard(text=" ", callback_data="a"), "button text must be non-empty"),
        (keyboard(data="a"), "unknown fields"),
        ({"inline_keyboard": {}}, "must be of type Array"),
        ([], "can't parse reply markup: expected an Object"),
        (keyboard(copy_text="a"), 'Field "copy_text" must be of type Object'),
        (
            {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101},
            "REPLY_MARKUP_TOO_LONG",
        ),
    ],
)
def test_a_bad_button_is_refused(line: Line, markup: Json, reason: str) -> None:
    code, words = line.refusal("sendMessage", chat_id=line.chat.id, text="a", reply_markup=markup)
    assert (code, reason in words) == (400, True), words


@pytest.mark.parametrize(
    "button",
    [
        {"callback_data": "ế" * 21 + "a"},
        {"url": "https://thainguyen.gov.vn/văn-bản"},
        {"url": "tg://resolve?domain=a"},
        {"copy_text": {"text": "a" * 256}},
        {"switch_inline_query": ""},
        {"callback_data": "a", "style": "primary"},
    ],
)
def test_a_good_button_is_shown(line: Line, button: Json) -> None:
    assert line.say(reply_markup=keyboard(**button))["reply_markup"] == keyboard(**button)


def test_a_pressed_button_reaches_the_bot_and_its_answer_the_person(line: Line) -> None:
    sent = line.say(reply_markup=keyboard(callback_data="them:1"))
    query = line.standin.press(line.chat, line.an, sent["message_id"], "them:1")
    (update,) = line.result("getUpdates")
    assert update["callback_query"]["data"] == "them:1"
    assert update["callback_query"]["message"] == sent
    assert line.standin.answer(query) is None
    line.result("answerCallbackQuery", callback_query_id=query, text="Đã ghi")
    assert line.standin.answer(query) == {"text": "Đã ghi", "show_alert": False}


def test_nobody_can_press_what_is_not_there(line: Line) -> None:
    sent = line.say(reply_markup=keyboard(callback_data="a"))
    with pytest.raises(LookupError):
        line.standin.press(line.chat, line.an, sent["message_id"], "b")


def test_a_query_is_answered_once_in_time_and_in_200(line: Line) -> None:
    gone = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    sent = line.say(reply_markup=keyboard(callback_data="a"))
    once, late = (line.standin.press(line.chat, line.an, sent["message_id"], "a") for _ in range(2))
    long = line.refusal("answerCallbackQuery", callback_query_id=once, text="a" * 201)
    assert long == (400, "Bad Request: MESSAGE_TOO_LONG")
    line.result("answerCallbackQuery", callback_query_id=once)
    line.standin.expire_queries()
    for query in (once, late, "123"):
        assert line.refusal("answerCallbackQuery", callback_query_id=query) == (400, gone)


# Replies, edits and deletions


def test_a_reply_carries_the_message_it_answers(line: Line) -> None:
    line.standin.send_text(line.chat, line.an, "hỏi")
    sent = line.say(reply_parameters={"message_id": 1})
    assert sent["reply_to_message"]["text"] == "hỏi"
    assert line.standin.visible(line.chat)[-1].reply_to == 1


def test_a_reply_to_nothing_is_refused_unless_allowed(line: Line) -> None:
    line.standin.send_text(line.chat, line.an, "hỏi")
    line.standin.delete(line.chat, 1)
    missing = {"message_id": 1}
    refusal = line.refusal("sendMessage", chat_id=line.chat.id, text="a", reply_parameters=missing)
    assert refusal == (400, "Bad Request: message to be replied not found")
    allowed = {**missing, "allow_sending_without_reply": True}
    assert "reply_to_message" not in line.say(reply_parameters=allowed)


@pytest.mark.parametrize(
    ("quote", "mode", "accepted"),
    [
        ("15 tỉnh", None, False),  # the original is bold there
        ("<b>15 tỉnh</b>", "HTML", True),
        ("thuộc nhóm <b>15</b>", "HTML", True),
        ("thuộc nhóm", None, True),
        ("nhóm 16", None, False),
        ("a" * 1025, None, False),
    ],
)
def test_a_quote_repeats_the_original_exactly(
    line: Line, quote: str, mode: str | None, accepted: bool
) -> None:
    """Entities included, and nothing allows a wrong one."""
    original = line.say("😀 thuộc nhóm <b>15 tỉnh</b> " + "a" * 1100, parse_mode="HTML")
    wanted = {
        "message_id": original["message_id"],
        "quote": quote,
        "allow_sending_without_reply": True,
        **({"quote_parse_mode": mode} if mode else {}),
    }
    body = line.post("sendMessage", chat_id=line.chat.id, text="a", reply_parameters=wanted)
    assert body["ok"] is accepted
    if not accepted:
        assert body["description"] == "Bad Request: QUOTE_TEXT_INVALID"


def test_an_edit_changes_what_is_seen_and_drops_the_old_keyboard(line: Line) -> None:
    sent = line.say("cũ", reply_markup=keyboard(callback_data="a"))
    line.result("editMessageText", chat_id=line.chat.id, message_id=sent["message_id"], text="mới")
    (seen,) = line.standin.visible(line.chat)
    assert (seen.text, seen.buttons, seen.edited, seen.announced) == ("mới", (), True, "cũ")


def test_an_edit_that_changes_nothing_is_refused(line: Line) -> None:
    words = (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )
    same: Json = {
        "text": "<b>a</b>",
        "parse_mode": "HTML",
        "reply_markup": keyboard(callback_data="a"),
    }
    sent = line.say(**same)
    where = {"chat_id": line.chat.id, "message_id": sent["message_id"]}
    assert line.refusal("editMessageText", **where, **same) == (400, words)
    markup = {"reply_markup": keyboard(callback_data="a")}
    assert line.refusal("editMessageReplyMarkup", **where, **markup) == (400, words)
    assert "reply_markup" not in line.result("editMessageReplyMarkup", **where)


@pytest.mark.parametrize(
    ("message_id", "reason"),
    [(1, "message can't be edited"), (99, "message to edit not found")],
)
def test_only_an_own_message_that_is_there_can_be_edited(
    line: Line, message_id: int, reason: str
) -> None:
    line.standin.send_text(line.chat, line.an, "của An")
    where = {"chat_id": line.chat.id, "message_id": message_id}
    assert line.refusal("editMessageText", **where, text="a") == (400, f"Bad Request: {reason}")


def test_a_deleted_message_is_seen_no_more(line: Line) -> None:
    where = {"chat_id": line.chat.id, "message_id": line.say()["message_id"]}
    line.result("deleteMessage", **where)
    assert line.standin.visible(line.chat) == []
    gone = (400, "Bad Request: message to delete not found")
    assert line.refusal("deleteMessage", **where) == gone


# Whom a bot may write to


def test_a_bot_never_writes_first(line: Line) -> None:
    stranger = line.standin.person("Bình")
    line.standin.private(stranger)
    refusal = line.refusal("sendMessage", chat_id=stranger.id, text="a")
    assert refusal == (403, "Forbidden: bot can't initiate conversation with a user")
    line.standin.press_start(stranger)
    assert line.result("sendMessage", chat_id=stranger.id, text="a")["chat"]["id"] == stranger.id


def test_a_blocked_bot_is_told_so(line: Line) -> None:
    line.standin.block(line.an)
    refusal = line.refusal("sendMessage", chat_id=line.chat.id, text="a")
    assert refusal == (403, "Forbidden: bot was blocked by the user")
    (update,) = line.result("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"


def test_an_unknown_chat_is_not_found(line: Line) -> None:
    refusal = line.refusal("sendMessage", chat_id=42, text="a")
    assert refusal == (400, "Bad Request: chat not found")
    assert line.refusal("sendMessage", text="a") == (400, "Bad Request: chat_id is empty")


# Groups


def test_privacy_mode_shows_commands_mentions_and_replies_only(line: Line) -> None:
    group = line.standin.group("Tổ công nghệ số", line.an)
    name = line.standin.bot.user.username
    own = line.result("sendMessage", chat_id=group.id, text="chào")["message_id"]

    def arrives(text: str, **more: Any) -> bool:
        return line.standin.send_text(group, line.an, text, **more) is not None

    assert not arrives("nói chuyện riêng")
    assert not arrives("hỏi @somebody_else")
    assert not arrives("/help@another_bot")
    assert arrives(f"hỏi @{name} nhé")
    assert arrives("/help")
    assert arrives(f"/help@{name}")
    assert arrives("còn năm 2030?", reply_to=own)


def test_an_anonymous_administrator_writes_as_the_group(line: Line) -> None:
    group = line.standin.group("Xã")
    line.standin.send_text(group, ANONYMOUS, "/help")
    (update,) = line.result("getUpdates")
    assert update["message"]["from"]["username"] == "GroupAnonymousBot"
    assert update["message"]["sender_chat"]["id"] == group.id


def test_a_message_in_a_topic_carries_its_thread(line: Line) -> None:
    """And replies, as far as a bot can see, to the message that opened the topic."""
    group = line.standin.group("Xã", line.an, forum=True)
    thread = line.standin.topic(group, line.an, "Hỏi đáp")
    line.standin.send_text(group, line.an, "/help", thread=thread)
    message = line.result("getUpdates")[-1]["message"]
    assert (message["message_thread_id"], message["is_topic_message"]) == (thread, True)
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Hỏi đáp"
    sent = line.result("sendMessage", chat_id=group.id, text="a", message_thread_id=thread)
    assert sent["message_thread_id"] == thread
    refusal = line.refusal("sendMessage", chat_id=group.id, text="a", message_thread_id=99)
    assert refusal == (400, "Bad Request: message thread not found")


def test_a_chain_of_replies_has_a_thread_that_nobody_can_send_to(line: Line) -> None:
    group = line.standin.group("Xã", line.an)
    own = line.result("sendMessage", chat_id=group.id, text="chào")["message_id"]
    line.standin.send_text(group, line.an, "hỏi", reply_to=own)
    message = line.result("getUpdates")[-1]["message"]
    assert (message["message_thread_id"], "is_topic_message" in message) == (own, False)
    refusal = line.refusal("sendMessage", chat_id=group.id, text="a", message_thread_id=own)
    assert refusal == (400, "Bad Request: message thread not found")


# Flood limits


def test_a_chat_takes_a_short_burst_and_then_one_a_second(limited: Line) -> None:
    for _ in range(3):
        limited.say()
    body = limited.post("sendMessage", chat_id=limited.chat.id, text="a")
    assert (body["error_code"], body["parameters"]) == (429, {"retry_after": 1})
    assert body["description"] == "Too Many Requests: retry after 1"
    limited.clock.now += 1
    limited.say()
    assert limited.post("sendMessage", chat_id=limited.chat.id, text="a")["error_code"] == 429
    assert [one.rule for one in limited.standin.flood.overruns] == ["1/s", "1/s"]


def test_a_group_takes_20_a_minute_edits_included(limited: Line) -> None:
    group = limited.standin.group("Xã", limited.an)
    where = {"chat_id": group.id}
    for number in range(10):
        limited.clock.now += 1
        sent = limited.result("sendMessage", **where, text="a")
        edited = {"message_id": sent["message_id"], "text": f"b{number}"}
        limited.result("editMessageText", **where, **edited)
    body = limited.post("sendMessage", **where, text="a")
    assert (body["error_code"], body["parameters"]) == (429, {"retry_after": 51})
    limited.clock.now += 51
    limited.result("sendMessage", **where, text="a")


def test_all_chats_together_take_30_a_second(limited: Line) -> None:
    people = [limited.standin.person(str(number)) for number in range(31)]
    chats = [limited.standin.private(one, begun=True) for one in people]
    codes = [limited.post("sendMessage", chat_id=chat.id, text="a")["ok"] for chat in chats]
    assert codes == [True] * 30 + [False]
    assert [one.rule for one in limited.standin.flood.overruns] == ["30/s"]


# The bot's profile


def test_the_menu_of_commands_is_the_narrowest_that_is_set(line: Line) -> None:
    def menu(chat: Chat, language: str) -> list[str]:
        person = line.standin.person("x", language=language)
        found = line.standin.commands(chat, person)
        return [one["command"] for one in found]

    def offer(command: str, **where: Any) -> None:
        commands = [{"command": command, "description": "a"}]
        line.result("setMyCommands", commands=commands, **where)

    group = line.standin.group("Xã", line.an)
    offer("mac_dinh")
    offer("rieng", scope={"type": "all_private_chats"})
    offer("private", scope={"type": "all_private_chats"}, language_code="en")
    assert menu(line.chat, "vi") == ["rieng"]
    assert menu(line.chat, "en") == ["private"]
    assert menu(group, "en") == ["mac_dinh"]
    kept = line.result("getMyCommands", scope={"type": "all_private_chats"}, language_code="en")
    assert kept == [{"command": "private", "description": "a"}]
    assert line.result("getMyCommands", scope={"type": "all_group_chats"}) == []


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([{"command": "văn_bản", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "Help", "description": "a"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "a" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "a"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
def test_a_bad_command_is_refused(line: Line, commands: list[Json], reason: str) -> None:
    refusal = line.refusal("setMyCommands", commands=commands)
    assert refusal == (400, f"Bad Request: {reason}")


@pytest.mark.parametrize(
    ("name", "field", "most"),
    [
        ("Name", "name", 64),
        ("Description", "description", 512),
        ("ShortDescription", "short_description", 120),
    ],
)
def test_texts_of_the_profile_have_their_limits(
    line: Line, name: str, field: str, most: int
) -> None:
    line.result(f"setMy{name}", **{field: "a" * most, "language_code": "en"})
    assert line.result(f"getMy{name}", language_code="en") == {field: "a" * most}
    assert line.refusal(f"setMy{name}", **{field: "a" * (most + 1)})[0] == 400


# Inline mode


def article(number: str = "1", **more: Any) -> Json:
    content = {"message_text": "<b>đoạn</b>", "parse_mode": "HTML"}
    return {
        "type": "article",
        "id": number,
        "title": "t",
        "input_message_content": content,
        **more,
    }


def test_an_inline_result_is_sent_and_edited_through_its_own_id(line: Line) -> None:
    group = line.standin.group("Xã", line.an)
    query = line.standin.inline_query(line.an, "mục tiêu 2025")
    results = [article(reply_markup=keyboard(callback_data="them"))]
    line.result("answerInlineQuery", inline_query_id=query, results=results, is_personal=True)
    number = line.standin.choose(group, line.an, query, "1")
    (seen,) = line.standin.visible(group)
    assert (seen.who, seen.text, seen.entities[0]["type"]) == ("An", "đoạn", "bold")
    line.standin.press(group, line.an, number, "them")
    updates = line.result("getUpdates")
    inline = updates[-1]["callback_query"]["inline_message_id"]
    assert updates[-2]["chosen_inline_result"]["inline_message_id"] == inline
    assert line.result("editMessageText", inline_message_id=inline, text="thêm") is True
    assert line.standin.visible(group)[0].text == "thêm"


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([article(str(n)) for n in range(51)], "RESULTS_TOO_MUCH"),
        ([article("ế" * 22)], "RESULT_ID_INVALID"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article("1"), article("1")], "RESULT_ID_DUPLICATE"),
        ([article(input_message_content={"message_text": ""})], "text must be non-empty"),
        ([article(title="")], "can't parse inline query result: Can't find field \"title\""),
    ],
)
def test_bad_inline_results_are_refused(line: Line, results: list[Json], reason: str) -> None:
    query = line.standin.inline_query(line.an, "a")
    refusal = line.refusal("answerInlineQuery", inline_query_id=query, results=results)
    assert refusal == (400, f"Bad Request: {reason}")


# Other input


def test_an_album_is_one_update_per_picture(line: Line) -> None:
    numbers = line.standin.send_album(line.chat, line.an, 3, caption="ảnh")
    messages = [one["message"] for one in line.result("getUpdates")]
    assert len(numbers) == 3
    assert len({one["media_group_id"] for one in messages}) == 1
    assert [one.get("caption") for one in messages] == ["ảnh", None, None]


@telegram_spec.needs_spec
def test_updates_and_answers_are_as_the_specification_says(line: Line) -> None:
    """Every kind of update the stand-in makes, and the answer to every method it knows."""
    standin, an, chat = line.standin, line.an, line.chat
    line.result("getUpdates", allowed_updates=["message", "edited_message", "callback_query"])
    line.result("getUpdates", allowed_updates=[])
    group = standin.group("Xã", an, forum=True, admins=[an])
    thread = standin.topic(group, an, "Hỏi đáp")
    standin.press_start(an, "d_1")
    standin.send_text(group, an, "/help", thread=thread)
    standin.send_text(group, ANONYMOUS, "/help")
    standin.send_text(chat, an, "xem https://a.vn", reply_to=1, forwarded_from=an)
    standin.send_text(chat, an, "một", forwarded_from="Ẩn danh", quote="/start", reply_to=1)
    standin.edit_text(chat, 1, "sửa")
    for send in (standin.send_voice, standin.send_photo, standin.send_sticker):
        send(chat, an)
    standin.send_location(chat, an)
    standin.send_document(chat, an, caption="@ai_do")
    sent = line.say("<b>a</b>", parse_mode="HTML", reply_markup=keyboard(callback_data="a"))
    number = sent["message_id"]
    where = {"chat_id": chat.id, "message_id": number}
    query = standin.press(chat, an, number, "a")
    line.result("answerCallbackQuery", callback_query_id=query)
    line.say(
        reply_parameters={"message_id": number, "quote": "<b>a</b>", "quote_parse_mode": "HTML"}
    )
    line.result("editMessageText", **where, text="b")
    line.result("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👍"}])
    line.result("forwardMessage", chat_id=group.id, from_chat_id=chat.id, message_id=number)
    line.result("deleteMessage", **where)
    standin.press(chat, an, number, "a", stale=True)
    for method in ("sendPhoto", "sendDocument"):
        name = method.removeprefix("send").lower()
        line.result(method, chat_id=chat.id, **{name: "abc"}, caption="a")
    line.result("sendChatAction", chat_id=chat.id, action="typing")
    inline = standin.inline_query(an, "a")
    line.result("answerInlineQuery", inline_query_id=inline, results=[article()])
    standin.choose(group, an, inline, "1")
    for method in ("getMe", "getWebhookInfo", "getMyCommands", "getMyName", "getMyDescription"):
        line.result(method)
    line.result("getMyShortDescription")
    line.result("getChatMenuButton")
    for place in (chat, group):
        line.result("getChat", chat_id=place.id)
        line.result("getChatMember", chat_id=place.id, user_id=an.id)
        line.result("getChatMemberCount", chat_id=place.id)
    line.result("getChatAdministrators", chat_id=group.id)
    standin.block(an)
    updates = line.result("getUpdates")
    line.result("setWebhook", url="http://127.0.0.1:9/x", allowed_updates=["message"])
    line.result("getWebhookInfo")

    assert [telegram_spec.update_problems(one) for one in updates] == [[]] * len(updates)
    kinds = {name for one in updates for name in one} - {"update_id"}
    assert kinds == {
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
        "chosen_inline_result",
        "my_chat_member",
    }
    telegram_spec.assert_calls_follow_the_specification(standin.calls)


# Trouble on the way


def test_a_dropped_connection_does_the_work_or_not_as_planned(line: Line) -> None:
    """A bot cannot tell one from the other, which is why it must not send twice."""
    for drop, seen in (("before", 0), ("after", 1)):
        line.standin.fail("sendMessage", drop=drop)
        with pytest.raises(httpx.RemoteProtocolError):
            line.say()
        assert len(line.standin.visible(line.chat)) == seen
    line.say()
    assert [one.status for one in line.standin.called("sendMessage")] == [None, None, 200]


@pytest.mark.parametrize(
    ("status", "words"), [(500, "Internal Server Error"), (502, "Bad Gateway")]
)
def test_a_broken_server_answers_without_doing_the_work(
    line: Line, status: int, words: str
) -> None:
    line.standin.fail("sendMessage", status=status, times=2)
    for _ in range(2):
        assert line.refusal("sendMessage", chat_id=line.chat.id, text="a") == (status, words)
    line.say()
    assert len(line.standin.visible(line.chat)) == 1


def test_an_answer_can_come_long_after_the_work() -> None:
    """The message is in the chat while the bot still waits, and may give up waiting."""

    async def scene() -> None:
        standin = StandIn()
        await standin.start()
        chat = standin.private(standin.person("An"), begun=True)
        standin.fail("sendMessage", late=60)
        async with httpx.AsyncClient() as client:
            url = f"{standin.base_url}{standin.token}/sendMessage"
            params = {"chat_id": chat.id, "text": "a"}
            call = asyncio.create_task(client.post(url, json=params, timeout=60))
            assert await standin.until(lambda: standin.visible(chat))
            assert not call.done()
            call.cancel()
        await standin.stop()

    asyncio.run(scene())


def test_a_flood_can_be_answered_on_demand(line: Line) -> None:
    line.standin.fail("*", status=429, retry_after=7)
    assert line.post("getMe")["parameters"] == {"retry_after": 7}


def test_everything_is_still_there_after_the_server_restarts() -> None:
    async def scene() -> None:
        standin = StandIn()
        await standin.start()
        address = standin.base_url
        await standin.stop()
        number = standin.press_start(standin.person("An"))
        await standin.start()
        async with httpx.AsyncClient() as client:
            got = (await client.get(f"{address}{standin.token}/getUpdates")).json()
        await standin.stop()
        assert [one["update_id"] for one in got["result"]] == [number]

    asyncio.run(scene())
