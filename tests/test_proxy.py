"""Telegram through a proxy: every kind carries the bot, and what fails is said without a password."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from telegram.error import TimedOut

from bot.cli import main
from bot.commands import doctor, try_out
from bot.delivery import connection
from bot.delivery.connection import Request
from bot.local_api import Limits, StandIn
from bot.logs import Redaction
from bot.settings import Settings, load_settings
from index.loopback import direct
from index.serving import Serving
from tests.proxies import Proxy, listening, make_certificate, tls
from tests.running_bot import GOAL, Running, free_port, settings_for

NAME = "telegram.test"  # exists nowhere: only a proxy gets there
PASSWORD = "bí mật@1:2"
LOGIN = "an:" + PASSWORD
QUOTED = "b%C3%AD%20m%E1%BA%ADt%401%3A2"
TOKEN = "123456789:AAExampleExampleExampleExampleExam"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxy_of_whoever_runs_the_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    for name in (*PROXIES, *map(str.upper, PROXIES)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    factory = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(factory)


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn.running(limits=Limits.none(), token=TOKEN) as standin:
        yield standin


@contextlib.contextmanager
def proxied(
    standin: StandIn, kind: str, folder: Path, patch: pytest.MonkeyPatch
) -> Iterator[tuple[Proxy, dict[str, Any]]]:
    """A proxy of that kind before the stand-in, and the settings that lead through it."""
    scheme, _, telegram = kind.partition(" to ")
    with contextlib.ExitStack() as stack:
        upstream, certificate = (standin.host, standin.port), None
        if "https" in kind:
            certificate = make_certificate(folder, NAME, "127.0.0.1")
            patch.setenv("SSL_CERT_FILE", str(certificate))
        if telegram == "https" and certificate:
            upstream = stack.enter_context(tls(upstream, certificate))
        proxy = stack.enter_context(
            listening(
                Proxy(upstream, LOGIN),
                "socks" if scheme.startswith("socks") else "http",
                certificate if scheme == "https" else None,
            )
        )
        yield (
            proxy,
            {
                "proxy": SecretStr(f"{scheme}://an:{QUOTED}@127.0.0.1:{proxy.port}"),
                "telegram_base_url": f"{telegram}://{NAME}/bot",
            },
        )


KINDS = (
    "http to http", "http to https", "https to http", "https to https",
    "socks5 to http", "socks5 to https", "socks5h to https",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "webhook"), [*((kind, False) for kind in KINDS), ("socks5 to http", True)]
)
def test_every_kind_of_proxy_carries_the_bot(
    kind: str,
    webhook: bool,
    standin: StandIn,
    starter_serving: Serving,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A question is fetched, or brought by the webhook, and answered; names are left to the proxy."""
    caplog.set_level(logging.DEBUG)
    with proxied(standin, kind, tmp_path, monkeypatch) as (proxy, way):
        settings = settings_for(standin, tmp_path / "data")
        hook = {"webhook_url": f"http://127.0.0.1:{settings.webhook_port}/hook"} if webhook else {}
        bot = Running(standin, settings.model_copy(update=way | hook), starter_serving)
        person, chat = bot.chat()
        bot.start(webhook)
        try:
            assert "15" in bot.say(chat, person, GOAL).text
        finally:
            bot.stop()
        bot.check()
    assert bot.error is None
    assert set(proxy.asked) == {f"{NAME}:{443 if kind.endswith('https') else 80}"}
    _no_password_in(caplog.text)


def test_an_exported_proxy_is_used_where_no_other_is_set(
    standin: StandIn, starter_serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SOCKS too, which needs a package of its own."""
    with proxied(standin, "socks5 to http", tmp_path, monkeypatch) as (proxy, way):
        monkeypatch.setenv("ALL_PROXY", way.pop("proxy").get_secret_value())
        settings = settings_for(standin, tmp_path / "data").model_copy(update=way)
        bot = Running(standin, settings, starter_serving)
        person, chat = bot.chat()
        bot.start()
        try:
            assert bot.say(chat, person, GOAL).text
        finally:
            bot.stop()
    assert proxy.asked


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.9.1"])
def test_this_machine_is_reached_without_an_exported_proxy(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Bot API server or an LLM here: neither their words nor the token go to a proxy first."""
    with listening(Proxy(None)) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        url = f"http://{host}:9/bot"
        with httpx.Client(mounts=direct(url)) as client, pytest.raises(httpx.ConnectError):
            client.get(url)
        assert proxy.asked == []
        with httpx.Client(mounts=direct("http://example.test/")) as client:
            assert client.get("http://example.test/").status_code == 502
        assert proxy.asked == ["example.test:80"]


def test_the_page_to_try_the_bot_has_no_use_for_the_proxy(
    starter_serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is for Telegram, and `cdsbot try` brings its own Bot API."""
    standin = StandIn()
    monkeypatch.setattr(try_out, "StandIn", lambda: standin)
    settings = Settings(webhook_port=free_port(), proxy=SecretStr("http://127.0.0.1:1"))

    async def scene() -> None:
        stopping = asyncio.Event()
        bot = asyncio.create_task(
            try_out.try_out(settings, starter_serving, lambda page: None, stopping)
        )
        assert await standin.until(lambda: standin.called("getMe"), 20)
        stopping.set()
        await bot

    asyncio.run(scene())


def test_a_proxy_that_takes_a_connection_and_says_nothing_does_not_hold_the_bot_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """httpcore waits for a SOCKS server's words without a limit; the bot has one."""
    monkeypatch.setattr(connection, "_LONGEST", 0.2)

    async def ask(port: int) -> None:
        await Request(proxy=f"socks5://127.0.0.1:{port}").post(f"http://{NAME}/bot")

    with listening(Proxy(None), "nothing") as proxy, pytest.raises(TimedOut):
        asyncio.run(ask(proxy.port))


# What is refused


@pytest.mark.parametrize(
    "value",
    ["127.0.0.1:1080", "socks4://127.0.0.1:1080", "http://127.0.0.1", "http://127.0.0.1:0",
     "http://127.0.0.1:99999", "http://an:kín@mít@máy:80", "http://máy:80/đường", "http://:80",
     "http://an:kín mít@máy:80", "ftp://máy:21", "http://[::g]:80"],
)  # fmt: skip
def test_a_proxy_that_cannot_be_meant_is_one_line_that_shows_how_to_write_it(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CDSBOT_PROXY", value)
    assert main(["library"]) == 1
    said = capsys.readouterr().err
    assert "CDSBOT_PROXY: phải viết là loại://máy:cổng" in said
    assert "socks5h://127.0.0.1:1080" in said
    assert said.count("\n") == 2  # the heading and one problem
    assert "kín" not in said


def test_an_empty_proxy_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDSBOT_PROXY", "")
    assert load_settings().proxy is None


@pytest.mark.parametrize("value", ["socks4://an:kín@127.0.0.1:1080", "http://máy:cổng"])
@pytest.mark.parametrize("command", ["run", "doctor"])
def test_an_exported_proxy_that_no_one_can_use_is_named_without_a_traceback(
    command: str,
    value: str,
    starter_data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ALL_PROXY", value)
    monkeypatch.setenv("CDSBOT_DATA", str(starter_data))
    monkeypatch.setenv("CDSBOT_TELEGRAM_TOKEN", TOKEN)
    assert main([command]) == 1
    said = capsys.readouterr()
    [line] = [one for one in (said.out + said.err).splitlines() if "ALL_PROXY" in one]
    assert "hoặc đặt CDSBOT_PROXY" in line
    assert "kín" not in said.out + said.err
    assert "Traceback" not in said.err


def test_no_log_holds_a_proxys_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of ours nor of the environment's, in no form: written, meant, or sent in a header."""
    monkeypatch.setenv("https_proxy", "http://binh:một%20hai@127.0.0.1:1")
    settings = Settings(proxy=SecretStr(f"http://an:{QUOTED}@127.0.0.1:1"))
    hide = Redaction(list(connection.proxy_secrets(settings))).hide
    header = b64encode(LOGIN.encode()).decode()
    said = hide(f"{settings.proxy} http://an:{QUOTED}@máy {LOGIN} Basic {header} binh:một%20hai@")
    _no_password_in(said)
    assert "một" not in said
    assert QUOTED not in repr(settings)


# What doctor says


def _findings(way: dict[str, Any], token: str) -> list[doctor.Finding]:
    settings = Settings(telegram_token=SecretStr(token), **way)
    found = [*doctor._proxy(settings), *doctor._token(settings)]
    _no_password_in(" ".join(finding.text for finding in found))
    assert not any(token in finding.text for finding in found)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_doctor_greets_telegram_through_the_proxy(
    kind: str, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxied(standin, kind, tmp_path, monkeypatch) as (proxy, way):
        there, token = _findings(way, TOKEN)
    scheme = kind.partition(" ")[0]
    assert there == doctor.Finding(True, f"Tới được proxy {scheme}://127.0.0.1:{proxy.port}")
    assert token.ok
    assert token.text.startswith("Token dùng được: @")


@pytest.mark.parametrize("kind", KINDS)
def test_doctor_tells_which_part_fails(
    kind: str, standin: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy's own password, or the way from the proxy on; and when nobody listens, that."""
    with proxied(standin, kind, tmp_path, monkeypatch) as (proxy, way):
        proxy.login = "an:khác"
        there, refused = _findings(way, TOKEN)
        assert there.ok
        assert "không nhận tên hoặc mật khẩu: sửa CDSBOT_PROXY" in refused.text
        proxy.login, proxy.upstream = LOGIN, None
        there, refused = _findings(way, TOKEN)
        assert there.ok
        assert not refused.ok
        assert "Không hỏi được Telegram qua proxy" in refused.text
    absent, refused = _findings(way, TOKEN)
    assert not absent.ok
    assert absent.text.startswith("Không tới được proxy ")
    assert not refused.ok


@pytest.mark.parametrize(
    ("scheme", "listener"), [("socks5", "http"), ("http", "socks"), ("socks5", "nothing")]
)
def test_doctor_is_not_thrown_by_a_server_of_another_kind(
    scheme: str, listener: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An HTTP proxy taken for SOCKS, the reverse, and one that never says a word."""
    monkeypatch.setattr(doctor, "_PATIENCE", 0.5)
    with listening(Proxy(None), listener) as proxy:
        way = {
            "proxy": SecretStr(f"{scheme}://127.0.0.1:{proxy.port}"),
            "telegram_base_url": f"http://{NAME}/bot",
        }
        there, refused = _findings(way, TOKEN)
    assert there.ok
    assert f"có phải proxy loại {scheme}" in refused.text


def _no_password_in(text: str) -> None:
    for secret in (PASSWORD, QUOTED, b64encode(LOGIN.encode()).decode()):
        assert secret not in text
