"""The try-out page looks and behaves like a Telegram chat, in a real browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.commands.try_out import try_out
from bot.local_api import Limits, StandIn
from bot.local_api.page import Page, serve_page
from bot.settings import Settings
from index.serving import Serving
from tests.chromium import Browser, needs_chromium
from tests.running_bot import GOAL, free_port

Json = dict[str, Any]
DETAILS = "Hồ sơ được xử lý trên môi trường mạng. " * 12


class Scene:
    """The page in a browser, and the bot behind it as this test plays it."""

    def __init__(self, standin: StandIn, page: Page, browser: Browser) -> None:
        self.standin = standin
        self.page = page
        self.browser = browser
        self.client = httpx.AsyncClient()

    async def bot(self, method: str, **params: Any) -> Any:
        url = f"{self.standin.base_url}{self.standin.token}/{method}"
        body = (await self.client.post(url, json=params)).json()
        assert body["ok"], body
        return body["result"]

    async def say(self, text: str, *rows: list[Json], **more: Any) -> int:
        markup = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
        place = {"chat_id": self.page.chat.id, "parse_mode": "HTML"}
        sent = await self.bot("sendMessage", **place, text=text, **markup, **more)
        found = f"document.querySelector('[data-id=\"{sent['message_id']}\"]')"
        await self.browser.until(f"{found} !== null")
        return int(sent["message_id"])

    async def begin(self) -> None:
        await self.browser.click("#start")
        await self.browser.until("!document.querySelector('#compose').hidden")

    async def heard(self, count: int) -> list[str]:
        """The person's messages, once there are so many."""

        def own() -> list[str]:
            return [one.text for one in self.standin.visible(self.page.chat) if not one.from_bot]

        await self.standin.until(lambda: len(own()) >= count)
        return own()

    async def write(self, text: str) -> None:
        await self.browser.click("#input")
        await self.browser.type(text)
        await self.browser.press("Enter", 13)

    async def seen(self, selector: str) -> list[str]:
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        texts: list[str] = await self.browser.run(f"{found}.map(one => one.textContent)")
        return texts


Play = Callable[[Callable[[Scene], Awaitable[None]]], None]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Browser]]:
    with asyncio.Runner() as runner:
        browser = runner.run(Browser.open(tmp_path_factory.mktemp("chromium")))
        yield runner, browser
        runner.run(browser.close())


@pytest.fixture
def play(chromium: tuple[asyncio.Runner, Browser]) -> Play:
    """Plays a scene on a fresh page; no error in the console, nothing left the machine."""
    runner, browser = chromium

    async def whole(scene: Callable[[Scene], Awaitable[None]]) -> None:
        standin = StandIn(limits=Limits.none())
        await standin.start()
        page = await serve_page(standin)
        browser.events.clear()
        await browser.go(page.url)
        await browser.until("document.querySelector('#status').textContent === 'bot'")
        stage = Scene(standin, page, browser)
        await scene(stage)
        assert browser.complaints() == []
        await browser.go("about:blank")
        await stage.client.aclose()
        await page.stop()
        await standin.stop()

    return lambda scene: runner.run(whole(scene))


@needs_chromium
def test_a_new_chat_shows_what_the_bot_can_do_and_a_start_button(play: Play) -> None:
    async def scene(stage: Scene) -> None:
        await stage.bot("setMyDescription", description="Trả lời có trích dẫn")
        await stage.browser.until("!document.querySelector('#intro').hidden")
        assert await stage.seen("#description") == ["Trả lời có trích dẫn"]
        assert await stage.browser.run("document.querySelector('#compose').hidden")
        await stage.begin()
        assert await stage.heard(1) == ["/start"]
        assert await stage.browser.run("document.querySelector('#intro').hidden")

    play(scene)


@needs_chromium
def test_enter_sends_and_answers_appear_by_themselves(play: Play) -> None:
    async def scene(stage: Scene) -> None:
        await stage.begin()
        await stage.write("Mục tiêu năm 2025?")
        assert await stage.heard(2) == ["/start", "Mục tiêu năm 2025?"]
        await stage.bot("sendChatAction", chat_id=stage.page.chat.id, action="typing")
        await stage.browser.until("!document.querySelector('#typing').hidden")
        number = await stage.say("Nhóm 15 tỉnh", reply_parameters={"message_id": 2})
        assert await stage.seen(".reply span") == ["Mục tiêu năm 2025?"]
        assert await stage.browser.run("document.querySelector('#typing').hidden")
        place = {"chat_id": stage.page.chat.id, "message_id": number}
        await stage.bot("editMessageText", **place, text="Nhóm 15 tỉnh, thành phố")
        words = "document.querySelector('[data-id=\"3\"] .text').textContent"
        await stage.browser.until(f"{words}.startsWith('Nhóm 15 tỉnh, thành phố')")
        await stage.bot("deleteMessage", **place)
        await stage.browser.until("document.querySelectorAll('.message').length === 2")

    play(scene)


@needs_chromium
def test_text_is_never_read_as_html(play: Play) -> None:
    """Neither the person's nor the bot's."""

    async def scene(stage: Scene) -> None:
        await stage.begin()
        attack = "<img src=x onerror=alert(1)>"
        await stage.write(attack)
        await stage.heard(2)
        await stage.say("&lt;b&gt; &lt;img src=x onerror=alert(1)&gt; <b>đậm</b>")
        assert await stage.seen("#messages img") == []
        assert await stage.seen(".message .text b") == ["đậm"]
        own = (await stage.seen(".own .text"))[1]
        assert own.startswith(attack)

    play(scene)


@needs_chromium
def test_entities_are_shown_as_telegram_shows_them(play: Play) -> None:
    async def scene(stage: Scene) -> None:
        await stage.begin()
        await stage.say(
            "😀 <b>đậm <i>nghiêng</i></b> <u>u</u> <s>s</s> <code>01-NQ/TU</code>\n"
            "<pre>a\nb</pre>\n<blockquote>một <b>hai</b></blockquote>\nsau\n"
            '<a href="https://a.vn/x">trang</a> <tg-spoiler>kín</tg-spoiler> /help'
        )
        for selector, text in {
            ".text > b": "đậm nghiêng",
            ".text b > i": "nghiêng",
            ".text u": "u",
            ".text s": "s",
            ".text code": "01-NQ/TU",
            ".text pre": "a\nb",
            "blockquote": "một hai",
            "blockquote b": "hai",
            ".text a": "trang",
            ".spoiler": "kín",
        }.items():
            assert await stage.seen(selector) == [text], selector
        link = "document.querySelector('.text a')"
        assert await stage.browser.run(f"{link}.href") == "https://a.vn/x"
        assert await stage.browser.run(f"{link}.rel") == "noopener noreferrer"
        await stage.browser.click(".message:last-child .text button.link")
        assert await stage.heard(2) == ["/start", "/help"]

    play(scene)


@needs_chromium
def test_an_expandable_quotation_is_folded_until_it_is_tapped(play: Play) -> None:
    async def scene(stage: Scene) -> None:
        await stage.begin()
        await stage.say(
            f"<blockquote expandable>{DETAILS}</blockquote>\n<blockquote expandable>ngắn"
            "</blockquote>"
        )
        height = "document.querySelector('blockquote').offsetHeight"
        folded = await stage.browser.run(height)
        await stage.browser.click(".fold")
        assert await stage.browser.run(height) > 2 * folded
        assert await stage.seen(".fold") == [""]  # the short one needs none
        await stage.say("một tin nữa")
        assert await stage.browser.run(height) > 2 * folded  # and it stays open
        await stage.browser.click(".fold")
        assert await stage.browser.run(height) == folded

    play(scene)


@needs_chromium
def test_buttons_call_the_bot_copy_and_follow_deep_links(play: Play) -> None:
    async def scene(stage: Scene) -> None:
        await stage.begin()
        username = stage.standin.bot.user.username
        await stage.say(
            "chọn",
            [{"text": "Thêm", "callback_data": "them:1"}],
            [{"text": "Chép", "copy_text": {"text": "01-NQ/TU"}}],
            [{"text": "Mở", "url": f"https://t.me/{username}?start=d_7"}],
        )
        await stage.browser.click(".row:nth-child(1) button")
        await stage.standin.until(lambda: stage.standin.bot.queries)
        (query,) = stage.standin.bot.queries.values()
        assert query.text == "them:1"
        await stage.bot("answerCallbackQuery", callback_query_id=query.id, text="Đã ghi nhận")
        toast = "document.querySelector('#toast')"
        await stage.browser.until(f"{toast}.textContent === 'Đã ghi nhận' && !{toast}.hidden")
        await stage.browser.click(".row:nth-child(1) button")
        await stage.standin.until(lambda: len(stage.standin.bot.queries) == 2)
        last = list(stage.standin.bot.queries)[-1]
        alert = {"text": "Đã cũ", "show_alert": True}
        await stage.bot("answerCallbackQuery", callback_query_id=last, **alert)
        await stage.browser.until("document.querySelector('#alert').open")
        assert await stage.seen("#alert-text") == ["Đã cũ"]
        await stage.browser.run("document.querySelector('#alert').close()")
        origin = stage.page.url.rstrip("/")
        permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        await stage.browser.command(
            "Browser.grantPermissions", origin=origin, permissions=permissions
        )
        await stage.browser.click(".row:nth-child(2) button")
        await stage.browser.until(f"{toast}.textContent === 'Đã sao chép'")
        assert await stage.browser.run("navigator.clipboard.readText()") == "01-NQ/TU"
        await stage.browser.click(".row:nth-child(3) button")
        assert await stage.heard(2) == ["/start", "/start d_7"]

    play(scene)


@needs_chromium
def test_the_menu_offers_the_commands_and_typing_narrows_them(play: Play) -> None:
    async def scene(stage: Scene) -> None:
        commands = {"tim": "Tìm đoạn", "vanban": "Xem văn bản"}
        offered = [{"command": name, "description": about} for name, about in commands.items()]
        await stage.bot("setMyCommands", commands=offered, scope={"type": "all_private_chats"})
        await stage.begin()
        await stage.browser.click("#menu")
        assert await stage.seen("#commands li") == ["Tìm đoạn/tim", "Xem văn bản/vanban"]
        await stage.browser.click("#menu")
        await stage.browser.click("#input")
        await stage.browser.type("/v")
        assert await stage.seen("#commands li") == ["Xem văn bản/vanban"]
        await stage.browser.click("#commands button")
        assert await stage.heard(2) == ["/start", "/vanban"]

    play(scene)


@needs_chromium
def test_the_last_message_can_be_edited_and_any_answered(play: Play) -> None:
    """Arrow up edits and a double click replies, as in Telegram on a computer."""

    async def scene(stage: Scene) -> None:
        await stage.begin()
        await stage.write("Mục tiêu 2025?")
        await stage.browser.until("document.querySelectorAll('.own').length === 2")
        await stage.browser.press("ArrowUp", 38)
        await stage.browser.run("document.querySelector('#input').select()")
        await stage.browser.type("Mục tiêu 2030?")
        await stage.browser.press("Enter", 13)
        await stage.standin.until(lambda: stage.standin.visible(stage.page.chat)[1].edited)
        assert await stage.heard(2) == ["/start", "Mục tiêu 2030?"]
        number = await stage.say("Nhóm 10")
        bubble = f"document.querySelector('[data-id=\"{number}\"] .bubble')"
        await stage.browser.run(f"{bubble}.dispatchEvent(new MouseEvent('dblclick'))")
        await stage.write("Ai chịu trách nhiệm?")
        await stage.heard(3)
        assert stage.standin.visible(stage.page.chat)[-1].reply_to == number

    play(scene)


@needs_chromium
def test_a_long_answer_is_shown_from_its_beginning(play: Play) -> None:
    """Its first line stands in view when it arrives, not its last."""

    async def scene(stage: Scene) -> None:
        await stage.begin()
        number = await stage.say("Dòng đầu.\n" + "Một dòng nữa.\n" * 80)
        top = await stage.browser.run(
            f"document.querySelector('[data-id=\"{number}\"]').getBoundingClientRect().top"
            " - document.querySelector('#chat').getBoundingClientRect().top"
        )
        assert 0 <= top < 60

    play(scene)


@needs_chromium
def test_a_picture_or_a_file_can_be_sent(play: Play) -> None:
    """By name and kind; what is typed beside it is its caption."""

    async def scene(stage: Scene) -> None:
        await stage.begin()
        await stage.browser.click("#input")
        await stage.browser.type("Công văn đây")
        await stage.browser.run("""(() => {
            const chosen = new DataTransfer();
            chosen.items.add(new File(["x"], "cong-van.pdf", {type: "application/pdf"}));
            document.querySelector("#file").files = chosen.files;
            document.querySelector("#file").dispatchEvent(new Event("change"));
        })()""")
        await stage.browser.until("document.querySelector('.media') !== null")
        sent = stage.standin.visible(stage.page.chat)[-1]
        assert sent.body["document"]["file_name"] == "cong-van.pdf"
        assert sent.text == "Công văn đây"

    play(scene)


@needs_chromium
def test_what_is_longer_than_a_message_is_sent_as_several(play: Play) -> None:
    async def scene(stage: Scene) -> None:
        await stage.begin()
        await stage.write("chữ " * 1500)
        parts = (await stage.heard(3))[1:]
        assert [len(part) <= 4096 for part in parts] == [True, True]
        assert " ".join(parts).split() == ["chữ"] * 1500

    play(scene)


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone_and_text_can_be_read(play: Play, scheme: str) -> None:
    """In both colour schemes, on a narrow phone, with words that cannot be broken."""

    async def scene(stage: Scene) -> None:
        await stage.browser.look(scheme, 320, 640)
        await stage.begin()
        await stage.say("a" * 300, [{"text": "Một nút rất dài " * 4, "callback_data": "a"}] * 2)
        wide = "[...document.querySelectorAll('*')].filter(one => one.scrollWidth > 321).length"
        assert await stage.browser.run(wide) == 0
        style = "getComputedStyle(document.querySelector('.message:last-child .bubble'))"
        ink, paper = await stage.browser.run(f"[{style}.color, {style}.backgroundColor]")
        assert contrast(ink, paper) > 7
        await stage.browser.look()

    play(scene)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG of two `rgb(…)` colours."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in colour[4:-1].split(",")]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([light(one), light(other)])
    return (high + 0.05) / (low + 0.05)


@needs_chromium
def test_the_whole_bot_is_tried_out_on_the_page(
    chromium: tuple[asyncio.Runner, Browser], starter_serving: Serving
) -> None:
    """`cdsbot try`: start, an example question, a cited answer, its buttons, a follow-up, /tim."""
    runner, browser = chromium

    async def scene() -> None:
        stopping, page = asyncio.Event(), asyncio.get_running_loop().create_future()
        settings = Settings(webhook_port=free_port())
        bot = asyncio.create_task(try_out(settings, starter_serving, page.set_result, stopping))
        browser.events.clear()
        await browser.go((await page).url)
        await browser.until("document.querySelector('#description').textContent")
        await browser.click("#start")
        await browser.until("document.querySelectorAll('.row button').length >= 3")
        await browser.until("!document.querySelector('#menu').hidden")

        await browser.click("#input")
        await browser.type(GOAL)
        await browser.press("Enter", 13)
        answer = ".message:last-child:not(.own)"
        await browser.until(f"document.querySelector('{answer} blockquote') !== null")
        quoted = await browser.run(f"document.querySelector('{answer} blockquote').textContent")
        assert "15 tỉnh" in quoted
        assert await browser.run(f"document.querySelector('{answer} .reply span').textContent")

        before = await browser.run(f"document.querySelector('{answer}').textContent")
        await browser.click(f"{answer} .row button")
        now = f"document.querySelector('{answer}').textContent"
        await browser.until(f"{now} !== {json.dumps(before)}")
        assert "đã sửa" in await browser.run(now)

        await browser.click("#menu")
        offered = await browser.run("document.querySelector('#commands').textContent")
        assert "/vanban" in offered
        assert browser.complaints() == []
        await browser.go("about:blank")
        stopping.set()
        await bot

    runner.run(scene())


def test_a_conversation_goes_on_at_the_same_address(
    tmp_path: Path, starter_serving: Serving
) -> None:
    """Stopped and started again: the same port, the older messages, and their buttons work."""

    async def run(said: str) -> tuple[str, list[str]]:
        stopping, page = asyncio.Event(), asyncio.get_running_loop().create_future()
        settings = Settings(webhook_port=free_port())
        bot = asyncio.create_task(
            try_out(settings, starter_serving, page.set_result, stopping, port, tmp_path / "try")
        )
        shown = await page
        async with httpx.AsyncClient(base_url=shown.url) as client:
            before = len(shown.past()["messages"])
            await client.post("/send", json={"text": said})
            while len(shown.past()["messages"]) < before + 2:
                await asyncio.sleep(0.05)
        texts = [one.get("text", "") for one in shown.past()["messages"]]
        stopping.set()
        await bot
        return shown.url, texts

    port = free_port()
    url, first = asyncio.run(run("/start"))
    again, second = asyncio.run(run(GOAL))
    assert url == again == f"http://127.0.0.1:{port}/"
    assert second[: len(first)] == first
    assert "15 tỉnh" in second[-1]


def test_only_its_own_pages_may_call_it() -> None:
    """Other sites and other names for 127.0.0.1 are turned away; nothing is loaded from afar."""

    async def scene() -> None:
        standin = StandIn()
        await standin.start()
        page = await serve_page(standin)
        port = page.url.split(":")[-1].rstrip("/")
        async with httpx.AsyncClient(base_url=page.url) as client:
            rebound = await client.get("/", headers={"Host": f"evil.example:{port}"})
            foreign = await client.post(
                "/send", json={"text": "a"}, headers={"Origin": "https://evil.example"}
            )
            form = await client.post(
                "/send", headers={"Content-Type": "text/plain"}, content='{"text": "a"}'
            )
            stolen = await client.post("/edit", json={"message_id": 9, "text": "a"})
            assert [one.status_code for one in (rebound, foreign, form, stolen)] == [
                403,
                403,
                415,
                400,
            ]
            assert standin.visible(page.chat) == []
            policy = (await client.get("/")).headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
            assert "unsafe" not in policy
        await page.stop()
        await standin.stop()

    asyncio.run(scene())


def test_the_files_of_the_page_name_no_other_address() -> None:
    """It works offline."""
    static = Path(__file__).parents[1] / "bot" / "local_api" / "static"
    for file in static.iterdir():
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, file.name
        assert "//cdn" not in text, file.name
        assert "innerHTML" not in text, file.name
