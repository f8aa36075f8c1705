"""What sentences that name a document say of it beside its name: its day, its issuer, its subject."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.evidence.issued import asks_both, asks_day, asks_issuer
from index.evidence.stretches import Stretch
from index.evidence.subject import asks_subject
from index.store.generation import Generation
from knowledge.lines import line_around
from knowledge.vietnamese import fold

DOCUMENTS = 3  # of one number that are told apart
_REST = r"(?P<rest>[\w/-]*)[\s,(]*"  # behind "nghị quyết 57": the rest of its number
_DATED = (
    r"(?:(?:ban hanh|ky) )?(?:ngay )?(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"|\d{1,2} thang \d{1,2} nam \d{4})"
)
_BY = (
    r"[\s,)]*(?:cua|do) (?P<issuer>(?:chinh phu|quoc hoi|thu tuong|chu tich|bo|ban|so|cuc|uy ban|ubnd|hoi dong|hdnd"
    r"|tinh uy|thanh uy|trung uong|van phong|vien|toa an|ngan hang|thanh tra)\b(?: \w+){0,2})"
)
_SAYS = (
    r"[\s,)]*(?:(?:la )?(?:noi |quy dinh )?ve|phe duyet|ban hanh|quy dinh|huong dan|cong bo|thong qua|chap thuan"
    r"|lay|la can cu|dat muc tieu|yeu cau)\b"
)
_TOLD = (
    (asks_both, re.compile(_REST + _DATED + _BY), "day"),
    (asks_day, re.compile(_REST + _DATED), "day"),
    (asks_issuer, re.compile(rf"{_REST}(?:{_DATED})?{_BY}"), "issuer"),
    (
        asks_subject,
        re.compile(
            rf"{_REST}(?:{_DATED})?(?:[\s,)]*(?:la )?(?:cua|do)(?: \w+){{1,11}}?)?"
            # "Kế hoạch 237/KH-UBND ngày 13/12/2024 của Thái Nguyên: …"
            rf"(?:{_SAYS}|(?(day)\s*:(?= )|(?!)))"
        ),
        "",
    ),
)
_ORIGIN = re.compile(rf"[^;\n]{{0,250}}?\b{_DATED}{_BY}")  # "(Điều 1 Nghị định số … ngày … của …"


def introduced(
    words: frozenset[str], mention: re.Pattern[str], rows: Sequence[int], generation: Generation
) -> tuple[Stretch, ...]:
    """The sentence of `rows` that tells what `words` beside the document's name ask, if one does.

    The one that begins with the name; where they differ in the day or the issuer, of those that say
    what most say. One for each document that bears the number, the most cited first.
    """
    says, what = next(((says, what) for asks, says, what in _TOLD if asks(words)), (None, ""))
    told: dict[str, list[tuple[str, int, Stretch]]] = {}
    for row in rows if says else ():
        path = generation.passages[row].document
        text = generation.document(path).text
        for start, end, *_ in generation.sentences_of(row)[0].tolist():
            heading = text.startswith("#", text.rfind("\n", 0, start + 1) + 1)
            said = "" if heading else fold(text[start:end])
            for named in mention.finditer(said):
                if found := says and says.match(said, named.end()):
                    same = _plain(found[what]) if what else ""
                    number = re.sub(r"^[a-z ]+|\s", "", named[0] + found["rest"])
                    # in full, with its day, before what it merely aims at
                    at = 2 * named.start() + (not found["day"])
                    told.setdefault(number, []).append((same, at, (path, start, end)))
    order = sorted(told.values(), key=len, reverse=True)
    return tuple(dict.fromkeys(map(_best, order)))[:DOCUMENTS]


def _best(told: Sequence[tuple[str, int, Stretch]]) -> Stretch:
    usual = Counter(one for one, *_ in told).most_common(1)[0][0]
    return min((one for one in told if one[0] == usual), key=lambda one: one[1])[2]


def introducing(mention: re.Pattern[str], text: str) -> tuple[int, int] | None:
    """The line in which a text that has no heading gives the document's day and issuer, if it does."""
    folded = fold(text)
    for named in mention.finditer(folded):
        if _ORIGIN.match(folded, named.end()):
            return line_around(text, *named.span())
    return None


def _plain(told: str) -> str:
    """An issuer, or a day in one spelling."""
    return "-".join(number.lstrip("0") for number in re.findall(r"\d+", told)) or told
