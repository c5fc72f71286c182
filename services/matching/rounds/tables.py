"""A round in numbers, so that rules and scores are worked out for many pairs at once.

The same rules as in `bars` and `scoring`; the tests hold the two against each other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from loti_contracts.vocabulary import rank
from services.matching.names import key
from services.matching.rounds.bars import Bar, bar_of
from services.matching.rounds.pairs import OUTSIDE, Index, Whole
from services.matching.rounds.people import Demand, Round, Supply
from services.matching.rounds.scoring import MILLION, ROLE, STEP, STEP_NOT_SAID, WEIGHTS, family_of
from services.matching.rounds.shared_words import common, ints, sets, sparse

_CELLS = 150_000
_NO_GAP = 99
_NOT_SAID = -1
_UNKNOWN = 8
"""In place of the levels above, which are 7 at most."""
_STEPS = np.array([0] * 7 + [*STEP, STEP_NOT_SAID], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Tables:
    """A round in numbers: row by row the demands, column by column the supplies, each sorted by id."""

    demands: tuple[Demand, ...]
    supplies: tuple[Supply, ...]
    places: Whole
    boroughs: tuple[Index, Index]
    levels: tuple[Index, Index]
    """-1 where it is not said."""
    gaps: tuple[Index, Index]
    roles: tuple[csr_array, csr_array]
    families: tuple[csr_array, csr_array]
    skills: tuple[csr_array, csr_array]
    wanted: Whole
    """How many skills each demand names."""
    asks_role: NDArray[np.bool_]
    prefers: csr_array
    asks_preference: NDArray[np.bool_]
    listed: csr_array
    """The bars that name a pair: conflicts, line managers, earlier pairs."""
    excepted: csr_array
    related_only: bool
    pinned: Index
    """The column that a row is to have whatever forbids it; OUTSIDE where it is free."""

    def bars(self, rows: Index) -> NDArray[np.uint8]:
        """What forbids each pair of some demands with every supply, as sets of `Bar`; rows × supplies."""
        above = self.above(rows)
        found: NDArray[np.uint8] = self.listed[rows].toarray().astype(np.uint8)
        found |= np.where(above <= 0, np.uint8(Bar.LEVEL), np.uint8(0))
        own = self.boroughs[0][rows, None] == self.boroughs[1][None, :]
        found |= np.where(own, np.uint8(Bar.OWN_BOROUGH), np.uint8(0))
        gap = np.minimum(self.gaps[0][rows, None], self.gaps[1][None, :])
        found |= np.where((above > gap) & (above != _UNKNOWN), np.uint8(Bar.GAP), np.uint8(0))
        if self.related_only:
            found |= np.where(self.related(rows), np.uint8(0), np.uint8(Bar.UNRELATED))
        if self.excepted.nnz:
            found[self.excepted[rows].toarray() != 0] = 0
        return found

    def above(self, rows: Index) -> Index:
        """How many levels each supply is above some demands, 8 where either is not said; rows × supplies."""
        one, other = self.levels[0][rows, None], self.levels[1][None, :]
        found: Index = np.where((one == _NOT_SAID) | (other == _NOT_SAID), np.int32(_UNKNOWN), other - one)
        return found

    def related(self, rows: Index) -> NDArray[np.bool_]:
        """Whether each pair shares a role, a family or a skill, or nothing of these was asked; rows × supplies."""
        asked = self.asks_role[rows] | (self.wanted[rows] > 0)
        shared = (self._role(rows) > 0) | (common(self.skills, rows) > 0)
        return np.asarray(shared | ~asked[:, None])

    def scores(self, rows: Index) -> NDArray[np.int32]:
        """The score of each pair of some demands with every supply, in millionths; rows × supplies."""
        weight = {name: np.full(len(rows), value, dtype=np.int64) for name, value in WEIGHTS.items()}
        weight["role fit"][~self.asks_role[rows]] = 0
        weight["skill overlap"][self.wanted[rows] == 0] = 0
        weight["preference"][~self.asks_preference[rows]] = 0
        weight["seniority step"][self.levels[0][rows] == _NOT_SAID] = 0
        total = (
            weight["role fit"] + weight["skill overlap"] + weight["seniority step"] + weight["preference"]
        )[:, None]
        of = np.maximum(self.wanted[rows], 1)[:, None]
        summed = weight["role fit"][:, None] * self._role(rows)
        summed += weight["skill overlap"][:, None] * (
            (2 * MILLION * common(self.skills, rows) + of) // (2 * of)
        )
        summed += weight["seniority step"][:, None] * _STEPS[self.above(rows) + 7]
        summed += weight["preference"][:, None] * (MILLION * self.prefers[rows].toarray().astype(np.int64))
        asked = np.where(total, (2 * summed + total) // (2 * np.maximum(total, 1)), MILLION)
        mean: NDArray[np.int32] = asked.astype(np.int32)
        return mean

    def blocks(self) -> Iterator[Index]:
        """The demands, some at a time."""
        size = max(1, _CELLS // max(1, len(self.supplies)))
        for first in range(0, len(self.demands), size):
            yield np.arange(first, min(first + size, len(self.demands)), dtype=np.int32)

    def _role(self, rows: Index) -> Whole:
        same, family = common(self.roles, rows) > 0, common(self.families, rows) > 0
        return np.where(same, ROLE[2], np.where(family, ROLE[1], ROLE[0]))


def tables(round_: Round) -> Tables:
    """A round in numbers."""
    demands = tuple(sorted(round_.demands, key=lambda one: one.id))
    supplies = tuple(sorted(round_.supplies, key=lambda one: one.id))
    row = {one.id: at for at, one in enumerate(demands)}
    column = {one.id: at for at, one in enumerate(supplies)}
    shape = (len(demands), len(supplies))
    listed = [
        *((one.demand_id, one.supply_id, bar_of(one.why)) for one in round_.conflicts),
        *((one.id, manager, Bar.LINE_MANAGER) for one in demands for manager in one.line_managers),
    ]
    cells: dict[tuple[int, int], int] = {}
    for demand, supply, bar in listed:
        if demand in row and supply in column:
            at = row[demand], column[supply]
            cells[at] = cells.get(at, 0) | int(bar)
    liked = [(row[one.id], column[it]) for one in demands for it in set(one.prefers) if it in column]
    return Tables(
        demands=demands,
        supplies=supplies,
        places=np.array([one.capacity for one in supplies], dtype=np.int64),
        boroughs=_codes([one.borough for one in demands], [one.borough for one in supplies]),
        levels=(ints(map(_level, demands)), ints(map(_level, supplies))),
        gaps=(ints(map(_gap, demands)), ints(map(_gap, supplies))),
        roles=sets([[one.role] if one.role else [] for one in demands], [one.roles for one in supplies], key),
        families=sets(
            [[one.role] if one.role else [] for one in demands], [one.roles for one in supplies], family_of
        ),
        skills=sets([one.skills for one in demands], [one.skills for one in supplies], key),
        wanted=np.array([len(set(map(key, one.skills))) for one in demands], dtype=np.int64),
        asks_role=np.array([one.role is not None for one in demands], dtype=np.bool_),
        prefers=sparse([(*cell, 1) for cell in liked], shape),
        asks_preference=np.array([bool(one.prefers) for one in demands], dtype=np.bool_),
        listed=sparse([(*cell, bars) for cell, bars in cells.items()], shape),
        excepted=sparse(
            [(row[d], column[s], 1) for d, s in round_.excepted if d in row and s in column], shape
        ),
        related_only=round_.related_only,
        pinned=_pinned(row, column, round_.pinned),
    )


def _level(one: Demand | Supply) -> int:
    return _NOT_SAID if one.level is None else rank(one.level)


def _pinned(row: Mapping[str, int], column: Mapping[str, int], pairs: Iterable[tuple[str, str]]) -> Index:
    found = np.full(len(row), OUTSIDE, dtype=np.int32)
    for demand, supply in pairs:
        found[row[demand]] = column[supply]
    return found


def _gap(one: Demand | Supply) -> int:
    return _NO_GAP if one.max_gap is None else one.max_gap


def _codes(one: Sequence[str], other: Sequence[str]) -> tuple[Index, Index]:
    known = {name: at for at, name in enumerate(dict.fromkeys([*one, *other]))}
    return ints(known[name] for name in one), ints(known[name] for name in other)
