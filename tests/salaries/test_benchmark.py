"""The figures of a cell: exact, against Python's statistics and against PostgreSQL."""

import statistics
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.salaries.benchmark import benchmark, difference, quantile, quantiles
from services.salaries.cells import Cell
from services.salaries.observations import observe
from tests.salaries.hearing import BARNET, a_role, percentiles

amounts = st.lists(st.integers(0, 400_000_00), min_size=1, max_size=60)
LEAD = Cell("Data engineer", "lead", "inner")


@settings(max_examples=200)
@given(amounts.filter(lambda pence: len(pence) > 1), st.integers(1, 99))
def test_quantiles_are_those_of_the_statistics_module(pence: list[int], percent: int) -> None:
    """Exactly the inclusive quantile in fractions, rounded half to even to the penny."""
    exact = statistics.quantiles([Fraction(amount) for amount in pence], n=100, method="inclusive")
    assert quantile(sorted(pence), Fraction(percent, 100)) == round(exact[percent - 1])


@settings(max_examples=60)
@given(amounts)
async def test_quantiles_are_postgresql_s_to_the_penny(db: Any, pence: list[int]) -> None:
    """percentile_cont over the same amounts differs by rounding alone."""
    sql = "SELECT percentile_cont($1::float8[]) WITHIN GROUP (ORDER BY a) FROM unnest($2::bigint[]) AS a"
    theirs = await db.fetchval(sql, [0.1, 0.25, 0.5, 0.75, 0.9], pence)
    ours = quantiles(pence)
    assert ours is not None
    for one, other in zip(ours.model_dump().values(), theirs, strict=True):
        assert abs(one - other) <= 0.5 + 1e-6


@given(amounts)
def test_quantiles_rise_and_lie_between_the_ends(pence: list[int]) -> None:
    """Five figures in rising order within what is offered; their order of arrival does not matter."""
    found = quantiles(pence)
    assert found is not None
    told = list(found.model_dump().values())
    assert told == sorted(told)
    assert min(pence) <= told[0]
    assert told[-1] <= max(pence)
    assert quantiles(reversed(pence)) == found
    assert found.model_dump() == percentiles(pence)


def test_half_a_penny_goes_to_the_even_one() -> None:
    """Between 1 and 2 pence lies 2, between 2 and 3 lies 2."""
    assert [quantile([low, low + 1], Fraction(1, 2)) for low in (1, 2)] == [2, 2]


def test_amounts_that_are_not_known_are_passed_over() -> None:
    """A cell whose adverts print no upper end has no figures at the top, and none at all if nothing is known."""
    assert quantiles([None, 5, None]) == quantiles([5])
    assert quantiles([None]) is quantiles([]) is None


def test_a_cell_counts_its_own_observations_alone() -> None:
    """Other levels, areas and left-out offers do not count; boroughs and days are those of the offers inside."""
    offers = [
        a_role(id="1"),
        a_role(id="2", level="senior"),
        a_role(id="3", authorities=(BARNET,)),
        a_role(id="4", pay=None),
    ]
    found = benchmark(LEAD, map(observe, offers), family="Data", revision=7)
    assert (found.id, found.revision, found.adverts, found.boroughs) == ("data-engineer.lead.inner", 7, 1, 1)
    assert found.middle == quantiles([55_000_00])
    assert found.oldest == found.freshest == observe(offers[0]).seen_on


def test_an_empty_cell_has_no_figures() -> None:
    """Nothing in it any more: no quantiles, no days, zero adverts."""
    found = benchmark(LEAD, [], family="Data", revision=2)
    assert (found.bottom, found.middle, found.top, found.adverts, found.oldest) == (None, None, None, 0, None)


def test_a_difference_names_fields_but_never_the_revision() -> None:
    """The same figures under another revision are no difference."""
    one = benchmark(LEAD, [observe(a_role())], family="Data", revision=1)
    assert difference(one, one.model_copy(update={"revision": 2})) == ()
    more = benchmark(
        LEAD, [observe(a_role()), observe(a_role(pay=(50_000_00, 70_000_00)))], family="Data", revision=2
    )
    assert difference(one, more) == ("middle", "top", "adverts")
