"""The inbox: an event that had its effect has none again."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.repeating import repeat
from loti_contracts.events import Envelope, Event

_queries = queries_beside(__file__)
E_ = TypeVar("E_", bound=Event)


async def only_new(tx: Connection, envelopes: Sequence[Envelope[E_]]) -> list[Envelope[E_]]:
    """Those that this database has not handled, in order, each once; remembered when `tx` commits."""
    if not envelopes:
        return []
    rows = [row async for row in _queries.claim(tx, ids=[envelope.id for envelope in envelopes])]
    new = {row["event_id"] for row in rows}
    fresh = []
    for envelope in envelopes:
        if envelope.id in new:
            new.discard(envelope.id)
            fresh.append(envelope)
    return fresh


async def keep_forgetting(pool: "asyncpg.Pool[Any]", *, days: int, stopping: asyncio.Event) -> None:
    """Every hour forget ids older than that; should one ever come again, its revision is not newer and it is dropped."""

    async def turn(pool: "asyncpg.Pool[Any]", _: asyncio.Event) -> None:
        await _queries.forget_old_ids(pool, days=days)

    await repeat(turn, pool, stopping, every=3600, what="forgetting old ids")
