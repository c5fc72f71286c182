"""Concluding: what a poll learned is decided, saved, recorded and announced in one transaction."""

import random
from collections.abc import Mapping
from datetime import datetime

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection
from services.ingest import health, metrics, records, sightings_store, store
from services.ingest.announcing import announce
from services.ingest.assess import assess
from services.ingest.boards.snapshot import Unchanged
from services.ingest.decisions import Decision
from services.ingest.guard import Verdict
from services.ingest.jobs import Rank
from services.ingest.lifecycle import decide, expire
from services.ingest.poll import Found, Poll, day_of
from services.ingest.records import Run
from services.ingest.schedule import next_ask
from services.ingest.sources import Source

_log = structlog.get_logger("polling")


async def learned(tx: Connection, poll: Poll, found: Found) -> None:
    """Conclude from a poll that was answered. The board must be held."""
    turn, source, day = poll.turn, poll.source, day_of(poll.now)
    known = await sightings_store.known_sightings(tx, source.id)
    answer, verdict = found.answer, None
    if found.seen is None:
        decisions = expire(known, day)
    else:
        assessed = assess(known, found.seen, recent=turn.recent, doubts=turn.doubts, today=day.today)
        verdict = assessed.verdict
        fresh = [role for id_, role in assessed.seen.roles.items() if id_ not in known]
        if fresh:
            await sightings_store.one_at_a_time(tx)
        decisions = decide(
            known,
            assessed,
            pages=found.pages,
            closed_elsewhere=await sightings_store.closed_elsewhere(tx, source.id, fresh, now=poll.now),
            day=day,
        )
    said = await announce(
        tx, source.id, decisions, known, found.keys, run=poll.run, rank=poll.rank, now=poll.now
    )
    went = _went(found, verdict, said, poll.seconds)
    await records.save_run(tx, source.id, poll.run, went)
    complete = verdict is None or verdict.believed
    # Only what was read whole, with nothing to look at again, may be taken for known the next time.
    settled = (
        verdict is not None and verdict.believed and not verdict.doubts and not any(map(_open, decisions))
    )
    known_as = turn if isinstance(answer, Unchanged) else answer if settled else None
    standing = await store.poll_went_well(
        tx,
        turn,
        next_in=next_ask(
            await records.looks(tx, source.id),
            every=poll.every,
            random=random.random(),  # noqa: S311 - jitter is no secret
            fresh_for=answer.fresh_for,
        ),
        etag=known_as.etag if known_as else None,
        last_modified=known_as.last_modified if known_as else None,
        whole=verdict is not None and verdict.believed,
        complete=complete,
        doubts=turn.doubts if verdict is None else verdict.doubts,
        recent=None if verdict is None else verdict.recent,
        outcome=_outcome(found, went),
    )
    await _tell(tx, standing, source, complete=complete, why=went.why, now=poll.now)
    _count(poll, went)
    if said or verdict is not None:
        _log.info("board_read", source=source.id, outcome=went.outcome, said=said)


async def failed(
    tx: Connection, poll: Poll, why: str, *, told: str | None = None, retry_after: float | None
) -> None:
    """Conclude from a poll that was not answered, or not understood. `told` is what others may hear instead of `why`.
    The board must be held."""
    source, day = poll.source, day_of(poll.now)
    known = await sightings_store.known_sightings(tx, source.id)
    said = await announce(
        tx, source.id, expire(known, day), known, {}, run=poll.run, rank=poll.rank, now=poll.now
    )
    went = Run("failed", poll.seconds, why[:500], said=said)
    await records.save_run(tx, source.id, poll.run, went)
    wait = next_ask(
        await records.looks(tx, source.id),
        every=poll.every,
        random=random.random(),  # noqa: S311 - jitter is no secret
        failures=poll.turn.failures + 1,
        retry_after=retry_after,
    )
    standing = await store.poll_failed(tx, poll.turn, next_in=wait, outcome=f"failed: {why}"[:500])
    await _tell(tx, standing, source, complete=False, why=told or why, now=poll.now)
    _count(poll, went)


async def close_overdue(tx: Connection, source_id: str, *, watched: bool, rank: Rank, now: datetime) -> None:
    """Close what the calendar closes on a board, polled or not, on the list or taken off it."""
    if not await store.hold_any(tx, source_id):
        return
    why = "its closing date has passed" + ("" if watched else "; its board is no longer on the list")
    known = await sightings_store.known_sightings(tx, source_id)
    await announce(
        tx, source_id, expire(known, day_of(now), why=why), known, {}, run=None, rank=rank, now=now
    )


def _count(poll: Poll, went: Run) -> None:
    metrics.polls.labels(poll.source.id, went.outcome).inc()
    metrics.postings.labels(poll.source.id).inc(went.postings)
    metrics.refused.labels(poll.source.id).inc(went.refused)


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
