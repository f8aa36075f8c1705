"""/readyz and /metrics, beside /healthz on the same local server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tornado.web import RequestHandler

from bot.watching.metrics import CONTENT_TYPE

Route = tuple[str, type[RequestHandler], dict[str, Any]]


class Status(RequestHandler):
    """How something stands, as JSON; whether it stands well, by the status."""

    def initialize(self, told: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        self._told = told

    async def get(self) -> None:
        said = await self._told()
        self.set_status(200 if said["ok"] else 503)
        self.finish(said)


class _Metrics(RequestHandler):
    def initialize(self, exposed: Callable[[], Awaitable[bytes]]) -> None:
        self._exposed = exposed

    async def get(self) -> None:
        text = await self._exposed()
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(text)


def routes(
    ready: Callable[[], Awaitable[dict[str, Any]]], exposed: Callable[[], Awaitable[bytes]]
) -> list[Route]:
    """What the server serves besides."""
    return [
        (r"/readyz", Status, {"told": ready}),
        (r"/metrics", _Metrics, {"exposed": exposed}),
    ]
