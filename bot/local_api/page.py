"""The try-out page: one person's chat with the bot, in a browser on this machine.

Only pages of the same address may call it: other sites that are open in the browser, and names
that were made to point at 127.0.0.1, are turned away.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from bot.local_api.past import recall, remembered
from bot.local_api.profile import described
from bot.local_api.server import StandIn
from bot.local_api.world import Chat, Person, Seen

Json = dict[str, Any]

_STATIC = Path(__file__).parent / "static"
_TYPES = {
    "page.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ALIVE_SECONDS = 15
_PRESS_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Page:
    """The page as it is being served."""

    url: str
    chat: Chat
    person: Person
    _standin: StandIn
    _server: HTTPServer

    def past(self) -> Json:
        """The chat as it is now, to be shown again."""
        return remembered(self._standin, self.chat)

    async def stop(self) -> None:
        self._server.stop()
        await self._server.close_all_connections()


async def serve_page(standin: StandIn, port: int = 0, past: Json | None = None) -> Page:
    """Serves the chat of one person on 127.0.0.1, at another port where `port` is taken.

    `past` is what `Page.past` gave when the chat was last shown.
    """
    person = standin.person("Bạn")
    chat = standin.private(person)
    if past:
        recall(standin, chat, past)
    try:
        sockets = bind_sockets(port, "127.0.0.1")
    except OSError:
        sockets = bind_sockets(0, "127.0.0.1")
    port = sockets[0].getsockname()[1]
    room = {"room": Room(standin, chat, person, port)}
    routes = [
        (r"/events", _Events, room),
        (r"/(send|attach|edit|press)", _Action, room),
        (r"/(page\.css|page\.js|icon\.svg)?", _File, room),
    ]
    server = HTTPServer(Application(routes, log_function=lambda handler: None))
    server.add_sockets(sockets)
    return Page(f"http://127.0.0.1:{port}/", chat, person, standin, server)


@dataclass(frozen=True, slots=True)
class Room:
    """The chat that the page shows, and what the person can do in it."""

    standin: StandIn
    chat: Chat
    person: Person
    port: int

    @property
    def hosts(self) -> tuple[str, str]:
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    def snapshot(self) -> str:
        """Everything the page shows, as JSON."""
        standin, bot = self.standin, self.standin.bot
        with standin.lock:
            language = self.person.language_code
            typing = self.chat.typing_until - standin.clock()
            state = {
                "bot": {
                    "name": described(bot, "name", language) or bot.user.first_name,
                    "username": bot.user.username,
                    "description": described(bot, "description", language),
                },
                "begun": self.chat.begun,
                "typing": typing > 0,
                "commands": standin.commands(self.chat, self.person),
                "messages": [_shown(one) for one in standin.visible(self.chat)],
            }
        return json.dumps(state, ensure_ascii=False)

    def send(self, asked: Json) -> None:
        self.standin.send_text(self.chat, self.person, asked["text"], asked.get("reply_to"))

    def attach(self, asked: Json) -> None:
        """A picture or a file: its name and kind only, for the bot reads neither."""
        caption, name = str(asked.get("caption", "")), str(asked["name"])[:200]
        if str(asked.get("type", "")).startswith("image/"):
            self.standin.send_photo(self.chat, self.person, caption)
        else:
            self.standin.send_document(self.chat, self.person, name, caption)

    def edit(self, asked: Json) -> None:
        message = self.chat.messages[asked["message_id"]]
        if message.body["from"]["id"] != self.person.id:
            raise LookupError("somebody else's message")
        self.standin.edit_text(self.chat, asked["message_id"], asked["text"])

    async def press(self, asked: Json) -> Json:
        """How the bot answers the button; nothing where it does not in time."""
        query = self.standin.press(self.chat, self.person, asked["message_id"], asked["data"])
        answer = await self.standin.until(lambda: self.standin.answer(query), _PRESS_SECONDS)
        return answer or {}


def _shown(seen: Seen) -> Json:
    return {
        "id": seen.message_id,
        "own": not seen.from_bot,
        "text": seen.text,
        "entities": seen.entities,
        "buttons": seen.buttons,
        "reply_to": seen.reply_to,
        "quote": seen.body.get("quote", {}).get("text", ""),
        "date": seen.body["date"],
        "edited": seen.edited,
        "media": next((name for name in ("photo", "document") if name in seen.body), ""),
    }


class _Handler(RequestHandler):
    def initialize(self, room: Room) -> None:
        self.room = room

    def prepare(self) -> None:
        if self.request.host not in self.room.hosts:
            raise HTTPError(403)
        origin = self.request.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.room.hosts:
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")


class _File(_Handler):
    def get(self, name: str | None) -> None:
        name = name or "page.html"
        self.set_header("Content-Type", f"{_TYPES[name]}; charset=utf-8")
        self.finish((_STATIC / name).read_bytes())


class _Action(_Handler):
    async def post(self, name: str) -> None:
        # A form on another site can't send this type without asking first.
        if self.request.headers.get("Content-Type") != "application/json":
            raise HTTPError(415)
        try:
            self.finish(await self._done(name, json.loads(self.request.body)))
        except (KeyError, LookupError, TypeError, ValueError) as error:
            raise HTTPError(400) from error

    async def _done(self, name: str, asked: Json) -> Json:
        if name == "press":
            return await self.room.press(asked)
        actions: dict[str, Callable[[Json], None]] = {
            "send": self.room.send,
            "attach": self.room.attach,
            "edit": self.room.edit,
        }
        actions[name](asked)
        return {}


class _Events(_Handler):
    """The whole chat again after each change: it is short, and nothing can get out of step."""

    def initialize(self, room: Room) -> None:
        super().initialize(room)
        self.gone = False

    def on_connection_close(self) -> None:
        self.gone = True
        self.room.standin.bell.ring()

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        sent = ""
        while not self.gone:
            fresh = self.room.snapshot()
            try:
                self.write(f"data: {fresh}\n\n" if fresh != sent else ": alive\n\n")
                await self.flush()
            except StreamClosedError:
                return
            sent = fresh
            seconds = _ALIVE_SECONDS if not json.loads(fresh)["typing"] else 1
            await self.room.standin.until(self._changed_since(sent), seconds)

    def _changed_since(self, sent: str) -> Callable[[], bool]:
        return lambda: self.gone or self.room.snapshot() != sent
