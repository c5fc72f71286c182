"""How much an offer weighs by its age, in whole numbers, so that sums are exact in any order.

An offer of one month weighs exactly twice what an offer weighs that is `half_life_months` older; between the two the
weight rises by the same ratio every month, rounded to the nearest millionth. All offers of a calendar month weigh the
same. Weights are counted from a fixed month instead of from today: as time passes all of them would shrink by the same
ratio, which changes no percentile, so figures change with events alone.
"""

from functools import lru_cache
from typing import Final

FIRST_MONTH: Final = 2015 * 12
"""January 2015, in months since year 0: an older offer weighs as much as one of that month."""

ONE: Final = 1 << 20
"""What an offer of the first month weighs."""


@lru_cache(maxsize=10_000)
def weight(month: int, *, half_life_months: int) -> int:
    """The weight of an offer of that month (months since year 0), at least `ONE`."""
    halves, rest = divmod(max(0, month - FIRST_MONTH), half_life_months)
    return round(ONE * 2 ** (rest / half_life_months)) << halves
