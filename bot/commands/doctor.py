"""What is wrong with an installation, and what to do about it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from bot.delivery.connection import client_options, named_by_environment
from bot.settings import NO_PSYCOPG, TOKEN_FORM, TOKEN_MALFORMED, Settings, load_settings, misspelt
from bot.watching.switch import switched_off
from knowledge.errors import CdsbotError

_NAMED = 5  # files that are named one by one
_ROOM = 500  # megabytes a reindex of a few hundred documents may need beside the old index
_PATIENCE = 20.0  # seconds for Telegram to answer, by whatever way


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
    checks = (
        _switch, _libraries, _scans, _disk, _memory, _model_and_index, _unread, _unindexed,
        _abbreviations, _contact, _proxy, _token,
    )  # fmt: skip
    for check in checks:
        yield from check(settings)


def _switch(settings: Settings) -> Iterator[Finding]:
    off = switched_off(settings.data)
    if off:
        yield Finding(False, f"Đang ngừng trả lời ({off.reason}): mở lại bằng `cdsbot on`")


def _libraries(settings: Settings) -> Iterator[Finding]:
    for folder in settings.libraries:
        there = folder.exists()
        advice = "" if there else ": không có; sửa CDSBOT_LIBRARY hoặc tạo thư mục này"
        yield Finding(there, f"Thư mục văn bản {folder}{advice}")


def _scans(settings: Settings) -> Iterator[Finding]:
    from knowledge.ocr import language_data, open_ocr

    found = open_ocr()
    if found:
        yield Finding(True, f"Đọc bản quét và ảnh chụp: {found.name}")
        return
    cure = "`pip install -r requirements-ocr.lock`"
    if language_data() is None:
        cure += (
            " và dữ liệu tiếng Việt của Tesseract (Debian, Ubuntu: apt install tesseract-ocr-vie)"
        )
    yield Finding(
        True, f"Chưa đọc được bản quét: chỉ cần khi có PDF quét hoặc ảnh chụp; hãy cài {cure}"
    )


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data.absolute()
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        yield Finding(False, f"Không ghi được vào {folder}: cấp quyền ghi hoặc đổi CDSBOT_DATA")
    free = shutil.disk_usage(folder).free // 2**20
    advice = "" if free >= _ROOM else f": cần ít nhất {_ROOM} MB, hãy dọn bớt"
    yield Finding(free >= _ROOM, f"Đĩa của {settings.data} còn trống {free} MB{advice}")


def _memory(settings: Settings) -> Iterator[Finding]:
    if settings.database is None:
        return
    try:
        from bot.database.connection import MemoryFailed
        from bot.database.postgres import server_version

        version = server_version(settings.database.get_secret_value())
        yield Finding(True, f"Tới được PostgreSQL {version} ở CDSBOT_DATABASE")
    except ImportError:
        yield Finding(False, NO_PSYCOPG)
    except MemoryFailed as error:
        yield Finding(
            False,
            f"Không dùng được PostgreSQL ở CDSBOT_DATABASE ({error}): xem máy chủ có chạy không, địa "
            "chỉ, tên và mật khẩu có đúng không",
        )


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


def _unread(settings: Settings) -> Iterator[Finding]:
    """What the last reindex could not read, and what goes on serving in its place."""
    from bot.commands.reindexing import kept_words
    from index.store.unread import load_unread

    for file in load_unread(settings.data):
        if file.kept_from:
            yield Finding(False, f"{file.path}: đang dùng {kept_words(file)}, vì {file.reason}")
        else:
            yield Finding(False, f"Không đọc được {file.path}: {file.reason}")


def _unindexed(settings: Settings) -> Iterator[Finding]:
    """Files that came into the library after the last reindex."""
    from index.store.generation import open_generation, serving_folder
    from index.store.unread import load_unread
    from knowledge.load import documents_under

    try:
        held = open_generation(serving_folder(settings.data)).entry
    except CdsbotError:
        return  # told above
    known = {*held, *(file.path for file in load_unread(settings.data))}
    new = []
    for library in filter(Path.exists, settings.libraries):
        root = library.parent if library.is_file() else library
        paths = (file.relative_to(root).as_posix() for file in documents_under(library))
        new += [path for path in paths if path not in known]
    for path in new[:_NAMED]:
        yield Finding(False, f"Chưa có trong chỉ mục: {path}. Hãy chạy `cdsbot reindex`")
    if len(new) > _NAMED:
        yield Finding(False, f"Còn {len(new) - _NAMED} tệp khác chưa có trong chỉ mục")


def _abbreviations(settings: Settings) -> Iterator[Finding]:
    from knowledge.abbreviations import maintained

    try:
        rows = maintained(settings.data)
    except CdsbotError as error:
        yield Finding(False, str(error))
        return
    if rows:
        yield Finding(True, f"Bảng chữ viết tắt của cơ quan: {len(rows)} chữ")


def _contact(settings: Settings) -> Iterator[Finding]:
    if settings.contact:
        yield Finding(True, f"Nơi hỏi thêm: {settings.contact}")
    else:
        yield Finding(
            True,
            "Chưa đặt CDSBOT_CONTACT: khi văn bản không nói tới, người dân không được chỉ nơi hỏi thêm",
        )


def _proxy(settings: Settings) -> Iterator[Finding]:
    if settings.proxy is None:
        return
    proxy = urlsplit(settings.proxy.get_secret_value())
    try:
        socket.create_connection((proxy.hostname or "", proxy.port or 0), 10).close()
        yield Finding(True, f"Tới được proxy {_shown(settings.proxy)}")
    except (OSError, UnicodeError) as error:  # the latter for a name too long to be one
        yield Finding(
            False,
            f"Không tới được proxy {_shown(settings.proxy)} ({error}): sửa "
            "CDSBOT_PROXY, và xem proxy có đang chạy không",
        )


def _token(settings: Settings) -> Iterator[Finding]:
    if settings.telegram_token is None:
        yield Finding(True, "Chưa đặt CDSBOT_TELEGRAM_TOKEN: chỉ cần khi chạy bot Telegram")
        return
    token = settings.telegram_token.get_secret_value()
    if not TOKEN_FORM.fullmatch(token):
        yield Finding(False, TOKEN_MALFORMED)
        return
    yield asyncio.run(_greeting(settings, token))


async def _greeting(settings: Settings, token: str) -> Finding:
    """What Telegram says to the token. Neither the token nor an address with it is ever shown."""
    try:
        async with (
            asyncio.timeout(_PATIENCE),  # httpx sets a SOCKS server none
            httpx.AsyncClient(timeout=10, **client_options(settings)) as client,
        ):
            response = await client.get(f"{settings.telegram_base_url}{token}/getMe")
        if response.is_success:
            return Finding(True, f"Token dùng được: @{response.json()['result']['username']}")
        if response.status_code in (401, 404):
            return Finding(
                False,
                f"Telegram từ chối token (mã {response.status_code}): lấy lại token ở @BotFather",
            )
        return _unreachable(settings, f"mã {response.status_code}")
    except CdsbotError as error:
        return Finding(False, str(error))
    except Exception as error:  # a broken proxy or address makes httpx raise more than its own
        said = str(error) if isinstance(error, httpx.ProxyError) else ""
        return _unreachable(settings, f"{type(error).__name__} {said}".strip())


def _unreachable(settings: Settings, why: str) -> Finding:
    if settings.proxy and re.search("407|username|acceptable", why, re.IGNORECASE):
        return Finding(
            False,
            f"Proxy {_shown(settings.proxy)} không nhận tên hoặc mật khẩu: sửa CDSBOT_PROXY",
        )
    if settings.proxy:
        scheme = urlsplit(settings.proxy.get_secret_value()).scheme
        return Finding(
            False,
            f"Không hỏi được Telegram qua proxy {_shown(settings.proxy)} ({why}): kiểm tra xem đó có "
            f"phải proxy loại {scheme} và có cho tới Telegram không",
        )
    names = ", ".join(named_by_environment())
    proxies = f" và proxy trong biến môi trường ({names})" if names else ""
    return Finding(
        False,
        f"Không hỏi được Telegram ({why}): kiểm tra mạng, tường lửa, CDSBOT_TELEGRAM_BASE_URL{proxies}",
    )


def _shown(proxy: SecretStr) -> str:
    """A proxy's address without name and password."""
    address = urlsplit(proxy.get_secret_value())
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
