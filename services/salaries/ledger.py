"""The cells of one batch as they change offer by offer, before they are saved."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from loti_contracts.events import Benchmark
from services.salaries.cells import Cell, cells_of
from services.salaries.observations import Observation
from services.salaries.quantiles import Sums
from services.salaries.rules import Rules
from services.salaries.steps import Book, Tree
from services.salaries.weights import weight

MEASURES = (0, 1, 2)
MIDDLE = 1


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

    @property
    def middles(self) -> Sums:
        """The sums of the offers that have a middle."""
        return self.sums[MIDDLE]

    def tree(self, measure: int = MIDDLE, month: int = 0) -> Tree:
        """Where its steps are counted."""
        return Tree(self.number, measure, month)


@dataclass(slots=True)
class Ledger:
    """All cells that a batch may touch, and their counted steps as far as they are in hand."""

    cells: dict[Cell, CellState]
    rules: Rules
    book: Book = field(default_factory=Book)

    def states_of(self, observations: Iterable[Observation]) -> list[CellState]:
        """The cells that any of these observations counts in, in order."""
        return [self.cells[cell] for cell in sorted({cell for one in observations for cell in cells_of(one)})]

    def count(self, observation: Observation, sign: int) -> None:
        """Count an offer in (sign 1), or take it back exactly (sign -1)."""
        heft = weight(observation.month, half_life_months=self.rules.half_life_months)
        for state in self.states_of([observation]):
            state.changed = True
            state.adverts += sign
            state.family = observation.family or state.family
            state.days[observation.seen_on] += sign
            for gss in state.cell.boroughs_of(observation):
                state.boroughs[gss] += sign
            for measure in MEASURES:
                pence = observation.amounts[measure]
                if pence is not None:
                    state.sums[measure] = state.sums[measure].plus(heft, sign)
                    self.book.add(state.tree(measure), pence, heft, sign)
            if observation.middle is not None:
                state.months[observation.month] += sign
                self.book.add(state.tree(month=observation.month), observation.middle, 1, sign)


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
