"""Rows of tables as sections: by their own numbers, within the groups that they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from knowledge.lines import ATTACHED, CELL, HEADING, IS_TABLE, LIFTED, TOTAL, Line, Mark

_TABLE: Final = 7.0  # its rank
_ORDINAL_HEAD = r"(?i:S?TT|S\.TT|Số TT|(?:Số )?thứ tự)\.?"
_ORDINAL = rf"(?:{_ORDINAL_HEAD}: )"
_ROW_NUMBER = re.compile(rf"(?:^|· ){_ORDINAL}(?P<n>[\dIVXLCl.]{{1,7}}?|[A-H])\.? ·")
_NUMBER_IN_WORDS = re.compile(  # "Tiêu chí: 1.1. Mạng · …", below what that is a part of
    r"(?:[^·:]+ · )*[^·:]{1,60}: (?P<n>\d{1,3}(?:\.\d{1,2}){0,3})\. (?=[^\W\d_])"
)
_LETTER_OF_ROW = re.compile(rf"(?:^|· ){_ORDINAL}(?P<n>[a-zđ])[.)]? ·")
_ROMAN_GROUP = "[IVX][IVXl]{0,5}"
_GROUP_OF_ROW = re.compile(rf"(?P<n>{_ROMAN_GROUP}|[A-H])\. (?P<t>[^·]{{3,}}) · ")
_GROUP_ROW = re.compile(
    rf"{_ORDINAL}?(?P<n>{_ROMAN_GROUP}|(?<=: )[A-H])\.? · (?:[^·:]{{1,60}}: )?(?P<t>[^·]{{3,}})"
)
_PART_OF = re.compile(r"(?:\d[\d.]*\. [^·]+ · )*(?P<n>\d{1,3}(?:\.\d{1,2}){0,3})\. [^·]{2,} · ")
_SUM = re.compile(rf"(?:[^·:]{{1,60}}: )?(?i:{TOTAL.pattern})")
_ACROSS = re.compile(rf"{_ORDINAL_HEAD} … [^·:]{{1,60}}: ")  # words that cover the numbers' column
_FIRST_NUMBERS = ("1", "I", "A")
_FEW_ROWS = 40
_BARE_NUMBER = re.compile(r"(?P<n>\d{1,3}(?:\.\d{1,2}){0,3})\.? · (?=.*[^\W\d_]{2})")
_UNIT = re.compile(r"\W*(?:ĐVT|Đơn vị(?: tính)?)\s*:", re.IGNORECASE)
_ASIDE = re.compile(r"\W*\([^()]*\)\W*$")  # "(Ký, ghi rõ họ tên)"
_LONGEST_TITLE = 400  # characters of the line that introduces a table


@dataclass(slots=True)
class _Group:
    """A group of rows that is open: its number, its mark, and whether each of its rows tells it."""

    number: str
    mark: int
    told: bool


@dataclass(slots=True)
class Rows:
    """The tables of a document whose lines are read one by one; marks are added to `found`."""

    lines: Sequence[Line]
    passive: frozenset[int]  # lines that open nothing
    found: list[Mark]
    heading: Mark | None = None  # the numbered heading that is open
    listed: bool = False  # whether a clause or a point is
    inside_article: bool = False
    table: int | None = None  # index of the mark of the table that the last line was a row of
    begun: int = 0  # and of the last table
    heads: str = ""  # whose heads these are
    row_count: int = 0
    numbered: bool = False  # whether rows of that table have numbers
    counted: str = ""  # the number of the last row that has one, since the last heading
    groups: list[_Group] = field(default_factory=list)  # those of rows that are open
    within: bool | None = None  # whether they stand within a table that a section holds
    part: str = ""  # the number of a row that the last row tells to be a part of

    def below(self, section: Mark, inside_article: bool) -> None:
        """A section opens: what follows stands in it."""
        self.counted, self.groups, self.within = "", [], None
        self.heading = section if section.kind == "heading" and section.number else None
        self.listed = section.kind in ("clause", "point")
        self.inside_article = inside_article

    def add(self, index: int) -> None:
        """A row, and before the first one its table: the line that introduces it, and its heads."""
        line = self.lines[index]
        begins = self.table is None or not line.follows
        if begins:
            self._begin_table(index)
        told, cells = _groups_told(line.text)
        number = _number_of_row(line.text, cells)
        part = _PART_OF.match(line.text, cells)
        named = _GROUP_ROW.match(line.text, cells)
        number = None if named or (number and number["n"][0].isalpha()) else number
        if not (number or named or self._counts(index)):
            number = _NUMBER_IN_WORDS.match(line.text, cells)
        sums_up = number is None and any(one.match(line.text, cells) for one in (_SUM, _ACROSS))
        open_ = self._leave([_roman(one["n"]) for one in told], begins, sums_up)
        for group in told[open_:] + ([named] if named else []):
            self._enter(group, index, told=group is not named)
        table = self._tabulate(index, number)
        for at in (table, *(group.mark for group in self.groups)):
            self.found[at] = replace(self.found[at], end=line.end)
        if not (self.row_count or number or ": " in line.text) and self._heads(index):
            return
        self.row_count += 1
        # a row without a number is a part of the one above that has one
        if number or sums_up or (part and part["n"] != self.part):
            self.counted = number["n"] if number else part["n"] if part else ""
        self.part = part["n"] if part else ""
        counts = self.counted or self.numbered or sums_up
        own = self.counted if counts else str(self.row_count)
        if self.counted and not number and (letter := _LETTER_OF_ROW.search(line.text, cells)):
            own = f"{own}, điểm {letter['n']}"
        self.found.append(Mark("row", own, "", line.start, _TABLE + 1, line.end))

    def _counts(self, index: int) -> bool:
        """Whether a column numbers the rows of the table that this one is of."""
        if self.table is not None:
            return self.numbered
        return any(_ROW_NUMBER.search(one.text) for one in self._first_rows(index))

    def _tabulate(self, index: int, number: re.Match[str] | None) -> int:
        """The mark of the table that this line is of, which begins with it if there is none."""
        if self.table is not None:
            return self.table
        line = self.lines[index]
        goes_on = number and number["n"].split(".")[-1] != "1"
        self.numbered = self._counts(index)
        self.table, self.row_count = len(self.found), 0
        first = None if goes_on else self._introduction(index)
        above = self.lines[index if first is None else first : index]
        words = [one.text.strip(" *#:") for one in above if not _UNIT.match(one.text)]
        start = above[0].start if above else line.start
        self.found.append(Mark("table", "", " ".join(words)[:300], start, _TABLE, line.end))
        self.begun = self.table
        return self.table

    def _begin_table(self, index: int) -> None:
        """Go on with the last table and its groups, or end them and the count."""
        heads = self.lines[index].text
        headed = ": " not in heads and not _number_of_row(heads, 0)
        first = self._begins_with(index)
        apart = heads != self.heads if headed else CELL not in self.lines[index - 1].text
        # a group that the last row named has its rows to come
        waits = self.row_count == 1 and any(not one.told for one in self.groups[-1:])
        waits = waits and (not headed or heads == self.heads)
        if not waits and (first in _FIRST_NUMBERS if first else apart):
            self.groups, self.within, self.counted = [], None, ""
        for group in self.groups:
            group.told = False  # what goes on, perhaps on another page, does not tell them again
        self.table = self.begun if self.groups and self.within else None
        self.heads = heads if headed else self.heads

    def _begins_with(self, index: int) -> str:
        """The number of the first group or row in the table that begins here."""
        for line in self._first_rows(index):
            told, cells = _groups_told(line.text)
            if number := told[0] if told else _number_of_row(line.text, cells):
                return _roman(number["n"])
        return ""

    def _heads(self, index: int) -> bool:
        """Whether a table's first line names the columns of rows that tell them, or are numbered."""
        _, *below = self._first_rows(index)
        return not below or any(": " in one.text or _number_of_row(one.text, 0) for one in below)

    def _first_rows(self, index: int) -> Iterator[Line]:
        """The rows from here to a blank line or a line of words."""
        for at, line in enumerate(self.lines[index : index + _FEW_ROWS]):
            if CELL not in line.text or (at and not line.follows):
                return
            yield line

    def _leave(self, told: Sequence[str], begins: bool, sums_up: bool) -> int:
        """Close the groups that a row is not of; how many of those it tells are open."""
        open_ = 0
        for at, group in enumerate(self.groups):
            if open_ < len(told) and group.number == told[open_]:
                group.told = True
                open_ += 1
            elif (group.told and (told or not begins)) or (sums_up and not told):
                self._close(at)
                break
        return open_

    def _close(self, at: int) -> None:
        del self.groups[at:]
        if not self.within:
            self.table = None

    def _enter(self, group: re.Match[str], index: int, told: bool) -> None:
        """The heading that a row's group is, if no line of its own has opened it: "IV. … · TT: 89 · …"."""
        number, heading, line = _roman(group["n"]), self.heading, self.lines[index]
        for at, one in enumerate(self.groups):
            if _is_roman(one.number) == _is_roman(number):
                self._close(at)
                break
        if self.within is None:
            first = number in _FIRST_NUMBERS
            if heading and heading.number == number and not first:
                return
            unlike = heading and _is_roman(heading.number) != _is_roman(number)
            named = self.table is not None and IS_TABLE.match(self.found[self.table].title)
            self.within = self.listed or bool(named or (heading and (first or unlike)))
        if self.within:
            self._tabulate(index, None)
            rank = _TABLE + 0.1
        else:
            rank = heading.rank if heading else HEADING - (0 if self.inside_article else LIFTED)
            self.table = None
        rank += 0.05 * len(self.groups)
        self.groups.append(_Group(number, len(self.found), told))
        self.found.append(Mark("heading", number, group["t"].strip(), line.start, rank, line.end))
        self.counted, self.row_count = "", 0

    def _introduction(self, index: int) -> int | None:
        """The line above a table that says what it shows; none where that opens a section itself."""
        first = index - 1
        if first > 0 and _UNIT.match(self.lines[first].text):
            first -= 1
        above = self.lines[first].text if first >= 0 else ""
        # a sentence below a table is a note of that
        notes = first > 0 and above.endswith(".") and CELL in self.lines[first - 1].text
        if (
            notes
            or len(above) > _LONGEST_TITLE
            or ATTACHED.match(above)
            or _ASIDE.match(above)
            or not re.search(r"[^\W\d_]", above)
        ):
            return None
        if self._is_taken(first):
            return None
        title = self.lines[first - 1].text if first and above.isupper() else ""
        in_two_lines = title.isupper() and " " in title and not self._is_taken(first - 1)
        return first - 1 if in_two_lines else first

    def _is_taken(self, index: int) -> bool:
        start = self.lines[index].start
        taken = any(one.start == start or (one.end or 0) > start for one in self.found[-4:])
        return taken or index in self.passive


def _number_of_row(text: str, cells: int) -> re.Match[str] | None:
    """The number of a row whose own cells begin at `cells`."""
    return _ROW_NUMBER.search(text) or _BARE_NUMBER.match(text, cells)


def _groups_told(text: str) -> tuple[list[re.Match[str]], int]:
    """The groups that a row tells before its own cells, and where these begin."""
    told: list[re.Match[str]] = []
    while group := _GROUP_OF_ROW.match(text, told[-1].end() if told else 0):
        told.append(group)
    return told, told[-1].end() if told else 0


def _roman(number: str) -> str:
    return number.replace("l", "I")  # as machines read "III"


def _is_roman(number: str) -> bool:
    return number[0] in "IVX"
