"""A chat of the try-out page kept from one run to the next."""

from __future__ import annotations

from typing import Any

from bot.local_api.server import StandIn
from bot.local_api.world import Chat, Message

Json = dict[str, Any]


def remembered(standin: StandIn, chat: Chat) -> Json:
    """The chat's messages, and what the bot has told of itself: it does not tell it twice."""
    bot = standin.bot
    with standin.lock:
        return {
            "begun": chat.begun,
            "next_message": chat.next_message,
            "last_bot": chat.last_bot,
            "next_update": bot.updates.next_id,
            "messages": [one.body for one in chat.messages.values() if not one.deleted],
            "commands": [[*key, value] for key, value in bot.commands.items()],
            "profile": [[*key, value] for key, value in bot.profile.items()],
        }


def recall(standin: StandIn, chat: Chat, past: Json) -> None:
    """Put it back. Numbers go on where they stopped: the bot knows those before."""
    bot = standin.bot
    with standin.lock:
        chat.begun = past["begun"]
        chat.next_message = past["next_message"]
        chat.last_bot = past["last_bot"]
        chat.messages = {body["message_id"]: Message(body, "") for body in past["messages"]}
        bot.updates.renumber(past["next_update"])
        bot.commands.update({(scope, code): value for scope, code, value in past["commands"]})
        bot.profile.update({(name, code): value for name, code, value in past["profile"]})
        if chat.begun:
            bot.chats[chat.id] = chat
