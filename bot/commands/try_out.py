"""`cdsbot try`: the bot as people meet it in Telegram, on a page of this machine, without a token."""

from __future__ import annotations

import asyncio
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from bot.local_api import StandIn
from bot.local_api.page import Page, serve_page
from bot.settings import Settings
from bot.telegram import serve
from index.retrieval.encoder import open_encoder
from index.serving import Serving


def run_try(settings: Settings, open_browser: bool = True) -> None:
    """Serves the page until Ctrl+C; raises IndexMissing and its kin before anything opens."""
    serving = Serving(settings.data, open_encoder(settings.model), settings.contact)
    serving.answerer()

    def opened(page: Page) -> None:
        shown = open_browser and _show(page.url)
        print(f"Trang dùng thử: {page.url}" + ("" if shown else "  (mở bằng trình duyệt)"))
        print("Bấm Ctrl+C để dừng.", flush=True)

    asyncio.run(try_out(settings, serving, opened))


async def try_out(
    settings: Settings,
    serving: Serving,
    opened: Callable[[Page], None],
    stopping: asyncio.Event | None = None,
) -> None:
    """The same bot as `cdsbot run`, on a stand-in; `opened` learns of the page."""
    standin = StandIn()
    await standin.start()
    page = await serve_page(standin)
    # What is tried out leaves no trace in the real bot's memory and statistics.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        changes = {
            "telegram_token": SecretStr(standin.token),
            "telegram_base_url": standin.base_url,
            "proxy": None,  # it is for Telegram, which is on this machine now
            "data": Path(folder),
            "database": None,
        }
        opened(page)
        try:
            await serve(
                settings.model_copy(update=changes), serving, webhook=False, stopping=stopping
            )
        finally:
            await page.stop()
            await standin.stop()


def _show(url: str) -> bool:
    """Opens the page where there is a browser with windows; one in the terminal would be in the way."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return type(browser) is not webbrowser.GenericBrowser and browser.open(url)
