"""Passages into something searchable. Knows nothing of Telegram."""
