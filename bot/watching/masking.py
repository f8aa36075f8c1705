"""Personal data out of a question before it is kept for statistics. Pure: text in, text out.

Masked are telephone numbers, identity papers, accounts, addresses of mail and of networks, and names
that people give of themselves (`bot.watching.names`). Numbers of documents, years, sums, dates and
hotlines stay: they are what the question is about. Where in doubt, a number goes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.watching.names import names_in
from knowledge.vietnamese import fold, nfc

PHONE, PAPER, ACCOUNT, MAIL, HANDLE, NAME, NUMBER = (
    "[điện thoại]",
    "[giấy tờ]",
    "[tài khoản]",
    "[thư điện tử]",
    "[tài khoản mạng]",
    "[tên]",
    "[dãy số]",
)

Span = tuple[int, int, str]

_JOIN = r"[ .\-‐-―_\u00a0\u200b-\u200d\u2060()]"  # what people write between digits
_DIGITS = re.compile(rf"(?<![\w/])[(+]{{0,2}}\d(?:{_JOIN}{{0,2}}\d){{5,}}(?![\d/])")
_SUM = re.compile(r"(?!0)\d{1,3}(?:[.,\u00a0 ]\d{3})+(?:,\d+)?")
_DATE = re.compile(r"\d{1,2}[-. ]\d{1,2}[-. ]\d{4}|\d{4}[-. ]\d{1,2}[-. ]\d{1,2}")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\D+(?:19|20)\d\d)+")
_HOTLINE = re.compile(r"(?:1900|1800)\d{4,6}")
_PHONE = re.compile(r"(?:\+?84|0)(?:[35789]\d{8}|2\d{8,9})|0?[35789]\d{8}")
_HOST = re.compile(  # of an address of mail; whose it is stands before
    r"(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
_OF_OWNER = re.compile(r"[\w.+%'-]")
_HANDLE = re.compile(
    r"(?<![\w@])@\w{4,32}(?!\w|\.\w)|\b(?:www\.|m\.)?(?:facebook|fb|zalo|t|tiktok|messenger)\.(?:com|me)/\S+",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)"
    r"(?:[ ,.-]+(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)\b){7,}"
)
_PASSPORT = re.compile(r"\b[a-z]\d{7,8}\b|\b[a-z]{2}[ -]?\d[ -]?\d{2}[ -]?\d{10}\b")
_NEAR = 30  # characters before a number in which a word tells what it is
_PAPER_WORDS = re.compile(
    r"can cuoc|cccd|cmnd|cmtnd|\bcmt\b|dinh danh|chung minh|ho chieu|bao hiem|bhxh|bhyt"
)
_ACCOUNT_WORDS = re.compile(r"tai khoan|\bs?tk\b|\bstk|so the\b|account|ngan hang|bank")
_PHONE_WORDS = re.compile(r"\bsdt\b|dien thoai|so may|\bdt\b|zalo|phone|hotline|lien he|\bgoi\b")
_OTHER_WORDS = re.compile(r"ma so thue|\bmst\b|ho so|\bsbd\b|bao danh")
_SHORT = re.compile(  # an account of letters, or of few digits, that is called one
    r"(?:tai khoan|\bs?tk|\baccount)(?: ngan hang| so| cua toi| la|:| )*[:=]? ?([a-z]*\d[\da-z]{3,})"
)


def masked(question: str) -> str:
    """`question`, in NFC, with what points to a person replaced by the kind of thing it was.

    Masking what is masked changes nothing.
    """
    text, before = nfc(question), ""
    while text != before:
        text, before = _once(text), text
    return text


def _once(text: str) -> str:
    # digits of other scripts are read as what they are; one character stays one
    seen = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text
    )
    spans = sorted({*_written(seen), *_numbers(seen), *((s, e, NAME) for s, e in names_in(seen))})
    shown, done = [], 0
    for start, end, kind in spans:
        if start >= done:
            shown.append(text[done:start] + kind)
        done = max(done, end)
    return "".join(shown) + text[done:]


def _written(text: str) -> Iterator[Span]:
    """What its form gives away."""
    folded = fold(text)
    yield from _mails(text)
    yield from ((*found.span(), HANDLE) for found in _HANDLE.finditer(text))
    for form, kind in ((_SPOKEN, PHONE), (_PASSPORT, PAPER)):
        yield from ((*found.span(), kind) for found in form.finditer(folded))
    yield from ((*found.span(1), ACCOUNT) for found in _SHORT.finditer(folded))


def _mails(text: str) -> Iterator[Span]:
    """From the host back: from each letter on, a long word would be read again and again."""
    done = 0
    for host in _HOST.finditer(text):
        start = host.start()
        while start > done and _OF_OWNER.match(text, start - 1):
            start -= 1
        if start < host.start():
            done = host.end()
            yield start, done, MAIL


def _numbers(text: str) -> Iterator[Span]:
    folded = fold(text)
    for found in _DIGITS.finditer(text):
        kind = _kind(found[0], folded[max(0, found.start() - _NEAR) : found.start()])
        if kind:
            yield (*found.span(), kind)


def _kind(written: str, before: str) -> str:
    """What a row of digits is, by its form and the words before it; "" for what is nobody's."""
    digits = re.sub(r"\D", "", written)
    if _HOTLINE.fullmatch(digits) or any(
        form.fullmatch(written.strip()) for form in (_DATE, _YEARS)
    ):
        return ""
    told = [
        (found.end(), kind)
        for words, kind in (
            (_ACCOUNT_WORDS, ACCOUNT), (_PAPER_WORDS, PAPER), (_PHONE_WORDS, PHONE),
            (_OTHER_WORDS, NUMBER),
        )
        for found in words.finditer(before)
    ]  # fmt: skip
    if told:
        return max(told)[1]  # the nearest word
    if _SUM.fullmatch(written) or len(digits) < 8:
        return ""
    if _PHONE.fullmatch(re.sub(r"[^\d+]", "", written)):
        return PHONE
    return PAPER if len(digits) in (9, 12) else NUMBER
