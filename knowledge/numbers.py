"""Numbers of Vietnamese state and Party documents ("224/2026/NĐ-CP"): what kind, and whose."""

from __future__ import annotations

import re
from typing import Final

_LETTERS: Final = r"[A-ZĐƯ][A-Za-zĐđƯ&]*\d{0,3}"  # "QĐ", "SKH&CN", "QH15", "PC06"
CODE: Final = rf"{_LETTERS}(?:\s*[-–/]\s*{_LETTERS}|\.(?-i:[A-ZĐ]{{2,5}}))*(?![\w/]|[-–][^\W\d_])"
NUMBER: Final = rf"\d{{1,5}}[a-zđ]?(?:\s*/\s*(?:19|20)\d\d)?\s*[-–/]\s*{CODE}"
KINDS: Final = {
    "NĐ": "Nghị định",
    "QĐ": "Quyết định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "NQ": "Nghị quyết",
    "NQLT": "Nghị quyết liên tịch",
    "CT": "Chỉ thị",
    "KH": "Kế hoạch",
    "KL": "Kết luận",
    "TB": "Thông báo",
    "BC": "Báo cáo",
    "CTr": "Chương trình",
    "ĐA": "Đề án",
    "HD": "Hướng dẫn",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "CĐ": "Công điện",
    "CV": "Công văn",
    "TTr": "Tờ trình",
    "PL": "Pháp lệnh",
    "PA": "Phương án",
    "BB": "Biên bản",
    "TC": "Thông cáo",
    "GM": "Giấy mời",
    "HĐ": "Hợp đồng",
    "VBHN": "Văn bản hợp nhất",
}
BODIES: Final = {
    "CP": "Chính phủ",
    "TTg": "Thủ tướng Chính phủ",
    "VPCP": "Văn phòng Chính phủ",
    "CTN": "Chủ tịch nước",
    "UBTVQH": "Ủy ban Thường vụ Quốc hội",
    "VPQH": "Văn phòng Quốc hội",
    "BBCVT": "Bộ Bưu chính, Viễn thông",
    "BCA": "Bộ Công an",
    "BCT": "Bộ Công Thương",
    "BDTTG": "Bộ Dân tộc và Tôn giáo",
    "BGDĐT": "Bộ Giáo dục và Đào tạo",
    "BGTVT": "Bộ Giao thông vận tải",
    "BKH": "Bộ Kế hoạch và Đầu tư",
    "BKHCN": "Bộ Khoa học và Công nghệ",
    "BKHĐT": "Bộ Kế hoạch và Đầu tư",
    "BLĐTBXH": "Bộ Lao động - Thương binh và Xã hội",
    "BNG": "Bộ Ngoại giao",
    "BNNMT": "Bộ Nông nghiệp và Môi trường",
    "BNNPTNT": "Bộ Nông nghiệp và Phát triển nông thôn",
    "BNV": "Bộ Nội vụ",
    "BQP": "Bộ Quốc phòng",
    "BTC": "Bộ Tài chính",
    "BTNMT": "Bộ Tài nguyên và Môi trường",
    "BTP": "Bộ Tư pháp",
    "BTTTT": "Bộ Thông tin và Truyền thông",
    "BVHTTDL": "Bộ Văn hóa, Thể thao và Du lịch",
    "BXD": "Bộ Xây dựng",
    "BYT": "Bộ Y tế",
    "NHNN": "Ngân hàng Nhà nước Việt Nam",
    "TANDTC": "Tòa án nhân dân tối cao",
    "TTCP": "Thanh tra Chính phủ",
    "UBDT": "Ủy ban Dân tộc",
    "VKSNDTC": "Viện kiểm sát nhân dân tối cao",
}
_WITHOUT_DIACRITICS: Final = {"ND": "NĐ", "QD": "QĐ", "CD": "CĐ", "DA": "ĐA"}


def tidy_number(written: str) -> str:
    """ "18 /2018/TT–NHNN" -> "18/2018/TT-NHNN"."""
    return re.sub(r"\s+", "", written).replace("–", "-")


def kind_and_issuer(number: str) -> tuple[str, str]:
    """What a number says by itself; empty where it does not (a law or a resolution of Quốc hội)."""
    parts = re.match(r"\d+[a-zđ]?(?:/\d{4})?[-/](.+)", number)
    if not parts:
        return "", ""
    code, *bodies = re.split(r"[-/]", parts[1])
    if assembly := re.fullmatch(r"(UBTV)?QH\d*", code):
        return "", "Ủy ban Thường vụ Quốc hội" if assembly[1] else "Quốc hội"
    names = [BODIES.get(body.rstrip("0123456789"), "") for body in bodies]  # "UBTVQH15"
    code = _WITHOUT_DIACRITICS.get(code, code)
    kind = KINDS.get(code) or KINDS.get(code.removesuffix("LN"), "")  # "KHLN" of several bodies
    return kind, ", ".join(names) if all(names) else ""
