"""The automatic numbers of a Word document ("Điều 5.", "2.", "b)"), which its text does not hold.

They are worked out from `numbering.xml` and `styles.xml` as Word does: lists shared through styles,
levels, start values and overrides, restarts. No library measured shows them rightly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from xml.etree.ElementTree import Element

from knowledge.reading import letter, roman

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COUNTED = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_LEVELS = 9


def value(parent: Element | None, tag: str) -> str | None:
    """The `w:val` of the child `w:tag`."""
    child = None if parent is None else parent.find(W + tag)
    return None if child is None else child.get(W + "val", "")


def whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else None


@dataclass(frozen=True, slots=True)
class Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    separator: str = " "
    restart: int | None = None  # the level (from 1) that restarts this one; 0 never
    legal: bool = False  # all numbers in it are shown as decimals
    style: str | None = None


class Styles:
    """Paragraph styles with what they inherit."""

    def __init__(self, root: Element | None) -> None:
        styles = [] if root is None else root.findall(W + "style")
        self._styles = {style.get(W + "styleId", ""): style for style in styles}
        self._default = next(
            (
                style.get(W + "styleId", "")
                for style in styles
                if style.get(W + "type") == "paragraph"
                and style.get(W + "default") in ("1", "true")
            ),
            "",
        )

    def chain(self, style: str | None) -> list[Element]:
        """The style and those it is based on, nearest first."""
        found: list[Element] = []
        following = style if style in self._styles else self._default
        while following in self._styles and self._styles[following] not in found:
            found.append(self._styles[following])
            following = value(found[-1], "basedOn") or ""
        return found

    def heading_level(self, style: str | None) -> int | None:
        """3 for "heading 3" and whatever is based on it; Word keeps these names in every language."""
        for element in self.chain(style):
            name = re.fullmatch(r"heading ([1-6])", (value(element, "name") or "").lower())
            if name:
                return int(name[1])
        return None

    def list_of(self, style: str) -> str | None:
        """The list that a numbering style points to."""
        element = self._styles.get(style)
        return None if element is None else value(element.find(f"{W}pPr/{W}numPr"), "numId")


@dataclass(slots=True)
class Numbering:
    """Tells the number in front of each paragraph, asked for in reading order."""

    styles: Styles
    _lists: dict[str, tuple[str, dict[int, Level], frozenset[int]]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def read(cls, root: Element | None, styles: Styles) -> Numbering:
        numbering = cls(styles)
        if root is None:
            return numbering
        abstracts = {
            item.get(W + "abstractNumId", ""): item for item in root.iter(W + "abstractNum")
        }
        nums = {item.get(W + "numId", ""): item for item in root.findall(W + "num")}
        for name, num in nums.items():
            identity = _shared(value(num, "abstractNumId") or "", abstracts, nums, styles)
            levels = _levels(abstracts.get(identity))
            overridden = set()
            for override in num.findall(W + "lvlOverride"):
                depth = whole(override.get(W + "ilvl")) or 0
                if (own := override.find(W + "lvl")) is not None:
                    levels[depth] = _level(own)
                if (start := whole(value(override, "startOverride"))) is not None:
                    levels[depth] = replace(levels.get(depth, Level()), start=start)
                    overridden.add(depth)
            numbering._lists[name] = (identity, levels, frozenset(overridden))
        return numbering

    def label(self, properties: Element | None) -> str:
        """What Word writes before the paragraph with these `w:pPr`, separator included."""
        name, depth = self._place(properties)
        if name not in self._lists or depth is None:
            return ""
        identity, levels, overridden = self._lists[name]
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(identity, {})
        afresh = depth in overridden and (name, depth) not in self._begun
        counts[depth] = level.start if afresh or depth not in counts else counts[depth] + 1
        self._begun.add((name, depth))
        for deeper in [other for other in counts if other > depth]:
            restart = levels.get(deeper, level).restart
            if restart is None or depth < restart:
                del counts[deeper]
        if level.form == "bullet":
            return "-" + (level.separator or " ")
        shown = re.sub(
            r"%([1-9])",
            lambda mark: self._shown(int(mark[1]) - 1, level, levels, counts),
            level.text,
        )
        return shown + level.separator if shown else ""

    def _place(self, properties: Element | None) -> tuple[str, int | None]:
        """The list and level of a paragraph: its own, else its style's, piece by piece."""
        own = None if properties is None else properties.find(W + "numPr")
        name, depth = value(own, "numId"), whole(value(own, "ilvl"))
        style = value(properties, "pStyle")
        for element in self.styles.chain(style):
            inherited = element.find(f"{W}pPr/{W}numPr")
            if inherited is None:
                continue
            if name is None and (name := value(inherited, "numId")) is not None and depth is None:
                depth = self._linked(name, element.get(W + "styleId", ""))
            depth = whole(value(inherited, "ilvl")) if depth is None else depth
        return name or "0", 0 if depth is None else depth

    def _linked(self, name: str, style: str) -> int | None:
        """The level that a list keeps for a style."""
        _, levels, _ = self._lists.get(name, ("", {}, frozenset()))
        return next((depth for depth, level in levels.items() if level.style == style), None)

    @staticmethod
    def _shown(depth: int, at: Level, levels: dict[int, Level], counts: dict[int, int]) -> str:
        level = levels.get(depth, Level())
        return written(counts.get(depth, level.start), "decimal" if at.legal else level.form)


def _shared(
    identity: str, abstracts: dict[str, Element], nums: dict[str, Element], styles: Styles
) -> str:
    """Follows a list that borrows its levels from a numbering style."""
    for _ in range(_LEVELS):
        link = value(abstracts.get(identity), "numStyleLink")
        lender = nums.get(styles.list_of(link) or "") if link else None
        if lender is None:
            break
        identity = value(lender, "abstractNumId") or ""
    return identity


def _levels(abstract: Element | None) -> dict[int, Level]:
    found = [] if abstract is None else abstract.findall(W + "lvl")
    return {whole(item.get(W + "ilvl")) or 0: _level(item) for item in found}


def _level(item: Element) -> Level:
    start = whole(value(item, "start"))
    return Level(
        start=1 if start is None else start,
        form=value(item, "numFmt") or "decimal",
        text=value(item, "lvlText") or "",
        separator="" if value(item, "suff") == "nothing" else " ",
        restart=whole(value(item, "lvlRestart")),
        legal=value(item, "isLgl") not in (None, "0", "false"),
        style=value(item, "pStyle"),
    )


_FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    "lowerLetter": letter,
    "upperLetter": lambda number: letter(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "decimalZero": lambda number: f"{number:02}",
    "vietnameseCounting": lambda number: dict(enumerate(_COUNTED)).get(number, str(number)),
    "none": lambda _: "",
}


def written(number: int, form: str) -> str:
    """A number in one of Word's number formats; what we do not know is shown as a decimal."""
    spelt = form == "none" or 0 < number < 10_000
    return _FORMS.get(form, str)(number) if spelt else str(number)
