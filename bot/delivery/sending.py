"""Messages on their way out: never lost, never twice.

A reply is marked *sending* on disk before the call and *sent* after it. Telegram has no way to ask
whether a message arrived; so what is found in *sending* after a crash or a lost connection is not
repeated: a short note offers the answer behind a button instead.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import httpx
from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from bot.delivery.limits import Limiter, seconds_of
from bot.delivery.state import State
from bot.records import Send
from bot.screens.render import Screen, without_markup
from bot.screens.texts import Texts

_LOG = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NO_MESSAGE = "a result that is no message"
_THREAD_GONE = re.compile("thread|topic", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a message goes: a chat, perhaps a topic, perhaps as a reply."""

    chat: int
    thread: int | None
    reply_to: int | None


@dataclass(frozen=True, slots=True)
class _Mark:
    """Which update a message answers, and with which kept answer."""

    update: int
    answer: int | None


class Sender:
    """Sends screens and keeps the marks."""

    def __init__(
        self,
        bot: ExtBot[int],
        state: State,
        limiter: Limiter,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot = bot
        self.state = state
        self.limiter = limiter
        self._sleep = sleep

    async def resume(self, update: Update, texts: Texts) -> bool:
        """Whether an earlier run has answered this update, or may have: then nothing is left."""
        return await self.resume_at(
            await asyncio.to_thread(self.state.send, update.update_id), update, texts
        )

    async def resume_at(self, mark: Send | None, update: Update, texts: Texts) -> bool:
        """The same, where it is known how far the reply has come."""
        if mark is None:
            return False
        if mark.state == "sending":
            if mark.answer is None:
                return False  # a help text twice does no harm
            if update.effective_message:
                await self._offer(update, update.effective_message, mark.answer, texts)
        return True

    async def reply(
        self, update: Update, screen: Screen, texts: Texts, answer: int | None = None
    ) -> None:
        """Reply to the message of `update`, once."""
        message = update.effective_message
        if message is None:
            return
        mark = _Mark(update.update_id, answer)
        try:
            sent = await self._deliver(_place_of(message), screen, mark)
        except NetworkError as error:
            _LOG.warning("No word from Telegram whether a reply arrived: %s", error)
            if answer is None:
                await self._insist(update, message, screen)
            else:
                await self._offer(update, message, answer, texts)
            return
        await asyncio.to_thread(self._mark, update.update_id, sent)

    async def tell(self, chat: int, screen: Screen, message: Message | None = None) -> None:
        """Send what may be lost: a notice. Trouble is logged, never raised."""
        place = _place_of(message) if message else _Place(chat, None, None)
        try:
            async with self.limiter.slot(chat):
                await self._call(place, screen)
        except TelegramError as error:
            _LOG.warning("A notice could not be sent: %s", error)

    async def post(self, chat: int, screen: Screen) -> bool:
        """Send what nobody asked for, however long it takes, at most once. False where nobody can say
        whether it arrived."""
        try:
            await self._deliver(_Place(chat, None, None), screen, None)
        except NetworkError as error:
            _LOG.warning("No word from Telegram whether a message arrived: %s", error)
            return False
        return True

    async def show(self, query: CallbackQuery, screen: Screen) -> None:
        """Change the message under a button."""
        if query.message:
            await self.change(query.message.chat.id, query.message.message_id, screen)

    async def change(self, chat: int, message: int, screen: Screen) -> bool:
        """Edit one of our messages, however long the network takes; False where it is gone.

        Editing is idempotent: it may be repeated, and "not modified" is success.
        """
        for attempt in count(1):
            try:
                await self._edit(chat, message, screen)
            except BadRequest as error:
                if "not modified" not in error.message.lower():
                    _LOG.warning("A message could not be edited: %s", error)
                    return False
            except ChatMigrated:
                return False
            except TelegramError as error:
                if isinstance(error, Forbidden) and _is_barred(error):
                    return False
                _LOG.warning("A message could not be edited, trying again: %s", error)
                await self._sleep(_pause(attempt))
                continue
            break
        return True

    async def _edit(self, chat: int, message: int, screen: Screen) -> None:
        edited = self.bot.edit_message_text(
            screen.html,
            chat_id=chat,
            message_id=message,
            parse_mode=ParseMode.HTML,
            reply_markup=screen.keyboard,
            link_preview_options=_NO_PREVIEW,
        )
        await _message_of(edited)

    def _mark(self, update_id: int, sent: Message | None) -> None:
        self.state.sent(update_id, sent.message_id if sent else None, "sent" if sent else "failed")

    async def _deliver(self, place: _Place, screen: Screen, mark: _Mark | None) -> Message | None:
        """The message as sent, or None where the chat will not have it.

        Raises NetworkError where nobody can say whether it arrived; the mark then stays *sending*.
        """
        simplified = False
        for attempt in count(1):
            try:
                return await self._in_turn(place, screen, mark)
            except RetryAfter as error:
                _LOG.info("Telegram asks to wait %.0f s", seconds_of(error))
                self.limiter.pause(place.chat, seconds_of(error))
            except ChatMigrated as error:
                place = replace(place, chat=error.new_chat_id)
            except (Forbidden, InvalidToken, Conflict) as error:
                if isinstance(error, Forbidden) and _is_barred(error):
                    _LOG.info("The chat does not take messages any more: %s", error)
                    break
                _LOG.warning("Telegram takes no messages, trying again: %s", error)
                await self._not_sent(mark)
                await self._sleep(_pause(attempt))
            except BadRequest as error:
                _LOG.error("Telegram refused a message: %s", error)
                if place.thread and _THREAD_GONE.search(error.message):
                    place = replace(place, thread=None)
                elif simplified:
                    break
                else:
                    simplified, screen = True, Screen(without_markup(screen.html))
            except NetworkError as error:
                if not _never_left(error):
                    raise
                await self._not_sent(mark)
                await self._sleep(_pause(attempt))
            await self._not_sent(mark)
        return None

    async def _in_turn(self, place: _Place, screen: Screen, mark: _Mark | None) -> Message:
        async with self.limiter.slot(place.chat):  # before the mark: waiting is not sending
            if mark:
                await asyncio.to_thread(self.state.sending, mark.update, place.chat, mark.answer)
            return await self._call(place, screen)

    async def _not_sent(self, mark: _Mark | None) -> None:
        if mark:
            await asyncio.to_thread(self.state.not_sent, mark.update)

    async def _offer(self, update: Update, message: Message, answer: int, texts: Texts) -> None:
        """A note with a button, for an answer that may have arrived; its mark stays meanwhile."""
        button = InlineKeyboardButton(texts.show_answer, callback_data=f"a:{answer}:s")
        note = Screen(texts.lost, InlineKeyboardMarkup([[button]]))
        await self._insist(update, message, note)

    async def _insist(self, update: Update, message: Message, screen: Screen) -> None:
        """Send what may come twice until Telegram confirms it; the mark stays until then."""
        for attempt in count(1):
            await self._sleep(_pause(attempt))
            try:
                sent = await self._deliver(_place_of(message), screen, None)
            except NetworkError:
                continue
            await asyncio.to_thread(self._mark, update.update_id, sent)
            return

    async def _call(self, place: _Place, screen: Screen) -> Message:
        how: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": screen.keyboard,
            "message_thread_id": place.thread,
            "reply_parameters": (
                ReplyParameters(place.reply_to, allow_sending_without_reply=True)
                if place.reply_to
                else None
            ),
            "rate_limit_args": 1,
        }
        if screen.picture:
            return await _message_of(
                self.bot.send_photo(place.chat, screen.picture, screen.html, **how)
            )
        if screen.file:
            name, content = screen.file
            return await _message_of(
                self.bot.send_document(place.chat, content, screen.html, filename=name, **how)
            )
        return await _message_of(
            self.bot.send_message(place.chat, screen.html, link_preview_options=_NO_PREVIEW, **how)
        )


async def _message_of(call: Awaitable[object]) -> Message:
    """The message that a call gives; NetworkError for a result that is none: it may be done."""
    try:
        result = await call
    except TelegramError:
        raise
    except Exception as error:  # the library trips over what it was given
        raise NetworkError(_NO_MESSAGE) from error
    if not isinstance(result, Message):  # it passes a bare "true" on
        raise NetworkError(_NO_MESSAGE)
    return result


def thread_of(message: Message) -> int | None:
    """The topic of a message; replies to others have a thread, too, which is no topic."""
    return message.message_thread_id if message.is_topic_message else None


def _place_of(message: Message) -> _Place:
    return _Place(message.chat_id, thread_of(message), message.message_id)


def _is_barred(error: Forbidden) -> bool:
    """Whether it is the chat that has shut us out, as Telegram says: "Forbidden: bot was …"."""
    return error.message.startswith("Forbidden: ")


def _never_left(error: NetworkError) -> bool:
    """Whether the call failed before anything could have reached Telegram."""
    return isinstance(
        error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    )


def _pause(attempt: int) -> float:
    return float(min(2 ** min(attempt - 1, 10), 120))
