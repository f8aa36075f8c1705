"""The Điều, khoản or điểm that is asked for, in a document's outline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.law.names import keys_of
from index.law.references import Level, Reference
from knowledge.document import Section
from knowledge.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Located:
    """The innermost section that exists, and the first level asked for that does not."""

    section: Section | None
    missing: Level | None = None
    asked: str = ""  # the number asked for at the missing level
    existing: tuple[str, ...] = ()  # the numbers there are at that level

    @property
    def found(self) -> bool:
        return self.section is not None and self.missing is None

    @property
    def beyond(self) -> bool:
        """Surely not there: after the last one there is, not in a gap that a poor copy may leave."""
        if not self.existing or not self.missing:
            return False
        return _place(self.asked) > max(_place(number) for number in self.existing)


def _place(number: str) -> tuple[int, str]:
    digits = re.match(r"\d+", number)
    letters = number[digits.end() :] if digits else number
    return int(digits[0]) if digits else 0, letters.replace("đ", "dz")


_ORIGIN = re.compile(
    r"\(\s*Điều\s+(?P<article>\d+[a-zđ]?)\s+(?P<kind>Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết|Quyết định"
    r"|Thông tư(?: liên tịch)?)\s+(?:số\s+)?(?P<number>\d+\s*/[^\s,)]+)"
)


def locate(
    outline: Sequence[Section], reference: Reference, text: str = "", within: Section | None = None
) -> Located:
    """The Điều, khoản, điểm asked for in one document's outline, `within` a part of it that is named.

    With the document's `text`, an official codification's own lines of origin ("(Điều 25 Luật số
    91/2025/QH15, …)") say which Điều is meant.
    """
    levels = _levels(reference)
    if not levels:
        return Located(None)
    origins = _origins(outline, text, reference) if text else {}
    children = _children(outline)
    starts = [at for at, one in enumerate(outline) if one.kind == levels[0][0]]
    if reference.attached:
        starts = [at for at in starts if _is_attached(outline, at)] or starts
    if within:
        inside = [at for at in starts if within.start <= outline[at].start < within.end]
        is_there = any(outline[at].number == reference.article for at in inside)
        if is_there or within.kind == "part" or not reference.article:
            starts = inside  # an Điều may be asked for in another Chương than its own
    if not reference.article and _are_several(outline, children, levels, starts):
        return Located(None)
    located = _descend(outline, children, origins, levels, starts)
    if located.missing == "article" and text:
        return _without_heading(outline, levels, reference, text) or located
    return located


def locate_held(outline: Sequence[Section], reference: Reference, text: str) -> Located:
    """The same of a document whose Điều stands in the copy of another, known by its line of origin."""
    origins = _origins(outline, text, reference)
    held = [at for at, number in origins.items() if number]
    return _descend(outline, _children(outline), origins, _levels(reference), held)


def _levels(reference: Reference) -> list[tuple[Level, str]]:
    asked: tuple[tuple[Level, str], ...] = (
        ("article", reference.article),
        ("clause", reference.clause),
        ("point", reference.point),
    )
    return [(level, number) for level, number in asked if number]


def _children(outline: Sequence[Section]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for at, section in enumerate(outline):
        children.setdefault(section.parent, []).append(at)
    return children


def _are_several(
    outline: Sequence[Section],
    children: dict[int, list[int]],
    levels: Sequence[tuple[Level, str]],
    starts: Sequence[int],
) -> bool:
    """Whether a khoản without its Điều or mục may be one of several, none of them above the others."""
    found = [at for at in starts if _descend(outline, children, {}, levels, [at]).found]
    depths = sorted(outline[at].label.count(", ") for at in found)
    return len(depths) > 1 and depths[0] == depths[1]


def _is_attached(outline: Sequence[Section], at: int) -> bool:
    """Whether a section stands in what the document issues, and not in its own Điều."""
    while (at := outline[at].parent) >= 0:
        if outline[at].kind == "part":
            return True
    return False


def _descend(
    outline: Sequence[Section],
    children: dict[int, list[int]],
    origins: dict[int, str],
    levels: Sequence[tuple[Level, str]],
    candidates: Sequence[int],
) -> Located:
    """The deepest of all ways down: a decision and the regulation attached to it both have Điều 1."""
    level, number = levels[0]
    matching = [at for at in candidates if origins.get(at, outline[at].number).lower() == number]
    if not matching:
        numbers = dict.fromkeys(origins.get(at, outline[at].number) for at in candidates)
        return Located(None, level, number, tuple(filter(None, numbers)))
    if len(levels) == 1:
        return Located(outline[matching[0]])
    ways = []
    for at in matching:
        inner = _below(children, at, outline, "." in levels[1][1])
        below = [one for one in inner if outline[one].kind == levels[1][0]]
        deeper = _descend(outline, children, {}, levels[1:], below)
        ways.append(deeper if deeper.section else replace(deeper, section=outline[at]))
    found = [way for way in ways if way.found]
    return found[0] if found else max(ways, key=lambda way: len(way.existing))


def _below(
    children: dict[int, list[int]], at: int, outline: Sequence[Section], deep: bool
) -> Iterator[int]:
    """What stands in a section; `deep`: "1.2" in khoản 1, too."""
    for child in children.get(at, ()):
        yield child
        if outline[child].kind not in ("article", *(() if deep else ("clause",))):
            yield from _below(children, child, outline, deep)


def _origins(outline: Sequence[Section], text: str, reference: Reference) -> dict[int, str]:
    """The number each Điều of a codification bears in the document asked for; "" in another."""
    found = {}
    for at, section in enumerate(outline):
        if section.kind == "article":
            origin = _ORIGIN.search(text, section.start, min(section.end, section.start + 400))
            if origin:
                found[at] = origin["article"] if _is_of(origin, reference) else ""
    return found


def _is_of(origin: re.Match[str], reference: Reference) -> bool:
    if not reference.number:
        return not reference.kind or fold(reference.kind) == fold(origin["kind"])
    asked, there = keys_of(reference.number)[0], keys_of(origin["number"])[0]
    year = asked.year or reference.year
    return asked.core == there.core and (not year or year == there.year)


def _without_heading(
    outline: Sequence[Section],
    levels: Sequence[tuple[Level, str]],
    reference: Reference,
    text: str,
) -> Located | None:
    """An Điều whose heading a copy has lost, known by its line of origin only."""
    origin = next(
        (
            one
            for one in _ORIGIN.finditer(text)
            if one["article"] == levels[0][1] and _is_of(one, reference)
        ),
        None,
    )
    if not origin:
        return None
    start = origin.start()
    ends = [one.start for one in outline if one.kind == "article" and one.start > start]
    end = min([*ends, len(text)])
    article = Section("article", levels[0][1], "", start, end, -1, f"Điều {levels[0][1]}")
    inside = [article] + [
        one._replace(parent=0, label=f"{article.label}, khoản {one.number}")
        for one in outline
        if start < one.start < end and one.kind == "clause"
    ]
    return _descend(inside, {0: list(range(1, len(inside)))}, {}, levels[:2], [0])
