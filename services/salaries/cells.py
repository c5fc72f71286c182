"""Cells of the benchmark table: standard role × level × area, by the year or by the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from loti_contracts.slugs import slug
from loti_contracts.vocabulary import authorities
from services.salaries.observations import Observation

ALL_LEVELS = "all"
LONDON = "london"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell. `level` may be `all`; `area` is inner, outer or london (both)."""

    standard_role: str
    level: str
    area: str
    period: Literal["year", "day"] = "year"

    @property
    def id(self) -> str:
        """Readable and stable: `enterprise-architect.lead.inner`; day rates end in `.day`."""
        return f"{slug(self.standard_role)}.{self.level}.{self.area}" + (
            ".day" if self.period == "day" else ""
        )

    def holds(self, observation: Observation) -> bool:
        """Whether the observation counts in this cell."""
        return self in cells_of(observation)

    def boroughs_of(self, observation: Observation) -> frozenset[str]:
        """The authorities that make the offer, as far as they lie in this cell's area."""
        if self.area == LONDON:
            return observation.authorities
        known = authorities()
        return frozenset(
            gss for gss in observation.authorities if gss in known and known[gss].area == self.area
        )


def cells_of(observation: Observation) -> frozenset[Cell]:
    """The cells that an observation counts in; none where it is left out."""
    role = observation.standard_role
    if role is None or not observation.counts:
        return frozenset()
    return _cells(role, observation.level, observation.areas, observation.period)


@lru_cache(maxsize=10_000)
def _cells(
    role: str, level: str | None, areas: frozenset[str], period: Literal["year", "day"]
) -> frozenset[Cell]:
    levels = {ALL_LEVELS} | ({level} if level else set())
    return frozenset(Cell(role, one, area, period) for one in levels for area in {LONDON, *areas})


def touched(before: Iterable[Observation], after: Iterable[Observation]) -> list[Cell]:
    """The cells whose figures may differ, in the one order in which they are locked."""
    return sorted(set().union(*{cells_of(observation) for observation in (*before, *after)}))
