"""Whether an open role is hard to recruit: advertised again, or open beyond the usual time. Pure.

What is usual is told from adverts that had closed when the role was found, and so holds for as long as the role is
open: no other borough's closing makes a role hard one day and not the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import ceil

from loti_contracts.events import HardRole, Role, RoleHardToRecruit, RoleNoLongerHard, UsualTime
from services.matching.demand.rules import Rules
from services.matching.demand.wording import with_article

BELIEVED = timedelta(days=365)
"""A posting date further back than this from the day it was found is not believed."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a role found: its state after (None while it was never hard), what is to be said of it, and when
    time alone will change it."""

    state: HardRole | None
    event: RoleHardToRecruit | RoleNoLongerHard | None
    look_again: datetime | None


def open_since(role: Role) -> datetime:
    """From when it was advertised: the day it was posted where the advert says so, or else when it was found."""
    if role.posted_on is None:
        return role.found_at
    posted = datetime.combine(role.posted_on, time(), UTC)
    return posted if role.found_at - BELIEVED <= posted < role.found_at else role.found_at


def stood_days(role: Role) -> int | None:
    """For how many days a closed role was advertised, a day begun counting whole; None for an open one."""
    if role.status == "open":
        return None
    stood = (role.closed_at or role.found_at) - open_since(role)
    return max(0, ceil(stood / timedelta(days=1)))


def usual(
    of_its_kind: Sequence[int], of_all: Sequence[int], *, standard_role: str | None, rules: Rules
) -> UsualTime | None:
    """How long adverts stand, by the days that those of its standard role stood where there are enough, or else by
    all; None where there are too few of either."""
    for stood, of in ((of_its_kind, standard_role), (of_all, None)):
        if len(stood) >= rules.usual_least:
            days = sorted(stood)
            return UsualTime(days=days[ceil(rules.usual_share * len(days)) - 1], adverts=len(days), of=of)
    return None


def look(role: Role, usual_time: UsualTime | None, before: HardRole | None, *, now: datetime) -> Looked:
    """Look at one role. `usual_time`: as it was when the role was found."""
    beyond_at = open_since(role) + timedelta(days=usual_time.days) if usual_time else None
    beyond = beyond_at is not None and beyond_at < now
    hard = role.status == "open" and (beyond or role.readvertises is not None)
    waiting = beyond_at if role.status == "open" and not beyond else None
    again = waiting + timedelta(microseconds=1) if waiting is not None else None
    if not hard and (before is None or before.status == "over"):
        return Looked(before, None, again)
    after = HardRole(
        id=role.id,
        revision=before.revision + 1 if before else 1,
        status="hard" if hard else "over",
        title=role.title,
        standard_role=role.standard_role.name if role.standard_role else None,
        boroughs=role.authorities,
        links=role.links,
        readvertises=role.readvertises,
        open_since=open_since(role),
        usual=usual_time,
        beyond_usual=hard and beyond,
        why=_why(role, usual_time, beyond) if hard else _why_over(role),
    )
    changed = _differing(before, after)
    if before is not None and not changed:
        return Looked(before, None, again)
    said = RoleHardToRecruit if hard else RoleNoLongerHard
    return Looked(after, said(hard=after, changed=changed), again)


def _why(role: Role, usual_time: UsualTime | None, beyond: bool) -> str:
    reasons = []
    if role.readvertises is not None:
        reasons.append("It is advertised again: the same advert was there before, and closed.")
    if beyond and usual_time is not None:
        whose = with_article(usual_time.of) if usual_time.of else "any digital role"
        reasons.append(
            f"It is open for more than {usual_time.days} days, within which nine in ten of the last "
            f"{usual_time.adverts} adverts for {whose} had closed."
        )
    return " ".join(reasons)


def _why_over(role: Role) -> str:
    if role.status == "open":
        return "It is neither advertised again nor open beyond the usual time, by what is known now."
    return "It closed: its closing date has passed." if role.closed_because == "expired" else "It closed."


def _differing(before: HardRole | None, after: HardRole) -> tuple[str, ...]:
    """The fields that differ, apart from those that differ with every revision; none for a first revision."""
    if before is None:
        return ()
    return tuple(
        name
        for name in HardRole.model_fields
        if name != "revision" and getattr(before, name) != getattr(after, name)
    )
