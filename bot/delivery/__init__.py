"""Messages taken in once, kept, and sent within Telegram's limits."""
