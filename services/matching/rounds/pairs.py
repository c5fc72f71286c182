"""The pairs that are allowed, row by row: what an assignment chooses among."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Costs = NDArray[np.int32] | NDArray[np.int64]
Index = NDArray[np.int32]
Flags = NDArray[np.bool_]

OUTSIDE = -1
"""In place of a column: the row is left outside."""

_BLOCK = 250_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """The allowed pairs, ordered by row: `column[start[r]:start[r + 1]]` are the columns open to row r."""

    start: NDArray[np.int64]
    column: Index
    places: Whole
    """How many rows each column takes."""
    may_stay_out: Flags
    """Which rows may be left outside."""

    @property
    def row(self) -> Index:
        """The row of each pair."""
        return np.repeat(np.arange(self.rows, dtype=np.int32), np.diff(self.start))

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.start) - 1

    def blocks(self) -> Iterator[tuple[slice, Index]]:
        """The pairs some whole rows at a time, with the row of each, so that no long-lived copy is made."""
        first = 0
        while first < self.rows:
            reach = int(np.searchsorted(self.start, self.start[first] + _BLOCK, side="right")) - 1
            last = min(self.rows, max(first + 1, reach))
            counts = np.diff(self.start[first : last + 1])
            row = np.repeat(np.arange(first, last, dtype=np.int32), counts)
            yield slice(int(self.start[first]), int(self.start[last])), row
            first = last

    def keep(self, which: Flags, *, may_stay_out: Flags | None = None) -> "Pairs":
        """The same with some of the pairs only."""
        counts = np.concatenate([[0], np.cumsum(which, dtype=np.int64)])
        out = self.may_stay_out if may_stay_out is None else may_stay_out
        return replace(self, start=counts[self.start], column=self.column[which], may_stay_out=out)
