"""A cell whose median certainly stays is told so without finding it, and never wrongly."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from services.salaries.cells import Cell
from services.salaries.ledger import MIDDLE, CellState, Ledger
from services.salaries.observations import Observation
from services.salaries.quantiles import MEDIAN, weighted
from services.salaries.rules import Rules
from services.salaries.signals import moved
from services.salaries.watching import band, nodes_of, stays, watch
from services.salaries.weights import weight

CELL = Cell("Data engineer", "lead", "inner")
RULES = Rules()

offers = st.lists(
    st.tuples(st.integers(30_000_00, 70_000_00), st.integers(2022, 2026)), min_size=1, max_size=40
)


@settings(max_examples=300)
@given(offers, offers, st.integers(40_000_00, 60_000_00), st.lists(st.booleans(), max_size=20))
def test_a_median_that_stays_gives_no_signal(
    before: list[tuple[int, int]], later: list[tuple[int, int]], told: int, gone: list[bool]
) -> None:
    """With offers before it was watched, others afterwards, and some of the first taken back."""
    ledger = _watched_cell(told)
    state = ledger.cells[CELL]
    for one in before:
        ledger.count(_offer(*one), 1)
    ends = band(state, RULES.signal_percent)
    assert nodes_of(state, ends) == []
    watch(state, ends)
    for one in later:
        ledger.count(_offer(*one), 1)
    left = [one for one, taken in zip(before, gone, strict=False) if not taken] + before[len(gone) :]
    for one, taken in zip(before, gone, strict=False):
        if taken:
            ledger.count(_offer(*one), -1)
    paid = [_weighed(one) for one in left + later]
    median = weighted(paid, MEDIAN)
    if stays(state):
        assert (
            moved(CELL, told=told, median=median, adverts=len(paid), moves=0, percent=RULES.signal_percent)
            is None
        )


def test_much_within_the_band_stays() -> None:
    """Twenty offers a pound apart around what was told: nothing has to be found."""
    ledger = _watched_cell(50_000_00)
    state = ledger.cells[CELL]
    watch(state, band(state, RULES.signal_percent))
    for pounds in range(20):
        ledger.count(_offer(50_000_00 + pounds * 100, 2026), 1)
    assert stays(state)
    assert state.trees[MIDDLE].adverts == 20


def _watched_cell(told: int) -> Ledger:
    """One that every inner offer counts in, with everything in hand; the cells beside it are there as well."""
    cells = [Cell("Data engineer", level, area) for level in ("lead", "all") for area in ("inner", "london")]
    states = {cell: CellState(cell, number, None) for number, cell in enumerate(cells)}
    states[CELL].told_median = told
    ledger = Ledger(states, RULES)
    ledger.book.whole.update(range(len(cells)))
    for state in states.values():
        for tree in state.trees:
            tree.whole = True
    return ledger


def _offer(pence: int, year: int) -> Observation:
    return Observation(
        role_id="role",
        revision=1,
        standard_role="Data engineer",
        family="Data",
        level="lead",
        areas=frozenset({"inner"}),
        authorities=frozenset({"E09000007"}),
        bottom=pence,
        top=pence,
        seen_on=date(year, 6, 1),
        why_left_out=None,
    )


def _weighed(one: tuple[int, int]) -> tuple[int, int]:
    offer = _offer(*one)
    return one[0], weight(offer.month, half_life_months=RULES.half_life_months)
