"""What ingest keeps: how its boards do, and every role it found as it was last said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Role
from services.ingest.lifecycle import Known
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


async def known_roles(tx: Connection, source_id: str) -> dict[str, Known]:
    """Every role known of a board, by role id."""
    return {
        row["id"]: Known(Role.model_validate_json(row["role"]), row["missing"])
        async for row in _queries.roles_of(tx, source=source_id)
    }


async def save_role(tx: Connection, role: Role, *, posting_key: str, missing: int) -> None:
    """A role as it is said now."""
    await _queries.save_role(
        tx,
        id=role.id,
        source=role.source,
        posting_key=posting_key,
        role=role.model_dump_json(),
        missing=missing,
    )


async def save_missing(tx: Connection, role_id: str, missing: int) -> None:
    """How many complete readings in a row it was missing from."""
    await _queries.save_missing(tx, id=role_id, missing=missing)


async def poll_went_well(
    tx: Connection,
    claim: Claim,
    *,
    next_in: float,
    etag: str | None,
    last_modified: str | None,
    whole: bool,
    doubts: int,
    outcome: str,
) -> None:
    """Remember what the next poll needs; `next_in` in seconds."""
    await _queries.poll_went_well(
        tx,
        id=claim.source_id,
        seconds=next_in,
        etag=etag,
        last_modified=last_modified,
        whole=whole,
        doubts=doubts,
        outcome=outcome,
    )


async def poll_failed(tx: Connection, claim: Claim, *, next_in: float, outcome: str) -> None:
    """Nothing was learned; ask again in `next_in` seconds."""
    await _queries.poll_failed(tx, id=claim.source_id, seconds=next_in, outcome=outcome)


async def all_sources(connection: Connection) -> list[dict[str, Any]]:
    """How every board does, by id."""
    return [dict(row) async for row in _queries.all_sources(connection)]


async def progress(pool: "asyncpg.Pool[Any]") -> dict[str, Any]:
    """How many boards there are, how many were read whole at least once, and how many roles are open."""
    row = await _queries.progress(pool)
    return dict(row)
