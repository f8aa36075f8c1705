"""Which cells of a long row stand open on a phone: who signed, or those that the question speaks of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.screens.cutting import beginning
from knowledge.lines import CELL
from knowledge.signature import RECIPIENT, RECIPIENTS, is_signing
from knowledge.vietnamese import fold, syllables

LEFT_OUT = "…"
_BETWEEN = re.compile(rf"\s*\|\s*|{CELL}")  # cells as they were drawn, or with their heads
_ORDINAL = 8  # letters of a first cell that is but a row's number: it stays
# letters that tell what a cell is about, where it alone is cut; of several, twice as many
_TELLING = 40
_UNRULED = 3  # cells of a row that was drawn without rulings: one of them holds several
_ASKS_RECIPIENTS = re.compile(r"\b(?:noi nhan|gui|nhan duoc)\b")


def opened(text: str, question: str, room: int) -> tuple[str, str] | None:
    """What of a quoted row is shown at once, in `room` letters, and what at a tap, each in its order.

    None where `text` is no row, or all of it finds room.
    """
    cells = [cell for cell in _BETWEEN.split(text.strip()) if cell.strip()]
    if len(cells) < 2 or "\n" in text.strip():
        return None
    if any(map(RECIPIENTS.match, cells)) and any(map(is_signing, cells)):
        signed = "\n".join(cell for cell in cells if not _receives(cell))
        received = "\n".join(filter(_receives, cells))
        if not (signed and received):
            return None
        asks = _ASKS_RECIPIENTS.search(fold(question))
        return (received, signed) if asks else (signed, received)
    if len(CELL.join(cells)) <= room:
        return None
    kept, longest = list(range(len(cells))), _longest(cells, room)
    if longest < (_TELLING if sum(len(cell) > longest for cell in cells) == 1 else 2 * _TELLING):
        kept = _worth_keeping(cells, question, room)
        longest = max(_TELLING, _longest([cells[at] for at in kept], room))
    unruled = len(cells) <= _UNRULED
    open_, left = zip(*(_halves(cell, longest, unruled) for cell in cells), strict=True)
    shut = [cell if at not in kept else left[at] for at, cell in enumerate(cells)]
    return _joined(open_, kept), _joined(shut, [at for at, cell in enumerate(shut) if cell])


def _longest(cells: Sequence[str], room: int) -> int:
    """Letters that cells may have to find room side by side, the longer ones cut."""
    left = room - len(cells) * len(CELL)
    for count, size in enumerate(sorted(map(len, cells))):
        share = left // (len(cells) - count)
        if size > share:
            return share
        left -= size
    return room


def _halves(cell: str, longest: int, unruled: bool) -> tuple[str, str]:
    """A cell cut to what is shown, and the rest; of one that holds others, `unruled`, the end stays, too."""
    if len(cell) <= longest:
        return cell, ""
    tail = cell[-longest // 3 :].partition(" ")[2] if unruled else ""
    whole = cell.removesuffix(tail)
    head = beginning(whole, longest - len(tail) - len(LEFT_OUT))
    shown = f"{head.rstrip()} {LEFT_OUT} {tail}" if tail else head.rstrip() + LEFT_OUT
    return shown, f"{LEFT_OUT} {whole[len(head) :].strip()}"


def _receives(cell: str) -> bool:
    return bool(RECIPIENTS.match(cell) or RECIPIENT.match(cell)) or cell.endswith(";")


def spoken_of(parts: Sequence[str], question: str) -> list[dict[str, float]]:
    """Of each part its words that the question has, and what each is worth: more the fewer parts have it."""
    words, asked = [set(syllables(part)) for part in parts], set(syllables(question))
    often = Counter(word for one in words for word in one)
    return [{word: 1 / often[word] for word in one & asked} for one in words]


def _worth_keeping(cells: Sequence[str], question: str, room: int) -> list[int]:
    """The cells with words of the question that few others have, as many as find room."""
    worth = [sum(spoken.values()) for spoken in spoken_of(cells, question)]
    sizes = [len(cell) + 2 * len(CELL) + len(LEFT_OUT) for cell in cells]
    numbered = len(cells[0]) <= _ORDINAL
    kept = [0] * numbered
    room -= sum(sizes[:numbered])
    for at in sorted(range(numbered, len(cells)), key=lambda at: -worth[at]):
        if sizes[at] <= room or len(kept) == numbered:
            kept.append(at)
            room -= sizes[at]
    return sorted(kept)


def _joined(cells: Sequence[str], kept: Sequence[int]) -> str:
    """Cells of a row side by side; the mark of what is left out between those that are not neighbours."""
    parts: list[str] = []
    for before, at in zip([-1, *kept], kept, strict=False):
        marked = at == before + 1 or cells[at].startswith(LEFT_OUT)
        parts += [LEFT_OUT] * (not marked) + [cells[at]]
    return CELL.join(parts)
