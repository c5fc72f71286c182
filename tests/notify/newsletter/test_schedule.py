"""When an edition goes, and what sending a file twice means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.notify.newsletter.schedule import (
    LONDON,
    EditionRefused,
    Known,
    Status,
    TimeRefused,
    decided,
    in_london,
    time_at,
)
from tests.notify.newsletter.making import NOW, edition

LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01T09:00", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("2027-06-01 09:00", datetime(2027, 6, 1, 8, tzinfo=UTC)),
        ("2026-12-01T09:00+01:00", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2027-10-31T01:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_times_are_londons(text: str, moment: datetime) -> None:
    """A time is read as London's clocks say it; of an hour that comes twice, the first is meant."""
    assert time_at(text, NOW) == moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tomorrow", "is no time"),
        ("2026-12-01", "names a day and no hour"),
        ("2026-13-01T09:00", "is no time"),
        ("2026-11-30T11:59", "has passed: in London it is 30 November 2026, 12:00"),
        ("2027-03-28T01:30", "does not exist"),
        ("2028-01-01T09:00", "more than a year"),
    ],
)
def test_times_that_are_refused(text: str, why: str) -> None:
    """Each says what is wrong with it, and what to write."""
    with pytest.raises(TimeRefused, match=why):
        time_at(text, NOW)


@given(
    st.datetimes(NOW.replace(tzinfo=None) + timedelta(days=1), NOW.replace(tzinfo=None) + timedelta(days=360))
)
def test_a_time_that_exists_is_kept(local: datetime) -> None:
    """What London's clocks show at the moment that was read is what was written."""
    assume((local.month, local.day, local.hour) != (3, 28, 1))  # the hour that a spring night of 2027 skips
    moment = time_at(local.isoformat(), NOW)
    assert moment.astimezone(LONDON).replace(tzinfo=None) == local
    assert in_london(moment).endswith(f"{local:%H:%M}")


@pytest.mark.parametrize(
    ("status", "same", "save"),
    [
        (None, True, True),
        ("cancelled", True, True),
        ("scheduled", True, True),
        ("scheduled", False, True),
        ("sending", True, False),
        ("sent", True, False),
    ],
)
def test_a_file_that_is_sent_again(status: Status | None, same: bool, save: bool) -> None:
    """It is the same edition: one that waits gets the new text, one that readers have is left alone."""
    known = Known(edition("Hello." if same else "Hullo."), status, LATER) if status else None
    assert decided(known, edition("Hello.\n"), None, NOW).save is save


def test_the_same_time_again_changes_nothing() -> None:
    """The same file for the same moment is nothing new; another moment is."""
    known = Known(edition(), "scheduled", LATER)
    assert not decided(known, edition(), LATER, NOW).save
    assert decided(known, edition(), LATER + timedelta(hours=1), NOW).save
    assert "with the new text" in decided(known, edition("New."), LATER, NOW).said


@pytest.mark.parametrize("status", ["sending", "sent"])
@pytest.mark.parametrize("change", [{"title": "Other"}, {"summary": "Other"}, {"markdown": "Other"}])
def test_what_readers_have_cannot_change(status: Status, change: dict[str, str]) -> None:
    """Another text under the same id is refused, with a way to send it all the same."""
    with pytest.raises(EditionRefused, match="say `id: 2026-11-01-to-2026-11-30-2`"):
        decided(Known(edition(), status, NOW), replace(edition(), **change), None, NOW)  # type: ignore[arg-type]


def test_what_was_cancelled_midway_is_not_begun_again() -> None:
    """Some readers have it: under its id it is not sent once more."""
    with pytest.raises(EditionRefused, match="some readers have it"):
        decided(Known(edition(), "cancelled", NOW, begun=True), edition(), None, NOW)
