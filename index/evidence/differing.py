"""Whether two documents say different things of one thing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.evidence.sentences import Sentence, titles_above
from index.evidence.sources import SUMMARY, YEAR, worth
from index.evidence.weights import Asked, Words
from index.question.understand import Understanding
from index.store.generation import Generation
from knowledge.numbers import NUMBER, tidy_number
from knowledge.vietnamese import fold, unify_tones

NEAR = 15.0  # of score: a sentence further behind does not answer as well
ALIKE = 0.5  # share of their words that two sentences, or titles, on one thing have in common
REPLACED, ADDED = 2, 4  # words at most that stand for others, that only one of them has
FULL = 0.7  # share of the question's weight that each has, with the titles above it
WHOLE = 7  # telling words that a sentence needs to be understood without its document's title
APART = 0.2  # of that weight at most, that only one of them has
_TIMES = {"nghin": 1e3, "ngan": 1e3, "trieu": 1e6, "ty": 1e9, "ti": 1e9}
_USUAL = frozenset({"dong", "vnd", "phan", "tram"})
_DAYS = {  # the fewest and the most there are in one
    "ngay lam viec": (1, 2), "ngay": (1, 1), "tuan": (7, 7), "thang": (28, 31), "nam": (365, 366),
    "gio": (1 / 24, 1 / 24), "phut": (1 / 1440, 1 / 1440),
}  # fmt: skip
_TIME = rf"(?:{'|'.join(_DAYS)})"
_AMOUNT = r"(?<![\w.,/-])\d+(?:[.,]\d+)*"
_DATE = r"(?<!\d)\d{1,2}(?:\s*[/-]\s*\d{1,2}\s*[/-]\s*| thang \d{1,2},? nam )\d{4}(?!\d)"
_VALUES = {
    "date": _DATE,
    "percent": rf"{_AMOUNT}\s*(?:%|phan tram\b)",
    "money": rf"{_AMOUNT}\s*(?:(?:(?:nghin|ngan|trieu|ty|ti)\s+)*(?:dong|vnd|usd)|trieu|ty)\b",
    "time": rf"{_AMOUNT}\s*(?:\([^)]*\)\s*)?{_TIME}\b(?!\s*\d)",
}
_ASKS = {  # with their marks: "tham gia" asks for no "giá"
    "percent": re.compile(r"phần trăm|%|\bt[ỷỉ] (?:lệ|trọng)\b|\b(?:percentage|share|rate)\b"),
    "money": re.compile(r"\b(?:tiền|kinh phí|chi phí|vốn|ngân sách|mức (?:chi|phạt|thu|hỗ trợ)|lệ phí|giá"
                        r"|(?:nhiêu|triệu|tỷ) đồng|money|budget|cost)\b"),
    "time": re.compile(r"bao lâu|thời hạn|(?:bao nhiêu|mấy) (?:ngày|tuần|tháng|năm|giờ|phút)\b|\bhow long"),
}  # fmt: skip
_COUNTED = re.compile(
    rf"\b(?:bao nhieu|may) (?!{_TIME}\b|phan\b|tien\b|dong\b|trieu\b|ty\b)([a-z]+)"
)

# What is no statement of a sentence's own: document numbers with their dates, sources, words in
# brackets, the label of a list.
_NUMBERED = re.compile(NUMBER)
_DATED = re.compile(rf"\s*,?\s*(?:ngay\s+)?{_DATE}")
_ASIDE = re.compile(r"\((?:\s*nguon\b[^)]*|[^)\d]*)\)")
_LABEL = re.compile(r"\s*(?:[-–+*•#]\s*|\d{1,2}(?:\.\d{1,2})*[.)]\s+|[a-z]\)\s*)*")

# What makes it a statement on something else.
_QUALIFIERS = re.compile(
    r"\b(?:toi thieu|it nhat|toi da|khong qua|tro len|tren(?! (?:dia ban|moi truong|mang|toan|co so))"
    r"|duoi|hon|gan|khoang|tong|trong do|con lai|moi|tung|hang (?:nam|quy|thang)|them|tang|giam|bo sung"
    r"|dieu chinh|du kien|cap (?:tinh|huyen|xa|so|bo)|trung uong|dia phuong|dot|giai doan|lan|dau nam"
    r"|cuoi nam|quy|khong|chua|hop phan|du an thanh phan|tieu du an|hang muc|nguon)\b|/\s*[a-z]+"
)
_INNER = re.compile(r"(?<=[\w,] )[^\W\d_]+")  # words that do not begin the sentence
_OWN = re.compile(r"\b(?:Đề án|Kế hoạch|Chương trình|Dự án|Chiến lược|Phong trào)\b|\bnày\b")
_ITSELF = re.compile(r"\bnày\b|^\W*Căn cứ\b")  # its own day of effect, the laws it rests on
_GLUE = frozenset(
    "la va cua cho voi tu den trong ve nay do nhung cac co duoc tai theo thi ma nhu bang de khi so"
    " phe duyet ban hanh".split()
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence, and the one thing of the kind asked for that it gives, as written."""

    sentence: Sentence
    value: str


@dataclass(frozen=True, slots=True)
class _Claim:
    stated: Stated
    path: str
    amount: tuple[float, float]  # the least and the most it may be
    words: frozenset[str]  # of the sentence, without the value
    title: frozenset[str]  # of the document's title, its number aside
    whole: bool  # says itself what it is about
    held: frozenset[str]  # of the question's words, with the titles above
    subject: tuple[object, ...]  # unit, years, qualifiers, names…: the same where the subject is


def differing(
    sentences: Sequence[Sentence],
    understanding: Understanding,
    asked: Asked,
    generation: Generation,
    day: date,
    named: Collection[str] = (),
) -> tuple[Stated, ...]:
    """The first of `sentences` and one of another document that says otherwise of the same thing.

    The one to go by comes first: of a document in `named` (paths), else of the better one. Rather
    silent than wrong: both must say little else, and of one year, place and part.
    """
    units = dict(_asked_for(understanding))
    near = [one for one in sentences if one.score > sentences[0].score - NEAR] if units else []
    claims = [c for one in near for c in _claims(one, units, understanding, asked, generation)]
    for claim in claims:
        for other in claims if claim.stated.sentence is sentences[0] else ():
            if _contradict(claim, other, asked, generation) and not _ambiguous(
                claim, other, claims
            ):
                better = {
                    one: (one.path in named, worth(one.path, understanding, generation, day))
                    for one in (claim, other)
                }
                return tuple(one.stated for one in sorted(better, key=better.__getitem__)[::-1])
    return ()


def _ambiguous(one: _Claim, other: _Claim, claims: Sequence[_Claim]) -> bool:
    """Whether either document gives more than one value: then they are of parts, or of cases."""
    return any(
        claim.path == side.path and claim.subject == side.subject and claim.amount != side.amount
        for side in (one, other)
        for claim in claims
    )


def _contradict(one: _Claim, other: _Claim, asked: Asked, generation: Generation) -> bool:
    numbers = {generation.entry[claim.path].metadata.number for claim in (one, other)}
    only = (one.words - other.words, other.words - one.words)
    return (
        one.path != other.path
        and (len(numbers) > 1 or "" in numbers)  # two copies of one document
        and (one.amount[1] < other.amount[0] or other.amount[1] < one.amount[0])
        and one.subject == other.subject
        and ((one.whole and other.whole) or _alike(one.title, other.title))
        and _alike(one.words, other.words)
        and min(map(len, only)) <= REPLACED
        and max(map(len, only)) <= ADDED
        and sum(asked.folded[word] for word in one.held ^ other.held)
        <= APART * sum(asked.folded.values())
        and generation.provinces[one.path] == generation.provinces[other.path]
    )


def _asked_for(understanding: Understanding) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Units in which the answer may be given, and how a value of each looks in folded text."""
    question = unify_tones(understanding.dense).lower()
    if understanding.answer_kind == "date":
        yield "date", re.compile(_VALUES["date"])
    if understanding.answer_kind not in ("number", "other"):
        return
    for unit, asks in _ASKS.items():
        if asks.search(question):
            yield unit, re.compile(_VALUES[unit])
    counted = _COUNTED.search(fold(question))
    if counted:
        yield counted[1], re.compile(rf"{_AMOUNT}\s*(?:\([^)]*\)\s*)?{counted[1]}\b")


def _claims(
    one: Sentence,
    units: Mapping[str, re.Pattern[str]],
    understanding: Understanding,
    asked: Asked,
    generation: Generation,
) -> Iterator[_Claim]:
    path, written = one.document, one.text_in(generation)
    about = generation.entry[path].metadata
    head = _list_head(generation.document(path).text, one.start)
    above = f"{head}\n{titles_above(generation, path, one.start)}"
    named = _telling(about.title, _blanked(about.title)) - frozenset(about.kind.lower().split())
    words = Words.of(f"{about.title}\n{above}\n{written}")
    said = _blanked(written)
    for unit, pattern in units.items():
        values = list(pattern.finditer(said))
        alone = len(values) == 1 and values[0][0] not in fold(understanding.dense)
        itself = unit == "date" and _ITSELF.search(written)
        if not alone or itself or about.kind == SUMMARY or asked.share(words.folded) < FULL:
            continue
        start, end = values[0].span()
        rest = said[:start] + " " * (end - start) + said[end:]
        amount, measure = _measured(values[0][0])
        subject = (
            unit,
            measure,
            frozenset(map(tidy_number, _NUMBERED.findall(written))) - {about.number},
            _years(rest) or _years(_blanked(above)) or _years(_blanked(about.title)),
            frozenset(re.findall(r"\d+", rest)),
            frozenset(_QUALIFIERS.findall(rest)),
            frozenset(fold(word) for word in _INNER.findall(written) if word.istitle()),
        )
        held = frozenset(asked.folded) & words.folded
        telling = _telling(written, rest)
        whole = len(telling) >= WHOLE and not _OWN.search(written)
        yield _Claim(
            Stated(one, written[start:end]), path, amount, telling, named, whole, held, subject
        )


def _list_head(text: str, at: int) -> str:
    """The last line before `at` that ends in a colon, not far above."""
    lines = text[max(0, at - 1500) : at].split("\n")
    return next((line for line in reversed(lines) if line.rstrip().endswith(":")), "")


def _blanked(written: str) -> str:
    """Folded, of the same length, with blanks for what is no statement of its own."""
    folded = fold(written)
    spans = [_LABEL.match(folded).span()]  # type: ignore[union-attr]  # matches "" too
    spans += [aside.span() for aside in _ASIDE.finditer(folded)]
    for number in _NUMBERED.finditer(written):
        dated = _DATED.match(folded, number.end())
        spans.append((number.start(), dated.end() if dated else number.end()))
    for start, end in spans:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded


def _telling(written: str, kept: str) -> frozenset[str]:
    """Words of a text with their marks, where `kept`, folded, has no blanks in their place."""
    left = "".join(
        " " if blank == " " else letter for letter, blank in zip(written, kept, strict=True)
    )
    words = re.findall(r"[^\W\d_]+", unify_tones(left).lower())
    return frozenset(word for word in words if fold(word) not in _GLUE)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other) > 0


def _years(folded: str) -> frozenset[str]:
    return frozenset(YEAR.findall(folded))


def _measured(value: str) -> tuple[tuple[float, float], str]:
    """The least and the most that a folded value may be, and in what: "1 thang" is 28 to 31 days.

    A date is a day of its year.
    """
    if re.fullmatch(_DATE, value):
        day, month, year = re.findall(r"\d+", value)  # another year's is of another event
        return (ordinal := 31.0 * int(month) + int(day), ordinal), year
    digits, *words = re.findall(r"\d+(?:[.,]\d+)*|[a-z]+", re.sub(r"\([^)]*\)", "", value))
    whole, _, part = digits.rpartition(",") if re.search(r",\d{1,2}$", digits) else (digits, "", "")
    if re.search(r"^\d+\.\d{1,2}$", whole):
        whole, _, part = whole.partition(".")
    amount = float(f"{re.sub('[.,]', '', whole)}.{part or 0}")
    for word in words:
        amount *= _TIMES.get(word, 1)
    unit = " ".join(word for word in words if word not in _TIMES and word not in _USUAL)
    least, most = _DAYS.get(unit, (1, 1))
    return (amount * least, amount * most), "" if unit in _DAYS else unit
