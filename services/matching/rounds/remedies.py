"""Which constraint of the whole round to relax, and how many more people it would match: computed, each by itself."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from services.matching.rounds.assignment import least_cost
from services.matching.rounds.bars import ALLOWED, Bar, kinds
from services.matching.rounds.candidates import candidates
from services.matching.rounds.pairs import OUTSIDE, Index
from services.matching.rounds.tables import Tables

ONE_MORE = "every supporter takes one person more"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A relaxation for everybody, and how many more people could be matched with it."""

    lifted: Bar
    places: int
    """Added to every supporter."""
    helped: int

    @property
    def what(self) -> str:
        """The relaxation as a person would say it."""
        said = [ALLOWED[bar] for bar in kinds(self.lifted)]
        return " and ".join(said + [ONE_MORE] * (self.places > 0))


def remedies(table: Tables, given: Index) -> tuple[Remedy, ...]:
    """What would help, most first; among equals the rule on levels last, without which nobody is a mentor. Two relaxations together where none helps by itself, then all of them.

    Empty where everybody is matched or there is no supporter.
    """
    if not (given == OUTSIDE).any() or not len(table.supplies):
        return ()
    singles = [(bar, 0) for bar in kinds(_present(table))] + [(Bar.NONE, 1)]
    for size in sorted({1, 2, len(singles)}):
        found = [_tried(table, given, choice) for choice in combinations(singles, min(size, len(singles)))]
        helpful = [one for one in found if one.helped]
        if helpful:
            return tuple(
                sorted(helpful, key=lambda one: (-one.helped, one.lifted & Bar.LEVEL, one.lifted, one.places))
            )
    return ()


def _present(table: Tables) -> Bar:
    found = 0
    for rows in table.blocks():
        found |= int(np.bitwise_or.reduce(table.bars(rows), axis=None))
    return Bar(found)


def _tried(table: Tables, given: Index, choice: tuple[tuple[Bar, int], ...]) -> Remedy:
    lifted, places = Bar.NONE, 0
    for bar, more in choice:
        lifted, places = lifted | bar, places + more
    pairs, nothing = candidates(table, lifted=lifted, scored=False)
    pairs = replace(pairs, places=pairs.places + places)
    found = least_cost(pairs, nothing, np.ones(pairs.rows, dtype=np.int64), known=given)
    return Remedy(lifted, places, int((found.column != OUTSIDE).sum() - (given != OUTSIDE).sum()))
