"""What ingest keeps of its boards: whose turn it is, and how they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import SourceState
from services.ingest import metrics
from services.ingest.health import Standing
from services.ingest.sources import Source

_queries = queries_beside(__file__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A board whose turn it is. `run` is the number of polls concluded so far; `whole_age` is how many seconds ago it
    was last read whole, None for never; `failing` is whether it was said to be."""

    source_id: str
    run: int
    etag: str | None
    last_modified: str | None
    failures: int
    doubts: int
    recent: tuple[int, ...]
    failing: bool
    whole_age: float | None


async def register(pool: "asyncpg.Pool[Any]", sources: Sequence[Source]) -> None:
    """Make the configured boards known."""
    await _queries.register_sources(pool, ids=[s.id for s in sources], names=[s.name for s in sources])


async def lead(connection: Connection) -> bool:
    """Whether this session is the one that polls, from now until it ends."""
    return bool(await _queries.lead_the_polling(connection))


async def due(connection: Connection, ids: Sequence[str]) -> list[Turn]:
    """Of these boards those whose turn it is, the one that waited longest first."""
    return [
        Turn(
            source_id=row["id"],
            run=row["run"],
            etag=row["etag"],
            last_modified=row["last_modified"],
            failures=row["failures"],
            doubts=row["doubts"],
            recent=tuple(row["recent"]),
            failing=row["failing"],
            whole_age=row["whole_age"],
        )
        async for row in _queries.due(connection, ids=list(ids))
    ]


async def overdue(connection: Connection, source_id: str, today: date) -> bool:
    """Whether a board shows an advert whose closing date has passed."""
    return bool(await _queries.overdue(connection, source=source_id, today=today))


async def hold(tx: Connection, source_id: str, run: int, *, runs: int = 1) -> bool:
    """Lock the board until the transaction ends and count so many polls after number `run`; False when another was
    concluded since."""
    return bool(await _queries.hold_source(tx, id=source_id, run=run, runs=runs))


async def hold_any(tx: Connection, source_id: str) -> bool:
    """Lock the board until the transaction ends, whatever is under way with it; False if there is none."""
    return bool(await _queries.hold_any_source(tx, id=source_id))


async def poll_went_well(
    tx: Connection,
    turn: Turn,
    *,
    next_in: float,
    etag: str | None,
    last_modified: str | None,
    whole: bool,
    complete: bool,
    doubts: int,
    recent: Sequence[int] | None,
    outcome: str,
) -> Standing:
    """Remember what the next poll needs; `next_in` in seconds. `whole`: read now from end to end; `complete`: that,
    or known to be unchanged since."""
    row = await _queries.poll_went_well(
        tx,
        id=turn.source_id,
        seconds=next_in,
        etag=etag,
        last_modified=last_modified,
        whole=whole,
        complete=complete,
        doubts=doubts,
        recent=None if recent is None else list(recent),
        outcome=outcome,
    )
    return _standing(row)


async def poll_failed(tx: Connection, turn: Turn, *, next_in: float, outcome: str) -> Standing:
    """Nothing was learned; ask again in `next_in` seconds."""
    row = await _queries.poll_failed(tx, id=turn.source_id, seconds=next_in, outcome=outcome)
    return _standing(row)


async def save_standing(tx: Connection, state: SourceState) -> None:
    """What was said of a board."""
    await _queries.save_standing(tx, id=state.id, said=state.model_dump_json())


def _standing(row: Mapping[str, Any]) -> Standing:
    said = row["said"]
    return Standing(
        said=None if said is None else SourceState.model_validate_json(said),
        failures=row["failures"],
        last_complete_at=row["last_complete_at"],
        incomplete_for=row["incomplete_for"],
    )


async def standings(connection: Connection, ids: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """How these boards do, or all, by id: failing, failures, doubts, last_tried_at, last_complete_at, incomplete_for (seconds
    since then), next_poll_at, open_roles, and outcome, why, postings, refused of the last poll."""
    return [dict(row) async for row in _queries.standings(connection, ids=None if ids is None else list(ids))]


async def progress(
    pool: "asyncpg.Pool[Any]", unchanged: Mapping[str, datetime | None] | None = None
) -> dict[str, Any]:
    """How many boards there are, how many were read whole at least once, how many are said to be failing or failed at
    the last poll, and how many roles are open. Sets the gauges of all boards, or of those in `unchanged`: when each was
    found so since it was last written down."""
    now = datetime.now(UTC)
    async with pool.acquire() as connection:
        for row in await standings(connection, None if unchanged is None else list(unchanged)):
            looked = (unchanged or {}).get(row["id"])
            since = (now - looked).total_seconds() if looked else row["incomplete_for"]
            metrics.since_good.labels(row["id"]).set(min(since, row["incomplete_for"]))
            metrics.failing.labels(row["id"]).set(row["failing"])
        row = await _queries.progress(connection)
    return dict(row)
