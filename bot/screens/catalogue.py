"""The library as people leaf through it: documents by kind and year, then by Điều, then the words.

Documents and sections have short keys made from their path and label, so that a button or a link
still finds them after a restart and after a reindex, or finds that they are gone.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from index.result import Candidate, Quote
from index.store.generation import Entry, Generation
from knowledge.document import Section
from knowledge.heading import subject_in

_DOCUMENT_KEY = 8
_SECTION_KEY = 6
_AROUND = 1500  # characters of context at most, of a whole section
_TITLED = ("article", "heading")  # kinds of section whose title tells what is in them
_MORE = 20  # that a context must hold beyond the quotation to be worth opening


def document_key(path: str) -> str:
    return _hash(path, _DOCUMENT_KEY)


def _hash(text: str, length: int) -> str:
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest())[:length].decode()


def _titled(section: Section) -> bool:
    """Whether its title says what it answers: more than a word, and no letterhead."""
    return (
        section.kind in _TITLED
        and len(section.title.split()) > 1
        and section.title != section.title.upper()
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One section of one document."""

    entry: Entry
    index: int  # into the outline
    section: Section
    key: str


@dataclass(frozen=True)
class Catalogue:
    """A generation seen as a library."""

    generation: Generation

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {document_key(entry.path): entry.path for entry in self.generation.entries}

    def entry(self, path: str) -> Entry | None:
        return self.generation.listed.get(path)

    def document(self, key: str) -> Entry | None:
        return self.entry(self._by_key.get(key, ""))

    def place(self, key: str) -> Place | None:
        """The section of a key; None where the document or the section is gone."""
        entry = self.document(key[:_DOCUMENT_KEY])
        if entry is None:
            return None
        return next((place for place in self.places(entry) if place.key == key), None)

    def places(self, entry: Entry) -> list[Place]:
        """Every section of a document, in reading order."""
        seen: Counter[str] = Counter()
        places = []
        for index, section in enumerate(self.generation.outline(entry.path)):
            name = f"{section.label}\n{seen[section.label]}"  # labels may repeat in one document
            seen[section.label] += 1
            key = document_key(entry.path) + _hash(name, _SECTION_KEY)
            places.append(Place(entry, index, section, key))
        return places

    def chapters(self, entry: Entry) -> list[Place]:
        """What to list of a document: its Điều, else the highest headings there are several of."""
        places = self.places(entry)
        articles = [place for place in places if place.section.kind == "article"]
        if articles:
            return articles
        level = [place for place in places if place.section.parent < 0]
        while len(level) == 1:
            inner = [place for place in places if place.section.parent == level[0].index]
            if not inner:
                break
            level = inner
        return level

    def place_of(self, quote: Quote) -> Place | None:
        """The section that a quotation is cited by."""
        entry = self.entry(quote.document)
        if entry is None or entry.sha256 != quote.sha256:
            return None
        holding = [
            place
            for place in self.places(entry)
            if place.section.start <= quote.start and quote.end <= place.section.end
        ]
        cited = [place for place in holding if place.section.label == quote.section]
        found = cited or holding
        return found[-1] if found else None

    def going_on(self, quote: Quote) -> tuple[Place, list[Place]] | None:
        """The section that a quotation begins and does not end, and its parts that are left."""
        place = self.place_of(quote)
        if place is None or place.section.start != quote.start:
            return None
        text = self.generation.document(quote.document).text
        if not text[quote.end : place.section.end].strip():
            return None
        left = [
            one
            for one in self.places(place.entry)
            if one.section.parent == place.index and one.section.start >= quote.end
        ]
        return place, left

    def beside(self, quote: Quote, most: int) -> list[Place]:
        """The titled sections nearest to the one a quotation is cited by, the following one first."""
        cited = self.place_of(quote)
        if cited is None:
            return []
        places = self.places(cited.entry)
        at = cited.index
        while at >= 0 and not _titled(places[at].section):
            at = places[at].section.parent
        if at < 0:
            return []
        titled = [place for place in self.alike(places[at]) if _titled(place.section)]
        number = titled.index(places[at])
        near = [number + 1, number - 1, number + 2, number - 2]
        return [titled[n] for n in near if 0 <= n < len(titled)][:most]

    def alike(self, place: Place) -> list[Place]:
        """A section and those of its kind beside it: of a Điều all that the document has."""
        own = place.section
        return [
            other
            for other in self.places(place.entry)
            if other.section.kind == own.kind
            and (own.kind == "article" or other.section.parent == own.parent)
        ]

    def holding(self, candidate: Candidate) -> Place | None:
        """The innermost section that holds a passage."""
        entry = self.entry(candidate.document)
        holding = [
            place
            for place in (self.places(entry) if entry else ())
            if place.section.start <= candidate.start and candidate.end <= place.section.end
        ]
        return holding[-1] if holding else None

    def words(self, place: Place) -> str:
        text = self.generation.document(place.entry.path).text
        return text[place.section.start : place.section.end].strip()

    def context(self, quote: Quote) -> str:
        """What stands around a quotation: its section where that is short, else its passage.

        Empty where the document has changed since, and where its heading is quoted.
        """
        place = self.place_of(quote)
        entry = self.entry(quote.document)
        if entry is None or entry.sha256 != quote.sha256:
            return ""
        places = self.places(entry)
        at = place.index if place else -1
        while at >= 0 and len(self.words(places[at])) < len(quote.text) + _MORE:
            at = places[at].section.parent
        if at >= 0 and len(self.words(places[at])) <= _AROUND:
            return self.words(places[at])
        text = self.generation.document(entry.path).text
        heading = subject_in(text)
        if heading and quote.end <= heading[1]:
            return ""  # a heading's other lines are the motto, and whose the document is
        for row in entry.rows:
            passage = self.generation.passages[row]
            if passage.start <= quote.start < passage.end:
                return text[passage.start : max(passage.end, quote.end)].strip()
        return ""

    # By kind and year

    def kinds(self) -> list[tuple[str, int]]:
        """Kinds of document and how many there are, most first."""
        return Counter(
            entry.metadata.kind for entry in self.generation.listed.values()
        ).most_common()

    def kind_of(self, key: str) -> str | None:
        return next((kind for kind, _ in self.kinds() if kind_key(kind) == key), None)

    def years(self, kind: str) -> list[tuple[str, int]]:
        """Years of a kind's documents, newest first; "" where the date is not known."""
        years = Counter(year_of(entry) for entry in self._of_kind(kind))
        return sorted(years.items(), reverse=True)

    def shelf(self, kind: str, year: str) -> list[Entry]:
        entries = [entry for entry in self._of_kind(kind) if year_of(entry) == year]
        return sorted(entries, key=lambda entry: (entry.metadata.date, entry.path), reverse=True)

    def _of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self.generation.listed.values() if entry.metadata.kind == kind]

    def recent(self) -> list[Entry]:
        """Documents by when they were added, newest first."""
        return sorted(
            self.generation.listed.values(),
            key=lambda entry: (entry.added, entry.metadata.date, entry.path),
            reverse=True,
        )


def kind_key(kind: str) -> str:
    return _hash(kind, _SECTION_KEY)


def year_of(entry: Entry) -> str:
    year = entry.metadata.date[:4]
    return year if year.isdigit() else ""
