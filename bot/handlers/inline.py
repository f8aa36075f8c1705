"""`@bot question` in any chat: cited passages to send."""

from __future__ import annotations

import asyncio
import logging
from hashlib import sha256

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes, InlineQueryHandler

from bot.handlers.desk import App, Desk
from bot.handlers.silence import silent_inline
from bot.screens.buttons import link
from bot.screens.catalogue import Catalogue
from bot.screens.cutting import shortened
from bot.screens.render import pages, quoted, source
from bot.screens.standing import warning
from bot.screens.texts import Texts
from bot.screens.words import tidy
from index.result import Candidate
from knowledge.errors import CdsbotError

_LOG = logging.getLogger(__name__)
_MOST = 8
_EXCERPT = 900
_CACHED = 10  # seconds: a reindex should show soon


class Inline:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def register(self, application: App) -> None:
        application.add_handler(InlineQueryHandler(self.typed))

    async def typed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.inline_query
        if query is None:
            return
        texts = await asyncio.to_thread(self.desk.texts, update)
        words = query.query.strip()
        async with self.desk.turns.of(query.from_user.id):
            results = await asyncio.to_thread(self._results, words, texts) if words else []
        if self.desk.off():  # since it got its turn
            await silent_inline(query)
            return
        if words:
            self.desk.metrics.answered("inline", "answered" if results else "absent")
        button = None
        if words and not results:
            button = InlineQueryResultsButton(texts.inline_none, start_parameter="inline")
        try:
            await query.answer(results, cache_time=_CACHED, is_personal=True, button=button)
        except TelegramError as error:  # most often: the person has typed on meanwhile
            _LOG.info("An inline question could not be answered: %s", error)

    def _results(self, words: str, texts: Texts) -> list[InlineQueryResultArticle]:
        try:
            answerer = self.desk.serving.answerer()
        except CdsbotError:
            return []
        catalogue = self.desk.catalogue_of(answerer.generation)
        return [
            result_of(candidate, catalogue, texts, self.desk.username)
            for candidate in answerer.search(words, _MOST)
        ]


def result_of(
    candidate: Candidate, catalogue: Catalogue, texts: Texts, username: str
) -> InlineQueryResultArticle:
    """A passage to pick from the list, and the message that it becomes."""
    generation = catalogue.generation
    text = generation.document(candidate.document).text[candidate.start : candidate.end].strip()
    metadata = generation.metadata(candidate.document)
    cited = source(metadata, candidate.section, "", texts)
    message = pages([*quoted(tidy(text), limit=_EXCERPT)[:1], cited])[0]
    name = f"{candidate.document}\n{candidate.start}"
    place = catalogue.holding(candidate)
    return InlineQueryResultArticle(
        id=sha256(name.encode()).hexdigest()[:32],
        title=shortened(", ".join(filter(None, (metadata.title, candidate.section))), 100),
        description=shortened(f"{warning(metadata, texts)} {tidy(text)}", 150),
        input_message_content=InputTextMessageContent(
            message,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        url=link(username, f"s_{place.key}") if place else None,
    )
