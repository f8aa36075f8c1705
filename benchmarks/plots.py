"""Plots of measures as SVG files of their own, for docs/benchmarks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

_WIDE, _HIGH, _LEFT, _TOP = 520, 220, 56, 30
_COLOURS = ("#0b5", "#06c", "#c50", "#808", "#555", "#a80")

Line = Sequence[tuple[float, float]]


def plot(lines: Mapping[str, Line], title: str, across: str, most: float = 0.0) -> str:
    """Lines from zero up, each with its name at its end; what is higher than `most`, where that is
    given, is drawn at the edge."""
    wide = max((x for line in lines.values() for x, _ in line), default=1.0) or 1.0
    high = most or 1.1 * max((y for line in lines.values() for _, y in line), default=1.0) or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + x / wide * _WIDE, _TOP + (1 - min(y, high) / high) * _HIGH

    body = [f'<text x="{_LEFT}" y="16" font-weight="bold">{escape(title)}</text>']
    for tick in range(5):
        x, y = place(wide * tick / 4, high * tick / 4)
        body.append(
            f'<path stroke="#ddd" d="M{_LEFT} {y:.1f}h{_WIDE}"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{high * tick / 4:.3g}</text>'
            f'<text x="{x:.1f}" y="{_TOP + _HIGH + 18}" text-anchor="middle">{wide * tick / 4:.3g}</text>'
        )
    for at, (name, line) in enumerate(lines.items()):
        points = [place(x, y) for x, y in line]
        colour = _COLOURS[at % len(_COLOURS)]
        drawn = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        x, y = points[-1]
        body.append(
            f'<path fill="none" stroke="{colour}" stroke-width="2" d="M{drawn}"/>'
            f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{escape(name)}</text>'
        )
    width, height = _LEFT + _WIDE + 220, _TOP + _HIGH + 44
    middle = _LEFT + _WIDE / 2
    body.append(f'<text x="{middle}" y="{height - 6}" text-anchor="middle">{escape(across)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' font-family="sans-serif" font-size="12"><rect width="{width}" height="{height}" fill="#fff"/>'
        f"{''.join(body)}</svg>\n"
    )
