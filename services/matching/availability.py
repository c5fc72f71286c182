"""On which of the wanted days a supporter is there."""

from dataclasses import dataclass
from datetime import UTC, date, timedelta

from loti_contracts.events import Request, Supporter

USUAL_WAIT = timedelta(days=90)
"""A request without a need-by date is taken to want help within this time."""


@dataclass(frozen=True, slots=True)
class Availability:
    """The days from the request to its need-by date, and how many of them the supporter offers."""

    wanted_from: date
    wanted_until: date
    available_from: date | None
    """None where the supporter is there already."""
    available_until: date | None
    """None where they stay to the end of the wanted time."""
    offered_days: int

    @property
    def wanted_days(self) -> int:
        """How many days are wanted, both ends included: at least one."""
        return (self.wanted_until - self.wanted_from).days + 1

    @property
    def share(self) -> float:
        """The part of the wanted days that is offered, 0 to 1."""
        return self.offered_days / self.wanted_days


def availability(request: Request, supporter: Supporter, *, today: date) -> Availability:
    """How much of the wanted time the supporter offers.

    The wanted time starts on the day of the request, not today: otherwise every score would move every day
    and a shortlist would be proposed anew although nothing happened. `today` only says who is there already.
    """
    asked = request.stated_at.astimezone(UTC).date()
    until = max(asked, request.need_by or asked + USUAL_WAIT)
    begins = supporter.available_from
    if begins is not None and begins <= max(asked, today):
        begins = None
    ends = supporter.available_until
    if ends is not None and ends >= until:
        ends = None
    days = ((ends or until) - (begins or asked)).days + 1
    return Availability(asked, until, begins, ends, max(0, days))
