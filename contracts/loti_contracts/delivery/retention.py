"""Retention: rows that are older than their holding says are deleted, in every service by the same loop."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import structlog

from loti_contracts.delivery import metrics
from loti_contracts.delivery.holdings import Holding
from loti_contracts.delivery.repeating import repeat
from loti_contracts.delivery.settings import ServiceSettings

_log = structlog.get_logger("retention")
_EVERY: Final = 3_600.0
_AT_ONCE: Final = 5_000


async def forget(
    pool: "asyncpg.Pool[Any]", holdings: Sequence[Holding], settings: ServiceSettings, *, now: datetime
) -> dict[str, int]:
    """Delete what is too old, in short transactions; how many rows of which tables. What something else deletes is left to
    it."""
    gone = {}
    for one in holdings:
        if one.deleted_by is None and one.age is not None and one.kept is not None:
            time = _kept(one, one.kept, settings)
            gone[one.table] = await _forget(pool, one.table, one.age, before=now - time)
    return {table: rows for table, rows in gone.items() if rows}


async def keep_forgetting(
    pool: "asyncpg.Pool[Any]",
    holdings: Sequence[Holding],
    settings: ServiceSettings,
    stopping: asyncio.Event,
) -> None:
    """Every hour, beginning at the start."""

    async def turn(pool: "asyncpg.Pool[Any]", _: asyncio.Event) -> None:
        if gone := await forget(pool, holdings, settings, now=datetime.now(UTC)):
            _log.info("old_rows_deleted", tables=gone)
        metrics.rows_forgotten_at.set(time.time())

    metrics.rows_forgotten_at.set(time.time())
    await repeat(turn, pool, stopping, every=_EVERY, what="deleting old rows")


def _kept(holding: Holding, kept: timedelta, settings: ServiceSettings) -> timedelta:
    return kept if holding.setting is None else timedelta(days=getattr(settings, holding.setting))


async def _forget(pool: "asyncpg.Pool[Any]", table: str, age: str, *, before: datetime) -> int:
    """A few thousand rows at a time, so that nobody waits for them. The names are our own (holdings)."""
    query = (
        f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("
        f"SELECT ctid FROM {table} WHERE {age} < $1 LIMIT {_AT_ONCE} FOR UPDATE SKIP LOCKED))"
    )
    gone = 0
    while True:
        count = int((await pool.execute(query, before)).rpartition(" ")[2])
        gone += count
        if count < _AT_ONCE:
            return gone
