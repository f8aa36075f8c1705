"""Whether a sentence tells of the office asked about: a deputy is not the head, the state's president no
province's chairman."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from index.evidence.reader import Floats
from index.evidence.sentences import Sentence, with_titles
from index.question.kind import kind_of
from index.store.generation import Generation
from knowledge.people import PERSON
from knowledge.vietnamese import fold, unify_tones

OTHER = 6.0  # log odds, from a sentence that tells of other offices only
HELD = 2.0  # and for one that has the office, the body's words and a person
HOLDER = re.compile(r"\b(?:ai (?:là|làm|đang|giữ)|là ai)\b")  # asks who holds one
FORMER = re.compile(r"\b(?:trước|cũ|nguyên|cựu|hồi|lúc|khi|thời)\b")  # asks of earlier holders
_OFFICE = re.compile(
    r"\b(?P<deputy>phó |thứ )?(?P<office>(?:trưởng )?ban|chủ tịch|(?:tổng )?(?:bí thư|giám đốc)|thủ tướng"
    r"|(?:bộ|cục|vụ|viện|hiệu) trưởng|(?:trưởng )?phòng|chánh (?:văn phòng|thanh tra))"
    r"(?: (?P<of>nước|quốc hội|hội đồng|hđnd))?\b"
)
# what follows an office that is held
_HELD_BY = re.compile(r"[^.;,(\n]{0,80}?(?:\b(?:là|do)\b(?! của)|:)")
_HOLDS = re.compile(r"\b(?:làm|giữ|kiêm|giữ chức)\s+$")
_SHORT = {"hdnd": "hoi dong nhan dan", "ubnd": "uy ban nhan dan"}
_BODY = re.compile(  # what the office is of, in the question
    r"(?:\W+(?!(?:là|ai|hiện|nay|bây|giờ|mới|mình|ta|vậy|thế|ạ|ký|thời|lúc|khi|hồi|năm|trước|cũ|của|thì|tên|dự|đang|và|về)\b)"
    r"[^\W\d]+){0,8}"
)


def of_another(generation: Generation, asked: str, sentences: Sequence[Sentence]) -> Floats:
    """Log odds to be taken from each, [sentences]."""
    away = np.zeros(len(sentences), np.float32)
    held = HELD * (kind_of(asked) == "person")  # "ai làm trưởng ban thì xem ở đâu" asks where
    for at, one in enumerate(sentences) if HOLDER.search(asked.lower()) else ():
        told = one.text_in(generation)
        around = f"{generation.metadata(one.document).title}\n{with_titles(generation, one)}"
        away[at] = OTHER * another_office(asked, told, around) - held * holder_told(asked, told)
    return away


def another_office(asked: str, told: str, around: str = "") -> bool:
    """Whether `asked` is who holds an office and `told`, a sentence, names offices but no holder of that one.

    What the office is of may stand in the titles `around` it.
    """
    named = _asked(asked.lower())
    offices = list(_OFFICE.finditer(told.lower())) if named else []
    if named is None or not offices:
        return False
    own = [one for one in offices if _is(named, one)]
    return _lacks(asked, named, f"{told} {around}") or not any(_held(told, one) for one in own)


def holder_told(asked: str, told: str) -> bool:
    """Whether `told` has by itself the office asked about, what it is of and, behind these, a person."""
    named = _asked(asked.lower())
    if named is None or not _of(asked, named).strip() or _lacks(asked, named, told):
        return False
    return any(
        _is(named, one) and PERSON.search(told, one.end()) is not None
        for one in _OFFICE.finditer(told.lower())
    )


def _of(asked: str, named: re.Match[str]) -> str:
    body = _BODY.match(asked.lower(), named.end("office"))
    return body[0] if body else ""


def _lacks(asked: str, named: re.Match[str], spelt: str) -> bool:
    """Whether a word of what the office is of is not in `spelt`: with its marks, where it was typed with
    them, and "thành ủy" as one: "Thanh" is a name, "tỉnh ủy" another."""
    body, folded = _of(asked, named), fold(spelt)
    bare = asked.lower() == fold(asked)
    said = folded if bare else unify_tones(spelt).lower()
    words = (body if not bare else fold(body)).split()
    wanted = [_SHORT.get(fold(one), one) for one in words]
    wanted += [" ".join(pair) for pair in pairwise(words) if fold(pair[1]) == "uy"]
    shorts = set(_SHORT.values())
    return any(
        re.search(rf"(?<!\w){re.escape(one)}(?!\w)", folded if one in shorts else said) is None
        for one in wanted
    )


def _asked(question: str) -> re.Match[str] | None:
    """The office beside the question word: "ai là phó ban", "bí thư dự họp là ai"."""
    holder = HOLDER.search(question)
    if holder is None:
        return None
    if holder[0] != "là ai":
        return _OFFICE.search(question, holder.end())
    return max(_OFFICE.finditer(question, 0, holder.start()), key=re.Match.start, default=None)


def _is(asked: re.Match[str], told: re.Match[str]) -> bool:
    same = all(_plain(asked[part]) == _plain(told[part]) for part in ("deputy", "office"))
    body, own = ((one["of"] or "").replace("hđnd", "hội đồng") for one in (asked, told))
    return same and body in ("", own)


def _held(told: str, office: re.Match[str]) -> bool:
    """Whether the sentence says who holds it: somebody by name, or who holds another office."""
    by = _HELD_BY.match(told, office.end()) or _HOLDS.search(told[: office.start()])
    return by is not None or PERSON.search(told) is not None


def _plain(part: str | None) -> str:
    """One spelling of "phó ban" and "phó trưởng ban"."""
    return (part or "").removeprefix("trưởng ").replace("thứ ", "phó ")
