"""The questions of one message, told apart: asked one after another, places listed, things compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from index.law.closing import asks_apart
from index.law.references import references_in
from index.question.follow import asking
from knowledge.places import FOLDED, NAMES
from knowledge.vietnamese import fold

MOST = 3  # more are a list to be read, not questions
FEWEST_WORDS = 2  # left beside what is compared, to ask of each

_PLACE = r"\b(?:\d{1,3}[a-zđ]?|[a-zđ])\b"
_LISTED = re.compile(
    rf"\b(?P<level>điều|dieu|khoản|khoan|điểm|diem) (?P<first>{_PLACE})"
    rf"(?P<more>(?:\s*(?:,|và|va|&)\s*(?:(?P=level) )?{_PLACE})+)"
    r"(?!\s*(?:triệu|trieu|tỷ|ty|nghìn|nghin|đồng|dong|%|ngày|ngay|tháng|thang|năm|nam|người|nguoi|[/.]\d))",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\bso sanh\b|\bso voi\b|\bkhac (?:nhau|gi|the nao|o)\b|\bgiong (?:nhau|va khac)\b|\bchenh\b"
)
_YEAR = re.compile(
    r"(?<![\d/-])(?:năm |nam )?(?P<year>20[0-4]\d)(?![\d/]|\s?[-–]\s?\d)", re.IGNORECASE
)
_PERIOD = re.compile(
    r"(?:(?:giai đoạn|giai doan) )?20[0-4]\d\s?[-–]\s?20[0-4]\d(?!\d)", re.IGNORECASE
)
_PROVINCE = re.compile(
    rf"(?<!\w)(?:(?:tỉnh|thành phố|tinh|thanh pho|tp) )?(?:{'|'.join(NAMES)}|{FOLDED})(?!\w)",
    re.IGNORECASE,
)
_END = r"(?=\W*$|[,.?!:;]| (?:khác|khac|giống|giong|chênh|chenh|nhau|thì|thi|là|la|có|co|được|duoc|so|ở|của|cho|về)\b)"
_TWINS = re.compile(  # "thẻ bạc và thẻ vàng", "chính quyền số với chính quyền điện tử"
    r"(?<!\w)(?P<one>(?P<head>[^\W\d_]+(?: [^\W\d_]+){0,2})(?: \w+){1,3}?) (?:và|va|với|voi|so với|so voi|hay)"
    rf" (?P<other>(?P=head)(?: \w+){{1,3}}?){_END}",
    re.IGNORECASE,
)
_NUMBER_WITH = re.compile(r"\bsố (?=với\b)", re.IGNORECASE)  # folded it would compare
_ONE_GAP = re.compile(r"\b(?:tăng|giảm|hơn|kém|tang|giam|hon|kem)\b.*\bso (?:với|voi)\b"
                      r"|\bso (?:với|voi)\b.*\b(?:tăng|giảm|hơn|kém|tang|giam|hon|kem)\b")  # fmt: skip
_JOINED = re.compile(r"\s*(?:và|va|với|voi|so với|so voi)\s+(?:(?:của|cua|ở|o)\s+)?", re.IGNORECASE)
_ONE = re.compile(r"\b(?:hop nhat|sap nhap|gop|nhap)\b")  # two provinces that became one
_JOINS = r"(?:,|và|va|với|voi|so với|so voi|hay|có gì|co gi|khác|khac|gì|gi|thế nào|the nao|ở|o)"
_BEFORE = re.compile(rf"(?:\s*\b{_JOINS}\b)+\s*$|\s*,\s*$", re.IGNORECASE)
_AFTER = re.compile(rf"^\s*(?:,|{_JOINS}\b\s*)+", re.IGNORECASE)
_COMPARING = re.compile(
    r"\b(?:so sánh|so sanh|so với|so voi|(?:giống|giong) (?:và|va) (?:khác|khac) nhau|(?:giống|giong|khác|khac) nhau"
    r"|(?:chênh lệch|chenh lech|chênh nhau|chenh nhau|khác|khac))\b"
    r"(?: (?:như |nhu |ở |o )?(?:thế nào|the nao|ra sao|gì|gi|chỗ nào|cho nao|điểm nào|diem nao)\b(?: nhau)?)?\s*",
    re.IGNORECASE,
)


def told_apart(text: str) -> list[str]:
    """One question for each thing; `text` alone where it asks of one."""
    listed = _LISTED.search(text)
    if listed:
        more = re.sub(listed["level"], " ", listed["more"], flags=re.IGNORECASE)
        places = [listed["first"], *re.findall(_PLACE, more)]
        alike = len({place[0].isdigit() for place in places}) == 1  # "dieu 5 va y nghia" is of one
        if len(places) <= MOST and alike:
            before, after = text[: listed.start()], _COMPARING.sub(" ", text[listed.end() :])
            asked = (f"{before}{listed['level']} {place}{after}" for place in places)
            return [" ".join(one.split()) for one in asked]
    return _compared(text) or [text]


def _compared(text: str) -> list[str]:
    if not _COMPARES.search(fold(_NUMBER_WITH.sub("-- ", text))):
        return []
    spans = _two_of(text)
    if len(spans) != 2 or fold(text[slice(*spans[0])]) == fold(text[slice(*spans[1])]):
        return []
    first, second = spans
    rest_of = (_BEFORE.sub(" ", text[: second[0]]) + text[second[1] :],
               text[: first[0]] + _AFTER.sub("", text[first[1] :]))  # fmt: skip
    asked = [" ".join(_COMPARING.sub(" ", one).split()).replace(" ?", "?") for one in rest_of]
    return [_asked_of(one) for one in asked]


def _two_of(text: str) -> list[tuple[int, int]]:
    """Where the two stand that are compared: documents, years, periods, provinces, or two of one name."""
    documents = [one for one in references_in(text) if one.names_document]
    inside = [one.span for one in documents]
    if len(inside) == 2:
        one, other = documents
        same = replace(one, span=other.span) == other
        return [] if same else inside
    if _ONE_GAP.search(text.lower()):  # "tăng mấy bậc so với 2022" asks for one difference
        return []

    def apart(found: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
        free = (one for one in found if not any(a <= one.start() < b for a, b in inside))
        return [one.span() for one in free]

    pairs = [apart(pattern.finditer(text)) for pattern in (_YEAR, _PERIOD)]
    provinces = apart(_PROVINCE.finditer(text))
    if len(provinces) == 2 and not _ONE.search(fold(text)):
        (_, end), (start, _) = provinces  # "so với Bắc Ninh, Thái Nguyên đứng thứ mấy" asks of one
        pairs += [provinces] if _JOINED.fullmatch(text, end, start) else []
    named = _TWINS.search(text)
    if named and not f"{fold(named['other'])} ".startswith(f"{fold(named['one'])} "):
        pairs.append([named.span("one"), named.span("other")])
    return next((spans for spans in pairs if len(spans) == 2), [])


def _asked_of(text: str) -> str:
    """What is left of a comparison of two documents' whole contents asks what each is about."""
    named = next((one for one in references_in(text) if one.names_document), None)
    if named is None or not named.number:
        return text
    called = " ".join(
        text[slice(*named.span)].split()[: len(f"{named.kind} {named.number}".split())]
    )
    return (
        f"{called} về việc gì?" if len(text.split()) < len(called.split()) + FEWEST_WORDS else text
    )


_ASKS = re.compile(
    r"\b(?:bao nhieu|bao lau|bao gio|khi nao|luc nao|nao|gi|ai|o dau|toi dau|den dau|tai sao|vi sao|ra sao|sao"
    r"|(?:thu|ngay|thang|nam|muc|nhom|so|hang) may|may (?:ngay|thang|nam|muc|nguoi|tinh|xa|lan|gio|tieng|phan|dong|trieu|ty|loai|cap|buoc|hom|chuong|dieu)"
    r"|(?:duoc|phai|dung|hay|co|nua) khong|khong$|chua$"
    r"|what|who|whose|when|where|why|which|how)\b"
)
_JOINT = re.compile(
    r",\s*(?P<said>(?:và|va|còn|con|đồng thời|dong thoi|and)\s+)?|\s+(?P<and>và|va|and)\s+",
    re.IGNORECASE,
)
_MOST_PARTS = 3


def asks(text: str) -> bool:
    """Whether a piece of a message is a question by itself."""
    return _ASKS.search(asking(text)) is not None


def asked_in_turn(text: str) -> list[str]:
    """The questions of a message; a piece that asks nothing stays with its neighbour."""
    parts: list[str] = []
    waiting = ""
    for piece in re.split(r"(?<=\?)\s+(?=\S)", text):
        joined = f"{waiting} {piece}".strip()
        if asks(piece):
            parts.append(joined)
            waiting = ""
        elif parts:
            parts[-1] = f"{parts[-1]} {piece}"
        else:
            waiting = joined
    if waiting:
        parts.append(waiting)
    halves = [half for part in parts for half in _halves(part)]
    return halves if len(halves) <= _MOST_PARTS else parts[:_MOST_PARTS] if parts[1:] else [text]


def _halves(part: str) -> list[str]:
    for joint in _JOINT.finditer(part):
        left, right = part[: joint.start()], part[joint.end() :]
        quoted = left.count('"') % 2 or left.count("“") > left.count("”")
        if quoted or not (asks(left) and asks(right)):
            continue
        joined = joint["said"] or joint["and"]
        if joined and len(left.split()) >= 5 and len(right.split()) >= 3:
            return [left, right[0].upper() + right[1:]]
        if asks_apart(left, right):  # "…, ai ký, gửi cho ai": each stands in its own place
            return [left, *_halves(right[0].upper() + right[1:])]
    return [part]
