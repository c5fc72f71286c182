"""What a round comes to: values that say everything about it."""

from dataclasses import dataclass

from services.matching.rounds.changes import Changes
from services.matching.rounds.fairness import Fairness
from services.matching.rounds.nearest import Nearest
from services.matching.rounds.people import Demand, Supply
from services.matching.rounds.remedies import Remedy
from services.matching.rounds.scoring import Part


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who were brought together, and why."""

    demand: Demand
    supply: Supply
    score: int
    """In millionths."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who has no supporter, why, and the nearest thing that would have matched them."""

    demand: Demand
    why: str
    nearest: Nearest | None
    """None where there is no supporter at all."""


@dataclass(frozen=True, slots=True)
class Result:
    """A round decided. The people are ordered by id, whatever the order they were given in."""

    pairs: tuple[Pair, ...]
    left_out: tuple[LeftOut, ...]
    fairness: Fairness
    remedies: tuple[Remedy, ...]
    changes: Changes | None
    """None where there was no earlier result."""
    seed: int
