"""The HTTP side: requests in every form the real server takes, and answers as it gives them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.local_api import intake, messages, profile, queries
from bot.local_api.errors import ApiError, bad_request
from bot.local_api.faults import Fault, Faults
from bot.local_api.parameters import BY_LOWER_NAME, METHODS, Upload, unknown, values
from bot.local_api.people import People
from bot.local_api.world import Bot, Call, World

Json = dict[str, Any]
Method = Callable[[World, Bot, Json], Any]

_SENDING = {"sendMessage", "sendPhoto", "sendDocument", "forwardMessage"}
_EDITING = {"editMessageText", "editMessageReplyMarkup"}
_METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "logOut": profile.done,
    "close": profile.done,
    "setWebhook": intake.set_webhook,
    "deleteWebhook": intake.delete_webhook,
    "getWebhookInfo": intake.get_webhook_info,
    "sendMessage": messages.send_message,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "forwardMessage": messages.forward_message,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "setMessageReaction": messages.set_message_reaction,
    "sendChatAction": messages.send_chat_action,
    "answerCallbackQuery": queries.answer_callback_query,
    "answerInlineQuery": queries.answer_inline_query,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
    "setChatMenuButton": profile.done,
    "getChatMenuButton": profile.get_chat_menu_button,
    "getChat": profile.get_chat,
    "getChatMember": profile.get_chat_member,
    "getChatAdministrators": profile.get_chat_administrators,
    "getChatMemberCount": profile.get_chat_member_count,
}
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


class StandIn(People):
    """A Bot API server in memory, on loopback, with the people who write to the bot."""

    def __init__(self, *, webhook_retry_seconds: float = 1.0, **world: Any) -> None:
        super().__init__(**world)
        self.faults = Faults()
        self.port = 0
        self.host = "127.0.0.1"
        self._webhook_retry = webhook_retry_seconds
        self._server: HTTPServer | None = None
        self._courier: intake.Courier | None = None
        self._carrying: asyncio.Task[None] | None = None

    @property
    def base_url(self) -> str:
        """For CDSBOT_TELEGRAM_BASE_URL: token and method come right behind it."""
        return f"http://{self.host}:{self.port}/bot"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens; a second start after a stop finds everything as it was left."""
        self.host = host
        routes = [(r"/bot([^/]*)/([^/]*)", _Endpoint, {"standin": self})]
        # Tornado would log every refusal with its path, and the path holds the token.
        application = Application(routes, log_function=lambda handler: None)
        self._server = HTTPServer(application, max_buffer_size=60 * 2**20)
        sockets = bind_sockets(port or self.port, host)
        self._server.add_sockets(sockets)
        self.port = sockets[0].getsockname()[1]
        self._courier = intake.Courier(self, self._webhook_retry)
        self._carrying = asyncio.create_task(self._courier.run())

    async def stop(self) -> None:
        if self._server and self._courier and self._carrying:
            self._carrying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._carrying
            self._courier.close()
            self._server.stop()
            await self._server.close_all_connections()
            for bot in self.bots.values():
                bot.poll += 1  # the polls that were waiting end, with nobody to answer
            self.bell.ring()

    @classmethod
    @contextlib.contextmanager
    def running(cls, **settings: Any) -> Iterator[StandIn]:
        """A stand-in in a thread of its own, for tests of a separate process."""
        standin = cls(**settings)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="standin", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(standin.start(), loop).result(10)
            yield standin
        finally:
            asyncio.run_coroutine_threadsafe(standin.stop(), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    def fail(self, method: str, **how: Any) -> None:
        """Plans trouble for the next calls of a method: see `Fault`."""
        with self.lock:
            self.faults.plan(Fault(method, **how))

    def called(self, method: str) -> list[Call]:
        with self.lock:
            return [one for one in self.calls if one.method == method]

    async def until(self, ready: Callable[[], Any], seconds: float = 10) -> Any:
        """Waits for something to become true here, from a coroutine."""
        return await self.bell.until(ready, seconds)

    def wait_until(self, ready: Callable[[], Any], seconds: float = 10) -> Any:
        """The same from a thread without an event loop."""
        return self.bell.wait_until(ready, seconds)

    def bot_of(self, token: str) -> Bot:
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if token not in self.bots:
            raise ApiError(401, "Unauthorized")
        return self.bots[token]

    async def perform(self, bot: Bot, method: str, given: dict[str, str | Upload]) -> Any:
        """The result of one call, or an ApiError."""
        with self.lock:
            strange = unknown(method, given)
            self.violations += [f"{method}: unknown parameter {name}" for name in strange]
            if strange and self.strict:
                raise bad_request(f"unknown parameters {strange} (only the stand-in minds)")
            params = values(method, given)
        if method == "getUpdates":
            return await intake.get_updates(self, bot, params)
        with self.lock:
            return json.loads(json.dumps(self._kept_to_limits(bot, method, params)))

    def _kept_to_limits(self, bot: Bot, method: str, params: Json) -> Any:
        chat = bot.chats.get(params.get("chat_id", 0))
        if chat is None or method not in _SENDING | _EDITING:
            return _METHODS[method](self, bot, params)
        edit, now = method in _EDITING, self.clock()
        if wait := self.flood.wait(chat.id, edit, now):
            raise ApiError(429, f"Too Many Requests: retry after {wait}", wait)
        result = _METHODS[method](self, bot, params)
        self.flood.count(chat.id, not chat.private, edit, now)
        return result


class _Endpoint(RequestHandler):
    def initialize(self, standin: StandIn) -> None:
        self.standin = standin
        self.gone = False

    def on_connection_close(self) -> None:
        self.gone = True

    def compute_etag(self) -> None:
        return None

    async def get(self, token: str, method: str) -> None:
        await self._answer(token, method)

    async def post(self, token: str, method: str) -> None:
        await self._answer(token, method)

    # longer than a screen: each way of refusing a call, in the order in which Telegram does
    async def _answer(self, token: str, name: str) -> None:
        standin, began = self.standin, self.standin.clock()
        try:
            bot = standin.bot_of(token)
            method = BY_LOWER_NAME.get(name.lower())
            if method is None:
                standin.violations.append(f"unknown method {name}")
                raise ApiError(404, "Not Found")
            given = self._given()
        except ApiError as error:
            self._refuse(error)
            return
        fault = standin.faults.take(method) or Fault(method)
        await asyncio.sleep(fault.delay)
        status: int | None = 200
        answer: Any = None
        try:
            if fault.drop == "before":
                status = None
            elif fault.status:
                raise ApiError(fault.status, HTTPStatus(fault.status).phrase, fault.retry_after)
            else:
                answer = await standin.perform(bot, method, given)
        except ApiError as error:
            status, answer, refused = error.code, error.description, error
        if fault.drop or self.gone:
            status = None
        await asyncio.sleep(fault.late)
        shown = {name: _logged(method, name, value) for name, value in given.items()}
        heard = None if fault.body else status
        standin.calls.append(Call(began, method, shown, heard, answer))
        standin.bell.ring()
        if fault.body and not self.gone:
            self.set_status(fault.status or 200)
            self.finish(fault.body)
        elif status is None:
            self._drop()
        elif status == 200:
            self._reply({"ok": True, "result": answer})
        else:
            self._refuse(refused)

    def _given(self) -> dict[str, str | Upload]:
        """Parameters from the query string, a form, a multipart form or a JSON object."""
        given: dict[str, str | Upload] = {}
        for name in self.request.arguments:
            given[name] = self.get_arguments(name, strip=False)[-1]
        for name, files in self.request.files.items():
            first = files[-1]
            given[name] = Upload(first.filename, first.content_type, len(first.body), first.body)
        kind = self.request.headers.get("Content-Type", "")
        if kind.startswith("application/json") and self.request.body:
            try:
                sent = json.loads(self.request.body)
            except ValueError as error:
                raise bad_request("can't parse JSON object") from error
            for name, value in sent.items():
                given[name] = value if isinstance(value, str) else json.dumps(value)
        return given

    def _reply(self, body: Json) -> None:
        if not self.gone:
            self.set_header("Content-Type", "application/json")
            self.finish(json.dumps(body, ensure_ascii=False))

    def _refuse(self, error: ApiError) -> None:
        self.set_status(error.code)
        body = {"ok": False, "error_code": error.code, "description": error.description}
        if error.retry_after is not None:
            body["parameters"] = {"retry_after": error.retry_after}
        self._reply(body)

    def _drop(self) -> None:
        if self.gone:
            return
        stream = self.request.connection.detach()  # type: ignore[union-attr]
        stream.close()


def _logged(method: str, name: str, value: str | Upload) -> Any:
    """A parameter as it was meant: text as it stands, numbers and objects as what they are."""
    if isinstance(value, Upload) or METHODS[method].get(name) in {"str", "file"}:
        return value
    with contextlib.suppress(ValueError):
        return json.loads(value)
    return value
