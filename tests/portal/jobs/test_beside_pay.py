"""Pay beside its benchmark: the right cell, a true sentence, a chart on one scale, and why not where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Benchmark
from loti_contracts.events.benchmarks import Quantiles
from services.portal.jobs.beside_pay import Beside, NotBeside, benchmark_period, beside
from services.portal.jobs.pay_chart import pay_chart
from tests.portal.jobs.making import HACKNEY, SUTTON, paid, role

_PAY = st.integers(1_000_00, 200_000_00)


def cell(level: str = "senior", area: str = "inner", *, adverts: int = 12, middle: int = 64_000) -> Benchmark:
    """A benchmark of enterprise architects around `middle` pounds a year."""
    at = [middle * share for share in (80, 90, 100, 110, 120)]
    figures = Quantiles(p10=at[0], p25=at[1], p50=at[2], p75=at[3], p90=at[4])
    return Benchmark.model_validate(
        {
            "id": f"enterprise-architect.{level}.{area}",
            "revision": 1,
            "standard_role": "Enterprise architect",
            "family": "Architecture",
            "level": level,
            "area": area,
            "middle": figures,
            "adverts": adverts,
            "boroughs": min(adverts, 5),
        }
    )


CELLS = [cell(), cell(area="london"), cell("all"), cell("all", "london")]


@pytest.mark.parametrize(
    ("facts", "cells", "wanted"),
    [
        ({}, CELLS, "enterprise-architect.senior.inner"),
        ({"boroughs": [SUTTON]}, CELLS, "enterprise-architect.senior.london"),
        ({"boroughs": [HACKNEY, SUTTON]}, CELLS, "enterprise-architect.senior.london"),
        ({"level": "lead"}, CELLS, "enterprise-architect.all.inner"),
        ({"level": None}, CELLS, "enterprise-architect.all.inner"),
        ({}, [cell(adverts=1), cell("all", adverts=9)], "enterprise-architect.all.inner"),
        ({}, [cell(adverts=1), cell("all", adverts=2)], "enterprise-architect.all.inner"),
    ],
)
def test_a_role_is_measured_by_the_narrowest_cell_with_enough_offers(
    facts: dict[str, object], cells: list[Benchmark], wanted: str
) -> None:
    """Its own level and area first, then all of London, then all levels; of too few offers, the most."""
    found = beside(role(**facts), cells)  # type: ignore[arg-type]
    assert isinstance(found, Beside)
    assert found.cell.id == wanted


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (40_000, 42_000, "is below the middle half"),
        (60_000, 70_000, "is within"),
        (90_000, 99_000, "is above"),
    ],
)
def test_the_sentence_says_where_the_offer_lies(low: int, high: int, says: str) -> None:
    """By the middle of the offer against the middle half of the others."""
    found = beside(role(pay=(low, high)), CELLS)
    assert isinstance(found, Beside)
    assert says in found.sentence


def test_few_offers_call_nothing_high_or_low() -> None:
    """One other offer is no market."""
    found = beside(role(pay=(90_000, 99_000)), [cell(adverts=1)])
    assert isinstance(found, Beside)
    assert "only 1 offer" in found.sentence


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"pay": None}, "does not say what it pays"),
        ({"standard_role": None}, "No standard role fits"),
        ({"pay": (18, 19), "period": "hour"}, "paid by the hour"),
        ({"pay": (None, None)}, "No amounts could be read"),
        ({}, "no benchmark"),
    ],
)
def test_where_nothing_can_be_compared_it_is_said_why(facts: dict[str, object], why: str) -> None:
    """The reader never looks at an empty place."""
    found = beside(role(**facts), [])  # type: ignore[arg-type]
    assert isinstance(found, NotBeside)
    assert why in found.why


def test_only_pay_by_the_year_or_day_has_cells() -> None:
    """Cells of the role's own period are asked for, or none."""
    assert benchmark_period(role()) == "year"
    assert benchmark_period(role(pay=(450, 500), period="day")) == "day"
    assert benchmark_period(role(pay=(18, 19), period="hour")) is None


@given(st.lists(_PAY, min_size=5, max_size=5).map(sorted), st.lists(_PAY, min_size=2, max_size=2).map(sorted))
def test_the_chart_keeps_order_and_stays_inside(figures: list[int], offer: list[int]) -> None:
    """Whatever the figures, what is more lies further right, all of it within the picture, on two to five lines."""
    names = ("p10", "p25", "p50", "p75", "p90")
    one = cell().model_copy(update={"middle": Quantiles(**dict(zip(names, figures, strict=True)))})
    offered = role(pay=None).model_copy(
        update={"pay": paid(0, 0).model_copy(update={"minimum": offer[0], "maximum": offer[1]})}
    )
    found = beside(offered, [one])
    assert isinstance(found, Beside)
    chart = pay_chart(found)
    placed = [chart.tenth, chart.quarter, chart.median, chart.upper_quarter, chart.upper_tenth]
    assert placed == sorted(placed)
    assert chart.low <= chart.high
    assert all(
        0 <= x <= chart.width for x in (*placed, chart.low, chart.high, *(tick.x for tick in chart.ticks))
    )
    assert 2 <= len(chart.ticks) <= 5
    assert len({tick.text for tick in chart.ticks}) == len(chart.ticks)
