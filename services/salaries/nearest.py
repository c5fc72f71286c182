"""The cells nearest to one that has no figures."""

from collections.abc import Iterable
from typing import Final

from loti_contracts.events import Benchmark
from loti_contracts.vocabulary import LEVELS, standard_roles
from services.salaries.cells import ALL_LEVELS, LONDON, Cell

MOST: Final = 5


def nearest(cell: Cell, benchmarks: Iterable[Benchmark]) -> list[Benchmark]:
    """The cells with offers that tell most about one that has none, at most five, the nearest level and area first:
    those of the same role, or where it has none the nearest one of each role of its family."""
    family = standard_roles()[cell.standard_role].family
    told = sorted((one for one in benchmarks if one.adverts), key=lambda one: _far(cell, one))
    same = [one for one in told if one.standard_role == cell.standard_role]
    if same:
        return same[:MOST]
    others: dict[str, Benchmark] = {}
    for one in told:
        if one.family == family:
            others.setdefault(one.standard_role, one)
    return list(others.values())[:MOST]


def _far(cell: Cell, other: Benchmark) -> tuple[bool, int, int, str]:
    areas = 0 if other.area == cell.area else 1 if LONDON in (other.area, cell.area) else 2
    return other.period != cell.period, _levels_between(cell.level, other.level), areas, other.id


def _levels_between(one: str, other: str) -> int:
    """Rungs between two levels; all levels together stand a rung from each."""
    if one == other:
        return 0
    if ALL_LEVELS in (one, other):
        return 1
    names = list(LEVELS)
    return abs(names.index(one) - names.index(other))  # type: ignore[arg-type]
