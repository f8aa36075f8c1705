"""What a document is about: the sentence near its beginning that says what its title says.

Also of the documents that a question asks for by their date."""

from __future__ import annotations

import re

from index.evidence.sources import SUMMARY
from index.evidence.weights import Words
from index.law.appendix import NAMED as APPENDIX
from index.law.appendix import PART
from index.question.understand import Understanding
from index.scope import Scope
from index.store.generation import Generation
from knowledge.numbers import KINDS
from knowledge.vietnamese import fold, syllables

BEGINNING = 6  # passages in which a document says what it is about
ENOUGH = 0.5  # of its title's words
FEW = 5  # documents of one day, month or year that are told one by one
FEWEST = 3  # words of a title that tells more than kind and number
SAYS = 0.3  # more, where a document speaks of itself
PRICE = 0.004  # of that share, for each word that the sentence has beside them

_ASKED = frozenset(
    "ve viec gi noi dung cai chinh la van ban nay quy dinh ban hanh de lam cua nhung chu yeu tom tat nhu the"
    " nao muc dich cho biet hoi minh toi em a vay ad oi xin bao gom co cac dieu ra sao do trong".split()
)  # folded words of a question that asks what a document is about, and nothing besides
_KINDS = tuple(dict.fromkeys(KINDS.values()))
_OF_ITSELF = re.compile(rf"\W*(?:1\. )?(?:{'|'.join((*_KINDS, 'Luật'))}) này\b")
_ENACTS = re.compile(
    r"\W*Điều 1\. (?:Phê duyệt|Ban hành|Sửa đổi|Công bố|Thành lập|Giao|Bãi bỏ|Quy định)\b"
)
_OF_DATE = frozenset(
    "ngay thang nam ra doi ky vao hom do ai tim giup loai so liet ke danh sach trong".split()
)
_DAY = re.compile(
    r"\b(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>(?:19|20)\d\d)\b"
    r"|\b(?P<dd>\d{1,2}) thang (?P<mm>\d{1,2}) nam (?P<yy>(?:19|20)\d\d)\b"
)
_MONTH = re.compile(  # or a year
    r"\b(?:thang (?P<m>\d{1,2})(?: nam |[ /.-]+))?(?P<y>(?:19|20)\d\d)\b"
)
_LISTED = re.compile(
    rf"\bban hanh\b|\b(?:van ban|{'|'.join(map(fold, _KINDS))}) nao\b|\bliet ke\b|\bdanh sach\b"
)
_OF_ISSUE = frozenset(
    "ngay nao may bao nhieu thang nam khi gio luc duoc ban hanh ky ra doi vao la cua hoi minh em a vay ad oi cho biet"
    " co the ho tro thoi gian diem cong bo".split()
)  # folded words of a question that asks when a document was issued, and nothing besides
_ASKS_DAY = frozenset({"ngay", "khi", "gio", "luc", "nam", "thang"})
_ISSUES = frozenset({"hanh", "ky", "doi"})  # ban hành, ký, ra đời
_LETTERHEAD = 4000  # characters at a text's beginning, or its end, where its own day stands
_LINE = 250  # characters of the line with that day
_DAY_GROUPS = (("d", "m", "y"), ("dd", "mm", "yy"))
_NAMING = frozenset("so ve viec ban hanh quy dinh cua".split())
_ASKS = frozenset({"gi", "dung", "tat"})  # gì, nội dung, tóm tắt


def asks_subject(understanding: Understanding, scope: Scope) -> bool:
    """Whether all that is asked is what one document, found by its name, is about."""
    if len(scope.documents) != 1 or scope.span or scope.absent:
        return False
    if any(one.article or one.clause for one in understanding.references):
        return False
    words = beside_references(understanding)
    return words <= _ASKED and bool(words & _ASKS)


def issued(
    understanding: Understanding, scope: Scope, generation: Generation
) -> tuple[str, int, int] | None:
    """Where a document, found by its name, gives its own day, if that is all that is asked."""
    if len(scope.documents) != 1 or scope.span or scope.absent:
        return None
    path = scope.documents[0]
    about = generation.metadata(path)
    issuer = frozenset(syllables(fold(about.issuer)))
    words = beside_references(understanding) - issuer
    of_number = "ngay" in words and bool(words & {"nhieu", "may", "nao"})
    asks = words & _ASKS_DAY and (words & _ISSUES or of_number)
    if not asks or not words <= _OF_ISSUE or about.kind == SUMMARY or about.date.count("-") != 2:
        return None
    year, month, day = map(int, about.date.split("-"))
    own = re.compile(
        rf"ngày\s+0?{day}\s+tháng\s+0?{month}\s+năm\s+{year}|\b0?{day}[/.-]0?{month}[/.-]{year}\b"
    )
    text = generation.document(path).text
    for start in (0, max(0, len(text) - _LETTERHEAD)):
        for found in own.finditer(text, start, start + _LETTERHEAD):
            first = text.rfind("\n", 0, found.start()) + 1
            last = text.find("\n", found.end())
            if 0 < (last := last if last >= 0 else len(text)) - first <= _LINE:
                return path, first, last
    return None


def of_date(understanding: Understanding, generation: Generation) -> tuple[str, ...]:
    """Paths of the documents of the day, and of the kind, that a question asks for by nothing else.

    Of a month or a year, too, where it asks which there are and they are few.
    """
    folded = fold(understanding.alone)
    day = _DAY.search(folded) or (_LISTED.search(folded) and _MONTH.search(folded)) or None
    rest = frozenset(syllables(folded[: day.start()] + folded[day.end() :])) if day else frozenset()
    kinds = [kind for kind in _KINDS if frozenset(syllables(fold(kind))) <= rest]
    named = frozenset(syllables(fold(" ".join(kinds))))
    if day is None or not (kinds or "ban" in rest) or not rest - named <= _ASKED | _OF_DATE:
        return ()
    begins = _iso(day)
    found = tuple(
        entry.path
        for entry in sorted(generation.entries, key=lambda one: one.metadata.date, reverse=True)
        if entry.metadata.date.startswith(begins) and (not kinds or entry.metadata.kind in kinds)
    )
    return found if day.re is _DAY or len(found) <= FEW else ()


def _iso(day: re.Match[str]) -> str:
    """How dates begin that are of a day, a month or a year."""
    if day.re is _DAY:
        number = next(day.group(*names) for names in _DAY_GROUPS if day[names[0]])
        return "{2}-{1:0>2}-{0:0>2}".format(*number)
    return f"{day['y']}-{day['m']:0>2}-" if day["m"] else f"{day['y']}-"


def beside_references(understanding: Understanding) -> frozenset[str]:
    """The folded words of a question that are in none of the references it makes."""
    rest, at = "", 0
    for reference in sorted(understanding.references, key=lambda one: one.span):
        rest += understanding.cleaned[at : reference.span[0]] + " "
        at = reference.span[1]
    rest = PART.sub(" ", rest + understanding.cleaned[at:])
    return frozenset(syllables(APPENDIX.sub(" ", fold(rest))))


def subject_of(generation: Generation, path: str) -> tuple[int, int] | None:
    """The sentence's offsets; none where no sentence says what the title does."""
    entry = generation.entry[path]
    about = entry.metadata
    title = Words.of(about.title).folded - Words.of(f"{about.kind} {about.number}").folded - _NAMING
    told = len(title) >= FEWEST  # the title says what it is about
    best, found = ENOUGH if told else 0.0, None
    text = generation.document(path).text
    for row in range(entry.first, entry.first + min(BEGINNING, entry.passages)):
        for start, end, *_ in generation.sentences_of(row)[0].tolist():
            sentence = text[start:end]
            enacts = not told and _ENACTS.match(sentence)
            heading = sentence.startswith(("Điều ", "#")) or sentence.isupper()
            if (heading and not enacts) or " | " in sentence:
                continue  # names a part, or is a letterhead
            share = SAYS if enacts or _OF_ITSELF.match(sentence) else 0.0
            if told:
                words = Words.of(sentence).folded
                share += len(title & words) / len(title) - PRICE * len(words - title)
            if share > best:
                best, found = share, (start, end)
    return found
