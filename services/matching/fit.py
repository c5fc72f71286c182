"""How well a supporter fits a request: weighted parts, each with the sentence that a borough officer reads."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from loti_contracts.events import Reason, Request
from services.matching import parts
from services.matching.eligibility import SupporterNow
from services.matching.names import key
from services.matching.parts import Part

__all__ = ["PARTS", "Fit", "Part", "Weights", "fit", "key", "shares_of", "to_the_millionth"]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts. Only their proportions matter."""

    role_fit: float = 0.35
    skill_overlap: float = 0.25
    availability: float = 0.15
    track_record: float = 0.10
    preference: float = 0.05
    load_balance: float = 0.10


PARTS = tuple(field.name.replace("_", " ") for field in fields(Weights))
"""The parts of a score, in the order in which they are told and added up."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a supporter fits a request, part by part. A part that was not asked about is not there."""

    parts: Mapping[str, Part]
    weights: Mapping[str, float]
    """Of the parts that are there; they add up to 1."""
    score: float
    """The weighted sum of the parts, to the millionth, so that equal fits are equal."""
    standard_offered: bool = False
    """Whether an apprenticeship standard was asked for, which only those who offer it may be proposed for."""

    @property
    def related(self) -> bool:
        """Whether the role, a skill or the standard fits, or nothing of the kind was asked for."""
        asked = [self.parts[name].score for name in ("role fit", "skill overlap") if name in self.parts]
        return self.standard_offered or not asked or any(asked)

    def reasons(self) -> tuple[Reason, ...]:
        """The parts as the contract says them."""
        return tuple(
            Reason(part=name, score=part.score, weight=self.weights[name], sentence=part.sentence)
            for name, part in self.parts.items()
        )


def fit(request: Request, now: SupporterNow, *, weights: Weights) -> Fit:
    """Measure a supporter against a request.

    What the request does not ask about takes no weight: who fits all that was asked loses nothing by the rest.
    """
    measured = {
        "role fit": parts.role_fit(request, now.supporter),
        "skill overlap": parts.skill_overlap(request, now.supporter),
        "availability": parts.availability_part(request, now.supporter),
        "track record": parts.track_record_part(now),
        "preference": parts.preference(request, now.supporter),
        "load balance": parts.load_balance(request, now),
    }
    there = {name: part for name, part in measured.items() if part is not None}
    shares = shares_of(weights, there)
    score = 0.0
    for name, part in there.items():
        score += shares[name] * part.score
    return Fit(there, shares, to_the_millionth(score), request.apprenticeship_standard is not None)


def shares_of(weights: Weights, asked: Iterable[str]) -> Mapping[str, float]:
    """The weight of each part that was asked about, so that they add up to 1."""
    given = {name: getattr(weights, name.replace(" ", "_")) for name in asked}
    total = math.fsum(given.values())
    return {name: min(1.0, weight / total) if total else 0.0 for name, weight in given.items()}


def to_the_millionth(score: float) -> float:
    """Rounded half up by exactly these operations, so that one score and ten thousand at once are the same."""
    return min(1.0, math.floor(score * 1e6 + 0.5) / 1e6)
