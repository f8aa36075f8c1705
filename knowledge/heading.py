"""What a Vietnamese state document says of itself: number, date, issuer, kind, title, effect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise, takewhile
from typing import Final

from knowledge.abbreviations import is_syllable
from knowledge.lines import REPUBLIC, line_around
from knowledge.numbers import CODE, KINDS, NUMBER, kind_and_issuer, tidy_number
from knowledge.places import written_as_names
from knowledge.signature import is_name
from knowledge.vietnamese import LOWER, fold

_HEAD = 6000  # characters in which a heading is looked for
_KIND_NAMES: Final = (*KINDS.values(), "Luật", "Bộ luật", "Hiến pháp", "Lệnh", "Thông tri")
_KIND_OF: Final = {fold(name): name for name in _KIND_NAMES}
_KIND: Final = "|".join(sorted(_KIND_NAMES, key=len, reverse=True))
_DATE: Final = r"ngày\s+\d{1,2}\s*(?:tháng\s+\d{1,2}\s*năm|[/-]\s*\d{1,2}\s*[/-])\s*\d{4}"
_KIND_AND_MORE: Final = re.compile(  # "CHƯƠNG TRÌNH HÀNH ĐỘNG", "BÁO CÁO TÓM TẮT"
    rf"({_KIND}) (?:HÀNH ĐỘNG|CÔNG TÁC|TÓM TẮT|CHUYÊN ĐỀ|TỔNG KẾT|SƠ KẾT|THỰC HIỆN|PHỐI HỢP|CHUNG|LIÊN NGÀNH)$",
    re.IGNORECASE,
)
_BODY: Final = re.compile(  # where the heading is over
    r"căn cứ |điều 1\b|kính gửi|thực hiện |theo đề nghị|quyết nghị|quyết định:|chương i\b|i\. ",
    re.IGNORECASE,
)
_MOTTO: Final = re.compile(
    r"cộng h(?:òa|oà) xã hội|chủ nghĩa việt nam|đảng cộng sản việt nam|độc lập\s*[-–]|\W*$",
    re.IGNORECASE,
)
_BROKEN_MOTTO: Final = re.compile(rf"{REPUBLIC}(?:(?! NAM).)* NAM$")  # its end on a line below
_STAMPS: Final = "dự thảo|sao y|sao lục|bản sao|hỏa tốc|thượng khẩn|khẩn|mật|tối mật|công báo"
_CELLS: Final = re.compile(  # of a table, or of two columns that a copy has run together
    rf"\||(?<=\S) +(?={REPUBLIC}|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập *[-–] *Tự do)"
)
_NUMBERED: Final = re.compile(  # with a colon, as a subject names others without
    rf"^(?:(?:bộ )?luật )?số\s*:?\s*({NUMBER})|^(?:{_KIND}) số\s*:\s*({NUMBER})",
    re.IGNORECASE | re.MULTILINE,
)
_COPY: Final = re.compile(r"số\s*:?\s*\d*\s*/\s*(?:SY|SL|TrS)\s*-", re.IGNORECASE)
_UNNUMBERED: Final = (
    re.compile(  # a draft's: "Số:    /KH-UBND", "Số: -CTr/TU", "Số: …/2026/QĐ-UBND"
        rf"^số\s*:?[\s.…_]*(?P<code>[-/]\s*(?:20\d\d\s*/\s*)?{CODE})", re.IGNORECASE | re.MULTILINE
    )
)
_UNDATED: Final = re.compile(r"\bngày[\s.…_]*tháng[\s.…_\d]*năm", re.IGNORECASE)
_NOTE = re.compile(r"[ \t]*\[\d{1,3}\]")  # of an editor
_DRAFT: Final = re.compile(r"^\W*dự thảo\b", re.IGNORECASE | re.MULTILINE)
_DATED: Final = re.compile(rf"(?:^|,)\s*({_DATE})", re.IGNORECASE)
_DAY_LINE: Final = re.compile(rf"[^\d,]{{0,40}},?\s*{_DATE}\W*$", re.IGNORECASE)  # "Hà Nội, ngày …"
_DAY: Final = re.compile(rf"({_DATE})", re.IGNORECASE)  # "Số: 12/QĐ-UBND ngày 5 tháng 6 năm 2026"
_OF_NUMBER: Final = re.compile(rf"{NUMBER}\s*$")
_PASSED: Final = re.compile(rf"Quốc hội[^.]{{5,120}}thông qua\s+({_DATE})")
_SIGNER: Final = re.compile(
    r"(?:BỘ TRƯỞNG|CHỦ TỊCH|PHÓ CHỦ TỊCH|THỦ TƯỚNG|CHÍNH PHỦ|QUỐC HỘI|ỦY BAN|UỶ BAN|HỘI ĐỒNG"
    r"|BAN CHẤP HÀNH|GIÁM ĐỐC|TỔNG GIÁM ĐỐC|TỔNG CỤC|THỐNG ĐỐC|CHÁNH)\b"
)
_ABOUT: Final = re.compile(
    rf"[Vv]/[Vv]:?\s+(.+?)(?:[. ]+[^\W\d_{LOWER}]\w+(?: \w+){{0,3}}, ngày .*)?$"
)
_SHORT_ABOUT: Final = re.compile(r"^[Vv]/[Vv]:?\s+")
_ABOUT_LINES: Final = 6
_SUBJECT_BEGINS: Final = re.compile("^về việc ")  # where a letter has "V/v"
_BETWEEN: Final = r"[\s|#*_>]+"  # words on several lines, or in several cells
_RUNS_ON: Final = re.compile(r"(?:,|-|\b(?:CỦA|VÀ|VỀ|DO|THUỘC|CHO|TẠI))$", re.IGNORECASE)
_GOES_ON: Final = re.compile(
    r"(?:[(–]|\b(?:theo|với|trên|địa bàn|tỉnh|thành phố|từ|đến|năm|các|một số|trong|hoặc|là|để|việc"
    r"|giai đoạn|tháng))$",
    re.IGNORECASE,
)
_TITLE_LINES: Final = 3  # at most, below the first
_TITLE_LINE: Final = 30  # characters, at least, of a line of a title
_LINE: Final = 100  # characters
_OF_TEXT: Final = re.compile(  # "Phần I", "1. …", "(Kèm theo …)", what ends as a sentence
    r"^(?:phần|chương|mục|phụ lục)\b|^(?:\d+|[IVX]+|[A-H])[.)/-]|^[^\w“\"]|[.:;,]$", re.IGNORECASE
)
_TEXT: Final = re.compile(  # what no title goes on with, whatever its last word
    r"^(?:phần|chương|mục|phụ lục)\b|^(?:\d{1,2}|[IVX]+|[A-H])[.)/] |[:;]$|.{50}\.$", re.IGNORECASE
)
_PLACE: Final = re.compile(
    r"\b(tỉnh ủy|thành ủy|huyện ủy|quận ủy|thị ủy|tỉnh|thành phố|quận|huyện|thị xã|xã(?! hội)|phường|thị trấn|đặc khu) (.+)",
    re.IGNORECASE,
)
_IN_FORCE: Final = re.compile(
    rf"có hiệu lực(?: thi hành)?,?(?: sau (\d{{1,3}}) ngày,?)?(?: kể)? từ"
    rf" (ngày (?:ký|ban hành|(?:được )?(?:Quốc hội )?thông qua)|{_DATE})"
)
_ITSELF: Final = re.compile(
    rf"(?:({_KIND}) này|(?:^|\n)(?:Điều )?[\W\d]*({_KIND})"
    rf"|({_KIND})(?: này)? (?:đã )?được [^.;\n]{{5,250}} thông qua [^.;\n]{{0,60}}và) $"
)
_APPENDIX: Final = re.compile(
    r"(?:PHỤ LỤC|Phụ lục)(?: (?:SỐ|số))?(?: (?P<n>[IVXLC]+|\d+)\b)?[\s.:–-]*(?P<rest>.*)$"
)
_ATTACHED_TO: Final = re.compile(
    rf"\((?:Ban hành )?kèm theo [^()]{{0,40}}?số:?\s*(?P<number>{NUMBER})(?:[^()]{{0,10}}(?P<date>{_DATE}))?"
    r"(?:\s+của\s+(?P<issuer>[^()]{3,80}))?\)",
    re.IGNORECASE,
)
_ABOVE: Final = 400  # characters before a clause on effect in which it says of what
_FEW: Final = 12  # lines in which an appendix says whose it is
_ORGAN: Final = re.compile(
    r"(?:BỘ|CỤC|TỔNG CỤC|CHI CỤC|VỤ|SỞ|VĂN PHÒNG|THANH TRA|TRUNG TÂM|BAN|ĐẢNG ỦY|TỈNH ỦY|THÀNH ỦY"
    r"|ỦY BAN|UỶ BAN|UBND|HỘI ĐỒNG|HĐND|CÔNG AN|TRƯỜNG|PHÒNG(?! CHỐNG|,| THỦ)|TỔ|ĐOÀN|LIÊN ĐOÀN|CÔNG ĐOÀN|VIỆN|BỆNH VIỆN"
    r"|TRẠM|CÔNG TY|ĐẢNG BỘ|CHI BỘ|HUYỆN ỦY|QUẬN ỦY|THỊ ỦY)\b"
)
_POST: Final = re.compile("CHỦ TỊCH|BỘ TRƯỞNG|GIÁM ĐỐC")  # goes on with its body's name
_RULE: Final = re.compile(r"[\s*_-]{3,}$")  # what a copy has left of the line below a name
_NO_BODY: Final = re.compile(rf"{_MOTTO.pattern}|\W*(?:{_STAMPS})\b", re.IGNORECASE)
_COUNCIL: Final = re.compile(
    r"\b(?:(?:ủy ban|uỷ ban|hội đồng) nhân dân|thủ tướng|chính phủ|quốc hội)\b", re.IGNORECASE
)
_PARTY: Final = re.compile(
    r"((?:Đảng ủy|Đảng bộ|Chi bộ) )((?:bộ|sở|ban|cục|phòng|chính phủ) .*|chính phủ)$", re.IGNORECASE
)
_FIELD: Final = re.compile(r"((?:Bộ|Sở|Ban|Phòng|Cục|Tổng cục|Chi cục|Vụ) )(.+?)( về .+)?$")
# "Lao động - Thương binh và Xã hội"
_FIELD_PART: Final = re.compile(rf"(^|\bvà |, | - )([{LOWER}])")
_LETTERHEAD: Final = 4000  # characters at a text's beginning, or its end, where its own day stands
_LONGEST: Final = 250  # characters of the line with that day
_CASED_FROM: Final = 60_000  # characters of running text that show how words are written


def iso_date(written: str) -> str:
    """ "ngày 24 tháng 6 năm 2026", "24/6/2026" or "2026-6-24" -> "2026-06-24"; else empty."""
    numbers = [int(number) for number in re.findall(r"\d+", written)[:3]]
    if len(numbers) < 3:
        return ""
    day, month, year = numbers if numbers[2] > 31 else numbers[::-1]
    try:
        return date(year, month, day).isoformat() if year >= 1900 else ""
    except ValueError:
        return ""


def kind_in(title: str) -> str:
    """ "Luật" of "Luật số 86/2015/QH13 An toàn thông tin mạng"."""
    named = re.match(rf"({_KIND})\b", title)
    return named[1] if named else ""


def heading_of(text: str) -> dict[str, str]:
    """What the formal heading says ("Số: …", place and date, kind, subject); empty without one."""
    cells, number, numbered = _numbered(text)
    if not number:
        return _appendix(cells) or _without_number(cells, text)
    head = number.string
    unnumbered = "code" in number.re.groupindex
    written = tidy_number(number[number.lastindex or 0])
    found = {"number": "" if unnumbered else written}
    found["date"] = _date_of(cells, numbered)
    kind, issuer = kind_and_issuer(f"0{written}" if unnumbered else written)
    found["issuer"] = issuer or _issuer(head[: number.start()].split("\n"), text)
    found["kind"], subject = _kind_and_subject(cells, numbered)
    found["kind"] = found["kind"] or kind
    if subject:
        found["title"] = _title(found["kind"], _cased(subject, text))
    if kind == KINDS["VBHN"]:  # its head names the kind of what it puts together
        found["kind"] = kind
    if _DRAFT.search(head) or (unnumbered and _UNDATED.search(head)):
        found["status"] = "draft"
    return {key: value for key, value in found.items() if value}


def _numbered(text: str) -> tuple[list[str], re.Match[str] | None, int]:
    """The heading's cells, its number in them, and the cell in which that stands; -1 without one."""
    cells = _past_copy(list(_head_cells(text)))
    head = "\n".join(cells)
    number = _NUMBERED.search(head) or _UNNUMBERED.search(head)
    return cells, number, head.count("\n", 0, number.start()) if number else -1


def subject_in(text: str) -> tuple[int, int] | None:
    """Where the heading says what the document is about, below its kind or behind "V/v"."""
    cells, _, numbered = _numbered(text)
    _, subject = _kind_and_subject(cells, numbered)
    return written_in(text, _SUBJECT_BEGINS.sub("", subject)) if subject else None


def written_in(text: str, words: str) -> tuple[int, int] | None:
    """Where the heading has `words`, in whatever case and on however many lines; None if nowhere."""
    found = re.search(_BETWEEN.join(map(re.escape, words.split())), text[:_HEAD], re.IGNORECASE)
    return found.span() if found else None


def day_in(text: str, date: str) -> tuple[int, int] | None:
    """The line of a letterhead, or below the signatures, that has the document's own day."""
    if date.count("-") != 2:
        return None
    for start in (0, max(0, len(text) - _LETTERHEAD)):
        for found in written_day(date).finditer(text, start, start + _LETTERHEAD):
            first, last = line_around(text, *found.span())
            if last - first <= _LONGEST and "hiệu lực" not in text[first:last]:
                return first, last
    return None


def written_day(date: str) -> re.Pattern[str]:
    """Finds an ISO day as documents write it."""
    year, month, day = map(int, date.split("-"))
    return re.compile(
        rf"ngày\s+0?{day}\s+tháng\s+0?{month}\s+năm\s+{year}|\b0?{day}[/.-]0?{month}[/.-]{year}\b"
    )


def _without_number(cells: list[str], text: str) -> dict[str, str]:
    """What a heading says that has a kind below the motto, or first of all, and no number."""
    named = next((at for at, cell in enumerate(cells) if _kind_line(cell)), None)
    mottoes = [cell for cell in cells[:named] if cell and cell.strip("-_* ") and _MOTTO.match(cell)]
    if named is None or not (mottoes or not any(cells[:named])):
        return {}
    kind, subject = _kind_and_subject(cells, -1)
    found = {
        "kind": kind,
        "date": _date_of(cells, -1),
        "issuer": _issuer(cells[:named], text),
        "title": _title(kind, _cased(subject, text)) if subject else "",
    }
    return {key: value for key, value in found.items() if value}


def _cased(subject: str, text: str) -> str:
    subject = _NOTE.sub("", subject)
    return " ".join(true_cased(part, text) for part in subject.split("\n"))


def _past_copy(cells: list[str]) -> list[str]:
    """The cells below who certified a copy, where that stands above what is copied."""
    copied = next((at for at, cell in enumerate(cells) if _COPY.match(cell)), len(cells))
    signed = next((at for at in range(copied, len(cells)) if is_name(cells[at])), None)
    return cells if signed is None else cells[signed + 1 :]


def _date_of(cells: list[str], numbered: int) -> str:
    """The day beside the place, above the subject: what that names has a day, too."""
    named = (at for at, cell in enumerate(cells) if at > numbered and _kind_line(cell))
    for at, cell in enumerate(cells[: next(named, None)]):
        if _UNDATED.search(cell):
            return ""
        dated = (_DAY if at == numbered else _DATED).search(cell)
        if dated and (at == numbered or not _OF_NUMBER.search(cell[: dated.start()])):
            return iso_date(dated[1])
    return ""


def _appendix(cells: list[str]) -> dict[str, str]:
    """An appendix on its own: of which document it is, and what it is called."""
    first = next((at for at, cell in enumerate(cells) if cell), len(cells))
    named = _APPENDIX.match(cells[first]) if first < len(cells) else None
    of = next((at for at, cell in enumerate(cells[:_FEW]) if _ATTACHED_TO.search(cell)), None)
    if not named or of is None:
        return {}
    parent = _ATTACHED_TO.search(cells[of])
    assert parent is not None
    number = tidy_number(parent["number"])
    words = " ".join(cell for cell in (named["rest"], *cells[first + 1 : of]) if cell)
    name = f"Phụ lục {named['n'] or ''}".strip()
    found = {
        "kind": "Phụ lục",
        "number": number,
        "date": iso_date(parent["date"] or ""),
        "issuer": kind_and_issuer(number)[1] or (parent["issuer"] or "").strip(),
        "title": f"{name}. {words.capitalize() if words.isupper() else words}" if words else name,
    }
    return {key: value for key, value in found.items() if value}


def introduction_of(text: str) -> dict[str, str]:
    """Copies often begin "Kết luận số 69-KL/TW ngày 11/01/2024 của Bộ Chính trị về …" instead, as
    their title or, codified, as an article's origin. A line of prose does not count."""
    start = re.search(rf"^(#+ |\(Điều \S+ )({_KIND}) số ({NUMBER})", text[:_HEAD], re.MULTILINE)
    if not start:
        return {}
    number = tidy_number(start[3])
    _, issuer = kind_and_issuer(number)
    found = {"kind": start[2], "number": number, "issuer": issuer}
    full = re.search(
        rf"{start[2]} số {re.escape(start[3])}(?P<name>(?:(?!hiệu lực)[^\n;]){{0,250}}?)"
        rf"[\s,(]+(?P<date>{_DATE})\)?\s+của\s+(?P<issuer>[^\n,]{{3,60}}?)"
        r"(?:(?P<about>\s+(?:về|quy định)\s+[^\n;.]{5,300})|,|\n|$)",
        text[:_HEAD],
    )
    if full:
        found["date"] = iso_date(full["date"])
        found["issuer"] = issuer or full["issuer"]
        found["title"] = f"{start[2]}{full['name'] or full['about'] or ''}".rstrip(" ,.")
    elif start[1].startswith("("):
        return {}  # the article of another document, quoted beside
    return {key: value for key, value in found.items() if value}


def passed_on(text: str) -> str:
    """The day Quốc hội passed a law, which its last lines tell."""
    passed = _PASSED.search(text, max(0, len(text) - _HEAD))
    return iso_date(passed[1]) if passed else ""


def effective_date(text: str, kind: str, signed: str) -> str:
    """From the document's clause about itself ("Nghị định này có hiệu lực từ ngày …")."""
    for clause in _IN_FORCE.finditer(text):
        itself = _ITSELF.search(text, max(0, clause.start() - _ABOVE), clause.start())
        # A "Thông tư liên tịch" may call itself "Thông tư này".
        if not itself or not kind.startswith(itself[itself.lastindex or 0]):
            continue
        start = iso_date(clause[2]) if any(map(str.isdigit, clause[2])) else signed
        if start and clause[1]:
            start = _later(start, int(clause[1]))
        return start
    return ""


def _later(start: str, days: int) -> str:
    try:
        return (date.fromisoformat(start) + timedelta(days=days)).isoformat()
    except OverflowError:
        return ""


def _head_cells(text: str) -> Iterator[str]:
    """The heading's lines and table cells, without marks of emphasis; blank lines are empty."""
    subject_follows = False
    for line in text[:_HEAD].split("\n"):
        for cell in _CELLS.split(line):
            bare = cell.strip(" #*_>")
            if _BODY.match(bare) and not (subject_follows or bare[0].islower()):
                return
            subject_follows = bool(_kind_line(bare)) or (subject_follows and not bare)
            yield bare


def _kind_line(cell: str) -> str:
    """The kind that a line names and, in capitals, hardly more than that; else empty."""
    if folded := _KIND_OF.get(fold(cell)):
        return folded
    opening = _KIND_AND_MORE.match(cell) if cell.isupper() else None
    return _KIND_OF[fold(opening[1])] if opening else ""


def _issuer(lines: list[str], text: str) -> str:
    """The body whose name stands above the number, and the one above it where there are two."""
    bodies: list[str] = []
    above = takewhile(lambda line: fold(line) not in _KIND_OF, lines)
    for before, line in pairwise(["", *(_RULE.sub("", one) for one in above)]):
        if not line.isupper() or _NO_BODY.match(line) or _BROKEN_MOTTO.match(f"{before} {line}"):
            continue
        if not bodies or (_ORGAN.match(line) and not _POST.fullmatch(bodies[-1])):
            bodies.append(line)
        else:
            bodies[-1] += " " + line
    return ", ".join(_place_cased(true_cased(body, text)) for body in reversed(bodies))


def _kind_and_subject(cells: list[str], numbered: int) -> tuple[str, str]:
    """From the line "KẾ HOẠCH" below the number (else above it), or from "V/v …"."""
    named = [index for index, cell in enumerate(cells) if _kind_line(cell)]
    if named:
        place = next((index for index in named if index > numbered), named[0])
        kind, subject = _kind_line(cells[place]), _subject(cells[place + 1 :])
        more = cells[place][len(kind) :].strip()
        if more and not subject.split("\n")[0].isupper():
            more, subject = more.lower(), subject[:1].lower() + subject[1:]
        return kind, f"{more} {subject}" if more and subject else subject
    for at, cell in enumerate(cells):
        about = _ABOUT.match(cell)
        if about or (at == numbered + 1 and cell.startswith("Về ")):
            first = f"về việc {about[1]}" if about else cell
            words = [first, *takewhile(_is_about, cells[at + 1 : at + _ABOUT_LINES])]
            return "Công văn", " ".join(words).rstrip(". ")
    return "", ""


def _is_about(cell: str) -> bool:
    """Whether a line below "V/v …" goes on with it: no blank, no motto, no place and day."""
    return not (
        _MOTTO.match(cell) or _DAY_LINE.match(cell) or _UNDATED.search(cell) or cell.isupper()
    )


def _subject(cells: list[str]) -> str:
    """The lines that say what a document is about, below the line with its kind: those in capitals
    and those that are not, apart."""
    lines: list[str] = []
    for at, cell in enumerate(cells):
        runs_on = bool(lines) and _RUNS_ON.search(lines[-1]) is not None
        over = not (cell or _is_about_below(cells[at:])) or (_SIGNER.match(cell) and not runs_on)
        if lines and (over or not (_goes_on(lines[-1], cell) or _is_titled(lines[-1], cells[at:]))):
            break
        if cell and not any(one.match(cell) for one in (_MOTTO, _DAY_LINE, _NUMBERED)):
            lines.append(cell)
    shouted = groupby(lines, key=str.isupper)
    subject = _SHORT_ABOUT.sub("Về việc ", "\n".join(" ".join(part) for _, part in shouted))
    return subject if len(subject) <= 600 else ""


def _is_about_below(rest: list[str]) -> bool:
    """Whether blanks part a subject from the line in capitals that says about what: whose
    conference, and "VỀ …"."""
    return next(filter(None, rest), "").startswith("VỀ ")


def _goes_on(above: str, line: str) -> bool:
    """Whether a title's next line is still the title: in capitals as it is, or begun small."""
    if _RUNS_ON.search(above) or _GOES_ON.search(above) or line.upper() == line.lower():
        return not _TEXT.search(line)
    if line.isupper():
        return above.isupper()
    return line[:1].islower() and not line.endswith(":")


def _is_titled(above: str, rest: list[str]) -> bool:
    """Whether the few lines above the text are all of the title, though one begins with a capital.

    Where no blank parts it from the text, they are as long as a title that is broken for its length.
    """
    lines = list(takewhile(lambda cell: cell and not (_SIGNER.match(cell) or _is_text(cell)), rest))
    parted = len(lines) == len(rest) or not _is_text(rest[len(lines)])
    return 0 < len(lines) <= _TITLE_LINES and not any(
        line.isupper() or _is_text(line) or (len(line) < _TITLE_LINE and not parted)
        for line in (above, *lines)
    )


def _is_text(line: str) -> bool:
    return len(line) > _LINE or _OF_TEXT.search(line) is not None


def true_cased(shouted: str, text: str) -> str:
    """A title in capitals as the document's running text writes its words; else as it stands."""
    if not shouted.isupper():
        return shouted
    words = shouted.split()
    bare = [re.sub(r"^\W+|\W+$", "", word).lower() for word in words]
    seen = _written(frozenset(bare), text[:_CASED_FROM])
    for index, word in enumerate(bare):
        if not word or any(map(str.isdigit, word)):
            continue  # a number keeps its capitals: 214/NQ-CP
        before = bare[index - 1] if index else ""
        after = bare[index + 1] if index + 1 < len(bare) else ""
        pairs = seen.get((before, word, ""), Counter()) + seen.get(("", word, after), Counter())
        shortened = re.fullmatch("[ivx]+", word) or not is_syllable(fold(word))
        alone = word.upper() if shortened else word
        counts = pairs or Counter({alone: 1})
        words[index] = words[index].lower().replace(word, counts.most_common(1)[0][0], 1)
    cased = _COUNCIL.sub(lambda named: named[0].capitalize(), " ".join(words))
    return written_as_names(cased).replace("việt nam", "Việt Nam")


def _written(wanted: frozenset[str], text: str) -> dict[tuple[str, str, str], Counter[str]]:
    """How running text writes the wanted words after and before another."""
    seen: dict[tuple[str, str, str], Counter[str]] = {}
    for line in text.split("\n"):
        words = re.findall(r"\w+|[^\w\s]", line)
        for index in range(1, len(words)):
            before, word = words[index - 1 : index + 1]
            after = words[index + 1] if index + 1 < len(words) else ""
            if word.lower() not in wanted or not before[0].isalnum():
                continue  # a capital after a stop says nothing
            if len(word) > 1 and word.isupper() and (before.isupper() or after.isupper()):
                continue  # another shouted stretch
            for key in ((before, word, ""), ("", word, after))[: 1 + bool(after)]:
                lowered = (key[0].lower(), key[1].lower(), key[2].lower())
                seen.setdefault(lowered, Counter())[word] += 1
    return seen


def _place_cased(name: str) -> str:
    """ "Ủy ban nhân dân tỉnh Bắc Ninh", "Sở Y tế", where the running text never names it."""
    named = name[:1].upper() + name[1:]
    if within := _PARTY.match(named):
        return within[1] + _place_cased(within[2])
    if field := _FIELD.match(named):
        named = field[1] + _FIELD_PART.sub(lambda part: part[1] + part[2].upper(), field[2])
        named += field[3] or ""
    return _PLACE.sub(_placed, named)


def _placed(place: re.Match[str]) -> str:
    within = _PLACE.match(place[2])  # "Thành ủy thành phố Huế"
    return f"{place[1]} {_placed(within) if within else place[2].title()}"


def _title(kind: str, subject: str) -> str:
    """The kind and the subject as one phrase; a law's name keeps its capital."""
    small = subject[:1].upper() if kind in ("Luật", "Bộ luật") else subject[:1].lower()
    return f"{kind} {small}{subject[1:]}".strip()
