"""Belonging: which role an advert is one of, when it is new on a board and when it has become another's."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.events import Role
from services.ingest.decisions import Decision
from services.ingest.duplicates import group, of_role, same_job
from services.ingest.identity import same_round
from services.ingest.jobs import Sighting

_APART: Final = uuid.UUID("0b7a1d52-54f3-5a35-9a39-0f5a55a1c2d4")
_WHOSE_JOB: Final = frozenset({"title", "employer", "description", "status"})
"""The fields by which an advert may turn into that of another job; `status`, when it is shown again."""


@dataclass(frozen=True, slots=True)
class Place:
    """The role that a new sighting belongs to, and why, where it is not the first."""

    role_id: str
    why: str | None = None


def place_new(fresh: Sequence[Role], after: Mapping[str, Sighting]) -> dict[str, Place]:
    """Where new adverts belong, by their ids: to the role of the surest match among what is open, else to one of
    their own, which their word-for-word copies share; or, where the role that they would readvertise is open
    elsewhere, to that."""
    if not fresh:
        return {}
    open_ = {one.id: one for one in after.values() if one.open}
    adverts = {role.id: of_role(role) for role in (*(one.reading for one in open_.values()), *fresh)}
    new = {role.id: role for role in fresh}
    mates: dict[str, list[str]] = defaultdict(list)
    for one in open_.values():
        mates[one.role_id].append(one.id)
    places: dict[str, Place] = {}
    for ids in group(adverts.values()):
        ours = sorted(ids & new.keys(), key=lambda id_: (new[id_].found_at, id_))
        for id_ in ours:
            fits = []
            for role_id in {open_[other].role_id for other in ids & open_.keys()}:
                verdicts = {mate: same_job(adverts[id_], adverts[mate]) for mate in mates[role_id]}
                if all(verdict.score > 0 for verdict in verdicts.values()):
                    fits += [
                        (
                            found.score,
                            role_id,
                            f"the same job as on {open_[mate].reading.source}: {found.why}",
                        )
                        for mate, found in verdicts.items()
                        if mate in ids
                    ]
            if fits:
                _, role_id, why = max(fits)
                places[id_] = Place(role_id, why)
            elif ours[0] in places and id_ != ours[0]:
                places[id_] = Place(
                    places[ours[0]].role_id, f"word for word the same as another on {new[id_].source}"
                )
            else:
                before = (_earlier(new[one], after, mates) for one in ours)
                places[id_] = next(filter(None, before), Place(id_))
    return places


def _earlier(role: Role, after: Mapping[str, Sighting], mates: Mapping[str, list[str]]) -> Place | None:
    """The role of the closed advert that this one repeats, where it is no new round: another board still shows it, or
    it is shown again with the same dates."""
    earlier = after.get(role.readvertises or "")
    if earlier is None:
        return None
    shown = [after[mate].reading for mate in mates.get(earlier.role_id, ())]
    if any(same_job(of_role(role), of_role(other)).score > 0 for other in shown):
        return Place(
            earlier.role_id, "title, employer and text are those of a job that another board still shows"
        )
    if not shown and same_round(earlier.reading, role):
        return Place(
            earlier.role_id, f"it has left {earlier.reading.source}, and is there with the same dates"
        )
    return None


def part_turned(decisions: Sequence[Decision], after: Mapping[str, Sighting]) -> dict[str, str]:
    """Adverts that have become those of another job than the others of their role, each with its new role. Those that
    did not change keep the role, or else the first of those that did."""
    turned: dict[str, list[Sighting]] = defaultdict(list)
    for one in decisions:
        if one.event is not None and one.event.role.status == "open" and _WHOSE_JOB & set(one.event.changed):
            turned[after[one.role_id].role_id].append(after[one.role_id])
    parted: dict[str, str] = {}
    for role_id, ours in turned.items():
        ours.sort(key=lambda it: it.id)
        ids = {it.id for it in ours}
        staying = [it for it in after.values() if it.role_id == role_id and it.open and it.id not in ids]
        jobs = {role_id: staying or ours[:1]}
        for leaving in ours if staying else ours[1:]:
            mine = of_role(leaving.reading)
            fits = (
                id_
                for id_, others in jobs.items()
                if any(same_job(mine, of_role(other.reading)).score > 0 for other in others)
            )
            to = next(fits, None) or str(uuid.uuid5(_APART, f"{leaving.id}\n{leaving.reading.revision}"))
            jobs[to] = [*jobs.get(to, ()), leaving]
            if to != role_id:
                parted[leaving.id] = to
    return parted
