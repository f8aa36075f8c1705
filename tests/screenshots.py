"""Makes the README's pictures: `python -m tests.screenshots`. Needs Chromium."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bot.commands.try_out import try_out
from bot.settings import STARTER_DOCUMENTS, Settings
from index.retrieval.encoder import open_encoder
from index.serving import Serving
from index.store.build import reindex
from tests.chromium import Browser
from tests.running_bot import GOAL, free_port

PICTURES = Path(__file__).parents[1] / "docs" / "screenshots"


async def take_pictures(folder: Path) -> None:
    encoder = open_encoder("")
    reindex(folder / "data", [STARTER_DOCUMENTS], encoder, progress=True)
    stopping, page = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = Serving(folder / "data", encoder)
    settings = Settings(webhook_port=free_port())
    bot = asyncio.create_task(try_out(settings, serving, page.set_result, stopping))
    browser = await Browser.open(folder / "chromium")
    await browser.go((await page).url)
    await browser.click("#start")
    await browser.until("document.querySelectorAll('.row button').length >= 3")
    await browser.click("#input")
    await browser.type(GOAL)
    await browser.press("Enter", 13)
    await browser.until("document.querySelector('.message:last-child blockquote') !== null")
    await browser.run("document.activeElement.blur()")
    for scheme in ("light", "dark"):
        await browser.look(scheme, height=860)
        await browser.run("document.querySelector('#chat').scrollTo(0, 1e6)")
        await asyncio.sleep(1)  # let it be drawn
        await browser.screenshot(PICTURES / f"{scheme}.png")
    await browser.close()
    stopping.set()
    await bot


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        asyncio.run(take_pictures(Path(temporary)))
