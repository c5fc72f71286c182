"""Cells of the benchmark table: standard role × level × area."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.salaries.observations import Observation

ALL_LEVELS = "all"
LONDON = "london"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell. `level` may be `all`; `area` is inner, outer or london (both)."""

    standard_role: str
    level: str
    area: str

    @property
    def id(self) -> str:
        """Readable and stable: `enterprise-architect.lead.inner`."""
        return f"{re.sub(r'[^a-z0-9]+', '-', self.standard_role.lower()).strip('-')}.{self.level}.{self.area}"

    def holds(self, observation: Observation) -> bool:
        """Whether the observation counts in this cell."""
        return self in cells_of(observation)


def cells_of(observation: Observation) -> frozenset[Cell]:
    """The cells that an observation counts in; none where it is left out."""
    role = observation.standard_role
    if role is None or not observation.counts:
        return frozenset()
    levels = {ALL_LEVELS} | ({observation.level} if observation.level else set())
    return frozenset(Cell(role, level, area) for level in levels for area in {LONDON, *observation.areas})


def touched(before: Iterable[Observation], after: Iterable[Observation]) -> list[Cell]:
    """The cells whose figures may differ, in the one order in which they are locked."""
    return sorted({cell for observation in (*before, *after) for cell in cells_of(observation)})
