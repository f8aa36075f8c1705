"""The day on which a document was issued, where that is asked: as its own letterhead tells it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.evidence.sources import SUMMARY
from index.evidence.subject import beside_references
from index.question.understand import Understanding
from index.scope import Scope
from index.store.generation import Generation
from knowledge.vietnamese import fold, syllables

_OF_ISSUE = frozenset(
    "ngay nao may bao nhieu thang nam khi gio luc duoc ban hanh ky ra doi vao la cua hoi minh em a vay ad oi cho biet"
    " co the ho tro thoi gian diem cong bo".split()
)  # folded words of a question that asks when a document was issued, and nothing besides
_ASKS_DAY = frozenset({"ngay", "khi", "gio", "luc", "nam", "thang"})
_ISSUES = frozenset({"hanh", "ky", "doi"})  # ban hành, ký, ra đời
_LETTERHEAD = 4000  # characters at a text's beginning, or its end, where its own day stands
_LINE = 250  # characters of the line with that day
_NAMED_WITH = re.compile(  # behind "nghị quyết 57": the rest of its number, and its day
    r"[\w/-]*[\s,(]*(?:(?:ban hanh|ky) )?(?:ngay )?"
    r"(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2} thang \d{1,2} nam \d{4})"
)


def issued(
    understanding: Understanding, scope: Scope, generation: Generation
) -> tuple[str, int, int] | None:
    """Where a document, found by its name, gives its own day, if that is all that is asked.

    Of one that the library does not hold, where another names it with its day.
    """
    if scope.mention and not scope.documents and _asks_day(beside_references(understanding)):
        return _told_by_others(scope.mention, scope.rows, generation)
    if len(scope.documents) != 1 or scope.span or scope.absent:
        return None
    path = scope.documents[0]
    about = generation.metadata(path)
    issuer = frozenset(syllables(about.issuer))
    asks = _asks_day(beside_references(understanding) - issuer)
    if not asks or about.kind == SUMMARY or about.date.count("-") != 2:
        return None
    year, month, day = map(int, about.date.split("-"))
    own = re.compile(
        rf"ngày\s+0?{day}\s+tháng\s+0?{month}\s+năm\s+{year}|\b0?{day}[/.-]0?{month}[/.-]{year}\b"
    )
    text = generation.document(path).text
    for start in (0, max(0, len(text) - _LETTERHEAD)):
        for found in own.finditer(text, start, start + _LETTERHEAD):
            first = text.rfind("\n", 0, found.start()) + 1
            last = text.find("\n", found.end())
            if 0 < (last := last if last >= 0 else len(text)) - first <= _LINE:
                return path, first, last
    return None


def _asks_day(words: frozenset[str]) -> bool:
    """Whether `words`, folded, ask when a document was issued, and nothing besides."""
    of_number = "ngay" in words and bool(words & {"nhieu", "may", "nao"})
    return bool(words & _ASKS_DAY) and (bool(words & _ISSUES) or of_number) and words <= _OF_ISSUE


def _told_by_others(
    mention: re.Pattern[str], rows: Sequence[int], generation: Generation
) -> tuple[str, int, int] | None:
    """The first sentence of `rows` that gives a document the day that most of them give it."""
    told: list[tuple[str, tuple[str, int, int]]] = []
    for row in rows:
        path = generation.passages[row].document
        for start, end, *_ in generation.sentences_of(row)[0].tolist():
            said = fold(generation.document(path).text[start:end])
            for named in mention.finditer(said):
                if with_day := _NAMED_WITH.match(said, named.end()):
                    day = "-".join(
                        number.lstrip("0") for number in re.findall(r"\d+", with_day["day"])
                    )
                    told.append((day, (path, start, end)))
    if not told:
        return None
    usual = Counter(day for day, _ in told).most_common(1)[0][0]
    return next(place for day, place in told if day == usual)
