"""What ingest keeps: how its boards do, and every role it found as it was last said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Role, SourceState
from services.ingest import metrics
from services.ingest.health import Standing
from services.ingest.identity import READVERTISED_WITHIN, Known, likeness
from services.ingest.lifecycle import Decision
from services.ingest.reading import role_id
from services.ingest.sources import Source

_queries = queries_beside(__file__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A board that is ours to poll now. `run` tells this poll from any later one; `whole_age` is how many seconds
    ago it was last read whole, None for never."""

    source_id: str
    run: int
    etag: str | None
    last_modified: str | None
    failures: int
    doubts: int
    recent: tuple[int, ...]
    whole_age: float | None


async def register(pool: "asyncpg.Pool[Any]", sources: Sequence[Source]) -> None:
    """Make the configured boards known."""
    await _queries.register_sources(pool, ids=[s.id for s in sources], names=[s.name for s in sources])


async def claim_due(pool: "asyncpg.Pool[Any]", ids: Sequence[str], *, lease: float, most: int) -> list[Claim]:
    """Take up to `most` boards that are due, for `lease` seconds."""
    rows = [row async for row in _queries.claim_due(pool, ids=list(ids), lease=lease, most=most)]
    return [
        Claim(
            source_id=row["id"],
            run=row["run"],
            etag=row["etag"],
            last_modified=row["last_modified"],
            failures=row["failures"],
            doubts=row["doubts"],
            recent=tuple(row["recent"]),
            whole_age=row["whole_age"],
        )
        for row in rows
    ]


async def renew(pool: "asyncpg.Pool[Any]", claim: Claim, *, lease: float) -> None:
    """The board is still being read; it stays ours for `lease` seconds more."""
    await _queries.renew_claim(pool, id=claim.source_id, run=claim.run, lease=lease)


async def hold(tx: Connection, claim: Claim) -> bool:
    """Lock the board until the transaction ends; False when a later poll of it has begun."""
    return bool(await _queries.hold_source(tx, id=claim.source_id, run=claim.run))


async def hold_any(tx: Connection, source_id: str) -> bool:
    """Lock the board until the transaction ends, whatever is under way with it; False if there is none."""
    return bool(await _queries.hold_any_source(tx, id=source_id))


async def known_roles(tx: Connection, source_id: str) -> dict[str, Known]:
    """Every role known of a board, by role id."""
    return {
        row["id"]: Known(
            Role.model_validate_json(row["role"]),
            row["missing"],
            alias=role_id(source_id, row["posting_key"]),
            wording=row["wording"],
            former=row["former"],
        )
        async for row in _queries.roles_of(tx, source=source_id)
    }


async def closed_elsewhere(
    tx: Connection, source_id: str, roles: Iterable[Role], *, now: datetime
) -> list[Role]:
    """Roles that other boards no longer show, and that these may advertise again."""
    likenesses = sorted({like for like in map(likeness, roles) if like})
    if not likenesses:
        return []
    rows = _queries.closed_elsewhere(
        tx, source=source_id, likenesses=likenesses, since=now - READVERTISED_WITHIN
    )
    return [Role.model_validate_json(row["role"]) async for row in rows]


async def overdue_sources(tx: Connection, today: date) -> list[str]:
    """Boards, watched or not, that have an open role whose closing date has passed."""
    return [row["source"] async for row in _queries.overdue_sources(tx, today=today)]


async def save_role(tx: Connection, role: Role, decision: Decision, *, posting_key: str | None) -> None:
    """A role as it is said now, under its key on the board; None where that is as it was."""
    await _queries.save_role(
        tx,
        id=role.id,
        source=role.source,
        posting_key=posting_key,
        role=role.model_dump_json(),
        missing=decision.missing,
        likeness=likeness(role),
        wording=decision.wording,
        former=decision.former,
    )


async def save_sight(
    tx: Connection, role_id: str, *, missing: int, posting_key: str | None, wording: str | None
) -> None:
    """That a role of which nothing is to be said was seen, or missing `missing` times in a row."""
    await _queries.save_sight(tx, id=role_id, missing=missing, posting_key=posting_key, wording=wording)


async def poll_went_well(
    tx: Connection,
    claim: Claim,
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
        id=claim.source_id,
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


async def poll_failed(tx: Connection, claim: Claim, *, next_in: float, outcome: str) -> Standing:
    """Nothing was learned; ask again in `next_in` seconds."""
    row = await _queries.poll_failed(tx, id=claim.source_id, seconds=next_in, outcome=outcome)
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


async def all_sources(connection: Connection) -> list[dict[str, Any]]:
    """How every board does, by id."""
    return [dict(row) async for row in _queries.all_sources(connection)]


async def standings(connection: Connection, ids: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """How these boards do, or all, by id: failing, failures, doubts, last_tried_at, last_complete_at, incomplete_for (seconds
    since then), next_poll_at, open_roles, and outcome, why, postings, refused of the last poll."""
    return [dict(row) async for row in _queries.standings(connection, ids=None if ids is None else list(ids))]


async def progress(pool: "asyncpg.Pool[Any]", ids: Sequence[str] | None = None) -> dict[str, Any]:
    """How many boards there are, how many were read whole at least once, how many are said to be failing or failed at
    the last poll, and how many roles are open. Sets the gauges of the boards `ids`, or of all."""
    async with pool.acquire() as connection:
        for row in await standings(connection, ids):
            metrics.since_good.labels(row["id"]).set(row["incomplete_for"])
            metrics.failing.labels(row["id"]).set(row["failing"])
        row = await _queries.progress(connection)
    return dict(row)
