"""What all benches of growth say in the same way: a figure at each size, and the slope of its logarithm over theirs."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Final

from tests.bench.measuring import slope
from tests.bench.results import Reach, Series

LINEAR: Final = Reach("growth", at_most=1.1, says="slope; 1 is linear")
"""Nothing grows faster than linearly."""

Figures = Mapping[int, Sequence[float]]


def figures(what: str, unit: str, of: str, by_size: Figures) -> tuple[Series, ...]:
    """A series for each size: `role event, 10,000 roles`."""
    return tuple(
        Series(f"{what}, {size:,} {of}", unit, tuple(values), "less") for size, values in by_size.items()
    )


def growth(by_size: Figures, *, name: str = "growth") -> Series:
    """The slope, round by round."""
    sizes = list(by_size)
    rounds = zip(*by_size.values(), strict=True)
    return Series(name, "slope", tuple(slope(sizes, figures) for figures in rounds), "less")


def median_ms(seconds: Sequence[float]) -> float:
    """Milliseconds of the middle one."""
    return statistics.median(seconds) * 1000
