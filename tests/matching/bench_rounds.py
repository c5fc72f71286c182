"""Rounds beside a dense assignment: time and memory, side by side in one run.

    python -m tests.matching.bench_rounds [SIZE …]

Each size is that many people and as many supporters of 0 to 3 places, with one pair in two hundred barred. Three
things are measured, each in a process of its own: `round` is everything from the people to the result with its
reasons, fairness and remedies; `optimum` is the most people and the best total alone, allowed pairs and scores
included; `dense` is the same by SciPy's linear_sum_assignment over the whole matrix of people and places. Seconds
are of processor time; megabytes are the most that the process held beyond what it held before the work began.
"""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from services.matching.rounds.assignment import least_cost
from services.matching.rounds.candidates import candidates
from services.matching.rounds.decide import decide_round
from services.matching.rounds.pairs import OUTSIDE
from services.matching.rounds.people import Round
from services.matching.rounds.scoring import MILLION
from services.matching.rounds.tables import tables
from tests.matching.rounds.making import a_large_round

SIZES = (500, 1_000, 2_000, 4_000)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one way took, and what it found."""

    seconds: float
    megabytes: float
    matched: int
    total: int
    """In millionths."""


def by_round(round_: Round) -> tuple[int, int]:
    """The whole round."""
    result = decide_round(round_)
    return len(result.pairs), sum(pair.score for pair in result.pairs)


def by_optimum(round_: Round) -> tuple[int, int]:
    """The first stage alone."""
    pairs, score = candidates(tables(round_))
    outside = np.full(pairs.rows, (MILLION + 1) * (pairs.rows + 1), dtype=np.int64)
    np.negative(score, out=score)
    given = least_cost(pairs, score, outside).column
    total = 0
    for part, row in pairs.blocks():
        total -= int(score[part][pairs.column[part] == given[row]].sum())
    return int((given != OUTSIDE).sum()), total


def by_dense(round_: Round) -> tuple[int, int]:
    """The same over the whole matrix: a column for each place, a barred pair as dear as nobody."""
    table = tables(round_)
    slots = np.repeat(np.arange(len(table.supplies)), table.places)
    nobody = float((MILLION + 1) * (len(table.demands) + 1))
    cost = np.full((len(table.demands), max(len(slots), len(table.demands))), nobody)
    for rows in table.blocks():
        worth = np.where(table.bars(rows) == 0, -table.scores(rows).astype(float), nobody)
        cost[rows, : len(slots)] = worth[:, slots]
    chosen = cost[linear_sum_assignment(cost)]
    made = chosen[chosen < nobody]
    return len(made), int(-made.sum())


WAYS: dict[str, Callable[[Round], tuple[int, int]]] = {
    "round": by_round,
    "optimum": by_optimum,
    "dense": by_dense,
}


def measure(way: str, size: int) -> Measured:
    """One way on one size, in this process, which must be fresh."""
    round_ = a_large_round(size, size, seed=size, conflicts=size * size // 200)
    before, started = _peak(), time.process_time()
    matched, total = WAYS[way](round_)
    return Measured(time.process_time() - started, _peak() - before, matched, total)


def main(sizes: list[int]) -> None:
    """Print a line for each size and way."""
    _say(f"{'size':>6} {'way':>8} {'seconds':>8} {'MB':>7} {'matched':>8} {'total score':>12}   beside dense")
    for size in sizes:
        found = {}
        for way in WAYS:
            with multiprocessing.get_context("spawn").Pool(1) as fresh:
                found[way] = fresh.apply(measure, (way, size))
        if len({(one.matched, one.total) for one in found.values()}) > 1:
            raise SystemExit(f"{size}: the ways differ: {found}")
        dense = found["dense"]
        for way, one in found.items():
            ratio = (
                f"{one.seconds / dense.seconds:.2f} × time, {one.megabytes / dense.megabytes:.2f} × memory"
            )
            _say(
                f"{size:>6,} {way:>8} {one.seconds:>8.2f} {one.megabytes:>7.0f} {one.matched:>8,} "
                f"{one.total / MILLION:>12,.3f}   {ratio}"
            )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
