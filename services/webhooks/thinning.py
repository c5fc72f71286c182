"""How long the log is kept: every event for a while, the newest state of each thing for ever, as Kafka's topics do."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.process import Loop
from loti_contracts.delivery.repeating import repeat
from services.webhooks import log
from services.webhooks.handlers import heard_topics
from services.webhooks.push.endpoints import queries
from services.webhooks.settings import WebhooksSettings

_log = structlog.get_logger("thinning")
_EVERY = 3_600.0


def forgotten(now: datetime) -> dict[str, datetime]:
    """Before when each topic that itself forgets has forgotten, by its name."""
    return {topic.name: now - topic.keep_for for topic in heard_topics() if topic.keep_for is not None}


async def thin(pool: "asyncpg.Pool[Any]", settings: WebhooksSettings, *, now: datetime) -> int:
    """Remove what need not be kept any more, in short transactions; how many events."""
    gone = 0
    while True:
        async with pool.acquire() as connection, connection.transaction():
            removed = await log.thin(
                connection,
                superseded_before=now - timedelta(days=settings.events_days),
                forgotten=forgotten(now),
            )
            await queries.forget_deliveries(connection, before=now - timedelta(days=settings.delivery_days))
        if not removed:
            return gone
        gone += removed


def thinning(settings: WebhooksSettings) -> Loop:
    """Once an hour, beginning at the start."""

    async def turn(pool: "asyncpg.Pool[Any]", _: asyncio.Event) -> None:
        if gone := await thin(pool, settings, now=datetime.now(UTC)):
            _log.info("log_thinned", events=gone)

    async def loop(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        await repeat(turn, pool, stopping, every=_EVERY, what="thinning the log")

    return loop
