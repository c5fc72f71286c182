"""Observations: one advert's offer, made comparable, or kept with the reason why it is not.

Comparable is a yearly amount that is full-time equivalent or does not say otherwise. Other periods and amounts
already reduced to the actual hours would need facts that the advert does not give, so they are left out rather
than guessed.
"""

from dataclasses import dataclass
from datetime import date

from loti_contracts.events import Role

LOWEST_YEARLY = 10_000_00
"""Pence. Below this a yearly amount is a slip or a part-time sum; no full-time job may pay it."""

HIGHEST_YEARLY = 400_000_00
"""Pence. Above this a yearly amount is a slip: no London authority offers it."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one role offers, in pence a year. `why_left_out` is None where it counts."""

    role_id: str
    revision: int
    standard_role: str | None
    family: str | None
    level: str | None
    areas: frozenset[str]
    authorities: frozenset[str]
    bottom: int | None
    top: int | None
    seen_on: date
    why_left_out: str | None

    @property
    def middle(self) -> int | None:
        """Half-way between the ends, to the penny below; None unless both ends are printed."""
        return None if self.bottom is None or self.top is None else (self.bottom + self.top) // 2

    @property
    def counts(self) -> bool:
        """Whether a benchmark may use it."""
        return self.why_left_out is None


def observe(role: Role) -> Observation:
    """The observation that a role's state gives. Closing a role takes nothing back: the offer was made."""
    pay = role.pay
    why = _why_left_out(role)
    return Observation(
        role_id=role.id,
        revision=role.revision,
        standard_role=role.standard_role.name if role.standard_role else None,
        family=role.standard_role.family if role.standard_role else None,
        level=role.level,
        areas=frozenset(authority.area for authority in role.authorities),
        authorities=frozenset(authority.gss for authority in role.authorities),
        bottom=pay.minimum if pay and why is None else None,
        top=pay.maximum if pay and why is None else None,
        seen_on=role.posted_on or role.found_at.date(),
        why_left_out=why,
    )


def _why_left_out(role: Role) -> str | None:
    if role.standard_role is None:
        return "no standard role fits it"
    if not role.authorities:
        return "its authority is not known"
    pay = role.pay
    if pay is None or (pay.minimum is None and pay.maximum is None):
        return (pay.why_not if pay else None) or "no pay is printed"
    if pay.period != "year":
        return f"the pay is by the {pay.period or 'unknown period'}, not by the year"
    if pay.basis == "actual":
        return "the pay is reduced to the actual hours, which are not known"
    ends = [end for end in (pay.minimum, pay.maximum) if end is not None]
    if min(ends) < LOWEST_YEARLY or max(ends) > HIGHEST_YEARLY or ends != sorted(ends):
        return "the pay is implausible for a full-time year"
    return None
