"""What would settle a question: the thing counted, the unit, the names and numbers it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.understand import AnswerKind
from knowledge.vietnamese import fold, unify_tones

_COUNTED = re.compile(r"\b(?:bao nhieu|may|how many)\s+((?:[a-z]+\s*){1,2})")
_ASKED_OF = re.compile(
    r"^(?:(?:theo|trong|tai|o|cho biet|hien|nam \d+)\b[^,:]*[,:]\s*)?((?:[^\W\d_]+\s+){1,5}?)(?:cua|ve|tai|o|trong|do)\s"
)
_BEFORE = re.compile(r"((?:[a-z]+\s+){1,2})(?:nao|gi)\b")
_EMPTY = frozenset(
    "la thi va cua cho voi tu den trong ve nay do nhung cac mot co duoc phai khong bi da se dang o tai theo "
    "nao gi ai sao dau the con vay hay hoac nhu khi ra vao tat ca het nhat toi thieu da bao nhieu may muc "
    "lam nguoi viec gom nam quy dinh noi muon can".split()
)
_NUMBER = re.compile(r"(?<![\w/.-])\d+(?:[.,]\d+)*(?![\w/-])")
_WORD = re.compile(r"[^\W\d_]+")
_NUMERIC: frozenset[AnswerKind] = frozenset({"number"})
_TIMELY: frozenset[AnswerKind] = frozenset({"date", "validity"})
_LOCAL: frozenset[AnswerKind] = frozenset({"place", "other", "body", "number"})
_DAYS = r"\d+\s*(?:\([^)]*\)\s*)?(?:ngay|thang|nam|gio|phut|tuan|giay)\b|trong ngay|ngay lap tuc|hang (?:nam|thang|quy)"
# what the question's words (with their marks) call for, and how it looks in folded text
_WANTED = tuple(
    (kinds, re.compile(question), re.compile(answer))
    for kinds, question, answer in (
        (_NUMERIC | _LOCAL, r"email|thư điện tử|hòm thư", r"@"),
        (_LOCAL, r"\bweb|website|địa chỉ (?:trang|cổng|truy cập)|trang nào|vào trang|tên miền nào", r"\w\.(?:vn|com|net)\b"),
        (_LOCAL, r"số điện thoại|đầu số|đường dây nóng|tổng đài|phone number|hotline", r"\d{4,}"),
        (_LOCAL, r"mã số", r"\d{5,}"),
        (_NUMERIC, r"phần trăm|\btỷ lệ|\btỉ lệ|%|tỷ trọng|percent|share of", r"\d\s*%|phan tram|\d\s*/\s*\d|\| *\d"),
        (
            _NUMERIC,
            r"bao nhiêu (?:tiền|đồng|tỷ|triệu|nghìn tỷ)|mấy (?:tỷ|triệu|đồng)|\b(?:lệ )?phí\b|\bphạt\b|mức chi|giá bao|\bgiá\b(?! trị)"
            r"|kinh phí|thưởng bao|\btốn\b|\btiền\b|cước|\bfine|how much|tổng mức|\bvốn\b",
            r"\d\s*(?:dong|trieu|ty|ngan|nghin|usd)\b|khong (?:phai tra|thu|mat) (?:phi|le phi)|mien (?:le )?phi"
            r"|% doanh thu|lan khoan thu|\d%",
        ),
        (_NUMERIC, r"bao lâu|mấy (?:ngày|tháng|năm|giờ|tuần|tiếng|hôm|phút|giây)|bao nhiêu (?:ngày|tháng|năm|giờ|tuần|phút)|thời hạn|how long", _DAYS),
        (_TIMELY, r"mấy giờ|giờ nào|what time", r"\d+\s*(?:gio|h\b)"),
        (_TIMELY, r"năm nào|what year", r"\b(?:19|20)\d\d\b"),
        (
            frozenset({"date"}),
            r".",
            r"\d{1,2}[/-]\d{1,2}|ngay \d|thang \d|nam \d{4}|ngay (?:ky|cong bo)|hang (?:nam|thang|quy)|dinh ky|quy [ivx\d]|\d gio|"
            r"ngay lam viec|trong ngay|truoc ngay|cuoi nam",
        ),
        (frozenset({"place"}), r"số (?:mấy|nhà)|đường nào|where is|địa chỉ (?!trang|cổng|truy cập|số)|trụ sở", r"duong|so \d|dia chi:|phuong|quan "),
    )
)  # fmt: skip
_SURNAME = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Trịnh|Trương|Vương|Đinh|Lương|Mai|Tô"
    "|Đoàn|Cao|Hà|Lâm|Tạ|Phùng|Chu|Thái|Triệu|Nông|Ma|Hứa"
)
# the same for things told by their capitals, in the text as written
_NAMED = tuple(
    (re.compile(question), re.compile(answer))
    for question, answer in (
        (r"tên (?:là )?(?:gì|ai)|(?:ông|bà|ông/bà) nào|ai viết|tác giả|bầu ai|giám đốc .*là ai|bí thư .*là ai|chủ tịch .*là ai",
         rf"\b(?:{_SURNAME}) [A-ZĐÂÊÔƠƯÁ]\w+(?: [A-ZĐÂÊÔƠƯÁ]\w+)*|[“\"]"),
        (r"(?:công ty|doanh nghiệp|hãng|nhà mạng|tập đoàn) nào", r"(?:[Cc]ông ty|[Tt]ập đoàn|[Dd]oanh nghiệp) [A-ZĐ]|VNPT|Viettel|FPT|MobiFone|:"),
        (r"(?<!cấp )\b(?:xã|phường|tỉnh|huyện|trường|bệnh viện) nào", r"(?:[Xx]ã|[Pp]hường|[Tt]ỉnh|[Hh]uyện|[Tt]rường|[Bb]ệnh viện)[^.;\n]{0,20} [A-ZĐ]"),
    )
)  # fmt: skip
_NOW = re.compile(
    r"\bhiện (?:nay|tại|có|đang)?|\bhôm (?:nay|qua)|\bnăm nay|\btháng này|\bbây giờ|\brồi\b\s*\??$|đã được|đã xong|tới đâu rồi|"
    r"\b(?:currently|today|now)\b"
)
_PREMISE = re.compile(
    r"^(?:vì sao|tại sao|sao)\b|, ?vậy\b|\bnên (?:được|phải)\b|\bsao\b.*\bvậy\b|^why\b"
)
_SPELT = r"mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi"
_SAME = {
    "tieng": "(?:tieng|gio)",
    "hom": "(?:hom|ngay)",
    "ky": "(?:ky|kg|kilogam)",
    "cho": "(?:cho|diem)",
}


@dataclass(frozen=True, slots=True)
class Focus:
    """Each part is empty where the question gives no such hold."""

    wanted: re.Pattern[str] | None
    named: re.Pattern[str] | None  # in the text as written: a person, a company, a commune
    counted: re.Pattern[str] | None  # "15 tỉnh" for "bao nhiêu tỉnh"
    words: tuple[str, ...]  # folded: of what is asked
    names: tuple[str, ...]  # folded proper names
    numbers: tuple[str, ...]  # patterns of those it states, document numbers and years apart

    now: bool  # asks how things stand, which rules and plans do not tell
    premise: bool  # takes something for granted

    @classmethod
    def of(
        cls, question: str, kind: AnswerKind, typed: str, skip: Sequence[tuple[int, int]] = ()
    ) -> Focus:
        """`question` spelt out; `typed` has the person's capitals and `skip` marks references in it."""
        folded, marked = fold(question), unify_tones(question).lower()
        wanted = next(
            (answer for kinds, asks, answer in _WANTED if kind in kinds and asks.search(marked)),
            None,
        )
        counted = _COUNTED.search(folded) if kind == "number" else None
        noun = counted[1].split()[0] if counted else ""
        pattern = None
        if noun and noun not in _EMPTY and noun not in ("tien", "phan", "dong"):
            pattern = re.compile(
                rf"(?:\d|\b(?:{_SPELT})\)?)\s*(?:\([^)]*\)\s*)?(?:[a-z]+\s+){{0,2}}{noun}\b"
            )
        free = "".join(
            " " if any(start <= at < end for start, end in skip) else letter
            for at, letter in enumerate(typed)
        )
        named = next((answer for asks, answer in _NAMED if asks.search(marked)), None)
        return cls(
            wanted,
            named,
            pattern,
            _focus_words(folded),
            _names(free),
            tuple(_numbers(fold(free))),
            _NOW.search(marked) is not None,
            _PREMISE.search(marked) is not None,
        )

    def settled(self, text: str) -> tuple[float, float, float]:
        """Whether `text` holds what is wanted, named and counted.

        1 where it does, -1 where it does not, 0 where nothing of the kind is asked.
        """
        folded = fold(text)
        return (
            _met(self.wanted, folded),
            _met(self.named, text),
            _met(self.counted, folded),
        )

    def about(self, text: str) -> float:
        """Likewise how far `text` has the words of what is asked."""
        return _part(self.words, fold(text))

    def held(self, text: str) -> tuple[float, float]:
        """Likewise whether `text` knows the question's names, and the numbers it states."""
        folded = fold(text)
        return _part(self.names, folded), _all(self.numbers, folded)


def _names(text: str) -> tuple[str, ...]:
    """Runs of two or more capitalised words, folded: names of places, people and institutions."""
    runs: list[list[str]] = [[]]
    end = 0
    for word in _WORD.finditer(text):
        named = word[0][0].isupper() and word[0][1:].islower()
        if not named or text[end : word.start()].strip():
            runs.append([])
        if named:
            runs[-1].append(fold(word[0]))
        end = word.end()
    return tuple(" ".join(run) for run in runs if len(run) > 1)


def _numbers(folded: str) -> Iterator[str]:
    """Patterns of the numbers stated: a small one counts only beside the word it stands with."""
    for number in _NUMBER.finditer(folded):
        if re.fullmatch(r"(?:19|20)\d\d", number[0]):
            continue
        before = re.search(r"([a-z]+)\s*$", folded[: number.start()])
        after = re.match(r"\s*([a-z]+)", folded[number.end() :])
        alone = rf"(?<!\w)0?{re.escape(number[0])}(?!\w)"
        beside = [rf"{before[1]}\s*{alone}"] if before else []
        beside += [rf"{alone}\s*(?:\([^)]*\)\s*)?{after[1]}"] if after else []
        yield "|".join(beside) if len(number[0]) < 3 and beside else alone


def _met(pattern: re.Pattern[str] | None, text: str) -> float:
    return 0.0 if pattern is None else 1.0 if pattern.search(text) else -1.0


def _part(words: Sequence[str], text: str) -> float:
    if not words:
        return 0.0
    return (
        2
        * sum(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text) is not None for w in words)
        / len(words)
        - 1
    )


def _all(patterns: Sequence[str], text: str) -> float:
    if not patterns:
        return 0.0
    return 2 * sum(re.search(pattern, text) is not None for pattern in patterns) / len(patterns) - 1


def _focus_words(folded: str) -> tuple[str, ...]:
    found: list[str] = []
    for pattern in (_COUNTED, _ASKED_OF, _BEFORE):
        match = pattern.search(folded)
        if match:
            found += [word for word in match[1].split() if word not in _EMPTY]
    return tuple(dict.fromkeys(found))
