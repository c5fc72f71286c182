"""The breaker: too many dead letters in a row stop the consumer. Better stopped than skipping.

It is kept in the database, so that a restart does not quietly skip the next few.
"""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery import metrics, outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import ConsumerResumed, ConsumerState, ConsumerStopped

_queries = queries_beside(__file__)
_log = structlog.get_logger("breaker")


class Breaker:
    """Whether one service's consumer may go on. `why` is None while it may."""

    def __init__(self, *, service: str, pool: "asyncpg.Pool[Any]", limit: int) -> None:
        self._service = service
        self._pool = pool
        self.limit = limit
        self.why: str | None = None

    async def look(self) -> str | None:
        """Read it from the database; why it is open, or None."""
        row = await _queries.breaker(self._pool)
        self.why = f"since {row['opened_at']:%Y-%m-%d %H:%M} UTC: {row['reason']}" if row else None
        metrics.breaker_open.labels(self._service).set(0 if self.why is None else 1)
        return self.why

    async def open(self, reason: str, *, said: bool = False) -> None:
        """Stop the consumer until somebody has mended the cause and closes the breaker; `said` on the topic of dead
        letters as well."""
        async with self._pool.acquire() as tx, tx.transaction():
            await _queries.open_breaker(tx, reason=reason)
            revision = await _queries.tell_stopped(tx, service=self._service) if said else None
            if revision is not None:
                stopped = _state(self._service, revision, "stopped", reason[:2_000])
                await outbox.add(tx, ConsumerStopped(consumer=stopped), source=f"/loti/{self._service}")
        _log.critical("breaker_opened", reason=reason[:500])
        await self.look()

    async def close(self) -> None:
        """Let the consumer go on."""
        async with self._pool.acquire() as connection:
            await close_breaker(connection)
        _log.info("breaker_closed")
        await self.look()


async def close_breaker(connection: Connection) -> bool:
    """Let the consumer go on; whether its breaker was open. The consumer notices within seconds."""
    async with connection.transaction():
        was = str(await _queries.close_breaker(connection)) != "DELETE 0"
        told = await _queries.tell_resumed(connection)
        if told is not None:
            running = _state(told["service"], told["revision"], "running", None)
            resumed = ConsumerResumed(consumer=running, changed=("status", "reason", "at"))
            await outbox.add(connection, resumed, source=f"/loti/{told['service']}")
    return was


def _state(service: str, revision: int, status: Any, reason: str | None) -> ConsumerState:
    return ConsumerState(id=service, revision=revision, status=status, reason=reason, at=datetime.now(UTC))
