"""The breaker: too many dead letters in a row stop the consumer. Better stopped than skipping.

It is kept in the database, so that a restart does not quietly skip the next few.
"""

from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery import metrics
from loti_contracts.delivery.database import queries_beside

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

    async def open(self, reason: str) -> None:
        """Stop the consumer until somebody has mended the cause and closes the breaker."""
        await _queries.open_breaker(self._pool, reason=reason)
        _log.critical("breaker_opened", reason=reason[:500])
        await self.look()

    async def close(self) -> None:
        """Let the consumer go on."""
        await _queries.close_breaker(self._pool)
        _log.info("breaker_closed")
        await self.look()
