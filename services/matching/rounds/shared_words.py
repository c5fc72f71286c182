"""Who has which words, as sparse tables of numbers: what pairs share is worked out for many of them at once."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy.sparse import csr_array

from services.matching.rounds.pairs import Index, Whole


def ints(values: Iterable[int]) -> Index:
    """The numbers as a row."""
    return np.array(list(values), dtype=np.int32)


def sets(
    one: Sequence[Sequence[str]], other: Sequence[Sequence[str]], name: Callable[[str], str | None]
) -> tuple[csr_array, csr_array]:
    """Who has what, as two tables of 0 and 1 over the words that both sides use."""
    left = [{name(word) for word in words} - {None} for words in one]
    right = [{name(word) for word in words} - {None} for words in other]
    shared = set().union(*left) & set().union(*right)
    at = {word: place for place, word in enumerate(sorted(word for word in shared if word is not None))}
    return (
        sparse(
            [(r, at[w], 1) for r, words in enumerate(left) for w in words if w in at], (len(one), len(at))
        ),
        sparse(
            [(r, at[w], 1) for r, words in enumerate(right) for w in words if w in at], (len(other), len(at))
        ),
    )


def sparse(cells: Sequence[tuple[int, int, int]], shape: tuple[int, int]) -> csr_array:
    """A table of these (row, column, value) alone."""
    rows, columns, values = (ints(cell[axis] for cell in cells) for axis in range(3))
    return csr_array((values, (rows, columns)), shape=shape)


def common(table: tuple[csr_array, csr_array], rows: Index) -> Whole:
    """How many words each pair shares; rows × supplies."""
    return np.asarray((table[0][rows] @ table[1].T).toarray(), dtype=np.int64)
