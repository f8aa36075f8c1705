"""The kind of answer that a question asks for, by its words."""

from __future__ import annotations

import re
from typing import Literal, get_args

from index.question.follow import asking

AnswerKind = Literal[
    "number", "date", "person", "body", "list", "definition", "yesno", "place", "validity",
    "reason", "other",
]  # fmt: skip
KINDS: tuple[AnswerKind, ...] = get_args(AnswerKind)

_COUNTED = (
    "ngay|thang|nam|muc|nguoi|tinh|xa|lan|gio|tieng|phan|phan tram|dong|trieu|ty|cap|buoc|hom|chuong|dieu"
    "|giay|phut|tram|ngan|nghin|chuc|bua|ban|cong ty|hec|ha|met|cay|cai|chiec|con|hang|trang|bo|cuon|vien|vi|ong|mau"
    "|cho|nhom|thu|nuoc|don vi|to|buoi|tuoi|tuan|quy|diem|ban|mau|bac|chi tieu|nhiem vu|giai doan|pho|so|ki|mb|gb"
)
_MACHINES = (
    "tinh|moc|chu|bay|in|anh|quet|lanh|giat|do|cay|tro|hoc|moi|bom"  # "máy tính", typed bare
)
_SAID: tuple[tuple[AnswerKind, str], ...] = (
        # "3 trụ cột của chuyển đổi số là gì" asks which
        (
            "list",
            r"(?:^|\b(?:co|gom|neu|dat|cac|nhung) )(?:\d{1,2}|hai|ba|bon|sau|bay|tam|chin|muoi) [a-z]+ [^,]*\bla (?:nhung )?(?:cai )?gi\b",
        ),
        ("definition", r"\b(?:duoc )?hieu (?:la|the nao|nhu the nao)\b|\bthe nao la\b|\bkhai niem\b|\bdinh nghia\b"),
        (
            "reason",
            r"\b(?:vi sao|tai sao|sao lai)\b|^sao\b|^(?!.*\b(?:nhung|cac) (?:ly do|nguyen nhan)).*\b(?:ly do|nguyen nhan)\b",
        ),
        (
            "validity",
            r"\bhieu luc\b|\b(?:bi|duoc|da|van ban)? ?(?:thay the|thay bang|bi thay|bi bai bo|bai bo)\b"
            r"|\bthay (?:bang|tu|chua)\b|\b(?:con|con duoc) (?:ap dung|dung|su dung)\b.*\b(?:khong|chua|nua)\b"
            r"|\bap dung (?:tu|den|ke tu)? ?(?:bao gio|khi nao|ngay nao|luc nao|hom nao)\b|\b(?:bi|duoc) sua doi\b"
            r"|\bsua doi.*(?:van ban|nghi dinh|luat|thong tu|quyet dinh) nao\b",
        ),
        (
            "list",
            r"\b(?:nhung|cac) (?:\w+ ){0,7}?(?:nao|gi|ai)\b|\bgom (?:nhung|co|cac)?\b|\bliet ke\b|\bke (?:ten|ra)\b|^(?:hay )?(?:ke|neu) (?:cac|nhung)\b"
            r"|\b(?:may|bao nhieu) (?:loai|hinh thuc|nhom|tru cot|noi dung|nguyen tac|tieu chi|quyen|linh vuc|muc)\b"
            r"|\b(?:dieu kien|nhiem vu|thanh phan|muc tieu|giay to|trach nhiem|quyen|noi dung|doi tuong) gi\b",
        ),
        (
            "yesno",
            r"\bco (?!bao nhieu|may|gi\b|nhung)(?:\S+ ){1,25}?(?:khong|chua|ko)$"
            r"|\b(?:duoc|phai|dung|hay|bat buoc|can) (?:khong|chua)$|\bco phai\b|\bkhong (?:nhi|a|ha|vay|nua)$"
            r"|\b(?:khong|chua)$",
        ),
        (
            "date",
            r"\b(?:khi nao|bao gio|luc nao|hom nao|may gio|thoi diem nao|nam nao|thang nao|gio nao)\b"
            r"|\bngay (?:\w+ )?(?:nao|may|bao nhieu)\b|\b(?:thang|nam) may\b|\bngay thang\b",
        ),
        (
            "number",
            rf"\bbao (?:nhieu|lau)\b|\b(?:nhom|thu|hang|muc|cap|so) may\b|\bmay (?:{_COUNTED})\b"
            rf"|(?<!xe )(?<!top )\bmay (?!(?:{_MACHINES})\b)[a-z]+(?!.*\b(?:gi|nao|sao|ai|dau|khong|chua)\b)"
            r"|\b(?:ti le|ty le|ty trong) (?:\w+ ){0,12}?(?:the nao|ra sao|la gi)\b|\bso nao\b|\bdau so\b"
            r"|\bgia bao\b|%\s*$",
        ),
        ("place", r"\bo dau\b|\b(?:toi|den|tai|ra|tu) dau\b|\bdia chi\b(?! so\b)|\b(?:noi|cho) nao\b|\bduong nao\b|\btrang web (?:nao|gi|la)\b"),
        (
            "body",
            r"\b(?:co quan|don vi|bo|so|phong|cap|ben|to chuc|cuc|uy ban|doanh nghiep|ban) nao\b",
        ),
        ("person", r"\bai\b|\b(?:nguoi|dong chi|ong|ba|can bo|lanh dao) nao\b|\blam truong ban\b"),
        (
            "definition",
            r"\bnghia (?:la|cua)\b|^(?!.*\b(?:dia chi(?! so\b)|ten|chu de|thong diep|muc tieu|khau hieu|so dien thoai|diem moi)\b)"
            r".*\bla (?:gi|cai gi|nhu the nao|sao)\b",
        ),
        ("list", r"\b(?:muc tieu|nhiem vu|giai phap|nguyen tac|dieu kien|quyen|khau hieu) (?:\w+ ){0,10}?la gi\b"),
        (
            "number",
            r"\b(?:toi da|toi thieu|it nhat|nhieu nhat|cao nhat|phat tien|muc phat) (?:\S+ ){0,6}?(?:the nao|ra sao)\b"
            r"|(?:^|: ?)(?:con |the |vay )?(?:ty le|ti le|chi tieu|so luong|muc) \S",
        ),
)  # fmt: skip
_ENGLISH_KINDS: tuple[tuple[AnswerKind, str], ...] = (
    ("reason", r"\bwhy\b"),
    (
        "validity",
        r"\b(?:in force|in effect|take effect|repeal|replaced?|valid until|come into force)",
    ),
    ("list", r"\b(?:which|what) (?:are|\w+s)\b|\blist\b"),
    ("date", r"\bwhen\b|\bwhat (?:date|day|year)\b"),
    (
        "number",
        r"\bhow (?:many|much|long|often)\b|\bwhat (?:share|percentage|rate|number|amount)\b",
    ),
    ("place", r"\bwhere\b"),
    ("person", r"\bwho|\bwhose\b"),
    ("definition", r"\bwhat (?:is|does .* mean)\b|\bdefin"),
    ("yesno", r"^(?:is|are|does|do|can|must|may|will|should)\b"),
)


# folded it would be a number, "số nào"
_DEPARTMENT = re.compile(r"(?<!cơ )\bsở (?=nào\b)", re.IGNORECASE)


def kind_of(text: str, language: Literal["vi", "en"] = "vi") -> AnswerKind:
    """What a question asks for, by its words."""
    folded = asking(_DEPARTMENT.sub("cơ quan ", text))
    if language == "en":
        return next((kind for kind, said in _ENGLISH_KINDS if re.search(said, folded)), "other")
    return next((kind for kind, said in _SAID if re.search(said, folded)), "other")
