"""Where the bot's memory lies: one SQLite file, or PostgreSQL that several processes share."""
