"""What the passing of time does: requests lapse, availability ends, it is time to ask how it went.

Any number of processes may run it: each thing that is due has a transaction of its own, under the lock, and is looked
at anew in it, so that whoever comes second finds nothing to do.
"""

import asyncio
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.repeating import repeat
from services.matching import course, store
from services.matching.looking import Looking

_log = structlog.get_logger("matching")
_queries = queries_beside(__file__)


class Clock:
    """Finds what is due every so many seconds."""

    def __init__(self, looking: Looking, *, every: float) -> None:
        self._looking = looking
        self._every = every

    async def loop(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Turn until `stopping`; while the database is away, try again the next time."""
        await repeat(self.turn, pool, stopping, every=self._every, what="the clock")

    async def turn(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event | None = None) -> int:
        """Do all that is due now; how many things that were."""
        today = self._looking.today()
        async with pool.acquire() as connection:
            to_look_at = [row["id"] async for row in _queries.requests_to_look_at(connection, today=today)]
            to_ask = [row["id"] async for row in _queries.matches_to_follow_up(connection, today=today)]
        done = 0
        for what, ids in ((self._look_again, to_look_at), (self._follow_up, to_ask)):
            for id_ in ids:
                if stopping is not None and stopping.is_set():
                    return done
                async with pool.acquire() as tx, tx.transaction():
                    await what(tx, id_)
                done += 1
        return done

    async def _look_again(self, tx: Connection, request_id: str) -> None:
        await self._looking.begin(tx)
        await self._looking.look(tx, await self._looking.case_of(tx, request_id), cause=None)

    async def _follow_up(self, tx: Connection, match_id: str) -> None:
        await self._looking.begin(tx)
        case = await store.load_case_of_match(tx, match_id)
        after = course.followed_up(case, now=self._looking.clock()) if case else None
        if case is not None and after is not None:
            await self._looking.save_and_announce(tx, case, after, cause=None)
