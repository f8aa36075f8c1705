"""A local Bot API over HTTP, as strict as Telegram's, and the try-out page on it."""

from bot.standin.flood import Limits
from bot.standin.server import StandIn
from bot.standin.world import Chat, Person, Seen

__all__ = ["Chat", "Limits", "Person", "Seen", "StandIn"]
