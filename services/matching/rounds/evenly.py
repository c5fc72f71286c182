"""Equal treatment of boroughs, as part of an assignment.

Being left out becomes a place of one's borough. The k-th such place of a borough with n people costs (2k − 1) / n,
so k of them cost k² / n: for a given number of people left out, the sum is least where every borough has the same
share of its people left out.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.matching.rounds.pairs import OUTSIDE, Flags, Index, Pairs, Whole
from services.matching.rounds.scoring import MILLION

MOST = 5_000_000
"""Pairs of a person with a place outside that are still solved."""


@dataclass(frozen=True, slots=True)
class Evenly:
    """Pairs with the places outside among their columns; those whom it may concern may not stay out otherwise."""

    pairs: Pairs
    cost: Whole
    """Of each pair: 0, or what being left out costs, in millionths."""
    left_out: Flags
    """Which pairs stand for being left out."""
    given: Index


def evenly(pairs: Pairs, given: Index, boroughs: Index) -> Evenly | None:
    """The places outside for those who may or may not be matched; None where they would be too many."""
    columns = len(pairs.places)
    people = np.bincount(boroughs)
    choice = pairs.may_stay_out & (np.diff(pairs.start) > 0)
    certain = np.bincount(boroughs[pairs.may_stay_out & ~choice], minlength=len(people))
    chance = np.bincount(boroughs[choice], minlength=len(people))
    if int((chance.astype(np.int64) ** 2).sum()) > MOST:
        return None
    first = columns + np.cumsum(chance) - chance
    rows = np.flatnonzero(choice)
    copies = chance[boroughs[rows]]
    row = np.repeat(rows, copies)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(copies) - copies, copies)
    column = first[boroughs[row]] + nth
    taken = certain[boroughs[row]] + nth + 1
    cost = (2 * MILLION * (2 * taken - 1) + people[boroughs[row]]) // (2 * people[boroughs[row]])
    order = np.argsort(np.concatenate([pairs.row, row]), kind="stable")
    all_columns = np.concatenate([pairs.column, column])[order]
    counts = np.diff(pairs.start) + np.bincount(row, minlength=pairs.rows)
    widened = replace(
        pairs,
        start=np.concatenate([[0], np.cumsum(counts)]),
        column=all_columns.astype(np.int32),
        places=np.concatenate([pairs.places, np.ones(int(chance.sum()), dtype=np.int64)]),
        may_stay_out=pairs.may_stay_out & ~choice,
    )
    placed = given.copy()
    out = rows[given[rows] == OUTSIDE]
    placed[out] = first[boroughs[out]] + _nth_of_its_kind(boroughs[out])
    costs = np.concatenate([np.zeros(len(pairs.column), dtype=np.int64), cost])[order]
    return Evenly(widened, costs, all_columns >= columns, placed)


def unevenness(given: Index, boroughs: Index) -> int:
    """What `evenly` makes least: the sum over boroughs of (people left out)² / people, in millionths."""
    people = np.bincount(boroughs)
    left = np.bincount(boroughs[given == OUTSIDE], minlength=len(people))
    return sum(
        int((2 * MILLION * (2 * nth - 1) + of) // (2 * of))
        for of, out in zip(people.tolist(), left.tolist(), strict=True)
        for nth in range(1, out + 1)
    )


def _nth_of_its_kind(kinds: NDArray[np.int32]) -> NDArray[np.int64]:
    """0 for the first of each kind, 1 for the second, and so on."""
    order = np.argsort(kinds, kind="stable")
    ordered = kinds[order]
    start = np.searchsorted(ordered, ordered)
    nth = np.empty(len(kinds), dtype=np.int64)
    nth[order] = np.arange(len(kinds)) - start
    return nth
