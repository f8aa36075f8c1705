"""The report's main figures as a picture for a phone, with letters of our own: a server has no fonts."""

from __future__ import annotations

from html import escape
from itertools import accumulate
from pathlib import Path

from bot.reports.figures import Figures
from bot.reports.plots import KINDS, columns, rows, seconds_of, share_of

LETTERS = Path(__file__).with_name("letters.ttf")
FAMILY = "DejaVu Sans"
_WIDE, _EDGE, _ZOOM = 830, 30, 1.5
_SUBJECTS = 8  # at most
_STYLE = """text { fill: #1c2430; font-size: 13px; } .title { font-size: 26px; } .value { font-size: 24px; }
.faint { fill: #5d6876; } .grid { stroke: #dde2e8; } .card { fill: #f5f7f9; stroke: #dde2e8; }
.answered { fill: #2f6fb5; } .open { fill: #d97f1e; } .other { fill: #b4bcc6; }"""


def png(found: Figures) -> bytes:
    """The period's figures, its days and its subjects."""
    from resvg_py import svg_to_bytes

    subjects = rows(found.subjects[:_SUBJECTS])
    parts = [
        (_title(found), 80),
        (_cards(found), 110),
        (_key(), 36),
        (columns(found.days), 260),
        ('<text class="faint" y="14">Theo lĩnh vực</text>', 24 if found.subjects else 0),
        (subjects, 26 * len(found.subjects[:_SUBJECTS]) + 14),
    ]
    tops = list(accumulate((height for _, height in parts), initial=_EDGE))
    body = "".join(
        f'<g transform="translate({_EDGE} {top})">{part}</g>'
        for (part, height), top in zip(parts, tops, strict=False)
        if height
    )
    high = tops[-1] + _EDGE - 10
    return svg_to_bytes(
        svg_string=f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE}" height="{high}"'
        f' font-family="{FAMILY}"><style>{_STYLE}</style>{body}</svg>',
        background="#ffffff", zoom=_ZOOM, skip_system_fonts=True, font_files=[str(LETTERS)],
        font_family=FAMILY,
    )  # fmt: skip


def _title(found: Figures) -> str:
    return f'<text class="title" y="26">Báo cáo hỏi đáp</text><text class="faint" y="52">{found.period}</text>'


def _cards(found: Figures) -> str:
    cards = (
        (str(found.questions), "câu hỏi"),
        (share_of(found.whole.share), "được trả lời"),
        (f"{found.up} / {found.down}", "khen / chê"),
        (seconds_of(found.median), "một nửa nhanh hơn"),
        (seconds_of(found.slowest), "95 % nhanh hơn"),
    )  # fmt: skip
    step = (_WIDE - 2 * _EDGE) / len(cards)
    return "".join(
        f'<g transform="translate({at * step:.1f} 0)"><rect class="card" width="{step - 10:.1f}"'
        f' height="84" rx="8"/><text class="value" x="12" y="40">{escape(value)}</text>'
        f'<text class="faint" x="12" y="68">{about}</text></g>'
        for at, (value, about) in enumerate(cards)
    )


def _key() -> str:
    return "".join(
        f'<rect class="{kind}" x="{at * 190}" y="4" width="12" height="12"/>'
        f'<text class="faint" x="{at * 190 + 18}" y="15">{about}</text>'
        for at, (kind, about) in enumerate(KINDS)
    )
