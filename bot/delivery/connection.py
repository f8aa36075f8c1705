"""The way to Telegram: CDSBOT_PROXY where it is set, else a proxy that the environment names."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from urllib.request import getproxies

import httpx
from telegram.error import TimedOut
from telegram.request import HTTPXRequest

from bot.settings import Settings
from index.loopback import direct
from knowledge.errors import SettingsInvalid

_LONGEST = 90.0  # seconds a request may take with all its parts; a long poll takes 35
_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


class Request(HTTPXRequest):
    """python-telegram-bot's transport with an end: httpcore 1.0.9 waits for ever, whatever timeouts
    it is given, for a SOCKS server that takes a connection and says nothing."""

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        try:
            async with asyncio.timeout(_LONGEST):
                return await super().do_request(*args, **options)
        except TimeoutError as error:
            raise TimedOut from error


def client_options(settings: Settings) -> dict[str, Any]:
    """What an httpx client needs to reach Telegram.

    Raises SettingsInvalid where the environment names a proxy that no client could use.
    """
    if settings.proxy:
        return {"proxy": settings.proxy.get_secret_value()}
    options: dict[str, Any] = {"mounts": direct(settings.telegram_base_url)}
    try:
        httpx.AsyncClient(**options)  # reads the environment; nothing is opened yet
    except (ValueError, httpx.InvalidURL):
        raise SettingsInvalid(
            f"Proxy trong biến môi trường ({', '.join(named_by_environment())}) không dùng được: "
            "sửa hoặc bỏ, hoặc đặt CDSBOT_PROXY"
        ) from None  # what was said may hold the password
    return options


def named_by_environment() -> list[str]:
    """The variables that set proxies, by their names: values may hold passwords."""
    return sorted(name for name in os.environ if name.upper() in _VARIABLES and os.environ[name])


def proxy_secrets(settings: Settings) -> Iterator[str]:
    """Passwords of proxies, ours and the environment's: as written, as meant, and as HTTP sends them."""
    own = [settings.proxy.get_secret_value()] if settings.proxy else []
    for address in (*own, *getproxies().values()):
        login = address.rpartition("@")[0].rpartition("//")[2]
        password = login.partition(":")[2]
        if password:
            yield from (password, unquote(password), b64encode(unquote(login).encode()).decode())
