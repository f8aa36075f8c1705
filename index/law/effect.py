"""What documents say of their own effect and of each other's, and what follows for each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from index.law.names import Bearers, Named, core_of, kinds_of, name_of, number_year, same_number
from index.law.references import Reference
from knowledge.calendar import date_of
from knowledge.document import Document, Metadata, Status
from knowledge.lines import line_around
from knowledge.split import sentences
from knowledge.vietnamese import LOWER, fold

Verb = Literal["takes effect", "expires", "replaces", "repeals", "amends", "is newer"]
"""`is newer`: a later law of the same name is cited, so the one we have has probably gone."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One statement; `text[start:end]` of the source is the sentence that makes it."""

    source: str  # path of the document that says so
    verb: Verb
    target: str  # "Nghị định số 102/2008/NĐ-CP" as written; empty where it speaks of itself
    number: str  # "102/2008/NĐ-CP"
    part: str  # "Điều 58 và Điều 59": only this part of the target; the older law's path if newer
    date: str  # ISO, from when; empty where the text gives none
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a document is in force, and why we say so (Vietnamese, for people)."""

    status: Status
    reason: str = ""
    replaced_by: str = ""  # path of the document that says so
    relation: Relation | None = None
    effective: str = ""  # ISO, its first day and its last, as far as documents tell them
    expires: str = ""

    def of(self, known: Metadata, replaced_by: str) -> Metadata:
        """What is `known` of a document, and this; `replaced_by` is what people call the newer one."""
        return replace(
            known,
            status=self.status,
            effective=known.effective or self.effective,
            expires=known.expires or self.expires,
            replaced_by=known.replaced_by or replaced_by,
        )


# ---------------------------------------------------------------- reading the clauses

_DOCUMENT = r"(?:bo luat|luat|phap lenh|nghi dinh|nghi quyet|thong tu lien tich|thong tu|quyet dinh|chi thi|ke hoach)"
_NUMBER = r"\d{1,5}\s?/\s?(?:\d{4}\s?/\s?)?[a-z]+\d*(?:-\s?[a-z]+)*(?![a-z])"
_NAME = rf"(?:,? (?!{_DOCUMENT}\b|so\b)[a-z]+){{0,16}}?"  # "Luật Giao dịch điện tử số 51/2005/QH11"
_TARGET = re.compile(
    rf"(?<![a-z])(?P<kind>(?:bo )?luat{_NAME}|phap lenh{_NAME}|{_DOCUMENT})\s+(?:so\s*)?(?P<number>{_NUMBER})"
)
_SELF = re.compile(rf"(?<![a-z])(?P<kind>{_DOCUMENT}) (?:nay(?![a-z])|(?=co hieu luc))")
_CLAUSE = re.compile(r"hieu luc|thay the|bai bo|huy bo|sua doi, bo sung|ap dung (?:ke )?tu ngay")
_DAY = (
    r"(?:ngay\s+)?(?:(?P<d>\d{1,2})\s+thang\s+(?P<m>\d{1,2})\s+nam\s+(?P<y>\d{4})"
    r"|(?P<d2>\d{1,2})[/-](?P<m2>\d{1,2})[/-](?P<y2>\d{4}))"
)
_TAKES = re.compile(
    rf"co hieu luc(?: thi hanh)?\s*(?:,\s*)?(?:(?:ke\s+)?tu\s+(?:{_DAY}|ngay (?P<signed>ky|ban hanh|thong qua))"
    r"|sau (?P<after>\d+)\s*(?:\([^)]*\)\s*)?ngay\s*,?\s*ke tu ngay (?P<from>ky|ban hanh|dang))"
)
_APPLIES = re.compile(rf"ap dung (?:ke )?tu {_DAY}")
_ENDS = re.compile(rf"(?:co hieu luc|ap dung|thuc hien)[^.;]{{0,60}}?\bden (?:het )?{_DAY}")
_FROM_DAY = re.compile(rf"(?:ke )?tu {_DAY}")
_FROM_SELF = re.compile(rf"(?:ke )?tu (?:ngay|thoi diem) {_DOCUMENT} nay")
_ACTS = re.compile(
    r"(?P<replaces>thay the)|(?P<repeals>bai bo|huy bo)|(?P<amends>sua doi, bo sung)|(?P<expires>het hieu luc)"
)
_NUMBERED = re.compile(
    r"\s*(?:(?:dieu \d+\.|hieu luc thi hanh|\d{1,2}(?:\.\d+)*[.)]|[a-z][.)]|[-+•*])\s*)*"
)
_LIST_ITEM = re.compile(r"[ \t]*(?:[a-zđ][.)]|[-+•]|\d{1,2}\))[ \t]")
_LIST_HEAD = re.compile(
    r"(?:nghi dinh|van ban|thong tu|quyet dinh|luat|nghi quyet)s? (?:quy pham phap luat )?sau(?: day)?\b"
)
_PART = re.compile(
    r"\b(?:dieu|cac dieu|khoan|diem|chuong|muc|phu luc|phan|cum tu|mot so|noi dung|quy dinh tai|cac quy dinh|quy dinh"
    r"|thu tuc|danh muc|mau|bieu mau|tu)\b"
)
_JOINED = re.compile(r"(?:,|;|\bva)\s*(?:cac\s)?$")
_PART_FIRST = re.compile(
    r"\s*(?:cac |nhung )?(?:quy dinh|noi dung|dieu|khoan|diem|chuong|muc|phu luc|phan)\b"
)
_RUNS_ON = re.compile(rf"(?<=[\w,;(])\n(?=[{LOWER}(])")
_PASSIVE = re.compile(r"(?:\b(?:bi|duoc|se|ve viec)|bo sung,?|hoac|ban hanh)\s*$")
_FIRST_REACH = 260  # characters from a verb to what it acts on


def stated(document: Document) -> Iterator[Relation]:
    """What a document says of effect, replacement, repeal and amendment, in reading order."""
    text = document.text
    folded = fold(_RUNS_ON.sub(" ", text))  # a line broken in mid-sentence
    kinds = {fold(kind) for kind in kinds_of(document.metadata)}
    found = []
    for start, end in _candidates(text, folded):
        head = _NUMBERED.match(folded, start, end)
        first = head.end() if head else start
        own = _SELF.match(folded, first, end)
        if own and not any(kind.startswith(own["kind"]) for kind in kinds):
            own = None
        found.append((start, end, first, own))
    effective = ""
    for start, end, _, own in found:
        for verb, day in _own_dates(folded, own.end(), end, document.metadata) if own else ():
            if verb == "takes effect":
                effective = effective or day
            yield Relation(document.path, verb, "", "", "", day, start, end)
    for start, end, first, own in found:
        quoted = text[text.rfind("\n", 0, start) + 1 : start + 1].lstrip()[:1] in ("“", '"')
        if own or not quoted:
            yield from _acts(document, folded, (start, end, first), own is not None, effective)


@dataclass(frozen=True, slots=True)
class Citation:
    """A law cited by its number, from the first "Luật" of the words before it on."""

    written: str  # "Luật Giao dịch điện tử số 20/2023/QH15"
    folded: str
    at: int  # of the number therein
    start: int  # in the document

    @property
    def year(self) -> str:
        return self.folded[self.at :].split("/")[1]


_LAW_NUMBER = re.compile(r"(?<=[a-z0-9] )\d+/\d{4}/qh\d+")
_LAW_BEFORE = re.compile(r"(?<![a-z])luat (?:[a-z0-9]+ )+$")
_LONGEST_NAME = 240  # characters


def laws_cited(document: Document) -> Iterator[Citation]:
    """The laws that a document cites, each way of naming one once, where it is named first."""
    folded, known = fold(document.text), set()
    for number in _LAW_NUMBER.finditer(folded):
        first = max(0, number.start() - _LONGEST_NAME)
        law = _LAW_BEFORE.search(folded[first : number.start()])
        if law:
            start = first + law.start()
            said = folded[start : number.end()]
            if said not in known:
                known.add(said)
                written = document.text[start : number.end()]
                yield Citation(written, said, number.start() - start, start)


def newer_laws(
    entries: Sequence[Named], cited: Mapping[str, Sequence[Citation]]
) -> Iterator[Relation]:
    """The first citation in each document of a later law that bears the name of one we have."""
    laws: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for entry in entries:
        name, year = name_of(entry.metadata), number_year(entry.metadata)
        if year and len(name) > 1 and "Luật" in kinds_of(entry.metadata):
            laws.setdefault(name, []).append((entry.path, year))
    sizes = sorted({len(name) for name in laws})
    for entry in entries:
        told: set[str] = set()
        for one in cited.get(entry.path, ()):
            for name, start in _names_of(one, sizes):
                for path, year in laws.get(name, ()):
                    if one.year > year and path not in told:
                        told.add(path)
                        yield Relation(
                            entry.path, "is newer", one.written[start:], one.written[one.at :], path,
                            "", one.start + start, one.start + len(one.written),
                        )  # fmt: skip


def _names_of(cited: Citation, sizes: Iterable[int]) -> Iterator[tuple[tuple[str, ...], int]]:
    """The names that a law of so many words may have been cited by, and where each "Luật" stands."""
    words = [found for found in re.finditer(r"\S+", cited.folded[: cited.at]) if found[0] != "va"]
    words = words[:-1] if words[-1][0] == "so" else words
    for size in sizes:
        if len(words) > size and words[-size - 1][0] == "luat":
            yield tuple(word[0] for word in words[-size:]), words[-size - 1].start()


def _candidates(text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Sentences with a word of effect in them."""
    done = 0
    for clause in _CLAUSE.finditer(folded):
        if clause.start() < done:
            continue
        first, done = line_around(folded, *clause.span())
        if done - first > 20_000:
            continue  # a flattened table: plans to replace, not replacements
        for start, end in sentences(text, first, done):
            if _CLAUSE.search(folded, start, end):
                yield start, end


def _own_dates(folded: str, start: int, end: int, about: Metadata) -> Iterator[tuple[Verb, str]]:
    """Dates in a sentence that begins "Nghị định này…", right after these words."""
    near = min(end, start + 40)
    taken = _TAKES.search(folded, start, end)
    if taken and taken.start() < near:
        yield "takes effect", _effective(taken, about.date)
        applied = _APPLIES.search(folded, taken.end(), end)
        if applied and not taken["y"]:
            yield "takes effect", _day(applied)
    ended = _ENDS.search(folded, start, end)
    if ended and ended.start() < near:
        yield "expires", _day(ended)


def _effective(taken: re.Match[str], signed: str) -> str:
    if taken["after"] and taken["from"] != "dang" and re.fullmatch(r"\d{4}-\d\d-\d\d", signed):
        return (date.fromisoformat(signed) + timedelta(days=int(taken["after"]))).isoformat()
    if taken["signed"]:
        return signed
    return _day(taken)


def _day(match: re.Match[str]) -> str:
    day, month, year = (match[name] or match[f"{name}2"] for name in "dmy")
    try:
        return date(int(year), int(month), int(day)).isoformat() if year else ""
    except ValueError:
        return ""


def _acts(
    document: Document, folded: str, sentence: tuple[int, int, int], own: bool, effective: str
) -> Iterator[Relation]:
    """Replacements, repeals and amendments in one sentence, of which `first` is where words begin."""
    start, end, first = sentence
    acts = list(_ACTS.finditer(folded, first, end))
    subject = first  # where the subject of "hết hiệu lực" may begin
    for at, act in enumerate(acts):
        verb: Verb = "amends"
        day = effective
        if act["expires"]:
            verb, found = "repeals", _expiring(document.text, folded, subject, act, end)
            said = _FROM_DAY.search(folded, act.end(), end)
            day = _day(said) if said else effective
        elif act.start() == first or (own and not act["amends"] and not _is_passive(folded, act)):
            until = acts[at + 1].start() if at + 1 < len(acts) and not act["amends"] else end
            found = _targets(document.text, folded, act.end(), until, only=bool(act["amends"]))
            if not found and _LIST_HEAD.search(folded, act.end(), end):
                found = _listed(document.text, folded, end)
            verb = "replaces" if act["replaces"] else "repeals" if act["repeals"] else "amends"
        else:
            continue
        if found:
            subject = act.end()
        for target, number, part in found:
            meant: Verb = "amends" if "cụm từ" in part else verb
            yield Relation(document.path, meant, target, number, part, day, start, end)


def _is_passive(folded: str, act: re.Match[str]) -> bool:
    return _PASSIVE.search(folded, max(0, act.start() - 12), act.start()) is not None


def _expiring(
    text: str, folded: str, subject: int, act: re.Match[str], end: int
) -> list[tuple[str, str, str]]:
    """The documents that a sentence says expire: its subject, or the list after it."""
    dated = _FROM_DAY.search(folded, act.end(), end) or _FROM_SELF.search(folded, act.end(), end)
    if not dated:
        return []
    if _LIST_HEAD.search(folded, subject, act.start()):
        return _listed(text, folded, end)
    opening = _TARGET.search(folded, subject, act.start())
    if not opening:
        return []
    before = folded[subject : opening.start()].strip(" ,.;:")
    joined = before in ("", "va", "cac", "dong thoi")
    if not joined and not _PART_FIRST.match(before):
        return []  # "Các trang đã được cấp phép theo Nghị định…": permits expire, not the decree
    return _targets(text, folded, subject, act.start())


def _targets(
    text: str, folded: str, start: int, end: int, *, only: bool = False
) -> list[tuple[str, str, str]]:
    """(as written, number, part) of the documents acted on, not of those named within their titles."""
    found: list[tuple[str, str, str]] = []
    part = ""
    for target in _TARGET.finditer(folded, start, end):
        if not found:
            between = folded[start : target.start()]
            if target.start() - start > _FIRST_REACH:
                break
            part = text[start : target.start()].strip(" ,:") if _PART.search(between) else ""
            part = re.sub(
                r"\s+(?:của|tại)$", "", re.sub(r"^(?:cho|các)\s+(?=thông|nghị|quyết)", "", part)
            )
        elif not _JOINED.search(folded, start, target.start()):
            continue
        written = " ".join(text[target.start() : target.end()].split())
        number = re.sub(r"\s", "", text[target.start("number") : target.end()])
        found.append((written, number, part))
        if only:
            break
    return found


def _listed(text: str, folded: str, at: int) -> list[tuple[str, str, str]]:
    """The first document of each item of the list that follows."""
    found: list[tuple[str, str, str]] = []
    for line in re.finditer(r"[^\n]+", text[at : at + 6000]):
        if not line[0].strip(" .:;"):
            continue
        if not _LIST_ITEM.match(line[0]):
            break
        start = at + line.start()
        item = _LIST_ITEM.match(text, start)
        inner = item.end() if item else start
        found += _targets(text, folded, inner, at + line.end(), only=True)
    return found


# ---------------------------------------------------------------- what follows for each document


class Relations:
    """What a library's documents say of each other, by who says it and of what number."""

    def __init__(self, stated: Iterable[Relation]) -> None:
        self._all = tuple(stated)
        self._by: dict[str, list[Relation]] = {}
        self._of: dict[int, list[Relation]] = {}
        for one in self._all:
            self._by.setdefault(one.source, []).append(one)
            if one.number:
                self._of.setdefault(core_of(one.number), []).append(one)

    def __iter__(self) -> Iterator[Relation]:
        return iter(self._all)

    def of(self, reference: Reference) -> tuple[Relation, ...]:
        """What the library says of a document, itself in the library or not."""
        alike = self._of.get(core_of(reference.number), ()) if reference.number else ()
        return tuple(one for one in alike if same_number(reference, one.number))

    def by(self, path: str) -> tuple[Relation, ...]:
        """What one document says: its own effect, and what it replaces, repeals and amends."""
        return tuple(self._by.get(path, ()))


def statuses(entries: Sequence[Named], known: Relations, today: date) -> dict[str, Standing]:
    """The standing of every document: its own metadata first, then what others say of it."""
    metadata = {entry.path: entry.metadata for entry in entries}
    said: dict[str, list[Relation]] = {path: [] for path in metadata}
    bearing = Bearers(entries)
    for relation in known:
        if relation.source not in metadata:
            continue
        if not relation.number:
            said[relation.source].append(relation)
        elif relation.verb == "is newer":
            said.get(relation.part, []).append(relation)
        else:
            for path in bearing.of(relation.number):
                if path != relation.source:
                    said[path].append(relation)
    return {
        entry.path: _stated(entry.metadata, today)
        or _standing(entry.metadata, said[entry.path], metadata, today.isoformat())
        for entry in entries
    }


def _stated(about: Metadata, today: date) -> Standing | None:
    """What the maintainers say themselves."""
    if about.stands(today) == "expired" and about.status != "expired":
        return None  # "in force" was true until the last day they give
    if about.replaced_by:
        return Standing("expired", f"Được thay thế bởi {about.replaced_by}.", about.replaced_by)
    return Standing(about.status) if about.status != "unknown" else None


def _standing(
    about: Metadata, said: Sequence[Relation], metadata: Mapping[str, Metadata], now: str
) -> Standing:
    past = [one for one in said if one.number and _since(one, metadata) <= now]
    past.sort(key=lambda one: _since(one, metadata))
    gone = [one for one in past if one.verb in ("replaces", "repeals") and not one.part]
    ends = about.expires or max((one.date for one in said if one.verb == "expires"), default="")
    if gone:
        last = _eve(_since(gone[0], metadata))
        reason = _because(gone[-1], metadata)
        return Standing("expired", reason, gone[-1].source, gone[-1], expires=last)
    if ends and ends < now:
        return Standing("expired", f"Hết hiệu lực sau ngày {date_of(ends)}.", expires=ends)
    return _in_doubt(about, said, past, now) or _changed(past, metadata)


def _in_doubt(
    about: Metadata, said: Sequence[Relation], past: Sequence[Relation], now: str
) -> Standing | None:
    newer = [one for one in past if one.verb == "is newer"]
    if newer:
        return Standing("unknown", f"Đã có {newer[-1].target}, mới hơn.", "", newer[-1])
    begins = about.effective or _begins(said)
    if begins <= now:
        return None
    return Standing("unknown", f"Có hiệu lực từ ngày {date_of(begins)}.", effective=begins)


def _changed(past: Sequence[Relation], metadata: Mapping[str, Metadata]) -> Standing:
    if not past:
        return Standing("unknown")
    return Standing("amended", _because(past[-1], metadata), "", past[-1])


def _begins(said: Sequence[Relation]) -> str:
    """The first day of effect, and of application where that is later."""
    return max((one.date for one in said if one.verb == "takes effect"), default="")


def _since(relation: Relation, metadata: Mapping[str, Metadata]) -> str:
    return relation.date or metadata[relation.source].effective or metadata[relation.source].date


def _eve(day: str) -> str:
    """The day before; empty where the day is not known in full."""
    try:
        return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    except ValueError:
        return ""


def called(about: Metadata) -> str:
    """What people call a document: "Nghị định 224/2026/NĐ-CP", or its title."""
    kind = next(iter(sorted(kinds_of(about))), "")
    return f"{kind} {about.number}".strip() if about.number else about.title


def _because(relation: Relation, metadata: Mapping[str, Metadata]) -> str:
    named = called(metadata[relation.source])
    done = {"replaces": "thay thế", "repeals": "bãi bỏ"}.get(relation.verb, "sửa đổi, bổ sung")
    since = _since(relation, metadata)
    day = f" từ ngày {date_of(since)}" if since else ""
    if relation.part:
        return f"{named} {done} một phần ({relation.part}){day}."
    return f"Được {named} {done}{day}." if done != "bãi bỏ" else f"Bị {named} bãi bỏ{day}."
