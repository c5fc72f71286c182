"""Pacing: how many events of a batch one transaction takes. Pure."""

from dataclasses import dataclass
from typing import Final

_LONG: Final = 0.4
"""Seconds that a transaction of a handler that goes step by step should last at most: what is good in it waits so
long again where something in it is bad, and what it locks is locked so long."""
_ALL: Final = 1_000_000
_FIRST_STEPS: Final = 64


@dataclass(slots=True)
class Pace:
    """`at_once` is how many; few where each takes long."""

    at_once: int = _ALL

    @classmethod
    def stepwise(cls) -> "Pace":
        """Of a handler that goes step by step, while nobody knows how long a step takes: five hundred may take seconds, under
        locks that others wait for."""
        return cls(_FIRST_STEPS)

    def held(self, number: int) -> None:
        """A transaction of so many was in somebody's way, or they in its: less the next time. What takes a batch as a whole
        would only do the same work again for each part of it."""
        if self.at_once < _ALL:
            self.at_once = max(1, min(self.at_once, number) // 2)

    def cut_short(self, seconds: float, number: int) -> None:
        """A transaction of so many was undone by an outage after so long, with all that it had done: where outages come often
        only a shorter one gets through."""
        if seconds > _LONG:
            self.held(number)

    def took(self, seconds: float, number: int, *, steps: bool) -> None:
        """A transaction of so many was done after so long; whether its handler went step by step."""
        if seconds < _LONG / 4:
            self.at_once = min(self.at_once * 2, _ALL)
        elif seconds > _LONG and steps:
            self.at_once = max(1, number // 2)
