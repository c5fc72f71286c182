"""Pay is read as the labelled examples' rules say (tests/data/README.md), whatever the text."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest.pay import PayReading, as_row, read_pay, read_structured_pay
from services.ingest.pay.amounts import MOST, amounts_in
from services.ingest.pay.printing import LONGEST, tidy
from tests.ingest.accuracy_pay import HARDEST, report

YEARLY = st.integers(min_value=10_000, max_value=200_000)
DASHES = st.sampled_from([" - ", "-", " – ", "—", " to ", " − ", "\u00a0–\u00a0", " &ndash; ", " â€“ ", "- "])
POUNDS = st.sampled_from(
    ["£{:,}", "£{}", "£ {:,}", "&pound;{:,}", "Â£{:,}", "£{:,}.00", "GBP {:,}", "&#163;{:,}"]
)
YEARS = st.sampled_from(["per annum", "p.a.", "pa", "a year", "per year", "/annum", "annually", "y flwyddyn"])
PIECES = st.sampled_from(
    [*HARDEST, "£", "25,000", "k", "-", "–", "\u00a0", "Â£", "â€“", "&nbsp;", "fte", "actual", "(", ")", "yr awr",
     "9" * 400, "SCP", "NJC 4", "starting salary", "up to", "None", "nan", "\x00", "İ", "١٢", "+", "…", "\ud800"]
)  # fmt: skip


def bounds(text: str) -> tuple[Any, Any, Any]:
    row = as_row(read_pay(text))
    return row["min"], row["max"], row["period"]


@given(low=YEARLY, more=st.integers(min_value=1, max_value=9_999), dash=DASHES, pounds=POUNDS, year=YEARS)
def test_a_printed_range_is_read_as_printed(low: int, more: int, dash: str, pounds: str, year: str) -> None:
    """Any two rising amounts with any usual sign, dash and word for a year are that range a year."""
    text = f"{pounds.format(low)}{dash}{pounds.format(low + more)} {year}"
    assert bounds(text) == (low, low + more, "year")


@given(
    low=YEARLY,
    more=st.integers(min_value=1, max_value=9_999),
    grade=st.integers(1, 14),
    point=st.integers(1, 60),
)
def test_grade_and_points_are_never_money(low: int, more: int, grade: int, point: int) -> None:
    """A grade and points printed before the pay change nothing of it and are read themselves."""
    reading = read_pay(f"Grade {grade}, SCP {point} - {point + 3}, £{low:,} - £{low + more:,} per annum")
    assert (reading.minimum, reading.maximum, reading.period) == (low, low + more, "year")
    assert (reading.grade, reading.scp_minimum, reading.scp_maximum) == (f"Grade {grade}", point, point + 3)


@given(full=YEARLY, share=st.integers(min_value=30, max_value=95), swapped=st.booleans(), dash=DASHES)
def test_full_time_beats_actual_in_either_order(full: int, share: int, swapped: bool, dash: str) -> None:
    """Rule 2: the full-time amount is the pay, whether it is printed before or after the actual one."""
    top, part = full + 900, full * share // 100
    whole, actual = f"£{full:,}{dash}£{top:,} FTE", f"£{part:,}{dash}£{part + 500:,} actual"
    text = f"{actual} ({whole})" if swapped else f"{whole} ({actual})"
    reading = read_pay(text)
    assert (reading.minimum, reading.maximum, reading.basis) == (full, top, "fte")
    assert reading.ignored


@given(low=st.integers(20, 120), more=st.integers(1, 30))
def test_thousands_shown_once_count_for_both_ends(low: int, more: int) -> None:
    """Rule 7: "25-30K", "£25k - £30k" and "£25-30,000" are one range."""
    for text in (
        f"{low}-{low + more}K",
        f"£{low}k - £{low + more}k",
        f"£{low}-{low + more},000",
        f"{low} - {low + more}k",
    ):
        assert bounds(text) == (low * 1_000, (low + more) * 1_000, "year")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("up to £48,633 per annum", (None, 48633, "year")),
        ("To 55k plus excellent benefits", (None, 55000, "year")),
        ("£500/day maximum for 3 days a week", (None, 500, "day")),
        ("Salary from £30k plus benefits", (30000, None, "year")),
        ("£40,000+ DOE", (40000, None, "year")),
        ("Starting salary £37,563", (37563, None, "year")),
        ("From £14.54 - £15.20 per hour", (14.54, 15.2, "hour")),
        ("c£45k", (45000, 45000, "year")),
        ("£13.50 yr awr", (13.5, 13.5, "hour")),
        ("350 - 400/day", (350, 400, "day")),
        ("£1500 pcm", (1500, 1500, "month")),
        ("£150.00", (150, 150, None)),
        ("£24.313 - £28.785", (24313, 28785, "year")),
        ("£12.850 per hour", (12.85, 12.85, "hour")),
        ("£26, 014", (26014, 26014, "year")),
        ("£29,02431,856 Pro Rata", (29024, 31856, "year")),
        ("£25,0000 - £26,500", (None, 26500, "year")),
        ("50000/annum 45K-50K", (45000, 50000, "year")),
        ("£25,989 pa pro rata (£13.47 per hour)", (25989, 25989, "year")),
        ("Scale 5 £25,000 - £27,000 or Scale 6 £28,000 - £30,000", (25000, 30000, "year")),
        ("SCP 23 (£35,571) - SCP 28 (£40,446)", (35571, 40446, "year")),
        ("$50,000 - $60,000", (None, None, None)),
        ("37 hours per week, ref 123456, closing 12/04/2026", (None, None, None)),
        ("£40,000 OTE", (40000, 40000, "year")),
    ],
)  # fmt: skip
def test_each_rule_by_example(text: str, expected: tuple[object, object, object]) -> None:
    """Rules 2, 3, 4, 7 and 8, one printed form each."""
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        (" plus London weighting of £3,000", "london weighting £3,000"), (" + £1,239 car allowance", "£1,239"),
        (" plus a market supplement of up to £5,000", "market supplement"), (" plus up to £10,000 relocation", "£10,000"),
        (", OTE £60,000", "on-target"), (" with progression to £40,610", "may lead to"), (". Sleep-in payments of £45", "£45"),
        (" + £4,000 London Weighting", "london weighting £4,000"), (" and research costs to a total of £12,000", "£12,000"),
        (", sleeps are paid at £45, on calls paid at £20", "£20"), (" basic, £45,000+ OTE", "on-target"),
    ],
)  # fmt: skip
def test_extras_are_named_and_left_out(extra: str, named: str) -> None:
    """Rule 6: what is not basic pay changes nothing, and the reading says what it was."""
    reading = read_pay(f"£30,000 - £35,000{extra}")
    assert (reading.minimum, reading.maximum) == (30_000, 35_000)
    assert any(named in ignored for ignored in reading.ignored)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("£48.21 sleep-in payment per night plus £12.60 per hour", (12.6, 12.6, "hour")),
        ("£5,000 golden hello, £38,000 - £42,000", (38000, 42000, "year")),
        ("£100 referral bonus. £13.05 per hour", (13.05, 13.05, "hour")),
        ("You manage a £450,000 budget. Salary £48,000", (48000, 48000, "year")),
        ("£12.50 per hour (£15.00 weekends)", (12.5, 12.5, "hour")),
        ("£13.20 per hour at weekends", (13.2, 13.2, "hour")),
        ("£60000 per annum + £5,500 car allowance", (60000, 60000, "year")),
        ("£60,000 +", (60000, None, "year")),
        ("No sleep-ins. £12.90 per hour", (12.9, 12.9, "hour")),
        ("Pension, £30,000 per annum", (30000, 30000, "year")),
        ("Relocation package up to £8,000 available", (None, None, None)),
    ],
)
def test_an_extra_takes_no_other_amount_with_it(text: str, expected: tuple[object, object, object]) -> None:
    """Rule 6: words that name one amount an extra leave the pay beside it as it is, and an extra alone is no pay."""
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("NJC04", (4, 4)), ("NJC 11-15", (11, 15)), ("Band 8 (spinal point 19 to spinal point 23)", (19, 23)),
        ("Points 14 - 19", (14, 19)), ("PAY BAND J SCP 32", (32, 32)), ("Scale 6 – PO3", (None, None)),
        ("NJC Grade 4", (None, None)), ("Leadership points 4 - 8", (None, None)), ("SCP23 - SCP27 37 hours", (23, 27)),
    ],
)  # fmt: skip
def test_points_are_points_and_grades_are_not(text: str, points: tuple[int | None, int | None]) -> None:
    """Rule 9: only spinal column points are points; leadership points, grades, bands and scales are not."""
    reading = read_pay(text)
    assert (reading.scp_minimum, reading.scp_maximum) == points


@pytest.mark.parametrize(
    "text", ["£26,000 per hour", "£13.45 per annum", "£3,000,000 a year", "£500 - £9,000 a day"]
)
def test_an_implausible_amount_is_marked(text: str) -> None:
    """What nobody is paid for that period is never passed on as fact."""
    assert not read_pay(text).plausible


@pytest.mark.parametrize(
    "text", ["", "Competitive", "None", "£", "nan", "£ Pro Rata", "€40,000", "Grade 6", "£25,0000 pa"]
)
def test_no_reading_says_why(text: str) -> None:
    """Where there is no amount there is no period and no basis, and a reason in words."""
    reading = read_pay(text)
    assert (reading.minimum, reading.maximum, reading.period, reading.basis) == (None, None, None, None)
    assert reading.why_not


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("£13.65/hour - £14.03/hour (CRB18)", None, (13.65, 14.03, "hour")),
        (35_000, None, (35000, 35000, "year")),
        ({"@type": "MonetaryAmount", "value": {"minValue": 30000, "maxValue": "35000", "unitText": "YEAR"}}, None, (30000, 35000, "year")),
        ({"currency": "GBP", "value": {"value": 14.5, "unitText": "HOUR"}}, None, (14.5, 14.5, "hour")),
        ({"minSalary": "34206.000000", "maxSalary": "37000.000000", "salaryUnit": "Year"}, None, (34206, 37000, "year")),
        ({"DisplaySalary": "£40,317 – £52,300"}, None, (40317, 52300, "year")),
        ({"formattedsalarydescription": "PO3 £45,000", "minimumsalary": "1"}, None, (45000, 45000, "year")),
        ({"minValue": 85000, "maxValue": 85000}, "£52,000 - £85,000", (52000, 85000, "year")),
        (26000, "£13.45/hr", (13.45, 13.45, "hour")),
        ({"value": {"value": 150, "unitText": "DAY"}}, "£150.00", (150, 150, "day")),
        ({"currency": "USD", "value": 50000}, None, (None, None, None)),
        ({"value": 0}, "Grade 6", (None, None, None)),
    ],
)  # fmt: skip
def test_structured_pay_prefers_the_words(
    value: object, text: str | None, expected: tuple[object, object, object]
) -> None:
    """A source's numbers are read where there are no words, and give way to words that contradict them."""
    row = as_row(read_structured_pay(value, text=text))
    assert (row["min"], row["max"], row["period"]) == expected


def test_contradicting_figures_are_named() -> None:
    """A person can see that the source's own numbers were not believed."""
    assert "£26,000" in read_structured_pay(26_000, text="£13.45/hr").ignored[0]


@given(st.one_of(st.text(max_size=2_000), st.lists(PIECES, max_size=120).map("".join)))
@example("STARTING SALARY£10UPTO£4")
@example("£28,1420 - £25,989 (FTE) £28,142 FTE")
def test_no_text_raises_or_grows(text: str) -> None:
    """Any text gives a reading; the text is kept as given, and what is read of it is bounded, so the work is."""
    reading = read_pay(text[:20_000])
    assert isinstance(reading, PayReading)
    assert reading.text == text[:20_000]
    assert None in (reading.minimum, reading.maximum) or reading.minimum <= reading.maximum  # type: ignore[operator]
    assert (reading.minimum is None and reading.maximum is None) == (reading.why_not is not None)
    assert len(tidy(text)) <= LONGEST + 50
    assert len(amounts_in(tidy(text).lower())) <= MOST + 1


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.binary(max_size=4) | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "minValue", "salary", "max", "currency", "unitText"]) | st.integers(), inner, max_size=4),
))  # fmt: skip
def test_no_structured_value_raises(value: object) -> None:
    """Whatever a source puts in the field, there is a reading."""
    assert isinstance(read_structured_pay(value), PayReading)


def test_pay_far_into_a_whole_advert_is_found() -> None:
    """Of a long advert the parts near money are read, wherever they stand."""
    text = (
        "About the team. " * 900
        + "Salary: PO3, SCP 32-35, £45,000 - £48,000 per annum."
        + " How to apply." * 300
    )
    assert bounds(text) == (45_000, 48_000, "year")


def test_a_row_holds_whole_pounds_as_integers() -> None:
    """The row has exactly the promised keys; pence stay pence."""
    row = as_row(read_pay("£25,989 per annum"))
    assert list(row) == ["text", "min", "max", "period", "basis", "scp_min", "scp_max", "grade"]
    assert isinstance(row["min"], int)
    assert read_pay("£13.47 per hour").minimum == Decimal("13.47")


def test_accuracy_reaches_what_is_promised() -> None:
    """At least 98% of amounts and 95% of whole readings are right on the development set, and nearly so held out."""
    accuracy = report()
    development, held_out, blind = map(accuracy.named, ("development", "held out", "blind"))
    assert (development.amounts, development.everything) >= (0.98, 0.95)
    assert development.everything >= 0.95
    assert (held_out.amounts, held_out.everything) >= (0.96, 0.95)
    assert blind.everything >= 0.98
