"""Which parameters each method takes, and how their text becomes values.

Everything arrives as text (a query string, a form, or JSON that is written out again), as it
does at the real server. A parameter that is not listed here is a mistake of the bot.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.local_api.errors import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent with the request."""

    name: str
    type: str
    size: int
    content: bytes = field(repr=False)


_CHAT = {"chat_id": "chat"}
_MESSAGE = {**_CHAT, "message_id": "int"}
_BUSINESS = {"business_connection_id": "str"}
_SEND = {
    **_CHAT,
    **_BUSINESS,
    "message_thread_id": "int",
    "direct_messages_topic_id": "int",
    "disable_notification": "bool",
    "protect_content": "bool",
    "allow_paid_broadcast": "bool",
    "message_effect_id": "str",
    "suggested_post_parameters": "object",
    "reply_parameters": "object",
    "reply_markup": "object",
}
_TEXT = {"text": "str", "parse_mode": "str", "entities": "array", "link_preview_options": "object"}
_CAPTION = {"caption": "str", "parse_mode": "str", "caption_entities": "array"}
_EDIT = {**_MESSAGE, **_BUSINESS, "inline_message_id": "str", "reply_markup": "object"}
_LANGUAGE = {"language_code": "str"}
_SCOPE = {**_LANGUAGE, "scope": "object"}

METHODS: dict[str, dict[str, str]] = {
    "getMe": {},
    "logOut": {},
    "close": {},
    "getUpdates": {
        "offset": "int",
        "limit": "int",
        "timeout": "int",
        "allowed_updates": "array",
    },
    "setWebhook": {
        "url": "str",
        "certificate": "file",
        "ip_address": "str",
        "max_connections": "int",
        "allowed_updates": "array",
        "drop_pending_updates": "bool",
        "secret_token": "str",
    },
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "getWebhookInfo": {},
    "sendMessage": {**_SEND, **_TEXT},
    "sendPhoto": {
        **_SEND,
        **_CAPTION,
        "photo": "file",
        "show_caption_above_media": "bool",
        "has_spoiler": "bool",
    },
    "sendDocument": {
        **_SEND,
        **_CAPTION,
        "document": "file",
        "thumbnail": "file",
        "disable_content_type_detection": "bool",
    },
    "forwardMessage": {
        **_MESSAGE,
        "from_chat_id": "chat",
        "message_thread_id": "int",
        "direct_messages_topic_id": "int",
        "video_start_timestamp": "int",
        "disable_notification": "bool",
        "protect_content": "bool",
        "message_effect_id": "str",
        "suggested_post_parameters": "object",
    },
    "editMessageText": {**_EDIT, **_TEXT},
    "editMessageReplyMarkup": _EDIT,
    "deleteMessage": _MESSAGE,
    "deleteMessages": {**_CHAT, "message_ids": "array"},
    "setMessageReaction": {**_MESSAGE, "reaction": "array", "is_big": "bool"},
    "sendChatAction": {**_CHAT, **_BUSINESS, "message_thread_id": "int", "action": "str"},
    "answerCallbackQuery": {
        "callback_query_id": "str",
        "text": "str",
        "show_alert": "bool",
        "url": "str",
        "cache_time": "int",
    },
    "answerInlineQuery": {
        "inline_query_id": "str",
        "results": "array",
        "cache_time": "int",
        "is_personal": "bool",
        "next_offset": "str",
        "button": "object",
    },
    "setMyCommands": {**_SCOPE, "commands": "array"},
    "getMyCommands": _SCOPE,
    "deleteMyCommands": _SCOPE,
    "setMyName": {**_LANGUAGE, "name": "str"},
    "getMyName": _LANGUAGE,
    "setMyDescription": {**_LANGUAGE, "description": "str"},
    "getMyDescription": _LANGUAGE,
    "setMyShortDescription": {**_LANGUAGE, "short_description": "str"},
    "getMyShortDescription": _LANGUAGE,
    "setChatMenuButton": {**_CHAT, "menu_button": "object"},
    "getChatMenuButton": _CHAT,
    "getChat": _CHAT,
    "getChatMember": {**_CHAT, "user_id": "int"},
    "getChatAdministrators": {**_CHAT, "return_bots": "bool"},
    "getChatMemberCount": _CHAT,
}
_CONTAINERS = {"object": dict, "array": list}
BY_LOWER_NAME = {name.lower(): name for name in METHODS}


def unknown(method: str, given: dict[str, Any]) -> list[str]:
    """Names that the real server would ignore in silence."""
    return sorted(set(given) - set(METHODS[method]))


def values(method: str, given: dict[str, str | Upload]) -> dict[str, Any]:
    """The parameters with their types; an empty one counts as not given."""
    kinds = METHODS[method]
    return {
        name: _value(name, kinds[name], raw)
        for name, raw in given.items()
        if name in kinds and raw != ""
    }


def _value(name: str, kind: str, raw: str | Upload) -> Any:
    if isinstance(raw, Upload):
        if kind != "file":
            raise bad_request(f'parameter "{name}" can\'t be a file')
        return raw
    if kind == "bool":
        return raw.lower() in {"true", "yes", "1"}
    if kind in _CONTAINERS:
        return _json(name, kind, raw)
    if kind == "int" or (kind == "chat" and raw.lstrip("-").isdigit()):
        return _integer(name, raw)
    return raw


def _integer(name: str, raw: str) -> int:
    try:
        return int(raw)
    except ValueError as error:
        raise bad_request(f'parameter "{name}" must be an integer') from error


def _json(name: str, kind: str, raw: str) -> Any:
    words = name.replace("_", " ")
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise bad_request(f"can't parse {words} JSON object") from error
    if value is not None and not isinstance(value, _CONTAINERS[kind]):
        raise bad_request(f"can't parse {words}: expected an {kind.capitalize()}")
    return value
