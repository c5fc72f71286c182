"""The exact optimum of an assignment with places, and the proof of it.

Rows are given one column each, or are left outside where that is allowed; a column takes as many rows as it has
places. Costs are whole numbers, so that the least cost is exact, and the prices that come with it prove it: no
pair is cheaper than what its row pays and its column asks. The pairs that are exactly as cheap, and the columns
that have a price and so must be full, are the whole set of optimal solutions; `face` keeps just these, so that the
next objective is decided among them alone.

Only the most promising pairs of each row go to the solver at first (SciPy's LAPJVsp, the sparse Jonker-Volgenant
algorithm). Its prices show which of the others could still improve on it; they are added until none can. Memory
so grows with the pairs that are allowed, not with rows times columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from services.matching.rounds.pairs import OUTSIDE, Costs, Flags, Index, Pairs, Whole

_PROMISING = 24
_EXACT = 2**52


class NotOptimal(AssertionError):
    """The solver's answer could not be proved optimal: a defect, never a matter of the input."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """A least-cost assignment with its prices."""

    column: Index
    """Of each row; OUTSIDE where it has none."""
    pays: Whole
    """What each row pays; with `price`, never more than the cost of any pair: pays + price <= cost."""
    price: Whole
    """Of each column, 0 or below; 0 where it has a place left. The highest such prices."""


def least_cost(pairs: Pairs, cost: Costs, outside: Whole, *, known: Index | None = None) -> Optimum:
    """The assignment of least total cost: `cost` of each pair, `outside` of each row left outside.

    `known` is an assignment that is allowed; it is needed where rows may not stay outside. Raises NotOptimal when
    the prices do not prove the answer.
    """
    chosen = np.zeros(len(pairs.column), dtype=np.bool_)
    for part, row in pairs.blocks():
        chosen[part] = _promising(row, cost[part])
        if known is not None:
            chosen[part] |= pairs.column[part] == known[row]
    while True:
        found = _solve(pairs.keep(chosen), cost[chosen].astype(np.int64), outside)
        added = 0
        for part, row in pairs.blocks():
            spare = cost[part] - found.pays[row] - found.price[pairs.column[part]]
            lacking = spare < 0
            if not lacking.any():
                continue
            if (lacking & chosen[part]).any():
                raise NotOptimal("a pair that the solver had is cheaper than its prices")
            at = np.flatnonzero(lacking)
            more = at[_promising(row[at], spare[at])]
            chosen[part.start + more] = True
            added += len(more)
        if not added:
            return found


def face(pairs: Pairs, cost: Costs, outside: Whole, found: Optimum) -> tuple[Flags, Flags, Flags]:
    """Where every optimal assignment lies: which pairs it may use, which rows it may leave outside, and which
    columns it must fill."""
    tight = np.zeros(len(pairs.column), dtype=np.bool_)
    for part, row in pairs.blocks():
        tight[part] = cost[part] == found.pays[row] + found.price[pairs.column[part]]
    return tight, pairs.may_stay_out & (found.pays == outside), found.price < 0


def _promising(row: Index, cost: Costs) -> Flags:
    """The cheapest few pairs of each row; among equals, others for each row, so that not all want the same."""
    chosen = np.ones(len(row), dtype=np.bool_)
    edges = np.append(np.flatnonzero(np.diff(row, prepend=-1)), len(row)).tolist()
    for start, end in pairwise(edges):
        if end - start > _PROMISING:
            turn = int(row[start]) * 40_503 % int(end - start)
            best = np.argpartition(np.roll(cost[start:end], turn), _PROMISING)[:_PROMISING]
            chosen[start:end] = False
            chosen[start + (best - turn) % (end - start)] = True
    return chosen


def _solve(pairs: Pairs, cost: Whole, outside: Whole) -> Optimum:
    rows, columns = pairs.rows, len(pairs.places)
    row = pairs.row
    wanted = np.bincount(pairs.column, minlength=columns)
    slots = np.minimum(pairs.places, wanted)
    first = np.cumsum(slots) - slots
    copies = slots[pairs.column]
    pair = np.repeat(np.arange(len(row)), copies)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(copies) - copies, copies)
    out = np.flatnonzero(pairs.may_stay_out)
    total = int(slots.sum())
    every = np.concatenate([cost[pair], outside[out]])
    least = int(every.min(initial=0))
    if int(every.max(initial=0)) - least >= _EXACT // 4:
        raise NotOptimal("the costs are too far apart to be summed exactly")
    matrix = csr_array(
        (
            (every - least + 1).astype(np.float64),
            (
                np.concatenate([row[pair], out]),
                np.concatenate([first[pairs.column[pair]] + nth, total + out]),
            ),
        ),
        shape=(rows, total + rows),
    )
    given = np.full(rows, OUTSIDE, dtype=np.int32)
    if rows:
        at, slot = min_weight_full_bipartite_matching(matrix)
        inside = slot < total
        given[at[inside]] = np.searchsorted(np.cumsum(slots), slot[inside], side="right")
    return _priced(pairs, cost, outside, given)


def _priced(pairs: Pairs, cost: Whole, outside: Whole, given: Index) -> Optimum:
    """The highest prices that fit an assignment; NotOptimal where there are none, which is to say a better one."""
    columns = len(pairs.places)
    row = pairs.row
    costs_now = outside.copy()
    taken = pairs.column == given[row]
    costs_now[row[taken]] = cost[taken]
    price = np.zeros(columns + 1, dtype=np.int64)
    for _ in _rounds(columns + 2):
        pays = costs_now - price[given]
        asks = np.full(columns, np.iinfo(np.int64).max)
        np.minimum.at(asks, pairs.column, cost - pays[row])
        lower = np.minimum(price[:-1], asks)
        if (lower == price[:-1]).all():
            break
        price[:-1] = lower
    load = np.bincount(given[given != OUTSIDE], minlength=columns)
    unfit = (load > pairs.places).any() or (price[:-1][load < pairs.places] < 0).any()
    if unfit or (pays > outside)[pairs.may_stay_out].any() or (given[~pairs.may_stay_out] == OUTSIDE).any():
        raise NotOptimal("the assignment can be bettered")
    return Optimum(given, pays, price[:-1])


def _rounds(most: int) -> Iterator[int]:
    yield from range(most)
    raise NotOptimal("prices fall for ever: the assignment can be bettered")
