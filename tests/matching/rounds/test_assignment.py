"""The least cost is the least, and a false answer is noticed."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from services.matching.rounds import assignment
from services.matching.rounds.assignment import NotOptimal, face, least_cost
from services.matching.rounds.pairs import OUTSIDE, Pairs


def problem(seed: int, *, rows: int = 60, columns: int = 50, spread: int = 9) -> tuple[Pairs, np.ndarray]:
    """Pairs at random, more than the solver is first given; few different costs, so that many are equal."""
    draw = np.random.default_rng(seed)
    there = draw.random((rows, columns)) < 0.8
    start = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    places = draw.integers(0, 3, columns)
    pairs = Pairs(start, np.nonzero(there)[1].astype(np.int32), places, np.ones(rows, dtype=np.bool_))
    return pairs, draw.integers(-spread, 1, len(pairs.column))


def dense(pairs: Pairs, cost: np.ndarray, outside: np.ndarray) -> int:
    """The least cost over the whole matrix, with a column outside for each row."""
    far = 10**9
    slots = np.repeat(np.arange(len(pairs.places)), pairs.places)
    table = np.full((pairs.rows, len(pairs.places)), far)
    table[pairs.row, pairs.column] = cost
    whole = np.hstack([table[:, slots], np.where(np.eye(pairs.rows, dtype=bool), outside, far)])
    return int(whole[linear_sum_assignment(whole)].sum())


def value(pairs: Pairs, cost: np.ndarray, outside: np.ndarray, given: np.ndarray) -> int:
    """What an assignment costs."""
    return int(cost[pairs.column == given[pairs.row]].sum() + outside[given == OUTSIDE].sum())


@pytest.mark.parametrize("seed", range(30))
def test_the_least_cost_is_that_of_the_whole_matrix(seed: int) -> None:
    """As cheap as the dense solver's answer, whether few or many rows go outside."""
    pairs, cost = problem(seed, rows=40 + seed, spread=3 + 40 * (seed % 3))
    outside = np.full(pairs.rows, (-1, 5, 1000)[seed % 3], dtype=np.int64)
    found = least_cost(pairs, cost, outside)
    assert value(pairs, cost, outside, found.column) == dense(pairs, cost, outside)
    assert (np.bincount(found.column[found.column != OUTSIDE], minlength=50) <= pairs.places).all()


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_decided_on_the_face_stays_optimal(seed: int) -> None:
    """A second objective, decided among the optima of the first, costs the first nothing."""
    pairs, cost = problem(seed, spread=4)
    outside = np.full(pairs.rows, 100, dtype=np.int64)
    first = least_cost(pairs, cost, outside)
    tight, out, must = face(pairs, cost, outside, first)
    other = np.random.default_rng(seed).integers(0, 1000, int(tight.sum()))
    left = pairs.keep(tight, may_stay_out=out)
    second = other - 100_000 * must[left.column]
    found = least_cost(left, second, np.zeros(pairs.rows, dtype=np.int64), known=first.column)
    assert value(pairs, cost, outside, found.column) == value(pairs, cost, outside, first.column)


def test_an_answer_that_can_be_bettered_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the solver wrong, no round would come of it."""

    def wrong(matrix: object) -> tuple[np.ndarray, np.ndarray]:
        at, slot = assignment_of(matrix)
        return at, np.roll(slot, 1)

    assignment_of = assignment.min_weight_full_bipartite_matching
    ones = np.ones((4, 4), dtype=np.bool_)
    pairs = Pairs(
        np.arange(0, 17, 4), np.nonzero(ones)[1].astype(np.int32), np.ones(4, dtype=np.int64), ones[0]
    )
    cost = np.array([0 if row == column else 7 for row in range(4) for column in range(4)])
    outside = np.full(4, 100, dtype=np.int64)
    assert least_cost(pairs, cost, outside).column.tolist() == [0, 1, 2, 3]
    monkeypatch.setattr(assignment, "min_weight_full_bipartite_matching", wrong)
    with pytest.raises(NotOptimal):
        least_cost(pairs, cost, outside)


def test_nobody_and_nothing() -> None:
    """Without rows or without columns there is an answer too."""
    none = np.zeros(0, dtype=np.int64)
    flags = np.ones(3, dtype=np.bool_)
    alone = Pairs(np.zeros(4, dtype=np.int64), none.astype(np.int32), none, flags)
    assert least_cost(alone, none, np.ones(3, dtype=np.int64)).column.tolist() == [OUTSIDE] * 3
    empty = Pairs(np.zeros(1, dtype=np.int64), none.astype(np.int32), np.ones(2, dtype=np.int64), flags[:0])
    assert not len(least_cost(empty, none, none).column)
