"""What opens and closes a message and asks nothing: greetings, thanks, particles."""

from __future__ import annotations

import re

COURTESY = re.compile(
    # never given back: "bạn bạn bạn" may be read in 2^n ways, one is enough
    r"^(?:(?:dạ|da|alo|hi|hello|chào|chao|xin chào|xin chao|ad|admin|bot|bạn|ban|em|anh|chị|cán bộ)"
    r"(?: (?:ơi|oi|bạn|ban|ad|bot|anh chị|cả nhà))*[,.! ]+)*+"
    r"(?:(?:cho|xin|vui lòng cho|làm ơn cho|lam on cho)(?: (?:phép|phep))?"
    r"(?: (?:em|tôi|toi|mình|minh|tui|con|cháu|chau|anh|chị|xin))* (?:hỏi|hoi|biết|biet)"
    r"(?: (?:là|la|chút|chut|với|voi|thêm|them|xíu))*[,: ]+)(?=\S)",
    re.IGNORECASE,
)


_CALLED = (
    r"(?:ad|admin|bot|bạn|ban|em|anh|chị|chi|cả nhà|ca nha|mọi người|moi nguoi|mn|bà con|bác|các bác|cac bac)"
    r" (?:ơi|oi|ới)\b"
)
# "Chào bạn, …", "ad ơi …": what opens a message and asks nothing
_GREETING = re.compile(
    r"^(?:(?:dạ|da|alo|a lô|hi|hello|(?:xin )?(?:chào|chao)|kính chào|kinh chao|thưa|thua)"
    r"(?: (?:bạn|ban|ad|admin|bot|anh|chị|chi|em|cả nhà|ca nha|mọi người|moi nguoi|mn|quý cơ quan))*[,.!]+\s*"
    rf"|{_CALLED}[,.!]?\s*)+",
    re.IGNORECASE,
)
# "… cảm ơn ạ", "… vậy ạ", "… thế các bác": what closes one; never a word that may be asked about.
# Few signs between, or a thousand dots would be tried a thousand times each.
_CLOSING = re.compile(
    r"(?:[\s,.!?]{1,4}(?:(?:xin |em |mình )?(?:cảm ơn|cám ơn|cam on|thanks|thank you|tks)"
    r"(?: (?:ạ|a|nhiều|nhieu|trước|truoc|bạn|ban|ad|nhé|nhe|anh chị|mọi người|mn|các bác|cac bac))*"
    r"|(?:vậy|vay|thế|the|nhỉ|nhi|hả|ha) (?:ạ|a|nhỉ|nhi|ad|bạn|ban|bác|các bác|cac bac|mọi người|moi nguoi|mn|cả nhà)"
    rf"|(?<!như )(?:vậy|ạ|nhỉ|nhé|ạ các bác)|{_CALLED}))+[\s.!?]{{0,4}}$",
    re.IGNORECASE,
)
_LEFT = 3  # words of a question that are left, else nothing is taken away


def bared(text: str) -> str:
    """A message without its greeting and its thanks, where a question is left."""
    text = COURTESY.sub("", text) or text
    left = _CLOSING.sub("", _GREETING.sub("", text))
    return left if len(left.split()) >= _LEFT else text
