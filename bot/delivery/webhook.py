"""The listening side: Telegram's webhook on a path of its own, and /healthz."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application, RequestHandler

from bot.database.connection import MemoryFailed
from bot.delivery.inbox import has_id
from bot.watching.incidents import incident
from bot.watching.pages import Route, Status

_LOG = logging.getLogger(__name__)
_BIGGEST = 1 << 20
_CONNECTIONS = 256  # Telegram opens 40 at most; each takes a file handle, of often 1,024

Take = Callable[[list[dict[str, Any]]], Awaitable[None]]
Health = Callable[[], Awaitable[dict[str, Any]]]


def secret_for(token: str) -> str:
    """The secret Telegram sends along where none is configured: the same after a restart."""
    return hmac.new(token.encode(), b"cdsbot webhook", hashlib.sha256).hexdigest()


def address_for(url: str, token: str) -> tuple[str, str]:
    """The webhook's public address and the path it arrives at here.

    An address without a path gets one that cannot be guessed.
    """
    path = urlsplit(url).path.rstrip("/")
    if path:
        return url.rstrip("/"), path
    path = "/telegram/" + hashlib.sha256(token.encode()).hexdigest()[:32]
    return url.rstrip("/") + path, path


class _Server(HTTPServer):
    """Closes the oldest connection for a new one beyond so many: half-open ones hold nobody up."""

    def initialize(self, *args: Any, **options: Any) -> None:
        super().initialize(*args, **options)
        self._streams: deque[IOStream] = deque()

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        if len(self._streams) >= _CONNECTIONS:
            self._streams = deque(one for one in self._streams if not one.closed())
        while len(self._streams) >= _CONNECTIONS:
            self._streams.popleft().close()
        self._streams.append(stream)
        super().handle_stream(stream, address)


class _Webhook(RequestHandler):
    def initialize(self, take: Take, secret: str) -> None:
        self._take = take
        self._secret = secret

    async def post(self) -> None:
        given = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            _LOG.warning("A call without our secret", extra=incident("webhook call refused"))
            self.set_status(403)
            return
        try:
            update = json.loads(self.request.body)
        except (ValueError, RecursionError):
            update = None
        if not has_id(update):
            self.set_status(400)
            return
        try:
            await self._take([update])
        except MemoryFailed as error:
            _LOG.error("An update could not be stored, Telegram will send it again: %s", error)
            self.set_status(500)


def listen(
    address: str,
    port: int,
    health: Health,
    take: Take | None = None,
    path: str = "",
    secret: str = "",
    seconds: float = 20.0,
    beside: Sequence[Route] = (),
) -> HTTPServer:
    """Serve /healthz, what is `beside` it, and the webhook where there is a `take`. Raises OSError on a taken port.

    A request must be here whole within twice `seconds`: head, then body.
    """
    routes: list[Any] = [(r"/healthz", Status, {"told": health}), *beside]
    if take:
        routes.append((re.escape(path), _Webhook, {"take": take, "secret": secret}))
    application = Application(routes, log_function=lambda handler: None)
    server = _Server(
        application,
        max_body_size=_BIGGEST,
        idle_connection_timeout=seconds,
        body_timeout=seconds,
    )
    server.listen(port, address=address)
    return server


async def shut(server: HTTPServer) -> None:
    """No new connections; what is being answered is finished."""
    server.stop()
    try:
        await asyncio.wait_for(server.close_all_connections(), 5)
    except TimeoutError:
        _LOG.info("Some connections did not close in time")
