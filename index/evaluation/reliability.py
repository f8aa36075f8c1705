"""Shares with their uncertainty, and whether a confidence can be believed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Z = 1.959964  # of a 95 % interval
BINS = 10


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` out of `of`; with none to count there is no value."""

    hits: int
    of: int

    @classmethod
    def counted(cls, found: Iterable[bool]) -> Share:
        listed = list(found)
        return cls(sum(listed), len(listed))

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval, which stays within 0 and 1 however few were counted."""
        if not self.of:
            return 0.0, 1.0
        share, weight = self.hits / self.of, Z * Z / self.of
        middle = share + weight / 2
        reach = Z * math.sqrt(share * (1 - share) / self.of + weight / (4 * self.of))
        low, high = (middle - reach) / (1 + weight), (middle + reach) / (1 + weight)
        return max(0.0, low), min(1.0, high)

    def as_json(self) -> dict[str, Any]:
        value, (low, high) = self.value, self.interval
        return {
            "share": None if value is None else round(value, 4),
            "hits": self.hits, "of": self.of, "low": round(low, 4), "high": round(high, 4),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions whose confidence lies in [low, high): what was promised and what was kept."""

    low: float
    high: float
    confidence: float  # their mean
    right: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """`curve` holds (coverage, risk) from the most confident question down to all of them."""

    questions: int
    brier: float
    bins: tuple[Bin, ...]  # without the empty ones
    curve: tuple[tuple[float, float], ...]
    area: float  # under the curve, the less the better

    def as_json(self) -> dict[str, Any]:
        return {
            "questions": self.questions,
            "brier": round(self.brier, 4),
            "area": round(self.area, 4),
            "bins": [
                {"from": b.low, "to": b.high, "confidence": round(b.confidence, 4),
                 **b.right.as_json()}
                for b in self.bins
            ],
            "curve": [[round(c, 4), round(r, 4)] for c, r in self.curve],
        }  # fmt: skip


def calibration(judged: Sequence[tuple[float, bool]]) -> Calibration:
    """From (confidence, was it right) of each question."""
    count = len(judged)
    curve = tuple(_risk_coverage(judged))
    steps = zip(((0.0, 0.0), *curve), curve, strict=False)
    return Calibration(
        questions=count,
        brier=sum((confidence - right) ** 2 for confidence, right in judged) / max(count, 1),
        bins=tuple(_bins(judged)),
        curve=curve,
        area=sum((end - start) * risk for (start, _), (end, risk) in steps),
    )


def _bins(judged: Sequence[tuple[float, bool]]) -> Iterator[Bin]:
    def number(pair: tuple[float, bool]) -> int:
        return min(int(pair[0] * BINS), BINS - 1)

    for at, group in groupby(sorted(judged), number):
        pairs = list(group)
        mean = sum(confidence for confidence, _ in pairs) / len(pairs)
        right = Share.counted(right for _, right in pairs)
        yield Bin(at / BINS, (at + 1) / BINS, mean, right)


def _risk_coverage(judged: Sequence[tuple[float, bool]]) -> Iterator[tuple[float, float]]:
    """One point for each confidence that occurs: no threshold can part questions that tie."""
    taken = wrong = 0
    ordered = sorted(judged, key=lambda pair: -pair[0])
    for _, group in groupby(ordered, lambda pair: pair[0]):
        rights = [right for _, right in group]
        taken += len(rights)
        wrong += rights.count(False)
        yield taken / len(judged), wrong / taken
