"""Polling: each board is read when it is due, and what it says is saved and announced in one transaction."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING, passes
from loti_contracts.delivery.waiting import wait_for_any
from services.ingest import concluding, records, store
from services.ingest.assess import assess, to_look_at
from services.ingest.boards import NotABoard
from services.ingest.boards.snapshot import Unchanged
from services.ingest.concluding import Found
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.guard import Witness
from services.ingest.identity import Seen
from services.ingest.reading import read_snapshot
from services.ingest.second_look import look_at
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source
from services.ingest.store import Claim

_log = structlog.get_logger("polling")

_LEASE = 30.0
"""How long a board stays ours without a sign of life: should this process die, another takes it then."""
_LOOK = 0.5
_CALENDAR = 600.0
"""How often closing dates are looked at whatever becomes of the boards, and old records are let go."""


@dataclass(frozen=True, slots=True)
class Polling:
    """How boards are polled. Times in seconds."""

    sources: Mapping[str, Source]
    fetcher: Fetcher
    every: float
    whole_every: float
    at_once: int
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def loop(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Poll what is due until `stopping`; a database that is away is waited for."""
        registered = False
        calendar = float("-inf")
        while not stopping.is_set():
            try:
                if not registered:
                    await store.register(pool, list(self.sources.values()))
                    registered = True
                if time.monotonic() - calendar > _CALENDAR:
                    await self.turn_the_calendar(pool)
                    calendar = time.monotonic()
                polled = await self.poll_due(pool)
            except PASSING as error:
                _log.warning("polling_interrupted", error=type(error).__name__)
                polled = 0
            if not polled:
                await wait_for_any(stopping, timeout=_LOOK)

    async def turn_the_calendar(self, pool: "asyncpg.Pool[Any]") -> None:
        """Close every role whose closing date has passed, on boards that are polled, that rest for a day, and that
        were taken off the list: those lose their roles by the calendar alone. Let go of old records."""
        now = self.clock()
        async with pool.acquire() as connection:
            for source_id in await store.overdue_sources(connection, concluding.day_of(now).today):
                async with connection.transaction():
                    await concluding.close_overdue(
                        connection, source_id, watched=source_id in self.sources, now=now
                    )
            await records.forget(connection)

    async def poll_due(self, pool: "asyncpg.Pool[Any]") -> int:
        """Poll up to `at_once` of the boards that are due; gives how many were. Raises PASSING when the database is
        away, after all of them have ended."""
        claims = await store.claim_due(pool, list(self.sources), lease=_LEASE, most=self.at_once)
        polls = (self._poll(pool, claim) for claim in claims)
        for outcome in await asyncio.gather(*polls, return_exceptions=True):
            if outcome is not None:
                raise outcome
        return len(claims)

    async def _poll(self, pool: "asyncpg.Pool[Any]", claim: Claim) -> None:
        """One board. A bug that one board's content brings to light must not keep the others from being read."""
        source, begun = self.sources[claim.source_id], time.monotonic()
        try:
            # The claim is renewed while the board is read, but never after: the transaction that follows says when
            # it is due again.
            async with _kept(pool, claim):
                found = await self._read(pool, claim, source)
            async with pool.acquire() as tx, tx.transaction():
                if not await store.hold(tx, claim):
                    _log.info("poll_overtaken", source=source.id)
                    return
                await concluding.learned(
                    tx,
                    claim,
                    source,
                    found,
                    every=self.every,
                    seconds=time.monotonic() - begun,
                    now=self.clock(),
                )
        except (FetchFailed, NotABoard) as error:
            await self._failed(pool, claim, error, begun)
        except Exception as error:
            if passes(error):
                raise
            _log.exception("board_not_understood", source=claim.source_id)
            await self._failed(pool, claim, error, begun)

    async def _read(self, pool: "asyncpg.Pool[Any]", claim: Claim, source: Source) -> Found:
        """The board over the network, and the own pages of roles that it no longer lists."""
        stale = claim.whole_age is None or claim.whole_age > self.whole_every
        answer = await take_snapshot(
            self.fetcher,
            source,
            etag=None if stale else claim.etag,
            last_modified=None if stale else claim.last_modified,
        )
        if isinstance(answer, Unchanged):
            return Found(answer)
        seen, keys = await asyncio.to_thread(read_snapshot, answer, source, now=self.clock())
        return Found(answer, seen, keys, await self._look(pool, claim, source, seen))

    async def _look(
        self, pool: "asyncpg.Pool[Any]", claim: Claim, source: Source, seen: Seen
    ) -> Mapping[str, Witness]:
        """The second look, before the last step. What it is decided by is read again in the transaction."""
        async with pool.acquire() as connection:
            known = await store.known_roles(connection, source.id)
        today = concluding.day_of(self.clock()).today
        found = assess(known, seen, recent=claim.recent, doubts=claim.doubts, today=today)
        ids = to_look_at(known, found, today=today)
        return await look_at(self.fetcher, ids, known, lists=(str(source.url),))

    async def _failed(self, pool: "asyncpg.Pool[Any]", claim: Claim, error: Exception, begun: float) -> None:
        async with pool.acquire() as tx, tx.transaction():
            if not await store.hold(tx, claim):
                return
            await concluding.failed(
                tx,
                claim,
                self.sources[claim.source_id],
                str(error),
                told=None
                if isinstance(error, (FetchFailed, NotABoard))
                else "it brings a fault of ours to light",
                retry_after=error.retry_after if isinstance(error, FetchFailed) else None,
                every=self.every,
                seconds=time.monotonic() - begun,
                now=self.clock(),
            )
        _log.warning("board_not_read", source=claim.source_id, why=str(error)[:300])


@asynccontextmanager
async def _kept(pool: "asyncpg.Pool[Any]", claim: Claim) -> AsyncIterator[None]:
    """Renew the lease while the board is being read."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(_LEASE / 3)
            await store.renew(pool, claim, lease=_LEASE)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
