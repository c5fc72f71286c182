"""How pay of every kind is made comparable: the rule, the arithmetic, and the reason where there is none."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Pay
from services.salaries.comparable import PLAUSIBLE, Comparable, comparable
from services.salaries.hours import Hours, hours_in
from services.salaries.rules import Rules
from services.salaries.settings import SalariesSettings
from services.salaries.spine import spine_of, spines

LAMBETH, BROMLEY, GREENWICH = "E09000022", "E09000006", "E09000011"
SUMMER = date(2026, 8, 1)
UNKNOWN = Hours(why_not="its hours are not known")


def made(
    pay: Pay | None, *, hours: Hours = UNKNOWN, gss: str = LAMBETH, day: date = SUMMER
) -> Comparable | str:
    """Pay by the usual rules."""
    return comparable(pay, hours=hours, authorities=[gss], day=day, rules=Rules())


def paid(low: int | None, high: int | None, period: str | None, **differences: Any) -> Pay:
    """Pay as it was read."""
    return Pay.model_validate(
        {"text": "as printed", "minimum": low, "maximum": high, "period": period, **differences}
    )


@pytest.mark.parametrize(
    ("pay", "ends", "rule"),
    [
        (paid(50_000_00, 60_000_00, "year"), (50_000_00, 60_000_00), "year"),
        (paid(50_000_00, None, "year", basis="fte"), (50_000_00, None), "year"),
        (paid(4_000_00, 4_500_50, "month"), (48_000_00, 54_006_00), "month"),
        (paid(900_00, 900_00, "week"), (46_928_70, 46_928_70), "week"),
        (paid(20_00, 25_01, "hour"), (37_542_96, 46_947_47), "hour"),
        (paid(20_00, 25_01, "hour", basis="actual"), (37_542_96, 46_947_47), "hour"),
        (paid(400_00, 450_00, "day"), (400_00, 450_00), "day"),
    ],
)
def test_every_period_has_its_rule(pay: Pay, ends: tuple[int | None, int | None], rule: str) -> None:
    """A year as it is, a month × 12, a week × 52.143, an hour × 36 × 52.143, to the penny; a day stays a day."""
    found = made(pay)
    assert isinstance(found, Comparable)
    assert ((found.bottom, found.top), found.rule) == (ends, rule)
    assert found.period == ("day" if rule == "day" else "year")
    assert found.how


def test_the_full_time_week_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """With 37 hours and 52 weeks £20 an hour is £38,480 a year; and the figures have another fingerprint."""
    monkeypatch.setenv("LOTI_WEEK_HOURS", "37")
    monkeypatch.setenv("LOTI_YEAR_WEEKS", "52")
    rules = SalariesSettings().rules
    found = comparable(paid(20_00, 20_00, "hour"), hours=UNKNOWN, authorities=[], day=SUMMER, rules=rules)
    assert isinstance(found, Comparable)
    assert (found.bottom, found.how) == (38_480_00, "an hour × 37 hours × 52 weeks")
    assert rules.fingerprint != Rules().fingerprint


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("This post is 18 hours per week.", Fraction(1, 2)),
        ("Hours: 27", Fraction(3, 4)),
        ("part time, 28.8 hrs a week", Fraction(4, 5)),
        ("0.6 FTE", Fraction(3, 5)),
        ("21.6 hours per week (0.6 FTE)", Fraction(3, 5)),
        ("36 hours per week", Fraction(1)),
        ("40 hours per week", Fraction(1)),
    ],
)
def test_actual_pay_is_lifted_where_the_hours_are_known(words: str, share: Fraction) -> None:
    """£30,000 for a share of full time is £30,000 by that share, and says so."""
    hours = hours_in(words, week_hours=Fraction(36))
    found = made(paid(30_000_00, None, "year", basis="actual"), hours=hours)
    assert isinstance(found, Comparable)
    assert (found.bottom, found.top, found.rule) == (round(30_000_00 / share), None, "lifted")
    assert hours.said in found.how


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "hours are not known"),
        ("Open from 9 to 17 hours", "span"),
        ("20 to 25 hours per week", "span"),
        ("18 hours per week or 30 hours per week", "several"),
        ("36 hours per week, 0.6 FTE", "do not fit"),
        ("30 hours per week, term time only", "part of the year"),
        ("20 hours a week, 39 weeks per year", "part of the year"),
        ("1 hour per week", "too little"),
        ("open 24 hours", "not known"),
    ],
)
def test_doubtful_hours_lift_nothing(words: str, why: str) -> None:
    """No hours, several, a span, or a part of the year: the pay is left out, and the reason says which."""
    hours = hours_in(words, week_hours=Fraction(36))
    found = made(paid(30_000_00, None, "year", basis="actual"), hours=hours)
    assert isinstance(found, str)
    assert "actual hours" in found
    assert why in found


def test_spinal_points_are_priced_by_the_spine_of_their_year_and_area() -> None:
    """Points 18 to 20: in Bromley £35,517 to £36,582 in 2025-26, £36,689 to £37,789 in 2026-27; marked so."""
    points = Pay(text="SCP 18-20", scp_minimum=18, scp_maximum=20)
    for day, ends in (
        (date(2026, 3, 31), (35_517_00, 36_582_00)),
        (date(2026, 4, 1), (36_689_00, 37_789_00)),
    ):
        found = made(points, gss=BROMLEY, day=day)
        assert isinstance(found, Comparable)
        assert ((found.bottom, found.top), found.rule) == (ends, "spine")
        assert "outer London pay spine" in found.how


@pytest.mark.parametrize(
    ("pay", "gss", "day", "why"),
    [
        (Pay(text="SCP 30", scp_minimum=30), LAMBETH, date(2025, 6, 1), "point 30"),
        (Pay(text="SCP 5", scp_minimum=5), LAMBETH, date(2020, 6, 1), "spine of 2020 is not known"),
        (Pay(text="SCP 5", scp_minimum=5), GREENWICH, date(2025, 6, 1), "which pay spine"),
        (Pay(text="PO3", grade="PO3"), LAMBETH, SUMMER, "a grade alone"),
        (Pay(text="PO3", grade="PO3", why_not="it names no amount"), LAMBETH, SUMMER, "no amount"),
        (None, LAMBETH, SUMMER, "no pay is printed"),
        (paid(50_000_00, 60_000_00, None), LAMBETH, SUMMER, "period"),
        (paid(60_000_00, 50_000_00, "year"), LAMBETH, SUMMER, "upper end is below"),
        (paid(9_999_99, None, "year"), LAMBETH, SUMMER, "implausible for a full-time year"),
        (paid(None, 3_000_01, "day"), LAMBETH, SUMMER, "implausible for a full-time day"),
        (paid(4_00, None, "hour"), LAMBETH, SUMMER, "implausible"),
    ],
)
def test_what_cannot_be_compared_says_why(pay: Pay | None, gss: str, day: date, why: str) -> None:
    """Nothing is guessed: an unknown point, spine, year, period or sum is a reason."""
    found = made(pay, gss=gss, day=day)
    assert isinstance(found, str)
    assert why in found


def test_boroughs_of_two_spines_have_none() -> None:
    """An inner and an outer borough together: which spine is not known."""
    assert spine_of([LAMBETH, BROMLEY], SUMMER) == "which pay spine its authority uses is not known"
    assert all(spine.begins.month == 4 and spine.ends.month == 3 for spine in spines().values())
    assert all(list(spine.points.values()) == sorted(spine.points.values()) for spine in spines().values())


@given(
    st.one_of(st.none(), st.integers(0, 10**9)),
    st.one_of(st.none(), st.integers(0, 10**9)),
    st.sampled_from(["year", "month", "week", "day", "hour", None]),
    st.sampled_from([None, "fte", "actual"]),
    st.text(max_size=40),
)
def test_whatever_is_printed_is_believable_or_has_a_reason(
    low: int | None, high: int | None, period: str | None, basis: str | None, words: str
) -> None:
    """Never an amount out of the limits, never a top below a bottom, never neither amount nor reason."""
    found = made(paid(low, high, period, basis=basis), hours=hours_in(words, week_hours=Fraction(36)))
    if isinstance(found, str):
        assert found
        return
    least, most = PLAUSIBLE[found.period]
    ends = [end for end in (found.bottom, found.top) if end is not None]
    assert ends == sorted(ends) != []
    assert least <= ends[0] <= ends[-1] <= most
