"""A closing date is read in every form that boards print, and is None rather than a guess."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.dates import Closing, read_closing, read_date
from tests.effort import costs_at_most

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("10:00 pm on Sunday 2nd July 2023", date(2023, 7, 2), time(22)),
        ("just before midnight on Monday 21 April", date(2025, 4, 21), time(23, 59)),
        ("Apply by 25 September, 2026", date(2026, 9, 25), None),
        ("Mon 27/03/2017 12:00 PM", date(2017, 3, 27), time(12)),
        ("Wednesday, 23 December 2015 [12 Noon]", date(2015, 12, 23), time(12)),
        ("Sunday 5 May 2024 at 23:59", date(2024, 5, 5), time(23, 59)),
        ("Tuesday 17 December 2019 at 11:59pm GMT", date(2019, 12, 17), time(23, 59)),
        ("17/08/2026 12:00", date(2026, 8, 17), time(12)),
        ("06/09/2026", date(2026, 9, 6), None),
        ("03/09/26", date(2026, 9, 3), None),
        ("1-Sep-2026", date(2026, 9, 1), None),
        ("Sept 1st, 2026", date(2026, 9, 1), None),
        ("Closes 5th of September 2026 at 5pm", date(2026, 9, 5), time(17)),
        ("12:30am 4 Sept", date(2026, 9, 4), time(0, 30)),
        ("20260903", date(2026, 9, 3), None),
        ("2026-06-14T00:00", date(2026, 6, 14), None),
        ("2026-08-21T16:27:21.404087880", date(2026, 8, 21), time(16, 27)),
        ("£37,509 to £41,637 – Closing date: 2 August", date(2026, 8, 2), None),
        ("Closing date:\u00a02\u00a0September", date(2026, 9, 2), None),
    ],
)
def test_every_form_that_boards_print_is_read(text: str, day: date, at: time | None) -> None:
    """Numbers, words, weekday, hour and label, in any order."""
    assert read_closing(text, now=NOW) == Closing(day, at)
    assert read_date(text, now=NOW) == day


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("2026-08-27T23:59:00+01:00", date(2026, 8, 27), time(23, 59)),
        ("2026-08-27T23:30:00Z", date(2026, 8, 28), time(0, 30)),
        ("2026-08-13T23:00:00Z", date(2026, 8, 14), None),
        ("Thu, 03 Sep 2026 22:59:00 GMT", date(2026, 9, 3), time(23, 59)),
        ("Thu, 03 Dec 2026 22:59:00 +0000", date(2026, 12, 3), time(22, 59)),
    ],
)
def test_a_machines_time_is_moved_to_london(text: str, day: date, at: time | None) -> None:
    """An offset is honoured, summer time and all; a machine's midnight is no stated time."""
    assert read_closing(text, now=NOW) == Closing(day, at)


def test_a_day_without_a_year_is_the_next_or_a_few_weeks_back() -> None:
    """An advert found a little late still closes this year; one found in December may close in January."""
    assert read_date("2 August", now=NOW) == date(2026, 8, 2)
    assert read_date("20 August", now=NOW) == date(2026, 8, 20)
    assert read_date("2 January", now=NOW) == date(2027, 1, 2)
    assert read_date("28 December", now=datetime(2027, 1, 3, tzinfo=UTC)) == date(2026, 12, 28)
    assert read_date("29 February", now=NOW) == date(2028, 2, 29)


def test_the_weekday_settles_the_year() -> None:
    """Monday 21 April was in 2025, whatever the year it is read in."""
    assert read_date("Monday 21 April", now=datetime(2025, 4, 1, tzinfo=UTC)) == date(2025, 4, 21)
    assert read_date("Monday 21 April", now=NOW) == date(2025, 4, 21)
    assert read_date("Friday 28 August", now=NOW) == date(2026, 8, 28)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0001-01-01",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59Z",
        "31 Feb 2026",
        "ongoing",
        "£30.50 per hour",
        "2025-26",
    ],
)
def test_a_placeholder_or_no_date_is_none(text: str) -> None:
    """What is no date is not made one."""
    assert read_closing(text, now=NOW) is None


def test_the_last_moment_to_apply_is_known() -> None:
    """The stated time, or the end of the day in London."""
    assert Closing(date(2026, 8, 2)).moment().isoformat() == "2026-08-02T23:59:00+01:00"
    assert Closing(date(2026, 12, 2), time(9)).moment().isoformat() == "2026-12-02T09:00:00+00:00"


@given(
    st.dates(date(2000, 1, 1), date(2098, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%A %d %B %Y", "%d %b %Y", "%Y%m%d"]),
)
def test_any_date_in_any_form_is_read_back(day: date, form: str) -> None:
    """What is printed is what is read."""
    assert read_date(day.strftime(form), now=NOW) == day


@given(st.text(max_size=200) | st.text(alphabet="0123456789-/:TZ+ apmonfriugt,", max_size=60), st.integers(946_684_800, 3_786_912_000))  # fmt: skip
def test_no_text_is_ever_an_error(text: str, moment: int) -> None:
    """Whatever is written, there is a date or there is none."""
    found = read_closing(text, now=datetime.fromtimestamp(moment, UTC))
    assert found is None or 1990 <= found.day.year <= 2099


@pytest.mark.parametrize("unit", ["1", " ", "1/", "12 ", "monday ", "1 january ", "2026-", "t00:00"])
def test_a_very_long_text_takes_no_longer(unit: str) -> None:
    """20,000 characters are read in milliseconds."""
    text = (unit * 20_000)[:20_000]
    assert costs_at_most(10, lambda: read_closing(text, now=NOW))
