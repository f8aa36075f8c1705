"""What would settle a question: the thing counted, the unit, the names and numbers it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.question.amounts import SPELT, written_out
from index.question.kind import AnswerKind
from knowledge.lines import CELL
from knowledge.people import PERSON
from knowledge.vietnamese import fold, unify_tones

_COUNTED = re.compile(r"\b(?:bao nhieu|may|how many)\s+((?:[a-z]+\s*){1,2})")
_HOW_MANY = re.compile(
    r"(?<!số )(?<!thứ )(?<!hạng )(?<!mức )(?<!nhóm )(?<!cấp )(?<!năm )(?<!tháng )(?<!ngày )(?<!tầng )(?<!điều )"
    r"\b(?:bao nhiêu|mấy|how many)(?![^\W\d_])\s*((?:(?:trăm|ngàn|nghìn|chục|triệu|tỷ|tỉ|mươi)\b\s*)*)([^\W\d_]+)?"
    r"(?!.*\b(?:gì|nào|sao|ai|bao lâu|bao giờ|bao nhiêu|mấy)\b|.*\b(?:không|chưa)\W*$)"
)
_ASKED_OF = re.compile(
    r"^(?:(?:theo|trong|tai|o|cho biet|hien|nam \d+)\b[^,:]*[,:]\s*)?((?:[^\W\d_]+\s+){1,5}?)(?:cua|ve|tai|o|trong|do)\s"
)
_BEFORE = re.compile(r"((?:[a-z]+\s+){1,2})(?:nao|gi)\b")
_EMPTY = frozenset(
    "la thi va cua cho voi tu den trong ve nay do nhung cac mot co duoc phai khong bi da se dang o tai theo "
    "nao gi ai sao dau the con vay hay hoac nhu khi ra vao tat ca het nhat toi thieu da bao nhieu may muc "
    "lam viec gom nam quy dinh noi muon can".split()
)
_NUMBER = re.compile(r"(?<![\w/.-])\d+(?:[.,]\d+)*(?![\w/-])")
_WORD = re.compile(r"[^\W\d_]+")
_CODED = re.compile(r"(?<![\w/.-])[a-z]{1,3}\d{2,}(?![\w/])")  # "B013" of a list of codes
_FIGURE = re.compile(r"[:·] (?:\W{0,2}|khoang |tren |duoi )\d[\d.,]*(?: ?%)? *(?:·|$)")  # a cell
_NUMERIC: frozenset[AnswerKind] = frozenset({"number"})
_DOCUMENT = re.compile(r"\d+/\d{4}|\d+/[a-z]+\b|\d+-[a-z]+/|luat [a-z]+")
_MONEY = (
    r"\d\s*(?:dong|trieu|ty|ngan|nghin|usd)\b|khong (?:phai tra|thu|mat) (?:phi|le phi)|mien (?:le )?phi"
    r"|% doanh thu|lan khoan thu|\d%|dong\)?(?:, [^·\n:]*)?(?: · [^·\n:]{1,80})?: \d"
)
_TIMELY: frozenset[AnswerKind] = frozenset({"date", "validity"})
_LOCAL: frozenset[AnswerKind] = frozenset({"place", "other", "body", "number"})
_TELEPHONE = (  # "1022", "1900 1234", "0208.3855.123", no year and no amount
    r"(?<![\d.,/-])(?<!con so )(?:0\d{2,3}[ .]?\d{3,4}[ .]?\d{3,4}|1[89]00[ .]?\d{3,6}|1\d{2,3}|\d{8,}"
    r"|(?<=so )(?!(?:19|20)\d\d\b)\d{4})"
    r"(?![\d/%-]|[.,]\d| ?(?:ty|trieu|nghin|dong|nguoi|thu tuc|ho so|don|lan|km|tram|xa|nam)\b)"
)
_DAYS = r"\d+\s*(?:\([^)]*\)\s*)?(?:ngay|thang|nam|gio|phut|tuan|giay)\b|trong ngay|ngay lap tuc|(?:hang|moi) (?:ngay|tuan|nam|thang|quy)|\((?:ngay|gio|thang)[^)]*\)[^·\n:]*: \d"
# what the question's words (with their marks) call for, and how it looks in folded text
_WANTED = tuple(
    (kinds, re.compile(question), re.compile(answer))
    for kinds, question, answer in (
        (_NUMERIC | _LOCAL, r"email|thư điện tử|hòm thư", r"@"),
        (_LOCAL, r"\bweb|website|địa chỉ (?:trang|cổng|truy cập)|trang nào|vào trang|tên miền nào", r"\w\.(?:vn|com|net)\b"),
        (_LOCAL, r"số điện thoại|đầu số|đường dây nóng|tổng đài|phone number|hotline|\bs[đd]t\b|gọi (?:tới |vào )?số|số máy", _TELEPHONE),
        (_NUMERIC | _LOCAL, r"(?:nghị định|thông tư|quyết định|nghị quyết|kế hoạch|chỉ thị|luật|văn bản) (?:số )?(?:nào|mấy|gì)", _DOCUMENT),
        (_NUMERIC | _LOCAL, r"mẫu (?:số )?(?:nào|mấy|gì)", r"mau (?:so )?\d"),
        (_LOCAL, r"màu (?:gì|nào|sắc)", r"mau (?:xanh|do|vang|trang|den|tim|cam|nau|ghi|hong)"),
        (_NUMERIC | _LOCAL, r"(?:rộng|dài|cao|nặng|xa|diện tích|kích thước|khổ|cỡ|sâu|bán kính)\b.*(?:bao nhiêu|mấy|thế nào)|cỡ (?:nào|mấy)", r"\d\s*(?:x|cm|mm|m2|km2?|m|met|ha|hecta|hec ta|kg|gam|g|tan|mb|gb|kb)\b"),
        (_LOCAL, r"mã số", r"\d{5,}"),
        (_NUMERIC, r"mấy phần|bao nhiêu (?:phần|gr?dp)|phần trăm|\btỷ lệ|\btỉ lệ|%|tỷ trọng|percent|share of", r"\d\s*%|phan tram|\d\s*/\s*\d|\| *\d|· [^·]{1,80}: \d"),
        (
            _NUMERIC,
            r"bao nhiêu (?:tiền|đồng|tỷ|triệu|nghìn tỷ)|mấy (?:tỷ|triệu|đồng)|\b(?:lệ )?phí\b|\bphạt\b|mức chi|giá bao|(?<!đánh )(?<!thẩm định )\bgiá\b(?! trị)"
            r"|kinh phí|thưởng bao|\btốn\b|\btiền\b|cước|\bfine|how much|tổng mức|\bvốn\b|\blương\b|phụ cấp|bồi dưỡng"
            r"|(?:mấy|bao nhiêu)(?: (?:trăm|ngàn|nghìn|chục|triệu|tỷ|tỉ))+(?: đồng| bạc)?(?: một| mỗi|\W*$)",
            _MONEY,
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
# the same for things told by their capitals, in the text as written
_NAMED = tuple(
    (re.compile(question), re.compile(answer))
    for question, answer in (
        (r"tên (?:là )?(?:gì|ai)|(?:ông|bà|ông/bà) nào|ai viết|tác giả|bầu ai|giám đốc .*là ai|bí thư .*là ai|chủ tịch .*là ai",
         rf"{PERSON.pattern}|[“\"]"),
        (r"(?:công ty|doanh nghiệp|hãng|nhà mạng|tập đoàn) nào", r"(?:[Cc]ông ty|[Tt]ập đoàn|[Dd]oanh nghiệp) [A-ZĐ]|VNPT|Viettel|FPT|MobiFone|:"),
        (r"(?<!cấp )\b(?:xã|phường|tỉnh|huyện|trường|bệnh viện) nào", r"(?:[Xx]ã|[Pp]hường|[Tt]ỉnh|[Hh]uyện|[Tt]rường|[Bb]ệnh viện)[^.;\n]{0,20} [A-ZĐ]"),
    )
)  # fmt: skip
# a line that begins to explain: "12. Chữ ký số là …", "“Dự án hỗn hợp”: …"; folded
_EXPLAINS = re.compile(
    r"^\W*(?:\d{1,3}(?:\.\d+)*[.)]|[a-z]\))?\W*(?P<term>(?:[^:.;\n]|(?<=\d)\.(?=\d)){2,110}?)\W*\b(?:sau day )?(?:la|gom|bao gom|duoc hieu|nghia la)\b"
    r"|^\W*(?:\d{1,3}(?:\.\d+)*[.)]|[a-z]\))?\W*(?P<head>(?:[^:.;\n]|(?<=\d)\.(?=\d)){2,110}?)\W*:",
    re.MULTILINE,
)
_GLUE = frozenset("la va cua cac nhung mot cho ve trong".split())
_OF_TERM = 0.7  # of the explained term's words that the question has
_NOW = re.compile(
    r"(?<!thực )(?<!thể )\bhiện (?:nay|tại|có|đang)|\b(?:tới|đến) (?:nay|giờ)\b|\bthực tế\b|\bđang có\b|\bvừa rồi\b|\bmới đây\b|\b(?:tuần|quý) này|\bhôm (?:nay|qua|rồi)|\bnăm nay|\btháng này|\bbây giờ|\brồi\b\s*\??$|đã được|đã xong|tới đâu rồi|"
    r"\b(?:currently|today|now)\b"
)
_PREMISE = re.compile(
    r"^(?:vì sao|tại sao|sao)\b|, ?vậy\b|\bnên (?:được|phải)\b|\bsao\b.*\bvậy\b|^why\b"
)
_CLAIMS = tuple(
    (re.compile(rf"\b(?:{said})\b"), re.compile(rf"\b(?:{told})\b"))
    for said, told in (
        ("bắt(?! đầu)|buộc|ép", "phai|bat buoc|buoc|yeu cau"),
        ("cấm|không cho", "cam|khong duoc|khong cho"),
        ("miễn|không thu|khỏi đóng", "mien|khong thu|khong phai (?:nop|tra|dong)|0 dong|khong dong"),
        ("cắt|thu hồi|tước|đuổi|cho nghỉ việc", "cat|thu hoi|tuoc|cham dut|dinh chi|thoi viec"),
        ("tăng gấp|gấp đôi|tăng", "tang|gap|nang"),
        ("giảm", "giam|ha thap|xuong"),
        ("phạt", "phat|vi pham hanh chinh|xu ly vi pham|che tai"),
        ("tặng|phát không|biếu", "tang|mien phi|ho tro|cap"),
        ("bãi bỏ|bỏ hẳn|xoá bỏ|xóa bỏ", "bai bo|bo|het hieu luc|xoa"),
        ("(?:thu|nộp|đóng) (?:phí|tiền|lệ phí)", "phi|le phi|thu|nop|dong"),
        ("thưởng", "thuong|khen"),
        ("(?:ai|người|nào|ông|bà) (?:đã |đứng ra )?ký|ký bởi", "ky|kt|tm"),
    )
)  # fmt: skip
_NOT_FOUND = re.compile(r"\b(?:khong|chua) tim (?:duoc|thay|ra)\b")
_MINE = re.compile(
    r"\bcủa (?:tôi|tui|em|mình|con (?:tôi|em|tui)|nhà (?:tôi|em)|(?:vợ|chồng|mẹ|bố|ba|má|ông|bà|anh|chị) (?:tôi|tui|em|mình)|hàng xóm)\b"
    r"|\b(?:tôi|tui|em|mình|hàng xóm|ông|bà|anh|chị)(?: \w+){0,2} (?:bị|được xếp|đã nộp|còn nợ|có tên|xong chưa)\b|\btên tôi\b|\bhồ sơ (?:số|mã)"
)
_SMALL = frozenset(map(str, range(1, len(SPELT) + 1)))
_SAME = {
    "nguoi": "(?:nguoi|thanh vien|ca nhan|can bo|dai bieu|dan|khach|thue bao|tai khoan|hoc vien|luot)",
    "tieng": "(?:tieng|gio)",
    "hom": "(?:hom|ngay)",
    "bua": "(?:hom|ngay)",
    "ban": "(?:lan|ban)",
    "hec": "(?:ha|hec)",
    "ky": "(?:ky|kg|kilogam)",
    "cho": "(?:cho|diem)",
}


_CITED = re.compile(
    r"(?:nghi dinh|thong tu|quyet dinh|nghi quyet|luat|ke hoach|chi thi|phap lenh|ket luan|cong van)(?: lien tich)? (?:so )?\d\S*"
    r"(?:,? ngay \d+(?:/\d+/\d+| thang \d+ nam \d+))?|\b(?:dieu|khoan|phu luc|chuong) \d+\w?\b"
    r"|^\W*\d+(?:\.\d+)*[.)](?=\s)"
)


@lru_cache(maxsize=4096)  # asked of each sentence by several features
def uncited(folded: str) -> str:
    """Without the numbers and dates of documents and clauses it cites, nor its own in a list."""
    return _CITED.sub("-", folded)


@dataclass(frozen=True, slots=True)
class Focus:
    """Each part is empty where the question gives no such hold."""

    wish: re.Pattern[str] | None  # how a question names what is wanted, in small letters
    wanted: re.Pattern[str] | None
    term: frozenset[str]  # folded words of a question that asks what something is
    named: re.Pattern[str] | None  # in the text as written: a person, a company, a commune
    counted: re.Pattern[str] | None  # "15 tỉnh" for "bao nhiêu tỉnh"
    unit: re.Pattern[str] | None  # and "tỉnh" by itself, which a row tells in a cell of its own
    # patterns for folded text
    words: tuple[re.Pattern[str], ...]  # of what is asked
    names: tuple[re.Pattern[str], ...]
    numbers: tuple[re.Pattern[str], ...]  # and codes it states, but documents and years

    now: bool  # asks how things stand, which rules and plans do not tell
    premise: bool  # takes something for granted
    claims: tuple[re.Pattern[str], ...]  # how a text says what the question takes for granted
    mine: bool  # asks of one's own case, or a neighbour's

    @classmethod
    def of(
        cls, question: str, kind: AnswerKind, typed: str, skip: Sequence[tuple[int, int]] = ()
    ) -> Focus:
        """`question` spelt out; `typed` has the person's capitals and `skip` marks references in it."""
        folded, marked = fold(question), unify_tones(question).lower()
        wish, wanted = next(
            (
                (asks, answer)
                for kinds, asks, answer in _WANTED
                if kind in kinds and asks.search(marked)
            ),
            (None, None),
        )
        counted, unit = _counting(marked) if kind != "date" else (None, None)
        free = "".join(
            " " if any(start <= at < end for start, end in skip) else letter
            for at, letter in enumerate(typed)
        )
        named = next((answer for asks, answer in _NAMED if asks.search(marked)), None)
        return cls(
            wish,
            wanted,
            frozenset(_words(folded)) if kind == "definition" else frozenset(),
            named,
            counted,
            unit,
            _patterns(map(_alone, _focus_words(folded))),
            _patterns(map(_alone, _names(free))),
            _patterns([*_numbers(fold(free)), *map(_alone, _CODED.findall(fold(free)))]),
            _NOW.search(marked) is not None,
            _PREMISE.search(marked) is not None,
            tuple(told for said, told in _CLAIMS if said.search(marked)),
            _MINE.search(marked) is not None,
        )

    def settled(self, text: str) -> tuple[float, float, float]:
        """Whether `text` holds what is wanted, named and counted.

        1 where it does, -1 where it does not, 0 where nothing of the kind is asked.
        """
        folded = fold(text)
        bare = uncited(folded)
        return (
            _explained(self.term, folded)
            if self.term
            else self._granted(text, folded if self.wanted is _DOCUMENT else bare),
            _met(self.named, text),
            1.0 if self._tabled(folded) else _met(self.counted, bare),
        )

    def _granted(self, text: str, folded: str) -> float:
        """Whether what is wanted is there; who says that it was not found lacks nothing either."""
        met = _met(self.wanted, folded)
        if self.wish is None or met >= 0 or not _NOT_FOUND.search(folded):
            return met
        return 0.0 if self.wish.search(text.lower()) else met

    def _tabled(self, folded: str) -> bool:
        """Whether a row holds the unit asked for, and a figure in a cell of its own."""
        return self.unit is not None and any(
            self.unit.search(line) is not None and _FIGURE.search(line) is not None
            for line in folded.splitlines()
            if CELL in line
        )

    def about(self, text: str) -> float:
        """Likewise how far `text` has the words of what is asked."""
        return _share(self.words, text)

    def claimed(self, text: str) -> float:
        """Likewise how much of what the question takes for granted `text` says."""
        return _share(self.claims, text)

    def held(self, text: str) -> tuple[float, float]:
        """Likewise whether `text` knows the question's names, and the numbers it states."""
        return _share(self.names, text), self.stated(text)

    def stated(self, text: str) -> float:
        """Likewise whether `text` knows the numbers that the question states."""
        return _share(self.numbers, text)


def _counting(marked: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """How a number of what a question counts is written in folded text, and the counted by itself."""
    asked = _HOW_MANY.search(marked)
    noun = fold(asked[2] or "") if asked else ""
    if not noun or noun in _EMPTY or noun in ("tien", "phan", "dong", "gdp", "grdp", "usd"):
        return None, None
    same = _SAME.get(noun, noun)
    number = rf"(?:\d|\b(?:{'|'.join(SPELT)})\)?)\s*(?:\([^)]*\)\s*)?(?:[a-z]+\s+){{0,2}}"
    return re.compile(rf"{number}{same}\b"), re.compile(rf"\b{same}\b")


def _words(folded: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", folded) if word not in _GLUE]


def _explained(term: frozenset[str], folded: str) -> float:
    """1 where a line of the text explains what the question's words name, -1 where none does.

    A row explains the code that stands in it.
    """
    codes = set(filter(_CODED.fullmatch, term))
    if any(CELL in line and codes & set(_words(line)) for line in folded.splitlines() if codes):
        return 1.0
    for line in _EXPLAINS.finditer(folded):
        words = _words(re.sub(r"\([^)]*\)", "", line["term"] or line["head"]))
        if words and sum(word in term for word in words) >= _OF_TERM * len(words):
            return 1.0
    return -1.0


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
        either = (
            f"(?:{alone}|{_alone(SPELT[int(number[0]) - 1])})" if number[0] in _SMALL else alone
        )
        beside += [rf"{either}\s*(?:\([^)]*\)\s*)?{after[1]}"] if after else []
        full = written_out(number[0], after[1]) if after else ""
        beside += [_alone(full)] if full else []
        yield "|".join(beside) if (len(number[0]) < 3 or full) and beside else alone


def _alone(word: str) -> str:
    return rf"(?<!\w){re.escape(word)}(?!\w)"


def _met(pattern: re.Pattern[str] | None, text: str) -> float:
    return 0.0 if pattern is None else 1.0 if pattern.search(text) else -1.0


def _patterns(written: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, written))


def _share(patterns: Sequence[re.Pattern[str]], text: str) -> float:
    """1 where all are met, -1 where none is, 0 where nothing is asked."""
    if not patterns:
        return 0.0
    folded = fold(text)
    return 2 * sum(one.search(folded) is not None for one in patterns) / len(patterns) - 1


def _focus_words(folded: str) -> tuple[str, ...]:
    found: list[str] = []
    for pattern in (_COUNTED, _ASKED_OF, _BEFORE):
        match = pattern.search(folded)
        if match:
            found += [word for word in match[1].split() if word not in _EMPTY]
    return tuple(dict.fromkeys(found))
