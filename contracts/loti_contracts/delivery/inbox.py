"""The inbox: an event that had its effect has none again."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING, Connection, queries_beside
from loti_contracts.delivery.waiting import wait_for_any
from loti_contracts.events import Envelope, Event

_queries = queries_beside(__file__)
_log = structlog.get_logger("inbox")
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
    while not await wait_for_any(stopping, timeout=3600):
        try:
            await _queries.forget_old_ids(pool, days=days)
        except PASSING as error:
            _log.warning("old_ids_kept", error=type(error).__name__)
