"""Who takes part in a round: those who offer places, those who want one, and the pairs that must not be."""

from dataclasses import dataclass, field

from loti_contracts.vocabulary import Level, rank


@dataclass(frozen=True, slots=True)
class Supply:
    """Somebody who offers places: a mentor, a host of placements."""

    id: str
    name: str
    borough: str
    """A GSS code, or the name of an organisation that is none of the 33."""
    roles: tuple[str, ...]
    skills: tuple[str, ...]
    level: Level | None
    """None where they do not say; then no rule on levels bars them."""
    capacity: int
    """How many people they take in this round, 0 or more."""
    max_gap: int | None = None
    """How many levels they may at most be above somebody; None where it does not matter."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Somebody who wants one place."""

    id: str
    name: str
    borough: str
    role: str | None
    skills: tuple[str, ...]
    level: Level | None
    """None where levels do not count for them."""
    max_gap: int | None = None
    """How many levels somebody may at most be above them."""
    line_managers: tuple[str, ...] = ()
    """Supply ids."""
    prefers: tuple[str, ...] = ()
    """Supply ids that they would like best, in no order."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A pair that must not be."""

    supply_id: str
    demand_id: str
    why: str = ""
    """`line manager`, `earlier pair` and `their own terms` are told apart from all other reasons; empty where none is
    given."""


@dataclass(frozen=True, slots=True)
class Round:
    """All who take part, and the rules of the round."""

    supplies: tuple[Supply, ...]
    demands: tuple[Demand, ...]
    conflicts: tuple[Conflict, ...] = ()
    related_only: bool = False
    """Whether a pair must share a role, a family of roles or a skill."""
    excepted: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """(demand id, supply id) that may be a pair whatever forbids it."""
    kept_if_possible: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """(demand id, supply id) of an earlier result that is to change as little as possible."""
    pinned: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """(demand id, supply id) that are to be a pair whatever forbids them or is better: one supply for a demand, no more
    for a supply than it has places."""


def steps(demand: Demand, supply: Supply) -> int | None:
    """How many levels the supporter is above the person; 0 or below where they are not; None where either is not
    said."""
    if demand.level is None or supply.level is None:
        return None
    return rank(supply.level) - rank(demand.level)
