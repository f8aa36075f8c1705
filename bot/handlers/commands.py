"""The commands, and links that open a document or a Điều."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from telegram import ChatMember, ChatMemberUpdated, Message, Update
from telegram.ext import (
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.handlers.desk import App, Callback, Desk, add_commands
from bot.handlers.questions import LONG, Found, Questions, asker
from bot.handlers.rights import speaks_for_chat
from bot.handlers.silence import silent
from bot.records import Kept
from bot.screens.answers import outdated_screen, passages_screen
from bot.screens.catalogue import Catalogue
from bot.screens.chat import erase_screen, help_screen, language_screen, welcome_screen
from bot.screens.library import kinds_screen, outline_screen, recent_screen, section_screen
from bot.screens.privacy import privacy_notice
from bot.screens.render import Screen
from bot.screens.texts import Texts
from knowledge.errors import CdsbotError

Shown = Callable[[Texts, Catalogue], Screen]


class Commands:
    def __init__(self, desk: Desk, questions: Questions) -> None:
        self.desk = desk
        self.questions = questions

    def register(self, application: App) -> None:
        commands: dict[str, Callback] = {
            "start": self.start,
            "help": self.help,
            "vanban": self.browse,
            "tim": self.search,
            "moi": self.recent,
            "ngonngu": self.language,
            "xoadulieu": self.erase,
        }
        add_commands(application, commands)
        application.add_handler(ChatMemberHandler(self.joined, ChatMemberHandler.MY_CHAT_MEMBER))

    def register_last(self, application: App) -> None:
        """Whatever other command: after all that are known."""
        unknown = filters.UpdateType.MESSAGE & filters.COMMAND
        application.add_handler(MessageHandler(unknown, self.unknown))

    async def _leaf(self, update: Update, make: Shown) -> None:
        """Reply with something from the library, or say that it is not ready."""

        def screen(texts: Texts) -> Screen:
            try:
                return make(texts, self.desk.catalogue())
            except CdsbotError:
                return Screen(texts.no_index)

        await self.desk.reply(update, screen)

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        payload = context.args[0] if context.args else ""
        if payload[:2] in ("d_", "s_"):
            await self._leaf(
                update, lambda texts, catalogue: self._linked(payload, texts, catalogue)
            )
        else:
            settings = self.desk.settings
            await self.desk.reply(update, lambda texts: welcome_screen(texts, settings))
            await self._told(update)

    def _linked(self, payload: str, texts: Texts, catalogue: Catalogue) -> Screen:
        key = payload[2:]
        if payload.startswith("d_"):
            entry = catalogue.document(key)
            if entry:
                return outline_screen(entry, texts, catalogue, self.desk.username)
        else:
            place = catalogue.place(key)
            if place:
                return section_screen(place, texts, catalogue, self.desk.username)
        return outdated_screen(texts)

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        days = self.desk.settings.keep_days
        await self.desk.reply(update, lambda texts: help_screen(texts, days))

    async def browse(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._leaf(update, kinds_screen)

    async def recent(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._leaf(update, lambda texts, catalogue: recent_screen(texts, catalogue, 0))

    async def language(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await self.desk.reply(update, language_screen)

    async def search(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        query = " ".join(context.args or [])
        if message is None or not query:
            await self.desk.reply(update, lambda texts: Screen(texts.search_usage))
            return
        desk = self.desk
        texts = await asyncio.to_thread(desk.texts, update)
        if await desk.sender.resume(update, texts):
            return
        try:
            async with desk.turns.of(message.chat_id, len(query) > LONG):
                found = await asyncio.to_thread(self.questions.search, query)
        except CdsbotError:
            desk.metrics.answered("search", "no_index")
            await desk.sender.reply(update, Screen(texts.no_index), texts)
            return
        if off := desk.off():  # since it got its turn
            await silent(desk, update, off, question=False)
            return
        desk.metrics.answered("search", found.answer.outcome)
        user = asker(update, message)
        kept, screen = await asyncio.to_thread(self._kept, found, message, user, texts)
        await desk.sender.reply(update, screen, texts, kept.id)
        await self._told(update)

    def _kept(self, found: Found, message: Message, user: int, texts: Texts) -> tuple[Kept, Screen]:
        """What a search found, remembered, and what it looks like."""
        state = self.desk.state
        kept = state.keep(
            found.answer,
            chat=message.chat_id,
            user=user,
            question_message=message.message_id,
            asked=message.date.timestamp(),
            kind="search",
            hashes=found.hashes,
        )
        screen = passages_screen(kept, texts, found.catalogue, 0) or Screen(texts.search_none)
        if not state.told(message.chat_id):
            notice = privacy_notice(texts, self.desk.settings)
            screen = replace(screen, html=f"{screen.html}\n\n{notice}")
        return kept, screen

    async def _told(self, update: Update) -> None:
        """The chat has been told what is kept of it."""
        state, chat = self.desk.state, update.effective_chat
        if chat and not await asyncio.to_thread(state.told, chat.id):
            await asyncio.to_thread(state.set_told, chat.id)

    async def erase(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Asks first, and in a group its administrators only."""
        message = update.message
        if message is None:
            return
        anonymous = message.sender_chat is not None and message.sender_chat.id == message.chat_id
        allowed = anonymous or await speaks_for_chat(
            context.bot, message.chat, update.effective_user
        )
        await self.desk.reply(update, erase_screen if allowed else lambda t: Screen(t.erase_admins))

    async def unknown(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None:
            return
        ours = f"@{self.desk.username}".lower() in (message.text or "").split()[0].lower()
        if message.chat.type == message.chat.PRIVATE or ours:
            await self.desk.reply(update, lambda texts: Screen(texts.unknown_command))

    async def joined(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say hello once to a group that takes us in."""
        change = update.my_chat_member
        if change and _taken_in(change):
            texts = await asyncio.to_thread(self.desk.texts, update)
            hello = texts.group_hello.format(username=self.desk.username)
            await self.desk.sender.tell(change.chat.id, Screen(hello))


def _taken_in(change: ChatMemberUpdated) -> bool:
    inside = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)
    return (
        change.chat.type in (change.chat.GROUP, change.chat.SUPERGROUP)
        and change.old_chat_member.status not in inside
        and change.new_chat_member.status in inside
    )
