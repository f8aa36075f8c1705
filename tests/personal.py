"""Invented people and what they might write to the bot: no number belongs to anybody we know of."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("Nguyễn Thị Mơ", "Trần Văn Khoái", "Hoàng Thị Ngà", "Lê Quốc Ấn", "Phạm Thùy Dương")
_ASKED = (
    "nộp hồ sơ trực tuyến ở đâu?",
    "Tổ công nghệ số cộng đồng làm gì?",
    "mục tiêu đến năm 2025 là gì?",
    "mức phạt nồng độ cồn khi lái xe máy?",
)


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody writes, and the words in it that are theirs alone."""

    text: str
    secrets: tuple[str, ...]


def message(number: int) -> Message:
    """The same for the same number; each other one has numbers of its own."""
    name, asked = _NAMES[number % len(_NAMES)], _ASKED[number % len(_ASKED)]
    phone, paper = f"09{number:03}71{number:03}"[:10], f"019{number:03}5{number:03}48"[:12]
    mail, account = f"mo.{number}.khong@thu-bia{number}.vn", f"10{number:03}8872{number:03}"
    texts = {
        f"Tôi là {name}, số điện thoại {phone}, {asked}": (name, phone),
        f"Tôi tên {name}, CCCD {paper}, {asked}": (name, paper),
        f"Gửi về {mail} giúp tôi: {asked}": (mail,),
        f"Số tài khoản {account} của tôi, gọi {phone[:4]} {phone[4:7]} {phone[7:]}. {asked}": (
            account, f"{phone[:4]} {phone[4:7]} {phone[7:]}", phone,
        ),
    }  # fmt: skip
    text = list(texts)[number % len(texts)]
    return Message(text, texts[text])


def found_in(folder: Path, secrets: Iterable[str | int]) -> list[tuple[str, str]]:
    """Which file below `folder` holds which secret, as text, escaped, in base64 or as a number that
    SQLite stores; also in pages that are free and in journals, since bytes are read."""
    found = []
    wanted = [(str(secret), form) for secret in set(secrets) for form in _forms(secret)]
    for path in sorted(filter(Path.is_file, folder.rglob("*"))):
        content = path.read_bytes()
        found += [(path.name, secret) for secret, form in wanted if form in content]
    return found


def _forms(secret: str | int) -> tuple[bytes, ...]:
    if isinstance(secret, int):
        return (str(secret).encode(), secret.to_bytes(8, "big", signed=True)[2:])
    escaped = secret.encode("ascii", "backslashreplace")
    inside = base64.b64encode(secret.encode()).rstrip(b"=")[:-1]
    return (secret.encode(), escaped, inside)
