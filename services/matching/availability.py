"""On which of the wanted days a supporter is there, and how many requests they take then."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from loti_contracts.events import Request, Supporter

USUAL_WAIT = timedelta(days=90)
"""A request that names no end is taken to want help within this time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The days on which help is wanted, both ends included: at least one."""

    first: date
    last: date
    ends: bool
    """Whether the request names the last day, so that whoever comes later is too late."""

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which a supporter is there, both ends included, and how many requests they take at a time."""

    first: date
    last: date
    capacity: int

    def days_of(self, wanted: Wanted) -> int:
        """How many of the wanted days it offers."""
        return max(0, (min(self.last, wanted.last) - max(self.first, wanted.first)).days + 1)


@dataclass(frozen=True, slots=True)
class Availability:
    """What a supporter offers of the wanted days."""

    wanted: Wanted
    spans: Sequence[Span]
    """Those that offer some of the wanted days, in order."""
    days: int
    capacity: int
    """The most requests at a time on any of the days offered; as at any time where none is offered."""

    @property
    def share(self) -> float:
        """The part of the wanted days that is offered, 0 to 1."""
        return self.days / self.wanted.days


def wanted(request: Request) -> Wanted:
    """The days on which help is wanted: from the start that is asked for, or the day of the request.

    Not from today: otherwise every score would move every day and a shortlist would be proposed anew although
    nothing happened.
    """
    first = request.start or request.stated_at.astimezone(UTC).date()
    if request.weeks is not None:
        last = first + timedelta(weeks=request.weeks) - timedelta(days=1)
        return Wanted(first, last, ends=request.start is not None)
    if request.need_by is not None:
        return Wanted(first, max(first, request.need_by), ends=True)
    return Wanted(first, first + USUAL_WAIT, ends=False)


def spans_of(supporter: Supporter) -> Sequence[Span]:
    """The supporter's spans in order, no day in two of them; one that ends before it begins has no day.

    Where two spans overlap, the later begins after the earlier ends.
    """
    if not supporter.available:
        first, last = supporter.available_from or date.min, supporter.available_until or date.max
        return [Span(first, last, supporter.capacity)] if first <= last else []
    stated = sorted(
        (
            Span(
                one.first or date.min,
                one.last or date.max,
                supporter.capacity if one.capacity is None else one.capacity,
            )
            for one in supporter.available
        ),
        key=lambda span: (span.first, span.last, span.capacity),
    )
    found: list[Span] = []
    for span in stated:
        if found and span.first <= found[-1].last:
            if found[-1].last == date.max:
                break
            span = Span(found[-1].last + timedelta(days=1), span.last, span.capacity)
        if span.first <= span.last:
            found.append(span)
    return found


def availability(request: Request, supporter: Supporter) -> Availability:
    """How much of the wanted time the supporter offers."""
    asked = wanted(request)
    offered = [span for span in spans_of(supporter) if span.days_of(asked)]
    return Availability(
        wanted=asked,
        spans=offered,
        days=sum(span.days_of(asked) for span in offered),
        capacity=max((span.capacity for span in offered), default=supporter.capacity),
    )


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last where there is no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
