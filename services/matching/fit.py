"""The weighted parts of a score, each with the sentence that a borough officer reads."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from loti_contracts.events import Reason, Request, Supporter
from loti_contracts.vocabulary import standard_roles
from services.matching.availability import availability
from services.matching.eligibility import SupporterNow, day, requests

SAME_ROLE, SAME_FAMILY = 1.0, 0.6


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts. Only their proportions matter."""

    role_fit: float = 0.4
    skill_overlap: float = 0.3
    availability: float = 0.2
    load_balance: float = 0.1


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score, 0 to 1, with its sentence."""

    score: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a supporter fits a request, part by part. A part that was not asked about is not there."""

    parts: Mapping[str, Part]
    weights: Mapping[str, float]
    """Of the parts that are there; they add up to 1."""
    score: float
    """The weighted sum of the parts, to the millionth, so that equal fits are equal."""

    @property
    def related(self) -> bool:
        """Whether the role or a skill fits, or neither was asked for."""
        asked = [self.parts[name].score for name in ("role fit", "skill overlap") if name in self.parts]
        return not asked or any(asked)

    def reasons(self) -> tuple[Reason, ...]:
        """The parts as the contract says them."""
        return tuple(
            Reason(part=name, score=part.score, weight=self.weights[name], sentence=part.sentence)
            for name, part in self.parts.items()
        )


def fit(request: Request, now: SupporterNow, *, today: date, weights: Weights) -> Fit:
    """Measure a supporter against a request.

    What the request does not ask about takes no weight: a perfect fit scores 1 whatever was asked.
    """
    all_parts = {
        "role fit": (_role_fit(request, now.supporter), weights.role_fit),
        "skill overlap": (_skill_overlap(request, now.supporter), weights.skill_overlap),
        "availability": (_availability(request, now.supporter, today), weights.availability),
        "load balance": (_load_balance(now), weights.load_balance),
    }
    asked = {name: (part, weight) for name, (part, weight) in all_parts.items() if part is not None}
    total = math.fsum(weight for _, weight in asked.values())
    shares = {name: min(1.0, weight / total) if total else 0.0 for name, (_, weight) in asked.items()}
    score = math.fsum(shares[name] * part.score for name, (part, _) in asked.items())
    return Fit({name: part for name, (part, _) in asked.items()}, shares, min(1.0, round(score, 6)))


def _role_fit(request: Request, supporter: Supporter) -> Part | None:
    wanted = request.standard_role
    if wanted is None:
        return None
    if _key(wanted) in map(_key, supporter.roles):
        return Part(SAME_ROLE, f"{wanted} is one of the roles they know best.")
    family = _family_of(wanted)
    if family is None:
        return Part(0.0, f"Does not know the role {wanted}.")
    if _key(family) in map(_key, supporter.families):
        return Part(SAME_FAMILY, f"Covers the {family} family, to which {wanted} belongs.")
    near = next((role for role in sorted(supporter.roles) if _family_of(role) == family), None)
    if near is not None:
        return Part(SAME_FAMILY, f"Knows {near}, which is in the same family as {wanted}: {family}.")
    return Part(0.0, f"Knows neither {wanted} nor its family, {family}.")


def _skill_overlap(request: Request, supporter: Supporter) -> Part | None:
    wanted = {_key(skill): skill for skill in reversed(request.skills)}
    if not wanted:
        return None
    offered = set(map(_key, supporter.skills))
    names = dict(sorted(wanted.items()))
    has = [name for key, name in names.items() if key in offered]
    lacks = [name for key, name in names.items() if key not in offered]
    if not has:
        return Part(0.0, f"Offers none of the skills asked for: {_list(lacks)}.")
    if not lacks:
        return Part(1.0, f"Offers every skill asked for: {_list(has)}.")
    return Part(
        len(has) / len(wanted),
        f"Offers {len(has)} of the {len(wanted)} skills asked for: {_list(has)}; not {_list(lacks)}.",
    )


def _availability(request: Request, supporter: Supporter, today: date) -> Part:
    found = availability(request, supporter, today=today)
    since = "now" if found.available_from is None else f"from {day(found.available_from)}"
    until = "" if found.available_until is None else f" until {day(found.available_until)}"
    end = f"the need-by date, {day(request.need_by)}" if request.need_by else day(found.wanted_until)
    if found.share == 1.0:
        return Part(1.0, f"Available {since} and throughout to {end}.")
    wanted = "day" if found.wanted_days == 1 else "days"
    return Part(
        found.share,
        f"Available {since}{until}: on {found.offered_days} of the {found.wanted_days} {wanted} "
        f"from the request to {end}.",
    )


def _load_balance(now: SupporterNow) -> Part:
    capacity = now.supporter.capacity
    free = max(0, capacity - now.load)
    if now.load == 0:
        return Part(
            1.0 if capacity else 0.0,
            f"Helps nobody else yet; takes {capacity} {requests(capacity)} at a time.",
        )
    return Part(
        free / capacity if capacity else 0.0,
        f"Is helping with {now.load} {requests(now.load)} and takes {capacity} at a time.",
    )


def _family_of(role: str) -> str | None:
    known = standard_roles().get(role)
    return known.family if known else None


def _key(name: str) -> str:
    """The name as it is compared: case and spacing do not count."""
    return " ".join(name.split()).casefold()


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
