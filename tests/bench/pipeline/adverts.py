"""Role events as a year of London's boards gives them: every borough, every standard role, printed pay of all sorts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from loti_contracts.events import (
    AuthorityNamed,
    Envelope,
    Event,
    Pay,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    StandardRoleNamed,
    envelop,
)
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles

_NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
_BASE = {level: 28_000 + 9_500 * place for place, level in enumerate(LEVELS)}


def events(roles: int, *, seed: int = 1) -> Iterator[Envelope[Event]]:
    """So many roles as they are said in turn: found; one in ten is changed later, one in five is closed. 1.3 events a
    role, in an order that mixes old and new. The same seed gives the same events."""
    random = Random(seed)
    waiting: list[tuple[type[Event], Role]] = []
    for number in range(roles):
        found = _a_role(random, f"{seed}-{number}")
        yield _said(random, RoleDiscovered(role=found))
        if random.random() < 0.1 and found.pay and found.pay.minimum:
            better = found.pay.model_copy(update={"minimum": found.pay.minimum + 100_000, "maximum": None})
            waiting.append((RoleChanged, found.model_copy(update={"revision": 2, "pay": better})))
        elif random.random() < 0.22:
            over = {"revision": 2, "status": "closed", "closed_because": "expired", "closed_at": _NOW}
            waiting.append((RoleClosed, found.model_copy(update=over)))
        if len(waiting) > 50:
            kind, role = waiting.pop(random.randrange(len(waiting)))
            yield _said(random, kind.model_validate({"role": role}))
    for kind, role in waiting:
        yield _said(random, kind.model_validate({"role": role}))


def _said(random: Random, event: Event) -> Envelope[Event]:
    return envelop(
        event, source="/loti/ingest", time=_NOW, id=str(UUID(int=random.getrandbits(128), version=4))
    )


def _a_role(random: Random, name: str) -> Role:
    standard = random.choice(list(standard_roles().values()))
    rungs = [rung.level for rung in standard.levels] or ["chief"]
    level = random.choice(rungs)
    where = random.choice(list(authorities().values()))
    employer = f"London Borough of {where.name}"
    posted = date(2026, 11, 1) - timedelta(days=int(random.expovariate(1 / 150)))
    lines = [f"{employer} is looking for a {level} {standard.name.lower()}.", standard.description]
    lines += [f"You will show skill in: {skill}." for skill in standard.skills]
    lines += ["We offer 36 hours a week, hybrid working, and the Local Government Pension Scheme."]
    return Role(
        id=str(UUID(int=random.getrandbits(128), version=4)),
        revision=1,
        status="open",
        source=where.name.lower().replace(" ", "-"),
        title=f"{level.title()} {standard.name}",
        employer=employer,
        authorities=(AuthorityNamed(gss=where.gss, name=where.name, area=where.area),),
        links=(f"https://jobs.{where.gss.lower()}.example/vacancy/{name}",),
        location=f"{where.name}, London",
        standard_role=(
            None
            if random.random() < 0.15
            else StandardRoleNamed(name=standard.name, family=standard.family, soc2020=standard.soc2020)
        ),
        level=None if random.random() < 0.1 else level,
        relevance="yes",
        confidence=0.93,
        why=f"'{standard.name.lower()}' in the title; level from '{level}'",
        pay=_pay(random, _BASE[level]),
        posted_on=None if random.random() < 0.2 else posted,
        closes_on=posted + timedelta(days=28),
        contract=random.choice(["Permanent", "Fixed term, 12 months", None]),
        description="\n".join(lines)[:20_000],
        found_at=datetime(posted.year, posted.month, posted.day, 9, tzinfo=UTC)
        + timedelta(days=random.randint(0, 4)),
    )


def _pay(random: Random, base: int) -> Pay | None:
    low = base + 3 * random.randint(0, 4_000)
    high = low + 3 * random.randint(300, 3_000)
    kind = random.random()
    if kind < 0.06:
        return None
    said: dict[str, Any]
    if kind < 0.12:
        day = low // 130
        said = {"text": f"£{day} a day", "minimum": day * 100, "maximum": day * 100, "period": "day"}
    elif kind < 0.16:
        hour = low // 19
        said = {"text": f"£{hour / 100:.2f} an hour", "minimum": hour, "maximum": hour, "period": "hour"}
    elif kind < 0.2:
        said = {"text": f"from £{low:,}", "minimum": low * 100, "maximum": None, "period": "year"}
    else:
        text = f"£{low:,} to £{high:,} per annum"
        said = {"text": text, "minimum": low * 100, "maximum": high * 100, "period": "year"}
        if kind < 0.25:
            said["basis"] = "actual"
    return Pay(**said)
