"""The offline pipeline that makes the encoder in `index/model/`; never imported by the bot."""
