"""What every handler needs, handed to it once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from telegram import Message, Update
from telegram.ext import Application, CommandHandler, ContextTypes, filters

from bot.delivery.sending import Sender
from bot.delivery.state import State
from bot.delivery.turns import Turns
from bot.screens.catalogue import Catalogue
from bot.screens.render import Screen
from bot.screens.texts import Texts, texts_for
from bot.settings import Settings
from bot.watching.metrics import Metrics
from bot.watching.switch import Off, switched_off
from index.serving import Serving
from index.store.generation import Generation

App = Application[Any, Any, Any, Any, Any, Any]
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


def add_commands(application: App, commands: Mapping[str, Callback]) -> None:
    """Messages only: a command in an edited one has been obeyed."""
    for name, callback in commands.items():
        handler = CommandHandler(name, callback, filters=filters.UpdateType.MESSAGE)
        application.add_handler(handler)


@dataclass(slots=True)
class Desk:
    """Settings, the index, the memory and the way out. Blocking: call from a thread."""

    settings: Settings
    serving: Serving
    state: State
    sender: Sender
    turns: Turns = field(default_factory=Turns)
    unstored: set[int] = field(default_factory=set)  # updates to try again: the memory failed
    metrics: Metrics = field(default_factory=Metrics)
    _catalogue: Catalogue | None = None

    @property
    def username(self) -> str:
        return self.sender.bot.username

    def texts(self, update: Update) -> Texts:
        chat = update.effective_chat or update.effective_user  # inline questions have no chat
        return texts_for(self.state.language(chat.id) if chat else None)

    async def reply(self, update: Update, make: Callable[[Texts], Screen]) -> bool:
        """Reply with what `make`, in a thread, makes; False where the reply was begun before and goes on."""
        texts = await asyncio.to_thread(self.texts, update)
        if await self.sender.resume(update, texts):
            return False
        await self.sender.reply(update, await asyncio.to_thread(make, texts), texts)
        return True

    async def speaks(self, update: Update, message: Message) -> bool:
        """Whether a message speaks for its album; one that is in none does."""
        album, first = message.media_group_id, self.state.first_of_album
        return not album or await asyncio.to_thread(first, message.chat_id, album, update.update_id)

    def off(self) -> Off | None:
        """Why nothing may be answered now, where it may not. A look for one file: some 10 µs, a tenth
        of what a thread for it would cost."""
        return switched_off(self.settings.data)

    def catalogue(self) -> Catalogue:
        """The library as it serves now. Raises IndexMissing and its kin before the first index."""
        return self.catalogue_of(self.serving.answerer().generation)

    def catalogue_of(self, generation: Generation) -> Catalogue:
        catalogue = self._catalogue  # another thread may replace it at any moment
        if catalogue is None or catalogue.generation is not generation:
            self._catalogue = catalogue = Catalogue(generation)
        return catalogue
