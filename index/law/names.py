"""A library's documents by number, by kind and year, and by name; and how texts mention one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from index.law.references import (
    BARE_EMPTY,
    BY_YEAR_ALONE,
    KIND_OF_CODE,
    KINDS,
    OWN_PROVINCE,
    YEAR,
    Reference,
)
from knowledge.abbreviations import Abbreviations
from knowledge.document import Metadata
from knowledge.places import HOME, PLACE
from knowledge.vietnamese import fold, nfc, syllables


class Named(Protocol):
    @property
    def path(self) -> str: ...

    @property
    def metadata(self) -> Metadata: ...


@dataclass(frozen=True, slots=True)
class _Key:
    """One number a document bears."""

    core: int
    year: str
    codes: tuple[str, ...]

    @property
    def kind(self) -> str:
        return KIND_OF_CODE.get(re.match(r"[a-z]*", self.codes[0])[0], "") if self.codes else ""  # type: ignore[index] # always matches


@dataclass(frozen=True, slots=True)
class _Book:
    """What is needed of one document to recognise it."""

    path: str
    keys: tuple[_Key, ...]
    kinds: frozenset[str]
    years: frozenset[str]
    title: tuple[str, ...]  # folded words of the title after kind and number, without "và"
    core: tuple[str, ...]  # the title up to its first bracket, dash or colon
    issuer: str  # folded issuer and title, for places
    by: str  # folded words of the issuer, between blanks
    places: frozenset[str]
    rank: tuple[int, str]  # in force first, then the newer


_NUMBER = re.compile(
    rf"(?P<core>\d{{1,5}})\s*(?:[/-]\s*(?P<year>{YEAR})(?!\d))?\s*"
    r"(?:[/-]\s*(?P<code>[a-z]+\d*(?:\s?[-/]\s?[a-z]+\d*)*))?"
)
_TITLE_NUMBER = re.compile(
    rf"^\W*(?:(?:{'|'.join(typed for _, typed, _ in KINDS)})?\s*(?:so\s*)?)(?P<number>\d[^\s]*(?:\s/\S+)?)?"
)
_WITHOUT_YEAR = re.compile(rf"\({YEAR}\)|\b{YEAR}\b\s*$")
_NOT_IN_NAMES = frozenset("ve cua so quy dinh on the".split())
_OF_ISSUER = re.compile(r"\b(?:cua|do|(?:uy ban|hoi dong) nhan dan|ubnd|hdnd|ban hanh)\b")
_EXPIRED_LAST = {"in force": 3, "amended": 3, "unknown": 2, "draft": 1, "expired": 0}


class DocumentNames:
    """A library's documents by number, by kind and year, and by name."""

    def __init__(self, entries: Iterable[Named], abbreviations: Abbreviations) -> None:
        self._spell_out = abbreviations.spell_out
        self._books = [_book(entry) for entry in entries]
        frequency = Counter(word for book in self._books for word in set(book.title))
        count = len(self._books) + 1
        self._weight = {word: math.log(count / seen) for word, seen in frequency.items()}
        self._newest = max((year for book in self._books for year in book.years), default="")
        self._of_core: dict[int, list[_Book]] = {}
        self._of_pair: dict[tuple[str, str], list[_Book]] = {}
        for book in self._books:
            for core in {key.core for key in book.keys}:
                self._of_core.setdefault(core, []).append(book)
            for pair in set(pairwise(book.title)):
                self._of_pair.setdefault(pair, []).append(book)

    def resolve(self, reference: Reference, years: Sequence[str] = ()) -> tuple[str, ...]:
        """Paths of the documents meant, best first; none where there is no such document.

        Of several with one number, those of `years`, spoken of beside it, come first.
        """
        if reference.number:
            books = self._by_number(reference)
        elif reference.name:
            return self._by_name(reference)
        elif reference.kind and reference.year:
            books = [book for book in self._books if self._fits(book, reference)]
        else:
            return ()
        name = self._words(reference.name)
        ranked = sorted(books, key=lambda book: book.path)
        ranked.sort(
            key=lambda book: (
                self._overlap(name, book), not book.years.isdisjoint(years), book.rank
            ),
            reverse=True,
        )  # fmt: skip
        return tuple(book.path for book in ranked)

    def _by_number(self, reference: Reference) -> list[_Book]:
        asked = keys_of(reference.number)[0]
        typed_year = asked.year
        year = typed_year or self._meant_year(reference.year)
        places = set(PLACE.findall(fold(reference.name)))
        return [
            book
            for book in self._of_core.get(asked.core, ())
            if any(self._same(key, asked, reference.kind, year, book) for key in book.keys)
            and not (places and book.places and not places & book.places)
        ]

    def _meant_year(self, year: str) -> str:
        """ "Nghị quyết 57 năm 2030 kinh tế số…" asks for a goal, not for a document of 2030."""
        return "" if year > self._newest and year[-1:] in ("0", "5") else year

    def _same(self, key: _Key, asked: _Key, kind: str, year: str, book: _Book) -> bool:
        if key.core != asked.core or (
            year and year not in ({key.year} if key.year else book.years)
        ):
            return False
        if asked.codes:
            return _squeezed(asked.codes) == _squeezed(key.codes)[: len(asked.codes)]
        # a letter's number bears its issuer only: CT is Cục Thuế there
        kinds = {key.kind} if key.kind and "Công văn" not in book.kinds else book.kinds
        return not kind or not kinds or kind in kinds or (kind == "Bộ luật" and kinds == {"Luật"})

    def _fits(self, book: _Book, reference: Reference) -> bool:
        return reference.kind in book.kinds and (not reference.year or reference.year in book.years)

    def _by_name(self, reference: Reference) -> tuple[str, ...]:
        name = fold(reference.name)
        place = PLACE.search(name)
        if OWN_PROVINCE.match(name):
            place = PLACE.match(fold(HOME))
        if place and (OWN_PROVINCE.match(name) or _only_place(name)):
            found = [
                book
                for book in self._books
                if place[0] in book.places and self._fits(book, reference)
            ]
            return tuple(
                book.path for book in sorted(found, key=lambda book: book.rank, reverse=True)
            )
        words = self._words(f"{reference.kind} {reference.name}")[len(syllables(reference.kind)) :]
        while words and words[0] in _NOT_IN_NAMES:
            words.pop(0)
        scored = []
        for book in self._of_pair.get((words[0], words[1]), ()) if len(words) > 1 else ():
            score = self._run(words, book)
            if score and self._may_be(reference.kind, book):
                in_year = not reference.year or reference.year in book.years
                scored.append((in_year, score, book.rank, book.path))
        if not scored:
            return self._by_issuer(reference)
        scored.sort(key=lambda one: one[3])
        scored.sort(key=lambda one: one[:3], reverse=True)
        best = scored[0]
        if reference.year and not best[0]:
            return ()
        return tuple(one[3] for one in scored if one[0] and one[1] > 0.8 * best[1])

    def _by_issuer(self, reference: Reference) -> tuple[str, ...]:
        """The only document of the kind that the office or place named has issued."""
        named = syllables(_OF_ISSUER.sub(" ", fold(reference.name)))
        kind, said = fold(reference.kind), f" {' '.join(named)} "
        found = [
            book.path
            for book in self._books
            if said in book.by
            and (reference.kind in book.kinds or f" {kind} " in f" {' '.join(book.title)} ")
            and (not reference.year or reference.year in book.years)
        ]
        return tuple(found) if len(found) == 1 and len(named) > 1 else ()

    def _may_be(self, kind: str, book: _Book) -> bool:
        """A law is a law; a programme or plan may be approved by a decision that bears its name."""
        return kind in book.kinds or kind not in BY_YEAR_ALONE | {"Bộ luật", "Pháp lệnh"}

    def _run(self, words: Sequence[str], book: _Book) -> float:
        """How much of the name, from its first word on, stands together in the title; 0 if too little."""
        longest = 0
        for at in range(len(book.title)):
            length = 0
            while (
                length < len(words)
                and at + length < len(book.title)
                and words[length] == book.title[at + length]
            ):
                length += 1
            longest = max(longest, length)
        run = words[:longest]
        weight = sum(self._weight.get(word, 0.0) for word in run)
        short = longest < 4 and 2 * longest < len(book.core)  # "chuyển đổi số" stands in too many
        if longest < 2 or short or weight < 3.0:
            return 0.0
        if longest < min(len(words), 4) and tuple(run) != book.core:
            return 0.0
        return weight + (5.0 if tuple(run) == book.core else 0.0)

    def _words(self, name: str) -> list[str]:
        words = [word for word in syllables(self._spell_out(nfc(name))) if word != "va"]
        while words and words[0] in _NOT_IN_NAMES:
            words.pop(0)
        return words

    def _overlap(self, name: Sequence[str], book: _Book) -> float:
        known = set(book.title) | set(book.issuer.split())
        return sum(self._weight.get(word, 1.0) for word in set(name) if word in known)


def _only_place(name: str) -> bool:
    rest = PLACE.sub(" ", name)
    return set(syllables(rest)) <= set(
        "cua tinh thanh pho tp ubnd hdnd uy ban nhan dan hoi dong do o tai giai doan chuyen doi so".split()
    )


def _squeezed(codes: Sequence[str]) -> list[str]:
    """Issuers compared with doubled letters as one: "BTTT" is a slip for "BTTTT"."""
    return [re.sub(r"(.)\1+", r"\1", code) for code in codes]


def keys_of(number: str) -> list[_Key]:
    return [
        _Key(
            int(match["core"]),
            match["year"] or "",
            tuple(re.findall(r"[a-z]+\d*", match["code"] or "")),
        )
        for match in _NUMBER.finditer(fold(number))
    ]


def kinds_of(about: Metadata) -> frozenset[str]:
    """The kinds a document is called by: from its numbers, its stated kind, else its title."""
    keys = _document_keys(about)
    kinds = {key.kind for key in keys if key.kind}
    said = fold(about.kind or about.title)
    return frozenset(kinds) | {
        kind for kind, typed, _ in KINDS if not kinds or about.kind
        if re.match(rf"\W*(?:{typed})(?![a-z])", said)
    }  # fmt: skip


def name_of(about: Metadata) -> tuple[str, ...]:
    """The folded words of the short name: "giao dich dien tu" of "Luật Giao dịch điện tử 2023"."""
    title = fold(about.title)
    opening = _TITLE_NUMBER.match(title)
    return _core(title[opening.end() if opening else 0 :])


def number_year(about: Metadata) -> str:
    """The year of the document's first number, else of its date."""
    keys = _document_keys(about)
    return (keys[0].year if keys else "") or about.date[:4]


def _core(rest: str) -> tuple[str, ...]:
    core = re.split(r"[(:]| [—–-] ", _WITHOUT_YEAR.sub(" ", rest).strip(" —–-:"))[0]
    return tuple(word for word in syllables(core) if word != "va")


class Bearers:
    """Which documents of a library bear a number that is cited in full."""

    def __init__(self, entries: Iterable[Named]) -> None:
        self._by_core: dict[int, list[tuple[_Key, Named]]] = {}
        for entry in entries:
            for key in _document_keys(entry.metadata):
                self._by_core.setdefault(key.core, []).append((key, entry))

    def of(self, number: str) -> list[str]:
        """Their paths, in the order of the library."""
        cited = keys_of(number)[0]
        return list(dict.fromkeys(
            entry.path
            for key, entry in self._by_core.get(cited.core, ())
            if _squeezed(key.codes) == _squeezed(cited.codes)
            and (not cited.year or cited.year == (key.year or entry.metadata.date[:4]))
        ))  # fmt: skip


def core_of(number: str) -> int:
    """The number itself, without year and codes: 47 of "47/2020/NĐ-CP"."""
    return keys_of(number)[0].core


def kind_numbered(number: str) -> str:
    """The kind that a number says: "Luật" of "148/2025/QH15"; empty where it says none."""
    return next((key.kind for key in keys_of(number)), "")


def same_number(reference: Reference, number: str) -> bool:
    """Whether a number cited in full may be the one asked for."""
    if not (reference.number and keys_of(number)):
        return False
    asked, cited = keys_of(reference.number)[0], keys_of(number)[0]
    year = asked.year or reference.year
    return (
        asked.core == cited.core
        and (not year or not cited.year or year == cited.year)
        and (not asked.codes or _squeezed(asked.codes) == _squeezed(cited.codes))
        and (not reference.kind or not cited.kind or reference.kind == cited.kind)
    )


def _document_keys(about: Metadata) -> list[_Key]:
    keys = [key for part in about.numbers for key in keys_of(part)[:1]]
    opening = _TITLE_NUMBER.match(fold(about.title))
    titled = keys_of(opening["number"]) if opening and opening["number"] else []
    if titled and (not keys or (not keys[0].codes and titled[0].codes)):
        return titled[:1]
    return keys


def _book(entry: Named) -> _Book:
    about = entry.metadata
    title = fold(about.title)
    keys = _document_keys(about)
    opening = _TITLE_NUMBER.match(title)
    kinds = kinds_of(about)
    years = {key.year for key in keys if key.year} or {about.date[:4]} - {""}
    rest = title[opening.end() if opening else 0 :]
    rest = _WITHOUT_YEAR.sub(" ", rest)
    where = f"{fold(about.issuer)} {title}"
    return _Book(
        entry.path, tuple(keys), frozenset(kinds), frozenset(years),
        tuple(word for word in syllables(rest) if word != "va"),
        _core(rest),
        where, f" {' '.join(syllables(fold(about.issuer)))} ", frozenset(PLACE.findall(where)),
        (_EXPIRED_LAST.get(about.status, 2), max(years, default="") + about.date),
    )  # fmt: skip


def mention_pattern(reference: Reference) -> re.Pattern[str]:
    """Finds the document in the *folded* canonical texts of others; offsets carry over.

    "Thông tư 137/2007/TT-BTC" is found as "thong tu so 137/2007/tt-btc" and the like.
    """
    kind, coded = next((typed for name, *typed in KINDS if name == reference.kind), ("", ""))
    said = rf"(?:{kind})\s+" if kind else ""
    if not reference.number:
        words = r"[\s,]+(?:va\s+)?".join(
            re.escape(word) for word in syllables(reference.name) if word not in BARE_EMPTY
        )
        return re.compile(rf"(?<![a-z]){said}(?:ve\s+)?{words or '(?!)'}(?![a-z])")
    asked = keys_of(reference.number)[0]
    year = asked.year or reference.year
    code = r"\s?[-/]\s?".join(map(re.escape, asked.codes))
    if code:  # a full number is its own proof
        said = f"(?:{said}(?:so\\s+)?)?" if said else ""
        tail = rf"\s*[/-]\s*{code}(?![a-z0-9])"
        if asked.year:
            tail = rf"\s*/\s*{year}{tail}"
    elif year:
        said = f"(?:{said}(?:so\\s+)?)?" if asked.year else rf"{said}(?:so\s+)?"
        tail = rf"\s*/\s*{year}(?!\d)" if asked.year else r"(?!\d)"
    elif coded:  # "các Quyết định số 749/QĐ-TTg, 942/QĐ-TTg": behind others of its kind
        behind = rf"(?<![\w/])0*{asked.core}\s?[-/]\s?{coded}(?![a-z0-9])"
        return re.compile(rf"(?<![\w/]){said}(?:so\s+)?0*{asked.core}(?!\d)|{behind}")
    else:
        said, tail = rf"{said}(?:so\s+)?", r"(?!\d)"
    return re.compile(rf"(?<![\w/]){said}0*{asked.core}{tail}")


def mention_terms(reference: Reference) -> tuple[tuple[str, ...], ...]:
    """Terms, as the lexical half knows them, of which each text that `mention_pattern` finds has one of
    each: pairs of neighbours wherever the pattern has them side by side."""
    if not reference.number:
        words = [word for word in syllables(reference.name) if word not in BARE_EMPTY]
        pairs = tuple((f"{one}_{other}", f"{one}_va") for one, other in pairwise(words))
        return pairs or tuple((word,) for word in words)
    asked = keys_of(reference.number)[0]
    cores = ["0" * zeros + str(asked.core) for zeros in range(4)]
    if asked.year or asked.codes:
        following = asked.year or asked.codes[0]
        return (tuple(f"{core}_{following}" for core in cores),)
    typed, coded = next((typed for name, *typed in KINDS if name == reference.kind), ("", ""))
    said = [reference.kind, *re.sub(r"\[.*?\]", " ", typed).split("|")] if typed else []
    before = ["so", *(words[-1] for words in map(syllables, said) if words)]
    if not said:
        return (tuple(cores),)
    behind = [f"{core}_{coded}" for core in cores if coded]
    return ((*(f"{word}_{core}" for word in before for core in cores), *behind),)
