"""Every pair that is allowed, with its score: worked out block by block, kept pair by pair."""

import numpy as np
from numpy.typing import NDArray

from services.matching.rounds.bars import Bar
from services.matching.rounds.pairs import OUTSIDE, Index, Pairs
from services.matching.rounds.tables import Tables

MOST = 30_000_000
"""Pairs that are still solved; all of them, and what is relaxed beside them, take about two gigabytes."""


class TooManyPairs(Exception):
    """A round that would need more memory than is wise; the text says what to do."""


def candidates(
    table: Tables, *, lifted: Bar = Bar.NONE, scored: bool = True
) -> tuple[Pairs, NDArray[np.int32]]:
    """Every pair that nothing forbids (but what is lifted), with its score; 0 for each where they are not to be
    scored. Who is pinned has that one pair, and may not be left outside. Raises TooManyPairs."""
    counts: list[Index] = []
    columns: list[Index] = []
    scores: list[NDArray[np.int32]] = []
    found = 0
    for rows in table.blocks():
        free = (table.bars(rows) & ~np.uint8(lifted)) == 0
        fixed = np.flatnonzero(table.pinned[rows] != OUTSIDE)
        free[fixed] = False
        free[fixed, table.pinned[rows][fixed]] = True
        found += int(free.sum())
        if found > MOST:
            raise TooManyPairs(
                f"more than {MOST:,} pairs are allowed among {len(table.demands):,} people and "
                f"{len(table.supplies):,} supporters; split the round, by role family for example"
            )
        counts.append(free.sum(axis=1, dtype=np.int32))
        columns.append(np.nonzero(free)[1].astype(np.int32))
        if scored:
            scores.append(table.scores(rows)[free])
    start = np.concatenate([[0], np.cumsum(_joined(counts), dtype=np.int64)])
    pairs = Pairs(start, _joined(columns), table.places, table.pinned == OUTSIDE)
    return pairs, _joined(scores) if scored else np.broadcast_to(np.int32(0), len(pairs.column))


def _joined(parts: list[Index]) -> Index:
    """The parts as one, which are let go: they may be most of the memory."""
    whole = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
    parts.clear()
    return whole
