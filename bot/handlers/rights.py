"""What people may do about what is kept of them: read about it, have it as a file, and who may decide."""

from __future__ import annotations

import asyncio
import json
import logging

from telegram import Bot, Chat, ChatMember, Update, User
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.handlers.desk import App, Desk, add_commands
from bot.screens.privacy import privacy_screen
from bot.screens.render import Screen
from bot.screens.texts import Texts

_LOG = logging.getLogger(__name__)


class Rights:
    """To erase is a command, too: see `Commands`. Their buttons are with all others."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def register(self, application: App) -> None:
        add_commands(application, {"riengtu": self.privacy, "dulieucuatoi": self.export})

    async def privacy(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """What is kept, and a button to have it otherwise."""
        desk, message = self.desk, update.message
        if message is None:
            return
        chat = message.chat_id

        def screen(texts: Texts) -> Screen:
            return privacy_screen(texts, desk.settings, desk.state.stored(chat))

        if await desk.reply(update, screen):
            await asyncio.to_thread(desk.state.set_told, chat)

    async def export(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A file, to the person alone: in a group others would read it."""
        desk, message = self.desk, update.message
        if message is None:
            return
        chat = message.chat

        def screen(texts: Texts) -> Screen:
            if chat.type != chat.PRIVATE:
                return Screen(texts.own_chat_only)
            kept = desk.state.exported(chat.id)
            content = json.dumps(kept, ensure_ascii=False, indent=2).encode()
            return Screen(texts.export_done, file=(texts.export_file, content))

        await desk.reply(update, screen)


async def speaks_for_chat(bot: Bot, chat: Chat, user: User | None) -> bool:
    """Whether what is kept of a chat is this person's to decide on: a group's is its administrators'."""
    if chat.type == chat.PRIVATE:
        return True
    if user is None:
        return False
    try:
        member = await bot.get_chat_member(chat.id, user.id)
    except TelegramError as error:
        _LOG.warning("Who administers a group could not be asked: %s", error)
        return False
    return member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
