"""A bot on aiogram, which is not ours and whose models are strict, runs against the stand-in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
    ReplyParameters,
)

from bot.local_api import Limits, StandIn
from tests import telegram_spec


def aiogram_bot(standin: StandIn, token: str = "") -> Bot:
    address = standin.base_url.removesuffix("/bot")
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    return Bot(
        token or standin.token, session=session, default=DefaultBotProperties(parse_mode="HTML")
    )


def button() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Thêm", callback_data="them")]]
    )


def small_bot() -> Dispatcher:
    """Echoes in bold, edits when its button is pressed, and offers one inline result."""
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart(deep_link=True))
    async def start(message: Message, command: CommandObject) -> None:
        await message.answer(f"mở {command.args}")

    @dispatcher.message(F.text)
    async def echo(message: Message) -> None:
        await message.reply(f"<b>{message.html_text}</b>", reply_markup=button())

    @dispatcher.message(F.voice | F.photo | F.sticker | F.location | F.document)
    async def other(message: Message) -> None:
        await message.reply(str(message.content_type))

    @dispatcher.edited_message()
    async def edited(message: Message) -> None:
        await message.reply("đã sửa")

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer("Được", show_alert=True)
        assert isinstance(query.message, Message)
        await query.message.edit_text("<i>thêm</i>")

    @dispatcher.inline_query()
    async def inline(query: InlineQuery) -> None:
        content = InputTextMessageContent(message_text=query.query)
        result = InlineQueryResultArticle(id="1", title="a", input_message_content=content)
        await query.answer([result], cache_time=0)

    return dispatcher


@contextlib.asynccontextmanager
async def polled(standin: StandIn) -> AsyncIterator[Bot]:
    await standin.start()
    bot, dispatcher = aiogram_bot(standin), small_bot()
    polling = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, polling_timeout=5)
    )
    try:
        yield bot
    finally:
        await dispatcher.stop_polling()
        await polling
        await standin.stop()


def test_an_echo_bot_of_another_library_works_end_to_end() -> None:
    """HTML, replies, buttons, edits, deep links, media, edited messages and inline mode."""

    async def scene() -> None:
        standin = StandIn(limits=Limits.none())
        an = standin.person("An")
        chat = standin.private(an)
        async with polled(standin):
            standin.press_start(an, "d_7")
            standin.send_text(chat, an, "Xin chào 😀")
            await standin.until(lambda: len(standin.visible(chat)) == 4)
            opened, echoed = (one for one in standin.visible(chat) if one.from_bot)
            assert opened.text == "mở d_7"
            assert (echoed.text, echoed.reply_to) == ("Xin chào 😀", 2)
            assert echoed.entities == ({"type": "bold", "offset": 0, "length": 11},)

            query = standin.press(chat, an, echoed.message_id, "them")
            await standin.until(lambda: standin.visible(chat)[-1].edited)
            assert standin.answer(query) == {"text": "Được", "show_alert": True}
            after = standin.visible(chat)[-1]
            assert (after.text, after.buttons) == ("thêm", ())

            standin.edit_text(chat, 2, "Xin chào lại")
            await standin.until(lambda: standin.visible(chat)[-1].text == "đã sửa")
            for send in (standin.send_voice, standin.send_photo, standin.send_sticker):
                send(chat, an)
            standin.send_location(chat, an)
            standin.send_document(chat, an)
            await standin.until(lambda: len(standin.visible(chat)) == 15)
            kinds = {one.text.rpartition(".")[2] for one in standin.visible(chat)[-9:]}
            assert {"VOICE", "PHOTO", "STICKER", "LOCATION", "DOCUMENT"} <= kinds

            asked = standin.inline_query(an, "mục tiêu")
            await standin.until(lambda: standin.answer(asked))
            number = standin.choose(chat, an, asked, "1")
            assert standin.visible(chat)[-1].message_id == number
        assert standin.violations == []
        if telegram_spec.available():
            telegram_spec.assert_calls_follow_the_specification(standin.calls)

    asyncio.run(scene())


def test_aiogram_sorts_every_refusal_into_its_own_error() -> None:
    """401, 403, 409, 429, 5xx and a dropped connection look as they do from Telegram."""

    async def scene() -> None:
        standin = StandIn(limits=Limits(chat_burst=1))
        await standin.start()
        an = standin.person("An")
        chat = standin.private(an, begun=True)
        bot, stranger = aiogram_bot(standin), aiogram_bot(standin, "2:other")
        async with bot.session, stranger.session:
            with pytest.raises(TelegramUnauthorizedError):
                await stranger.get_me()
            with pytest.raises(TelegramBadRequest, match="Unsupported start tag"):
                await bot.send_message(chat.id, "<p>a</p>")
            await bot.send_message(chat.id, "a")
            with pytest.raises(TelegramRetryAfter) as flood:
                await bot.send_message(chat.id, "b")
            assert flood.value.retry_after == 1
            binh = standin.person("Bình")
            standin.block(binh)
            with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
                await bot.send_message(binh.id, "c")
            await bot.set_webhook("http://127.0.0.1:9/x")
            with pytest.raises(TelegramConflictError, match="webhook is active"):
                await bot.get_updates()
            standin.fail("getMe", status=502)
            with pytest.raises(TelegramServerError):
                await bot.get_me()
            standin.fail("getMe", drop="before")
            with pytest.raises(TelegramNetworkError):
                await bot.get_me()
        await standin.stop()

    asyncio.run(scene())


def test_aiogram_reads_what_the_stand_in_tells_about_itself() -> None:
    async def scene() -> None:
        standin = StandIn()
        await standin.start()
        an = standin.person("An", username="an_tn")
        chat = standin.private(an, begun=True)
        group = standin.group("Xã", an, admins=[an], forum=True)
        bot = aiogram_bot(standin)
        async with bot.session:
            me = await bot.get_me()
            assert (me.username, me.supports_inline_queries) == ("cdsbot_local_bot", True)
            await bot.set_my_commands([BotCommand(command="tim", description="Tìm")])
            assert [one.command for one in await bot.get_my_commands()] == ["tim"]
            assert (await bot.get_chat(chat.id)).username == "an_tn"
            assert (await bot.get_chat_member(group.id, an.id)).status == "creator"
            assert (await bot.get_webhook_info()).url == ""
            sent = await bot.send_message(chat.id, "a <b>b</b>")
            quoting = ReplyParameters(message_id=sent.message_id, quote="<b>b</b>")
            reply = await bot.send_message(chat.id, "c", reply_parameters=quoting)
            assert reply.quote is not None
            assert (reply.quote.text, reply.quote.position) == ("b", 2)
        await standin.stop()

    asyncio.run(scene())
