"""Polling: each board is read when it is due, and what it says is saved and announced in one transaction.

One process polls: the one whose session holds the lock; another takes over when that session ends. So every host
sees one polite client, and a board that has not changed costs one request and no write: when to ask it again, and
how often it was found unchanged, is remembered here until there is something to write.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING, Connection
from loti_contracts.delivery.waiting import wait_for_any
from services.ingest import concluding, records, sightings_store, store
from services.ingest.poll import day_of
from services.ingest.store import Turn
from services.ingest.visiting import Visitor

_log = structlog.get_logger("polling")

_LOOK = 0.5
"""How often it is looked which boards are due, and whether the lock is free."""
_CALENDAR = 600.0
"""How often closing dates are looked at whatever becomes of the boards, and old records are let go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling(Visitor):
    """Who visits the boards when; up to `at_once` at a time."""

    at_once: int

    async def loop(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Poll what is due until `stopping`; a database that is away is waited for, and so is a process that leads."""
        while not stopping.is_set():
            try:
                await store.register(pool, list(self.sources.values()))
                async with pool.acquire() as connection:
                    while not await store.lead(connection):
                        if await wait_for_any(stopping, timeout=_LOOK):
                            return
                    _log.info("polling_leads", boards=len(self.sources))
                    await self._lead(pool, connection, stopping)
            except PASSING as error:
                _log.warning("polling_interrupted", error=type(error).__name__)
                await wait_for_any(stopping, timeout=_LOOK)

    async def _lead(self, pool: "asyncpg.Pool[Any]", connection: Connection, stopping: asyncio.Event) -> None:
        """Poll through the session that holds the lock: when it is lost, so is the lead."""
        calendar = float("-inf")
        flying: dict[str, asyncio.Task[None]] = {}
        try:
            while not stopping.is_set():
                if time.monotonic() - calendar > _CALENDAR:
                    await self.turn_the_calendar(pool)
                    calendar = time.monotonic()
                await self._begin(pool, connection, flying)
                await _land(flying, stopping, timeout=_LOOK)
        finally:
            await _give_up(flying)
        await self.write_down(pool)

    async def poll_due(self, pool: "asyncpg.Pool[Any]") -> int:
        """Poll all boards that are due, each once; gives how many were. Raises PASSING when the database is away."""
        flying: dict[str, asyncio.Task[None]] = {}
        polled: set[str] = set()
        try:
            async with pool.acquire() as connection:
                while await self._begin(pool, connection, flying, but=polled) or flying:
                    polled |= flying.keys()
                    await _land(flying)
        finally:
            await _give_up(flying)
        return len(polled)

    async def _begin(
        self,
        pool: "asyncpg.Pool[Any]",
        connection: Connection,
        flying: dict[str, asyncio.Task[None]],
        *,
        but: set[str] | None = None,
    ) -> int:
        """Begin polling boards that are due, up to `at_once` at a time; gives how many were begun."""
        ids = self.sources.keys() - flying.keys() - (but or set())
        turns = [turn for turn in await store.due(connection, sorted(ids)) if not self._rests(turn)]
        begun = turns[: self.at_once - len(flying)]
        for turn in begun:
            flying[turn.source_id] = asyncio.create_task(
                self.visit(pool, turn), name=f"poll {turn.source_id}"
            )
        return len(begun)

    def _rests(self, turn: Turn) -> bool:
        rest = self.rests.get(turn.source_id)
        return rest is not None and rest.run == turn.run and time.monotonic() < rest.until

    async def write_down(self, pool: "asyncpg.Pool[Any]") -> None:
        """Write down the polls that found no change, before they are forgotten."""
        async with pool.acquire() as connection:
            for source_id, rest in list(self.rests.items()):
                async with connection.transaction():
                    if await store.hold(connection, source_id, rest.run):
                        await records.save_quiet(connection, source_id, rest.run + 1, rest.quiet)
                del self.rests[source_id]

    async def turn_the_calendar(self, pool: "asyncpg.Pool[Any]") -> None:
        """Close every role whose closing date has passed, on boards that are polled, that rest for a day, and that
        were taken off the list: those lose their roles by the calendar alone."""
        now = self.clock()
        async with pool.acquire() as connection:
            for source_id in await sightings_store.overdue_sources(connection, day_of(now).today):
                async with connection.transaction():
                    await concluding.close_overdue(
                        connection, source_id, watched=source_id in self.sources, rank=self.rank, now=now
                    )


async def _land(
    flying: dict[str, asyncio.Task[None]], *stopping: asyncio.Event, timeout: float | None = None
) -> None:
    """Wait until a poll has ended, a stop or the timeout, and let go of those that have. Raises what one raised."""
    waits = [asyncio.create_task(event.wait()) for event in stopping]
    try:
        await asyncio.wait([*flying.values(), *waits], timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    for source_id in [id_ for id_, poll in flying.items() if poll.done()]:
        flying.pop(source_id).result()


async def _give_up(flying: dict[str, asyncio.Task[None]]) -> None:
    """Cancel what is under way: nothing of it is saved, and the boards are still due."""
    for poll in flying.values():
        poll.cancel()
    await asyncio.gather(*flying.values(), return_exceptions=True)
