"""A local Bot API over HTTP, as strict as Telegram's, and the try-out page on it."""

from bot.local_api.flood import Limits
from bot.local_api.server import StandIn
from bot.local_api.world import Chat, Person, Seen

__all__ = ["Chat", "Limits", "Person", "Seen", "StandIn"]
