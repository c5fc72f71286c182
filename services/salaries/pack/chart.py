"""The range chart: where each bar, line and mark stands. The template only draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEAST_SPAN: Final = 20_000_00
"""Pence. A single offer is not blown up to the whole width of the page."""

_STEPS: Final = (2_000_00, 5_000_00, 10_000_00, 20_000_00, 50_000_00, 100_000_00)


@dataclass(frozen=True, slots=True)
class Range:
    """What a row shows, in pence. `outer` is the span that all but the outer tenths lie in; None where there are too
    few offers to speak of tenths."""

    label: str
    note: str
    bottom: int
    middle: int
    top: int
    outer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide the chart is and what stands where in a row, in the units of the drawing (pixels at full size)."""

    width: int
    labels: int
    """Width of the column of labels; 0 puts each label above its bar."""
    row: int
    margin: int
    ticks: int
    """Most lines of the scale."""


WIDE: Final = Shape(width=920, labels=190, row=62, margin=44, ticks=9)
NARROW: Final = Shape(width=340, labels=0, row=92, margin=32, ticks=6)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row, placed. All in units of the drawing."""

    label: str
    note: str
    label_y: float
    y: float
    left: float
    right: float
    mark: float
    middle: int
    outer: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A placed chart. `ticks` are (x, pence)."""

    width: int
    height: int
    start: float
    end: float
    top: float
    bottom: float
    stacked: bool
    ticks: tuple[tuple[float, int], ...]
    bars: tuple[Bar, ...]


def placed(ranges: Sequence[Range], shape: Shape) -> Chart:
    """The chart of at least one row. The scale does not begin at nought: it compares places, not lengths."""
    ends = [pence for one in ranges for pence in (one.bottom, one.top, *(one.outer or ()))]
    low, high = _widened(min(ends), max(ends))
    start, end = shape.labels + shape.margin, shape.width - shape.margin

    def at(pence: int) -> float:
        return round(start + (end - start) * (pence - low) / (high - low), 1)

    step = next((step for step in _STEPS if (high - low) / step <= shape.ticks), _STEPS[-1])
    first = -(-low // step) * step
    stacked = not shape.labels
    bars = []
    for place, one in enumerate(ranges):
        y = place * shape.row + (60 if stacked else 34)
        bars.append(
            Bar(
                label=one.label,
                note=one.note,
                label_y=y - 38 if stacked else y - 2,
                y=y,
                left=at(one.bottom),
                right=max(at(one.top), at(one.bottom) + 2),
                mark=at(one.middle),
                middle=one.middle,
                outer=(at(one.outer[0]), at(one.outer[1])) if one.outer else None,
            )
        )
    bottom = len(ranges) * shape.row + 4
    return Chart(
        width=shape.width,
        height=bottom + 30,
        start=start,
        end=end,
        top=0,
        bottom=bottom,
        stacked=stacked,
        ticks=tuple((at(pence), pence) for pence in range(first, high + 1, step)),
        bars=tuple(bars),
    )


def _widened(low: int, high: int) -> tuple[int, int]:
    """The span, evenly widened where it is narrower than the least; it never begins below nought."""
    short = max(0, LEAST_SPAN - (high - low))
    low = max(0, low - short // 2)
    return low, max(high + short - short // 2, low + LEAST_SPAN)
