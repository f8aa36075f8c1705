"""The methods that send, edit, delete and forward messages."""

from __future__ import annotations

from typing import Any

from bot.local_api.errors import bad_request
from bot.local_api.keyboards import checked_markup
from bot.local_api.markup import format_text, units
from bot.local_api.parameters import Upload
from bot.local_api.world import Bot, Chat, Message, World

Json = dict[str, Any]

_TWO_DAYS = 48 * 3600
_TYPING_SECONDS = 5
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_PREVIEW_FIELDS = {
    "is_disabled",
    "url",
    "prefer_small_media",
    "prefer_large_media",
    "show_above_text",
}
_REPLY_FIELDS = {
    "message_id",
    "chat_id",
    "allow_sending_without_reply",
    "quote",
    "quote_parse_mode",
    "quote_entities",
    "quote_position",
    "checklist_task_id",
    "poll_option_id",
}
# What a quote must repeat; other entities may differ.
_QUOTED = {"bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji"}
_REACTIONS = set(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡"
)


def text_content(params: Json) -> Json:
    """The text part of a message, checked after its entities are parsed."""
    raw = params.get("text")
    if raw is None:
        raise bad_request("message text is empty")
    preview = params.get("link_preview_options")
    if preview is not None and set(preview) - _PREVIEW_FIELDS:
        raise bad_request("can't parse link preview options JSON object")
    text, entities = format_text(str(raw), params.get("parse_mode"), params.get("entities"))
    if not text:
        raise bad_request("text must be non-empty")
    if units(text) > 4096:
        raise bad_request("message is too long")
    shown = {"link_preview_options": preview} if preview else {}
    return {"text": text, **({"entities": entities} if entities else {}), **shown}


def _caption_content(params: Json) -> Json:
    raw = str(params.get("caption", ""))
    entities = params.get("caption_entities")
    text, found = format_text(raw, params.get("parse_mode"), entities)
    if units(text) > 1024:
        raise bad_request("message caption is too long")
    shown = {"caption": text} if text else {}
    return {**shown, **({"caption_entities": found} if found else {})}


def send_message(world: World, bot: Bot, params: Json) -> Json:
    return _send(world, bot, params, text_content(params))


def send_photo(world: World, bot: Bot, params: Json) -> Json:
    size = {**_file(world, params.get("photo"), "photo"), "width": 640, "height": 480}
    return _send(world, bot, params, {"photo": [size], **_caption_content(params)})


def send_document(world: World, bot: Bot, params: Json) -> Json:
    sent = params.get("document")
    document = _file(world, sent, "document")
    if isinstance(sent, Upload):
        document |= {"file_name": sent.name, "mime_type": sent.type}
    return _send(world, bot, params, {"document": document, **_caption_content(params)})


def _file(world: World, sent: Any, name: str) -> Json:
    if sent is None:
        raise bad_request(f"there is no {name} in the request")
    number = f"standin{world.number()}"
    size = sent.size if isinstance(sent, Upload) else 1
    if size == 0:
        raise bad_request("file must be non-empty")
    return {"file_id": number, "file_unique_id": f"u{number}", "file_size": size}


def _send(world: World, bot: Bot, params: Json, content: Json) -> Json:
    chat = bot.writable(params.get("chat_id"))
    thread = params.get("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    markup = checked_markup(params.get("reply_markup"), chat.private)
    reply_to, quote = _reply(bot, chat, params.get("reply_parameters"))
    if markup:
        content = {**content, "reply_markup": markup}
    if quote:
        content = {**content, "quote": quote}
    silent = bool(params.get("disable_notification"))
    return world.post(chat, bot.user, content, reply_to, thread, silent).body


def _reply(bot: Bot, chat: Chat, wanted: Json | None) -> tuple[Message | None, Json | None]:
    if wanted is None:
        return None, None
    if set(wanted) - _REPLY_FIELDS:
        raise bad_request("can't parse reply parameters JSON object")
    there = bot.chat(wanted["chat_id"]) if wanted.get("chat_id") else chat
    original = there.living(wanted.get("message_id"))
    if original is None:
        if wanted.get("allow_sending_without_reply"):
            return None, None
        raise bad_request("message to be replied not found")
    if not wanted.get("quote"):
        return original, None
    return original, _quote(original, wanted)


def _quote(original: Message, wanted: Json) -> Json:
    mode, given = wanted.get("quote_parse_mode"), wanted.get("quote_entities")
    text, entities = format_text(wanted["quote"], mode, given)
    kept = [one for one in entities if one["type"] in _QUOTED]
    at = original.text.find(text)
    position = units(original.text[: max(at, 0)])
    if not text or units(text) > 1024 or at < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    if _shape(kept, 0) != _shape(_covering(original, position, units(text)), position):
        raise bad_request("QUOTE_TEXT_INVALID")
    shown = {"entities": kept} if kept else {}
    return {"text": text, "position": position, "is_manual": True, **shown}


def _covering(message: Message, start: int, length: int) -> list[Json]:
    """A message's own entities, cut to the part that is quoted."""
    parts = []
    for one in message.entities:
        begin = max(one["offset"], start)
        end = min(one["offset"] + one["length"], start + length)
        if one["type"] in _QUOTED and begin < end:
            parts.append({**one, "offset": begin, "length": end - begin})
    return parts


def _shape(entities: list[Json], start: int) -> set[tuple[str, int, int]]:
    return {(one["type"], one["offset"] - start, one["length"]) for one in entities}


def _own(bot: Bot, params: Json) -> tuple[Chat, Message]:
    """The bot's own message that is to be edited."""
    if inline := params.get("inline_message_id"):
        if inline not in bot.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        chat, number = bot.inline_messages[inline]
        return chat, chat.messages[number]
    chat = bot.writable(params.get("chat_id"))
    if not params.get("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.living(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.body["from"]["id"] != bot.id or "via_bot" in message.body:
        raise bad_request("message can't be edited")
    return chat, message


def edit_message_text(world: World, bot: Bot, params: Json) -> Json | bool:
    chat, message = _own(bot, params)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, text_content(params), params)


def edit_message_reply_markup(world: World, bot: Bot, params: Json) -> Json | bool:
    chat, message = _own(bot, params)
    kept = ("text", "entities", "link_preview_options")
    content = {name: message.body[name] for name in kept if name in message.body}
    return _edit(world, chat, message, content, params)


def _edit(world: World, chat: Chat, message: Message, content: Json, params: Json) -> Json | bool:
    markup = checked_markup(params.get("reply_markup"), chat.private)
    new = {**content, **({"reply_markup": markup} if markup else {})}
    compared = ("text", "entities", "reply_markup")
    if all(new.get(name) == message.body.get(name) for name in compared):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    replaced = {*compared, "link_preview_options"}
    kept = {name: value for name, value in message.body.items() if name not in replaced}
    message.body = {**kept, "edit_date": int(world.clock()), **new}
    world.bell.ring()
    return True if params.get("inline_message_id") else message.body


def delete_message(world: World, bot: Bot, params: Json) -> bool:
    chat = bot.writable(params.get("chat_id"))
    message = chat.living(params.get("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    own = message.body["from"]["id"] == bot.id or chat.private or bot.id in chat.admins
    if not own or message.body["date"] < world.clock() - _TWO_DAYS:
        raise bad_request("message can't be deleted")
    message.deleted = True
    world.bell.ring()
    return True


def delete_messages(world: World, bot: Bot, params: Json) -> bool:
    chat = bot.writable(params.get("chat_id"))
    numbers = params.get("message_ids") or []
    if not 1 <= len(numbers) <= 100:
        raise bad_request("message identifiers are not specified")
    for number in numbers:  # those that are not there are skipped
        if chat.living(number) is not None:
            delete_message(world, bot, {"chat_id": chat.id, "message_id": number})
    return True


def forward_message(world: World, bot: Bot, params: Json) -> Json:
    origin = bot.chat(params.get("from_chat_id")).living(params.get("message_id"))
    if origin is None:
        raise bad_request("message to forward not found")
    placed = {
        "message_id",
        "from",
        "sender_chat",
        "chat",
        "date",
        "edit_date",
        "reply_to_message",
        "reply_markup",
        "quote",
        "message_thread_id",
        "is_topic_message",
    }
    content = {name: value for name, value in origin.body.items() if name not in placed}
    sender = {"type": "user", "sender_user": origin.body["from"], "date": origin.body["date"]}
    return _send(world, bot, params, {"forward_origin": sender, **content})


def send_chat_action(world: World, bot: Bot, params: Json) -> bool:
    chat = bot.writable(params.get("chat_id"))
    thread = params.get("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    if params.get("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_until = world.clock() + _TYPING_SECONDS
    world.bell.ring()
    return True


def set_message_reaction(world: World, bot: Bot, params: Json) -> bool:
    chat = bot.writable(params.get("chat_id"))
    if chat.living(params.get("message_id")) is None:
        raise bad_request("message to react not found")
    for reaction in params.get("reaction") or []:
        if reaction.get("emoji", "").rstrip("\ufe0f") not in _REACTIONS:
            raise bad_request("REACTION_INVALID")
    return True
