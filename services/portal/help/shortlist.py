"""A match's shortlist as its borough sees it: who, with which reasons, and who is left out and why. Pure.

Who asked, and LOTI's staff, read names: the email with the shortlist shows them to whoever asked. Colleagues of the
borough, who get no such email, read what each offers under a letter (Recruiter A) until one is accepted.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Final

from loti_contracts.events import Candidate, Match, Supporter
from services.portal.help.kinds import HELP

_SLIP: Final = 1e-9
"""What sums of decimal fractions may be off."""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact that is known."""

    id: str
    name: str
    organisation: str
    email: str
    borough: str | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """One reason as it is shown: so many points of as many as it could give."""

    part: str
    sentence: str
    points: int
    of: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the shortlist."""

    supporter_id: str
    name: str
    organisation: str
    points: int
    """Of a hundred: the weighted sum of the reasons."""
    reasons: tuple[Why, ...]
    offers: tuple[tuple[str, str], ...]
    """What they offer, by what it is called."""


@dataclass(frozen=True, slots=True)
class NotProposed:
    """One who is left out, and why."""

    name: str
    why: str


def names_shown(match: Match, *, contact_id: str | None, staff: bool) -> bool:
    """Whether this member of the borough reads the shortlist's names before anybody is accepted."""
    return staff or contact_id == match.requester_contact_id


def offers(
    match: Match,
    *,
    people: Mapping[str, Person],
    supporters: Mapping[str, Supporter],
    named: bool,
) -> tuple[Offer, ...]:
    """The shortlist, best first. `people` by the id of the contact."""
    return tuple(
        offer(one, match, place, people=people, supporters=supporters, named=named)
        for place, one in enumerate(match.shortlist)
    )


def offer(
    one: Candidate,
    match: Match,
    place: int,
    *,
    people: Mapping[str, Person],
    supporters: Mapping[str, Supporter],
    named: bool,
) -> Offer:
    """One supporter as this visitor may see them."""
    person = people.get(one.contact_id) if named else None
    supporter = supporters.get(one.supporter_id)
    reasons = sorted(one.reasons, key=lambda reason: -reason.weight)
    counted = points([(reason.score, reason.weight) for reason in reasons])
    return Offer(
        supporter_id=one.supporter_id,
        name=person.name or person.organisation if person else f"{HELP[match.kind].name} {letter(place)}",
        organisation=person.organisation if person and person.name else "",
        points=round(one.score * 100),
        reasons=tuple(
            Why(reason.part, reason.sentence, *of) for reason, of in zip(reasons, counted, strict=True)
        ),
        offers=what_they_offer(supporter) if supporter else (),
    )


def left_out(
    match: Match, *, people: Mapping[str, Person], supporters: Mapping[str, Supporter], named: bool
) -> tuple[NotProposed, ...]:
    """Who came nearest to being proposed; named to LOTI's staff alone."""
    found = []
    for one in match.left_out:
        supporter = supporters.get(one.supporter_id)
        person = people.get(supporter.contact_id) if supporter and named else None
        kind = HELP[supporter.kind].one if supporter else "somebody"
        name = f"{person.name}, {person.organisation}" if person else f"{kind[0].upper()}{kind[1:]}"
        found.append(NotProposed(name, one.why))
    return tuple(found)


def what_they_offer(supporter: Supporter) -> tuple[tuple[str, str], ...]:
    """What a supporter states, by what it is called; names nobody."""
    specialisms = [name for one in supporter.departments for name in (one.name, *one.specialisms)]
    rows: Sequence[tuple[str, Any]] = (
        ("Level", supporter.level),
        ("Roles", _listed(supporter.roles)),
        ("Role families", _listed(supporter.families)),
        ("Skills", _listed(supporter.skills)),
        ("Departments", _listed(specialisms)),
        ("Apprenticeship standards", _listed(supporter.standards)),
        ("Languages", _listed(supporter.languages)),
    )
    return tuple((name, words) for name, words in rows if words)


def points(reasons: Sequence[tuple[float, float]]) -> Sequence[tuple[int, int]]:
    """Of each score and weight, 0 to 1: whole points, of as many as the weight is of a hundred. Both add up to what they
    add up to before they are rounded."""
    most = _rounded([100 * weight for _, weight in reasons])
    got = _rounded([100 * score * weight for score, weight in reasons], caps=most)
    return list(zip(got, most, strict=True))


def letter(place: int) -> str:
    """A, B, … Z, AA, AB, …"""
    found = ascii_uppercase[place % 26]
    return letter(place // 26 - 1) + found if place >= 26 else found


def _listed(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _rounded(shares: Sequence[float], caps: Sequence[int] | None = None) -> list[int]:
    """The shares in whole numbers with the same sum: those with the largest rest are rounded up, none above its cap."""
    found = [math.floor(share + _SLIP) for share in shares]
    for place in sorted(range(len(shares)), key=lambda place: found[place] - shares[place]):
        if sum(found) < round(sum(shares)) and (caps is None or found[place] < caps[place]):
            found[place] += 1
    return found
