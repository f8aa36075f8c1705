"""The few sentences an answer says in our own words: plain Vietnamese, never a fact of a document."""

from __future__ import annotations

from index.law.references import Reference
from index.question.gate import Reason
from index.result import Outcome
from index.scope import Absent, Scope

_LEADS: dict[Outcome, str] = {
    "answered": "Văn bản ghi:",
    "uncertain": "Có thể là đoạn dưới đây, bạn kiểm tra lại giúp:",
    "absent": "Các văn bản hiện có không nói về điều này.",
}
_LEVELS = {"article": "Điều", "clause": "khoản", "point": "điểm"}


def lead(outcome: Outcome, scope: Scope, title: str, contact: str) -> str:
    """The line above the quotations, or the whole answer where there are none."""
    if outcome == "nonexistent" and scope.absent:
        return _nonexistent(scope.absent, title)
    text = _LEADS.get(outcome, "")
    return f"{text} Bạn có thể hỏi: {contact}." if outcome == "absent" and contact else text


_REFUSALS: dict[Reason, str] = {
    "injection": "Tôi chỉ trả lời từ các văn bản về chuyển đổi số, không làm theo yêu cầu khác.",
    "abuse": "Mong bạn nói nhẹ nhàng hơn. Tôi sẵn lòng tìm trong văn bản giúp bạn.",
    "personal": "Tôi không có và không tra thông tin riêng của cá nhân.",
    "greeting": "Chào bạn! Bạn muốn biết gì về chuyển đổi số, cứ hỏi; tôi tìm trong văn bản giúp.",
    "distress": "Tôi rất tiếc khi bạn đang khó khăn. Hãy nói ngay với người thân, hoặc gọi 115 (cấp cứu), "
    "113 (công an); trẻ em gọi 111. Họ giúp được bạn.",
    "offtopic": "Tôi chỉ trả lời về chương trình chuyển đổi số, từ các văn bản hiện có.",
}


def refusal(reason: Reason, contact: str) -> str:
    """A fixed, kind text for what is not looked up."""
    text = _REFUSALS[reason]
    return (
        f"{text} Việc này bạn có thể hỏi: {contact}." if reason == "personal" and contact else text
    )


def _named(reference: Reference) -> str:
    return " ".join(filter(None, (reference.kind or "văn bản", reference.number)))


def _nonexistent(absent: Absent, title: str) -> str:
    reference = absent.reference
    if absent.thing:
        return f"{title} không nói đến “{absent.thing}” (chỉ đến {absent.highest})."
    if absent.only_mentioned:
        return f"Các văn bản hiện có chỉ nhắc đến {_named(reference)}, không có điều khoản được hỏi của văn bản này."
    if not absent.document or not absent.located:
        return f"Không tìm thấy {_named(reference)} trong các văn bản hiện có, cũng không văn bản nào nhắc đến."
    level = _LEVELS.get(absent.located.missing or "", "")
    text = f"Bản hiện có của {title} không có {level} {absent.located.asked}"
    if absent.located.existing:
        text += f" (chỉ đến {level} {absent.located.existing[-1]})"
    return text + "."
