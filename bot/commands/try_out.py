"""`cdsbot try`: the bot as people meet it in Telegram, on a page of this machine, without a token."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.commands.browser import open_page
from bot.local_api import StandIn
from bot.local_api.page import Page, serve_page
from bot.private import keep_private
from bot.settings import Settings
from bot.telegram import serve
from index.retrieval.encoder import open_encoder
from index.serving import Serving
from index.store.written import write_json

PORT = 8750  # the page's, so that it stays in the browser's history
_CHAT = "chat.json"


def run_try(settings: Settings) -> None:
    """Serves the page until Ctrl+C; raises IndexMissing and its kin before anything opens."""
    serving = Serving(settings.data, open_encoder(settings.model), settings.contact)
    serving.answerer()

    def opened(page: Page) -> None:
        shown = open_page(page.url)
        print(f"Trang dùng thử: {page.url}" + ("" if shown else "  (mở bằng trình duyệt)"))
        print("Bấm Ctrl+C để dừng.", flush=True)

    kept = settings.data / "try"
    asyncio.run(try_out(settings, serving, opened, port=PORT, kept=kept))


async def try_out(
    settings: Settings,
    serving: Serving,
    opened: Callable[[Page], None],
    stopping: asyncio.Event | None = None,
    port: int = 0,
    kept: Path | None = None,
) -> None:
    """The same bot as `cdsbot run`, on a stand-in; `opened` learns of the page.

    The conversation goes on from where it was left in the folder `kept`.
    """
    standin = StandIn()
    await standin.start()
    # What is tried out leaves no trace in the real bot's memory and statistics.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as fleeting:
        folder = kept or Path(fleeting)
        page = await serve_page(standin, port, _past(folder))
        changes = {
            "telegram_token": SecretStr(standin.token),
            "telegram_base_url": standin.base_url,
            "proxy": None,  # it is for Telegram, which is on this machine now
            "data": folder,
            "database": None,
        }
        opened(page)
        try:
            await serve(
                settings.model_copy(update=changes), serving, webhook=False, stopping=stopping
            )
        finally:
            keep_private(folder)
            write_json(folder / _CHAT, page.past())
            await page.stop()
            await standin.stop()


def _past(folder: Path) -> dict[str, Any] | None:
    """The conversation kept in a folder, if there is one that can be read."""
    try:
        past = json.loads((folder / _CHAT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return past if isinstance(past, dict) else None
