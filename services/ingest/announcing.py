"""Announcing: decisions on a board's adverts become what is said of roles, saved and recorded in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from services.ingest import metrics, records, sightings_store
from services.ingest.dates import LONDON
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
    await sightings_store.save_roles(tx, [event.role for event in concluded.said])
    for event, envelope in zip(concluded.said, await outbox.add(tx, *concluded.said), strict=True):
        kind = event.type.split(".")[3]
        said[kind] = said.get(kind, 0) + 1
        metrics.roles.labels(source_id, kind).inc()
        if kind == "discovered" and event.role.posted_on is not None:
            metrics.found_after.observe(_since(event.role.posted_on, now))
        _log.info(
            f"role_{kind}",
            role_id=event.role.id,
            source=source_id,
            links=len(event.role.links),
            correlation_id=envelope.correlation_id,
            event_id=envelope.id,
        )
    by_id = {one.role_id: one for one in decisions}
    decided = [by_id[sighting.id] for sighting in concluded.sightings]
    await sightings_store.save_sightings(
        tx,
        concluded.sightings,
        decided,
        posting_keys=[
            keys.get(one.under or "") or (keys.get(one.role_id) if one.role_id not in known else None)
            for one in decided
        ],
    )
    for one in decisions:
        await _save_sight(tx, one, known.get(one.role_id), keys)
    await records.save_decisions(tx, source_id, run, concluded.decisions)
    return said


def _since(day: date, now: datetime) -> float:
    begun = datetime.combine(day, time(), LONDON)
    return max(0.0, (now - begun).total_seconds())


async def _save_sight(tx: Connection, decision: Decision, was: Known | None, keys: Mapping[str, str]) -> None:
    """That an advert of which nothing is to be said was seen under another key, or was missing."""
    key = keys.get(decision.under or "")
    if decision.event is not None or was is None:
        return
    if key is not None or (decision.missing, decision.wording) != (was.missing, was.wording):
        await sightings_store.save_sight(
            tx, was.role.id, missing=decision.missing, posting_key=key, wording=decision.wording
        )
