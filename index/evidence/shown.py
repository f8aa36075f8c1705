"""What of a sentence is shown: not what says nothing by itself; and whom a summary has it from."""

from __future__ import annotations

import re

from knowledge.lines import line_end
from knowledge.vietnamese import fold

_NOTHING = re.compile(
    r"(?:[-#|*\s]*)(?:(?:dieu|chuong|muc|phan|phu luc|tiet|khoan) (?:thu )?[\divxlc]+[a-z]?"
    r"|(?:so|luat so|quyet dinh so) ?: ?[\w/.-]*|doc lap ?[-–] ?tu do ?[-–] ?hanh phuc"
    r"|cong hoa xa hoi chu nghia viet nam|dang cong san viet nam|chinh phu|quoc hoi|quyet nghi|quyet dinh|noi nhan"
    r"|[\w\s.]{2,25}, ?ngay \d* ?thang \d* ?nam \d*|\d+|[\w-]+\.(?:txt|pdf|docx?|md|html?|xlsx?|ods|csv))[\s.:;*_|-]*"
)
ORIGIN = re.compile(r"\s*\(Nguồn: ([^()]+)\)")


def says_nothing(text: str) -> bool:
    """Whether it is only a letterhead, a number, a place and date, or a label such as "Điều 3."."""
    return len(text) < 200 and all(
        _NOTHING.fullmatch(fold(line).strip()) for line in text.splitlines() if line.strip()
    )


def origin(text: str, start: int, end: int) -> str:
    """Where a summary has a statement from: "site, date" as it notes it, in it or right behind it."""
    within = ORIGIN.search(text, start, end)
    if within:
        return within[1].strip()
    behind = ORIGIN.search(text, end, line_end(text, end))
    return behind[1].strip() if behind else ""
