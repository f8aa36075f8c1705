"""How a bot gets its updates: polling and webhooks."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from bot.local_api.errors import bad_request, conflict
from bot.local_api.updates import KINDS
from bot.local_api.world import Bot, Webhook, World

Json = dict[str, Any]

_LONGEST_POLL = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def _kinds(params: Json) -> list[str] | None:
    kinds = params.get("allowed_updates")
    if kinds is None:
        return None
    return [one for one in kinds if one in KINDS]


async def get_updates(world: World, bot: Bot, params: Json) -> list[Json]:
    """Waits until there is something; a newer request ends an older one."""
    with world.lock:
        if bot.webhook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        bot.updates.allow(_kinds(params))
        bot.poll += 1
        mine = bot.poll
    world.bell.ring()
    offset, limit = params.get("offset", 0), params.get("limit", 100)

    def ready() -> list[Json]:
        with world.lock:
            if bot.webhook is not None:
                raise conflict("terminated by setWebhook request")
            if bot.poll != mine:
                raise conflict(
                    "terminated by other getUpdates request; "
                    "make sure that only one bot instance is running"
                )
            return bot.updates.read(offset, limit, world.clock())

    seconds = min(max(params.get("timeout", 0), 0), _LONGEST_POLL)
    return await world.bell.until(ready, seconds)


def set_webhook(world: World, bot: Bot, params: Json) -> bool:
    url = params.get("url", "")
    if not url:
        return delete_webhook(world, bot, params)
    if urlsplit(url).scheme not in {"http", "https"}:  # a local server takes http as well
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.get("secret_token", "")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    most = params.get("max_connections", 40)
    if not 1 <= most <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    bot.updates.allow(_kinds(params))
    if params.get("drop_pending_updates"):
        bot.updates.pending.clear()
    bot.webhook = Webhook(url, secret, most)
    world.bell.ring()
    return True


def delete_webhook(world: World, bot: Bot, params: Json) -> bool:
    bot.webhook = None
    if params.get("drop_pending_updates"):
        bot.updates.pending.clear()
    world.bell.ring()
    return True


def get_webhook_info(world: World, bot: Bot, params: Json) -> Json:
    pending = {"pending_update_count": len(bot.updates.pending)}
    hook = bot.webhook
    if hook is None:
        return {"url": "", "has_custom_certificate": False, **pending}
    info = {"url": hook.url, "has_custom_certificate": False, **pending}
    info |= {
        "max_connections": hook.max_connections,
        "allowed_updates": sorted(bot.updates.allowed),
    }
    if hook.last_error:
        info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
    return info


class Courier:
    """Carries updates to webhooks: in order within a chat, again until a 2xx comes back."""

    def __init__(self, world: World, retry_seconds: float) -> None:
        self._world = world
        self._retry = retry_seconds
        self._client = SimpleAsyncHTTPClient(force_instance=True, max_clients=100)
        self._busy: set[tuple[int, Any]] = set()  # bot and chat with an update on its way
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        while True:
            for bot, hook, update in self._due():
                lane = (bot.id, _lane(update))
                self._busy.add(lane)
                task = asyncio.create_task(self._carry(bot, hook, update, lane))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            await self._world.bell.until(self._due, 60)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._client.close()

    def _due(self) -> list[tuple[Bot, Webhook, Json]]:
        with self._world.lock:
            now, due = self._world.clock(), []
            for bot in self._world.bots.values():
                if bot.webhook is None:
                    continue
                lanes = {lane for number, lane in self._busy if number == bot.id}
                for update in bot.updates.read(0, 100, now):
                    if len(lanes) < bot.webhook.max_connections and _lane(update) not in lanes:
                        lanes.add(_lane(update))
                        due.append((bot, bot.webhook, update))
            return due

    async def _carry(self, bot: Bot, hook: Webhook, update: Json, lane: tuple[int, Any]) -> None:
        try:
            status = await self._post(hook, update)
            with self._world.lock:
                if 200 <= status < 300:
                    bot.updates.confirm(update["update_id"])
                    return
                hook.last_error_date = int(self._world.clock())
                hook.last_error = (
                    f"Wrong response from the webhook: {status}" if status else "Connection failed"
                )
            await asyncio.sleep(self._retry)
        finally:
            self._busy.discard(lane)
            self._world.bell.ring()

    async def _post(self, hook: Webhook, update: Json) -> int:
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        body = json.dumps(update, ensure_ascii=False)
        request = HTTPRequest(hook.url, "POST", headers, body, request_timeout=60)
        try:
            return (await self._client.fetch(request, raise_error=False)).code
        except (OSError, HTTPClientError):  # nobody there, or gone before answering
            return 0


def _lane(update: Json) -> Any:
    """What must stay in order: the updates of one chat, or of one person outside of chats."""
    body = next(value for name, value in update.items() if name != "update_id")
    if not isinstance(body, dict):
        return None
    chat = body.get("chat") or body.get("message", {}).get("chat") or body.get("from") or {}
    return chat.get("id")
