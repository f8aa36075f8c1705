"""The people-facing side: command line and Telegram."""
