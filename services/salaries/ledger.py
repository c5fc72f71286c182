"""The cells of one batch as they change offer by offer, before they are saved."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from loti_contracts.events import Benchmark
from services.salaries.book import Book
from services.salaries.cells import Cell, cells_of
from services.salaries.observations import Observation
from services.salaries.quantiles import Sums
from services.salaries.rules import Rules
from services.salaries.steps import Tree
from services.salaries.weights import weight

MEASURES = (0, 1, 2)
MIDDLE = 1


@dataclass(slots=True)
class Watch:
    """The weight of the middles that are less than `low`, and of those that are less than `high`, in pence."""

    low: int
    high: int
    below: int
    up_to: int

    def count(self, pence: int, heft: int) -> None:
        """One offer more, of that weight; or less, where it is negative."""
        if pence < self.high:
            self.up_to += heft
            if pence < self.low:
                self.below += heft


@dataclass(slots=True)
class CellState:
    """One cell: what was last said of it, its sums, and what changed of its boroughs, days and months."""

    cell: Cell
    number: int
    was: Benchmark | None
    family: str = ""
    adverts: int = 0
    sums: list[Sums] = field(default_factory=lambda: [Sums(), Sums(), Sums()])
    told_median: int | None = None
    moves: int = 0
    boroughs: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    months: Counter[int] = field(default_factory=Counter)
    changed: bool = False
    trees: tuple[Tree, ...] = ()
    """Where bottom, middle and top are counted; the ledger gives them."""
    watch: Watch | None = None

    @property
    def middles(self) -> Sums:
        """The sums of the offers that have a middle."""
        return self.sums[MIDDLE]


@dataclass(slots=True)
class Ledger:
    """All cells that a batch may touch, and their counted steps as far as they are in hand."""

    cells: dict[Cell, CellState]
    rules: Rules
    book: Book = field(default_factory=Book)

    _states: dict[frozenset[Cell], list[CellState]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give each cell its trees."""
        for state in self.cells.values():
            state.trees = tuple(self.book.tree(state.number, measure) for measure in MEASURES)

    def states_of(self, *observations: Observation) -> list[CellState]:
        """The cells that any of these observations counts in, in order."""
        cells = frozenset[Cell]().union(*map(cells_of, observations))
        states = self._states.get(cells)
        if states is None:
            states = self._states[cells] = [self.cells[cell] for cell in sorted(cells)]
        return states

    def count(self, observation: Observation, sign: int) -> None:
        """Count an offer in (sign 1), or take it back exactly (sign -1)."""
        month, middle = observation.month, observation.middle
        heft = weight(month, half_life_months=self.rules.half_life_months)
        amounts = [(measure, pence) for measure, pence in enumerate(observation.amounts) if pence is not None]
        for state in self.states_of(observation):
            state.changed = True
            state.adverts += sign
            state.family = observation.family or state.family
            state.days[observation.seen_on] += sign
            for gss in state.cell.boroughs_of(observation):
                state.boroughs[gss] += sign
            for measure, pence in amounts:
                state.sums[measure] = state.sums[measure].plus(heft, sign)
                state.trees[measure].add(pence, heft, sign)
            if middle is not None:
                state.months[month] += sign
                if state.watch is not None:
                    state.watch.count(middle, sign * heft)
                self.book.tree(state.number, MIDDLE, month).add(middle, 1, sign)


def same_offer(one: Observation, other: Observation) -> bool:
    """Whether two revisions of a role are one offer: no figure changes."""
    if not one.counts and not other.counts:
        return True
    return (
        cells_of(one) == cells_of(other)
        and one.amounts == other.amounts
        and one.seen_on == other.seen_on
        and one.authorities == other.authorities
    )
