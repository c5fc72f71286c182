"""Standing in: the adverts of a role as the role alone tells of them, until their boards are read again. Pure.

What is said of a role composes what its adverts say (see jobs), so each advert is taken to say all that the role says:
composed again, with any of them read anew, that gives the same role.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from loti_contracts.events import Role
from services.ingest.assess import MISSES_BEFORE_CLOSED
from services.ingest.jobs import Sighting

_STANDS: Final = uuid.UUID("7c2f4a3e-0f0b-5d57-9d0a-6a2d6b1d9c11")

Place = tuple[str, str]
"""A board, and the link of an advert there."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An advert as its role was said. `new`: nothing was known of it, and it has an id that no posting makes.
    `missing`: from how many readings in a row it is taken to be missing."""

    sighting: Sighting
    missing: int
    new: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An advert that only its role tells of, by the id it has until then."""

    id: str
    role_id: str
    link: str | None


def taken_over(said: Mapping[str, tuple[Role, datetime]], known: Sequence[Sighting]) -> list[Taken]:
    """The adverts that these roles come to.

    `said`: by its id each role as it was said last, and when. `known`: the adverts that are known of these roles, and
    those on the same places. One that is shown there is the role's; one that no role shows any more is closed.
    """
    at: dict[Place, list[Sighting]] = {}
    for one in known:
        for link in one.reading.links[:1]:
            at.setdefault((one.reading.source, link), []).append(one)
    taken: list[Taken] = []
    used: set[str] = set()
    for role, _ in said.values():
        for number, place in enumerate(places(role)):
            own = [one for one in at.get(place, ()) if one.id not in used]
            found = _best(role.id, own, said)
            id_ = found.id if found else str(uuid.uuid5(_STANDS, "\n".join((role.id, *place))))
            used.add(id_)
            taken.append(
                Taken(Sighting(role.id, _reading(role, id_, place, number, found)), _missing(role), not found)
            )
    for one in known:
        if one.id not in used and one.open and _left(one, said):
            taken.append(Taken(Sighting(one.role_id, _closed(one.reading, *said[one.role_id])), 0, new=False))
    return taken


def places(role: Role) -> list[Place]:
    """Where a role is shown, as far as it tells: the leading advert's board always, the others' where it names them."""
    if len(role.boards) == len(role.links):
        return list(zip(role.boards, role.links, strict=True))
    return [(role.source, link) for link in role.links[:1]]


def claims(
    standing: Iterable[Standing], shown: Mapping[str, str | None], known: Collection[str]
) -> dict[str, str]:
    """Which of a board's postings are adverts that only their roles told of: by an advert's id the posting's.

    `shown`: the postings by the ids that they make, with their links; `known`: those that are adverts known already.
    A role has the id of its first advert, so that its own posting is sure; else the link tells, where it is of one only.
    """
    fresh = {id_: link for id_, link in shown.items() if id_ not in known}
    waiting = sorted(standing, key=lambda one: one.id)
    of_role_: dict[str, list[Standing]] = {}
    for one in waiting:
        of_role_.setdefault(one.role_id, []).append(one)
    found: dict[str, str] = {}
    for role_id in of_role_.keys() & fresh.keys():
        mine = of_role_[role_id]
        best = next((one for one in mine if one.link == fresh[role_id]), mine[0])
        found[best.id] = role_id
    shown_as = {link: id_ for id_, link in fresh.items()}
    times, stood = Counter(fresh.values()), Counter(one.link for one in waiting)
    for one in waiting:
        alone = one.link is not None and times[one.link] == stood[one.link] == 1
        if alone and one.id not in found and shown_as[one.link] not in found.values():
            found[one.id] = shown_as[one.link]
    return found


def _best(
    role_id: str, own: Sequence[Sighting], said: Mapping[str, tuple[Role, datetime]]
) -> Sighting | None:
    """Of the adverts on one place the one that is the role's: its own, or one that its own role shows no longer."""
    free = [one for one in own if one.role_id == role_id or not one.open or _left(one, said)]
    return min(free, key=lambda one: (one.role_id != role_id, not one.open, one.id), default=None)


def _left(one: Sighting, said: Mapping[str, tuple[Role, datetime]]) -> bool:
    """Whether its role was said since without it."""
    role, _ = said.get(one.role_id, (None, None))
    return role is not None and (role.status == "closed" or not {*one.reading.links[:1]} & {*role.links})


def _reading(role: Role, id_: str, place: Place, number: int, found: Sighting | None) -> Role:
    source, link = place
    # In the order of its links: by when they were found first adverts follow each other that are of equal rank.
    found_at = found.reading.found_at if found else role.found_at + timedelta(microseconds=number)
    return role.model_copy(
        update={"id": id_, "source": source, "links": (link,), "boards": (), "found_at": found_at}
    )


def _missing(role: Role) -> int:
    """One that expired may be listed still; any other that closed had left its board."""
    return 0 if role.status == "open" or role.closed_because == "expired" else MISSES_BEFORE_CLOSED


def _closed(reading: Role, role: Role, said_at: datetime) -> Role:
    return reading.model_copy(
        update={
            "status": "closed",
            "closed_because": role.closed_because or "gone",
            "closed_at": role.closed_at or said_at,
        }
    )
