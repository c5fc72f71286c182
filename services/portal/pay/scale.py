"""A scale of money for a chart: from where to where, and where its lines stand. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.portal.pay.asked import Period

LEAST_SPAN: Final = {"year": 20_000_00, "day": 200_00}
"""Pence. A single offer is not blown up to the whole width of a chart."""

_ROUND: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high` pence over the drawing's `start` to `end`; `lines` are round amounts within, in pence."""

    low: int
    high: int
    start: float
    end: float
    lines: tuple[int, ...]

    def at(self, pence: int) -> float:
        """Where an amount stands."""
        return round(self.start + (self.end - self.start) * (pence - self.low) / (self.high - self.low), 1)


def scaled(amounts: Iterable[int], period: Period, *, start: float, end: float, most: int) -> Scale:
    """The scale that holds these amounts, of which there is at least one, with at most so many lines. It does not begin
    at nought: it compares places, not lengths."""
    known = list(amounts)
    low, high = min(known), max(known)
    short = max(0, LEAST_SPAN[period] - (high - low))
    low = max(0, low - short // 2)
    high = max(high + short - short // 2, low + LEAST_SPAN[period])
    step = _step(high - low, most)
    return Scale(low, high, start, end, tuple(range(-(-low // step) * step, high + 1, step)))


def _step(span: int, most: int) -> int:
    """The smallest round amount of whole pounds, of which at most `most` fit."""
    power = 100
    while True:
        for first in _ROUND:
            if span // (first * power) < most:
                return first * power
        power *= 10
