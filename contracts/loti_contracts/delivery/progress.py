"""Whether a consumer makes progress. Pure: it is told where every partition stands, and says which one does not move."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

P = TypeVar("P")
"""A partition."""


@dataclass(slots=True)
class Progress(Generic[P]):
    """For how long each partition was behind without moving, in seconds in which the consumer had nothing in hand: while it
    has, others may have to wait their turn, however long that takes."""

    _positions: dict[P, int] = field(default_factory=dict)
    _stood: dict[P, float] = field(default_factory=dict)

    def look(
        self,
        positions: Mapping[P, int],
        behind: Mapping[P, int],
        *,
        busy: bool,
        resting: Collection[P],
        seconds: float,
    ) -> float:
        """Note where each of them is, `seconds` after the look before; for how long the slowest has stood."""
        for partition, position in positions.items():
            moved = self._positions.get(partition) != position
            if moved or not behind[partition] or partition in resting:
                self._stood[partition] = 0.0
            elif not busy:
                self._stood[partition] = self._stood.get(partition, 0.0) + seconds
        self._positions = dict(positions)
        self._stood = {partition: self._stood[partition] for partition in positions}
        return max(self._stood.values(), default=0.0)
