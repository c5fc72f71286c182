"""Joining: which role each advert belongs to, and what is to be said when adverts come, change and go.

An advert that is new on a board joins the role of one that is the same job (see duplicates), on whichever board.
Two roles that were said apart are never merged afterwards: others know them by their ids. An advert that has turned
into another job leaves its role.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from loti_contracts.events import Role
from services.ingest.belonging import Place, part_turned, place_new
from services.ingest.decisions import AboutRole, Decision
from services.ingest.jobs import Rank, Sighting, role_of, told


@dataclass(frozen=True, slots=True)
class Jobs:
    """What a conclusion is drawn from: sightings by their own ids, with all of the roles that they belong to, and
    those roles as they were last said."""

    sightings: Mapping[str, Sighting] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Concluded:
    """What follows: the sightings that are new or different; what is said, in order, each with the reason; and the
    decisions as they are to be recorded, each under its role's id."""

    sightings: tuple[Sighting, ...]
    said: tuple[AboutRole, ...]
    decisions: tuple[Decision, ...]


def conclude(decisions: Sequence[Decision], jobs: Jobs, *, rank: Rank, now: datetime) -> Concluded:
    """What one board's decisions mean for the roles. Each role is said once at most, one revision on."""
    after = dict(jobs.sightings)
    fresh = [one for one in decisions if one.event is not None and one.role_id not in after]
    known = [one for one in decisions if one.event is not None and one.role_id in after]
    for one in known:
        if one.event is not None:
            after[one.role_id] = replace(after[one.role_id], reading=one.event.role)
    left: dict[str, str] = {}
    for id_, role_id in part_turned(known, after).items():
        left[id_] = after[id_].role_id
        after[id_] = replace(after[id_], role_id=role_id)
    readings = [one.event.role for one in fresh if one.event is not None]
    places = place_new(readings, after)
    for reading in readings:
        after[reading.id] = Sighting(places[reading.id].role_id, reading)
    return _said(decisions, jobs, after, places, left, rank, now)


def _said(
    decisions: Sequence[Decision],
    jobs: Jobs,
    after: Mapping[str, Sighting],
    places: Mapping[str, Place],
    left: Mapping[str, str],
    rank: Rank,
    now: datetime,
) -> Concluded:
    of_role_: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in after.values():
        of_role_[sighting.role_id].append(sighting)
    moved = {one.role_id: one.event for one in decisions if one.event is not None}
    touched = dict.fromkeys(id_ for key in moved for id_ in (left.get(key), after[key].role_id) if id_)
    said: list[AboutRole] = []
    for role_id in touched:
        mine = of_role_[role_id]
        if not mine:
            continue
        event = told(
            was := jobs.roles.get(role_id),
            role_of(
                role_id,
                was,
                mine,
                closing=moved,
                readvertises=_role_before(mine, jobs) if was is None else None,
                rank=rank,
                now=now,
            ),
        )
        if event is not None:
            said.append(event)
    return Concluded(
        sightings=tuple(after[id_] for id_ in moved),
        said=tuple(said),
        decisions=tuple(_recorded(one, after, of_role_, places, left) for one in decisions),
    )


def _role_before(mine: Iterable[Sighting], jobs: Jobs) -> str | None:
    """The role of the closed advert that any of these readvertises."""
    earlier = sorted(one.reading.readvertises for one in mine if one.reading.readvertises)
    return next((jobs.sightings[id_].role_id for id_ in earlier if id_ in jobs.sightings), None)


def _recorded(
    one: Decision,
    after: Mapping[str, Sighting],
    of_role_: Mapping[str, Iterable[Sighting]],
    places: Mapping[str, Place],
    left: Mapping[str, str],
) -> Decision:
    """A decision on a sighting as one on its role."""
    sighting = after.get(one.role_id)
    if sighting is None:
        return one
    place = places.get(one.role_id)
    if place is not None and place.why is not None:
        return replace(one, role_id=sighting.role_id, what="joined", why=place.why)
    if one.role_id in left:
        return replace(
            one,
            role_id=sighting.role_id,
            what="parted",
            why=f"{one.why}; it is another job now than {left[one.role_id]}",
        )
    others = sorted({it.reading.source for it in of_role_[sighting.role_id] if it.open})
    if one.what == "closed" and others:
        return replace(
            one, role_id=sighting.role_id, what="left", why=f"{one.why}; still on {', '.join(others)}"
        )
    return replace(one, role_id=sighting.role_id)
