"""Who signed a document, and who receives it: whether that is asked, and where the document tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.document import Section
from knowledge.vietnamese import fold, syllables

FEWEST = 3  # words that tell one document from others
SIGNED, RECEIVED = "Phần ký", "nơi nhận"  # in the labels of such parts

_KY = r"(?<!dang )(?<!thu )(?<!chu )(?<!dinh )\bky\b"  # not "đăng ký", "thư ký", "chu kỳ"
# with whom it is asked of; not "ký số", "kỹ thuật", "kỳ họp", which fold to the same
_ASKS_SIGNED = re.compile(
    rf"\b(?:ai|nguoi|nao)\b.*{_KY}(?! (?:so|ket(?! luan)|hop|luat|thuat|nang|niem|hieu|truoc|sau|nay|tiep|cuoi|dau|bao)\b)"
    rf"|\bai (?:da |la nguoi )?ky bao cao\b|{_KY} boi\b|\bwho\b.*\bsigned\b|\bwhich\b.*\bsigned\b|\bsigned by\b"
)
_ASKS_RECEIVED = re.compile(
    r"\bnoi nhan\b|\bgui (?:cho |toi |den )?(?:nhung |cac )?(?:ai|noi nao|co quan nao|don vi nao)\b"
    # "gửi cho những sở nào": the document, not an application that it tells where to send
    r"|^(?!.*\b(?:ho so|bao cao|don|ket qua|danh sach|de nghi|y kien|phan anh)\b.* gui\b)"
    r".*\bgui (?:(?:cho |toi |den )(?:nhung |cac |may )?(?:\w+ ){1,2}nao\b"
    r"|(?:cho |toi |den )?(?:nhung |cac |may )?(?:bo|so|vu|cuc|ban|vien|phong|trung tam|van phong|tap doan|truong|ong|ba)"
    r" (?:\w+ ){0,3}nao\b)"
)
# who prepares what is signed is not who signs it
_PREPARED = re.compile(r"(?<!chuong )(?<!quy )\b(?:trinh|soan) ky\b|\bky (?:trinh|soan)\b")
_IN_PLACE = re.compile(r"\s*(?:thay|thua)\b")
_ADDRESSED = re.compile(
    r"^(?:[ \t*|]*Kính gửi|[^\n:]{3,100} điện)[ \t*]*:.*(?:\n+[ \t]*[-–+•].*|(?<=[;,])\n+.*)*",
    re.MULTILINE,
)
_OFFICE = re.compile(r"\bchuc (?:gi|vu|danh|nao)\b|\bghe (?:gi|nao)\b")
_BEYOND = re.compile(  # of the person, which no signature tells
    r"\b(?:dien thoai|sdt|so may|e ?mail|dia chi|lien he|bao nhieu tuoi|sinh nam|que)\b"
)
_SAYING = frozenset(
    "ai nguoi nao ky da la do boi thay mat chuc vu gi duoc ban hanh van the vay nhi a o cho voi noi nhan gui toi den"
    " cac nhung ghi luu dau so ngay thang nam cua ve tm kt tl chu tich pho thu tuong bo truong giam doc co tham quyen"
    " thong tin giai doan trien khai thuc hien phe duyet".split()
)  # folded words that ask for a signer, rather than name a document
_EVERY = frozenset(
    "nghi dinh quyet thong tu luat ke hoach chi thi ket luan cong bao chuong trinh de an chien luoc quy che quy dinh"
    " chinh phu uy ban nhan dan hoi dong quoc hoi tinh thanh pho xa phuong huyen trung uong".split()
)  # and that many documents bear in their names


def asked_part(question: str) -> str:
    """Which closing part a question asks for: SIGNED, RECEIVED, or none."""
    folded = fold(question)
    if _BEYOND.search(folded) or _PREPARED.search(folded):
        return ""
    if _ASKS_SIGNED.search(folded):
        return SIGNED
    return RECEIVED if _ASKS_RECEIVED.search(folded) else ""


def signed_at(before: str) -> int:
    """Where "ký" ends, the last in the folded words before a document's number; -1 where none is."""
    return max((found.end() for found in re.finditer(_KY, before)), default=-1)


def signs_else(between: str) -> bool:
    """Whether the folded words between "ký" and a document name something else that is signed."""
    return not (_IN_PLACE.match(between) or frozenset(syllables(between)) <= _SAYING | _EVERY)


def asks_apart(first: str, then: str) -> bool:
    """Whether of two questions in one message only one is told by a closing part, or each by its own."""
    part, other = asked_part(first), asked_part(then)
    return part != other and not (part == SIGNED and _OFFICE.search(fold(then)))


def speaks_of_signing(question: str) -> bool:
    """Also of signatures that are no document's: to these words every signature block is near."""
    return re.search(r"\bky\b", fold(question)) is not None


def signs(outline: Sequence[Section], at: int) -> bool:
    """Whether a signature block stands at `at`."""
    return any(part.start <= at < part.end for part in _parts(outline, SIGNED))


def closing_part(outline: Sequence[Section], part: str) -> Section | None:
    """Of a document's sections, the first such part."""
    return next(_parts(outline, part), None)


def addressed(outline: Sequence[Section], text: str, question: str) -> Section | None:
    """To whom a letter is written, above all its parts, unless the list at its end is asked for."""
    above = outline[0].start if outline else len(text)
    found = _ADDRESSED.search(text, 0, above)
    if not found or asked_part(question) != RECEIVED or "noi nhan" in fold(question):
        return None
    return Section("part", "", "", found.start(), found.end(), -1, "Kính gửi")


def _parts(outline: Sequence[Section], part: str) -> Iterator[Section]:
    for section in outline:
        if section.kind == "part" and part.lower() in section.label.lower():
            yield section


def words_naming(question: str) -> frozenset[str]:
    """Folded, beside those that ask who signed: what tells which document is meant.

    None where only words are left that many documents bear.
    """
    words = frozenset(syllables(fold(question))) - _SAYING
    return words if len(words - _EVERY) >= FEWEST else frozenset()
