"""How the boroughs fared, drawn: a bar for each borough's people, filled as far as they are paired. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.events import BoroughsShare
from services.portal.web.words import borough

WIDE: Final = 360
ROW: Final = 22
_LEFT: Final = 150
_RIGHT: Final = 44
_FOOT: Final = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One borough. Lengths are in the units of the drawing."""

    name: str
    y: int
    people: float
    paired: float
    words: str
    """At the bar's end: 3 of 4."""


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing: bars from `left` on, and the ends of its axis."""

    bars: Sequence[Bar]
    height: int
    most: int
    left: int = _LEFT
    right: int = WIDE - _RIGHT
    wide: int = WIDE

    @property
    def axis(self) -> int:
        """Where the axis lies, from the top."""
        return self.height - _FOOT


def chart(boroughs: Sequence[BoroughsShare]) -> Chart | None:
    """Boroughs by name; None where there is none."""
    if not boroughs:
        return None
    most = max(one.people for one in boroughs)
    room = WIDE - _LEFT - _RIGHT
    ordered = sorted(boroughs, key=lambda one: borough(one.borough))
    return Chart(
        bars=[
            Bar(
                name=borough(one.borough),
                y=at * ROW,
                people=round(room * one.people / most, 1),
                paired=round(room * one.paired / most, 1),
                words=f"{one.paired} of {one.people}",
            )
            for at, one in enumerate(ordered)
        ],
        height=len(ordered) * ROW + _FOOT,
        most=most,
    )
