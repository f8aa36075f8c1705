"""What the server knows: bots, people, chats and the messages in them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.local_api.bell import Bell
from bot.local_api.errors import bad_request, forbidden
from bot.local_api.flood import Flood, Limits
from bot.local_api.updates import Updates

Json = dict[str, Any]

FIRST_UPDATE = 730_000_001


@dataclass(slots=True, eq=False)
class Person:
    id: int
    first_name: str
    username: str = ""
    language_code: str = "vi"
    is_bot: bool = False

    def json(self) -> Json:
        optional = {"username": self.username, "language_code": self.language_code}
        return {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            **{name: value for name, value in optional.items() if value},
        }


# In whose name an administrator writes who hides behind the group.
ANONYMOUS = Person(1_087_968_824, "Group", "GroupAnonymousBot", "", is_bot=True)


@dataclass(slots=True, eq=False)
class Message:
    """`body` is the message as the Bot API shows it; `announced` what the phone showed first."""

    body: Json
    announced: str
    deleted: bool = False

    @property
    def text(self) -> str:
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        found: list[Json] = self.body.get("entities") or self.body.get("caption_entities") or []
        return list(found)


@dataclass(slots=True, eq=False)
class Chat:
    id: int
    type: str
    title: str = ""
    person: Person | None = None
    forum: bool = False
    begun: bool = False  # a bot may not write first to a person
    topics: dict[int, str] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    members: dict[int, Person] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_bot: int = 0
    typing_until: float = 0.0
    next_message: int = 1

    @property
    def private(self) -> bool:
        return self.type == "private"

    def json(self) -> Json:
        if self.person is not None:
            named = {"first_name": self.person.first_name, "username": self.person.username}
        else:
            named = {"title": self.title}
        shown = {name: value for name, value in named.items() if value}
        return {
            "id": self.id,
            "type": self.type,
            **shown,
            **({"is_forum": True} if self.forum else {}),
        }

    def living(self, message_id: int | None) -> Message | None:
        message = self.messages.get(message_id or 0)
        return None if message is None or message.deleted else message


@dataclass(slots=True, eq=False)
class Query:
    """A pressed button or an inline question, until the bot answers it."""

    id: str
    time: float
    person: Person
    text: str
    answer: Json | None = None


@dataclass(slots=True, eq=False)
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_date: int = 0


@dataclass(slots=True, eq=False)
class Bot:
    token: str
    user: Person
    updates: Updates
    chats: dict[int, Chat] = field(default_factory=dict)
    blocked_by: set[int] = field(default_factory=set)
    queries: dict[str, Query] = field(default_factory=dict)
    inline_messages: dict[str, tuple[Chat, int]] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    webhook: Webhook | None = None
    poll: int = 0

    @property
    def id(self) -> int:
        return self.user.id

    def chat(self, chat_id: int | str | None) -> Chat:
        if chat_id in (None, "", 0):
            raise bad_request("chat_id is empty")
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable(self, chat_id: int | str | None) -> Chat:
        """A chat the bot may write to now."""
        chat = self.chat(chat_id)
        if chat.id in self.blocked_by:
            raise forbidden("bot was blocked by the user")
        if chat.private and not chat.begun:
            raise forbidden("bot can't initiate conversation with a user")
        return chat


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `status` is None where the bot heard nothing, or nothing of the server's own."""

    time: float
    method: str
    params: Json
    status: int | None
    answer: Any  # the result, or the description of the error


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as a person sees it now."""

    message_id: int
    who: str
    from_bot: bool
    text: str
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Json, ...], ...]
    reply_to: int | None
    thread: int | None
    edited: bool
    announced: str
    body: Json

    def button(self, text: str) -> Json:
        """The button whose label contains these words."""
        every = [one for row in self.buttons for one in row]
        return next(one for one in every if text in one["text"])


class World:
    """Everything in memory. Each public call holds the lock, so any thread may make it."""

    def __init__(
        self,
        token: str = "100001:a-stand-in-for-the-bot-api-server",
        username: str = "cdsbot_local_bot",
        limits: Limits | None = None,
        strict: bool = True,
        clock: Callable[[], float] = time.time,
        query_seconds: float = 900,
    ) -> None:
        self.lock = threading.RLock()
        self.bell = Bell()
        self.clock = clock
        self.strict = strict
        self.query_seconds = query_seconds
        self.flood = Flood(limits or Limits())
        self.bots: dict[str, Bot] = {}
        self.people: dict[int, Person] = {}
        self.calls: list[Call] = []
        self.violations: list[str] = []  # what the real server would let pass in silence
        self._count = 0
        self.bot = self.add_bot(token, username)

    @property
    def token(self) -> str:
        return self.bot.token

    def add_bot(self, token: str, username: str) -> Bot:
        user = Person(int(token.partition(":")[0]), "Chuyển đổi số", username, "", is_bot=True)
        bot = Bot(token, user, Updates(FIRST_UPDATE))
        self.bots[token] = bot
        return bot

    def number(self) -> int:
        """A fresh number for ids that need only be unique."""
        self._count += 1
        return self._count

    def post(
        self,
        chat: Chat,
        sender: Person,
        content: Json,
        reply_to: Message | None = None,
        thread: int | None = None,
        silent: bool = False,
    ) -> Message:
        """Puts a message into a chat, where everybody sees it."""
        body: Json = {"message_id": chat.next_message, "from": sender.json()}
        if sender is ANONYMOUS:
            body["sender_chat"] = chat.json()
        body |= {"chat": chat.json(), "date": int(self.clock())}
        if reply_to is None and thread is not None:
            reply_to = chat.messages.get(thread)  # the service message that opened the topic
        if reply_to is not None:
            quoted = {k: v for k, v in reply_to.body.items() if k != "reply_to_message"}
            body["reply_to_message"] = quoted
        if thread is not None:
            body |= {"message_thread_id": thread, "is_topic_message": True}
        elif reply_to is not None and chat.type == "supergroup" and not chat.forum:
            # A chain of replies has a thread id too, which no bot can send to.
            first = reply_to.body
            body["message_thread_id"] = first.get("message_thread_id", first["message_id"])
        message = Message(body | content, "")
        message.announced = "" if silent else message.text
        chat.messages[chat.next_message] = message
        chat.next_message += 1
        if sender.is_bot and sender is not ANONYMOUS:
            chat.last_bot = sender.id
            chat.typing_until = 0.0
        self.bell.ring()
        return message

    def push(self, bot: Bot, kind: str, body: Json) -> int | None:
        number = bot.updates.push({kind: body}, self.clock())
        self.bell.ring()
        return number

    def visible(self, chat: Chat) -> list[Seen]:
        """What is in the chat now, after every edit and deletion."""
        with self.lock:
            return [_seen(one) for one in chat.messages.values() if not one.deleted]

    def notifications(self, chat: Chat) -> list[str]:
        """What the phone showed on arrival of each message of a bot."""
        with self.lock:
            return [m.announced for m in chat.messages.values() if m.body["from"]["is_bot"]]


def _seen(message: Message) -> Seen:
    body = message.body
    keyboard = body.get("reply_markup", {}).get("inline_keyboard", [])
    return Seen(
        message_id=body["message_id"],
        who=body["from"]["first_name"],
        from_bot=body["from"]["is_bot"] and "sender_chat" not in body,
        text=message.text,
        entities=tuple(message.entities),
        buttons=tuple(tuple(row) for row in keyboard),
        reply_to=body.get("reply_to_message", {}).get("message_id"),
        thread=body.get("message_thread_id"),
        edited="edit_date" in body,
        announced=message.announced,
        body=body,
    )
