"""An advert's pay made comparable: full time, by the year or by the day; or why it cannot be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from loti_contracts.events import Pay
from services.salaries.hours import Hours
from services.salaries.rules import Rules
from services.salaries.spine import spine_of

Period = Literal["year", "day"]
Rule = Literal["year", "month", "week", "hour", "day", "lifted", "spine"]

PLAUSIBLE: Final[dict[Period, tuple[int, int]]] = {
    "year": (10_000_00, 400_000_00),
    "day": (80_00, 3_000_00),
}
"""The least and most pence that are believed. Below the first no full-time job may pay; above the second no London
authority offers. What lies outside is a slip, or a sum for a part of the time."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """Pence of the period, full time; an end that is not printed is None. `how` says what was done, in words."""

    period: Period
    bottom: int | None
    top: int | None
    rule: Rule
    how: str


def comparable(
    pay: Pay | None, *, hours: Hours, authorities: Iterable[str], day: date, rules: Rules
) -> Comparable | str:
    """The comparable offer, or the reason why there is none. `day` chooses the year's pay spine."""
    if pay is None:
        return "no pay is printed"
    if pay.minimum is None and pay.maximum is None:
        found = _by_spine(pay, authorities, day)
    elif pay.basis == "actual" and pay.period != "hour":
        found = _lifted(pay, hours, rules)
    else:
        found = _by_period(pay, rules)
    return found if isinstance(found, str) else _believed(found)


def _by_period(pay: Pay, rules: Rules) -> Comparable | str:
    match pay.period:
        case "year":
            return _times(pay, Fraction(1), "year", "as printed: a year")
        case "month":
            return _times(pay, Fraction(12), "month", "a month × 12")
        case "week":
            return _times(pay, rules.year_weeks, "week", f"a week × {_number(rules.year_weeks)} weeks")
        case "hour":
            hours, weeks = rules.week_hours, rules.year_weeks
            words = f"an hour × {_number(hours)} hours × {_number(weeks)} weeks"
            return _times(pay, hours * weeks, "hour", words)
        case "day":
            return _times(pay, Fraction(1), "day", "as printed: a day")
    return "the period of its pay is not known"


def _lifted(pay: Pay, hours: Hours, rules: Rules) -> Comparable | str:
    if hours.share is None:
        return f"its pay is for the actual hours, and {hours.why_not}"
    whole = _by_period(pay, rules)
    if isinstance(whole, str) or whole.period == "day":
        return whole
    bottom, top = (None if end is None else round(end / hours.share) for end in (whole.bottom, whole.top))
    return Comparable("year", bottom, top, "lifted", f"{whole.how}, for {hours.said} lifted to full time")


def _by_spine(pay: Pay, authorities: Iterable[str], day: date) -> Comparable | str:
    points = [point for point in (pay.scp_minimum, pay.scp_maximum) if point is not None]
    if not points:
        return pay.why_not or ("a grade alone is printed" if pay.grade else "no pay is printed")
    spine = spine_of(authorities, day)
    if isinstance(spine, str):
        return f"only spinal column points are printed, and {spine}"
    missing = [point for point in points if point not in spine.points]
    if missing:
        return (
            f"only spinal column points are printed, and point {missing[0]} of the {spine.area} London pay spine of "
            f"{spine.begins.year} is not known"
        )
    bottom, top = (
        None if point is None else spine.points[point] * 100 for point in (pay.scp_minimum, pay.scp_maximum)
    )
    words = f"spinal column points on the {spine.area} London pay spine of {spine.begins.year}"
    return Comparable("year", bottom, top, "spine", words)


def _times(pay: Pay, factor: Fraction, rule: Rule, how: str) -> Comparable:
    bottom, top = (None if end is None else round(end * factor) for end in (pay.minimum, pay.maximum))
    return Comparable("day" if rule == "day" else "year", bottom, top, rule, how)


def _believed(found: Comparable) -> Comparable | str:
    ends = [end for end in (found.bottom, found.top) if end is not None]
    least, most = PLAUSIBLE[found.period]
    if ends != sorted(ends):
        return "the pay is implausible: its upper end is below its lower"
    if min(ends) < least or max(ends) > most:
        return f"the pay is implausible for a full-time {found.period}"
    return found


def _number(number: Fraction) -> str:
    return f"{float(number):g}"
