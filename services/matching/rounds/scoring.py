"""What a pair is worth: named, weighted parts, each with its sentence, in whole millionths.

Whole numbers make "the best total" exact. What a person did not ask about takes no weight, so a perfect pair
scores 1,000,000 whatever was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from loti_contracts.vocabulary import FAMILIES, standard_roles
from services.matching.names import key
from services.matching.rounds.people import Demand, Supply, steps

MILLION: Final = 1_000_000

ROLE: Final = (0, 600_000, MILLION)
"""A role of another family, of the same family, the same role: as in a shortlist."""

STEP: Final = (0, MILLION, MILLION, 750_000, 500_000, 250_000, 250_000, 250_000)
"""By levels above: one or two are best, near enough to remember; each further one less so."""

STEP_NOT_SAID: Final = 500_000
"""Of a supporter who does not say how senior they are."""

WEIGHTS: Final[Mapping[str, int]] = MappingProxyType(
    {"role fit": 40, "skill overlap": 30, "seniority step": 20, "preference": 10}
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score, with its weight among the parts that are there."""

    name: str
    score: int
    """0 to 1,000,000."""
    weight: int
    """As in WEIGHTS; its share is weight over the sum of the parts'."""
    sentence: str


def parts_of(demand: Demand, supply: Supply) -> tuple[Part, ...]:
    """The parts of a pair's score. A part that was not asked about is not there."""
    found = (
        ("role fit", _role_fit(demand, supply)),
        ("skill overlap", _skill_overlap(demand, supply)),
        ("seniority step", _seniority(demand, supply)),
        ("preference", _preference(demand, supply)),
    )
    return tuple(Part(name, part[0], WEIGHTS[name], part[1]) for name, part in found if part is not None)


def score_of(demand: Demand, supply: Supply) -> int:
    """The weighted mean of the parts, in millionths, halves rounded up; all of it where nothing was asked about."""
    parts = parts_of(demand, supply)
    total = sum(part.weight for part in parts)
    if not total:
        return MILLION
    return (2 * sum(part.weight * part.score for part in parts) + total) // (2 * total)


def related(demand: Demand, supply: Supply) -> bool:
    """Whether they share a role, a family of roles or a skill, or nothing of these was asked for."""
    asked = [part.score for part in parts_of(demand, supply) if part.name in ("role fit", "skill overlap")]
    return not asked or any(asked)


def share(has: int, of: int) -> int:
    """A part of a whole, in millionths, halves rounded up."""
    return (2 * MILLION * has + of) // (2 * of)


@cache
def family_of(role: str) -> str | None:
    """The family of a role or of a family's own name; None for words that the framework does not know."""
    return _families().get(key(role))


@cache
def _families() -> Mapping[str, str]:
    roles = {key(name): role.family for name, role in standard_roles().items()}
    return {**{key(family): family for family in FAMILIES}, **roles}


def _role_fit(demand: Demand, supply: Supply) -> tuple[int, str] | None:
    wanted = demand.role
    if wanted is None:
        return None
    if key(wanted) in map(key, supply.roles):
        return ROLE[2], f"Knows the role: {wanted}."
    family = family_of(wanted)
    if family is None:
        return ROLE[0], f"Does not know the role {wanted}."
    if key(family) in map(key, supply.roles):
        return ROLE[1], f"Covers the {family} family, to which {wanted} belongs."
    near = next((role for role in sorted(supply.roles) if family_of(role) == family), None)
    if near is not None:
        return ROLE[1], f"Knows {near}, of the same family as {wanted}: {family}."
    return ROLE[0], f"Knows no role of {wanted}'s family, {family}."


def _skill_overlap(demand: Demand, supply: Supply) -> tuple[int, str] | None:
    wanted = {key(skill): skill for skill in reversed(demand.skills)}
    if not wanted:
        return None
    offered = set(map(key, supply.skills))
    has = [wanted[one] for one in sorted(wanted) if one in offered]
    lacks = [wanted[one] for one in sorted(wanted) if one not in offered]
    if not has:
        return 0, f"Has none of the skills wanted: {', '.join(lacks)}."
    if not lacks:
        return MILLION, f"Has every skill wanted: {', '.join(has)}."
    said = f"Has {len(has)} of the {len(wanted)} skills wanted: {', '.join(has)}; not {', '.join(lacks)}."
    return share(len(has), len(wanted)), said


def _seniority(demand: Demand, supply: Supply) -> tuple[int, str] | None:
    if demand.level is None:
        return None
    above = steps(demand, supply)
    if above is None:
        return STEP_NOT_SAID, "Does not say how senior they are."
    if above <= 0:
        return 0, f"Is {supply.level}, not above {demand.level}."
    levels = "level" if above == 1 else "levels"
    return STEP[above], f"Is {supply.level}, {above} {levels} above {demand.level}."


def _preference(demand: Demand, supply: Supply) -> tuple[int, str] | None:
    if not demand.prefers:
        return None
    if supply.id in demand.prefers:
        return MILLION, f"Is one of those whom {demand.name} would like best."
    return 0, f"Is none of those whom {demand.name} would like best."
