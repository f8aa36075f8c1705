"""Names that people give of themselves: after "tôi là", "tên tôi", "em tên" and their like.

In doubt a name is found: what is kept serves statistics. A name without any such lead is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.vietnamese import fold

_I = "(?:tôi|em|mình|cháu|con|tớ|tui|anh|chị|cô|chú|bác|ông|bà|cậu|vợ|chồng)"
_I_BARE = "(?:toi|em|minh|chau|con|tui|anh|chi|co|chu|bac|ong|ba|cau|vo|chong)"


def _lead(pattern: str) -> re.Pattern[str]:
    """`I` stands for whoever speaks, written with its marks throughout or throughout without."""
    marked = pattern.replace("I", _I)
    bare = _I_BARE.join(map(fold, pattern.split("I")))
    # a capital La is a family's name
    bare = bare.replace(r" la\b", r" (?-i:la|LA)\b")
    return re.compile(rf"\b(?:{marked}|{bare})", re.IGNORECASE)


_NAMED = (  # a name follows, however it is written
    _lead(r"tên (?:thật |đầy đủ )?(?:của )?I\b(?: là\b| ?:)?\s*"),
    _lead(r"I (?:họ )?tên\b(?: là\b| ?:)?\s*"),
    _lead(r"tên là\b\s*"),
    _lead(r"họ (?:và |, ?)?tên\b(?: là\b| ?:)?\s*"),
    re.compile(r"\bmy name(?: is|'s)\s+", re.IGNORECASE),
)
_BEING = (  # a name follows, or anything else that a person may be
    _lead(r"I là\b\s+"),
    re.compile(r"\b(?:i am|i'm)\s+", re.IGNORECASE),
)
_CALLED = _lead(r"tên (?:chủ hộ )?")  # what comes may be a name of anything
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:'[^\W_]+)?")
_MOST = 6  # words of a name
_FAMILY = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn vương trịnh trương"
    " đinh lâm phùng mai tô hà lương lưu tăng nông ma triệu chu tạ thái cao quách kiều giàng vàng thào"
    " lò hứa lục khổng nghiêm tống văn bế hoa la ninh thân tiêu từ đàm trang âu bàn sùng lường lộc mùa"
    " vừ quàng tòng chảo phàn sằm".split()
)
_FAMILY_BARE = frozenset(map(fold, _FAMILY)) - {"la"}
# whoever is one of these gives no name: two words, folded
_ROLES = frozenset(
    "chu ho,chu tich,chu nha,chu co,chu doanh,chu quan,chu cua,chu dat,giam doc,bi thu,can bo,cong chuc,"
    "vien chuc,cong dan,nguoi dan,giao vien,hoc sinh,sinh vien,nong dan,truong phong,truong thon,"
    "truong xom,pho chu,pho giam,ho ngheo,ho kinh,ho can,to truong,ke toan,van thu,van phong,thai nguyen,"
    "ha noi,ha giang,cao bang,to cong,doan vien,doan thanh,cao tuoi,mai tang,hoa hong,viet kieu".split(
        ","
    )
)
# where a name ends; without marks, only those that are no name themselves
_END = frozenset(
    "ở sinh hỏi muốn cần xin có và năm số cho quê hiện đang làm thì bị được tại với nhà trú điện địa đến"
    " thuộc người nộp đã sẽ không biết gửi gọi dân vay này nay rất tuổi xã phường huyện tỉnh thôn xóm mà để"
    " khi nếu trước tôi em mình như thế nào gì ai đâu mấy trong gái trai hợp rồi vô của trên dưới các những"
    " theo đó đây hay sđt cccd cmnd cmt stk and want would from living is a the".split()
)
_END_BARE = frozenset(
    "o sinh hoi muon can xin co va so cho hien bi duoc voi den nguoi nop da se khong ko biet gui goi vay nay"
    " rat tuoi xa thon xom khi neu truoc toi em nhu the nao gi ai dau may trong gai trai hop roi cua tren"
    " cac nhung theo do sdt cccd cmnd cmt stk que dia chi".split()
)


def names_in(text: str) -> list[tuple[int, int]]:
    """Where in `text`, which is NFC, a name stands: its first character, and the one after its last."""
    named = (_words(text, lead.end()) for form in _NAMED for lead in form.finditer(text))
    being = (_words(text, lead.end()) for form in _BEING for lead in form.finditer(text))
    found = [words for words in named if words]
    found += [words for words in being if words and _looks_named(text, words)]
    called = (_words(text, lead.end()) for lead in _CALLED.finditer(text))
    found += [words for words in called if len(words) > 1 and _of_family(words) and _capital(words)]
    return sorted({(words[0].start(), words[-1].end()) for words in found})


def _words(text: str, start: int) -> list[re.Match[str]]:
    """The words that may be a name from `start` on: up to a sign, a small word, or so many."""
    return list(_following(text, start))


def _following(text: str, start: int) -> Iterator[re.Match[str]]:
    at, capital = start, None
    for number in range(_MOST):
        word = _WORD.match(text, at)
        if word is None:
            return
        if _ends(word[0]) and not (number and word[0].istitle()):
            return
        if capital and word[0].islower():
            return  # what is written small after a capital is no more of the name
        capital = word[0][0].isupper() if capital is None else capital
        yield word
        blank = re.compile(r"[ \u00a0]+").match(text, word.end())
        if blank is None:
            return
        at = blank.end()


def _ends(word: str) -> bool:
    small = word.lower()
    return small in _END or (small == fold(word) and small in _END_BARE)


def _looks_named(text: str, words: list[re.Match[str]]) -> bool:
    """Whether these are a name rather than what somebody is."""
    if " ".join(re.findall(r"\w+", fold(text[words[0].start() :])[:40])[:2]) in _ROLES:
        return False
    if _capital(words):
        after = _WORD.match(text[words[-1].end() :].lstrip())
        return len(words) > 1 or after is None or _ends(after[0])
    return len(words) > 1 and _of_family(words)


def _capital(words: list[re.Match[str]]) -> bool:
    return words[0][0][0].isupper()


def _of_family(words: list[re.Match[str]]) -> bool:
    first = words[0][0].lower()
    return first in _FAMILY or (first == fold(first) and first in _FAMILY_BARE)
