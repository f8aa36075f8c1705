"""The bot as a process: builds the Application, takes updates in, stops without losing any."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import signal as signals
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from filelock import FileLock, Timeout
from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
    Update,
)
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application
from tornado.httpserver import HTTPServer

from bot.database.connection import MemoryFailed
from bot.delivery.connection import client_options, proxy_secrets
from bot.delivery.inbox import ALLOWED_UPDATES, Inbox, Poller, RawBot
from bot.delivery.limits import Limiter, Limits, seconds_of
from bot.delivery.memory import Memory
from bot.delivery.opened import open_memory
from bot.delivery.request import Patience, TelegramRequest
from bot.delivery.sending import Sender
from bot.delivery.webhook import address_for, listen, secret_for, shut
from bot.handlers.desk import App, Desk
from bot.handlers.measured import Measured
from bot.handlers.register import register
from bot.handlers.watching import tidy, watch_index, watch_memory
from bot.handlers.weekly import Weekly
from bot.logs import concerning, log_fault, protect_logs
from bot.private import keep_private
from bot.screens.render import Screen
from bot.screens.texts import ENGLISH, GROUP_COMMANDS, VIETNAMESE, Texts
from bot.settings import TOKEN_FORM, TOKEN_MALFORMED, Settings
from bot.watching.incidents import Incidents
from bot.watching.metrics import Metrics
from index.serving import Serving
from knowledge.errors import AlreadyRunning, CdsbotError, SettingsInvalid

_LOG = logging.getLogger(__name__)
_GRACE = 20.0  # seconds to finish what was begun
_STALLED = 120.0  # seconds without a turn of the poller's loop: it is dead
_DESK = "desk"
_SWITCH = 0.001  # seconds after which a thread that reckons lets another one speak


def build_application(settings: Settings, serving: Serving, limits: Limits | None = None) -> App:
    """The Application with every handler. Updates reach it through `Inbox`, not an Updater."""
    token = _token(settings)
    protect_logs([token, *_secrets(settings)])
    way = client_options(settings)
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # durations as the library's next version has them
    limiter, metrics = Limiter(limits), Metrics()
    bot = RawBot(
        token,
        base_url=settings.telegram_base_url,
        request=TelegramRequest(
            metrics.refused,
            connection_pool_size=64,
            read_timeout=20,
            pool_timeout=10,
            httpx_kwargs=way,
        ),
        get_updates_request=TelegramRequest(
            metrics.refused, connection_pool_size=1, read_timeout=40, httpx_kwargs=way
        ),
        rate_limiter=limiter,
    )
    application = Application.builder().bot(bot).updater(None).build()
    state = open_memory(settings)
    if state.shared:
        limiter.others = state.shared_limits(limiter.limits)
    desk = Desk(settings, serving, state, Sender(bot, state, limiter), metrics=metrics)
    application.bot_data[_DESK] = desk
    register(application, desk)
    return application


def run_polling(settings: Settings, serving: Serving) -> None:
    """Serve until SIGINT or SIGTERM, asking Telegram for updates."""
    asyncio.run(serve(settings, serving, webhook=False))


def run_webhook(settings: Settings, serving: Serving) -> None:
    """Serve until SIGINT or SIGTERM, with Telegram calling us."""
    asyncio.run(serve(settings, serving, webhook=True))


def _token(settings: Settings) -> str:
    if settings.telegram_token is None:
        raise SettingsInvalid(
            "Chưa có token của bot: lấy ở @BotFather rồi ghi vào dòng CDSBOT_TELEGRAM_TOKEN= của tệp .env "
            "trong thư mục này (chưa có tệp đó thì tạo mới, chỉ cần một dòng ấy). Chưa có token vẫn thử "
            "được bot: `cdsbot try`."
        )
    token = settings.telegram_token.get_secret_value()
    if not TOKEN_FORM.fullmatch(token):
        raise SettingsInvalid(TOKEN_MALFORMED)
    return token


def _secrets(settings: Settings) -> list[str]:
    kept = (settings.webhook_secret, settings.llm_key, settings.database)
    own = (secret.get_secret_value() for secret in kept if secret)
    return [*own, *proxy_secrets(settings)]


async def serve(
    settings: Settings,
    serving: Serving,
    *,
    webhook: bool,
    stopping: asyncio.Event | None = None,
    limits: Limits | None = None,
) -> None:
    """Run until `stopping` is set or a signal comes; raises what makes going on senseless."""
    token = _token(settings)
    if webhook and not settings.webhook_url:
        raise SettingsInvalid("Chạy webhook cần CDSBOT_WEBHOOK_URL, địa chỉ https mà Telegram gọi.")
    stopping = stopping or asyncio.Event()
    _make_threads()
    several = webhook and settings.database is not None
    with _only_one(settings, token, several) as speaks, _signals(stopping), _incidents(settings):
        application = build_application(settings, serving, limits)
        desk: Desk = application.bot_data[_DESK]
        inbox = _inbox(application, desk)
        try:
            # as long as it takes: a machine may boot before its network
            await _patiently(application.initialize, stopping)
            if stopping.is_set():
                return
            memory = Memory(desk.state)
            measured = Measured(desk, inbox, memory)
            await _warm(desk)
            watches = _watches(desk, inbox, memory, speaks)
            async with _background(*watches, introduce(application, desk)), _opened(inbox):
                if webhook:
                    await _hear(settings, token, application, inbox, measured, stopping)
                else:
                    await _poll(settings, application, inbox, measured, stopping)
        finally:
            with contextlib.suppress(RuntimeError):  # it was never initialised
                await application.shutdown()
            desk.state.close()


def _make_threads() -> None:
    """Threads enough that questions waiting for a new index to open hold up no writing."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(32, "bot"))
    sys.setswitchinterval(_SWITCH)


async def _warm(desk: Desk) -> None:
    """Beside other processes, before anything is taken in: they answer at once, here it would wait."""
    if desk.state.shared:
        with contextlib.suppress(CdsbotError):  # who looks after the index is told of it later
            await asyncio.to_thread(lambda: desk.serving.answerer().warm())


def _watches(
    desk: Desk, inbox: Inbox, memory: Memory, speaks: Callable[[], bool]
) -> list[Coroutine[Any, Any, None]]:
    """What goes on beside the answering, for ever."""
    watches = [watch_index(desk), watch_memory(desk, memory, speaks), tidy(desk)]
    return [*watches, Weekly(desk).run(), *([inbox.adopt()] if desk.state.shared else [])]


@contextlib.contextmanager
def _only_one(settings: Settings, token: str, several: bool) -> Iterator[Callable[[], bool]]:
    """One process per token and data folder, unless there may be several; whether this is the one
    (of several, the one that speaks for all). The lock goes with the process, however it ends."""
    keep_private(settings.data)
    name = hashlib.sha256(token.encode()).hexdigest()[:16]
    lock = FileLock(settings.data / f"telegram-{name}.lock", thread_local=False)

    def held() -> bool:
        with contextlib.suppress(Timeout):
            if not lock.is_locked:
                lock.acquire(timeout=0)
        return lock.is_locked

    if not held() and not several:
        raise AlreadyRunning(
            "Bot với token này đang chạy trên máy này rồi. Hãy tắt tiến trình kia trước."
        )
    try:
        yield held
    finally:
        lock.release()


@contextlib.contextmanager
def _incidents(settings: Settings) -> Iterator[None]:
    """Let what an officer may have to account for be written down."""
    handler = Incidents(settings.data)
    logging.getLogger("bot").addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger("bot").removeHandler(handler)


@contextlib.contextmanager
def _signals(stopping: asyncio.Event) -> Any:
    """Let SIGINT and SIGTERM set `stopping`; outside the main thread there are none to catch."""
    loop = asyncio.get_running_loop()
    before: dict[signals.Signals, Any] = {}
    for number in (signals.SIGINT, signals.SIGTERM):
        with contextlib.suppress(ValueError):
            before[number] = signals.signal(
                number, lambda *_: loop.call_soon_threadsafe(stopping.set)
            )
    try:
        yield
    finally:
        for number, handler in before.items():
            signals.signal(number, handler)


@contextlib.asynccontextmanager
async def _background(*coroutines: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def _opened(inbox: Inbox) -> AsyncIterator[None]:
    """What an earlier run left is taken up; what was begun is finished, whatever ends the serving."""
    try:
        await inbox.open()
        yield
    finally:
        _LOG.info("Stopping: finishing what was begun")
        await inbox.close(_GRACE)


# Intake


def _inbox(application: App, desk: Desk) -> Inbox:
    async def process(update: Update) -> None:
        concerning.set(str(update.update_id))
        await application.process_update(update)
        if update.update_id in desk.unstored:
            desk.unstored.discard(update.update_id)
            raise MemoryFailed("a handler could not write")

    async def crowded(update: Update, full: bool = False) -> None:
        if update.effective_chat:
            texts = await asyncio.to_thread(desk.texts, update)
            screen = Screen(texts.full if full else texts.wait)
            await desk.sender.tell(update.effective_chat.id, screen, update.effective_message)

    async def full(update: Update) -> None:
        await crowded(update, full=True)

    def parse(body: dict[str, Any]) -> Update:
        return Update.de_json(body, application.bot)

    def counts(body: dict[str, Any]) -> bool:
        return _asks_us(body, application.bot)

    return Inbox(desk.state, parse, process, crowded, counts, full)


def _asks_us(update: dict[str, Any], bot: RawBot) -> bool:
    """Whether a raw update is a message that will draw a reply."""
    message = update.get("message")
    if not isinstance(message, dict) or "text" not in message:
        return False
    chat, text = message.get("chat"), str(message["text"]).lower()
    if isinstance(chat, dict) and chat.get("type") == "private":
        return True
    old = message.get("reply_to_message")
    author = old.get("from") if isinstance(old, dict) else None
    ours = isinstance(author, dict) and author.get("id") == bot.id
    return ours or f"@{bot.username}".lower() in text


@dataclass(frozen=True, slots=True)
class Pulse:
    """What /healthz says: whether updates are still being taken in."""

    task: asyncio.Task[None]
    poller: Poller
    clock: Callable[[], float]

    def health(self) -> dict[str, Any]:
        idle = self.clock() - self.poller.turned
        alive = not self.task.done() and idle < _STALLED
        return {"ok": alive, "mode": "polling", "seconds_since_turn": round(idle, 1)}


def _listening() -> dict[str, Any]:
    return {"ok": True, "mode": "webhook"}  # who gets this answer has shown that we listen


async def _poll(
    settings: Settings, application: App, inbox: Inbox, measured: Measured, stopping: asyncio.Event
) -> None:
    assert isinstance(application.bot, RawBot)  # built so above
    await _patiently(lambda: application.bot.delete_webhook(drop_pending_updates=False), stopping)
    clock = asyncio.get_running_loop().time
    poller = Poller(application.bot, inbox, clock=clock)
    task = asyncio.create_task(poller.run())
    server = _health_server(settings, measured, Pulse(task, poller, clock).health)
    _LOG.info("The bot @%s is running", application.bot.username)
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()  # raises what ended it
    finally:
        for one in (task, stop):
            one.cancel()
        await asyncio.gather(task, stop, return_exceptions=True)
        if server:
            await shut(server)


def _health_server(
    settings: Settings, measured: Measured, pulse: Callable[[], dict[str, Any]]
) -> HTTPServer | None:
    health = measured.health(pulse)
    try:
        return listen(
            settings.webhook_listen, settings.webhook_port, health, beside=measured.routes(health)
        )
    except OSError as error:
        # polling works without; two bots on one machine need two ports to be watched
        _LOG.warning(
            "No /healthz and /metrics: port %d is taken (%s)", settings.webhook_port, error
        )
        return None


async def _hear(
    settings: Settings,
    token: str,
    application: App,
    inbox: Inbox,
    measured: Measured,
    stopping: asyncio.Event,
) -> None:
    secret = (
        settings.webhook_secret.get_secret_value() if settings.webhook_secret else secret_for(token)
    )
    url, path = address_for(settings.webhook_url, token)
    health = measured.health(_listening)
    try:
        server = listen(
            settings.webhook_listen,
            settings.webhook_port,
            health,
            inbox.take,
            path,
            secret,
            beside=measured.routes(health),
        )
    except OSError as error:
        raise SettingsInvalid(f"Không mở được cổng {settings.webhook_port}: {error}") from error
    try:
        await _patiently(
            lambda: application.bot.set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40
            ),
            stopping,
        )
        _LOG.info("The bot @%s listens for its webhook", application.bot.username)
        await stopping.wait()  # the webhook stays set: Telegram keeps what comes meanwhile
    finally:
        await shut(server)


async def _patiently(
    call: Callable[[], Coroutine[Any, Any, object]], stopping: asyncio.Event
) -> None:
    """Repeat what may be repeated until Telegram does it, or refuses it for good."""
    pause, patience = 1.0, Patience()
    while not stopping.is_set():
        try:
            await call()
            return
        except RetryAfter as error:
            pause = seconds_of(error)
        except InvalidToken:
            patience.refused()
        except BadRequest as error:  # a kind of NetworkError, which repeating does not mend
            raise SettingsInvalid(f"Telegram từ chối cài đặt webhook: {error.message}") from error
        except TelegramError as error:
            _LOG.warning("Telegram cannot be reached yet: %s", error)
        except Exception as error:  # an answer of a shape that the library trips over
            log_fault(_LOG, error, "greeting Telegram")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        pause = min(pause * 2, 30.0)


# Introduction


async def introduce(application: App, desk: Desk) -> None:
    """Register commands and descriptions, where they differ from what was registered before."""
    bot = application.bot
    wanted = json.dumps([_profile(texts) for texts in (VIETNAMESE, ENGLISH)])
    digest = hashlib.sha256(f"{bot.id} {wanted}".encode()).hexdigest()
    if await asyncio.to_thread(desk.state.fact, "introduced") == digest:
        return
    try:
        for texts, language in ((VIETNAMESE, None), (VIETNAMESE, "vi"), (ENGLISH, "en")):
            await _register(bot, texts, language)
    except TelegramError as error:
        _LOG.warning("Commands could not be registered, next start tries again: %s", error)
        return
    await asyncio.to_thread(desk.state.set_fact, "introduced", digest)


def _profile(texts: Texts) -> list[object]:
    return [texts.commands, texts.description, texts.short_description]


def _commands(texts: Texts, names: tuple[str, ...] | None = None) -> list[BotCommand]:
    return [BotCommand(n, what) for n, what in texts.commands.items() if not names or n in names]


async def _register(bot: RawBot, texts: Texts, language: str | None) -> None:
    scope = BotCommandScopeDefault()
    await bot.set_my_commands(_commands(texts), scope=scope, language_code=language)
    await bot.set_my_commands(
        _commands(texts, GROUP_COMMANDS),
        scope=BotCommandScopeAllGroupChats(),
        language_code=language,
    )
    await bot.set_my_description(texts.description, language_code=language)
    await bot.set_my_short_description(texts.short_description, language_code=language)
