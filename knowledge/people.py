"""Persons and bodies as running text names them."""

from __future__ import annotations

import re
from typing import Final

from knowledge.places import NAMES
from knowledge.vietnamese import LOWER

_SURNAMES = (
    "Bế|Bùi|Cao|Chu|Dương|Đàm|Đào|Đặng|Đinh|Đoàn|Đỗ|Giàng|Hà|Hoàng|Hồ|Hứa|Huỳnh|Khổng|Kiều|Lâm|Lê|Lò|Lục|Lương|Lưu"
    "|Lý|Ma|Mai|Ngô|Nguyễn|Nông|Phạm|Phan|Phùng|Quách|Tạ|Tăng|Thái|Thân|Tô|Tống|Trần|Triệu|Trịnh|Trương|Vi|Võ|Vũ|Vương"
)
_GIVEN = rf"[^\W\d_{LOWER}][{LOWER}]*"  # one syllable, in a capital
_PLACES = "|".join(re.escape(name.title()) for name in NAMES)
PERSON: Final = re.compile(
    rf"\b(?!(?:{_PLACES})\b)(?:(?:{_SURNAMES})(?: {_GIVEN}){{1,4}}|(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí) {_GIVEN})"
)
BODY: Final = re.compile(
    r"\b(?:Bộ|Sở|Cục|Tổng cục|Chi cục|Vụ|Ủy ban|UBND|HĐND|Hội đồng|Văn phòng|Ban|Công an|Thanh tra|Ngân hàng|Kho bạc"
    r"|Đài|Báo|Viện|Trường|Trung tâm|Bệnh viện|Công ty|Tập đoàn|Tổng công ty|Hội|Liên đoàn|Đoàn|Mặt trận)"
    rf" (?:[^\W\d_{LOWER}]|nhân dân\b|tỉnh\b)|\b(?:[Tt]ỉnh|[Tt]hành) (?:đoàn|ủy)\b|\b[Cc]ác (?:bộ|sở|cơ quan|đơn vị)\b|\b(?:VNPT|Viettel|FPT|MobiFone)\b"
)
