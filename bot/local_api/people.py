"""What people do in their chats: the side of the server that no bot can call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.local_api.markup import cut, find_entities, units
from bot.local_api.profile import commands_for, member
from bot.local_api.world import ANONYMOUS, Bot, Chat, Message, Person, Query, World

Json = dict[str, Any]

_QUARTER_HOUR = 900
_STARTING = re.compile(r"/(\w+)(?:@(\w+))?")


class People(World):
    """A world in which people write, press, edit and block."""

    def person(
        self, first_name: str, id: int | None = None, username: str = "", language: str = "vi"
    ) -> Person:
        with self.lock:
            person = Person(id or 5_000_000_000 + self.number(), first_name, username, language)
            self.people[person.id] = person
            return person

    def private(self, person: Person, begun: bool = False, bot: Bot | None = None) -> Chat:
        """The person's chat with the bot, who may not write there before the person did."""
        bot = bot or self.bot
        with self.lock:
            new = Chat(person.id, "private", person=person)
            chat = bot.chats.setdefault(person.id, new)
            chat.begun |= begun
            return chat

    def group(
        self,
        title: str,
        *members: Person,
        forum: bool = False,
        admins: Sequence[Person] = (),
        bot_is_admin: bool = False,
        bots: Sequence[Bot] = (),
    ) -> Chat:
        """A supergroup with the bot in it; administrators see and are sent everything."""
        with self.lock:
            chat = Chat(-1_000_000_000_000 - self.number(), "supergroup", title, forum=forum)
            chat.members = {one.id: one for one in (*members, *admins)}
            chat.admins = {one.id for one in admins}
            for bot in bots or (self.bot,):
                bot.chats[chat.id] = chat
                chat.admins |= {bot.id} if bot_is_admin else set()
            return chat

    def topic(self, chat: Chat, person: Person, name: str) -> int:
        """Opens a topic in a forum; its thread id is that of its service message."""
        with self.lock:
            number = chat.next_message
            chat.topics[number] = name
            created = {"forum_topic_created": {"name": name, "icon_color": 7_322_096}}
            placed = {"message_thread_id": number, "is_topic_message": True}
            self._deliver(chat, self.post(chat, person, placed | created), person)
            return number

    def send_text(
        self,
        chat: Chat,
        person: Person,
        text: str,
        reply_to: int | None = None,
        thread: int | None = None,
        entities: list[Json] | None = None,
        forwarded_from: Person | str | None = None,
        quote: str | None = None,
    ) -> int | None:
        """The update id the bot is sent, None where it is sent nothing (privacy mode)."""
        if not 1 <= units(text) <= 4096:
            raise ValueError("a Telegram client splits what is longer than 4096")
        found = find_entities(text) + (entities or [])
        content: Json = {"text": text, **({"entities": found} if found else {})}
        if forwarded_from is not None:
            content["forward_origin"] = self._origin(forwarded_from)
        if quote is not None:
            at = units(chat.messages[reply_to or 0].text.partition(quote)[0])
            content["quote"] = {"text": quote, "position": at, "is_manual": True}
        return self.send(chat, person, content, reply_to, thread)

    def press_start(self, person: Person, payload: str = "") -> int | None:
        """Presses Start, perhaps after a deep link."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,64}", payload):
            raise ValueError(f"no deep link can carry {payload!r}")
        return self.send_text(self.private(person), person, f"/start {payload}".rstrip())

    def send(
        self,
        chat: Chat,
        person: Person,
        content: Json,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> int | None:
        """Any message, given as the fields of its content."""
        with self.lock:
            chat.begun = True
            original = chat.living(reply_to) if reply_to else None
            if reply_to and original is None:
                raise LookupError(f"no message {reply_to} to reply to")
            message = self.post(chat, person, content, original, thread)
            return self._deliver(chat, message, person)

    def send_voice(self, chat: Chat, person: Person, **where: Any) -> int | None:
        voice = {**self._file(), "duration": 4, "mime_type": "audio/ogg"}
        return self.send(chat, person, {"voice": voice}, **where)

    def send_photo(self, chat: Chat, person: Person, caption: str = "", **where: Any) -> int | None:
        return self.send(chat, person, self._photo() | _captioned(caption), **where)

    def send_album(
        self, chat: Chat, person: Person, count: int, caption: str = "", **where: Any
    ) -> list[int | None]:
        """One message and one update per picture, as the server does it."""
        group = {"media_group_id": str(self.number())}
        first = self._photo() | _captioned(caption) | group
        rest = [self._photo() | group for _ in range(count - 1)]
        return [self.send(chat, person, content, **where) for content in (first, *rest)]

    def send_sticker(self, chat: Chat, person: Person, **where: Any) -> int | None:
        flags = {"is_animated": False, "is_video": False}
        look = {"type": "regular", "width": 512, "height": 512, "emoji": "👍", **flags}
        return self.send(chat, person, {"sticker": {**self._file(), **look}}, **where)

    def send_location(self, chat: Chat, person: Person, **where: Any) -> int | None:
        place = {"latitude": 21.5942, "longitude": 105.8482}
        return self.send(chat, person, {"location": place}, **where)

    def send_document(
        self, chat: Chat, person: Person, name: str = "van-ban.pdf", caption: str = "", **where: Any
    ) -> int | None:
        document = {**self._file(), "file_name": name, "mime_type": "application/pdf"}
        return self.send(chat, person, {"document": document} | _captioned(caption), **where)

    def edit_text(self, chat: Chat, message_id: int, text: str) -> int | None:
        """Somebody edits an own message. The text may be the same: a preview changed, say."""
        with self.lock:
            message = chat.messages[message_id]
            kept = {k: v for k, v in message.body.items() if k not in {"text", "entities"}}
            found = find_entities(text)
            shown = {"text": text, **({"entities": found} if found else {})}
            message.body = {**kept, "edit_date": int(self.clock()), **shown}
            self.bell.ring()
            return self._deliver(chat, message, None, "edited_message")

    def delete(self, chat: Chat, message_id: int) -> None:
        """Somebody deletes a message, of which no bot is told."""
        with self.lock:
            chat.messages[message_id].deleted = True
            self.bell.ring()

    def press(
        self, chat: Chat, person: Person, message_id: int, data: str, stale: bool = False
    ) -> str:
        """The id of the callback query. `stale`: the button has gone from the message since."""
        with self.lock:
            message = chat.messages[message_id]
            rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
            if not stale and all(one.get("callback_data") != data for row in rows for one in row):
                raise LookupError(f"no button {data!r} on message {message_id}")
            author: Json = message.body.get("via_bot") or message.body["from"]
            bot = next(one for one in self.bots.values() if one.id == author["id"])
            query = self._query(bot, person, data)
            where: Json = {"message": message.body}
            if inline := message.body.get("via_bot") and _inline_id(bot, chat, message_id):
                where = {"inline_message_id": inline}
            elif message.deleted:
                shown = {"chat": chat.json(), "message_id": message_id, "date": 0}
                where = {"message": shown}
            chat_instance = {"chat_instance": str(chat.id), "data": data}
            body = {"id": query.id, "from": person.json(), **where, **chat_instance}
            self.push(bot, "callback_query", body)
            return query.id

    def answer(self, query_id: str, bot: Bot | None = None) -> Json | None:
        """How the bot answered a pressed button or an inline question; None: not yet."""
        with self.lock:
            return (bot or self.bot).queries[query_id].answer

    def expire_queries(self) -> None:
        """Every button pressed so far can no longer be answered."""
        with self.lock:
            for bot in self.bots.values():
                for query in bot.queries.values():
                    query.time = float("-inf")

    def inline_query(self, person: Person, text: str) -> str:
        """Types `@bot text` in some chat; the id of the query."""
        if units(text) > 256:
            raise ValueError("a Telegram client cuts an inline query at 256")
        with self.lock:
            query = self._query(self.bot, person, text)
            asked = {"query": text, "offset": "", "chat_type": "group"}
            body = {"id": query.id, "from": person.json(), **asked}
            self.push(self.bot, "inline_query", body)
            return query.id

    def choose(self, chat: Chat, person: Person, query_id: str, result_id: str) -> int:
        """Sends an inline result into a chat; the id of the message."""
        with self.lock:
            query = self.bot.queries[query_id]
            results = (query.answer or {}).get("results", [])
            result = next(one for one in results if one["id"] == result_id)
            content = {"via_bot": self.bot.user.json(), **result["message"]}
            message = self.post(chat, person, content)
            number = int(message.body["message_id"])
            self._deliver(chat, message, person)
            chosen = {"result_id": result_id, "from": person.json(), "query": query.text}
            if "reply_markup" in content:
                inline = f"inline{self.number()}"
                self.bot.inline_messages[inline] = (chat, number)
                chosen["inline_message_id"] = inline
            self.push(self.bot, "chosen_inline_result", chosen)
            return number

    def commands(self, chat: Chat, person: Person) -> list[Json]:
        """The menu of commands that this person is shown in this chat."""
        with self.lock:
            return commands_for(self.bot, chat, person)

    def block(self, person: Person, blocked: bool = True) -> None:
        """The person stops (or lets in again) the bot."""
        with self.lock:
            chat = self.private(person)
            change = self.bot.blocked_by.add if blocked else self.bot.blocked_by.discard
            change(person.id)
            banned = {"status": "kicked", "user": self.bot.user.json(), "until_date": 0}
            states = [member(chat, self.bot.user), banned]
            old, new = states if blocked else reversed(states)
            body = {"chat": chat.json(), "from": person.json(), "date": int(self.clock())}
            self.push(
                self.bot, "my_chat_member", {**body, "old_chat_member": old, "new_chat_member": new}
            )

    def raw_update(self, update: Json) -> int | None:
        """An update as it stands, also one that no library can parse."""
        with self.lock:
            number = self.bot.updates.push(update, self.clock())
            self.bell.ring()
            return number

    def _query(self, bot: Bot, person: Person, text: str) -> Query:
        query = Query(str(4_000_000_000_000 + self.number()), self.clock(), person, text)
        bot.queries[query.id] = query
        return query

    def _file(self) -> Json:
        number = self.number()
        return {"file_id": f"person{number}", "file_unique_id": f"p{number}", "file_size": 2048}

    def _photo(self) -> Json:
        return {"photo": [{**self._file(), "width": 640, "height": 480}]}

    def _origin(self, author: Person | str) -> Json:
        date = int(self.clock()) - _QUARTER_HOUR
        if isinstance(author, str):
            return {"type": "hidden_user", "date": date, "sender_user_name": author}
        return {"type": "user", "date": date, "sender_user": author.json()}

    def _deliver(
        self, chat: Chat, message: Message, person: Person | None, kind: str = "message"
    ) -> int | None:
        """Sends the update to each bot that may see it; the id that the first was given."""
        if person is not None and not chat.private and person is not ANONYMOUS:
            chat.members.setdefault(person.id, person)
        inside = [one for one in self.bots.values() if one.chats.get(chat.id) is chat]
        seeing = [one for one in inside if _may_see(one, chat, message, len(inside))]
        numbers = [self.push(bot, kind, message.body) for bot in seeing]
        return numbers[0] if numbers else None


def _captioned(caption: str) -> Json:
    found = {"caption_entities": find_entities(caption)} if find_entities(caption) else {}
    return {"caption": caption, **found} if caption else {}


def _inline_id(bot: Bot, chat: Chat, message_id: int) -> str | None:
    places = bot.inline_messages.items()
    return next((name for name, place in places if place == (chat, message_id)), None)


def _may_see(bot: Bot, chat: Chat, message: Message, bots_inside: int) -> bool:
    """Privacy mode: commands, mentions and replies to the bot only."""
    body = message.body
    service = "forum_topic_created" in body  # every bot is told of these
    if chat.private or bot.id in chat.admins or service:
        return True
    answered = body.get("reply_to_message", {})
    if answered.get("from", {}).get("id") == bot.id or body.get("via_bot", {}).get("id") == bot.id:
        return True
    return any(_meant(bot, chat, message, entity, bots_inside) for entity in message.entities)


def _meant(bot: Bot, chat: Chat, message: Message, entity: Json, bots_inside: int) -> bool:
    words = cut(message.text, entity["offset"], entity["length"])
    name = bot.user.username.lower()
    if entity["type"] == "mention":
        return words.lower() == f"@{name}"
    if entity["type"] == "text_mention":
        return bool(entity["user"]["id"] == bot.id)
    if entity["type"] != "bot_command":
        return False
    match = _STARTING.fullmatch(words)
    if match is not None and match[2]:
        return match[2].lower() == name
    return bots_inside == 1 or chat.last_bot == bot.id
