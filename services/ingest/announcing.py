"""Announcing: decisions on a board's adverts become what is said of roles, saved and recorded in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from services.ingest import metrics, records, sightings_store
from services.ingest.decisions import Decision
from services.ingest.identity import Known
from services.ingest.jobs import Rank
from services.ingest.joining import conclude

_log = structlog.get_logger("polling")


async def announce(
    tx: Connection,
    source_id: str,
    decisions: Sequence[Decision],
    known: Mapping[str, Known],
    keys: Mapping[str, str],
    *,
    run: int | None,
    rank: Rank,
    now: datetime,
) -> dict[str, int]:
    """Save and say what was decided; gives how many events of each kind were said. The board must be held.

    `keys`: posting key by the id that it makes, of what is on the board now. `run` is None where the calendar decided.
    """
    if any(one.event is not None for one in decisions):
        await sightings_store.one_at_a_time(tx)
    jobs = await sightings_store.jobs_of(tx, decisions)
    concluded = conclude(decisions, jobs, rank=rank, now=now)
    said: dict[str, int] = {}
    for event in concluded.said:
        await sightings_store.save_role(tx, event.role)
        await outbox.add(tx, event)
        kind = event.type.split(".")[3]
        said[kind] = said.get(kind, 0) + 1
        metrics.roles.labels(source_id, kind).inc()
        _log.info(f"role_{kind}", role_id=event.role.id, source=source_id, links=len(event.role.links))
    by_id = {one.role_id: one for one in decisions}
    for sighting in concluded.sightings:
        one = by_id[sighting.id]
        key = keys.get(one.under or "") or (keys.get(sighting.id) if sighting.id not in known else None)
        await sightings_store.save_sighting(tx, sighting, one, posting_key=key)
    for one in decisions:
        await _save_sight(tx, one, known.get(one.role_id), keys)
    await records.save_decisions(tx, source_id, run, concluded.decisions)
    return said


async def _save_sight(tx: Connection, decision: Decision, was: Known | None, keys: Mapping[str, str]) -> None:
    """That an advert of which nothing is to be said was seen under another key, or was missing."""
    key = keys.get(decision.under or "")
    if decision.event is not None or was is None:
        return
    if key is not None or (decision.missing, decision.wording) != (was.missing, was.wording):
        await sightings_store.save_sight(
            tx, was.role.id, missing=decision.missing, posting_key=key, wording=decision.wording
        )
