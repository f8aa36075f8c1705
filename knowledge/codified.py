"""Copies of the official codification (Bộ pháp điển) without what its editors put between the articles."""

from __future__ import annotations

import re
from typing import Final

from knowledge.vietnamese import LOWER

_REFERS: Final = re.compile(r"\((?:Điều|Chương|Mục|Phần) này có nội dung liên quan đến ")
_LONGEST: Final = 8000  # characters of such a note
_STEP: Final = re.compile(r"[()]|\n[ \t]*(?:\d{1,2}|[a-zđ]{1,2})[.)] ")  # no note runs into an item
_ORIGINS: Final = re.compile(r"Điều (?:\d+\.)+[A-ZĐ]+(?:\.\d+)+\.|(?m:^\(Điều \d)")  # it has them
# of a note whose first lines a copy has lost: "của Bộ …, có hiệu lực thi hành kể từ ngày …)1. "
_REST: Final = re.compile(
    rf"(?m)^[{LOWER}][^()\n]{{1,300}}(?:ban hành|kể từ) ngày \d\d/\d\d/\d{{4}}(?=[;)])"
)
_ATTACHED: Final = re.compile(  # what the page offered beside the article: "Phụ lục I.doc"
    r"(?mi)^(?:ph[uụ] l[uụ]c|biểu mẫu|mẫu|mau so)(?![^\W_])[^|:;\n]{0,120}(?<!\s)\.(?:docx?|pdf|xlsx?|rtf)$\n*"
)
_GLUED: Final = re.compile(  # where the break before what follows was lost
    r"(?:\(Điều [^()\n]{0,600}?\d{4}\)|ngày \d\d/\d\d/\d{4}\))(?=1\. )"
    r"|(?<=[^\s(])(?=Điều (?:\d+\.)+[A-ZĐ]+(?:\.\d+)+\. )"
    r"|(?<=[.;)])(?=(?:Chương [IVXLC]+|Mục \d{1,2})$)",
    re.MULTILINE,
)


def as_enacted(text: str) -> str:
    """`text` without editors' references and names of files, each heading on a line of its own."""
    text = _ATTACHED.sub("", text)
    if not (_REFERS.search(text) or _ORIGINS.search(text)):
        return text
    text = _without(_REST, _without(_REFERS, text))
    return _GLUED.sub(lambda glued: f"{glued[0]}\n\n", text)


def _without(note: re.Pattern[str], text: str) -> str:
    """`text` without what begins with `note`, each to the bracket that closes it."""
    kept, at = [], 0
    while found := note.search(text, at):
        end = _closed(text, found.start() + 1)
        kept.append(text[at : found.start()].rstrip(" ") if end else text[at : found.end()])
        at = end or found.end()
    return "".join(kept) + text[at:]


def _closed(text: str, inside: int) -> int:
    """Where the bracket that is open at `inside` is closed; 0 where it is not."""
    depth = 1
    for step in _STEP.finditer(text, inside, inside + _LONGEST):
        if step[0][0] == "\n":
            return 0
        depth += 1 if step[0] == "(" else -1
        if not depth:
            return step.end()
    return 0
