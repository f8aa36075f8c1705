"""Who signed and who receives: the closing blocks of a state document, as parts of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from knowledge.vietnamese import LOWER

_POSTS = (
    r"(?:PHÓ )?(?:CHỦ TỊCH|THỦ TƯỚNG|GIÁM ĐỐC|TỔNG GIÁM ĐỐC|CHÁNH VĂN PHÒNG|CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|VỤ TRƯỞNG"
    r"|TRƯỞNG|BÍ THƯ|THỐNG ĐỐC|TỔNG THANH TRA|CHỦ NHIỆM|VIỆN TRƯỞNG|CHÁNH ÁN|CHÁNH THANH TRA"
    r"|HIỆU TRƯỞNG|CHI CỤC TRƯỞNG)|KẾ TOÁN TRƯỞNG|THỦ TRƯỞNG|THƯ KÝ|CHỦ TỌA|CHỦ TRÌ|NGƯỜI LẬP|ĐẠI DIỆN|BỘ TRƯỞNG|THỨ TRƯỞNG|TỔNG BÍ THƯ|ỦY VIÊN|UỶ VIÊN"
)
_BEHALF = r"(?:TM|T/M|KT|K/T|TL|T/L|TUQ|TUN|Q)(?:\s?\.\s*|\s)(?=[A-ZĐỦ])"
SIGNED: Final = rf"(?:{_BEHALF}|(?:{_POSTS})\b)[^|\n]*"
SIGNER: Final = re.compile(rf"[\s*_|]*(?:(?P<behalf>{_BEHALF})|(?:{_POSTS})\b)")
RECIPIENTS: Final = re.compile(r"[\s*_|]*Nơi nhận\b\W*", re.IGNORECASE)
RECIPIENT: Final = re.compile(rf"[\s|*_]*(?:[-–+•*]|[{LOWER}(]|(?:Như|Lưu)\b)")
_BEGINS_LIST = re.compile(r"[\s*_]*(?:[-–+•*]|(?:Như|Lưu)\b)")
_SIGNATURE = re.compile(r"\W*(?:đã ký|ký tên|ký,|ký và|chữ ký)", re.IGNORECASE)
_SAID_SIGNED = re.compile(r"[\s*_]*\([Đđ]ã ký\)[\s*_]*")
_TITLE = r"(?:(?:PGS|GS|TS|ThS|BS|KS|CN)\.?\s*)*"
_TITLED = re.compile(
    rf"[\s*_|]*{_TITLE}(?P<name>[^\W\d_]{{2,8}}(?: [^\W\d_]{{2,8}}){{1,4}})[\s*_|]*$"
)
CLOSING: Final = ("Nơi nhận", "Phần ký")  # how such parts are labelled
_MOST_LINES = 9  # from the authority that signs to the name
_LAST = re.compile(r"[\s|*_]*[-–+•]?\s*Lưu\b")  # "- Lưu: VT"
_SHORT = 60  # characters
_HEAD = 4  # lines at least before anybody signs


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `first` to `last` that close a document."""

    first: int
    last: int
    label: str
    title: str


def is_name(text: str) -> bool:
    """Whether a line is a person's name and nothing else."""
    named = _TITLED.match(text) if len(text) < 60 else None
    return named is not None and all(
        word[0].isupper() and word[1:].islower() for word in named["name"].split()
    )


def is_signing(text: str) -> bool:
    """Whether a line names who signs ("TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH") or says "(Đã ký)"."""
    return (SIGNER.match(text) is not None and _shouted(text)) or _SIGNATURE.match(text) is not None


def closing_blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The blocks of recipients and of signatures among the lines that are not blank."""
    at = 0
    while at < len(lines):
        if found := _recipients(lines, at) or _signature(lines, at):
            yield found
            at = found.last + 1
        else:
            at += 1


def _recipients(lines: Sequence[str], at: int) -> Block | None:
    if not RECIPIENTS.match(lines[at]):
        return None
    below = lines[at + 1] if at + 1 < len(lines) else ""
    if ":" not in lines[at] and "|" not in lines[at] and not _BEGINS_LIST.match(below):
        return None  # the words in a cell, or in a drawing of how a document looks
    if " | " in lines[at]:  # a table flattened to one line holds who signed, too
        return _both(at)
    last = at
    while last + 1 < len(lines) and (
        RECIPIENT.match(lines[last + 1]) or (last > at and _goes_on(lines[last], lines[last + 1]))
    ):
        last += 1
    return Block(at, last, "Nơi nhận", "Nơi nhận")


def _goes_on(recipient: str, below: str) -> bool:
    """Whether the line below a recipient is one, too, or the rest of it, though it has no dash."""
    if _LAST.match(recipient) or below.isupper():
        return False
    return recipient.rstrip().endswith(",") or below.rstrip().endswith(";")


def _signature(lines: Sequence[str], at: int) -> Block | None:
    if at < _HEAD:
        return None
    begins = SIGNER.match(lines[at])
    if not begins:
        last = at + 2 if _is_said_signed(lines, at) else None
    elif "|" in lines[at]:
        return _signed_cell(lines[at], at, bool(begins["behalf"]))
    elif (begins["behalf"] or _SAID_SIGNED.search(lines[at])) and _names_signer(lines[at]):
        last = at
    else:
        last = _last_signing(lines, at, bool(begins["behalf"])) if _shouted(lines[at]) else None
    return None if last is None else Block(at, last, "Phần ký", "Người ký")


def _last_signing(lines: Sequence[str], at: int, on_behalf: bool) -> int | None:
    """The line with the name, or the last of those with who signs."""
    last = at
    for index in range(at + 1, min(len(lines), at + _MOST_LINES)):
        if is_name(lines[index]):
            return index
        if not (_shouted(lines[index]) or _SIGNATURE.match(lines[index])):
            break
        last = index
    named = last > at and last == len(lines) - 1  # the name in capitals, too
    return last if on_behalf or named else None


def _names_signer(line: str) -> bool:
    """Whether a line holds the post and the name: "GIÁM ĐỐC (Đã ký) Lê Văn An"."""
    words = _SAID_SIGNED.sub(" ", line).split()
    post = list(takewhile(str.isupper, words))
    return len(post) > 1 and is_name(" ".join(words[len(post) :]))


def _is_said_signed(lines: Sequence[str], at: int) -> bool:
    """Whether "(Đã ký)" and a name stand below a post written in small letters."""
    below = lines[at + 1 : at + 3]
    return (
        len(below) == 2
        and len(lines[at]) < _SHORT
        and lines[at].strip(" *_")[-1:].isalpha()
        and _SAID_SIGNED.fullmatch(below[0]) is not None
        and is_name(below[1])
    )


def _signed_cell(line: str, at: int, on_behalf: bool) -> Block | None:
    if " | " in line and "Nơi nhận" in line:
        return _both(at)
    if line.rstrip().endswith("|") and on_behalf:
        return Block(at, at, "Phần ký", "Người ký")
    return None


def _both(at: int) -> Block:
    return Block(at, at, "Phần ký, nơi nhận", "Người ký, nơi nhận")


def _shouted(text: str) -> bool:
    return text.isupper() and len(text) < 100
