"""What of an advert's offer may be compared, and in which cells it counts."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from loti_contracts.events import Pay
from loti_contracts.vocabulary import LEVELS, standard_roles
from services.salaries.cells import Cell, cells_of, touched
from services.salaries.comparable import PLAUSIBLE
from services.salaries.ledger import same_offer
from services.salaries.observations import comparably, observe
from services.salaries.rules import Rules
from tests.salaries.hearing import BARNET, CAMDEN, HACKNEY, SUTTON, a_role, closed

LOWEST, HIGHEST = PLAUSIBLE["year"]


def test_a_yearly_offer_counts_with_both_its_ends() -> None:
    """Bottom and top are the printed ends, the middle lies half-way, to the penny below."""
    seen = observe(a_role(pay=(50_000_00, 60_000_01)))
    assert (seen.bottom, seen.middle, seen.top) == (50_000_00, 55_000_00, 60_000_01)
    assert (seen.counts, seen.why_left_out, seen.seen_on) == (True, None, date(2026, 11, 1))


@pytest.mark.parametrize(("low", "high"), [(None, 60_000_00), (60_000_00, None)])
def test_one_end_is_half_an_offer(low: int | None, high: int | None) -> None:
    """“Up to £60,000” counts at the top alone; it has no middle."""
    seen = observe(a_role(pay=(low, high)))
    assert (seen.bottom, seen.middle, seen.top, seen.counts) == (low, None, high, True)


@pytest.mark.parametrize(
    ("differences", "why"),
    [
        ({"standard_role": None}, "no standard role"),
        ({"authorities": ()}, "authority"),
        ({"pay": None}, "no pay is printed"),
        ({"pay": Pay(text="Competitive", why_not="it names no amount")}, "it names no amount"),
        ({"pay": Pay(text="£50,000", minimum=50_000_00)}, "period"),
        ({"pay": Pay(text="£30,000", minimum=30_000_00, period="year", basis="actual")}, "actual hours"),
        ({"pay": (LOWEST - 1, 50_000_00)}, "implausible"),
        ({"pay": (50_000_00, HIGHEST + 1)}, "implausible"),
        ({"pay": (60_000_00, 50_000_00)}, "implausible"),
    ],
)
def test_what_cannot_be_compared_is_left_out_with_its_reason(differences: dict[str, Any], why: str) -> None:
    """It is kept, has no amounts, counts in no cell, and says why."""
    seen = observe(a_role(**differences))
    assert why in (seen.why_left_out or "")
    assert (seen.counts, seen.bottom, seen.middle, seen.top) == (False, None, None, None)
    assert cells_of(seen) == frozenset()


@pytest.mark.parametrize("basis", [None, "fte"])
def test_the_limits_themselves_are_plausible(basis: str | None) -> None:
    """The least and the most that are believed, full-time equivalent or not said otherwise."""
    pay = Pay(text="-", minimum=LOWEST, maximum=HIGHEST, period="year", basis=basis)
    assert observe(a_role(pay=pay)).counts


def test_an_advert_without_a_date_was_seen_when_it_was_found() -> None:
    """The day it was found stands in for the day it was posted."""
    assert observe(a_role(posted_on=None)).seen_on == date(2026, 11, 2)


def test_an_offer_cannot_be_made_after_it_was_found() -> None:
    """A date to come is a slip, or the day it starts: the day it was found counts, so that it is not overweighed."""
    assert observe(a_role(posted_on=date(2031, 1, 1))).seen_on == date(2026, 11, 2)


def test_closing_takes_nothing_back() -> None:
    """The offer was made, whether or not the job is still open; it fades by its age alone."""
    now = observe(closed(a_role()))
    assert same_offer(now, observe(a_role()))
    assert (now.counts, now.amounts, now.advert.closed) == (True, observe(a_role()).amounts, True)


def test_a_readvertised_role_is_an_offer_of_its_own() -> None:
    """The borough offered it again: it counts beside the earlier one, from its own day on."""
    again = observe(a_role(id="role-2", readvertises="role-1", posted_on=date(2026, 11, 2)))
    assert (again.role_id, again.counts, again.seen_on) == ("role-2", True, date(2026, 11, 2))


def test_hours_are_read_from_the_advert() -> None:
    """Pay for the actual hours counts in full where the description names them."""
    pay = Pay(text="£30,000 actual", minimum=30_000_00, maximum=30_000_00, period="year", basis="actual")
    seen = observe(a_role(pay=pay, description="A good job.\nIt is 18 hours per week.\nApply."))
    assert (seen.bottom, seen.rule, seen.advert.hours_said) == (
        60_000_00,
        "lifted",
        "It is 18 hours per week.",
    )
    assert comparably(seen, Rules(week_hours=Fraction(30))).bottom == 50_000_00


def test_day_rates_have_cells_of_their_own() -> None:
    """Their ids end in .day; they are never beside salaries."""
    rate = observe(a_role(pay=Pay(text="£400 a day", minimum=400_00, maximum=450_00, period="day")))
    cells = cells_of(rate)
    assert {cell.period for cell in cells} == {"day"}
    assert "data-engineer.lead.inner.day" in {cell.id for cell in cells}
    assert not cells & cells_of(observe(a_role()))


def test_an_offer_counts_for_its_level_and_all_in_its_area_and_london() -> None:
    """Four cells for a level and an area; two without a level; six where two areas share the post."""
    four = {Cell("Data engineer", level, area) for level in ("all", "lead") for area in ("london", "inner")}
    assert cells_of(observe(a_role())) == four
    assert cells_of(observe(a_role(authorities=(CAMDEN, HACKNEY)))) == four
    assert {c.level for c in cells_of(observe(a_role(level=None)))} == {"all"}
    both = cells_of(observe(a_role(authorities=(CAMDEN, BARNET, SUTTON))))
    assert {cell.area for cell in both} == {"london", "inner", "outer"}
    assert len(both) == 6
    assert all(cell.holds(observe(a_role())) == (cell in four) for cell in both | four)


def test_a_move_touches_the_cells_left_and_the_cells_entered() -> None:
    """Each once, in one order."""
    before, after = observe(a_role()), observe(a_role(level="senior"))
    cells = touched([before], [after])
    assert set(cells) == cells_of(before) | cells_of(after)
    assert cells == sorted(set(cells))


def test_every_cell_has_an_id_of_its_own() -> None:
    """No two cells of any standard role, level and area share an id, and an id is fit for a key."""
    ids = [
        Cell(role, level, area, period).id
        for period in ("year", "day")
        for role in standard_roles()
        for level in ("all", *LEVELS)
        for area in ("inner", "outer", "london")
    ]
    assert len(set(ids)) == len(ids)
    assert all(len(id_) <= 200 and id_.isascii() and " " not in id_ for id_ in ids)
