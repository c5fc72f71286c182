"""Which of a period's new roles are shown in full, and how the rest is counted. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from loti_contracts.events import Role
from loti_contracts.vocabulary import rank

IN_FULL: Final = 12
"""So many roles at most are shown in full: nobody reads more."""

OTHER: Final = "Other digital roles"


def family_of(role: Role) -> str:
    """The family of its standard role; one name for all that have none."""
    return role.standard_role.family if role.standard_role else OTHER


def borough_of(role: Role) -> str:
    """Camden; of a shared service the first; the employer where no borough is known."""
    return role.authorities[0].name if role.authorities else role.employer or "Elsewhere"


def by_family(roles: Iterable[Role]) -> Mapping[str, list[Role]]:
    """The roles of each family, the largest family first, what fits none last."""
    found: dict[str, list[Role]] = defaultdict(list)
    for role in sorted(roles, key=lambda role: role.id):
        found[family_of(role)].append(role)
    return dict(sorted(found.items(), key=lambda one: (one[0] == OTHER, -len(one[1]), one[0])))


def highlights(roles: Sequence[Role], until: date, most: int = IN_FULL) -> list[Role]:
    """Those shown in full: every family in turn, in it first what is surely digital, open after `until` and linked,
    then boroughs not yet shown, then the most senior and best paid. The order in which they came does not count."""
    left = {family: list(found) for family, found in by_family(roles).items()}
    shown: list[Role] = []
    boroughs: Counter[str] = Counter()
    while len(shown) < most and any(left.values()):
        for family in [family for family, found in left.items() if found]:
            best = min(left[family], key=lambda role: _standing(role, boroughs, until))
            left[family].remove(best)
            shown.append(best)
            boroughs[borough_of(best)] += 1
            if len(shown) == most:
                break
    return shown


def _standing(role: Role, boroughs: Counter[str], until: date) -> tuple[object, ...]:
    """The smaller, the sooner it is shown."""
    pay = role.pay.maximum or role.pay.minimum or 0 if role.pay and role.pay.period == "year" else 0
    over = role.closes_on is not None and role.closes_on <= until
    return (
        over,
        role.relevance == "borderline",
        not role.links,
        boroughs[borough_of(role)],
        -(rank(role.level) if role.level else -1),
        -pay,
        role.id,
    )


def by_borough(roles: Iterable[Role]) -> Mapping[str, list[Role]]:
    """The roles of each borough, the one with most first."""
    found: dict[str, list[Role]] = defaultdict(list)
    for role in roles:
        found[borough_of(role)].append(role)
    return dict(sorted(found.items(), key=lambda one: (-len(one[1]), one[0])))
