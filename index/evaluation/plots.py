"""Small SVG plots for a page that loads nothing: colours come from the page's own style sheet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from index.evaluation.reliability import Calibration, Share

_SIDE, _LEFT, _BOTTOM = 260, 52, 44  # of a square plot: its area and room for the axes' words
_COLOURS = ("#0b5", "#06c", "#c50", "#808")
_LABEL, _BAR, _ROW = 170, 300, 26  # of a bar chart: widths and the height of a row


def bars(rows: Sequence[tuple[str, Share]], title: str) -> str:
    """A bar for each share, with a whisker for its 95 % interval and the numbers beside it."""
    body = [_bar(label, share, at * _ROW) for at, (label, share) in enumerate(rows)]
    return _svg(_LABEL + _BAR + 120, len(rows) * _ROW + 8, title, body)


def _bar(label: str, share: Share, top: int) -> str:
    low, high = (_LABEL + end * _BAR for end in share.interval)
    middle = top + _ROW / 2
    length = (share.value or 0) * _BAR
    return (
        f'<text x="{_LABEL - 8}" y="{middle + 4}" text-anchor="end">{escape(label)}</text>'
        f'<rect class="track" x="{_LABEL}" y="{top + 5}" width="{_BAR}" height="{_ROW - 10}"/>'
        f'<rect class="bar" x="{_LABEL}" y="{top + 5}" width="{length:.1f}" height="{_ROW - 10}"/>'
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}'
        f'M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"/>'
        f'<text x="{_LABEL + _BAR + 8}" y="{middle + 4}">'
        f"{share.value or 0:.0%} ({share.hits}/{share.of})</text>"
    )


def reliability(calibration: Calibration, title: str, across: str, up: str) -> str:
    """Confidence against the share that was right; on the diagonal, both agree."""
    body = [*_axes(across, up), f'<path class="ideal" d="M{_at(0, 0)}L{_at(1, 1)}"/>']
    for one in calibration.bins:
        low, high = one.right.interval
        x, y = _at(one.confidence, one.right.value or 0).split()
        body.append(
            f'<path class="whisker" d="M{_at(one.confidence, low)}L{_at(one.confidence, high)}"/>'
            f'<circle class="dot" cx="{x}" cy="{y}" r="{3 + one.right.of**0.5 * 0.8:.1f}">'
            f"<title>{one.low:.1f}–{one.high:.1f}: {one.right.hits}/{one.right.of}</title></circle>"
        )
    return _svg(_LEFT + _SIDE + 16, _SIDE + _BOTTOM + 10, title, body)


def risk_coverage(calibration: Calibration, title: str, across: str, up: str) -> str:
    """Share of wrong answers among the most confident ones, as more and more are answered."""
    points = "L".join(_at(coverage, risk) for coverage, risk in calibration.curve)
    line = [f'<path class="line" d="M{points}"/>'] if points else []
    return _svg(
        _LEFT + _SIDE + 16, _SIDE + _BOTTOM + 10, title, [*_axes(across, up), *line]
    )  # fmt: skip


def growth(sizes: Sequence[int], lines: Mapping[str, Sequence[float]], title: str) -> str:
    """Each measure against the size, both in powers of ten; a file of its own."""
    across = [math.log10(size) for size in sizes]
    heights = [math.log10(max(0.01, one)) for values in lines.values() for one in values]
    low, high = math.floor(min(heights)), math.ceil(max(heights))
    body = []
    for tick in range(low, high + 1):
        y = 8 + (high - tick) / (high - low) * _SIDE
        body.append(f'<path stroke="#ddd" d="M{_LEFT} {y:.0f}h{2 * _SIDE}"/>'
                    f'<text x="{_LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">{10.0**tick:g}</text>')  # fmt: skip
    place = [_LEFT + (x - across[0]) / ((across[-1] - across[0]) or 1) * 2 * _SIDE for x in across]
    body += [f'<text x="{x:.0f}" y="{_SIDE + 26}" text-anchor="middle">{size:,}</text>'
             for x, size in zip(place, sizes, strict=True)]  # fmt: skip
    for (name, values), colour in zip(lines.items(), _COLOURS, strict=False):
        points = [
            (x, 8 + (high - math.log10(max(0.01, one))) / (high - low) * _SIDE)
            for x, one in zip(place, values, strict=True)
        ]
        drawn = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        body.append(f'<path fill="none" stroke="{colour}" stroke-width="2" d="M{drawn}"/>'
                    f'<text x="{points[-1][0] + 8:.0f}" y="{points[-1][1] + 4:.0f}" fill="{colour}">'
                    f"{escape(name)}</text>")  # fmt: skip
    width, height = _LEFT + 2 * _SIDE + 160, _SIDE + 40
    style = f'xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12"'
    back = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    return _svg(width, height, title, [back, *body]).replace("<svg", f"<svg {style}", 1) + "\n"


def _at(x: float, y: float) -> str:
    return f"{_LEFT + x * _SIDE:.1f} {8 + (1 - y) * _SIDE:.1f}"


def _axes(across: str, up: str) -> Iterator[str]:
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = _LEFT + tick * _SIDE, 8 + (1 - tick) * _SIDE
        yield f'<path class="grid" d="M{_at(tick, 0)}V8M{_at(0, tick)}H{_LEFT + _SIDE}"/>'
        yield f'<text x="{x}" y="{_SIDE + 24}" text-anchor="middle">{tick:.0%}</text>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{tick:.0%}</text>'
    middle = 8 + _SIDE / 2
    yield (
        f'<text x="{_LEFT + _SIDE / 2}" y="{_SIDE + 46}" text-anchor="middle">{escape(across)}</text>'
        f'<text transform="rotate(-90 12 {middle})" x="12" y="{middle}" text-anchor="middle">'
        f"{escape(up)}</text>"
    )


def _svg(width: int, height: int, title: str, body: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" style="max-width:{width}px">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )
