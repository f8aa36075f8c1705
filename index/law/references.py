"""References to documents and their Điều, khoản, điểm: read from a question, resolved, located."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, Protocol

from knowledge.abbreviations import Abbreviations
from knowledge.document import Metadata, Section
from knowledge.heading import iso_date
from knowledge.places import NAMES
from knowledge.vietnamese import fold, nfc, syllables

Level = Literal["article", "clause", "point"]

HOME = "Thái Nguyên"  # whose "nghị quyết của tỉnh" is meant


@dataclass(frozen=True, slots=True)
class Reference:
    """A document, or a part of one, as asked; `span` counts in the NFC question."""

    kind: str = ""  # "Nghị định"; empty where none was said
    number: str = ""  # "47/2020/NĐ-CP", "47", "57-NQ/TW": as typed, without blanks
    year: str = ""
    article: str = ""
    clause: str = ""
    point: str = ""
    attached: bool = False  # the part is of what the document issues: "Điều 1 Quy chế kèm theo…"
    name: str = ""  # the words after the kind or the number: "công tác văn thư", "của HĐND Hà Nội"
    date: str = ""  # ISO, of the day that stands beside the number
    span: tuple[int, int] = (0, 0)

    @property
    def names_document(self) -> bool:
        return bool(self.number or self.name or (self.kind and self.year))


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


class Named(Protocol):
    @property
    def path(self) -> str: ...

    @property
    def metadata(self) -> Metadata: ...


# ---------------------------------------------------------------- reading a question

_ISSUED = "Quy chế"  # by a decision, whose number it bears: named only by who has an Điều of it

_KINDS = (  # as cited, as typed (folded), as it stands in a number
    ("Thông tư liên tịch", r"thong tu lien tich|ttlt|joint circular", "ttlt"),
    ("Nghị định", r"ng?h?i d[iy]nh|nd[- ]cp|nd|decree", "nd"),
    ("Nghị quyết", r"ng?h?i quyet|nq[- ]cp|nq|resolution", "nq"),
    ("Quyết định", r"quyet d[iy]nh|qd|decision", "qd"),
    ("Thông tư", r"thong tu|tt|circular", "tt"),
    ("Chỉ thị", r"chi thi|ct|directive", "ct"),
    ("Kế hoạch", r"ke hoach|kh|plan", "kh"),
    ("Kết luận", r"ket luan|kl|conclusion", "kl"),
    ("Thông báo", r"thong bao|tb", "tb"),
    ("Công văn", r"cong van|cv", "cv"),
    ("Hướng dẫn", r"huong dan|hd", "hd"),
    ("Báo cáo", r"bao cao|bc", "bc"),
    ("Tờ trình", r"to trinh|ttr", "ttr"),
    ("Công điện", r"cong dien", "cd"),
    ("Pháp lệnh", r"phap lenh|ordinance", "pl"),
    ("Bộ luật", r"bo luat", "qh"),
    ("Luật", r"luat|law", "qh"),
    ("Chương trình", r"chuong trinh|ctr|program|programme", "ctr"),
    ("Đề án", r"de an", "da"),
    ("Chiến lược", r"chien luoc", ""),
    ("Bài báo", r"bai bao|bai viet|bai", ""),
    (_ISSUED, r"quy che", ""),
    ("Văn bản hợp nhất", r"van ban hop nhat|vbhn", "vbhn"),
    ("Biên bản", r"bien ban", "bb"),
    ("Giấy mời", r"giay moi", "gm"),
    ("Phương án", r"phuong an", "pa"),
)
_KIND_OF_CODE = {code: kind for kind, _, code in _KINDS if code} | {"qh": "Luật"}
_NAMED_KINDS = frozenset(
    kind
    for kind, _, _ in _KINDS
    if kind
    not in (
        "Công văn",
        "Hướng dẫn",
        "Báo cáo",
        "Tờ trình",
        "Công điện",
        "Văn bản hợp nhất",
        "Biên bản",
        "Giấy mời",
        "Phương án",
    )
)
_BY_YEAR_ALONE = frozenset({"Nghị quyết", "Nghị định", "Chỉ thị", "Thông tư", "Quyết định", "Luật"})
_MOST_DIRECTIVES = 99  # a year; "CT 1719" is a programme, cited by the decision that approves it
_LARGE_NUMBERS = frozenset({"Quyết định", "Công văn", "Thông báo", "Báo cáo", "Tờ trình"})

_KIND = "|".join(f"(?P<k{at}>{typed})" for at, (_, typed, _) in enumerate(_KINDS))
_YEAR = r"(?:19|20)\d\d"
_ISSUER = r"[a-z]{2,9}\d{0,2}"
_CODE = rf"[a-z]{{1,6}}\d{{0,2}}(?:[-/]{_ISSUER}|\s?[-/]\s?(?:cp|ttg|tw|tu|ubnd|hdnd|b[a-z]{{2,6}})\b){{0,3}}"
_AFTER_CODE = rf"(?:,?\s*(?:\(|/)?\s*(?:ban hanh\s*)?(?:nam|of)?\s*(?P<later>{_YEAR})(?!\d))?"
_NUMBERED = re.compile(
    rf"(?<![^\W_])(?:(?:{_KIND})(?:s|e)?\s*(?:so|no\.?|number)?[\s.:]*)"
    rf"(?P<core>\d{{1,5}})(?![\d%])(?:\s?[/-]\s?(?P<year>{_YEAR})(?!\d))?"
    rf"(?:\s?[/-]\s?(?P<code>{_CODE})(?![^\W_]))?{_AFTER_CODE}"
)
_TYPES = "|".join(sorted((code for *_, code in _KINDS if code), key=len, reverse=True))
_SYMBOL = re.compile(
    rf"(?<![\w/-])(?P<core>\d{{1,5}})\s?[/-]\s?(?:(?P<year>{_YEAR})\s?[/-]\s?)?"
    rf"(?P<code>(?:{_TYPES}|ubtvqh)(?:\d{{1,2}})?(?:[-/]{_ISSUER}){{0,3}})(?![^\W_]){_AFTER_CODE}"
)
_DAY = re.compile(  # "ngày 20/01/2024", "ký ngày 20 tháng 1 năm 2024", behind a number or its name
    r"[\s,(]*(?:(?:co phai|duoc|da|la)\s+)*(?:(?:ban hanh|ky)\s+)?(?:vao\s+)?ngay\s+\d{1,2}\s*(?:[/.-]|thang)\s*\d{1,2}"
    rf"\s*(?:[/.-]|,?\s*nam)\s*{_YEAR}(?!\d)\)?"
)
_BARE_NUMBER = re.compile(
    rf"(?<![\w/.-])(?P<core>(?:1[3-9]|[2-9]\d|\d{{3}}))/(?P<year>{_YEAR})(?![\w/])"
)
_KIND_NAME = re.compile(rf"(?<![^\W_])(?:{_KIND})(?![^\W_])[\s:]*(?=[^\s\d])")
_NAME_YEAR = re.compile(rf"[\s,(]*(?:nam )?(?P<year>{_YEAR})(?![\d/])")
_STOPS = frozenset(  # where a document's name ends and the question goes on
    "quy nói thì áp đặt yêu hiệu còn bị được gồm liệt không nào gì ai bao mấy hết thay tại vì muốn phải"
    " là ghi nêu nhắc đề cấm cắt trả sẽ cho hỗ hay hoặc từ đến khi bắt vào ngày đã rồi đang do có"
    " does say what is are was were provide require which how must should about under".split()
)
_BARE_STOPS = frozenset(map(fold, _STOPS)) - {"ai", "hieu", "do", "de", "den", "ho", "tai"}
_NAME_GOES_ON = {  # a stop word that goes on as part of a name, by the word after it
    "quy": "hoach", "bao": "ve hiem dam mat chi", "bi": "mat", "con": "nguoi dau", "cho": "thue",
    "tu": "phap lieu nhan phap", "de": "an", "thi": "dua hanh truong", "ho": "tich so gia",
    "hay": "", "co": "so quan che yeu", "vi": "mach", "la": "", "phai": "", "dat": "dai",
    "ap": "", "khi": "hau tuong", "gi": "", "bat": "dong", "ghi": "am", "thay": "",
}  # fmt: skip
_WORD = re.compile(r"[^\W_][\w&]*(?:-[^\W\d_]\w*)*")
_NAME_BREAK = re.compile(r"[?!;:.()\"“”\n]|,(?! )")
_QUOTED = re.compile(r"[\s:]*[\"“'‘]([^\"“”'‘’\n]{3,160})[\"”'’]")
_EMPTY_NAMES = frozenset(  # "luật mới", "nghị định này" name nothing
    "mới này đó kia trên hiện hành liên quan khác cũ việt nam của và số các những một thi on the of"
    " and new nay ấy về tôi ta nước nhà trước sau".split()
)
_BARE_EMPTY = frozenset(map(fold, _EMPTY_NAMES))

_PLACES = "|".join(map(fold, NAMES))
PLACE = re.compile(rf"(?<![a-z])(?:{_PLACES})(?![a-z])")  # a province, in folded text
_ASKED_OF = re.compile(  # "của tỉnh nào", "do ai ban hành", "về việc gì"
    r"[\s,]*\b(?:(?:cua|do|boi|ve|quy dinh)(?: \w+){0,2} (?:nao|gi)|(?:do|cua|boi) ai|ai (?:ban hanh|ky))\b"
)
_NAMES_NUMBER = re.compile(
    rf"[\s,:]*(?:(?:cua|ve|of|on|do|tinh|thanh pho|tp|hdnd|ubnd)\b|(?:{_PLACES})\b)"
)
_OWN_PROVINCE = re.compile(
    r"(?:cua |do )?(?:hdnd |ubnd |hoi dong nhan dan |uy ban nhan dan )?tinh(?: uy| ta| minh| nha)?$"
)

_PART = re.compile(
    r"(?<![^\W_])(?:(?P<a>dieu|article|art\.)\s*(?:thu\s|so\s)?\s*(?P<an>\d{1,3}[a-z]?)"
    r"|(?P<d>d)\.?(?P<dn>\d{1,3})"
    r"|(?P<c>khoan|clause)\s*(?:thu\s|so\s)?\s*(?P<cn>\d{1,2}(?:\.\d{1,2}){0,2}[a-z]?)|(?P<k>k)\.?\s?(?P<kn>\d{1,2})"
    r"|(?P<p>diem|point|item)\s+(?P<pn>[a-z]{1,2}))(?![^\W_])(?!\s*(?:%|ty|trieu|nghin|ngan|dong|thang)\b)"
)
_OF_ATTACHED = re.compile(
    r"[\s,]*(?:(?:cua|tai|trong|thuoc)\s+)?(?:quy che|dieu le|noi quy|quy trinh|quy dinh(?=.{0,160}\bkem theo\b))\b"
)
_ATTACHES = re.compile(
    r"(?:ban hanh|kem theo|tai|theo|cua quyet)\b"
)  # no name: what follows names it
_BETWEEN = re.compile(r"[\s,;:().]*(?:(?:cua|tai|o|trong|thuoc|theo|of|in|under|va|the)\b[\s,]*)*$")


def references_in(question: str) -> tuple[Reference, ...]:
    """What `question` names, in order: each part with its document, or either alone."""
    text = nfc(question)
    folded = fold(text)
    documents = _documents(text, folded)
    parts = _parts(text, folded)
    if not parts:
        return tuple(one for one in documents if one.kind != _ISSUED)
    joined: list[Reference] = []
    used: set[int] = set()
    for part in parts:
        at = _document_of(part, documents, folded)
        if at is None:
            joined.append(part)
            continue
        used.add(at)
        span = (
            min(part.span[0], documents[at].span[0]),
            max(part.span[1], documents[at].span[1]),
        )
        joined.append(
            replace(
                documents[at],
                article=part.article,
                clause=part.clause,
                point=part.point,
                attached=part.attached or documents[at].kind == _ISSUED,
                span=span,
            )
        )
    rest = (one for at, one in enumerate(documents) if at not in used)
    joined += [one for one in rest if one.kind != _ISSUED]
    return tuple(sorted(joined, key=lambda one: one.span))


def numbers_in(question: str) -> tuple[tuple[int, int], ...]:
    """Spans of the document numbers in `question` (NFC), whose letters are no abbreviations."""
    folded = fold(question)
    found = [*_NUMBERED.finditer(folded), *_SYMBOL.finditer(folded)]
    return tuple(sorted({(match.start("core"), match.end()) for match in found}))


def _documents(text: str, folded: str) -> list[Reference]:
    found: list[Reference] = []
    taken: list[tuple[int, int]] = []

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= start or end <= match.start() for start, end in taken)

    for pattern in (_NUMBERED, _SYMBOL, _BARE_NUMBER):
        for match in pattern.finditer(folded):
            if free(match):
                one = _numbered(text, folded, match)
                if one:
                    found.append(one)
                    taken.append(one.span)
    for match in _KIND_NAME.finditer(folded):
        named = _named(text, folded, match, taken) if free(match) else None
        if named:
            found.append(named)
            taken.append(named.span)
    return _without_doubles(found)


def _without_doubles(found: Sequence[Reference]) -> list[Reference]:
    """ "Luật Giao dịch điện tử số 20/2023/QH15" is one document: its name goes to its number."""
    merged: list[Reference] = []
    for one in sorted(found, key=lambda one: one.span):
        before = merged[-1] if merged else None
        if (
            before
            and one.number
            and before.name
            and not before.number
            and not one.name
            and before.kind == one.kind
            and one.span[0] - before.span[1] <= 5
        ):
            merged[-1] = replace(one, name=before.name, span=(before.span[0], one.span[1]))
        else:
            merged.append(one)
    return merged


def _kind_of(match: re.Match[str]) -> str:
    groups = match.groupdict()
    for at, (kind, _, _) in enumerate(_KINDS):
        if groups.get(f"k{at}"):
            return kind
    code = re.match(r"[a-z]*", groups.get("code") or "")
    return _KIND_OF_CODE.get(code[0], "") if code else ""


def _numbered(text: str, folded: str, match: re.Match[str]) -> Reference | None:
    groups = match.groupdict()
    kind, core, year = _kind_of(match), match["core"], match["year"] or groups.get("later") or ""
    code = groups.get("code")
    if kind == _ISSUED:
        if not match["year"]:
            return None
        kind = ""
    if not code and not match["year"] and re.fullmatch(_YEAR, core) and kind not in _LARGE_NUMBERS:
        return _by_year(kind, core, match)
    period = re.fullmatch(_YEAR, core)  # "chương trình 2021-2025" is known by its name
    if period and match["year"] and "-" in folded[match.end("core") : match.start("year")]:
        return None
    if match.groupdict().get("k5") == "ct" and not code and int(core) > _MOST_DIRECTIVES:
        kind = ""
    if kind == "Bài báo" or (
        kind in ("Chương trình", "Đề án", "Báo cáo") and not code and (not year or period)
    ):
        return None
    end = match.end()
    if folded[match.start() : end].count("(") > folded[match.start() : end].count(")"):
        end += folded[end : end + 1] == ")"
    number_end = (
        match.end("code") if code else match.end("year") if match["year"] else match.end("core")
    )
    number = (
        re.sub(r"\s", "", text[match.start("core") : number_end]).upper().replace("-TTG", "-TTg")
    )
    day = _DAY.match(folded, end)
    end = day.end() if day else end
    name, name_end = _name(text, folded, end)
    if asks := _ASKED_OF.search(folded, end, name_end + len(" nao")):
        name_end = max(end, asks.start())
        name = text[end:name_end].strip(" ,:")
    if not _NAMES_NUMBER.match(folded[end:name_end]):
        name, name_end = "", end
    day = day or _DAY.match(folded, name_end)
    date = iso_date(day[0]) if day else ""
    span = (match.start(), max(name_end, day.end() if day else 0))
    return Reference(kind, number, year, name=name, date=date, span=span)


def _by_year(kind: str, year: str, match: re.Match[str]) -> Reference | None:
    if kind not in _BY_YEAR_ALONE or match.groupdict().get("later"):
        return None
    return Reference(kind, "", year, span=(match.start(), match.end("core")))


def _named(
    text: str, folded: str, match: re.Match[str], taken: Sequence[tuple[int, int]]
) -> Reference | None:
    kind = _kind_of(match)
    if kind not in _NAMED_KINDS or not _says_kind(text, match, kind):
        return None
    if kind == _ISSUED and (taken or _ATTACHES.match(folded, match.end())):
        return None  # the decision is named
    limit = min((start for start, _ in taken if start >= match.end()), default=len(text))
    name, end = _name(text, folded, match.end(), limit)
    year = _NAME_YEAR.match(folded, end)
    if not name and not (year and kind in _BY_YEAR_ALONE):
        return None
    span = (match.start(), year.end() if year else end)
    return Reference(kind, "", year["year"] if year else "", name=name, span=span)


def _says_kind(text: str, match: re.Match[str], kind: str) -> bool:
    """ "tt", "kh" or "ct" before a word is no document, and "quyết định" may be a verb."""
    typed = match[0].strip(" :")
    if len(typed) <= 3 or typed in ("plan", "program", "programme", "decision", "conclusion"):
        return typed in ("law", "nd", "nq", "qd") and text[match.start()].isupper()
    quoted = text[match.end() : match.end() + 1] in "\"“'‘"
    follows = fold(text[match.end() : match.end() + 4])
    if kind in ("Quyết định", "Kết luận", "Thông báo", "Bài báo"):
        return quoted or follows.startswith(("ve ", "cua "))
    return True


def _name(text: str, folded: str, start: int, limit: int = 10_000) -> tuple[str, int]:
    """The words of a document's name from `start` on, up to where the question goes on."""
    quoted = _QUOTED.match(text, start)
    if quoted and quoted.end() <= limit:
        return quoted[1].strip(), quoted.end()
    bare = text.lower() == folded
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(folded, start):
        gap = folded[words[-1].end() if words else start : word.start()]
        if (
            word.end() > limit
            or len(words) == 16
            or _NAME_BREAK.search(gap)
            or re.fullmatch(_YEAR, word[0])
        ):
            break
        if words and "," in gap and not _goes_on(folded, word.end()):
            break
        following = _WORD.search(folded, word.end())
        if _stops(text, word, following[0] if following else "", bare):
            break
        words.append(word)
    while words and words[-1][0] in ("va", "ve", "cua", "co", "o", "theo", "trong", "of"):
        words.pop()
    if words and words[-1][0] == "so" and folded[words[-1].end() :].lstrip()[:1].isdigit():
        words.pop()
    if bare and words and all(word[0] in _BARE_EMPTY for word in words):
        return "", start
    if all(text[word.start() : word.end()].lower() in _EMPTY_NAMES for word in words):
        return "", start
    return text[words[0].start() : words[-1].end()], words[-1].end()


def _stops(text: str, word: re.Match[str], following: str, bare: bool) -> bool:
    if word[0] == "nam" and following.isdigit():
        return True
    typed = text[word.start() : word.end()].lower()
    if not (word[0] in _BARE_STOPS if bare else typed in _STOPS):
        return False
    if bare and word[0] == "tu" and text[: word.start()].lower().endswith(("dien ", "dau ")):
        return False  # "giao dich dien tu", "luat dau tu"
    return following not in _NAME_GOES_ON.get(word[0], "").split() or not following


def _goes_on(folded: str, at: int) -> bool:
    """After a comma inside a name ("Quản lý, kết nối và chia sẻ dữ liệu"), an "và" follows soon."""
    return re.match(r"(?:\s+\w+){0,3}\s+va\s", folded[at:]) is not None


def _parts(text: str, folded: str) -> list[Reference]:
    """Điều, khoản and điểm, neighbours of different levels joined."""
    groups: list[dict[str, str]] = []
    spans: list[tuple[int, int]] = []
    for match in _PART.finditer(folded):
        level, number = _level(match, text)
        near = bool(groups) and _BETWEEN.match(folded[spans[-1][1] : match.start()]) is not None
        if near and level not in groups[-1]:
            groups[-1][level] = number
            spans[-1] = (spans[-1][0], match.end())
        else:
            groups.append({level: number, "sure": ""})
            spans.append(match.span())
        if match["a"] or match["c"] or (match["d"] and text[match.start("d")] in "đĐ"):
            groups[-1]["sure"] = "yes"
    return [
        Reference(
            article=group.get("article", ""), clause=group.get("clause", ""),
            point=group.get("point", ""), span=span,
            attached=_OF_ATTACHED.match(folded, span[1]) is not None,
        )
        for group, span in zip(groups, spans, strict=True)
        if group["sure"] and ("article" in group or "clause" in group)
    ]  # fmt: skip


def _level(match: re.Match[str], text: str) -> tuple[Level, str]:
    if match["a"] or match["d"]:
        return "article", (match["an"] or match["dn"]).lstrip("0") or "0"
    if match["c"] or match["k"]:
        return "clause", (match["cn"] or match["kn"]).lstrip("0") or "0"
    return "point", text[slice(*match.span("pn"))].lower()  # "đ" is not "d"


def _document_of(part: Reference, documents: Sequence[Reference], folded: str) -> int | None:
    """The document right after the part, else right before it, else the only one."""
    for at, one in enumerate(documents):
        gap = folded[part.span[1] : one.span[0]]
        if one.span[0] >= part.span[1] and (_BETWEEN.match(gap) or one.span[0] == part.span[1]):
            return at
    for at, one in reversed(list(enumerate(documents))):
        gap = folded[one.span[1] : part.span[0]]
        if one.span[1] <= part.span[0] and len(gap) <= 40 and not re.search(r"[?.!;]\s", gap):
            return at
    return 0 if len(documents) == 1 else None


# ---------------------------------------------------------------- resolving against a library


@dataclass(frozen=True, slots=True)
class _Key:
    """One number a document bears."""

    core: int
    year: str
    codes: tuple[str, ...]

    @property
    def kind(self) -> str:
        return _KIND_OF_CODE.get(re.match(r"[a-z]*", self.codes[0])[0], "") if self.codes else ""  # type: ignore[index] # always matches


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
    rf"(?P<core>\d{{1,5}})\s*(?:[/-]\s*(?P<year>{_YEAR})(?!\d))?\s*"
    r"(?:[/-]\s*(?P<code>[a-z]+\d*(?:\s?[-/]\s?[a-z]+\d*)*))?"
)
_TITLE_NUMBER = re.compile(
    rf"^\W*(?:(?:{'|'.join(typed for _, typed, _ in _KINDS)})?\s*(?:so\s*)?)(?P<number>\d[^\s]*(?:\s/\S+)?)?"
)
_WITHOUT_YEAR = re.compile(rf"\({_YEAR}\)|\b{_YEAR}\b\s*$")
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
        asked = _keys(reference.number)[0]
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
        return not kind or not kinds or kind in kinds or (kind, "Luật") in (("Bộ luật", *kinds),)

    def _fits(self, book: _Book, reference: Reference) -> bool:
        return reference.kind in book.kinds and (not reference.year or reference.year in book.years)

    def _by_name(self, reference: Reference) -> tuple[str, ...]:
        name = fold(reference.name)
        place = PLACE.search(name)
        if _OWN_PROVINCE.match(name):
            place = PLACE.match(fold(HOME))
        if place and (_OWN_PROVINCE.match(name) or _only_place(name)):
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
        return kind in book.kinds or kind not in _BY_YEAR_ALONE | {"Bộ luật", "Pháp lệnh"}

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


def _keys(number: str) -> list[_Key]:
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
        kind for kind, typed, _ in _KINDS if not kinds or about.kind
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
        cited = _keys(number)[0]
        return list(dict.fromkeys(
            entry.path
            for key, entry in self._by_core.get(cited.core, ())
            if _squeezed(key.codes) == _squeezed(cited.codes)
            and (not cited.year or cited.year == (key.year or entry.metadata.date[:4]))
        ))  # fmt: skip


def core_of(number: str) -> int:
    """The number itself, without year and codes: 47 of "47/2020/NĐ-CP"."""
    return _keys(number)[0].core


def kind_numbered(number: str) -> str:
    """The kind that a number says: "Luật" of "148/2025/QH15"; empty where it says none."""
    return next((key.kind for key in _keys(number)), "")


def same_number(reference: Reference, number: str) -> bool:
    """Whether a number cited in full may be the one asked for."""
    if not (reference.number and _keys(number)):
        return False
    asked, cited = _keys(reference.number)[0], _keys(number)[0]
    year = asked.year or reference.year
    return (
        asked.core == cited.core
        and (not year or not cited.year or year == cited.year)
        and (not asked.codes or _squeezed(asked.codes) == _squeezed(cited.codes))
        and (not reference.kind or not cited.kind or reference.kind == cited.kind)
    )


def _document_keys(about: Metadata) -> list[_Key]:
    keys = [key for part in about.number.split(";") for key in _keys(part)[:1]]
    opening = _TITLE_NUMBER.match(fold(about.title))
    titled = _keys(opening["number"]) if opening and opening["number"] else []
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
    kind, coded = next((typed for name, *typed in _KINDS if name == reference.kind), ("", ""))
    said = rf"(?:{kind})\s+" if kind else ""
    if not reference.number:
        words = r"[\s,]+(?:va\s+)?".join(
            re.escape(word) for word in syllables(reference.name) if word not in _BARE_EMPTY
        )
        return re.compile(rf"(?<![a-z]){said}(?:ve\s+)?{words or '(?!)'}(?![a-z])")
    asked = _keys(reference.number)[0]
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
        words = [word for word in syllables(reference.name) if word not in _BARE_EMPTY]
        pairs = tuple((f"{one}_{other}", f"{one}_va") for one, other in pairwise(words))
        return pairs or tuple((word,) for word in words)
    asked = _keys(reference.number)[0]
    cores = ["0" * zeros + str(asked.core) for zeros in range(4)]
    if asked.year or asked.codes:
        following = asked.year or asked.codes[0]
        return (tuple(f"{core}_{following}" for core in cores),)
    typed, coded = next((typed for name, *typed in _KINDS if name == reference.kind), ("", ""))
    said = [reference.kind, *re.sub(r"\[.*?\]", " ", typed).split("|")] if typed else []
    before = ["so", *(words[-1] for words in map(syllables, said) if words)]
    if not said:
        return (tuple(cores),)
    behind = [f"{core}_{coded}" for core in cores if coded]
    return ((*(f"{word}_{core}" for word in before for core in cores), *behind),)


# ---------------------------------------------------------------- locating a part

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
    asked, there = _keys(reference.number)[0], _keys(origin["number"])[0]
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
