"""The nearest thing that would have matched somebody who was left out. What it says is true of every best round.

Lifting a bar on one pair matches the person for certain when the supporter has a place free, or can be given one
by others moving: the round then has one pair more, and only this one can be it.

Further places at a supporter match the person for certain when there is one more of them than there are people
left out who might come first. Who might is read off the prices of the optimum: those whom a chain of moves leads
to the supporter at a loss no greater than the person's own. Were the person still left out, one of the chains
that the new places serve would lead to somebody who loses more, and the person in their stead would be better.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from services.matching.rounds.assignment import Optimum
from services.matching.rounds.bars import Bar
from services.matching.rounds.pairs import OUTSIDE, Costs, Flags, Index, Pairs
from services.matching.rounds.people import Supply
from services.matching.rounds.tables import Tables

_ARCS = 400_000
_FAR = 2**40


@dataclass(frozen=True, slots=True)
class Nearest:
    """What would have matched a person: bars lifted for one pair, places added to its supporter."""

    supply: Supply
    lifted: Bar
    places: int


@dataclass(frozen=True, slots=True)
class _Wish:
    row: int
    column: int
    loss: int
    bars: int


def nearest(
    table: Tables, pairs: Pairs, cost: Costs, given: Index, optimum: Optimum
) -> dict[int, Nearest | None]:
    """For the row of each person left out, what would have matched them; None where there is no supporter."""
    left = np.flatnonzero(given == OUTSIDE).astype(np.int32)
    if not len(table.supplies):
        return dict.fromkeys(left.tolist())
    free = _can_make_room(pairs, given)
    allowed: dict[int, _Wish] = {}
    lifted: dict[int, _Wish] = {}
    for wish, is_free in _wishes(table, left, free, optimum):
        (lifted if is_free else allowed)[wish.row] = wish
    counted = [one for row, one in allowed.items() if one.bars == 0 or row not in lifted]
    places = _places(pairs, cost, given, optimum, counted)
    found: dict[int, Nearest | None] = {}
    for row in left.tolist():
        room, bar = allowed.get(row), lifted.get(row)
        if room is not None and (bar is None or _nearer(room, places.get(row, 0), bar)):
            found[row] = Nearest(table.supplies[room.column], Bar(room.bars), places[row])
        elif bar is not None:
            found[row] = Nearest(table.supplies[bar.column], Bar(bar.bars), 0)
    return found


def _nearer(room: _Wish, places: int, bar: _Wish) -> bool:
    """Whether more places are nearer than lifting bars: one place always; several, unless one bar alone is in the
    way, and not that of the level, without which nobody is a mentor."""
    if room.bars:
        return False
    return places == 1 or bar.bars == Bar.LEVEL or bar.bars.bit_count() > 1


def _can_make_room(pairs: Pairs, given: Index) -> Flags:
    """The supporters with a place free, or whose people can move on until one is."""
    load = np.bincount(given[given != OUTSIDE], minlength=len(pairs.places))
    free = load < pairs.places
    while True:
        before = int(free.sum())
        for part, row in pairs.blocks():
            here = given[row]
            free[here[free[pairs.column[part]] & (here != OUTSIDE)]] = True
        if int(free.sum()) == before:
            return np.asarray(free)


def _wishes(table: Tables, left: Index, free: Flags, optimum: Optimum) -> Iterable[tuple[_Wish, bool]]:
    """Of each person left out, the best supporter without room, and the best with room: the fewest bars
    first, then the fewest levels that are lacking."""
    bits = np.array([one.bit_count() for one in range(256)], dtype=np.int64)
    size = max(1, _ARCS // len(table.supplies))
    for first in range(0, len(left), size):
        rows = left[first : first + size]
        bars = table.bars(rows)
        loss = -table.scores(rows).astype(np.int64) - optimum.pays[rows, None] - optimum.price
        below = np.maximum(0, 1 - table.above(rows)).astype(np.int64)
        far = bits[bars] * np.int64(2**50) + below * np.int64(2**46)
        for room in (False, True):
            if not (free == room).any():
                continue
            order = far + (-table.scores(rows).astype(np.int64) if room else loss)
            best = np.where(free == room, order, np.iinfo(np.int64).max).argmin(axis=1)
            for at, column in enumerate(best.tolist()):
                row = int(rows[at])
                yield _Wish(row, column, int(loss[at, column]), int(bars[at, column])), room


def _places(
    pairs: Pairs, cost: Costs, given: Index, optimum: Optimum, wishes: Sequence[_Wish]
) -> dict[int, int]:
    """How many places more at its supporter make each wish certain."""
    left = np.flatnonzero(given == OUTSIDE)
    places = {one.row: len(left) for one in wishes} | {one.row: 1 for one in wishes if one.loss < 0}
    open_ = sorted((one for one in wishes if one.loss >= 0), key=lambda one: one.loss)
    if not open_:
        return places
    graph, reach = _moves(pairs, cost, given, optimum, min(open_[-1].loss, _FAR))
    size = max(1, 2_000_000 // graph.shape[0])
    within = [one for one in open_ if one.loss <= reach]
    wanted = sorted({one.column for one in within})
    for first in range(0, len(wanted), size):
        some = {column: at for at, column in enumerate(wanted[first : first + size])}
        loss = dijkstra(graph, indices=list(some), limit=float(within[-1].loss))[:, len(pairs.places) :]
        ordered = np.sort(loss, axis=1)
        for one in within:
            if one.column in some:
                at = some[one.column]
                before = int(np.searchsorted(ordered[at], one.loss, side="right"))
                places[one.row] = 1 + before - int(loss[at, np.searchsorted(left, one.row)] <= one.loss)
    return places


def _moves(pairs: Pairs, cost: Costs, given: Index, optimum: Optimum, reach: int) -> tuple[csr_array, int]:
    """What it loses to serve, with a place at one supporter, somebody placed at another or left out; and up to
    which loss the moves are all there. Columns first, then the people left out."""
    columns = len(pairs.places)
    left = np.flatnonzero(given == OUTSIDE)
    node = np.where(given == OUTSIDE, 0, given).astype(np.int64)
    node[left] = columns + np.arange(len(left))
    parts: list[NDArray[np.int64]] = []
    for part, row in pairs.blocks():
        column = pairs.column[part]
        loss = cost[part].astype(np.int64) - optimum.pays[row] - optimum.price[column]
        near = (loss <= reach) & (given[row] != column)
        parts.append(np.stack([column[near], node[row[near]], loss[near]]))
    moves = np.concatenate(parts, axis=1) if parts else np.zeros((3, 0), dtype=np.int64)
    if moves.shape[1] > _ARCS:
        reach = int(np.partition(moves[2], _ARCS)[_ARCS]) - 1
        moves = moves[:, moves[2] <= reach]
    total = columns + len(left)
    arcs = moves[0] * total + moves[1]
    order = np.lexsort((moves[2], arcs))
    _, first = np.unique(arcs[order], return_index=True)
    least = moves[:, order[first]]
    return csr_array((least[2].astype(np.float64), (least[0], least[1])), shape=(total, total)), reach
