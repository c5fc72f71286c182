"""The trend chart: how the middle of the offers went from month to month. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from loti_contracts.events import Month
from services.portal.pay.asked import Period
from services.portal.pay.scale import scaled


@dataclass(frozen=True, slots=True)
class Shape:
    """In units of the drawing. `every`: which months have their name below."""

    name: str
    width: int
    height: int
    left: int
    lines: int
    every: int


WIDE: Final = Shape(name="wide", width=960, height=300, left=90, lines=6, every=1)
NARROW: Final = Shape(name="narrow", width=320, height=240, left=56, lines=5, every=3)


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A placed chart. `points` are (x, y, month, pence); `joined` are lines between months that follow each other;
    `lines` are (y, pence); `months` are (x, name)."""

    shape: Shape
    points: tuple[tuple[float, float, Month], ...]
    joined: tuple[tuple[float, float, float, float], ...]
    lines: tuple[tuple[float, int], ...]
    months: tuple[tuple[float, str], ...]
    bottom: float


def placed(months: Sequence[Month], period: Period) -> tuple[TrendChart, TrendChart] | None:
    """The chart, wide and narrow; None for fewer than two months, between which nothing goes anywhere."""
    if len(months) < 2:
        return None
    return _shaped(months, period, WIDE), _shaped(months, period, NARROW)


def named(month: str) -> str:
    """November 2026, for 2026-11."""
    return f"{_first(month):%B %Y}"


def _shaped(months: Sequence[Month], period: Period, shape: Shape) -> TrendChart:
    bottom = shape.height - 40.0
    scale = scaled([one.middle for one in months], period, start=bottom - 12, end=16, most=shape.lines)
    first = _number(months[0].month)
    span = max(1, _number(months[-1].month) - first)
    left, right = shape.left + 20.0, shape.width - 24.0

    def x(number: int) -> float:
        return round(left + (right - left) * (number - first) / span, 1)

    points = tuple((x(_number(one.month)), scale.at(one.middle), one) for one in months)
    joined = tuple(
        (a[0], a[1], b[0], b[1])
        for a, b in pairwise(points)
        if _number(b[2].month) - _number(a[2].month) == 1
    )
    return TrendChart(
        shape=shape,
        points=points,
        joined=joined,
        lines=tuple((scale.at(pence), pence) for pence in scale.lines),
        months=tuple(
            (x(number), f"{date(number // 12, number % 12 + 1, 1):%b %y}")
            for number in range(first, first + span + 1, shape.every)
        ),
        bottom=bottom,
    )


def _number(month: str) -> int:
    """Months count on over the years."""
    first = _first(month)
    return first.year * 12 + first.month - 1


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
