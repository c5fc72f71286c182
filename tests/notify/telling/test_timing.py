from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loti_contracts.events import QuietHours
from services.notify.telling.timing import (
    LONDON,
    Digests,
    full_day,
    is_quiet,
    next_digest,
    quiet_until,
    start_of_day,
    when,
)

DIGESTS = Digests(time(7, 30), 0)
MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
)
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
QUIET = st.builds(QuietHours, start=MINUTES, end=MINUTES, weekends=st.booleans())
# London's clocks went back at 01:00 UTC on 25 October 2026 and forward at 01:00 UTC on 28 March 2027.
BACK, FORWARD = datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC)


def london(text: str) -> datetime:
    """A moment by London's clock: 2026-10-25 07:30."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@given(QUIET, MOMENTS)
@example(QuietHours(start=time(22), end=time(1, 30)), BACK + timedelta(minutes=15))
@example(QuietHours(start=time(22), end=time(1, 30)), FORWARD - timedelta(minutes=15))
@example(QuietHours(start=time(18), end=time(8), weekends=True), london("2026-10-23 19:00"))
def test_quiet_hours_end(quiet: QuietHours, moment: datetime) -> None:
    """What falls into quiet hours waits, no longer than a weekend and two days, and never leaves in quiet hours; what does
    not leaves at its moment. The clocks' changes are no exception."""
    until = quiet_until(quiet, moment)
    assert not is_quiet(quiet, until.due_at)
    assert moment <= until.due_at <= moment + timedelta(days=4)
    assert (until.held is None) == (until.due_at == moment) == (not is_quiet(quiet, moment))


@given(QUIET, MOMENTS)
def test_quiet_hours_end_no_later_than_they_must(quiet: QuietHours, moment: datetime) -> None:
    """Every moment before the one at which mail may come again is quiet, to the minute."""
    until = quiet_until(quiet, moment).due_at
    minute = timedelta(minutes=1)
    steps = min(int((until - moment) / minute), 3 * 24 * 60)
    assert all(is_quiet(quiet, until - n * minute) for n in range(1, steps, 7))


@pytest.mark.parametrize(
    ("start", "end", "at", "until"),
    [
        ("18:00", "08:00", "2026-06-01 07:59", "2026-06-01 08:00"),
        ("18:00", "08:00", "2026-06-01 18:00", "2026-06-02 08:00"),
        ("18:00", "08:00", "2026-06-01 08:00", "2026-06-01 08:00"),
        ("12:00", "13:00", "2026-06-01 12:30", "2026-06-01 13:00"),
        ("09:00", "09:00", "2026-06-01 09:00", "2026-06-01 09:00"),
        ("18:00", "08:00", "2026-10-24 23:00", "2026-10-25 08:00"),
        ("18:00", "08:00", "2027-03-27 23:00", "2027-03-28 08:00"),
    ],
)
def test_quiet_hours_by_londons_clock(start: str, end: str, at: str, until: str) -> None:
    """Summer or winter, spanning midnight or not; hours that end when they start are none."""
    quiet = QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
    assert quiet_until(quiet, london(at)).due_at == london(until)


def test_a_quiet_weekend() -> None:
    """From Friday evening to Monday morning nothing comes."""
    quiet = QuietHours(start=time(18), end=time(8), weekends=True)
    assert quiet_until(quiet, london("2026-11-20 18:30")).due_at == london("2026-11-23 08:00")


@given(MOMENTS, MINUTES, st.integers(0, 6))
def test_a_digest_comes_every_day_and_every_week(now: datetime, at: time, weekday: int) -> None:
    """The next digest is after now and within a day (an hour more when clocks go back), a weekly one within a week, on its
    day; both at their time by London's clock, unless a spring night skips that."""
    daily = next_digest(now, Digests(at, weekday))
    weekly = next_digest(now, Digests(at, weekday), weekday=weekday)
    assert timedelta(0) < daily - now <= timedelta(hours=25)
    assert timedelta(0) < weekly - now <= timedelta(days=7, hours=1)
    assert weekly.astimezone(LONDON).weekday() == weekday
    for digest in (daily, weekly):
        skipped = digest.date() in (date(2025, 3, 30), date(2026, 3, 29), FORWARD.date())
        assert digest.astimezone(LONDON).time() == at or skipped


def test_digests_keep_londons_time_when_clocks_change() -> None:
    """Half past seven is half past seven, the day before and the day after: 6:30 UTC in summer, 7:30 in winter."""
    assert next_digest(london("2026-10-24 12:00"), DIGESTS) == datetime(2026, 10, 25, 7, 30, tzinfo=UTC)
    assert next_digest(london("2026-10-23 12:00"), DIGESTS) == datetime(2026, 10, 24, 6, 30, tzinfo=UTC)
    assert next_digest(london("2027-03-27 12:00"), DIGESTS) == datetime(2027, 3, 28, 6, 30, tzinfo=UTC)


def test_each_frequency_has_its_moment_and_says_so() -> None:
    """At once is now; daily and weekly wait for their digest, after quiet hours, and say what they wait for."""
    now = london("2026-11-18 10:00")  # a Wednesday
    quiet = QuietHours(start=time(18), end=time(9))
    assert when("at once", quiet, now, DIGESTS).due_at == now
    assert when("at once", quiet, now, DIGESTS).held is None
    daily, weekly = when("daily", quiet, now, DIGESTS), when("weekly", None, now, DIGESTS)
    assert (daily.due_at, weekly.due_at) == (london("2026-11-19 09:00"), london("2026-11-23 07:30"))
    assert "daily" in (daily.held or "")
    assert "weekly" in (weekly.held or "")


@given(MOMENTS, st.none() | QUIET)
def test_after_a_full_day_comes_the_next_days_digest(now: datetime, quiet: QuietHours | None) -> None:
    """What is over the limit of a day leaves on a later day in London, at a digest or when quiet hours end after it."""
    until = full_day(1, quiet, now, DIGESTS)
    assert until.due_at > start_of_day(now) + timedelta(hours=23)
    assert until.due_at.astimezone(LONDON).date() > now.astimezone(LONDON).date()
    assert quiet is None or not is_quiet(quiet, until.due_at)
    assert "one email a day" in (until.held or "")
