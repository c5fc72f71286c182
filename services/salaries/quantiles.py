"""Percentiles of weighted amounts, exact to the penny.

The definition is the weighted type 7 of A. Akinshin, "Weighted quantile estimators" (arXiv 2304.07265). Lay the offers
side by side in rising order, each as wide as its weight. With n* = (Σw)²/Σw² the offers amount to n* of equal weight
(Kish 1965). The p-percentile is the mean pay over the stretch that begins at p·(n*-1)/n* of the whole width and is 1/n*
of it wide. With equal weights n* is the number of offers and this is Hyndman and Fan's type 7 (1996), the linear
interpolation that numpy and PostgreSQL use.

Everything here is in whole numbers: pence, weights, and percentiles in basis points (5000 is the median).
"""

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt
from typing import Final, NamedTuple, Protocol

from loti_contracts.events import Between, Quantiles

WHOLE: Final = 10_000
PERCENTILES: Final = {"p10": 1000, "p25": 2500, "p50": 5000, "p75": 7500, "p90": 9000}
MEDIAN: Final = 5000
LEAST_FOR_LIKELY: Final = 6
"""Effective offers from which the lowest and the highest hold the true median with 95% confidence: 1 - 2/2⁶ = 97%."""


class Sums(NamedTuple):
    """A measure's offers, summed: how many, their weights, and their weights squared."""

    adverts: int = 0
    weight: int = 0
    squares: int = 0

    def plus(self, weight: int, sign: int) -> "Sums":
        """With one offer more, or less."""
        return Sums(self.adverts + sign, self.weight + sign * weight, self.squares + sign * weight * weight)

    def reaches(self, effective: int) -> bool:
        """Whether the offers amount to at least so many of equal weight."""
        return self.weight**2 >= effective * self.squares > 0

    @property
    def effective(self) -> Fraction:
        """To how many offers of equal weight they amount."""
        return Fraction(self.weight**2, self.squares) if self.squares else Fraction(0)

    def stretch(self, place: int) -> tuple[int, int]:
        """Where the percentile's stretch begins and ends, in weight × `WHOLE` × the whole weight."""
        begin = place * (self.weight**2 - self.squares)
        return begin, begin + WHOLE * self.squares


class Found(Protocol):
    """A place in the row of offers: the pay there, and what lies below that pay."""

    @property
    def pence(self) -> int: ...
    @property
    def weight_below(self) -> int: ...
    @property
    def paid_below(self) -> int: ...


def percentile(sums: Sums, place: int, begin: Found, end: Found) -> int:
    """The mean pay over the stretch, whose two ends were found; rounded half to even to the penny.

    `paid_below` is the sum of weight × pence of all that pays less.
    """
    unit = WHOLE * sums.weight
    first, last = sums.stretch(place)
    area = unit * (end.paid_below - begin.paid_below)
    area += (last - end.weight_below * unit) * end.pence
    area -= (first - begin.weight_below * unit) * begin.pence
    return rounded(area, WHOLE * sums.squares)


def rounded(over: int, under: int) -> int:
    """A fraction to the nearest whole, half to even, as `round` does it; `under` is more than 0. `Fraction` would look for a
    common divisor of both first, which takes ten times as long."""
    whole, rest = divmod(over, under)
    return whole + (2 * rest > under or (2 * rest == under and whole % 2))


def amounts(found: Quantiles | None) -> tuple[int, ...]:
    """The five percentiles in rising order; none of none."""
    return (found.p10, found.p25, found.p50, found.p75, found.p90) if found else ()


def likely_places(sums: Sums) -> tuple[int, int] | None:
    """Between which percentiles the true median lies with 95% confidence: 50% ± 0.98/√n*, by the binomial's normal
    approximation, outwards to the basis point. None below `LEAST_FOR_LIKELY` effective offers."""
    if not sums.reaches(LEAST_FOR_LIKELY):
        return None
    half = isqrt(9_800**2 * sums.squares // sums.weight**2) + 1
    return max(0, MEDIAN - half), min(WHOLE, MEDIAN + half)


def weighted(offers: Iterable[tuple[int, int]], place: int) -> int:
    """The percentile of (pence, weight) pairs, laid out in full; at least one."""
    row = sorted(offers)
    sums = Sums(len(row), sum(w for _, w in row), sum(w * w for _, w in row))
    unit = WHOLE * sums.weight
    begin, end = sums.stretch(place)
    area = below = 0
    for pence, weight in row:
        above = below + weight * unit
        area += pence * max(0, min(end, above) - max(begin, below))
        below = above
    return rounded(area, WHOLE * sums.squares)


def quantiles(offers: Iterable[tuple[int, int]]) -> Quantiles | None:
    """The five percentiles of (pence, weight) pairs; None where there are none."""
    row = list(offers)
    if not row:
        return None
    return Quantiles(**{name: weighted(row, place) for name, place in PERCENTILES.items()})


def likely(offers: Iterable[tuple[int, int]]) -> Between | None:
    """The 95% confidence interval of the median of (pence, weight) pairs; None for too few."""
    row = list(offers)
    places = likely_places(Sums(len(row), sum(w for _, w in row), sum(w * w for _, w in row)))
    return Between(low=weighted(row, places[0]), high=weighted(row, places[1])) if places else None
