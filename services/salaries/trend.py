"""The twelve months up to a cell's freshest offer, and the change between their halves."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from loti_contracts.events import Month, Trend

MONTHS: Final = 12
LEAST_IN_HALF: Final = 5
"""Offers that each half of the year must have before a change is named: fewer are an accident."""


def month_of(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def trend(months: Sequence[tuple[int, int, int]], freshest: date | None) -> Trend | None:
    """From (month since year 0, adverts, median pence), in any order; those outside the twelve are passed over.

    The change is the mean of the monthly medians, each as heavy as its adverts, of the later six months over that of
    the earlier six. None where there is no offer at all.
    """
    if freshest is None:
        return None
    last = month_of(freshest)
    inside = sorted(one for one in months if last - MONTHS < one[0] <= last and one[1])
    return Trend(
        months=tuple(
            Month(month=f"{month // 12:04}-{month % 12 + 1:02}", adverts=adverts, middle=pence)
            for month, adverts, pence in inside
        ),
        change=_change(
            [one for one in inside if one[0] <= last - MONTHS // 2],
            [one for one in inside if one[0] > last - MONTHS // 2],
        ),
    )


def _change(earlier: Sequence[tuple[int, int, int]], later: Sequence[tuple[int, int, int]]) -> int | None:
    before, after = (sum(adverts for _, adverts, _ in half) for half in (earlier, later))
    if min(before, after) < LEAST_IN_HALF:
        return None
    was, now = (
        Fraction(sum(adverts * pence for _, adverts, pence in half), count)
        for half, count in ((earlier, before), (later, after))
    )
    return round(10_000 * (now - was) / was)
