"""Provinces by name: those that a text names."""

from __future__ import annotations

import re
from typing import Final

from knowledge.vietnamese import fold, nfc, unify_tones

# before and since 1 July 2025 (Resolution 202/2025/QH15); names of today are all among the older ones
_PROVINCES: Final = (
    "An Giang, Bà Rịa, Vũng Tàu, Bắc Giang, Bắc Kạn, Bạc Liêu, Bắc Ninh, Bến Tre, Bình Định, Bình Dương, "
    "Bình Phước, Bình Thuận, Cà Mau, Cần Thơ, Cao Bằng, Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai, "
    "Đồng Tháp, Gia Lai, Hà Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa Bình, "
    "Hồ Chí Minh, Huế, Hưng Yên, Khánh Hòa, Kiên Giang, Kon Tum, Lai Châu, Lâm Đồng, Lạng Sơn, Lào Cai, "
    "Long An, Nam Định, Nghệ An, Ninh Bình, Ninh Thuận, Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, "
    "Quảng Ngãi, Quảng Ninh, Quảng Trị, Sóc Trăng, Sơn La, Tây Ninh, Thái Bình, Thái Nguyên, Thanh Hóa, "
    "Tiền Giang, Trà Vinh, Tuyên Quang, Vĩnh Long, Vĩnh Phúc, Yên Bái"
).split(", ")
_OTHER_NAMES: Final = {"sài gòn": "Hồ Chí Minh", "hcm": "Hồ Chí Minh", "tphcm": "Hồ Chí Minh",
                       "đăk lăk": "Đắk Lắk", "đắc lắc": "Đắk Lắk", "bắc cạn": "Bắc Kạn",
                       "thừa thiên huế": "Huế"}  # fmt: skip
_NAMES: Final = {name.lower(): name for name in _PROVINCES} | _OTHER_NAMES
_WORDS_TOO: Final = frozenset({"hòa bình", "thái bình"})  # in small letters: peace
NAMES: Final = tuple(sorted(_NAMES, key=len, reverse=True))
HOME: Final = "Thái Nguyên"  # whose "nghị quyết của tỉnh" is meant
FOLDED: Final = "|".join(map(fold, NAMES))
PLACE: Final = re.compile(rf"(?<![a-z])(?:{FOLDED})(?![a-z])")  # a province, in folded text
_NAMED: Final = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, NAMES))})(?!\w)")
_NOT_MEANT: Final = re.compile(  # a street, a hill, a man
    r"đường (?:hồ chí minh|điện biên)|điện biên phủ|tư tưởng hồ chí minh|thanh niên cộng sản hồ chí minh"
)


def provinces_named(text: str) -> list[str]:
    """The provinces that `text`, with its diacritics, names in any capitals, each as often as it does."""
    typed = unify_tones(nfc(text))
    lower = typed.replace("İ", "i").lower()  # as long as typed: no other letter grows
    lower = _NOT_MEANT.sub(lambda match: "-" * len(match[0]), lower)
    return [
        _NAMES[match[0]]
        for match in _NAMED.finditer(lower)
        if match[0] not in _WORDS_TOO or typed[match.start()].isupper()
    ]


def provinces_in(text: str) -> frozenset[str]:
    """The same as a set."""
    return frozenset(provinces_named(text))


def written_as_names(text: str) -> str:
    """`text`, with its diacritics, and the provinces that it names in small letters in capitals."""
    masked = _NOT_MEANT.sub(lambda match: "-" * len(match[0]), text)
    for match in _NAMED.finditer(masked):
        if match[0] not in _WORDS_TOO and match[0] not in _OTHER_NAMES:
            text = text[: match.start()] + match[0].title() + text[match.end() :]
    return text
