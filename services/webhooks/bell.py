"""News for whoever waits: PostgreSQL tells every process when the log grows."""

import asyncio
import contextlib
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.waiting import Backoff, wait_for_any

_log = structlog.get_logger("bell")
_CHANNEL = "loti_webhooks"
_LOOK = 1.0


class Bell:
    """Rings for everybody who waits. Who has missed it looks by itself after a second."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._rung = asyncio.Event()

    def next(self) -> asyncio.Event:
        """What the next ring will set. Take it, look for news, and only then wait for it: so none is missed."""
        return self._rung

    @staticmethod
    async def wait(*rung: asyncio.Event, most: float = _LOOK) -> None:
        """Until one of these is set, or `most` seconds (at most one) have gone."""
        await wait_for_any(*rung, timeout=min(most, _LOOK))

    def ring(self) -> None:
        """Wake all who wait now."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    async def listen(self, _: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Hear the database, over a connection of its own, until stopped."""
        backoff = Backoff(first=0.1, most=2.0)
        while not stopping.is_set():
            try:
                connection: asyncpg.Connection[Any] = await asyncpg.connect(self._dsn, timeout=10)
            except PASSING as error:
                _log.info("bell_waits", error=type(error).__name__)
                await backoff.wait(stopping)
                continue
            try:
                await connection.add_listener(_CHANNEL, lambda *_: self.ring())
                backoff.reset()
                while not connection.is_closed() and not await wait_for_any(stopping, timeout=_LOOK):
                    pass
            except PASSING as error:
                _log.info("bell_lost", error=type(error).__name__)
            finally:
                with contextlib.suppress(*PASSING):
                    await connection.close(timeout=2)
