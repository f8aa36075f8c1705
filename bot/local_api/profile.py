"""The methods about the bot itself, its commands and descriptions, and about chats."""

from __future__ import annotations

import re
from typing import Any

from bot.local_api.errors import bad_request
from bot.local_api.markup import units
from bot.local_api.world import Bot, Chat, Person, World

Json = dict[str, Any]

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2,3})?")
_LONGEST = {"name": 64, "description": 512, "short_description": 120}
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def get_me(world: World, bot: Bot, params: Json) -> Json:
    return {
        **bot.user.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_guest_queries": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def done(world: World, bot: Bot, params: Json) -> bool:
    return True


def _language(params: Json) -> str:
    language = params.get("language_code", "")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language_code specified")
    return str(language)


def _key(bot: Bot, params: Json) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    fields = _SCOPES.get(scope.get("type", ""))
    if fields is None:
        raise bad_request("unsupported BotCommandScope type specified")
    if fields:
        bot.chat(scope.get("chat_id"))
    key = ":".join([scope["type"], *(str(scope.get(name)) for name in fields)])
    return key, _language(params)


def set_my_commands(world: World, bot: Bot, params: Json) -> bool:
    commands = params.get("commands", [])
    if not all(isinstance(one, dict) for one in commands):
        raise bad_request("can't parse BotCommand: expected an Object")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not _COMMAND.fullmatch(str(one.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(one.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[_key(bot, params)] = [dict(one) for one in commands]
    world.bell.ring()
    return True


def get_my_commands(world: World, bot: Bot, params: Json) -> list[Json]:
    return bot.commands.get(_key(bot, params), [])


def delete_my_commands(world: World, bot: Bot, params: Json) -> bool:
    bot.commands.pop(_key(bot, params), None)
    return True


def commands_for(bot: Bot, chat: Chat, person: Person) -> list[Json]:
    """The menu this person sees in this chat: the narrowest scope and language that is set."""
    scopes = [f"chat_member:{chat.id}:{person.id}"] * (not chat.private)
    if person.id in chat.admins:
        scopes += [f"chat_administrators:{chat.id}", f"chat:{chat.id}", "all_chat_administrators"]
    scopes.append(f"chat:{chat.id}")
    scopes += ["all_private_chats" if chat.private else "all_group_chats", "default"]
    for scope in scopes:
        for language in (person.language_code, ""):
            if found := bot.commands.get((scope, language)):
                return found
    return []


def described(bot: Bot, name: str, language: str) -> str:
    """A text of the profile as somebody with this language sees it."""
    return bot.profile.get((name, language)) or bot.profile.get((name, ""), "")


def _setter(name: str) -> Any:
    def set_text(world: World, bot: Bot, params: Json) -> bool:
        text = params.get(name, "")
        if units(text) > _LONGEST[name]:
            raise bad_request(f"{name.replace('_', ' ')} is too long")
        bot.profile[(name, _language(params))] = text
        world.bell.ring()
        return True

    return set_text


def _getter(name: str) -> Any:
    def get_text(world: World, bot: Bot, params: Json) -> Json:
        default = bot.user.first_name if name == "name" else ""
        return {name: described(bot, name, _language(params)) or default}

    return get_text


set_my_name, get_my_name = _setter("name"), _getter("name")
set_my_description, get_my_description = _setter("description"), _getter("description")
set_my_short_description = _setter("short_description")
get_my_short_description = _getter("short_description")


def get_chat_menu_button(world: World, bot: Bot, params: Json) -> Json:
    return {"type": "commands"}


def get_chat(world: World, bot: Bot, params: Json) -> Json:
    kinds = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    return {
        **bot.chat(params.get("chat_id")).json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*kinds, "gifts_from_channels"), False),
    }


def get_chat_member(world: World, bot: Bot, params: Json) -> Json:
    chat = bot.chat(params.get("chat_id"))
    number = params.get("user_id", 0)
    person = chat.person if chat.private else chat.members.get(number)
    if number == bot.id:
        person = bot.user
    if person is None or person.id != number:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member(chat, person)


def member(chat: Chat, person: Person) -> Json:
    if person.id not in chat.admins:
        return {"status": "member", "user": person.json()}
    return {"status": "creator", "user": person.json(), "is_anonymous": False}


def get_chat_administrators(world: World, bot: Bot, params: Json) -> list[Json]:
    chat = bot.chat(params.get("chat_id"))
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    known = {bot.id: bot.user, **chat.members}
    return [member(chat, known[number]) for number in sorted(chat.admins) if number in known]


def get_chat_member_count(world: World, bot: Bot, params: Json) -> int:
    chat = bot.chat(params.get("chat_id"))
    return 2 if chat.private else len(chat.members) + 1
