"""The few sentences an answer says in our own words: plain Vietnamese, never a fact of a document."""

from __future__ import annotations

from collections.abc import Sequence

from index.evidence.spelt_out import names_letters
from index.law.references import Reference
from index.question.follow import CUE, asking, content
from index.question.understand import Understanding
from index.result import Candidate, Outcome
from index.scope import Absent, Scope
from knowledge.calendar import date_of

_LEADS: dict[Outcome, str] = {
    "answered": "Văn bản ghi:",
    "uncertain": "Có thể là đoạn dưới đây, bạn kiểm tra lại giúp:",
    "absent": "Các văn bản hiện có không nói về điều này.",
}
_ON_IT = 0.6  # of a question's telling words, in the name of a document or of a section of it
_HERE = "Có văn bản gần với điều bạn hỏi, nhưng không thấy chỗ nào trả lời đúng câu này."
_LEVELS = {"article": "Điều", "clause": "khoản", "point": "điểm"}


def on_it(question: str, candidates: Sequence[Candidate]) -> bool:
    """Whether the nearest document is on what was asked, so that none may be said to speak of it."""
    words = set(content(question))
    return any(
        len(words & set(content(f"{one.title} {one.section}"))) >= max(2, _ON_IT * len(words))
        for one in candidates[:3]
    )


def lead(outcome: Outcome, scope: Scope, title: str, contact: str, here: bool = False) -> str:
    """The line above the quotations, or the whole answer where there are none.

    `here` tells that a document is on what was asked.
    """
    if outcome == "nonexistent" and scope.absent:
        return _nonexistent(scope.absent, title)
    text = _HERE if here and outcome == "absent" else _LEADS.get(outcome, "")
    return f"{text} Bạn có thể hỏi: {contact}." if outcome == "absent" and contact else text


def listed(count: int, shown: int) -> str:
    """The line above documents that were asked for by what they are."""
    newest = f", mới nhất là {shown} văn bản dưới đây" if shown < count else ""
    return f"Kho có {count} văn bản như vậy{newest}:"


def meant(
    understood: Sequence[Understanding], turns: Sequence[str], mended: bool, outcome: Outcome
) -> str:
    """What a message was taken for, where it was completed or mended, or spelt out in one of several
    ways; "" where it was taken as typed. Marks given to bare words, and the words that letters asked about
    are short for, count where no sure answer came of it.
    """
    first = understood[0]
    follows = turns and first.follows == "yes" and (first.lead or first.inherited)
    led = _led_by(turns) if follows else ""
    unsure = outcome != "answered"
    guessed = any(
        one.guessed or (unsure and (one.bare or names_letters(one))) for one in understood
    )
    if not (led or mended or guessed):
        return ""
    question = " ".join(one.cleaned if led and not one.bare else one.alone for one in understood)
    question = question[:1].upper() + question[1:]
    return f"{question} (hỏi tiếp câu “{led}”)" if led else question


def _led_by(turns: Sequence[str]) -> str:
    """The last of the earlier questions that is one by itself, not "còn 2030?" in its turn."""
    return next((turn for turn in reversed(turns) if not CUE.match(asking(turn))), turns[-1])


def _named(reference: Reference) -> str:
    return " ".join(filter(None, (reference.kind or "văn bản", reference.number)))


def _nonexistent(absent: Absent, title: str) -> str:
    reference = absent.reference
    if absent.thing:
        return f"{title or 'Các văn bản hiện có'} không nói đến “{absent.thing}” (chỉ đến {absent.highest})."
    if absent.only_mentioned:
        return f"Các văn bản hiện có chỉ nhắc đến {_named(reference)}, không có điều khoản được hỏi của văn bản này."
    if absent.dated:
        asked, own = map(date_of, (reference.date, absent.dated))
        return f"Không tìm thấy {_named(reference)} ngày {asked}. Văn bản mang số này trong kho là {title}, ngày {own}."
    if not absent.document or not absent.located:
        text = f"Không tìm thấy {_named(reference)} trong các văn bản hiện có, cũng không văn bản nào nhắc đến."
        return f"{text} Bạn có hỏi {absent.namesake} không?" if absent.namesake else text
    level = _LEVELS.get(absent.located.missing or "", "")
    text = f"Bản hiện có của {title} không có {level} {absent.located.asked}"
    if absent.located.existing:
        text += f" (chỉ đến {level} {absent.located.existing[-1]})"
    return text + "."
