"""What people may do about what is kept of them: read about it, and have it as a file."""

from __future__ import annotations

import asyncio
import json

from telegram import Update
from telegram.ext import CommandHandler, ContextTypes, filters

from bot.handlers.desk import App, Desk
from bot.screens.privacy import privacy_screen
from bot.screens.render import Screen


class Rights:
    """To erase is a command, too: see `Commands`. Their buttons are with all others."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def register(self, application: App) -> None:
        for name, callback in (("riengtu", self.privacy), ("dulieucuatoi", self.export)):
            application.add_handler(
                CommandHandler(name, callback, filters=filters.UpdateType.MESSAGE)
            )

    async def privacy(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """What is kept, and a button to have it otherwise."""
        desk, message = self.desk, update.message
        if message is None:
            return
        texts = await asyncio.to_thread(desk.texts, update)
        if await desk.sender.resume(update, texts):
            return
        stored = await asyncio.to_thread(desk.state.stored, message.chat_id)
        await desk.sender.reply(update, privacy_screen(texts, desk.settings, stored), texts)
        await asyncio.to_thread(desk.state.set_told, message.chat_id)

    async def export(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A file, to the person alone: in a group others would read it."""
        desk, message = self.desk, update.message
        if message is None:
            return
        texts = await asyncio.to_thread(desk.texts, update)
        if await desk.sender.resume(update, texts):
            return
        screen = Screen(texts.own_chat_only)
        if message.chat.type == message.chat.PRIVATE:
            kept = await asyncio.to_thread(desk.state.exported, message.chat_id)
            content = json.dumps(kept, ensure_ascii=False, indent=2).encode()
            screen = Screen(texts.export_done, file=(texts.export_file, content))
        await desk.sender.reply(update, screen, texts)
