"""The small range chart of a role's offer beside its benchmark: where each bar, line and mark stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.portal.jobs.beside_pay import Beside

WIDTH: Final = 360
"""In the units of the drawing, which are pixels on a small screen."""
HEIGHT: Final = 176
_MARGIN: Final = 14
_MOST_TICKS: Final = 5
_LEAST_SPAN: Final = {"year": 20_000_00, "day": 200_00}
_STEPS: Final[tuple[int, ...]] = tuple(step * 10**zeros * 100 for zeros in range(1, 7) for step in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class PayChart:
    """Everything placed, in units of the drawing, from left to right."""

    tenth: float
    quarter: float
    median: float
    upper_quarter: float
    upper_tenth: float
    low: float
    high: float
    ticks: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT


def pay_chart(beside: Beside) -> PayChart:
    """The offer and the benchmark on one scale, wide enough that a single offer does not fill it."""
    figures = beside.middle
    least = min(figures.p10, beside.low)
    most = max(figures.p90, beside.high)
    spare = max(0, _LEAST_SPAN[beside.cell.period] - (most - least)) // 2
    begin = max(0, least - spare)
    end = most + spare + (spare - (least - begin))
    step = next((one for one in _STEPS if (end - begin) / one <= _MOST_TICKS - 1), _STEPS[-1])
    begin, end = begin // step * step, -(-end // step) * step

    def at(pence: int) -> float:
        return round(_MARGIN + (pence - begin) / (end - begin) * (WIDTH - 2 * _MARGIN), 1)

    count = (end - begin) // step
    every = -(-count // (_MOST_TICKS - 1))
    return PayChart(
        tenth=at(figures.p10),
        quarter=at(figures.p25),
        median=at(figures.p50),
        upper_quarter=at(figures.p75),
        upper_tenth=at(figures.p90),
        low=at(beside.low),
        high=at(beside.high),
        ticks=[Tick(at(begin + n * step), _short(begin + n * step)) for n in range(0, count + 1, every)],
    )


def _short(pence: int) -> str:
    """£45k, and £450 where thousands are too coarse."""
    whole = pence // 100
    return f"£{whole // 1000:,}k" if whole >= 1000 and whole % 1000 == 0 else f"£{whole:,}"
