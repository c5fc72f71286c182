"""Terms are what the advert says, and nothing where it says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.terms import Terms, read_postcode_area, read_skills, read_terms
from tests.effort import costs_at_most

NOTHING = Terms(None, None, (), None, None, None)


@pytest.mark.parametrize(
    ("text", "contract", "months"),
    [
        ("Permanent, full-time", "permanent", None),
        ("12 month fixed term contract", "fixed_term", 12),
        ("Fixed term contract for 18 months", "fixed_term", 18),
        ("2 year FTC", "fixed_term", 24),
        ("fixed-term for a period of twelve months", "fixed_term", 12),
        ("Fixed Term (1 Year) - Maternity Cover", "fixed_term", 12),
        ("Secondment opportunity up to 6 months", "secondment", 6),
        ("£450 per day inside IR35, 3 month contract", "agency", 3),
        ("Level 4 apprenticeship", "apprenticeship", None),
        ("You will have six months of experience", None, None),
    ],
)
def test_the_contract_and_its_length_are_read(text: str, contract: str | None, months: int | None) -> None:
    """Kind and months, where the advert says them."""
    terms = read_terms(text)
    assert (terms.contract, terms.months) == (contract, months)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("36 hours per week", 36.0),
        ("35 hours pw", 35.0),
        ("37.5 hrs a week", 37.5),
        ("30hpw", 30.0),
        ("Hours: 36", 36.0),
        ("£13.47 per hour", None),
        ("open 24 hours", None),
    ],
)
def test_weekly_hours_are_read(text: str, hours: float | None) -> None:
    """Hours of a week, never an hourly rate."""
    assert read_terms(text).hours == hours


@pytest.mark.parametrize(
    ("text", "place", "days"),
    [
        ("Hybrid: 2 days a week in the office", "hybrid", 2.0),
        ("Two days a week on-site", "hybrid", 2.0),
        ("work three days from home", "hybrid", 2.0),
        ("hybrid working", "hybrid", None),
        ("fully remote", "remote", None),
        ("5 days a week office-based", "office", 5.0),
        ("remote communities", None, None),
    ],
)
def test_where_the_work_is_done_is_read(text: str, place: str | None, days: float | None) -> None:
    """Hybrid, remote or office, and the days in the office where they are said."""
    terms = read_terms(text)
    assert (terms.place, terms.office_days) == (place, days)


def test_working_patterns_are_all_named() -> None:
    """An advert open to several says each."""
    assert read_terms("Full time, part-time or job share; term time only").patterns == (
        "full_time",
        "part_time",
        "job_share",
        "term_time",
    )


def test_the_frameworks_skills_are_found_by_name() -> None:
    """Whole names only, in the framework's spelling."""
    assert read_skills("You bring agile working, and User Focus.") == ("User focus", "Agile working")
    assert read_skills("You user-focused agile worker") == ()


@pytest.mark.parametrize(
    ("location", "area"),
    [("Wembley, London, HA0 4JE", "HA0"), ("5 Clove Crescent, E14 2BG", "E14"), ("Hackney E2", "E2"), ("SW1A 1AA", "SW1A"),
     ("Leeds, LS1 4AP", None), ("London", None), ("", None)],
)  # fmt: skip
def test_a_london_postcode_gives_its_area(location: str, area: str | None) -> None:
    """The outward code, for London alone."""
    assert read_postcode_area(location) == area


@given(st.text(max_size=400) | st.text(alphabet="0123456789. daysweekofficehr-", max_size=200))
def test_no_text_is_ever_an_error(text: str) -> None:
    """Whatever is written, there is an answer."""
    terms = read_terms(text)
    assert terms.hours is None or 1 <= terms.hours <= 60
    assert terms.office_days is None or 0 <= terms.office_days <= 5
    read_skills(text)
    read_postcode_area(text)


def test_nothing_said_is_nothing_read() -> None:
    """No term is assumed."""
    assert read_terms("A friendly team in a friendly town.") == NOTHING
    assert read_terms("") == NOTHING


@pytest.mark.parametrize(
    "unit", ["1 ", "2 days ", "a", "12 month ", "hours : ", "3 days a week x ", " ", "fixed term "]
)
def test_a_very_long_text_takes_no_longer(unit: str) -> None:
    """20,000 characters are read in a moment."""
    text = (unit * 20_000)[:20_000]
    read_skills(text)
    assert costs_at_most(25, lambda: read_terms(text))
