"""Timing: when a notification may leave. London's clock decides, whatever the server's is. Pure.

`at once` is now, `daily` the next digest, `weekly` the next digest on the day of weekly ones. What would arrive in quiet
hours comes when they end. Clocks that change: a time that a spring night skips comes an hour later, as the clocks then
say; of a time that an autumn night has twice, the first is meant.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from loti_contracts.events import Frequency, QuietHours

LONDON: Final = ZoneInfo("Europe/London")
_SATURDAY = 5
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Digests:
    """When digests leave: at this time of London's day; weekly ones on this day (0 is Monday)."""

    at: time = time(7, 30)
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class When:
    """From when on it may leave, and why not at once."""

    due_at: datetime
    held: str | None = None


def when(frequency: Frequency, quiet: QuietHours | None, now: datetime, digests: Digests) -> When:
    """When something that was found `now` may leave, before a day's limit is looked at."""
    match frequency:
        case "at once":
            return quiet_until(quiet, now)
        case "daily":
            held = "It waits for the daily digest, as you chose."
        case "weekly":
            held = "It waits for the weekly digest, as you chose."
    digest = next_digest(now, digests, weekday=digests.weekday if frequency == "weekly" else None)
    return When(quiet_until(quiet, digest).due_at, held)


def quiet_until(quiet: QuietHours | None, moment: datetime) -> When:
    """That moment, or the end of the quiet hours that it falls into."""
    if quiet is None or not is_quiet(quiet, moment):
        return When(moment)
    until = moment
    while is_quiet(quiet, until):  # the end of an evening may be in a quiet weekend
        until = _next_edge(quiet, until)
    return When(until, "It came in your quiet hours.")


def is_quiet(quiet: QuietHours, moment: datetime) -> bool:
    """Whether no mail should arrive then. Hours that start when they end are none."""
    here = moment.astimezone(LONDON)
    if quiet.weekends and here.weekday() >= _SATURDAY:
        return True
    start, end, now = _plain(quiet.start), _plain(quiet.end), here.time()
    return start <= now < end if start <= end else now >= start or now < end


def full_day(most_a_day: int, quiet: QuietHours | None, now: datetime, digests: Digests) -> When:
    """When that waits which comes after the last mail that this contact may get today: for the next day's digest."""
    tomorrow = now.astimezone(LONDON).date() + _A_DAY
    digest = datetime.combine(tomorrow, digests.at, LONDON).astimezone(UTC)
    mails = "one email" if most_a_day == 1 else f"{most_a_day} emails"
    return When(
        quiet_until(quiet, digest).due_at,
        f"You get {mails} a day at most, and had them; it waits for the next day's digest.",
    )


def next_digest(now: datetime, digests: Digests, *, weekday: int | None = None) -> datetime:
    """The first digest after `now`; that of a certain day of the week if asked."""
    day = now.astimezone(LONDON).date()
    while True:
        at = datetime.combine(day, digests.at, LONDON).astimezone(UTC)
        if at > now and weekday in (None, day.weekday()):
            return at
        day += _A_DAY


def start_of_day(now: datetime) -> datetime:
    """London's last midnight."""
    return datetime.combine(now.astimezone(LONDON).date(), time(), LONDON).astimezone(UTC)


def _next_edge(quiet: QuietHours, moment: datetime) -> datetime:
    """The next moment at which quiet hours or a quiet day may end, after `moment`."""
    here = moment.astimezone(LONDON)
    edges = (
        datetime.combine(here.date() + days * _A_DAY, at, LONDON).replace(fold=fold).astimezone(UTC)
        for days in (0, 1)
        for at in (_plain(quiet.end), time())
        for fold in (0, 1)
    )
    return min(edge for edge in edges if edge > moment)


def _plain(at: time) -> time:
    return at.replace(tzinfo=None)
