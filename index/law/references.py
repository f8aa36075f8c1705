"""References to documents and their Điều, khoản, điểm, as a question makes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.heading import iso_date
from knowledge.places import FOLDED, PLACE
from knowledge.vietnamese import fold, nfc

Level = Literal["article", "clause", "point"]


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


_ISSUED = "Quy chế"  # by a decision, whose number it bears: named only by who has an Điều of it

KINDS = (  # as cited, as typed (folded), as it stands in a number
    ("Thông tư liên tịch", r"thong tu lien tich|ttlt|joint circular", "ttlt"),
    ("Nghị định", r"ng?h?i d[iy]nh|nd[- ]cp|nd|decree", "nd"),
    ("Nghị quyết", r"ng?h?i quyet|nq[- ]cp|nq|resolution", "nq"),
    ("Quyết định", r"quyet d[iy]nh|qd|decision", "qd"),
    ("Thông tư", r"thong tu|tt|circular", "tt"),
    # not the road in "cao tốc CT.03"
    ("Chỉ thị", r"chi thi|(?<!cao toc )(?<!duong )(?<!tuyen )ct|directive", "ct"),
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
KIND_OF_CODE = {code: kind for kind, _, code in KINDS if code} | {"qh": "Luật"}
_NAMED_KINDS = frozenset(kind for kind, *_ in KINDS) - {
    "Công văn", "Hướng dẫn", "Báo cáo", "Tờ trình", "Công điện", "Văn bản hợp nhất", "Biên bản",
    "Giấy mời", "Phương án",
}  # fmt: skip
BY_YEAR_ALONE = frozenset({"Nghị quyết", "Nghị định", "Chỉ thị", "Thông tư", "Quyết định", "Luật"})
_MOST_DIRECTIVES = 99  # a year; "CT 1719" is a programme, cited by the decision that approves it
_LARGE_NUMBERS = frozenset({"Quyết định", "Công văn", "Thông báo", "Báo cáo", "Tờ trình"})

_KIND = "|".join(f"(?P<k{at}>{typed})" for at, (_, typed, _) in enumerate(KINDS))
YEAR = r"(?:19|20)\d\d"
_ISSUER = r"[a-z]{2,9}\d{0,2}"
_CODE = rf"[a-z]{{1,6}}\d{{0,2}}(?:[-/]{_ISSUER}|\s?[-/]\s?(?:cp|ttg|tw|tu|ubnd|hdnd|b[a-z]{{2,6}})\b){{0,3}}"
_AFTER_CODE = rf"(?:,?\s*(?:\(|/)?\s*(?:ban hanh\s*)?(?:nam|of)?\s*(?P<later>{YEAR})(?!\d))?"
_NUMBERED = re.compile(
    rf"(?<![^\W_])(?:(?:{_KIND})(?:s|e)?\s*(?:so|no\.?|number)?[\s.:]*)"
    rf"(?P<core>\d{{1,5}})(?![\d%])(?:\s?[/-]\s?(?P<year>{YEAR})(?!\d))?"
    rf"(?:\s?[/-]\s?(?P<code>{_CODE})(?![^\W_]))?{_AFTER_CODE}"
)
_TYPES = "|".join(sorted((code for *_, code in KINDS if code), key=len, reverse=True))
_SYMBOL = re.compile(
    rf"(?<![\w/-])(?P<core>\d{{1,5}})\s?[/-]\s?(?:(?P<year>{YEAR})\s?[/-]\s?)?"
    rf"(?P<code>(?:{_TYPES}|ubtvqh)(?:\d{{1,2}})?(?:[-/]{_ISSUER}){{0,3}})(?![^\W_]){_AFTER_CODE}"
)
_DAY = re.compile(  # "ngày 20/01/2024", "ký ngày 20 tháng 1 năm 2024", behind a number or its name
    r"[\s(]*(?:(?:co phai|duoc|da|la)\s+)*(?:(?:do|boi)?\s*(?:[a-z]+\s+){0,4}?(?:ban hanh|ky)\s+(?:vao\s+)?(?:ngay\s+)?|ngay\s+)"
    r"(?P<d>\d{1,2})\s*(?:[/.-]|thang)\s*(?P<m>\d{1,2})\s*(?:[/.-]|,?\s*nam)\s*(?P<y>20\d\d|[0-4]\d)(?!\d)\)?"
    # what is so on a day is no document of that day: "… ngày 15/8/2022 có hiệu lực chưa"
    r"(?!\s+(?:(?:da|con|thi)\s+)*(?:(?:co|het) hieu luc|hieu luc|ap dung)(?!\s+(?:tu|ke|khi|bao|ngay|luc|vao|nam|thi hanh tu))"
    r"|\s+(?:duoc khong|co duoc|la han))"
)
_BARE_NUMBER = re.compile(
    rf"(?<![\w/.-])(?P<core>(?:1[3-9]|[2-9]\d|\d{{3}}))/(?P<year>{YEAR})(?![\w/])"
)
_KIND_NAME = re.compile(rf"(?<![^\W_])(?:{_KIND})(?![^\W_])[\s:]*(?=[^\s\d])")
_NAME_YEAR = re.compile(rf"[\s,(]*(?:nam )?(?P<year>{YEAR})(?![\d/])")
_STOPS = frozenset(  # where a document's name ends and the question goes on
    "giao quy nói thì áp đặt yêu hiệu còn bị được gồm liệt không nào gì ai bao mấy hết thay tại vì muốn phải"
    " là ghi nêu nhắc đề cấm cắt trả sẽ cho hỗ hay hoặc từ đến khi bắt vào ngày đã rồi đang do có"
    " does say what is are was were provide require which how must should about under".split()
)
_BARE_STOPS = frozenset(map(fold, _STOPS)) - {"ai", "hieu", "do", "de", "den", "ho", "tai"}
_NAME_GOES_ON = {  # a stop word that goes on as part of a name, by the word after it
    "quy": "hoach", "bao": "ve hiem dam mat chi", "bi": "mat", "con": "nguoi dau", "cho": "thue",
    "tu": "phap lieu nhan phap", "de": "an", "thi": "dua hanh truong", "ho": "tich so gia",
    "hay": "", "co": "so quan che yeu", "vi": "mach", "la": "", "phai": "", "dat": "dai",
    "ap": "", "giao": "dich thong duc viec", "khi": "hau tuong", "gi": "", "bat": "dong", "ghi": "am", "thay": "",
}  # fmt: skip
_WORD = re.compile(r"[^\W_][\w&]*(?:-[^\W\d_]\w*)*")
_NAME_BREAK = re.compile(r"[?!;:.()\"“”\n]|,(?! )")
_QUOTED = re.compile(r"[\s:]*[\"“'‘]([^\"“”'‘’\n]{3,160})[\"”'’]")
_EMPTY_NAMES = frozenset(  # "luật mới", "nghị định này" name nothing
    "mới này đó kia trên hiện hành liên quan khác cũ việt nam của và số các những một thi on the of"
    " and new nay ấy về tôi ta nước nhà trước sau".split()
)
BARE_EMPTY = frozenset(map(fold, _EMPTY_NAMES))

_ASKED_OF = re.compile(  # "của tỉnh nào", "do ai ban hành", "về việc gì"
    r"[\s,]*\b(?:(?:cua|do|boi|ve|quy dinh)(?: \w+){0,2} (?:nao|gi)|(?:do|cua|boi) ai|ai (?:ban hanh|ky))\b"
)
_NAMES_NUMBER = re.compile(
    rf"[\s,:]*(?:(?:cua|ve|of|on|do|tinh|thanh pho|tp|hdnd|ubnd)\b|(?:{FOLDED})\b)"
)
OWN_PROVINCE = re.compile(
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
# no name: what follows names it
_ATTACHES = re.compile(r"(?:ban hanh|kem theo|tai|theo|cua quyet)\b")
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
    for at, (kind, _, _) in enumerate(KINDS):
        if groups.get(f"k{at}"):
            return kind
    code = re.match(r"[a-z]*", groups.get("code") or "")
    return KIND_OF_CODE.get(code[0], "") if code else ""


def _numbered(text: str, folded: str, match: re.Match[str]) -> Reference | None:
    groups = match.groupdict()
    kind, core, year = _kind_of(match), match["core"], match["year"] or groups.get("later") or ""
    code = groups.get("code")
    if kind == _ISSUED:
        if not match["year"]:
            return None
        kind = ""
    if not code and not match["year"] and re.fullmatch(YEAR, core) and kind not in _LARGE_NUMBERS:
        return _by_year(kind, core, match)
    period = re.fullmatch(YEAR, core)  # "chương trình 2021-2025" is known by its name
    if period and match["year"] and "-" in folded[match.end("core") : match.start("year")]:
        return None
    if kind == "Chỉ thị" and match[0][:2] == "ct" and not code and int(core) > _MOST_DIRECTIVES:
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
    date = iso_date(f"{day['d']}/{day['m']}/20{day['y'][-2:]}") if day else ""
    span = (match.start(), max(name_end, day.end() if day else 0))
    return Reference(kind, number, year, name=name, date=date, span=span)


def _by_year(kind: str, year: str, match: re.Match[str]) -> Reference | None:
    if kind not in BY_YEAR_ALONE or match.groupdict().get("later"):
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
    if not name and not (year and kind in BY_YEAR_ALONE):
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
    places = [place.span() for place in PLACE.finditer(folded, start)] if bare else []
    words: list[re.Match[str]] = []
    for word in _WORD.finditer(folded, start):
        gap = folded[words[-1].end() if words else start : word.start()]
        if (
            word.end() > limit
            or len(words) == 16
            or _NAME_BREAK.search(gap)
            or re.fullmatch(YEAR, word[0])
        ):
            break
        if words and "," in gap and not _goes_on(folded, word.end()):
            break
        following = _WORD.search(folded, word.end())
        within = any(first <= word.start() < last for first, last in places)  # "ha noi"
        if not within and _stops(text, word, following[0] if following else "", bare):
            break
        words.append(word)
    while words and words[-1][0] in ("va", "ve", "cua", "co", "o", "theo", "trong", "of"):
        words.pop()
    if words and words[-1][0] == "so" and folded[words[-1].end() :].lstrip()[:1].isdigit():
        words.pop()
    if bare and words and all(word[0] in BARE_EMPTY for word in words):
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
