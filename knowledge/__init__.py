"""Files into documents and passages. Knows nothing of search or Telegram."""
