"""Pressed buttons. They work after a restart and a reindex, or say politely that they are old."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.handlers.desk import App, Desk
from bot.handlers.questions import Found, Questions, asked_note, question_in
from bot.handlers.rights import speaks_for_chat
from bot.records import Kept
from bot.screens.answers import answer_screen, outdated_screen, passages_screen
from bot.screens.buttons import FOUND, OldButton, number, word
from bot.screens.catalogue import Catalogue
from bot.screens.chat import welcome_screen
from bot.screens.library import (
    kinds_screen,
    outline_screen,
    recent_screen,
    section_screen,
    shelf_screen,
    whole_screen,
    years_screen,
)
from bot.screens.neighbours import told_by
from bot.screens.privacy import privacy_screen
from bot.screens.render import Screen
from bot.screens.texts import Texts, texts_for
from bot.watching.incidents import note
from knowledge.errors import CdsbotError

_LOG = logging.getLogger(__name__)


class Buttons:
    def __init__(self, desk: Desk, questions: Questions) -> None:
        self.desk = desk
        self.questions = questions

    def register(self, application: App) -> None:
        application.add_handler(CallbackQueryHandler(self.pressed))

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None or query.message is None or not query.data:
            return
        texts = await asyncio.to_thread(self.desk.texts, update)
        try:
            await self._obey(update, query, texts, *query.data.split(":"))
        except OldButton:
            await answered(query, texts.button_old)

    async def _obey(
        self, update: Update, query: CallbackQuery, texts: Texts, kind: str, *parts: str
    ) -> None:
        there = query.message is not None and query.message.is_accessible
        if kind == "a":
            await self._answer(update, query, texts, parts)
        elif kind == "e" and there:
            example = texts.examples[number(parts, 0) % len(texts.examples)]
            await answered(query)
            await self.questions.ask(update, example, asked_note(example))
        elif kind == "o":
            await self._at_last(update, query, texts)
        elif kind == "q" and there:
            await self._next(query, update, texts, parts)
        elif kind == "l":
            await self._language(query, parts)
        elif kind == "f":
            await self._erase(update, query, texts, parts)
        elif kind == "p":
            await self._storing(query, texts, parts)
        else:
            screen = await asyncio.to_thread(self._library, kind, parts, texts)
            await answered(query)
            if screen:
                await self.desk.sender.show(query, screen)

    async def _at_last(self, update: Update, query: CallbackQuery, texts: Texts) -> None:
        """Answer what was asked while answering was off: the message that the notice replies to."""
        notice = query.message
        asked = notice.reply_to_message if isinstance(notice, Message) else None
        question = question_in(asked, query.get_bot()) if asked else ""
        await answered(query, "" if question else texts.button_old)
        if question:
            await self.questions.ask(update, question)

    async def _next(
        self, query: CallbackQuery, update: Update, texts: Texts, parts: Sequence[str]
    ) -> None:
        """What a neighbouring heading answers, as an answer of its own."""
        catalogue = await asyncio.to_thread(self._catalogue)
        place = catalogue.place(word(parts, 0)) if catalogue else None
        await answered(query, "" if place else texts.button_old)
        if catalogue and place:
            found = Found(told_by(place, catalogue), catalogue, whole=True)
            question = found.answer.question
            await self.questions.ask(update, question, asked_note(question), found)

    async def _answer(
        self, update: Update, query: CallbackQuery, texts: Texts, parts: Sequence[str]
    ) -> None:
        kept = await asyncio.to_thread(self._kept, query, number(parts, 0))
        message = query.message
        if kept is None or message is None:
            await answered(query, texts.button_old)
            return
        action = word(parts, 1)
        page = number(parts, -1) if len(parts) > 2 else 0
        await answered(query, await asyncio.to_thread(self._noted, kept, action, parts, texts))
        if action in ("h", "n"):
            await asyncio.to_thread(self.desk.state.shown_in, kept.id, message.message_id)
            kept = replace(kept, message=message.message_id)
            question, literal = kept.answer.question, action == "n"
            await self.questions.replace(update, kept, question, texts, literal=literal)
            return
        if action == "s":
            await asyncio.to_thread(self.desk.state.shown_in, kept.id, message.message_id)
        screen = await asyncio.to_thread(self._answer_page, kept, action, page, texts)
        await self.desk.sender.show(query, screen)

    def _noted(self, kept: Kept, action: str, parts: Sequence[str], texts: Texts) -> str:
        """Write down an opinion; what to say about it."""
        if action == "u":
            self.desk.state.thumb(kept.id, up=True)
            return texts.thanks_up
        if action == "d":
            self.desk.state.thumb(kept.id, up=False)
        if action == "r" and word(parts, 2) in texts.reasons:
            self.desk.state.reason(kept.id, parts[2])
            return texts.thanks_down
        return ""

    def _kept(self, query: CallbackQuery, answer: int) -> Kept | None:
        return self.desk.state.kept(answer, query.message.chat.id) if query.message else None

    def _answer_page(self, before: Kept, action: str, page: int, texts: Texts) -> Screen:
        kept = self.desk.state.kept(before.id, before.chat)
        if kept is None:
            return Screen(texts.button_old)
        catalogue = self._catalogue()
        if action == "m" or kept.kind == "search":
            shown = passages_screen(kept, texts, catalogue, page) if catalogue else None
            return shown or outdated_screen(texts, kept.id)
        settings = self.desk.settings
        return answer_screen(
            kept,
            texts,
            catalogue,
            settings.contact,
            self.desk.username,
            page=page,
            why=action == "d",
        )

    def _catalogue(self) -> Catalogue | None:
        try:
            return self.desk.catalogue()
        except CdsbotError:
            return None

    async def _language(self, query: CallbackQuery, parts: Sequence[str]) -> None:
        language = "en" if word(parts, 0) == "en" else "vi"
        texts = texts_for(language)
        if query.message:
            await asyncio.to_thread(self.desk.state.set_language, query.message.chat.id, language)
        await answered(query, texts.language_set)
        from_start = "start" in parts
        welcome = welcome_screen(texts, self.desk.settings)
        screen = welcome if from_start else Screen(texts.language_set)
        await self.desk.sender.show(query, screen)

    async def _storing(self, query: CallbackQuery, texts: Texts, parts: Sequence[str]) -> None:
        """Whether questions of this chat are kept from now on."""
        message, stored = query.message, word(parts, 0) == "y"
        if message is None:
            return
        if not await speaks_for_chat(query.get_bot(), message.chat, query.from_user):
            await answered(query, texts.privacy_admins)
            return
        await asyncio.to_thread(self.desk.state.set_stored, message.chat.id, stored)
        await answered(query)
        await self.desk.sender.show(query, privacy_screen(texts, self.desk.settings, stored))

    async def _erase(
        self, update: Update, query: CallbackQuery, texts: Texts, parts: Sequence[str]
    ) -> None:
        message = query.message
        if message is None:
            return
        if not await speaks_for_chat(query.get_bot(), message.chat, query.from_user):
            await answered(query, texts.erase_admins)
            return
        sure = word(parts, 0) == "y"
        if sure:
            forget = self.desk.state.forget
            count = await asyncio.to_thread(forget, message.chat.id, update.update_id)
            await asyncio.to_thread(note, self.desk.settings.data, "erased", answers=count)
        await answered(query)
        await self.desk.sender.show(query, Screen(texts.erased if sure else texts.erase_not))

    def _library(self, kind: str, parts: Sequence[str], texts: Texts) -> Screen | None:
        """A page of the library; None for a button that does nothing."""
        if kind == "x":
            return None
        catalogue = self._catalogue()
        if catalogue is None:
            return Screen(texts.no_index)
        if kind == "v":
            return _shelves(parts, texts, catalogue)
        if kind == "n":
            return recent_screen(texts, catalogue, number(parts, 0))
        if kind not in ("d", "t", "w"):
            raise OldButton
        return self._document(kind, parts, texts, catalogue)

    def _document(
        self, kind: str, parts: Sequence[str], texts: Texts, catalogue: Catalogue
    ) -> Screen:
        key, page, back = word(parts, 0), number(parts, 1), word(parts, 2)
        username = self.desk.username
        if kind == "t":
            place = catalogue.place(key)
            if place:
                return section_screen(place, texts, catalogue, username, page, back)
        else:
            entry = catalogue.document(key)
            if entry and kind == "d":
                return outline_screen(entry, texts, catalogue, username, page, back)
            if entry:
                return whole_screen(entry, texts, catalogue, page, back)
        return outdated_screen(texts, number([back.rstrip(FOUND)], 0) if back else None)


def _shelves(parts: Sequence[str], texts: Texts, catalogue: Catalogue) -> Screen:
    kind = catalogue.kind_of(parts[0]) if parts else None
    if kind is None:
        return kinds_screen(texts, catalogue)  # also where the kind is gone since
    if len(parts) == 1:
        return years_screen(kind, texts, catalogue)
    year = "" if parts[1] == "-" else parts[1]
    return shelf_screen(kind, year, texts, catalogue, number(parts, 2))


async def answered(query: CallbackQuery, text: str = "") -> None:
    """Stop the button's spinner. Too late for that is no trouble: the message still changes."""
    try:
        await query.answer(text or None)
    except TelegramError as error:
        _LOG.info("A pressed button could not be answered: %s", error)
