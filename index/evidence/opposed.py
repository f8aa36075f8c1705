"""Whether what would be shown tells the counterpart of what is asked: the least for the most, the end for
the beginning, another level, filing online for filing in person, a count for a list. Then it is never firm."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.evidence.found import Found
from index.evidence.sentences import titles_above
from index.evidence.shown import ORIGIN
from index.evidence.signals import told_by
from index.evidence.stretches import head_of
from index.law.asked_effect import asks_end, tells_end
from index.law.numbered import numbered_in
from index.question.amounts import SPELT
from index.question.kind import AnswerKind
from index.result import Quote
from index.store.generation import Generation
from knowledge.vietnamese import fold

_MOST = re.compile(
    r"\b(?:toi da|khong qua|cao nhat|nhieu nhat|khong vuot qua|khong (?:nhieu|lon) hon|tro xuong|duoi \d)\b"
)
_LEAST = re.compile(r"\b(?:toi thieu|it nhat|thap nhat|khong (?:it|thap) hon|tro len)\b")
_LATEST = re.compile(r"\b(?:cham|muon) nhat\b")
_EARLIEST = re.compile(r"\bsom nhat\b")
_AMOUNT = re.compile(  # what is asked for, with the words beside it
    r"(?:\S+\s+){0,5}\b(?:bao nhieu|may|bao lau|muc nao|phan tram)\b(?:\s+\S+){0,2}"
)
_BOUNDED: frozenset[AnswerKind] = frozenset({"number", "date", "other", "list"})
_TIMELY: frozenset[AnswerKind] = frozenset({"date", "validity"})
_BEGINS = re.compile(r"\b(?:khoi cong|dong tho)\b")
_ENDS = re.compile(
    r"\b(?:ket thuc|hoan thanh|het han|ngung|dung (?:hoat dong|nhan)|khanh thanh|cham dut|giai the)\b"
)
_END = re.compile(  # how else a text tells an end
    r"\b(?:den (?:het|ngay|thang|nam|khi|cuoi)|truoc (?:ngay|thang|nam)|han|cham nhat|giai doan|xong|het"
    r"|trong (?:nam|thang|quy))\b"
)
_LEVELS = "trung uong|bo|tinh|huyen|xa|thon|xom|so|phuong"
_LEVEL = re.compile(rf"\bcap (?P<level>{_LEVELS})\b")
_OTHER_LEVEL = re.compile(rf"\b(?:cap|o) (?:{_LEVELS})\b")
_IN_PERSON = re.compile(r"\b(?:nop|gui|nhan|lam|tra)(?: \S+){0,4} truc tiep\b")
_ONLINE = re.compile(r"\btruc tuyen\b")
_FEWEST = 3
_SPELT = dict(zip(SPELT[_FEWEST - 1 :], range(_FEWEST, len(SPELT) + 1), strict=True))
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_SPELT)}) (?P<noun>[a-z]+)\b[^,?]*?"
_LISTED = (  # "15 chỉ tiêu của nghị quyết là những chỉ tiêu nào", "5 mũi đột phá của đề án là gì"
    re.compile(rf"(?<!\S){_COUNT} (?:la|gom|bao gom) (?:nhung|cac) (?P=noun)\b"),
    re.compile(rf"(?:^|\b(?:co|gom|neu|dat|cac|nhung) ){_COUNT} la (?:nhung )?gi\b"),
)
_TOLD = 0.6  # of what is counted, that a list must tell
_ITEM = re.compile(r"^\s*(?:[a-zđ]\)|\d{1,2}[.)]|[-+•])", re.MULTILINE)


def opposed(found: Found, quotes: Sequence[Quote], generation: Generation) -> bool:
    """Whether the best of the sentences that `quotes` show tells no more than the counterpart."""
    told = told_by(found, quotes)
    if not told:
        return False
    best, asked = told[0], found.understanding
    document, outline = generation.document(best.document), generation.outline(best.document)
    head = head_of(document, outline, best.span)
    said = f"{document.text[slice(*head)] if head else ''}\n{best.text_in(generation)}"
    titles = titles_above(generation, best.document, best.start)
    shown = "\n".join(quote.text for quote in quotes)
    return is_opposed(asked.alone, asked.answer_kind, said, f"{titles}\n{said}", shown)


def is_opposed(asked: str, kind: AnswerKind, told: str, around: str, shown: str) -> bool:
    """Whether none of what is asked is told, but its counterpart.

    `told` is the best sentence with the head of its list, `around` the same below its titles, `shown` all
    that is quoted.
    """
    question, said, held = fold(asked), fold(told), fold(around)
    return (
        _tells_other_bound(question, kind, said)
        or _tells_other_end(question, kind, said, held)
        or _tells_other_level(question, said, held)
        or _tells_other_way(question, said, held)
        or _tells_other_number(asked, around)
        or _only_counts(question, shown)
    )


def _tells_other_bound(question: str, kind: AnswerKind, said: str) -> bool:
    amount = _AMOUNT.search(question)
    asked = _bounds(amount[0]) if amount and kind in _BOUNDED else set()
    if not asked and kind == "number":
        asked = _bounds(question)
    told = _bounds(said, both=True)
    return len(asked) == 1 and bool(told) and not asked & told


def _bounds(text: str, both: bool = False) -> set[str]:
    """The bounds that a text speaks of: "chậm nhất 30 ngày trước" is as well the least."""
    found = {
        bound
        for bound, pattern in (("most", _MOST), ("least", _LEAST), ("least", _EARLIEST))
        if pattern.search(text)
    }
    if _LATEST.search(text):
        if not re.search(r"\btruoc\b", text):
            found.add("most")
        elif both:
            found |= {"most", "least"}
    return found


def _tells_other_end(question: str, kind: AnswerKind, said: str, held: str) -> bool:
    if kind not in _TIMELY:
        return False
    if _ENDS.search(question) or asks_end(question):
        return not (_ENDS.search(said) or _END.search(said) or tells_end(said))
    return kind == "date" and bool(_BEGINS.search(question)) and not _BEGINS.search(held)


def _tells_other_level(question: str, said: str, held: str) -> bool:
    level = _LEVEL.search(question)
    if level is None or re.search(rf"\b{level['level']}\b", held):
        return False
    return _OTHER_LEVEL.search(said) is not None


def _tells_other_way(question: str, said: str, held: str) -> bool:
    if not _IN_PERSON.search(question) or _ONLINE.search(question):
        return False
    return bool(_ONLINE.search(said)) and "truc tiep" not in held


def _tells_other_number(asked: str, around: str) -> bool:
    """Whether things of a kind are told, none of the number asked for: "cấp độ 3" for "cấp độ 2"."""
    told = list(numbered_in(around))
    for one in numbered_in(asked):
        alike = {other.number for other in told if other.noun == one.noun}
        if alike and one.number not in alike:
            return True
    return False


def _only_counts(question: str, shown: str) -> bool:
    """Whether many things are asked for by name, and what is shown hardly names any."""
    listed = next(filter(None, (asks.search(question) for asks in _LISTED)), None)
    count = _SPELT.get(listed["count"]) or int(listed["count"]) if listed else 0
    text = ORIGIN.sub("", shown)
    told = max(text.count(";"), text.count(","), len(_ITEM.findall(text)) - 1)
    return count >= _FEWEST and told + 1 < _TOLD * count
