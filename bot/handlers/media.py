"""What is not text: one kind, useful reply; a caption is a question."""

from __future__ import annotations

import asyncio
import re

from telegram import Message, Update
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.handlers.desk import App, Desk
from bot.handlers.questions import Questions, addressed, question_in
from bot.screens.render import Screen
from knowledge.vietnamese import fold

# a caption that asks about the file itself, which nobody here reads
_OF_THE_FILE = re.compile(
    r"\b(?:van ban|tep|file|anh|hinh|tai lieu|cong van|giay|don|trang|doan|noi dung|bang|cai|to)"
    r" (?:nay|ay|kia|tren|duoi day|dinh kem|kem theo|gui kem)\b"
    r"|^(?:hay |ban |giup (?:toi |minh |em )?|nho )*(?:tom tat|doc|dich|phan tich)"
    r"(?: (?:giup|ho|cho|voi|toi|minh|em|nhe|di|a|lai|dum|noi dung|ngan gon))*\W*$"
    r"|\bthis (?:document|file|picture|image|text)\b"
)


class Media:
    def __init__(self, desk: Desk, questions: Questions) -> None:
        self.desk = desk
        self.questions = questions

    def register(self, application: App) -> None:
        other = ~filters.TEXT & ~filters.StatusUpdate.ALL
        application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & other, self.received))

    async def received(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None or not addressed(message, context.bot):
            return
        if not await self.desk.speaks(update, message):
            return
        texts = await asyncio.to_thread(self.desk.texts, update)
        caption = question_in(message, context.bot) if message.caption else ""
        if caption and not _OF_THE_FILE.search(fold(caption)):
            await self.questions.ask(update, caption, texts.caption_only)
        elif not await self.desk.sender.resume(update, texts):
            await self.desk.sender.reply(update, Screen(texts.media[kind_of(message)]), texts)


def kind_of(message: Message) -> str:
    """Which of the kind replies fits."""
    kinds = {
        "voice": message.voice or message.audio or message.video_note,
        "photo": message.photo,
        "video": message.video or message.animation,
        "sticker": message.sticker or message.dice,
        "location": message.location or message.venue,
        "document": message.document,
    }
    return next((kind for kind, there in kinds.items() if there), "other")
