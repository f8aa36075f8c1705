"""A load balancer of a few lines: each request goes to one of several processes, drawn at random."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator, Sequence

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.web import Application, RequestHandler

from tests.running_bot import free_port


class _Forward(RequestHandler):
    def initialize(self, ports: Sequence[int], chance: random.Random) -> None:
        self._ports = ports
        self._chance = chance

    async def post(self) -> None:
        """Whoever is down, or falls while answering, is passed over."""
        client = SimpleAsyncHTTPClient()
        for port in self._chance.sample(self._ports, len(self._ports)):
            url = f"http://127.0.0.1:{port}{self.request.uri}"
            request = HTTPRequest(url, "POST", self.request.headers, self.request.body)
            try:
                answer = await client.fetch(request, raise_error=False)
            except (OSError, HTTPClientError):
                continue
            self.set_status(answer.code)
            return
        self.set_status(502)


@contextlib.contextmanager
def balancer(ports: list[int], seed: int) -> Iterator[str]:
    """Its address, before `ports`, a list that may grow."""
    own, ready, loop = free_port(), threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        routes = [(r".*", _Forward, {"ports": ports, "chance": random.Random(seed)})]
        Application(routes, log_function=lambda _: None).listen(own, address="127.0.0.1")
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.create_task(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http://127.0.0.1:{own}/hook"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
