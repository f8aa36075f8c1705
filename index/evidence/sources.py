"""Which of several sentences to believe: the better document, the year asked about, else the latest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from index.evidence.focus import uncited
from index.evidence.office import FORMER, HOLDER
from index.evidence.sentences import Sentence, with_titles
from index.evidence.shown import ORIGIN
from index.evidence.weights import Words
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.places import HOME
from knowledge.vietnamese import fold

SUMMARY = "Tóm tắt"  # no source itself, and no newer than those it sums up

# What counts between sentences that answer equally well, in units of their score: half of all
# second sentences lie more than 3 behind the first.
OUT_OF_FORCE = 1.5
PLACE = 0.45  # for the province's own document, and against another province's
AGE = 0.06  # a year, ten years at most
RANK = 0.15  # a step
STALE = 0.6  # a year, of what is told of, where it is asked how things stand now
RECENT = 0.15  # likewise where no year is asked about
OTHER_YEAR = 2.0  # against what tells of other years than those asked about
MORE_YEARS = 0.6  # and of others beside them: sources that differ are set against each other so
_RANKS = (
    {"Hiến pháp", "Bộ luật", "Luật", "Pháp lệnh", "Nghị định", "Nghị quyết", "Thông tư",
     "Thông tư liên tịch", "Quyết định", "Chỉ thị"},
    {"Kế hoạch", "Chương trình", "Đề án", "Kết luận", "Hướng dẫn", "Quy chế", "Quy định"},
)  # fmt: skip
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# "tăng 2 bậc so với năm 2022" tells of another year; folded
_COMPARED_TO = re.compile(r"\bso voi\b[^.;,()\n]{0,30}?(?:19|20)\d\d(?!\d)")
_YEARS = re.compile(r"(?<!\d)(20\d\d)\s?[-–]\s?(20\d\d)(?!\d)")


def preferred(
    sentences: Sequence[Sentence],
    understanding: Understanding,
    generation: Generation,
    day: date,
    now: bool,
) -> list[Sentence]:
    """`sentences`, best first, where how good a document is decides what evidence hardly does, and the year
    told of: the one asked about, else the latest, above all where it is asked how things stand `now`.
    """
    paths = {one.document for one in sentences}
    worths = {path: worth(path, understanding, generation, day) for path in paths}
    years = understanding.years
    holds = HOLDER.search(understanding.dense.lower())
    held = FORMER.search(understanding.alone.lower())  # who was spoken of may be another
    stale = 0.0 if holds and held else STALE if now or holds else RECENT

    def counted(one: Sentence) -> float:
        told = years_of(generation, one)
        other = bool(years and told and told.isdisjoint(years))
        more = bool(years and not other and _years_said(one.text_in(generation)) - set(years))
        # a goal of 2045 says nothing of now
        known = [int(year) for year in told if int(year) <= day.year]
        age = min(day.year - max(known), 10) if known and not years else 0
        return (
            one.score + worths[one.document] - OTHER_YEAR * other - MORE_YEARS * more - stale * age
        )

    return sorted(sentences, key=counted, reverse=True)


def years_of(generation: Generation, one: Sentence) -> frozenset[str]:
    """The years that a sentence tells of; where it tells of none, those of the titles above it."""
    return years_in(one.text_in(generation)) or years_in(with_titles(generation, one))


def _years_said(text: str) -> frozenset[str]:
    """Each year by itself, but those of sources: neither "2021-2025" nor "(Nguồn: …, 26/11/2024)"."""
    return frozenset(YEAR.findall(_YEARS.sub(" ", uncited(fold(ORIGIN.sub(" ", text))))))


def years_in(text: str) -> frozenset[str]:
    """The years it tells of, all of "2021-2025", but those of documents that it cites, and what it
    compares them to.
    """
    told = _COMPARED_TO.sub("-", uncited(fold(text)))
    between = (range(int(span[1]), int(span[2])) for span in _YEARS.finditer(told))
    return frozenset(YEAR.findall(told)).union(str(year) for years in between for year in years)


def worth(path: str, understanding: Understanding, generation: Generation, day: date) -> float:
    """What counts for a document, in units of a sentence's score."""
    about = generation.metadata(path)
    counts = -OUT_OF_FORCE if about.stands(day) in ("expired", "draft", "not yet") else 0.0
    counts -= RANK * next((step for step, kinds in enumerate(_RANKS) if about.kind in kinds), 2)
    if not understanding.years:
        year = int(about.date[:4] or 0) if about.kind != SUMMARY else 0
        counts -= AGE * min(max(day.year - year, 0), 10)
    if understanding.provinces <= {HOME}:
        places = generation.provinces[path]
        counts += PLACE * ((HOME in places) - bool(places - {HOME}))
    return counts


def distinct(sentences: Sequence[Sentence], generation: Generation) -> Iterator[Sentence]:
    """`sentences` but those that another copy of the same document has said already."""
    told = set()
    for one in sentences:
        said = Words.of(one.text_in(generation))
        number = generation.metadata(one.document).number
        key = (number or one.document, said.folded, said.pairs)
        if key not in told:
            yield one
        told.add(key)
