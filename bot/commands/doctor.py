"""What is wrong with an installation, and what to do about it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from bot.settings import Settings, load_settings, misspelt
from knowledge.errors import CdsbotError

_ROOM = 500  # megabytes a reindex of a few hundred documents may need beside the old index
_TOKEN = re.compile(r"\d{6,}:[\w-]{30,}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: in order, or what to do."""

    ok: bool
    text: str


def examine() -> Iterator[Finding]:
    """All there is to check, quick things first; what hangs on broken settings is left out."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(sys.version_info >= (3, 11), f"Python {version} (cần 3.11 trở lên)")
    for line in misspelt(os.environ):
        yield Finding(False, f"Biến môi trường {line}")
    try:
        settings = load_settings()
    except CdsbotError as error:
        yield Finding(False, str(error))
        return
    for check in (_libraries, _disk, _model_and_index, _token):
        yield from check(settings)


def _libraries(settings: Settings) -> Iterator[Finding]:
    for folder in settings.libraries:
        there = folder.exists()
        advice = "" if there else ": không có; sửa CDSBOT_LIBRARY hoặc tạo thư mục này"
        yield Finding(there, f"Thư mục văn bản {folder}{advice}")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        yield Finding(False, f"Không ghi được vào {folder}: cấp quyền ghi hoặc đổi CDSBOT_DATA")
    free = shutil.disk_usage(folder).free // 2**20
    advice = "" if free >= _ROOM else f": cần ít nhất {_ROOM} MB, hãy dọn bớt"
    yield Finding(free >= _ROOM, f"Đĩa của {settings.data} còn trống {free} MB{advice}")


def _model_and_index(settings: Settings) -> Iterator[Finding]:
    from index.retrieval.encoder import open_encoder
    from index.store.generation import open_serving, verify

    try:
        encoder = open_encoder(settings.model)
        size = len(encoder.encode_query("chuyển đổi số").vector)
        yield Finding(True, f"Mô hình {settings.model or 'đi kèm'} chạy được ({size} chiều)")
        entries = open_serving(settings.data, encoder.fingerprint).entries
        yield Finding(True, f"Chỉ mục trong {settings.data}: {len(entries)} văn bản")
        problems = verify(settings.data).problems
        yield Finding(
            not problems,
            f"Chỉ mục hỏng, hãy chạy `cdsbot reindex`: {'; '.join(problems[:3])}"
            if problems
            else "Chỉ mục nguyên vẹn",
        )
    except CdsbotError as error:
        yield Finding(False, str(error))


def _token(settings: Settings) -> Iterator[Finding]:
    if settings.telegram_token is None:
        yield Finding(True, "Chưa đặt CDSBOT_TELEGRAM_TOKEN: chỉ cần khi chạy bot Telegram")
        return
    token = settings.telegram_token.get_secret_value()
    if not _TOKEN.fullmatch(token):
        yield Finding(False, "CDSBOT_TELEGRAM_TOKEN không đúng dạng; lấy lại ở @BotFather")
        return
    yield _greeting(lambda: httpx.get(f"{settings.telegram_base_url}{token}/getMe", timeout=10))


def _greeting(get_me: Callable[[], httpx.Response]) -> Finding:
    """What Telegram says to the token. Neither the token nor an address with it is ever shown."""
    try:
        response = get_me()
        said = response.json()
        if response.is_success:
            return Finding(True, f"Token dùng được: @{said['result']['username']}")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        return Finding(
            False,
            f"Không hỏi được Telegram ({type(error).__name__}): kiểm tra mạng, tường lửa và "
            "CDSBOT_TELEGRAM_BASE_URL",
        )
    return Finding(
        False, f"Telegram từ chối token (mã {response.status_code}): lấy lại token ở @BotFather"
    )
