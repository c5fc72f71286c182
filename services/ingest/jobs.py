"""Jobs: what all adverts of one job come to as one role.

A borough's own board, a board that several boroughs share and a second posting may show one job. Each such advert is
a sighting, judged by its own board's readings (see lifecycle); the role is composed of those that are open, and stays
open until the last of them has closed.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from loti_contracts.events import Role, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from services.ingest.decisions import AboutRole, differing

Rank = Callable[[str], int]
"""How far a board is from the employer: for how many authorities it advertises."""

_FILLED: Final = ("employer", "authorities", "location", "level", "contract", "description")
_CLASSIFIED: Final = ("standard_role", "level", "relevance", "confidence", "why")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One advert on one board. `reading` is the job as this advert alone says it, under the sighting's own id;
    `role_id` is the role that it is an advert of."""

    role_id: str
    reading: Role

    @property
    def id(self) -> str:
        """The sighting's own."""
        return self.reading.id

    @property
    def open(self) -> bool:
        """Whether the board shows it."""
        return self.reading.status == "open"


def role_of(
    id_: str,
    was: Role | None,
    sightings: Sequence[Sighting],
    *,
    closing: Collection[str] = (),
    readvertises: str | None = None,
    rank: Rank,
    now: datetime,
) -> Role:
    """The role that these sightings are adverts of, one revision after what it `was`.

    It is what the open ones say; when none is open, what those say that are `closing` now. The advert on the board
    nearest to the employer leads; what it leaves out the others say. It closes at the latest date that any names.
    """
    pool = [one for one in sightings if one.open] or [one for one in sightings if one.id in closing]
    pool.sort(key=lambda one: (rank(one.reading.source), one.reading.found_at, one.id))
    lead, *others = [one.reading for one in pool]
    boards: dict[str, str] = {}
    for one in (lead, *others):
        for link in one.links:
            boards.setdefault(link, one.source)
    facts: dict[str, Any] = {
        "id": id_,
        "revision": was.revision + 1 if was else 1,
        "found_at": was.found_at if was else min(one.found_at for one in (lead, *others)),
        "readvertises": was.readvertises if was else readvertises,
        "links": tuple(boards),
        "boards": tuple(boards.values()),
    }
    if lead.status == "closed":
        expired = any(one.closed_because == "expired" for one in (lead, *others))
        facts |= {
            "closed_because": "expired" if expired else lead.closed_because,
            "closed_at": now,
        }
    if others:
        facts |= _joined(lead, others)
    return lead.model_copy(update=facts)


def told(was: Role | None, role: Role) -> AboutRole | None:
    """What is to be said of a role that is now so; None where nothing differs."""
    if was is None:
        return RoleReadvertised(role=role) if role.readvertises else RoleDiscovered(role=role)
    changed = differing(was, role)
    if not changed:
        return None
    if role.status == "closed" and was.status == "open":
        return RoleClosed(role=role, changed=changed)
    return RoleChanged(role=role, changed=changed)


def _joined(lead: Role, others: Sequence[Role]) -> dict[str, Any]:
    """What the others add to what the leading advert says."""
    all_ = (lead, *others)
    facts: dict[str, Any] = {
        name: next((getattr(one, name) for one in all_ if getattr(one, name)), getattr(lead, name))
        for name in _FILLED
    }
    facts["posted_on"] = min((one.posted_on for one in all_ if one.posted_on), default=None)
    facts["closes_on"] = max((one.closes_on for one in all_ if one.closes_on), default=None)
    paid = [one.pay for one in all_ if one.pay]
    facts["pay"] = next(
        (pay for pay in paid if (pay.minimum, pay.maximum) != (None, None)), paid[0] if paid else None
    )
    classified = next((one for one in all_ if one.standard_role), lead)
    return (
        facts
        | {name: getattr(classified, name) for name in _CLASSIFIED if name != "level"}
        | ({"level": classified.level} if classified.level else {})
    )
