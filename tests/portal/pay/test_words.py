"""What the pay pages say of a cell, and that their method page says what the code of salaries does."""

import re
from collections.abc import Iterator

import pytest

from loti_contracts.events import ContributedPay
from services.portal.pay import in_words
from services.salaries.comparable import PLAUSIBLE
from services.salaries.confidence import HIGH, MEDIUM
from services.salaries.contributed.rules import RULES as DISCLOSURE
from services.salaries.contributed.wording import FEW
from services.salaries.in_words import QUARTERS_FROM, TENTHS_FROM
from services.salaries.settings import SalariesSettings
from services.salaries.trend import LEAST_IN_HALF
from tests.portal.pay.making import benchmark, contributed
from tests.portal.portal import Portal

RULES = SalariesSettings().rules


def pounds(pence: int) -> str:
    return f"£{pence // 100:,}"


def numbers() -> Iterator[str]:
    """Every number of the method page, in its words."""
    yield f"{float(RULES.week_hours):g} hours a week, {float(RULES.year_weeks):g} weeks: £20 an hour is £37,542.96"
    year, day = PLAUSIBLE["year"], PLAUSIBLE["day"]
    yield f"less than {pounds(year[0])} or more than {pounds(year[1])} a year"
    yield f"less than {pounds(day[0])} or more than {pounds(day[1])} a day"
    yield f"Shown from {QUARTERS_FROM} adverts"
    yield f"Shown from {TENTHS_FROM} adverts"
    yield f"half as much for every {RULES.half_life_months} months"
    yield f"{MEDIUM[0]} adverts of equal weight, from {MEDIUM[1]} boroughs"
    yield f"{HIGH[0]} adverts of equal weight, from {HIGH[1]} boroughs"
    yield f"each half has at least {LEAST_IN_HALF} adverts"
    yield f"from at least {DISCLOSURE.boroughs} boroughs"
    yield f"no borough has more than {float(DISCLOSURE.share):.0%} of the posts"
    yield f"from {DISCLOSURE.tail_posts} posts on, none of a borough with more than {float(DISCLOSURE.tail_share):.0%}"
    wide = f"{pounds(DISCLOSURE.wide_step)} where the upper quarter begins at {pounds(DISCLOSURE.wide_from)}"
    yield f"rounded to {pounds(DISCLOSURE.step)}, or to {wide} or more"


async def test_the_method_page_says_what_the_code_does(portal: Portal) -> None:
    """Each of its numbers is one of the rules by which salaries counts."""
    page = " ".join(re.sub(r"<[^>]+>", " ", (await portal.get("/pay/method")).text).split()).replace("’", "'")
    assert f"{float(20 * RULES.week_hours * RULES.year_weeks):,.2f}" == "37,542.96"
    for number in numbers():
        assert number in page


def test_what_too_few_is_said_alike_everywhere() -> None:
    """Nobody learns from a reason whether somebody contributed: it is the same for none and for four, and salaries' own."""
    assert in_words.FEW == FEW
    assert in_words.paid(None) == in_words.paid(ContributedPay(suppressed=FEW)) == (FEW,)
    assert (in_words.QUARTERS_FROM, in_words.TENTHS_FROM) == (QUARTERS_FROM, TENTHS_FROM)


def test_contributed_figures_say_how_they_were_made() -> None:
    """Rounding, contributors, and why something is missing."""
    told = ContributedPay.model_validate(contributed() | {"tails": "P10 and P90 are left out."})
    assert in_words.paid(told) == (
        "Half of the posts are paid between £44,000 and £53,000.",
        "Each figure is rounded to £1,000.",
        "P10 and P90 are left out.",
    )
    assert in_words.contributors(told) == "6 boroughs and about 45 posts, published on 1 October 2026"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"adverts": 1}, "The only offer: £46,000 to £54,000 a year."),
        ({"adverts": 3}, "The typical offer is £46,000 to £54,000 a year; its middle is £50,000."),
        ({"adverts": 30}, "Half of the offers have their middle between £45,000 and £56,000."),
        (
            {"middle": None},
            "The typical offer starts at £40,000 a year; no advert prints where it ends as well.",
        ),
        ({"middle": None, "bottom": None}, "No advert here gives pay that can be compared."),
        ({"period": "day", "middle": 450_00, "adverts": 1}, "The only offer: £410 to £490 a day."),
    ],
)
def test_what_is_offered(facts: dict[str, object], said: str) -> None:
    """No more is said than so many adverts carry."""
    assert said in in_words.figures(benchmark(**facts))  # type: ignore[arg-type]


def test_a_cell_is_named_and_judged() -> None:
    """Level, area, age and trend, in words."""
    cell = benchmark("Data analyst", level="senior", area="inner")
    assert in_words.heading(cell) == "Data analyst, senior, inner London"
    assert (
        in_words.heading(benchmark(period="day", middle=450_00))
        == "Data analyst, all levels, all London, day rates"
    )
    assert in_words.evidence(cell) == "24 adverts of 9 boroughs, from 4 December 2025 to 3 November 2026"
    assert in_words.trend(cell) == "Up 3.8% from the six months before to the last six, up to November 2026."
    assert in_words.trend(benchmark(trend=None)).startswith("Too few offers")
    assert in_words.likely(benchmark(likely=None)) is None
