"""The whole bot in a thread, over HTTP against the stand-in: what the tests of the bot share."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.delivery.limits import Limits as OwnLimits
from bot.delivery.limits import Pace, Window
from bot.local_api import Chat, Limits, Person, Seen, StandIn
from bot.settings import STARTER_DOCUMENTS, Settings
from bot.telegram import serve
from index.answer import Answerer
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store.build import reindex
from tests import telegram_spec

STARTERS = (
    "muc-tieu-den-nam-2025.md",
    "muc-tieu-den-nam-2030.md",
    "nghi-quyet-01-tong-quan.md",
    "nop-ho-so-truc-tuyen.md",
    "to-cong-nghe-so-cong-dong.md",
)
GOAL = "Đến năm 2025 Thái Nguyên phấn đấu đứng trong nhóm bao nhiêu tỉnh dẫn đầu về chuyển đổi số?"
UNSAID = "Mức phạt nồng độ cồn khi lái xe máy?"
UNLIMITED = OwnLimits(Window(10_000, 0.01), Pace(10_000, 0.01), Window(10_000, 0.01))


def write_library(folder: Path) -> Path:
    """A few starter documents and a regulation with Điều, as a library folder."""
    folder.mkdir(parents=True)
    for name in STARTERS:
        shutil.copy(STARTER_DOCUMENTS / name, folder / name)
    (folder / "quy-che.md").write_text(regulation(), encoding="utf-8")
    return folder


def regulation(articles: int = 12, clause: str = "") -> str:
    """An invented regulation, expired, with an official page and `articles` Điều."""
    head = (
        "---\ntitle: Quy chế quản lý kho lưu trữ mẫu\nnumber: 99/2019/QĐ-UBND\ndate: 2019-05-20\n"
        "issuer: UBND tỉnh mẫu\nkind: Quyết định\nstatus: expired\neffective: 2019-06-01\n"
        "replaced_by: Quyết định 12/2024/QĐ-UBND\nurl: https://example.org/vb/99?a=1&b=2\n---\n\n"
    )
    subjects = ("mượn hồ sơ", "trả hồ sơ", "kiểm kê", "niêm phong", "vệ sinh", "phòng cháy")
    lines = []
    for number in range(1, articles + 1):
        subject = subjects[number % len(subjects)]
        lines.append(
            f"Điều {number}. Quy định về {subject} lần thứ {number}\n"
            f"1. Người quản lý kho <lưu trữ> & bảo vệ thực hiện {subject} trong {number + 2} ngày."
            f"{clause}\n"
            f"2. Việc {subject} được ghi vào sổ theo dõi số {number}.\n"
        )
    return head + "\n".join(lines)


def build_index(data: Path, library: Path, encoder: Encoder) -> None:
    reindex(data, [library], encoder, agree=lambda _: True)


def shelved(home: Path, texts: Mapping[str, tuple[str, str]], encoder: Encoder) -> Answerer:
    """Answers over texts, each with what its sidecar says of it, by name."""
    library = home / "library"
    library.mkdir()
    for name, (text, sidecar) in texts.items():
        (library / f"{name}.txt").write_text(text, encoding="utf-8")
        (library / f"{name}.yaml").write_text(sidecar, encoding="utf-8")
    build_index(home / "data", library, encoder)
    return Serving(home / "data", encoder).answerer()


def over_one(home: Path, name: str, text: str, encoder: Encoder) -> Answerer:
    """Answers over one document."""
    (home / name).write_text(text, encoding="utf-8")
    build_index(home / "data", home / name, encoder)
    return Serving(home / "data", encoder).answerer()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_for(standin: StandIn, data: Path, **more: Any) -> Settings:
    return Settings(
        telegram_token=SecretStr(standin.token),
        telegram_base_url=standin.base_url,
        data=data,
        webhook_port=free_port(),
        contact="Tổng đài 1022",
        **more,
    )


class Running:
    """One run of the bot, and what people do and see meanwhile."""

    def __init__(self, standin: StandIn, settings: Settings, serving: Serving) -> None:
        self.standin = standin
        self.settings = settings
        self.serving = serving
        self.error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, webhook: bool = False, limits: OwnLimits = UNLIMITED) -> None:
        async def run() -> None:
            self._loop = asyncio.get_running_loop()
            self._stopping = asyncio.Event()
            self._ready.set()
            try:
                await serve(
                    self.settings,
                    self.serving,
                    webhook=webhook,
                    stopping=self._stopping,
                    limits=limits,
                )
            except BaseException as error:
                self.error = error

        self._ready.clear()
        self._thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        if self._thread and self._loop and self._stopping:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stopping.set)
            self.join()

    def join(self) -> None:
        if self._thread:
            self._thread.join(40)
            assert not self._thread.is_alive(), "the bot did not stop"

    # People

    def chat(self, name: str = "An", language: str = "vi") -> tuple[Person, Chat]:
        person = self.standin.person(name, language=language)
        return person, self.standin.private(person, begun=True)

    def replies(self, chat: Chat) -> list[Seen]:
        return [seen for seen in self.standin.visible(chat) if seen.from_bot]

    def say(self, chat: Chat, person: Person, text: str, **where: Any) -> Seen:
        """Send a text, wait for one more message of the bot, and give it."""
        return self.reply(chat, lambda: self.standin.send_text(chat, person, text, **where))

    def reply(self, chat: Chat, act: Callable[[], object], seconds: float = 20) -> Seen:
        before = len(self.replies(chat))
        act()
        assert self.standin.wait_until(lambda: len(self.replies(chat)) > before, seconds)
        return self.replies(chat)[-1]

    def press(self, chat: Chat, person: Person, seen: Seen, label: str, **how: Any) -> Seen:
        """Press a button, wait for the answer to it and for the message to change; give it."""
        data = seen.button(label)["callback_data"]
        query = self.standin.press(chat, person, seen.message_id, data, **how)
        assert self.answered(query)

        def changed() -> Seen | None:
            now = self.shown(chat, seen.message_id)
            return now if now.body != seen.body else None

        after: Seen | None = self.standin.wait_until(changed, 20)
        assert after is not None, f"nothing changed after {label!r}"
        return after

    def shown(self, chat: Chat, message_id: int) -> Seen:
        return next(s for s in self.standin.visible(chat) if s.message_id == message_id)

    def answered(self, query: str) -> bool:
        """Whether a pressed button stopped spinning."""
        return bool(self.standin.wait_until(lambda: self.standin.answer(query) is not None, 20))

    def toast(self, chat: Chat, person: Person, seen: Seen, label: str) -> str:
        """Press a button and give what pops up."""
        data = seen.button(label)["callback_data"]
        query = self.standin.press(chat, person, seen.message_id, data)
        assert self.answered(query)
        return str((self.standin.answer(query) or {}).get("text", ""))

    def check(self) -> None:
        """Nothing we sent was refused, unknown to the specification, or over a limit."""
        same = "message is not modified"  # the same page again: as good as done
        calls = self.standin.calls
        refused = [c for c in calls if c.status == 400 and same not in str(c.answer)]
        assert not refused, [(c.method, c.answer, c.params) for c in refused]
        assert self.standin.violations == []
        assert self.standin.flood.overruns == []
        if telegram_spec._FILE.exists():
            telegram_spec.assert_calls_follow_the_specification(self.standin.calls)


@contextlib.contextmanager
def running_bot(
    data: Path,
    serving: Serving,
    *,
    webhook: bool = False,
    limits: OwnLimits = UNLIMITED,
    standin_limits: Limits | None = None,
    start: bool = True,
    checked: bool = True,
    clock: Callable[[], float] = time.time,
    **settings: Any,
) -> Iterator[Running]:
    """A stand-in and the bot on it; at the end every request is checked, where it may be."""
    with StandIn.running(limits=standin_limits or Limits.none(), clock=clock) as standin:
        bot = Running(standin, settings_for(standin, data, **settings), serving)
        if start:
            bot.start(webhook, limits)
        try:
            yield bot
        finally:
            bot.stop()
        if checked:
            bot.check()
