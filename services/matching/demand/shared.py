"""Whether a standard role is looked for by several boroughs at once, and what is then said. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from loti_contracts.events import (
    BoroughInDemand,
    DemandEnded,
    DemandShared,
    Request,
    RequestInDemand,
    Role,
    RoleInDemand,
    SharedDemand,
)
from loti_contracts.vocabulary import authorities, standard_roles
from services.matching.demand.rules import Rules
from services.matching.demand.steps import joint_step
from services.matching.demand.windows import (
    boroughs_counted,
    boroughs_of,
    groups_of,
    in_window,
    next_to_leave,
    wants_staff,
)
from services.matching.demand.wording import counted, in_words, with_article


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a standard role found: its state after (None while it was never shared), what is to be said of
    it, and when time alone may change it."""

    state: SharedDemand | None
    event: DemandShared | DemandEnded | None
    look_again: datetime | None


def look(
    standard_role: str,
    roles: Sequence[Role],
    requests: Sequence[Request],
    before: SharedDemand | None,
    *,
    now: datetime,
    rules: Rules,
) -> Looked:
    """Look at one standard role. `roles` and `requests` are all of it that may be in the window."""
    live = sorted(
        (one for one in roles if in_window(one, now=now, window=rules.window)),
        key=lambda r: (r.found_at, r.id),
    )
    asks = sorted(
        (one for one in requests if wants_staff(one) and in_window(one, now=now, window=rules.window)),
        key=lambda request: request.id,
    )
    again = next_to_leave([*live, *asks], rules.window)
    count = boroughs_counted(groups_of(live, asks))
    was_current = before is not None and before.status == "current"
    if count < rules.least and not was_current:
        return Looked(before, None, again)
    revision = before.revision + 1 if before else 1
    since = before.since if before is not None and was_current else now
    if count < rules.least:
        after = _ended(standard_role, count, revision, since, now=now, rules=rules)
    else:
        after = _current(standard_role, live, asks, count, revision, since, rules=rules)
    changed = _differing(before, after)
    if not changed and before is not None:
        return Looked(before, None, again)
    said = DemandEnded if after.status == "ended" else DemandShared
    return Looked(after, said(demand=after, changed=changed), again)


def _current(
    standard_role: str,
    roles: Sequence[Role],
    requests: Sequence[Request],
    count: int,
    revision: int,
    since: datetime,
    *,
    rules: Rules,
) -> SharedDemand:
    names = {authority.gss: authority.name for role in roles for authority in role.authorities}
    names |= {r.borough: _name(r.borough, names) for r in requests}
    boroughs = tuple(
        _borough(gss, name, roles, requests)
        for gss, name in sorted(names.items(), key=lambda n: (n[1], n[0]))
    )
    step, step_why = joint_step(roles, requests, names)
    return SharedDemand(
        id=standard_role,
        revision=revision,
        status="current",
        standard_role=standard_role,
        family=_family(standard_role, roles),
        borough_count=count,
        least=rules.least,
        window_days=rules.window.days,
        boroughs=boroughs,
        roles=tuple(map(_role, roles)),
        requests=tuple(
            RequestInDemand(id=r.id, borough=r.borough, level=r.level, need_by=r.need_by) for r in requests
        ),
        sentence=_sentence(standard_role, boroughs, roles, requests, count, rules),
        step=step,
        step_why=step_why,
        since=since,
    )


def _ended(
    standard_role: str, count: int, revision: int, since: datetime, *, now: datetime, rules: Rules
) -> SharedDemand:
    return SharedDemand(
        id=standard_role,
        revision=revision,
        status="ended",
        standard_role=standard_role,
        family=_family(standard_role, ()),
        borough_count=count,
        least=rules.least,
        window_days=rules.window.days,
        sentence=f"Fewer than {rules.least} boroughs look for {with_article(standard_role)} now.",
        since=since,
        ended_at=now,
    )


def _borough(gss: str, name: str, roles: Sequence[Role], requests: Sequence[Request]) -> BoroughInDemand:
    own = [role for role in roles if gss in boroughs_of(role)]
    return BoroughInDemand(
        gss=gss,
        name=name,
        adverts=len(own),
        readvertised=sum(role.readvertises is not None for role in own),
        requests=sum(request.borough == gss for request in requests),
    )


def _role(role: Role) -> RoleInDemand:
    return RoleInDemand(
        id=role.id,
        title=role.title,
        links=role.links,
        boroughs=tuple(sorted(boroughs_of(role))),
        level=role.level,
        status=role.status,
        readvertises=role.readvertises,
    )


def _sentence(
    standard_role: str,
    boroughs: Sequence[BoroughInDemand],
    roles: Sequence[Role],
    requests: Sequence[Request],
    count: int,
    rules: Rules,
) -> str:
    counts: Counter[str] = Counter(role.status for role in roles)
    how = {"open": "open", "closed": f"closed in the last {rules.window.days} days"}
    parts = [f"{counts[status]} {words}" for status, words in how.items() if counts[status]]
    found = [f"{counted(len(roles), 'advert')} ({', '.join(parts)})"] if roles else []
    found += [f"{counted(len(requests), 'request')} for help"] if requests else []
    joint = f" They count as {count}, since some share an advert." if count < len(boroughs) else ""
    names = in_words([borough.name for borough in boroughs])
    return f"{names} look for {with_article(standard_role)}: {in_words(found)}.{joint}"


def _family(standard_role: str, roles: Sequence[Role]) -> str:
    known = standard_roles().get(standard_role)
    said = [role.standard_role.family for role in roles if role.standard_role]
    return known.family if known else min(said, default="")


def _name(gss: str, names: Mapping[str, str]) -> str:
    authority = authorities().get(gss)
    return names.get(gss) or (authority.name if authority else gss)


def _differing(before: SharedDemand | None, after: SharedDemand) -> tuple[str, ...]:
    """The fields that differ, apart from those that differ with every revision; none for a first revision."""
    if before is None:
        return ()
    return tuple(
        name
        for name in SharedDemand.model_fields
        if name != "revision" and getattr(before, name) != getattr(after, name)
    )
