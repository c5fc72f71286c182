"""Attackers on contributed pay, as strong as we can make them.

Each knows the rules, everything that was ever published, which boroughs were in which figure with how many posts
(more than is published), and, as a coalition, all that one contributing borough uploaded. `recovers` says what
success is: one borough's median is bounded more narrowly than 5% to either side.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix, vstack

from services.salaries.contributed.contributions import Figure, Part

NARROW = 0.05
"""Of the true amount, to either side: about half of the step from one grade to the next."""

LOWEST, HIGHEST = 10_000_00, 400_000_00

_AT = {
    "p10": Fraction(1, 10),
    "p25": Fraction(1, 4),
    "p50": Fraction(1, 2),
    "p75": Fraction(3, 4),
    "p90": Fraction(9, 10),
}


def by_contribution(part: Part) -> Hashable:
    """Every upload is something of its own."""
    return (part.level, part.authority, part.version)


def by_slot(part: Part) -> Hashable:
    """A guess: what a borough uploads pays what its last upload paid."""
    return part.slot


def isolated(
    ledger: Iterable[Figure], key: Callable[[Part], Hashable], *, fewer_than: int
) -> tuple[str, ...] | None:
    """Boroughs, fewer than that, whose contributions alone some sum of figures is about, were every figure a sum of
    its posts' pay that is known exactly; None where there are none. Linear algebra, tried on every set of boroughs."""
    figures = [{key(part): part.authority for part in figure.parts} for figure in ledger]
    owner = {thing: authority for figure in figures for thing, authority in figure.items()}
    if not figures:
        return None
    things = list(owner)
    table = np.array([[thing in figure for thing in things] for figure in figures], dtype=float)
    whole = _rank(table)
    boroughs = sorted(set(owner.values()))
    for few in combinations(boroughs, min(fewer_than - 1, len(boroughs))):
        others = [place for place, thing in enumerate(things) if owner[thing] not in few]
        if _rank(table[:, others]) < whole:
            return few
    return None


def _rank(table: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> int:
    return int(np.linalg.matrix_rank(table)) if table.size else 0


@dataclass(frozen=True)
class Bounds:
    """What the attacker is sure of, in pence."""

    low: int
    high: int


class CountingAttacker:
    """Linear programming on how many posts of each contribution are paid less than each amount of interest.

    A published percentile says between which two posts it lies, so it bounds how many posts of its figure are paid
    less than it, less half the rounding, and more. Those counts add up over contributions and do not decrease with
    the amount; a contribution counts alike in all figures that hold it. That is a linear program. Its bounds hold
    for every pay that fits what was published.
    """

    def __init__(
        self,
        ledger: Sequence[Figure],
        *,
        key: Callable[[Part], Hashable] = by_contribution,
        known: Mapping[Part, Sequence[int]] | None = None,
    ) -> None:
        self._key = key
        parts = {part: None for figure in ledger for part in figure.parts}
        self._posts = {key(part): part.posts for part in parts}
        self._things = {thing: place for place, thing in enumerate(self._posts)}
        told = [fact for figure in ledger for fact in _facts(figure)]
        self._edges = sorted({edge for _, edge, _, _ in told} | {LOWEST, HIGHEST + 1})
        self._columns = {edge: column for column, edge in enumerate(self._edges)}
        width = len(self._edges)
        rows, most = lil_matrix((len(told), len(self._things) * width)), []
        for row, (figure, edge, sign, limit) in enumerate(told):
            for thing in {key(part) for part in figure.parts}:
                rows[row, self._things[thing] * width + self._columns[edge]] = sign
            most.append(limit)
        steps = lil_matrix((len(self._things) * (width - 1), len(self._things) * width))
        for thing in range(len(self._things)):
            for column in range(width - 1):
                steps[thing * (width - 1) + column, thing * width + column] = 1
                steps[thing * (width - 1) + column, thing * width + column + 1] = -1
        self._rows = vstack([rows, steps]).tocsr()
        self._most = np.array(most + [0] * steps.shape[0], dtype=float)
        self._within = []
        own = {key(part): amounts for part, amounts in (known or {}).items() if key(part) in self._things}
        for thing, posts in self._posts.items():
            for edge in self._edges:
                if thing in own:
                    below = float(sum(amount < edge for amount in own[thing]))
                    self._within.append((below, below))
                elif edge == LOWEST:
                    self._within.append((0.0, 0.0))
                elif edge == HIGHEST + 1:
                    self._within.append((float(posts), float(posts)))
                else:
                    self._within.append((0.0, float(posts)))

    def median(self, part: Part) -> Bounds:
        """What is certain of the median pay of this contribution."""
        posts = self._posts[self._key(part)]
        low = self._last(lambda edge: self._below(part, edge, most=True) <= (posts - 1) // 2)
        high = self._first(lambda edge: self._below(part, edge, most=False) >= posts // 2 + 1)
        return Bounds(low, high)

    def recovers(self, part: Part, truth: Sequence[int]) -> bool:
        """Whether the median of this contribution, which truly paid that, is bounded as narrowly as NARROW says."""
        median = (sorted(truth)[(len(truth) - 1) // 2] + sorted(truth)[len(truth) // 2]) / 2
        posts, reach = self._posts[self._key(part)], 2 * NARROW * median
        near = [edge for edge in self._edges if median - reach < edge <= median]
        if not near or self._below(part, near[0], most=True) > (posts - 1) // 2:
            return False
        bounds = self.median(part)
        return bounds.high - bounds.low < reach

    def _below(self, part: Part, edge: int, *, most: bool) -> int:
        """The most, or the fewest, of its posts that can be paid less than the edge."""
        goal = np.zeros(self._rows.shape[1])
        goal[self._things[self._key(part)] * len(self._edges) + self._columns[edge]] = -1 if most else 1
        found = linprog(goal, A_ub=self._rows, b_ub=self._most, bounds=self._within, method="highs")
        if found.status == 2:
            # Nothing fits: the guess that uploads paid alike was wrong, and nothing is learnt.
            return self._posts[self._key(part)] if most else 0
        assert found.status == 0, found.message
        return int(np.floor(-found.fun + 1e-6)) if most else int(np.ceil(found.fun - 1e-6))

    def _last(self, holds: Callable[[int], bool]) -> int:
        low, high = 0, len(self._edges) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if holds(self._edges[middle]) else (low, middle - 1)
        return self._edges[low]

    def _first(self, holds: Callable[[int], bool]) -> int:
        low, high = 0, len(self._edges) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(self._edges[middle]) else (middle + 1, high)
        return self._edges[low]


def _facts(figure: Figure) -> Iterable[tuple[Figure, int, int, float]]:
    """How many posts of a figure are paid less than an edge: at most (sign 1), or at least (sign -1, negated)."""
    posts, half = sum(part.posts for part in figure.parts), (figure.pay.rounded_to or 1) // 2
    for name, p in _AT.items():
        told = getattr(figure.pay.paid, name)
        if told is not None:
            place = p * (posts - 1)
            below = place.numerator // place.denominator
            yield figure, told - half, 1, below + (place != below)
            yield figure, told + half + 1, -1, -(below + 1)


def extremes(figure: Figure) -> tuple[Bounds, Bounds]:
    """What is certain of the lowest and of the highest salary in a figure: linear programming on its posts in order of
    pay, since a percentile is a weighted mean of two that follow each other."""
    posts, half = sum(part.posts for part in figure.parts), (figure.pay.rounded_to or 1) / 2
    rows, most = [], []
    for place in range(posts - 1):
        rows.append([0.0] * place + [1.0, -1.0] + [0.0] * (posts - place - 2))
        most.append(0.0)
    for name, p in _AT.items():
        told = getattr(figure.pay.paid, name)
        if told is not None:
            place = p * (posts - 1)
            below = place.numerator // place.denominator
            share = float(place - below)
            row = [0.0] * posts
            row[below] += 1 - share
            if share:
                row[below + 1] += share
            rows += [row, [-weight for weight in row]]
            most += [told + half, half - told]

    def bound(post: int) -> Bounds:
        goal = np.zeros(posts)
        found = []
        for sign in (1, -1):
            goal[post] = sign
            answer = linprog(goal, A_ub=rows, b_ub=most, bounds=(LOWEST, HIGHEST), method="highs")
            assert answer.status == 0, answer.message
            found.append(sign * answer.fun)
        return Bounds(round(found[0]), round(found[1]))

    return bound(0), bound(posts - 1)


def narrow(bounds: Bounds, truth: int) -> bool:
    """Whether an amount is bounded as narrowly as NARROW says."""
    return bounds.high - bounds.low < 2 * NARROW * truth


def who_pays(amount: int, slack: int, scales: Mapping[str, Sequence[int]]) -> list[str]:
    """The boroughs in whose public pay scale a published amount can be looked up."""
    return [gss for gss, scale in scales.items() if any(abs(point - amount) <= slack for point in scale)]
