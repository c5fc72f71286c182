"""How far a cell's figures carry."""

from typing import Final

from loti_contracts.events import Confidence
from services.salaries.quantiles import Sums

MEDIUM: Final = (6, 3)
HIGH: Final = (29, 8)
"""Effective offers and boroughs. From 6 offers the lowest and the highest hold the true median with 95% confidence
(1 - 2/2⁶), from 29 they hold the true P10 and P90 (1 - 0.9²⁹). Three boroughs are more than one employer's habit and its
neighbour's; eight are a quarter of London."""


def confidence(middles: Sums, boroughs: int) -> Confidence:
    """`none` without any middle, then `low` until both thresholds of `medium` or `high` are reached."""
    if middles.adverts == 0:
        return "none"
    if middles.reaches(HIGH[0]) and boroughs >= HIGH[1]:
        return "high"
    if middles.reaches(MEDIUM[0]) and boroughs >= MEDIUM[1]:
        return "medium"
    return "low"
