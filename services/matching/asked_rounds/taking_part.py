"""Who takes part in a round, and on which terms, as `services.matching.rounds` decides it.

What a shortlist would never propose is no pair here either: the same bars hold, so that a pair that is published can
be accepted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from loti_contracts.events import NotPaired, Request, SetAside, Supporter, Together
from loti_contracts.vocabulary import LEVELS, Level
from services.matching.asked_rounds.facts import Asked
from services.matching.candidates import Candidates, Flags, Whole
from services.matching.eligibility import Bar, bar
from services.matching.judging import bars_of
from services.matching.names import listed, named
from services.matching.parts import skills_offered
from services.matching.rounds.people import Conflict, Demand, Round, Supply
from services.matching.supporter_now import SupporterNow

_THE_ROUNDS_OWN = "works for the borough itself"
"""The solver knows this rule by itself, and says more of it."""
_FULL = ("takes no requests", "has no capacity left")
_NOT_AT_ALL = (
    "withdrawn from the list",
    "listed for another kind of help",
    "has not renewed what they offer",
)
"""Bars that hold for every request."""


class CannotBe(ValueError):
    """A round that cannot be decided as it was asked for; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class TakingPart:
    """A round as it is decided, and those who take no part although they were named."""

    round: Round
    not_now: tuple[NotPaired, ...]
    set_aside: tuple[SetAside, ...]


def taking_part(asked: Asked) -> TakingPart:
    """Everybody who takes part. Raises CannotBe."""
    if asked.unknown:
        raise CannotBe(
            f"Nobody has stated {listed(asked.unknown)}: a request or supporter that was stated a moment ago may not "
            "have been heard of yet; run the round again, or leave it out."
        )
    without = set(asked.round.without)
    asking = [one for one in asked.asking if one.request.id not in without]
    requests = {one.request.id: one.request for one in asking if one.not_now is None}
    not_now = tuple(
        NotPaired(request_id=one.request.id, borough=one.request.borough, why=one.not_now)
        for one in asking
        if one.not_now
    )
    people = {one.supporter.id: one.now() for one in asked.offering if one.supporter.id not in without}
    if not requests:
        raise CannotBe(f"There is no open request for {named(asked.round.kind)} that could take part.")
    barred = {id_: _not_at_all(asked, now, next(iter(requests.values()))) for id_, now in people.items()}
    set_aside = tuple(
        SetAside(supporter_id=id_, why=found.sentence) for id_, found in barred.items() if found
    )
    present = {id_: now for id_, now in people.items() if barred[id_] is None}
    conflicts, places = _terms(asked, requests, present)
    pinned = _pinned(asked, requests, present, places)
    apart = [Conflict(one.supporter_id, one.request_id) for one in asked.round.apart]
    round_ = Round(
        supplies=tuple(supply_of(now.supporter, places[id_]) for id_, now in present.items()),
        demands=tuple(demand_of(one) for one in requests.values()),
        conflicts=(*conflicts, *apart),
        related_only=asked.round.related_only,
        pinned=pinned,
    )
    return TakingPart(round_, not_now, set_aside)


def demand_of(request: Request) -> Demand:
    """A request as somebody who wants a place. Levels count for mentors alone."""
    level: Level | None = None
    if request.kind == "mentor":
        level = next((one for one in LEVELS if one == request.level), None)
    name = f"request {request.id}"
    return Demand(request.id, name, request.borough, request.standard_role, request.skills, level)


def supply_of(supporter: Supporter, places: int) -> Supply:
    """A supporter as somebody who offers so many places. A mentor's own borough is barred to them, no one else's."""
    mentor = supporter.kind == "mentor"
    return Supply(
        id=supporter.id,
        name=f"supporter {supporter.id}",
        borough=(supporter.own_borough or "") if mentor else "",
        roles=(*supporter.roles, *supporter.families),
        skills=tuple(sorted(skills_offered(supporter))),
        level=supporter.level if mentor else None,
        capacity=places,
    )


def _not_at_all(asked: Asked, now: SupporterNow, any_request: Request) -> Bar | None:
    """What keeps a supporter from any request of the round."""
    found = bar(
        any_request.model_copy(update={"kind": asked.round.kind, "purpose": None}),
        now,
        today=asked.now.date(),
        fresh_for=asked.fresh_for,
    )
    return found if found and found.sort in _NOT_AT_ALL else None


def _terms(
    asked: Asked, requests: Mapping[str, Request], present: Mapping[str, SupporterNow]
) -> tuple[Sequence[Conflict], Mapping[str, int]]:
    """The pairs that what the two stated forbids; and how many places each supporter has, whichever of the requests
    they are given: capacity may differ from one span of days to another."""
    people, ids = Candidates(present.values()), list(present)
    carried: Whole = people.column("load") + people.column("kept")
    barred: dict[str, Flags] = {}
    free: dict[str, Whole] = {}
    for request in requests.values():
        # Without the person's level: that a mentor is above it, the solver sees to by itself.
        plain = request.model_copy(update={"level": None})
        found, capacity = bars_of(plain, people, today=asked.now.date(), fresh_for=asked.fresh_for)
        terms = [flags for sort, flags in found.items() if sort != _THE_ROUNDS_OWN and sort not in _FULL]
        barred[request.id] = np.logical_or.reduce(terms)
        free[request.id] = capacity - carried
    places = np.zeros(len(ids), np.int64)
    for id_, room in free.items():
        open_ = ~barred[id_] & (room > 0)
        places = np.where(open_ & (places > 0), np.minimum(places, room), np.where(open_, room, places))
    conflicts = [
        Conflict(ids[at], id_, "their own terms")
        for id_, flags in barred.items()
        for at in np.flatnonzero(flags | ((free[id_] <= 0) & (places > 0))).tolist()
    ]
    return conflicts, dict(zip(ids, places.tolist(), strict=True))


def _pinned(
    asked: Asked,
    requests: Mapping[str, Request],
    present: Mapping[str, SupporterNow],
    places: Mapping[str, int],
) -> frozenset[tuple[str, str]]:
    """The pairs that are to be. Raises CannotBe, with everything that keeps them from it."""
    wanted = list(dict.fromkeys(asked.round.together))
    faults = [fault for one in wanted if (fault := _fault(asked, requests, present, one))]
    for id_, count in Counter(one.request_id for one in wanted).items():
        if count > 1:
            faults.append(f"Request {id_} is to be with {count} supporters; keep one.")
    for id_, count in Counter(one.supporter_id for one in wanted).items():
        if count > places.get(id_, count):
            faults.append(
                f"Supporter {id_} is to be with {count} people and has {places[id_]} free; part some."
            )
    if faults:
        raise CannotBe(" ".join(faults))
    return frozenset((one.request_id, one.supporter_id) for one in wanted)


def _fault(
    asked: Asked, requests: Mapping[str, Request], present: Mapping[str, SupporterNow], one: Together
) -> str | None:
    pair = f"Request {one.request_id} and supporter {one.supporter_id}"
    if one in asked.round.apart:
        return f"{pair} are to be together and apart; choose one."
    request, now = requests.get(one.request_id), present.get(one.supporter_id)
    if request is None:
        return f"{pair} are to be together, but the request takes no part."
    if now is None:
        return f"{pair} are to be together, but the supporter takes no part."
    found = bar(request, now, today=asked.now.date(), fresh_for=asked.fresh_for)
    return f"{pair} are to be together, but cannot be: {found.sentence}" if found else None
