"""What a question asks of a document's effect, and where documents state it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.law.definitions import Place
from index.law.effect import Relations
from index.law.references import Reference

_ASKS_DAY = re.compile(
    r"(?<!het )\b(?:hieu luc|ap dung|thi hanh)\b.{0,24}\b(?:ngay|khi nao|bao gio|hom|luc nao)\b"
)
_ASKS_ACTS = re.compile(
    r"\b(?:thay the|thay bang|thay cho|thay boi|bi thay|bai bo|huy bo|sua doi|bo sung)\b"
)
_WHEN = r"(?:khi nao|bao gio|luc nao|hom nao|(?:ngay|thang|nam) (?:nao|may|bao nhieu))"
_ASKS_END = re.compile(
    rf"^(?!.*\b(?:co hieu luc|ap dung) (?:ke )?tu\b).*"
    rf"(?:\bhet (?:hieu luc|han|ap dung)\b.*{_WHEN}|{_WHEN}.*\bhet (?:hieu luc|han|ap dung)\b"
    rf"|\b(?:hieu luc|ap dung|dung)\b.*\b(?:den|toi) (?:het )?{_WHEN})\b"
)
_DONE = r"(?:thay|bai bo|huy bo|sua doi|bo sung)"
# "bị Thông tư 26/2020 bãi bỏ", "thay thế bởi Thông tư 26/2020" ask what that one did
_ASKS_PASSIVE = re.compile(
    rf"^(?!.*\b{_DONE}(?: the)? (?:boi|bang)\b[^\d]*\d)"
    rf".*(?:\b(?:bi|duoc)\b(?! ban hanh)[^\d]*\b{_DONE}|\bnao (?:da )?{_DONE}|\bthay (?:the )?(?:bang|boi))\b"
)
_TELLS_END = re.compile(r"\bhet (?:hieu luc|han)\b|\bden (?:het )?(?:ngay|thang|nam|\d)")
_IN_FORCE = re.compile(r"\b(?:hieu luc|ap dung)\b")
_ASKS_STANDING = re.compile(r"\bcon\b|\bhet\b|\b(?:chua|khong|nua)$")


def speaks_of_effect(folded: str) -> bool:
    """Whether words say of something that it applies, or what has become of it."""
    return bool(_IN_FORCE.search(folded) or _ASKS_ACTS.search(folded))


def asks_day(asked: str) -> bool:
    """Whether a folded question asks from when on something applies."""
    return _ASKS_DAY.search(asked) is not None and not asks_end(asked)


def asks_end(asked: str) -> bool:
    """Whether a folded question asks until when something applies."""
    return _ASKS_END.search(asked) is not None


def asks_fate(asked: str) -> bool:
    """Whether a folded question asks when a document ended, or what did away with it or changed it."""
    return asks_end(asked) or bool(_ASKS_PASSIVE.search(asked) and not asks_day(asked))


def tells_end(folded: str) -> bool:
    """Whether words say until when something applies, or that something takes its place."""
    return bool(_ASKS_ACTS.search(folded) or _TELLS_END.search(folded))


def asks_standing(asked: str) -> bool:
    """Whether a folded question asks if something is in force still, or no longer."""
    about = speaks_of_effect(asked)
    return bool(about and _ASKS_STANDING.search(asked)) and not asks_day(asked)


def stating(
    known: Relations, paths: Sequence[str], references: Sequence[Reference], asked: str
) -> tuple[Place, ...]:
    """Where documents state what a folded question asks of the effect of `paths`."""
    own = [one for path in paths for one in known.by(path)]
    of_it = [one for reference in references for one in known.of(reference)]
    begins = [one for one in own if one.verb == "takes effect"]
    gone = [one for one in of_it if one.verb != "amends"]
    if asks_end(asked):
        found = gone + [one for one in own if one.verb == "expires"]
    elif asks_day(asked):
        found = begins
    elif _ASKS_ACTS.search(asked):
        found = of_it if _ASKS_PASSIVE.search(asked) else [one for one in own if one.number]
    elif _ASKS_STANDING.search(asked):
        found = gone + [one for one in own if one.verb in ("takes effect", "expires")]
    else:
        found = begins
    return tuple(dict.fromkeys((one.source, one.start) for one in found))
