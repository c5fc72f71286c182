"""The range chart: where each bar, line and mark of it stands. The template only draws it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.portal.pay.asked import Period
from services.portal.pay.scale import Scale, scaled

Ends = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """What a row shows, in pence: the middle as a mark, the quarters as a box, the tenths as whiskers; None where there
    are too few offers to speak of them. An `offer` is one advert's range: a box and no mark."""

    label: str
    note: str = ""
    middle: int | None = None
    quarters: Ends | None = None
    tenths: Ends | None = None
    offer: bool = False

    def amounts(self) -> Iterator[int]:
        """All that must be on the scale."""
        yield from () if self.middle is None else (self.middle,)
        yield from self.quarters or ()
        yield from self.tenths or ()


@dataclass(frozen=True, slots=True)
class Shape:
    """In units of the drawing, which are pixels at full size. `labels` 0 puts each label above its bar."""

    name: str
    width: int
    labels: int
    row: int
    margin: int
    lines: int


WIDE: Final = Shape(name="wide", width=960, labels=300, row=44, margin=44, lines=8)
NARROW: Final = Shape(name="narrow", width=320, labels=0, row=66, margin=26, lines=5)
_LONGEST: Final = 44
"""Characters of a label and its note that fit beside a bar, or above it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row, placed. Both `box` and `whiskers` are left and right ends."""

    label: str
    note: str
    label_y: float
    y: float
    box: tuple[float, float] | None
    whiskers: tuple[float, float] | None
    mark: float | None
    middle: int | None
    offer: bool


@dataclass(frozen=True, slots=True)
class RangeChart:
    """A placed chart. `lines` are (x, pence)."""

    shape: Shape
    height: int
    bottom: float
    scale: Scale
    lines: tuple[tuple[float, int], ...]
    bars: tuple[Bar, ...]


def placed(
    rows: Sequence[Row], period: Period, *, among: Sequence[Row] = ()
) -> tuple[RangeChart, RangeChart] | None:
    """The chart, wide and narrow; None where no row has an amount. `among`: rows of other charts on the same scale."""
    amounts = [pence for row in (*rows, *among) for pence in row.amounts()]
    if not any(True for row in rows for _ in row.amounts()):
        return None
    return _shaped(rows, amounts, period, WIDE), _shaped(rows, amounts, period, NARROW)


def _shaped(rows: Sequence[Row], amounts: Sequence[int], period: Period, shape: Shape) -> RangeChart:
    start, end = shape.labels + shape.margin, shape.width - shape.margin
    scale = scaled(amounts, period, start=start, end=end, most=shape.lines)
    shown = [row for row in rows if any(True for _ in row.amounts())]
    bottom = len(shown) * shape.row + 8
    return RangeChart(
        shape=shape,
        height=bottom + 52,
        bottom=bottom,
        scale=scale,
        lines=tuple((scale.at(pence), pence) for pence in scale.lines),
        bars=tuple(_bar(row, place, shape, scale) for place, row in enumerate(shown)),
    )


def _bar(row: Row, place: int, shape: Shape, scale: Scale) -> Bar:
    y = place * shape.row + (44 if not shape.labels else 28)
    fits = len(row.label) + len(row.note) <= _LONGEST
    box = row.quarters and (
        scale.at(row.quarters[0]),
        max(scale.at(row.quarters[1]), scale.at(row.quarters[0]) + 2),
    )
    return Bar(
        label=row.label,
        note=row.note if fits else "",
        label_y=y - 22 if not shape.labels else y + 5,
        y=y,
        box=box,
        whiskers=row.tenths and (scale.at(row.tenths[0]), scale.at(row.tenths[1])),
        mark=None if row.middle is None else scale.at(row.middle),
        middle=row.middle,
        offer=row.offer,
    )
