"""The order in which a round is decided: each stage chooses among what the stages before it left open.

1. the most people matched (and, after a withdrawal, then the fewest pairs changed), then the best total score;
2. the worst-off pair scores as high as it can;
3. boroughs are treated alike: the sum over boroughs of (people left out)² / people is least;
4. equals are drawn by the seed.

All are exact: `assignment` says where every optimum of one stage lies, and the next is decided there.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from services.matching.rounds.assignment import Optimum, face, least_cost
from services.matching.rounds.evenly import Evenly, evenly
from services.matching.rounds.pairs import OUTSIDE, Costs, Flags, Index, Pairs, Whole
from services.matching.rounds.scoring import MILLION


@dataclass(frozen=True, slots=True)
class Open:
    """What is still to be decided: the pairs that an optimum may use, and the columns that it must fill."""

    pairs: Pairs
    score: NDArray[np.int32]
    """Of each pair; 0 for a pair that stands for being left out."""
    must: Flags
    given: Index
    """One assignment among those that are left."""

    def narrowed(self, cost: Costs) -> "Open":
        """Only what costs least. Being left outside costs nothing here: who may be was settled before."""
        cost = cost.astype(np.int64)
        beyond = (int(np.abs(cost).max(initial=0)) + 1) * (self.pairs.rows + 1)
        cost[self.must[self.pairs.column]] -= beyond
        outside = np.zeros(self.pairs.rows, dtype=np.int64)
        found = least_cost(self.pairs, cost, outside, known=self.given)
        tight, out, must = face(self.pairs, cost, outside, found)
        return self.kept(tight, out, must | self.must, found.column)

    def kept(self, which: Flags, out: Flags, must: Flags, given: Index) -> "Open":
        """The same with some pairs only."""
        return Open(self.pairs.keep(which, may_stay_out=out), self.score[which], must, given)


@dataclass(frozen=True, slots=True)
class Decided:
    """One assignment, and what is needed to explain it."""

    given: Index
    """The supply's column of each demand; OUTSIDE where it has none."""
    optimum: Optimum
    """Of the first stage: its prices say why a pair that is allowed was not made."""
    unfair: Index
    """What the draw alone would have given, without stages 2 and 3."""
    evened: bool
    """False where boroughs could not be evened, because too many people of one borough stand alike."""


def decide(
    pairs: Pairs,
    score: NDArray[np.int32],
    *,
    boroughs: Index,
    luck: tuple[Whole, Whole],
    kept: Flags | None = None,
) -> tuple[Decided, Costs]:
    """Decide a round; with it comes the cost of each pair in the first stage: its score below nothing, and more
    below where an earlier result is kept. `boroughs` is each row's, `luck` the draw of each row and column, `kept` marks the pairs
    of an earlier result. Raises NotOptimal for a defect of the solver."""
    cost: Costs = -score
    most = min(pairs.rows, int(np.minimum(pairs.places, pairs.rows).sum()))
    unit = (MILLION + 1) * (most + 1)
    if kept is not None:
        cost = cost - kept * np.int64(unit)
        unit *= most + 2
    outside = np.full(pairs.rows, unit, dtype=np.int64)
    best = least_cost(pairs, cost, outside)
    tight, out, must = face(pairs, cost, outside, best)
    reach = Open(pairs.keep(tight, may_stay_out=out), score[tight], must, best.column)
    fair = _worst_off(reach)
    even = evenly(fair.pairs, fair.given, boroughs)
    fair = _evened(fair, even) if even is not None else fair
    given = _drawn(fair, luck)
    decided = Decided(
        given=np.where(given < len(pairs.places), given, OUTSIDE).astype(np.int32),
        optimum=best,
        unfair=_drawn(reach, luck),
        evened=even is not None,
    )
    return decided, cost


def luck_of(seed: int, side: str, ids: list[str]) -> Whole:
    """Sixty-four bits for each person, the same for the same seed and id, whatever the order of the rows."""
    digests = (blake2b(f"{seed}\n{side}\n{one}".encode(), digest_size=8).digest() for one in ids)
    return np.frombuffer(b"".join(digests), dtype=np.int64).copy()


def _worst_off(reach: Open) -> Open:
    """The highest score that no pair needs to be below, by halving; a trial counts the pairs that must be."""
    scores = np.unique(reach.score)
    low, high = 0, len(scores) - 1
    while low < high:
        middle = (low + high + 1) // 2
        tried = reach.narrowed((reach.score < scores[middle]).astype(np.int64))
        taken = tried.pairs.column == tried.given[tried.pairs.row]
        if (tried.score[taken] >= scores[middle]).all():
            low = middle
        else:
            high = middle - 1
    if not len(scores) or low == 0:
        return reach
    return reach.narrowed((reach.score < scores[low]).astype(np.int64))


def _evened(fair: Open, even: Evenly) -> Open:
    """With being left out as a column of the person's borough that costs more with each one in it."""
    added = len(even.pairs.column) - len(fair.score)
    score = np.zeros(len(even.pairs.column), dtype=np.int32)
    score[~even.left_out] = fair.score
    must = np.concatenate([fair.must, np.zeros(len(even.pairs.places) - len(fair.must), dtype=np.bool_)])
    if not added:
        return fair
    return Open(even.pairs, score, must, even.given).narrowed(even.cost)


def _drawn(fair: Open, luck: tuple[Whole, Whole]) -> Index:
    """The one assignment that the draw prefers; two that it prefers alike are next to impossible."""
    rows, columns = luck
    inside = fair.pairs.column < len(columns)
    cost = np.zeros(len(fair.pairs.column), dtype=np.int64)
    cost[inside] = _mixed(rows[fair.pairs.row[inside]], columns[fair.pairs.column[inside]])
    return fair.narrowed(cost).given


def _mixed(one: Whole, other: Whole) -> Whole:
    """Thirty even bits of two numbers (the finaliser of SplitMix64, public domain)."""
    mixed = one.astype(np.uint64) ^ (other.astype(np.uint64) << np.uint64(1))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    even: Whole = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(34)).astype(np.int64)
    return even
