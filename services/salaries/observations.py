"""Observations: one advert's offer, made comparable, or kept with the reason why it is not.

Each revision of a role gives one; the newest counts, the others are kept to show what was corrected.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from loti_contracts.events import Pay, Role
from services.salaries.comparable import Comparable, Period, Rule, comparable
from services.salaries.hours import hours_in
from services.salaries.rules import Rules


@dataclass(frozen=True, slots=True)
class Advert:
    """What the offer was made of: enough to show it, and to make it comparable anew by other rules."""

    title: str = ""
    employer: str | None = None
    link: str | None = None
    closed: bool = False
    pay: Pay | None = None
    hours_said: str = ""
    """The words of the advert that may tell its hours."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one role offers, in pence of the period. `why_left_out` is None where it counts."""

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
    period: Period = "year"
    rule: Rule | None = None
    how: str | None = None
    advert: Advert = field(default_factory=Advert)

    @property
    def middle(self) -> int | None:
        """Half-way between the ends, to the penny below; None unless both ends are printed."""
        return None if self.bottom is None or self.top is None else (self.bottom + self.top) // 2

    @property
    def amounts(self) -> tuple[int | None, int | None, int | None]:
        """Bottom, middle and top."""
        return (self.bottom, self.middle, self.top)

    @property
    def counts(self) -> bool:
        """Whether a benchmark may use it."""
        return self.why_left_out is None

    @property
    def month(self) -> int:
        """The calendar month of the offer, counted from year 0."""
        return self.seen_on.year * 12 + self.seen_on.month - 1


_USUAL = Rules()


def observe(role: Role, rules: Rules = _USUAL) -> Observation:
    """The observation that a role's state gives.

    Closing a role takes nothing back: the offer was made, and fades by its age. A role that readvertises another is
    an offer of its own: the borough made it again, perhaps for other pay.
    """
    found = role.found_at.date()
    advert = Advert(
        title=role.title,
        employer=role.employer,
        link=role.links[0] if role.links else None,
        closed=role.status == "closed",
        pay=role.pay,
        hours_said=hours_words(role) if role.pay and role.pay.basis == "actual" else "",
    )
    return comparably(
        Observation(
            role_id=role.id,
            revision=role.revision,
            standard_role=role.standard_role.name if role.standard_role else None,
            family=role.standard_role.family if role.standard_role else None,
            level=role.level,
            areas=frozenset(authority.area for authority in role.authorities),
            authorities=frozenset(authority.gss for authority in role.authorities),
            bottom=None,
            top=None,
            seen_on=min(role.posted_on or found, found),
            why_left_out=None,
            advert=advert,
        ),
        rules,
    )


def comparably(observation: Observation, rules: Rules) -> Observation:
    """The same observation with its amounts made anew, by these rules, from what its advert says."""
    advert = observation.advert
    offer: Comparable | str
    if observation.standard_role is None:
        offer = "no standard role fits it"
    elif not observation.authorities:
        offer = "its authority is not known"
    else:
        offer = comparable(
            advert.pay,
            hours=hours_in(advert.hours_said, week_hours=rules.week_hours),
            authorities=observation.authorities,
            day=observation.seen_on,
            rules=rules,
        )
    if isinstance(offer, str):
        return replace(
            observation, bottom=None, top=None, period="year", rule=None, how=None, why_left_out=offer
        )
    return replace(
        observation,
        bottom=offer.bottom,
        top=offer.top,
        period=offer.period,
        rule=offer.rule,
        how=offer.how,
        why_left_out=None,
    )


def hours_words(role: Role) -> str:
    """The lines of an advert that speak of hours, weeks or full time; at most a thousand characters."""
    lines = [role.contract or "", role.pay.text if role.pay else "", *(role.description or "").splitlines()]
    telling = [line.strip() for line in lines if any(word in line.lower() for word in _TELLING)]
    return "\n".join(telling)[:1000]


_TELLING = ("hour", "hrs", "fte", "wte", "full-time equivalent", "full time equivalent", "term", "weeks")
