"""“Xem thêm”, “xem toàn văn”, “sai rồi”, “không hiểu”: said of the answer just given, not asked of the documents."""

from __future__ import annotations

import re
from typing import Literal

from bot.records import Kept
from bot.screens.answers import passages_screen
from bot.screens.catalogue import Catalogue
from bot.screens.library import outline_screen
from bot.screens.render import Screen
from bot.screens.texts import Texts
from knowledge.vietnamese import syllables

Move = Literal["more", "whole", "wrong", "unclear"]

_MOVES: dict[Move, str] = {
    "more": r"(?:xem |doc |noi |ke )?(?:them|tiep|tiep tuc)(?: doan khac)?|(?:xem )?doan khac"
    r"|con (?:(?:gi|cai nao|y nao|doan nao) )?(?:khac|nua)",
    "whole": r"(?:xem |doc |mo |lay )?(?:toan van|muc luc|van ban (?:goc|day du)"
    r"|(?:toan bo|ca|day du) van ban)(?: nay| do)?",
    "wrong": r"(?:tra loi |noi |cau nay )?(?:sai|nham|(?:khong|chua) dung)(?: y)?(?: roi| het| bet)?",
    "unclear": r"(?:khong|chua|kho) hieu(?: gi| lam| qua| lai)?|(?:nghia )?la sao|(?:rut gon|tom tat)(?: lai)?"
    r"|(?:noi|giai thich)(?: lai)?(?: cho)? (?:de hieu|ro|ngan gon|don gian)(?: hon)?|giai thich(?: them)?",
}
_POLITE = r"(?:(?:cho|xin|the|vay|toi|minh|em|chau|ban|bot|ad|oi|muon) )*"
_AFTER = r"(?: (?:di|nhe|nha|a|voi|khong|ko|nua|giup|toi|minh|em|ban|bot|ad|oi))*"


def move_in(message: str) -> Move | None:
    """What a message wants of the last answer, where that is all it says."""
    words = " ".join(syllables(message))
    found = (
        move for move, said in _MOVES.items() if re.fullmatch(f"{_POLITE}(?:{said}){_AFTER}", words)
    )
    return next(found, None)


def moved(
    move: Move, kept: Kept, texts: Texts, catalogue: Catalogue, username: str
) -> Screen | None:
    """What follows the answer `kept`; None where it has nothing of the kind."""
    if move in ("wrong", "unclear"):
        return Screen(texts.said_wrong if move == "wrong" else texts.said_unclear)
    if move == "more":
        return passages_screen(kept, texts, catalogue, 0)
    quotes = kept.answer.quotes
    entry = catalogue.entry(quotes[0].document) if quotes else None
    back = str(kept.id)
    return outline_screen(entry, texts, catalogue, username, back=back) if entry else None
