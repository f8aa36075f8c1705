"""Questions: typed, forwarded, edited, or as the caption of a picture."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from telegram import Bot, Message, MessageEntity, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.delivery.sending import thread_of
from bot.handlers.desk import App, Desk
from bot.handlers.silence import silent
from bot.phrased import phrased
from bot.records import Kept, Send
from bot.screens.answers import answer_screen, passages_screen
from bot.screens.catalogue import Catalogue
from bot.screens.cutting import shortened
from bot.screens.moves import move_in, moved
from bot.screens.neighbours import neighbour
from bot.screens.privacy import privacy_notice
from bot.screens.render import Screen, escape
from bot.screens.texts import Texts
from bot.watching.masking import masked
from index.question.understand import TURNS
from index.result import Answer, Outcome
from knowledge.errors import CdsbotError
from knowledge.vietnamese import syllables

_LOG = logging.getLogger(__name__)
LONG = 600  # characters; beyond it a shorter question often finds more
_TYPING_AFTER = 0.7
_TYPING_AGAIN = 4.5
_MENTIONS: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, and the library it was found in; `whole` where it needs no other words."""

    answer: Answer
    catalogue: Catalogue
    whole: bool = False

    @property
    def hashes(self) -> dict[str, str]:
        entries = [self.catalogue.entry(c.document) for c in self.answer.candidates]
        return {entry.path: entry.sha256 for entry in entries if entry}


@dataclass(frozen=True, slots=True)
class Before:
    """A person's earlier questions, oldest first, and the answer to the last of them."""

    turns: tuple[str, ...]
    answer: Answer | None


_Remembered = tuple[Texts, Send | None, Before, bool]  # the last: whether the chat knows of it


class Questions:
    """Asks the answerer and shows what it says."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def register(self, application: App) -> None:
        words = filters.TEXT & ~filters.COMMAND
        application.add_handler(MessageHandler(filters.UpdateType.MESSAGE & words, self.asked))
        application.add_handler(
            MessageHandler(
                filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION), self.edited
            )
        )

    async def asked(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None or not addressed(message, context.bot):
            return
        question = question_in(message, context.bot)
        if syllables(question):
            if not await self._moved(update, message, question):
                await self.ask(update, question)
            return
        texts = await asyncio.to_thread(self.desk.texts, update)
        reply = texts.group_usage.format(username=self.desk.username)
        if question:
            reply = texts.media["sticker" if pictured(question) else "marks"]
        if not await self.desk.sender.resume(update, texts):
            await self.desk.sender.reply(update, Screen(reply), texts)

    async def _moved(self, update: Update, message: Message, question: str) -> bool:
        """Whether a message speaks of the answer before it, and has got its reply."""
        move, desk = move_in(question), self.desk
        if move is None or desk.off():
            return False
        user = asker(update, message)

        def screen() -> tuple[Texts, Screen | None]:
            texts = desk.texts(update)
            recent = self._recent(message, user, message.date.timestamp())
            last = self._replied_to(message) or (recent[-1] if recent else None)
            try:
                books = desk.catalogue() if last else None
            except CdsbotError:
                return texts, None
            return texts, moved(move, last, texts, books, desk.username) if last and books else None

        texts, shown = await asyncio.to_thread(screen)
        if shown and not await desk.sender.resume(update, texts):
            await desk.sender.reply(update, shown, texts)
        return shown is not None

    async def ask(
        self, update: Update, question: str, notes: str = "", told: Found | None = None
    ) -> None:
        """Answer `question` as a reply to the message of `update`, once; `told` is known already."""
        desk, message = self.desk, update.effective_message
        if message is None:
            return
        began, user = time.monotonic(), asker(update, message)
        # an example's button sits on an old message of ours
        asked = message.date.timestamp() if update.message else desk.state.clock()

        def remembered() -> _Remembered:  # at once: a thread has its price
            mark, aware = desk.state.send(update.update_id), desk.state.told(message.chat_id)
            return desk.texts(update), mark, self._before(message, user, asked), aware

        texts, mark, before, aware = await asyncio.to_thread(remembered)
        if await desk.sender.resume_at(mark, update, texts):
            return
        async with typing(desk.sender.bot, message):
            try:
                found = told or await self._found(
                    message.chat_id,
                    question,
                    lambda: self._answer(question, before.turns, before.answer),
                )
            except CdsbotError as error:
                _LOG.error("No answer is possible: %s", error)
                desk.metrics.answered("question", "no_index")
                await desk.sender.reply(update, Screen(texts.no_index), texts)
                return
            if off := desk.off():  # since it got its turn
                await silent(desk, update, off, question=True)
                return
            desk.metrics.answered("question", found.answer.outcome, found.answer.milliseconds)
            notes = self._notes(notes, question, texts, aware)
            turns = before.turns
            kept = await asyncio.to_thread(self._keep, found, message, user, asked, turns, aware)
            contact, books = desk.settings.contact, found.catalogue
            screen = answer_screen(kept, texts, books, contact, desk.username, notes=notes)
            await self._send(update, screen, texts, kept, began)

    def _notes(self, notes: str, question: str, texts: Texts, aware: bool) -> str:
        """What stands below an answer; the first time, what is kept of it."""
        below = [notes, texts.long_question if len(question) > LONG else ""]
        below += ["" if aware else privacy_notice(texts, self.desk.settings)]
        return "\n".join(filter(None, below))

    async def _send(
        self, update: Update, screen: Screen, texts: Texts, kept: Kept, began: float
    ) -> None:
        """Reply, and count what was said and how long it took since `began`."""
        metrics, found = self.desk.metrics, time.monotonic()
        await self.desk.sender.reply(update, screen, texts, kept.id)
        sent = time.monotonic()
        metrics.took("send", sent - found)
        metrics.took("reply", sent - began)
        _LOG.info("%s, after %.0f ms, of which sending %.0f", kept.answer.outcome,
                  (sent - began) * 1000, (sent - found) * 1000)  # fmt: skip

    async def _found(self, chat: int, question: str, find: Callable[[], Found]) -> Found:
        """What `find` finds, in the chat's turn; an LLM's words for it do not keep others waiting."""
        began = time.monotonic()
        async with self.desk.turns.of(chat, len(question) > LONG):
            self.desk.metrics.took("turn", time.monotonic() - began)
            found = await asyncio.to_thread(find)
        if found.whole or not self.desk.settings.llm_base_url:
            return found
        answer = await asyncio.to_thread(phrased, found.answer, self.desk.settings)
        return replace(found, answer=answer)

    def _answer(self, question: str, turns: Sequence[str], before: Answer | None = None) -> Found:
        answerer = self.desk.serving.answerer()
        catalogue = self.desk.catalogue_of(answerer.generation)
        beside = neighbour(question, before, catalogue) if before else None
        return Found(beside or answerer.answer(question, turns), catalogue, beside is not None)

    def _before(self, message: Message, user: int, asked: float) -> Before:
        """What came before: the answer replied to, else the person's last questions here."""
        shown = self._replied_to(message)
        if shown:
            return Before((*shown.turns, shown.answer.question)[-TURNS:], shown.answer)
        recent = self._recent(message, user, asked)
        turns = tuple(kept.answer.question for kept in recent)
        return Before(turns, recent[-1].answer if recent else None)

    def _replied_to(self, message: Message) -> Kept | None:
        old = message.reply_to_message
        shown = self.desk.state.answer_shown(message.chat_id, old.message_id) if old else None
        return shown if shown and shown.kind == "question" else None

    def _recent(self, message: Message, user: int, asked: float) -> list[Kept]:
        """A person's last questions; thanks and small talk are nothing to go on from."""
        since = asked - self.desk.settings.context_minutes * 60
        recent = self.desk.state.recent(message.chat_id, user, since)
        return [kept for kept in recent if kept.answer.outcome != "refused"]

    def _keep(
        self,
        found: Found,
        message: Message,
        user: int,
        asked: float,
        turns: tuple[str, ...],
        aware: bool,
    ) -> Kept:
        if not aware:  # it will be, by this answer
            self.desk.state.set_told(message.chat_id)
        return self.desk.state.keep(
            found.answer,
            chat=message.chat_id,
            user=user,
            question_message=message.message_id,
            asked=asked,
            turns=turns,
            hashes=found.hashes,
        )

    async def edited(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """An edited question gets its answer edited; an edit that changes no word, nothing."""
        message = update.edited_message
        if message is None:
            return
        kept = await asyncio.to_thread(
            self.desk.state.answer_to, message.chat_id, message.message_id
        )
        question = question_in(message, context.bot)
        if kept is None:
            if question and addressed(message, context.bot) and not question.startswith("/"):
                await self.ask(update, question)  # it was missed before, or only now asks us
            return
        texts = await asyncio.to_thread(self.desk.texts, update)
        if kept.kind == "search":
            question = question.partition(" ")[2].strip() if question.startswith("/") else question
        # what is kept is masked: an edit that changes but a person's data changes no answer
        if not question or masked(question) == kept.answer.question or kept.message is None:
            return
        shown = await self.replace(update, kept, question, texts, texts.edited)
        if not shown and kept.kind == "question":
            await self.ask(update, question)  # the answer was deleted meanwhile

    async def replace(
        self,
        update: Update,
        kept: Kept,
        question: str,
        texts: Texts,
        notes: str = "",
        literal: bool = False,
    ) -> bool:
        """Show a new answer where the old one stands, then remember it: repeating does no harm."""
        desk = self.desk
        try:
            found = await self._found(
                kept.chat, question, lambda: self._renewed(kept, question, literal)
            )
        except CdsbotError as error:
            _LOG.error("No answer is possible: %s", error)
            return True
        if off := desk.off():  # since it got its turn
            await silent(desk, update, off, question=kept.kind == "question")
            return True
        desk.metrics.answered(kept.kind, found.answer.outcome, found.answer.milliseconds)
        if kept.message is None:
            return False
        catalogue = found.catalogue
        new = replace(kept, answer=found.answer, hashes=found.hashes, thumb=None)
        if kept.kind == "search":
            screen = passages_screen(new, texts, catalogue, 0) or Screen(texts.search_none)
        else:
            screen = answer_screen(
                new, texts, catalogue, desk.settings.contact, desk.username, notes=notes
            )
        shown = await desk.sender.change(kept.chat, kept.message, screen)
        if shown:
            await asyncio.to_thread(desk.state.revise, kept.id, new.answer, new.turns, new.hashes)
        return shown

    def _renewed(self, kept: Kept, question: str, literal: bool) -> Found:
        if kept.kind == "search":
            return self.search(question)
        if literal:
            answerer = self.desk.serving.answerer()
            answer = answerer.answer(question, literal=True)
            return Found(answer, self.desk.catalogue_of(answerer.generation))
        return self._answer(question, kept.turns)

    def search(self, query: str) -> Found:
        """Passages rather than an answer, in the same dress."""
        answerer = self.desk.serving.answerer()
        candidates = answerer.search(query, 12)
        outcome: Outcome = "answered" if candidates else "absent"
        answer = Answer(query, query, outcome, "", candidates=candidates)
        return Found(answer, self.desk.catalogue_of(answerer.generation), whole=True)


def pictured(words: str) -> bool:
    """Whether a message without words is a picture of a kind: 👍, 🙏, ❤️."""
    return any(unicodedata.category(letter) == "So" for letter in words)


def asker(update: Update, message: Message) -> int:
    """Whose question a message is: a person's, or that of the chat in whose name it is written."""
    sender = update.effective_sender
    return sender.id if sender else message.chat_id


def addressed(message: Message, bot: Bot) -> bool:
    """Whether a message is meant for us: all are in private; in a group, mentions and replies."""
    if message.via_bot and message.via_bot.id == bot.id:
        return False  # a passage of ours, sent by inline mode
    if message.chat.type == message.chat.PRIVATE:
        return True
    old = message.reply_to_message
    if old and old.from_user and old.from_user.id == bot.id:
        return True
    return any(_names(entity, text, bot) for entity, text in _mentions(message))


def _mentions(message: Message) -> list[tuple[MessageEntity, str]]:
    found = message.parse_entities(_MENTIONS) if message.text else {}
    return list((found or message.parse_caption_entities(_MENTIONS)).items())


def _names(entity: MessageEntity, text: str, bot: Bot) -> bool:
    if entity.user:
        return entity.user.id == bot.id
    return text.lower() == f"@{bot.username}".lower()


def question_in(message: Message, bot: Bot) -> str:
    """The words of a question without our name; of the message replied to where there are none."""
    text = message.text or message.caption or ""
    for entity, name in _mentions(message):
        if _names(entity, name, bot):
            text = text.replace(name, " ")
    text = text.strip()
    old = message.reply_to_message
    if not text and old and old.from_user and not old.from_user.is_bot:
        text = (old.text or old.caption or "").strip()
    return text


def asked_note(question: str) -> str:
    return f"<i>{escape(shortened(question, 200))}</i>"


@contextlib.asynccontextmanager
async def typing(bot: Bot, message: Message) -> AsyncIterator[None]:
    """Shows that we are writing, should it take longer than a moment."""

    async def show() -> None:
        await asyncio.sleep(_TYPING_AFTER)
        while True:
            with contextlib.suppress(TelegramError):
                await bot.send_chat_action(
                    message.chat_id, ChatAction.TYPING, message_thread_id=thread_of(message)
                )
            await asyncio.sleep(_TYPING_AGAIN)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()
