"""Questions that ask of several things at once, told apart: places listed, two years or documents compared."""

from __future__ import annotations

import re

from index.law.references import references_in
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
_JOINS = r"(?:,|và|va|với|voi|so với|so voi|hay|có gì|co gi|khác|khac|gì|gi|thế nào|the nao|ở|o)"
_BEFORE = re.compile(rf"(?:\s*\b{_JOINS}\b)+\s*$|\s*,\s*$", re.IGNORECASE)
_AFTER = re.compile(rf"^\s*(?:,|{_JOINS}\b\s*)+", re.IGNORECASE)
_COMPARING = re.compile(
    r"\b(?:so sánh|so sanh|so với|so voi|(?:giống|giong) (?:và|va) (?:khác|khac) nhau|(?:giống|giong|khác|khac) nhau"
    r"|(?:chênh lệch|chenh lech|khác|khac))\b(?: (?:như |nhu )?(?:thế nào|the nao|ra sao|gì|gi))?\s*",
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
    if not _COMPARES.search(fold(text)):
        return []
    documents = [one for one in references_in(text) if one.names_document]
    spans = [one.span for one in documents]
    if len(spans) != 2:
        inside = spans
        years = [m for m in _YEAR.finditer(text) if not any(a <= m.start() < b for a, b in inside)]
        spans = [match.span() for match in years]
        if len(spans) != 2 or years[0]["year"] == years[1]["year"]:
            return []
    elif documents[0].number == documents[1].number and documents[0].name == documents[1].name:
        return []
    first, second = spans
    rest_of = (_BEFORE.sub(" ", text[: second[0]]) + text[second[1] :],
               text[: first[0]] + _AFTER.sub("", text[first[1] :]))  # fmt: skip
    asked = [" ".join(_COMPARING.sub(" ", one).split()) for one in rest_of]
    return [_asked_of(one) for one in asked]


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
