"""Concluding: what a poll learned is decided, saved, recorded and announced in one transaction."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from services.ingest import health, metrics, records, store
from services.ingest.assess import assess
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.guard import Verdict, Witness
from services.ingest.identity import Known, Seen
from services.ingest.lifecycle import Day, Decision, decide, expire
from services.ingest.records import Run
from services.ingest.schedule import next_ask
from services.ingest.sources import Source
from services.ingest.store import Claim

_log = structlog.get_logger("polling")

_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Found:
    """What a poll brought home. `seen` and `keys` (posting key by the id that it makes) are those of a snapshot;
    `pages` is what the own pages of missing roles say."""

    answer: Snapshot | Unchanged
    seen: Seen | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, Witness] = field(default_factory=dict)


def day_of(now: datetime) -> Day:
    """The moment, and London's day."""
    return Day(now, now.astimezone(_LONDON).date())


async def learned(
    tx: Connection, claim: Claim, source: Source, found: Found, *, every: float, seconds: float, now: datetime
) -> None:
    """Conclude from a poll that was answered. The board must be held."""
    day, known = day_of(now), await store.known_roles(tx, source.id)
    answer, verdict = found.answer, None
    if found.seen is None:
        decisions = expire(known, day)
    else:
        assessed = assess(known, found.seen, recent=claim.recent, doubts=claim.doubts, today=day.today)
        verdict = assessed.verdict
        fresh = [role for id_, role in assessed.seen.roles.items() if id_ not in known]
        decisions = decide(
            known,
            assessed,
            pages=found.pages,
            closed_elsewhere=await store.closed_elsewhere(tx, source.id, fresh, now=now),
            day=day,
        )
    said = await _announce(tx, claim.run, source.id, known, decisions, found.keys)
    went = _went(found, verdict, said, seconds)
    await records.save_run(tx, source.id, claim.run, went)
    complete = verdict is None or verdict.believed
    # Only what was read whole, with nothing to look at again, may be taken for known the next time.
    settled = (
        verdict is not None and verdict.believed and not verdict.doubts and not any(map(_open, decisions))
    )
    known_as = claim if isinstance(answer, Unchanged) else answer if settled else None
    standing = await store.poll_went_well(
        tx,
        claim,
        next_in=next_ask(
            await records.looks(tx, source.id),
            every=every,
            random=random.random(),  # noqa: S311 - jitter is no secret
            fresh_for=answer.fresh_for,
        ),
        etag=known_as.etag if known_as else None,
        last_modified=known_as.last_modified if known_as else None,
        whole=verdict is not None and verdict.believed,
        complete=complete,
        doubts=claim.doubts if verdict is None else verdict.doubts,
        recent=None if verdict is None else verdict.recent,
        outcome=_outcome(found, went),
    )
    await _tell(tx, standing, source, complete=complete, why=went.why, now=now)
    metrics.polls.labels(source.id, went.outcome).inc()
    metrics.postings.labels(source.id).inc(went.postings)
    metrics.refused.labels(source.id).inc(went.refused)
    if said or verdict is not None:
        _log.info("board_read", source=source.id, outcome=went.outcome, said=said)


async def failed(
    tx: Connection,
    claim: Claim,
    source: Source,
    why: str,
    *,
    told: str | None = None,
    retry_after: float | None,
    every: float,
    seconds: float,
    now: datetime,
) -> None:
    """Conclude from a poll that was not answered, or not understood. `told` is what others may hear instead of `why`.
    The board must be held."""
    known = await store.known_roles(tx, source.id)
    said = await _announce(tx, claim.run, source.id, known, expire(known, day_of(now)), {})
    await records.save_run(tx, source.id, claim.run, Run("failed", seconds, why[:500], said=said))
    wait = next_ask(
        await records.looks(tx, source.id),
        every=every,
        random=random.random(),  # noqa: S311 - jitter is no secret
        failures=claim.failures + 1,
        retry_after=retry_after,
    )
    standing = await store.poll_failed(tx, claim, next_in=wait, outcome=f"failed: {why}"[:500])
    await _tell(tx, standing, source, complete=False, why=told or why, now=now)
    metrics.polls.labels(source.id, "failed").inc()


async def close_overdue(tx: Connection, source_id: str, *, watched: bool, now: datetime) -> None:
    """Close what the calendar closes on a board, polled or not, on the list or taken off it."""
    if not await store.hold_any(tx, source_id):
        return
    why = "its closing date has passed" + ("" if watched else "; its board is no longer on the list")
    known = await store.known_roles(tx, source_id)
    await _announce(tx, None, source_id, known, expire(known, day_of(now), why=why), {})


async def _announce(
    tx: Connection,
    run: int | None,
    source_id: str,
    known: Mapping[str, Known],
    decisions: Sequence[Decision],
    keys: Mapping[str, str],
) -> dict[str, int]:
    """Save and say what was decided; gives how many events of each kind were said."""
    said: dict[str, int] = {}
    for decision in decisions:
        # A role that is not on the board now is known already: its key stays what it was.
        key = keys.get(decision.under or "")
        if decision.event is None:
            was = known.get(decision.role_id)
            sight = (decision.missing, decision.wording)
            if was is not None and (key is not None or sight != (was.missing, was.wording)):
                await store.save_sight(
                    tx, was.role.id, missing=decision.missing, posting_key=key, wording=decision.wording
                )
            continue
        role = decision.event.role
        key = key or (keys.get(role.id) if decision.what in ("discovered", "readvertised") else None)
        await store.save_role(tx, role, decision, posting_key=key)
        await outbox.add(tx, decision.event)
        kind = decision.event.type.split(".")[3]
        said[kind] = said.get(kind, 0) + 1
        metrics.roles.labels(source_id, kind).inc()
        _log.info(f"role_{kind}", role_id=role.id, source=role.source, why=decision.why)
    await records.save_decisions(tx, source_id, run, decisions)
    return said


async def _tell(
    tx: Connection,
    standing: health.Standing,
    source: Source,
    *,
    complete: bool,
    why: str | None,
    now: datetime,
) -> None:
    event = health.news(standing, source, complete=complete, why=why, now=now)
    if event is not None:
        state = event.source
        await store.save_standing(tx, state)
        await outbox.add(tx, event)
        _log.warning(
            "source_failing" if state.status == "failing" else "source_recovered",
            source=source.id,
            failures=state.failures,
        )


def _open(decision: Decision) -> bool:
    return decision.what == "kept" and decision.missing > 0


def _went(found: Found, verdict: Verdict | None, said: Mapping[str, int], seconds: float) -> Run:
    answer, seen = found.answer, found.seen
    if isinstance(answer, Unchanged) or seen is None or verdict is None:
        return Run("unchanged", seconds, said=said)
    return Run(
        outcome="complete" if seen.whole else "partial",
        seconds=seconds,
        why=(answer.why_incomplete or verdict.why or "")[:500] or None,
        postings=len(answer.postings),
        digital=len(seen.roles),
        refused=len(answer.refused),
        said=said,
    )


def _outcome(found: Found, went: Run) -> str:
    if isinstance(found.answer, Unchanged):
        return "unchanged"
    refused = f", {went.refused} refused" if went.refused else ""
    gaps = f", {'incomplete' if went.outcome == 'partial' else 'doubted'}: {went.why}" if went.why else ""
    return f"{went.postings} postings{refused}{gaps}"[:500]
