"""Who issued a document and when, where that alone is asked: as its own letterhead tells it."""

from __future__ import annotations

from index.evidence.subject import POLITE
from knowledge.heading import written_in

_ASKING = POLITE | frozenset(
    "ban hanh phat cong bo ra doi thong qua quoc hoi la duoc do cua va vao".split()
)
_OF_DAY = _ASKING | frozenset(
    "ngay nao may bao nhieu thang nam khi gio luc ky co the ho tro thoi gian diem".split()
)  # folded words of a question that asks when a document was issued, and nothing besides
_ASKS_DAY = frozenset({"ngay", "khi", "gio", "luc", "nam", "thang"})
_WHETHER = frozenset({"khong", "dung", "phai", "chua"})
_CONFIRMING = _ASKING | _WHETHER | frozenset({"co", "ky", "duoc", "hay"})
ISSUES = frozenset({"hanh", "ky", "doi", "qua"})  # ban hành, ký, ra đời, thông qua
_OF_ISSUER = _ASKING | frozenset(
    "ai co quan don vi to chuc nao gi cap bo nganh tinh thanh pho dia phuong noi nguoi ben boi tu dau thuoc so".split()
)  # likewise of one that asks who issued it
_ASKS_ISSUER = frozenset({"ai", "quan", "vi", "nao"})  # ai, cơ quan, đơn vị, tỉnh nào
_WHO = frozenset({"ai", "quan", "vi"})  # beside "ngày nào"
_OF_WHOM = frozenset({"hanh", "cua", "do", "boi", "thuoc"})


def asks_day(words: frozenset[str], dated: bool = False) -> bool:
    """Whether `words`, folded, ask when a document was issued, and nothing besides; or, of one whose day
    was said (`dated`), whether it is so.
    """
    if dated and words <= _CONFIRMING and words & _WHETHER:
        return True
    of_number = "ngay" in words and bool(words & {"nhieu", "may", "nao"})
    return bool(words & _ASKS_DAY) and (bool(words & ISSUES) or of_number) and words <= _OF_DAY


def asks_issuer(words: frozenset[str]) -> bool:
    """Whether `words`, folded, ask who issued a document, and nothing besides."""
    return bool(words & _ASKS_ISSUER) and bool(words & _OF_WHOM) and words <= _OF_ISSUER


def asks_both(words: frozenset[str]) -> bool:
    """Whether `words`, folded, ask who issued a document and when, and nothing besides."""
    issued = bool(words & _OF_WHOM) and "ky" not in words
    asks = bool(words & _WHO) and bool(words & _ASKS_DAY)
    return issued and asks and words <= _OF_DAY | _OF_ISSUER


def issuer_in(text: str, issuer: str) -> tuple[int, int] | None:
    """Where a letterhead has the name of the body that issued the document, in capitals."""
    body = written_in(text, issuer.partition(",")[0]) if issuer else None
    return body if body and text[slice(*body)].isupper() else None
