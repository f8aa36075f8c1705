"""Documents asked for by what they are: their kind, day or year, place, issuer, title, or newness.

Not by what they say: that is searched for.
"""

from __future__ import annotations

import re

from index.evidence.sources import SUMMARY
from index.evidence.subject import KINDS
from index.question.understand import Understanding
from index.store.generation import Entry, Generation
from knowledge.vietnamese import fold

MOST = 5  # documents that are told one by one

_WORD = re.compile(r"\w+")
_DAY = re.compile(
    r"\b(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>(?:19|20)\d\d)\b"
    r"|\b(?P<dd>\d{1,2}) thang (?P<mm>\d{1,2}) nam (?P<yy>(?:19|20)\d\d)\b"
)
_DAY_GROUPS = (("d", "m", "y"), ("dd", "mm", "yy"))
_MONTH = re.compile(  # or a year
    r"\b(?:thang (?P<m>\d{1,2})(?: nam |[ /.-]+))?(?P<y>(?:19|20)\d\d)\b"
)
_NEWEST = re.compile(
    r"\bmoi (?:nhat|day|ban hanh|ra)\b|\bgan day\b|\bvua (?:moi )?(?:ban hanh|ra)\b"
)
_DOCUMENT = rf"\b(?:văn bản|tài liệu|{'|'.join(KINDS).lower()})\b"
_SEVERAL = re.compile(rf"\b(?:những|các|liệt kê|danh sách|bao nhiêu|mấy|tất cả) {_DOCUMENT}")
_ASKED_OF = frozenset(
    "có là gì nào ai được do của về trong ở tại từ và cho biết hỏi xin tìm giúp xem kể tên liệt kê danh sách những các"
    " bao nhiêu mấy tất cả tổng mới nhất đây gần vừa ngày tháng năm hôm vào ra đời ban hành thông qua công bố ký kho thư"
    " viện hệ thống hiện nay đang lưu tỉnh thành phố tôi em mình ạ vậy ơi không còn nữa thế".split()
)  # words of a question that asks which documents there are, and nothing besides


def listed(understanding: Understanding, generation: Generation) -> tuple[str, ...]:
    """Paths of the documents that a question asks for, newest first; none where it asks for no list.

    What else it says must stand in their titles or be the name of who issued them.
    """
    said = understanding.alone.lower()
    folded = fold(said)
    named = re.search(_DOCUMENT, said)
    if not named or any(one.number for one in understanding.references):
        return ()
    day = _DAY.search(folded) or _MONTH.search(folded)
    start, end = day.span() if day else (0, 0)
    told = f"{said[:start]} {said[end:]}"
    kind = named[0].capitalize()
    words = frozenset(_WORD.findall(told.replace(named[0], " "))) - _ASKED_OF
    newest, several = _NEWEST.search(folded), _SEVERAL.search(said)
    if not (newest or several or (day and not words)):
        return ()
    begins = _iso(day) if day else ""
    found = [
        entry
        for entry in generation.entries
        if entry.metadata.date.startswith(begins)
        and (kind not in KINDS or entry.metadata.kind == kind)
        and (_has_own_day(entry) or not (begins or newest))
        and _is_meant(entry, words, understanding, generation)
    ]
    newest_first = sorted(found, key=lambda one: one.metadata.date, reverse=True)
    return tuple(entry.path for entry in newest_first)


def _has_own_day(entry: Entry) -> bool:
    """A summary's is the day on which it was written."""
    return bool(entry.metadata.date) and entry.metadata.kind != SUMMARY


def _is_meant(
    entry: Entry, words: frozenset[str], understanding: Understanding, generation: Generation
) -> bool:
    own = generation.provinces[entry.path]
    asked = understanding.provinces_for(own)
    if asked and not own & asked:
        return False
    about = entry.metadata
    said = f"{about.title} {about.issuer} {' '.join(asked)}".lower()
    return words <= frozenset(_WORD.findall(said))


def _iso(day: re.Match[str]) -> str:
    """How dates begin that are of a day, a month or a year."""
    if day.re is _DAY:
        number = next(day.group(*names) for names in _DAY_GROUPS if day[names[0]])
        return "{2}-{1:0>2}-{0:0>2}".format(*number)
    return f"{day['y']}-{day['m']:0>2}-" if day["m"] else f"{day['y']}-"
