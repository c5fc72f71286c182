"""Roles as ingest says them, for tests of the portal: `role(…)` and the events about it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from loti_contracts.events import AuthorityNamed, Pay, Role, RoleChanged, RoleClosed, RoleDiscovered
from loti_contracts.events.roles import StandardRoleNamed
from loti_contracts.vocabulary import authorities, standard_roles

HACKNEY: Final = "E09000012"
CAMDEN: Final = "E09000007"
SUTTON: Final = "E09000029"
FOUND: Final = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def named(gss: str) -> AuthorityNamed:
    """An authority as roles name it."""
    one = authorities()[gss]
    return AuthorityNamed(gss=one.gss, name=one.name, area=one.area)


def role(
    id_: str = "role-1",
    *,
    title: str = "Enterprise Architect",
    standard_role: str | None = "Enterprise architect",
    level: str | None = "senior",
    boroughs: Sequence[str] = (HACKNEY,),
    pay: tuple[int | None, int | None] | None = (60_000, 70_000),
    period: str = "year",
    **other: Any,
) -> Role:
    """An open role at one borough, unless told otherwise. `pay` is in pounds of the period."""
    known = standard_roles()[standard_role] if standard_role else None
    facts: dict[str, Any] = {
        "id": id_,
        "revision": 1,
        "status": "open",
        "source": "hackney",
        "title": title,
        "employer": f"London Borough of {authorities()[boroughs[0]].name}" if boroughs else "London Councils",
        "authorities": tuple(named(gss) for gss in boroughs),
        "links": (f"https://jobs.example/{id_}",),
        "location": "London",
        "standard_role": known
        and StandardRoleNamed(name=known.name, family=known.family, soc2020=known.soc2020),
        "level": level,
        "relevance": "yes",
        "confidence": 0.95,
        "why": "the title says it",
        "pay": None if pay is None else paid(*pay, period=period),
        "posted_on": date(2026, 11, 1),
        "closes_on": date(2026, 12, 1),
        "contract": "Permanent",
        "description": "You will plan how the council's systems fit together.",
        "found_at": FOUND,
    }
    return Role.model_validate(facts | other)


def paid(low: int | None, high: int | None, *, period: str = "year") -> Pay:
    """An offer in pounds of the period."""
    ends = [f"£{end:,}" for end in (low, high) if end is not None]
    return Pay.model_validate(
        {
            "text": " to ".join(ends) + f" a {period}",
            "minimum": None if low is None else low * 100,
            "maximum": None if high is None else high * 100,
            "period": period,
        }
    )


def discovered(found: Role) -> RoleDiscovered:
    """It was found."""
    return RoleDiscovered(role=found)


def changed(before: Role, **facts: Any) -> RoleChanged:
    """It is advertised differently; `facts` are the fields that differ."""
    after = Role.model_validate(before.model_dump() | facts | {"revision": before.revision + 1})
    return RoleChanged(role=after, changed=tuple(sorted(facts)))


def closed(before: Role, *, at: datetime, because: str = "expired") -> RoleClosed:
    """It closed."""
    facts = {"status": "closed", "closed_because": because, "closed_at": at}
    after = Role.model_validate(before.model_dump() | facts | {"revision": before.revision + 1})
    return RoleClosed(role=after, changed=tuple(sorted(facts)))
