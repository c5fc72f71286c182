"""A cell's whole benchmark: what it is made of, and how far it carries."""

from datetime import date

import pytest

from loti_contracts.events import Benchmark, BenchmarkUpdated, Quantiles
from services.salaries.benchmark import benchmark, difference
from services.salaries.cells import Cell
from services.salaries.confidence import confidence
from services.salaries.observations import observe
from services.salaries.quantiles import Sums
from services.salaries.rules import Rules
from services.salaries.trend import trend
from tests.salaries.by_hand import counted
from tests.salaries.hearing import BARNET, CAMDEN, HACKNEY, a_role, figures

LEAD = Cell("Data engineer", "lead", "inner")


def test_a_cell_counts_its_own_observations_alone() -> None:
    """Other levels, areas, periods and left-out offers do not count; boroughs and days are those of the offers
    inside."""
    offers = [
        a_role(id="1"),
        a_role(id="2", level="senior"),
        a_role(id="3", authorities=(BARNET,)),
        a_role(id="4", pay=None),
    ]
    found = benchmark(LEAD, map(observe, offers), family="Data", revision=7)
    assert (found.id, found.revision, found.adverts, found.boroughs) == ("data-engineer.lead.inner", 7, 1, 1)
    assert found.middle == Quantiles(**dict.fromkeys(("p10", "p25", "p50", "p75", "p90"), 55_000_00))
    assert found.oldest == found.freshest == observe(offers[0]).seen_on


def test_it_is_the_count_by_hand() -> None:
    """Forty offers of three years in four boroughs: every field of every cell."""
    roles = [
        a_role(
            id=f"role-{n}",
            pay=(40_000_00 + n * 317_31, 48_000_00 + n * 523_17),
            authorities=((CAMDEN, HACKNEY, BARNET)[n % 3],),
            level=("lead", "senior")[n % 2],
            posted_on=date(2024 + n % 3, 1 + n % 10, 1 + n % 28),
        )
        for n in range(40)
    ]
    for half_life in (6, 12, 25):
        rules = Rules(half_life_months=half_life)
        for (role, level, area, _), by_hand in counted(roles, half_life).items():
            offers = [observe(one, rules) for one in roles]
            found = benchmark(Cell(role, level, area), offers, family="Data", revision=1, rules=rules)
            assert figures(found) == by_hand
            assert found.trend
            assert found.trend.months


def test_an_empty_cell_has_no_figures() -> None:
    """Nothing in it any more: no quantiles, no days, no trend, no confidence, zero adverts."""
    found = benchmark(LEAD, [], family="Data", revision=2)
    assert (found.bottom, found.middle, found.top, found.adverts, found.oldest) == (None, None, None, 0, None)
    assert (found.trend, found.likely, found.effective, found.confidence) == (None, None, 0.0, "none")
    assert found.half_life_months is None


@pytest.mark.parametrize(
    ("offers", "boroughs", "expected"),
    [
        (0, 0, "none"),
        (1, 1, "low"),
        (5, 5, "low"),
        (6, 2, "low"),
        (6, 3, "medium"),
        (28, 33, "medium"),
        (29, 7, "medium"),
        (29, 8, "high"),
    ],
)
def test_confidence_needs_offers_and_boroughs(offers: int, boroughs: int, expected: str) -> None:
    """Medium from six offers of three boroughs, high from twenty-nine of eight."""
    assert confidence(Sums(offers, offers, offers), boroughs) == expected


def test_old_offers_carry_less() -> None:
    """A hundred offers of which one outweighs all others are worth little more than one."""
    assert confidence(Sums(100, 99 + 10_000, 99 + 10_000**2), 30) == "low"


def test_a_trend_is_the_twelve_months_to_the_freshest_offer() -> None:
    """The change compares the two halves of that year, each month as heavy as its adverts; older months are out."""
    year = 2026 * 12
    months = [(year - 1, 90, 10), (year, 5, 100_00), (year + 6, 1, 100_00), (year + 11, 4, 110_00)]
    found = trend(months, date(2026, 12, 31))
    assert found is not None
    assert [month.month for month in found.months] == ["2026-01", "2026-07", "2026-12"]
    assert found.change == 800
    earlier = trend(months, date(2026, 11, 30))
    assert earlier is not None
    assert [month.month for month in earlier.months] == ["2025-12", "2026-01", "2026-07"]


def test_four_offers_in_half_a_year_are_no_trend() -> None:
    """The months are shown, the change is not named."""
    found = trend([(24000, 9, 100), (24011, 4, 200)], date(2000, 12, 1))
    assert found is not None
    assert (len(found.months), found.change) == (2, None)
    assert trend([], None) is None


def test_a_difference_names_fields_but_never_the_revision() -> None:
    """The same figures under another revision are no difference."""
    one = benchmark(LEAD, [observe(a_role())], family="Data", revision=1)
    assert difference(one, one.model_copy(update={"revision": 2})) == ()
    more = one.model_copy(update={"revision": 2, "adverts": 2, "effective": 2.0})
    assert difference(one, more) == ("adverts", "effective")


def test_a_message_of_the_first_version_is_read() -> None:
    """What was said before weights, days and trends were: the new fields are null, the period is the year."""
    quantiles = '{"p10": 1, "p25": 2, "p50": 3, "p75": 4, "p90": 5}'
    old = f"""{{"changed": [], "benchmark": {{"id": "data-engineer.all.london", "revision": 4,
        "standard_role": "Data engineer", "family": "Data", "level": "all", "area": "london", "period": "year",
        "bottom": {quantiles}, "middle": null, "top": null, "adverts": 1, "boroughs": 1,
        "oldest": "2026-11-11", "freshest": "2026-11-11"}}}}"""
    read = BenchmarkUpdated.model_validate_json(old).benchmark
    new = set(Benchmark.model_fields) & {"half_life_months", "effective", "confidence", "likely", "trend"}
    assert {getattr(read, name) for name in new} == {None}
    assert (read.bottom and read.bottom.p50, read.period, read.contributed) == (3, "year", None)
