"""What the benches of pages and of growth say of their figures is what those were."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.settings import SERVICES
from tests.bench.growth import images
from tests.bench.growth.by_size import figures, growth
from tests.bench.names import NAMES
from tests.bench.pages.answering import told
from tests.bench.results import Scale

SIZES: Final = (10, 100, 1_000)


@given(cost=st.floats(0.001, 1_000), power=st.floats(0, 3))
def test_growth_is_the_power_by_which_a_figure_grows(cost: float, power: float) -> None:
    """0 for what stays as it is, 1 for what grows with the size, 2 for what grows with its square; each round its own."""
    by_size = {size: [cost * size**power, cost] for size in SIZES}
    found = growth(by_size)
    assert found.values == pytest.approx((power, 0), abs=1e-6)
    assert [one.values for one in figures("work", "s", "things", by_size)] == [
        tuple(one) for one in by_size.values()
    ]


def test_a_kind_of_page_that_is_late_is_counted() -> None:
    """Of three kinds two are late in the largest database, one of them in one round of three alone; what is late in a
    smaller one is not."""
    quick, slow, wavers = (0.010,) * 40, (0.060,) * 40, (0.049,) * 40
    late = (*wavers[1:], 0.090)
    rounds = [
        {10: {"a": slow, "b": slow, "c": slow}, 100: {"a": quick, "b": slow, "c": of_c}}
        for of_c in (wavers, late, wavers)
    ]
    found = told(rounds, (10, 100))
    assert found["kinds of page over 50 ms at p99"].values == (1, 2, 1)
    assert found.series[1].name == "b: p99"
    assert found.reaches[0].reached(found) is False


async def test_every_service_is_weighed() -> None:
    """By its packages at least, each of which weighs something."""
    found = await images.bench(Scale(rounds=1, quick=True))
    packages = {one.name: one.values[0] for one in found.series if one.name.endswith(": packages")}
    assert set(packages) == {f"{name}: packages" for name in SERVICES}
    assert min(packages.values()) > 1


def test_what_was_slow_can_be_measured_by_name() -> None:
    """Start, pages and growth are benches like the others."""
    assert {"pages", "up", "services", "benchmarks", "rounds", "demand", "newsletter", "images"} <= set(NAMES)
