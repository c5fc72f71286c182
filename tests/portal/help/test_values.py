"""Reading what people type: dates as they write them, names, numbers, and whatever else arrives."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.portal.help.values import Reading, day_fields, read_day, written_day

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_a_day_reads_as_it_is_written(day: date) -> None:
    """However a day is written, as a field shows it or in figures, the same day is read."""
    figures = (f"{day.day}/{day.month}/{day.year}", f"{day.day} {day.month:02} {day.year}", day.isoformat())
    short = f"{day.day} {day:%b} {day.year}"
    assert {read_day(text) for text in (*figures, short, written_day(day))} == {day}


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_day(text: str) -> None:
    """Whatever is typed is a day of these hundred years, or none."""
    found = read_day(text)
    assert found is None or 2000 <= found.year <= 2099


@given(st.one_of(st.none(), DAYS))
def test_a_date_comes_back_from_its_three_fields(day: date | None) -> None:
    """A date put into three fields is read from them without a fault."""
    form = Reading(day_fields("start", day))
    assert (form.day("start", what="It"), form.faults) == (day, [])


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({"start-day": ("3",), "start-year": ("2027",)}, "start-month", "It must include a month"),
        ({"start-month": ("3",)}, "start-day", "It must include a day and a year"),
        (
            {"start-day": ("31",), "start-month": ("2",), "start-year": ("2027",)},
            "start-day",
            "It must be a real date, such as 27 3 2027",
        ),
    ],
)
def test_a_wrong_date_says_what_is_missing(fields: dict[str, tuple[str, ...]], at: str, words: str) -> None:
    """The fault is at the field to mend, and says what to type."""
    form = Reading(fields)
    assert form.day("start", what="It") is None
    assert [(fault.field, fault.words) for fault in form.faults] == [(at, words)]


@settings(max_examples=40)
@given(st.lists(st.text(max_size=120), max_size=60))
def test_names_are_few_short_and_each_there_once(names: list[str]) -> None:
    """What is read from a list of names can always be said in an event; what cannot is a fault."""
    form = Reading({"skills": (", ".join(names),)})
    found = form.names("skills", what="Skills")
    assert len(found) <= 40
    assert all(0 < len(name) <= 100 for name in found)
    assert len({name.casefold() for name in found}) == len(found)


def test_names_that_are_too_many_or_too_long_are_refused_rather_than_cut() -> None:
    """Nothing of what was typed is left out in silence."""
    many = Reading({"skills": ("; ".join(f"skill {n}" for n in range(41)),)})
    assert len(many.names("skills", what="Skills")) == 40
    assert [fault.words for fault in many.faults] == ["Skills must be 40 or fewer; there are 41"]
    long = Reading({"skills": ("short, " + "x" * 101,)})
    long.names("skills", what="Skills")
    assert "has 101 characters" in long.faults[0].words


@pytest.mark.parametrize("typed", ["-1", "1.5", "many", "0", "261", "９", "1" * 30])
def test_a_number_out_of_bounds_is_a_fault(typed: str) -> None:
    """A number is whole and in its bounds, or it is asked for again."""
    form = Reading({"weeks": (typed,)})
    assert form.number("weeks", what="Weeks", least=1, most=260) is None
    assert form.faults[0].words == "Weeks must be a whole number from 1 to 260, such as 2"
