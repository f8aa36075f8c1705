"""Drives a headless Chromium through its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

Json = dict[str, Any]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BINARY = next((found for name in _NAMES if (found := shutil.which(name))), "")
needs_chromium = pytest.mark.skipif(not BINARY, reason="no Chromium on this machine")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)


class Browser:
    """One tab, as wide as a phone."""

    def __init__(self, process: subprocess.Popen[bytes], tab: WebSocketClientConnection) -> None:
        self._process = process
        self._tab = tab
        self._count = 0
        self.events: list[Json] = []

    @classmethod
    async def open(cls, profile: Path) -> Self:
        command = [BINARY, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port_file = profile / "DevToolsActivePort"
        while not port_file.exists() or not port_file.read_text():
            assert process.poll() is None, "Chromium ended before it could be used"
            await asyncio.sleep(0.05)
        port = port_file.read_text().split()[0]
        tabs = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/json/list")
        address = next(one for one in json.loads(tabs.body) if one["type"] == "page")
        tab = await websocket_connect(
            address["webSocketDebuggerUrl"], max_message_size=2**26, ping_interval=None
        )
        browser = cls(process, tab)
        for domain in ("Page", "Runtime", "Log", "Network"):
            await browser.command(f"{domain}.enable")
        await browser.look()
        return browser

    async def close(self) -> None:
        self._tab.close()
        self._process.terminate()
        self._process.wait(10)

    async def command(self, method: str, **params: Any) -> Json:
        self._count += 1
        number = self._count
        await self._tab.write_message(
            json.dumps({"id": number, "method": method, "params": params})
        )
        while True:
            raw = await asyncio.wait_for(self._tab.read_message(), 30)
            assert raw is not None, "Chromium closed the connection"
            message = json.loads(raw)
            if message.get("id") == number:
                assert "error" not in message, message["error"]
                result: Json = message["result"]
                return result
            self.events.append(message)

    async def look(self, scheme: str = "light", width: int = 400, height: int = 800) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        await self.command("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        await self.command("Emulation.setEmulatedMedia", features=features)

    async def go(self, url: str) -> None:
        await self.command("Page.navigate", url=url)
        await self.until("document.readyState === 'complete'")

    async def run(self, script: str) -> Any:
        answer = await self.command(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def until(self, script: str, seconds: float = 15) -> Any:
        """What an expression says once it is truthy."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not (value := await self.run(script)):
            assert asyncio.get_running_loop().time() < deadline, f"never true: {script}"
            await asyncio.sleep(0.03)
        return value

    async def click(self, selector: str) -> None:
        """A real click in the middle of what the selector finds."""
        place = await self.until(f"""(() => {{
            const found = document.querySelector({json.dumps(selector)});
            found?.scrollIntoView({{block: "nearest"}});
            const box = found?.getBoundingClientRect();
            return box?.width && [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
        where = {"x": place[0], "y": place[1], "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            await self.command("Input.dispatchMouseEvent", type=kind, **where)

    async def type(self, text: str) -> None:
        await self.command("Input.insertText", text=text)

    async def press(self, key: str, code: int) -> None:
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        text = {"text": "\r"} if key == "Enter" else {}
        await self.command("Input.dispatchKeyEvent", type="keyDown", **pressed, **text)
        await self.command("Input.dispatchKeyEvent", type="keyUp", **pressed)

    async def screenshot(self, file: Path) -> None:
        shot = await self.command("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(shot["data"]))

    def complaints(self) -> list[str]:
        """Errors in the console, blocked resources and requests that left this machine."""
        found = []
        for event in self.events:
            params = event.get("params", {})
            if event["method"] == "Runtime.exceptionThrown":
                found.append(str(params["exceptionDetails"]))
            if event["method"] == "Log.entryAdded" and params["entry"]["level"] == "error":
                found.append(params["entry"]["text"])
            if event["method"] == "Network.requestWillBeSent":
                url = params["request"]["url"]
                if not url.startswith(("http://127.0.0.1:", "about:")):
                    found.append(f"left the machine: {url}")
        return found
