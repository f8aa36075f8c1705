"""Whether a message leans on what was asked before, or stands by itself: decided before anything is
added to it.

The weights are those of a logistic regression over its words and a few signs
(`python -m index.training.follow`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, log
from pathlib import Path

from knowledge.vietnamese import LOWER, fold

FITTED = Path(__file__).with_name("follow.json")

CUE = re.compile(
    r"^(?:con|vay thi|vay|the con|the thi|the|trong do|ngoai ra|nhu vay|neu vay|cu the|roi|tiep theo"
    r"|what about|how about|and|then|so(?=,| (?:who|what|when|where|which|how|why|is|are|does|do|can)\b))\b[\s,]*(?!toi\b|em\b|chau\b|nha\b|nao\b|can\b|cuoc\b|trai\b|gai\b)"
)
THING = (
    "van ban|luat|nghi dinh|nghi quyet|quyet dinh|thong tu|chi thi|ke hoach|chuong trinh|de an|dieu|khoan|muc"
    "|bai bao|bai viet|bai|to|ban|co quan|don vi|dich vu|giay phep|the|quy dinh|chinh sach|viec|cai|muc tieu"
    "|chi tieu|he thong|nen tang|tinh|xa|nguoi|doanh nghiep|truong hop|thoi han|so|du lieu|ho so|thu tuc"
)
POINTS_BACK = re.compile(
    rf"\b(?:{THING}) (?:do|nay|ay|kia|tren|noi tren|vua neu)\b(?! (?:ai|co quan|bo|ubnd|don vi|nguoi)\b)"
    r"|^no\b|\bcua no\b|\bcua ho\b|\btrong do\b|\bo tren\b|\bit\b|\bthat (?:law|decree|document)\b|\bthis law\b"
)
_BACK = re.compile(
    r"\b([^\W\d_]+) (?:đó|này|ấy|kia|do|nay|ay)\b(?! (?:ai|cơ quan|bộ|ubnd|đơn vị|người)\b)"
)
_NOW = re.compile(
    r"\b(?:bay gio|hien (?:nay|tai|gio))\b|^(?:(?:con|the|vay|roi)\s+)*(?:gio|nay)(?= (?:thi|la|ai|con|den)\b|$)"
)
THEN_WHAT = re.compile(r"\s*(?:thì sao|thi sao|thì thế nào|thi the nao)\s*\??$", re.IGNORECASE)
_TRUE_FORMS = {
    fold(word): word
    for word in "những các mấy gì nào sao ai chưa không thay bị đâu còn đó này thế vậy".split()
}
_ASKING = re.compile(rf"(?<![a-z])(?:{'|'.join(_TRUE_FORMS)})(?![a-z])")
_NEVER_UNMARKED = frozenset("con the do nay vay may nhung dau".split())


@lru_cache(maxsize=32)  # asked of the same text at several steps
def asking(text: str) -> str:
    """`text` folded, its marked words that only fold like question words ("máy", "nhúng") blanked."""
    words = text.replace("AI", "--").lower()
    folded = fold(words)

    def true(match: re.Match[str]) -> str:
        typed = words[match.start() : match.end()]
        if typed == _TRUE_FORMS[match[0]]:
            return match[0]
        unmarked = typed == match[0] and match[0] not in _NEVER_UNMARKED
        return match[0] if unmarked else "-" * len(typed)

    marked = folded if words == folded else _ASKING.sub(true, folded)
    return marked.strip(" ?.!…")


_CAPITALS = re.compile(
    rf"(?<![^\W_])[^\W\d_{LOWER}][{LOWER}]*(?= (?P<next>[^\W\d_{LOWER}][{LOWER}]+))"
)
_FUNCTION = frozenset(
    "là gì nào ai bao nhiêu mấy khi giờ lâu ở đâu tại sao vì thế như có không chưa được phải thì và của cho"
    " với từ đến trong ngoài ra vào theo về này đó ấy kia những các một cái vậy hay hoặc bị đã đang sẽ"
    " nữa rồi thôi à hả nhỉ nhé ạ ơi xin hỏi biết nói gồm đặt muốn tôi em mình nếu còn"
    " what who when where why how is the are of in on to for it".split()
)
_BARE_FUNCTION = frozenset(map(fold, _FUNCTION))


_MEANT = re.compile(r"[^\W_]+(?:[/&-][^\W_]+|(?<=\d)[.,](?=\d)\d+)*")
# a preposition has something behind it: "Đại Từ có bao nhiêu tổ" has none
_NO_FROM = re.compile(
    r"\b(?:từ|tu)(?= (?:có|co|là|la|được|duoc|thì|thi|đã|da|còn|con|cũ|cu)\b| (?:mấy|may) (?!(?:giờ|gio|ngày|ngay|tháng|thang|năm|nam)\b)|[\s?.!]*$)",
    re.IGNORECASE,
)


def meaning(text: str) -> list[str]:
    """The words of `text` that carry its subject, as typed."""
    bare = text.lower() == fold(text)
    names = {one.start() for one in _NO_FROM.finditer(text)} | _in_names(text)
    return [
        one[0]
        for one in _MEANT.finditer(text)
        if one.start() in names or not is_function(one[0], bare)
    ]


def _in_names(text: str) -> set[int]:
    """Where capitalised words stand behind another, unless all are: "Đại Từ", not "Là Gì" of a title."""
    if text.istitle():
        return set()
    return {one.start("next") for one in _CAPITALS.finditer(text)}


def is_function(word: str, bare: bool) -> bool:
    return fold(word) in _BARE_FUNCTION if bare else word.lower() in _FUNCTION


def content(text: str) -> list[str]:
    return [fold(word) for word in meaning(text) if not word[0].isdigit()]


def share(text: str, topic: str) -> bool:
    """Whether two texts share two neighbouring words that mean something."""
    here, there = content(text), content(topic)
    return bool(set(pairwise(here)) & set(pairwise(there)))


def without_now(text: str) -> str:
    """`text` but for what says that it asks of now: "bây giờ là ai", "giờ thì ai"."""
    now = _NOW.search(fold(text).rstrip(" ?.!…"))
    return f"{text[: now.start()]} {text[now.end() :]}".strip() if now else text


def points_to(text: str, before: str) -> bool:
    """Whether `text` points back ("kế hoạch đó") to something that the words `before` name."""
    typed, earlier = text.lower(), before.lower()
    bare = typed == fold(typed)
    said = (fold(earlier) if bare else earlier).split()
    return any(back[1] in said and not is_function(back[1], bare) for back in _BACK.finditer(typed))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a message may lean on: the words that its forerunners were about."""

    topic: str
    names_document: bool


@dataclass(frozen=True, slots=True)
class Leaning:
    """The fit: a weight for each sign.

    `general` are words that say what is asked of something, not what that is: "mức", "hồ sơ", "ký".
    """

    general: frozenset[str]
    weights: Mapping[str, float]
    bias: float

    def chance(self, signs: Iterator[str]) -> float:
        total = self.bias + sum(self.weights.get(sign, 0.0) for sign in signs)
        return 1 / (1 + exp(-total))


@lru_cache(maxsize=1)
def fitted() -> Leaning:
    """The fit of `python -m index.training.follow`."""
    stored = json.loads(FITTED.read_text(encoding="utf-8"))
    return Leaning(**{**stored, "general": frozenset(stored["general"])})


def leaning(text: str, kind: str, cites: bool, earlier: Earlier) -> float:
    """The chance that `text` (typing undone) leans on what came before.

    `kind` is the kind of answer asked for; `cites` tells that an Điều or khoản is named without its
    document.
    """
    fit = fitted()
    return fit.chance(signs_of(text, kind, cites, earlier, fit.general))


DOUBT = (0.05, 0.95)  # chances between which a message is answered both ways
SURE = 0.8  # confidence of an answer that leads on a message whose words speak rather against it
LIKELIER = 0.5  # without its answers, a message leans from this chance on
SILENT = 0.5  # of what speaks against the surer led answer: half of what people go on to ask is told nowhere
_LEAST = 0.02  # confidence that is told apart from none


def in_doubt(chance: float) -> bool:
    return DOUBT[0] < chance < DOUBT[1]


def led_on(chance: float, alone: float, led: float) -> bool:
    """Which of two readings is meant: the words' own chance, and how sure either answer is."""
    if chance < LIKELIER and led < SURE:
        return False
    told = _odds(led) - _odds(alone)
    return _odds(chance) + max(told, SILENT * told) > 0


def _odds(chance: float) -> float:
    held = min(max(chance, _LEAST), 1 - _LEAST)
    return log(held / (1 - held))


_NAME = re.compile(r"(?<=\s)[A-ZĐ][^\W\d_]*(?=\W|$)|[A-ZĐ]{2,}")
_FIGURE = re.compile(r"\b(?!(?:19|20)\d\d\b)\d+(?:[/.]\d+|[a-z])?\b")  # of a name: 31/12, 4.0, 5G
_PIECE = re.compile(r"[a-z]+|\d+")
_MOST = 8  # telling words that are counted


def signs_of(
    text: str, kind: str, cites: bool, earlier: Earlier, general: frozenset[str]
) -> Iterator[str]:
    """What tells whether a message leans, each once."""
    folded = asking(text)
    words = ["#" if word.isdigit() else word for word in _PIECE.findall(fold(text))][:40]
    yield from dict.fromkeys(f"w {word}" for word in words)
    yield from dict.fromkeys(f"b {one} {other}" for one, other in pairwise(["^", *words, "$"]))
    yield "opens " + " ".join(words[:2])
    telling = content(text)
    own = [word for word in telling if word not in general] + _FIGURE.findall(folded)
    pairs = {f"{one} {other}" for one, other in pairwise(telling)} - general
    yield f"pairs {min(len(pairs), 4)}"
    yield f"pairs {min(len(pairs), 3)}, own {min(len(own), 3)}"
    yield f"own {min(len(own), 5)}"
    yield f"own {min(len(own), 3)} of {min(len(telling), _MOST)}"
    yield f"own {min(len(own), 3)}, {kind}"
    yield f"telling {min(len(telling), _MOST)}"
    yield f"long {min(len(words) // 2, _MOST)}"
    yield f"kind {kind}"
    named = _NAME.search(text) is not None and text != text.upper()
    shared = len(set(telling) & set(content(earlier.topic)))
    for sign, told in (
        ("cue", CUE.match(folded) is not None),
        ("back", POINTS_BACK.search(folded) is not None),
        ("then", THEN_WHAT.search(text) is not None),
        ("cites", cites),
        ("named", named),
        ("document before", earlier.names_document and not telling),
    ):
        if told:
            yield sign
            yield f"{sign}, telling {min(len(telling), _MOST)}"
            yield f"{sign}, own {min(len(own), 3)}"
    yield f"shared {min(shared, 3)}"
    yield f"shared {min(shared, 3)} of {min(len(telling), _MOST)}"
