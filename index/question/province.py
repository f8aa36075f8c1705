"""A question without "ở Thái Nguyên", where that says where the person is and not what is asked."""

from __future__ import annotations

import re
from typing import Final

from index.law.references import references_in
from knowledge.places import HOME, PLACE
from knowledge.vietnamese import fold, nfc

_NAME: Final = rf"(?: tinh)? (?:{fold(HOME)}|tn)(?: province)?\b(?! id\b)\)?(?:\s*,|\s+thi\b)?"
_HERE: Final = rf"[\s,(]*(?<!\w)(?P<at>o|tai|tren dia ban|in)(?: toan)?{_NAME}"
_PEOPLE: Final = rf"(?:(?<=nguoi dan)|(?<=ba con)){_NAME}"
_BODIES: Final = rf"(?:(?<=ubnd tinh)|(?<=hdnd tinh)|(?<=uy ban nhan dan tinh)|(?<=hoi dong nhan dan tinh)){_NAME}"
_AT_HOME: Final = re.compile(f"{_HERE}|{_PEOPLE}")
_AT_HOME_OR_ITS_BODIES: Final = re.compile(f"{_HERE}|{_PEOPLE}|{_BODIES}")
_AT: Final = frozenset({"ở", "o", "ơ", "tại", "tai", "in"})  # as typed: not "tải", "tài"
_ENDS_IN_TAI: Final = re.compile(r"\b(?:van|thien|trong|nhan|cach|de)\s*$")  # vận tải, thiên tai
# What each province decides, reaches or has for itself.
_ITS_OWN: Final = re.compile(
    r"\b(?:muc tieu|chi tieu|phan dau|t[iy] (?:le|trong)|phan tram|xep (?:hang|thu)|chu tich|bi thu|giam doc"
    r"|truong ban|ban chi dao|lanh dao|(?:co|dat|gom|duoc) bao nhieu|dan so|ngan sach|kinh phi|nghi quyet"
    r"|ke hoach|de an|su kien|hoi nghi)\b"
)
_DUTY: Final = re.compile(r"\b(?:phai|trach nhiem|nhiem vu|duoc giao|co quyen|tham quyen)\b")
# in a document's number
_CENTRAL: Final = re.compile(r"CP\b|TTg\b|/?QH\d*\b|[/-]TT", re.IGNORECASE)


def without_home(text: str) -> str:
    """`text` without the province that is served, where what holds for all is asked for.

    "ở Thái Nguyên" goes, unless the province's own affairs or another province are asked about; beside
    the number of a document of the country's, "UBND tỉnh Thái Nguyên" becomes "UBND tỉnh" where its
    duties are asked for: the document names no province.
    """
    folded = fold(text)
    if not _AT_HOME_OR_ITS_BODIES.search(folded) or {*PLACE.findall(folded)} - {fold(HOME)}:
        return text
    numbers = [one.number for one in references_in(text) if one.number]
    if numbers and all(map(_CENTRAL.search, numbers)) and _DUTY.search(folded):
        pattern = _AT_HOME_OR_ITS_BODIES
    elif _ITS_OWN.search(folded):
        return text
    else:
        pattern = _AT_HOME
    left, end = "", 0
    for found in pattern.finditer(folded):
        if _says_where(text, folded, found):
            left, end = f"{left}{text[end : found.start()]} ", found.end()
    return _tidy(left + text[end:]) if end else text


def _says_where(text: str, folded: str, found: re.Match[str]) -> bool:
    if found["at"] in (None, "tren dia ban"):
        return True
    typed = nfc(text[slice(*found.span("at"))]).lower()
    return typed in _AT and not (
        typed == "tai" and _ENDS_IN_TAI.search(folded[: found.start("at")])
    )


def _tidy(text: str) -> str:
    return re.sub(r"\s+([?.!,;:])", r"\1", " ".join(text.split())).lstrip(" ,:;-")
