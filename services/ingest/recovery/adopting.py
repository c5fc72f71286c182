"""Adopting: what was said of roles and boards is what ingest knows, where it is newer than its tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Envelope, Role, SourceState
from services.ingest import sightings_store
from services.ingest.decisions import Decision
from services.ingest.identity import NOT_KNOWN
from services.ingest.jobs import Sighting
from services.ingest.recovery.standing_in import Taken, places, taken_over

_queries = queries_beside(__file__)


async def adopt(said: Sequence[Envelope[Any]], tx: Connection) -> None:
    """Take over these states of roles and boards, each if it is newer than what is known; says nothing."""
    states = [(one.event.state, one.time) for one in said]
    boards = [state for state, _ in states if isinstance(state, SourceState)]
    await _queries.know_boards(tx, ids=[board.id for board in boards])
    for board in boards:
        await _queries.save_said(
            tx, id=board.id, name=board.name, revision=board.revision, said=board.model_dump_json()
        )
    newest: dict[str, tuple[Role, datetime]] = {}
    for state, time in states:
        if isinstance(state, Role) and (
            state.id not in newest or newest[state.id][0].revision < state.revision
        ):
            newest[state.id] = (state, time)
    rows = _queries.said_before(tx, ids=list(newest))
    known = {row["id"]: row["revision"] async for row in rows}
    await _adopt_roles(tx, {id_: one for id_, one in newest.items() if known.get(id_, 0) < one[0].revision})


async def _adopt_roles(tx: Connection, said: dict[str, tuple[Role, datetime]]) -> None:
    roles = [role for role, _ in said.values()]
    shown = [place for role in roles for place in places(role)]
    await _queries.know_boards(
        tx, ids=sorted({board for board, _ in shown} | {role.source for role in roles})
    )
    rows = _queries.adverts_of(
        tx,
        role_ids=list(said),
        boards=[board for board, _ in shown],
        links=[link for _, link in shown],
    )
    known = [Sighting(row["role_id"], Role.model_validate_json(row["reading"])) async for row in rows]
    await sightings_store.save_roles(tx, roles)
    taken = taken_over(said, known)
    await sightings_store.save_sightings(
        tx,
        [one.sighting for one in taken],
        [_as_said(one) for one in taken],
        posting_keys=[None] * len(taken),
    )
    await _queries.let_stand_in(tx, ids=[one.sighting.id for one in taken if one.new])


def _as_said(one: Taken) -> Decision:
    why = "it is as its role was said"
    return Decision(one.sighting.id, None, one.missing, why, "as it was", wording=NOT_KNOWN)
