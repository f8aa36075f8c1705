"""Calls to the Bot API of which only Telegram's own words count as an answer."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from telegram.error import NetworkError, TelegramError

from bot.delivery.connection import Request
from bot.watching.incidents import incident
from knowledge.errors import SettingsInvalid

_LOG = logging.getLogger(__name__)
_REFUSALS = 5  # of a token, and
_REFUSED_FOR = 300.0  # seconds of nothing else: then it is believed

TOKEN_REFUSED = (
    "Telegram không nhận token của bot. Hãy kiểm tra CDSBOT_TELEGRAM_TOKEN (lấy từ @BotFather)."
)


class TelegramRequest(Request):
    """Whatever else answers, such as a proxy's page, leaves it open what became of the call.

    Such a body is not logged either: a proxy may send back what somebody wrote.
    """

    def __init__(self, refused: Callable[[str], None] | None = None, **options: Any) -> None:
        """`refused` is told the status of each refusal, or that no word of Telegram's came."""
        super().__init__(**options)
        self._refused = refused or (lambda code: None)

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        try:
            code, payload = await super().do_request(*args, **options)
        except TelegramError:
            self._refused("network")
            raise
        if not _from_telegram(code, payload):
            self._refused("foreign")
            raise NetworkError(f"status {code} and {len(payload)} bytes that are not Telegram's")
        if code >= 300:
            self._refused(str(code))
        return code, payload


def _from_telegram(code: int, payload: bytes) -> bool:
    """Whether this is a result or a refusal as the Bot API documents them."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict):
        return False
    if 200 <= code < 300:
        return said.get("ok") is True and "result" in said
    details = said.get("parameters", {})
    return (
        said.get("ok") is False
        and isinstance(said.get("description"), str)
        and isinstance(details, dict)
        and all(isinstance(detail, int) for detail in details.values())
    )


class Patience:
    """With a token that is refused: once may be a fault on the way, for minutes is not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._count = 0
        self._since = 0.0

    def accepted(self) -> None:
        self._count = 0

    def refused(self) -> None:
        """Raises SettingsInvalid once there is no hope."""
        if not self._count:
            self._since = self._clock()
        self._count += 1
        if self._count >= _REFUSALS and self._clock() - self._since >= _REFUSED_FOR:
            raise SettingsInvalid(TOKEN_REFUSED)
        _LOG.warning("%s Bot sẽ thử lại.", TOKEN_REFUSED, extra=incident("token refused"))
