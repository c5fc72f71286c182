"""The method page says what the code does: every number on it is worked out again here."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import services.salaries
from loti_contracts.events import Pay
from loti_contracts.vocabulary import authorities
from services.salaries.comparable import PLAUSIBLE, comparable
from services.salaries.confidence import HIGH, MEDIUM
from services.salaries.contributed.rules import RULES as DISCLOSURE
from services.salaries.hours import Hours, hours_in
from services.salaries.in_words import QUARTERS_FROM, TENTHS_FROM
from services.salaries.quantiles import MEDIAN, Sums, likely, quantiles, weighted
from services.salaries.settings import SalariesSettings
from services.salaries.trend import LEAST_IN_HALF, month_of, trend
from services.salaries.weights import weight

PAGE = Path(services.salaries.__file__).with_name("METHOD.md")
RULES = SalariesSettings().rules
OUTER = next(gss for gss, one in authorities().items() if one.area == one.statutory_area == "outer")


def pounds(pence: int) -> str:
    """As the page writes it: pence only where there are any."""
    return f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")


def offered(text_hours: str = "", **pay: object) -> str:
    """What pay comes to, full time for a year."""
    hours = hours_in(text_hours, week_hours=RULES.week_hours) if text_hours else Hours()
    found = comparable(
        Pay.model_validate({"text": "", **pay}),
        hours=hours,
        authorities=[OUTER],
        day=date(2026, 11, 1),
        rules=RULES,
    )
    assert not isinstance(found, str), found
    assert found.bottom is not None
    return pounds(found.bottom)


def heft(year: int, month: int = 11) -> int:
    return weight(month_of(date(year, month, 1)), half_life_months=RULES.half_life_months)


def comparing() -> Iterator[str]:
    """What makes adverts comparable."""
    hours, weeks = f"{float(RULES.week_hours):g}", f"{float(RULES.year_weeks):g}"
    yield f"London's {len(authorities())} authorities"
    yield f"| 12 months | £4,000 a month is {offered(minimum=4_000_00, period='month')} |"
    yield f"| {weeks} weeks (365 days in weeks) | £1,000 a week is {offered(minimum=1_000_00, period='week')} |"
    assert round(Fraction(365, 7), 3) == RULES.year_weeks
    yield f"| {hours} hours a week, {weeks} weeks | £20 an hour is {offered(minimum=20_00, period='hour')} |"
    part = offered("18 hours per week", minimum=30_000_00, period="year", basis="actual")
    yield f"£30,000 for 18 hours a week is {part} |"
    yield f"point 20 in outer London in 2026 is {offered(scp_minimum=20)} |"
    yield f"The week of {hours} hours is London's; a council that works 35 hours counts as if it worked {hours}."
    year, day = PLAUSIBLE["year"], PLAUSIBLE["day"]
    yield f"less than {pounds(year[0])} or more than {pounds(year[1])} for a full-time year"
    yield f"less than {pounds(day[0])} or more than {pounds(day[1])} for a day"


def meaning() -> Iterator[str]:
    """What the words mean, by the page's own five offers."""
    low, high = 60_000_00, 70_000_00
    yield f"such as {pounds(low)} to {pounds(high)}, and a **middle** half-way between, {pounds((low + high) // 2)}."
    five = [50_000_00, 54_000_00, 58_000_00, 62_000_00, 70_000_00]
    found = quantiles([(pence, 1) for pence in five])
    assert found is not None
    said = ", ".join(map(pounds, five[:-1])) + f" and {pounds(five[-1])}"
    yield f"Of five offers with middles of {said} the typical one is {pounds(found.p50)}."
    yield f"(P25 and P75) cut the row into quarters. Of the five they are {pounds(found.p25)} and {pounds(found.p75)}:"
    yield f"(P10 and P90) are the same for tenths. Of the five they would be {pounds(found.p10)} and {pounds(found.p90)},"
    yield f"show quarters from {QUARTERS_FROM} adverts, and tenths from {TENTHS_FROM}."


def fading() -> Iterator[str]:
    """How old adverts fade."""
    now = heft(2026)
    yield f"An advert **counts half as much for every {RULES.half_life_months} months** that it is older:"
    yield (
        f"an advert of November 2026 counts 1, one of November 2025 counts {heft(2025) / now:g}, one of November 2024"
        f" counts {heft(2024) / now:g}."
    )
    offers = [(50_000_00, heft(2025)), (52_000_00, heft(2025)), (60_000_00, now)]
    yield "of three offers with middles of £50,000 (November 2025), £52,000 (November 2025) and £60,000 (November 2026)"
    alike = weighted([(pence, 1) for pence, _ in offers], MEDIAN)
    yield f"the typical one would be {pounds(alike)} if all counted alike."
    yield f"moves the figure to {pounds(weighted(offers, MEDIAN))}."


def trusting() -> Iterator[str]:
    """What confidence and the trend mean."""
    weights = [heft(2026)] * 10 + [heft(2025)] * 10
    sums = Sums(20, sum(weights), sum(one * one for one in weights))
    yield f"10 adverts of this month and 10 of a year ago weigh like {float(sums.effective):g} new ones."
    yield f"| medium | {MEDIUM[0]} adverts of equal weight, from {MEDIUM[1]} boroughs | from {MEDIUM[0]} offers on,"
    assert 1 - 2 * 0.5 ** MEDIUM[0] >= 0.95 > 1 - 2 * 0.5 ** (MEDIUM[0] - 1)
    assert 1 - 0.9 ** HIGH[0] >= 0.95 > 1 - 0.9 ** (HIGH[0] - 1)
    assert MEDIUM[1] == 3
    assert len(authorities()) // HIGH[1] == 4
    yield "in 95 of 100 cases or more; three boroughs"
    yield f"| high | {HIGH[0]} adverts of equal weight, from {HIGH[1]} boroughs | from {HIGH[0]} on,"
    yield f"From {MEDIUM[0]} adverts on we also say **between which amounts the true middle lies, with 95% confidence**:"
    yield "95 of 100 such spans would hold it."
    offers = [(50_000_00 + step * 1_000_00, 1) for step in range(25)]
    span, row = likely(offers), quantiles(offers)
    assert span is not None
    assert row is not None
    yield (
        f"Of {len(offers)} offers whose middles run from £50,000 to {pounds(offers[-1][0])} in steps of £1,000 the typical"
        f" one is {pounds(row.p50)}, and that span is £{round(span.low / 100):,} to £{round(span.high / 100):,}."
    )
    yield f"only where each half has at least {LEAST_IN_HALF} adverts;"
    months = [(month_of(date(2026, 2, 1)), 5, 50_000_00), (month_of(date(2026, 9, 1)), 5, 52_000_00)]
    found = trend(months, date(2026, 9, 1))
    assert found is not None
    assert found.change is not None
    yield "With 5 offers in February 2026 around £50,000 and 5 in September 2026 around £52,000 the trend is"
    yield f"up {found.change / 100:.1f}%."


def protecting() -> Iterator[str]:
    """Contributed pay."""
    yield f"* from at least {DISCLOSURE.boroughs} boroughs, so that a borough that takes"
    assert DISCLOSURE.boroughs - 1 == 4
    yield f"no borough has more than {float(DISCLOSURE.share):.0%} of the posts"
    yield f"only from {DISCLOSURE.tail_posts} posts on, none with more than {float(DISCLOSURE.tail_share):.0%} of them"
    yield (
        f"rounded to {pounds(DISCLOSURE.step)}, or to {pounds(DISCLOSURE.wide_step)} where the upper quarter begins at"
        f" {pounds(DISCLOSURE.wide_from)} or more"
    )
    yield f"comes from fewer than {DISCLOSURE.boroughs} boroughs."
    assert DISCLOSURE.differences
    assert DISCLOSURE.panels


def signalling() -> Iterator[str]:
    """Signals."""
    yield "**below P25 or above P90** of the other offers for the same role and level, where there are at"
    yield f"least {RULES.signal_adverts} others."
    yield "A quarter of all offers lies below P25, so"
    yield (
        f"**moved by more than {float(RULES.signal_percent):g}%** since it was last told, where there are at least"
        f" {RULES.signal_adverts};"
    )


SAID = [*comparing(), *meaning(), *fading(), *trusting(), *protecting(), *signalling()]


def the_page() -> str:
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def test_every_number_on_the_page_is_what_the_code_makes_of_it() -> None:
    """Each threshold and each worked example stands there with the number that the code and the settings give."""
    page = the_page()
    assert [said for said in SAID if said not in page] == []


def test_no_number_on_the_page_is_left_unchecked() -> None:
    """Take away what was worked out again and the sources, and no figure is left."""
    page, _ = the_page().split("## Where the methods come from")
    for said in sorted(SAID, key=len, reverse=True):
        page = page.replace(said, " ")
    assert re.findall(r".{30}\d.{0,20}", page) == []
