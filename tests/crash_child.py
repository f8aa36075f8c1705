"""The bot as a process of its own, to be killed: INDEX DATA BASE_URL TOKEN PORT [WEBHOOK_URL [DATABASE]]."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from pydantic import SecretStr

from bot.heaps import share_heaps
from bot.settings import Settings
from bot.telegram import serve
from index.retrieval.encoder import open_encoder
from index.serving import Serving
from tests.running_bot import UNLIMITED


def main(
    index: str,
    data: str,
    base_url: str,
    token: str,
    port: str,
    webhook_url: str = "",
    database: str = "",
) -> None:
    share_heaps()  # as `cdsbot run` does
    logging.basicConfig(level=logging.WARNING)
    settings = Settings(
        telegram_token=SecretStr(token),
        telegram_base_url=base_url,
        data=Path(data),
        webhook_url=webhook_url,
        webhook_port=int(port),
        database=SecretStr(database) if database else None,
    )
    serving = Serving(Path(index), open_encoder(""))
    limits = UNLIMITED if os.environ.get("UNLIMITED") else None
    asyncio.run(serve(settings, serving, webhook=bool(webhook_url), limits=limits))


if __name__ == "__main__":
    main(*sys.argv[1:])
