"""What `cdsbot` does besides running the bot."""
