"""Adopting: what matching said is what it decided, where it is newer than its tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import (
    Candidate,
    Envelope,
    HardRole,
    Match,
    NovelRole,
    Request,
    RoundResult,
    SharedDemand,
)
from services.matching import store
from services.matching.cases import Case, Place
from services.matching.demand.titles import named

_queries = queries_beside(__file__)
_CANDIDATES = TypeAdapter(tuple[Candidate, ...])
_SETTLES = ("accepted", "declined", "lapsed", "introduced", "followed up", "outcome")


async def adopt(said: Sequence[Envelope[Any]], tx: Connection) -> None:
    """Take over these states, each if it is newer than what is known; says nothing."""
    states = [one.event.state for one in said]
    await _adopt_matches(tx, [state for state in states if isinstance(state, Match)])
    for state in states:
        match state:
            case RoundResult():
                await _queries.adopt_result(
                    tx,
                    id=state.id,
                    revision=state.revision,
                    decided_revision=state.round_revision,
                    result=state.model_dump_json(),
                    with_pairs=state.status == "proposed",
                )
            case SharedDemand():
                await _queries.adopt_shared(
                    tx, standard_role=state.id, revision=state.revision, state=state.model_dump_json()
                )
            case HardRole():
                await _queries.adopt_hard(
                    tx, role_id=state.id, revision=state.revision, state=state.model_dump_json()
                )
            case NovelRole():
                await _queries.adopt_novel(
                    tx,
                    role_id=state.id,
                    revision=state.revision,
                    found_at=state.found_at,
                    words=sorted(named(state.title).words),
                    state=state.model_dump_json(),
                )


async def _adopt_matches(tx: Connection, matches: Sequence[Match]) -> None:
    if not matches:
        return
    await store.one_at_a_time(tx)
    rows = _queries.match_revisions(tx, ids=[match.id for match in matches])
    known = {row["id"]: row async for row in rows}
    newer = [
        match for match in matches if match.id not in known or known[match.id]["revision"] < match.revision
    ]
    await _queries.let_go_of_places(tx, request_ids=[match.request_id for match in newer])
    for match in newer:
        offered = _CANDIDATES.validate_json(known[match.id]["offered"]) if match.id in known else ()
        case = case_of(match, offered)
        await store.save_match(tx, case, match)
        if case.place is not None:
            await store.keep_place(tx, match.request_id, case.place)


def case_of(match: Match, offered: Sequence[Candidate] = ()) -> Case:
    """The case that a match was said of, as far as the match tells; the request is as the match repeats it.

    Who was `offered` before is known only where it is given: a match names its newest shortlist alone. A place is kept
    for a request as long as the match proposes what a round gave it.
    """
    latest: Mapping[str, Candidate] = {
        one.supporter_id: one
        for one in (*offered, *match.shortlist, *([match.accepted] if match.accepted else []))
    }
    stage = match.stage or match.status
    gave = match.round_id if stage == "proposed" and match.shortlist else None
    return Case(
        request=_request_of(match),
        match=match,
        offered=tuple(latest.values()),
        settled_revision=match.request_revision if stage in _SETTLES else None,
        said_revision=match.request_revision,
        place=Place(gave, match.request_revision, match.shortlist[0])
        if gave and match.request_revision
        else None,
    )


def _request_of(match: Match) -> Request:
    """Never kept: the request itself is heard again."""
    return Request(
        id=match.request_id,
        revision=match.request_revision or 1,
        kind=match.kind,
        borough=match.borough,
        contact_id=match.requester_contact_id,
        stated_at=match.proposed_at,
    )
