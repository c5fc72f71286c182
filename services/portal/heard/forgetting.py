"""How long the portal keeps what is told of people, and what was done on it. The newest state of everything else stays."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING, queries_beside
from loti_contracts.delivery.process import Loop
from loti_contracts.delivery.waiting import wait_for_any
from services.portal.settings import PortalSettings

_log = structlog.get_logger("forgetting")
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

    async def loop(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        while True:
            try:
                await forget(pool, settings, now=datetime.now(UTC))
            except PASSING as error:
                _log.warning("nothing_forgotten", error=type(error).__name__)
            if await wait_for_any(stopping, timeout=_EVERY):
                return

    return loop
