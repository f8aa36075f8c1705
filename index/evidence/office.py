"""Whether a sentence tells of the office asked about: a deputy is not the head, the state's president no
province's chairman."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from index.evidence.reader import Floats
from index.evidence.sentences import Sentence
from index.store.generation import Generation

OTHER = 6.0  # log odds, from a sentence that tells of other offices only
HOLDER = re.compile(r"\b(?:ai (?:là|làm|đang|giữ)|là ai)\b")  # asks who holds one
_OFFICE = re.compile(
    r"\b(?P<deputy>phó |thứ )?(?P<office>(?:trưởng )?ban|chủ tịch|(?:tổng )?(?:bí thư|giám đốc)|thủ tướng"
    r"|(?:bộ|cục|vụ|viện|hiệu) trưởng|(?:trưởng )?phòng|chánh (?:văn phòng|thanh tra))"
    r"(?: (?P<of>nước|quốc hội|hội đồng|hđnd|(?:sở|bộ|cục|vụ|phòng)(?: \w+){2}))?\b"
)


def of_another(generation: Generation, asked: str, sentences: Sequence[Sentence]) -> Floats:
    """Log odds to be taken from each, [sentences]."""
    away = np.zeros(len(sentences), np.float32)
    for at, one in enumerate(sentences) if HOLDER.search(asked.lower()) else ():
        text = generation.document(generation.passages[one.passage].document).text
        away[at] = OTHER * another_office(asked, text[one.start : one.end])
    return away


def another_office(asked: str, told: str) -> bool:
    """Whether `asked` is who holds an office and `told`, a sentence, names offices but not that one."""
    named = _asked(asked.lower())
    if named is None:
        return False
    offices = list(_OFFICE.finditer(told.lower()))
    return bool(offices) and not any(_is(named, one) for one in offices)


def _asked(question: str) -> re.Match[str] | None:
    """The office beside the question word: "ai là phó ban", "bí thư dự họp là ai"."""
    holder = HOLDER.search(question)
    if holder is None:
        return None
    if holder[0] != "là ai":
        return _OFFICE.search(question, holder.end())
    return max(_OFFICE.finditer(question, 0, holder.start()), key=re.Match.start, default=None)


def _is(asked: re.Match[str], told: re.Match[str]) -> bool:
    """Where the question tells of what body, the same; "Giám đốc" alone may be any."""
    same = all(_plain(asked[part]) == _plain(told[part]) for part in ("deputy", "office"))
    body, own = ((one["of"] or "").replace("hđnd", "hội đồng") for one in (asked, told))
    of_department = not own and body[:3] in ("sở ", "bộ ", "cục", "vụ ", "phò")
    return same and (not body or body == own or of_department)


def _plain(part: str | None) -> str:
    return (
        (part or "").removeprefix("trưởng ").replace("thứ ", "phó ")
    )  # "phó ban", "phó trưởng ban"
