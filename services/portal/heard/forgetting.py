"""How long the portal keeps what is told of people, and what was done on it. The newest state of everything else stays."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from loti_contracts.delivery.database import queries_beside
from loti_contracts.delivery.process import Loop
from loti_contracts.delivery.repeating import repeat
from services.portal.settings import PortalSettings

_queries = queries_beside(__file__)
_EVERY = 3_600.0


async def forget(pool: "asyncpg.Pool[Any]", settings: PortalSettings, *, now: datetime) -> None:
    """Remove notifications, pay signals, dead letters and follow-ups older than `history_days`, and what is in the audit
    log longer than `audit_days`."""
    async with pool.acquire() as connection, connection.transaction():
        await _queries.forget_what_was_told(connection, before=now - timedelta(days=settings.history_days))
        await _queries.forget_what_was_done(connection, before=now - timedelta(days=settings.audit_days))


def forgetting(settings: PortalSettings) -> Loop:
    """Once an hour, beginning at the start."""

    async def turn(pool: "asyncpg.Pool[Any]", _: asyncio.Event) -> None:
        await forget(pool, settings, now=datetime.now(UTC))

    async def loop(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        await repeat(turn, pool, stopping, every=_EVERY, what="forgetting")

    return loop
