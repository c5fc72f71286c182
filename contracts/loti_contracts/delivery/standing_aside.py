"""While a service's tables are recovered, no process of the service may work on them.

Whoever recovers holds an advisory lock in the service's database. A process that starts waits for its end; one that runs
notices it within seconds, finishes what it has in hand and ends, to be started again by whoever keeps it running. The
lock goes with the session that holds it, so a recovery that was killed keeps nobody waiting.
"""

import asyncio
from typing import Any, Final

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.repeating import repeat

_queries = queries_beside(__file__)
_LOOK: Final = 2.0

STATUS: Final = 75
"""The exit status of a process that stands aside: EX_TEMPFAIL of sysexits.h, try again later."""


class StandsAside(Exception):
    """The service's tables are being recovered; the process must end, and may be started again at once."""


async def being_recovered(connection: "Connection | asyncpg.Pool[Any]") -> bool:
    """Whether somebody recovers this database's tables now."""
    return not await _queries.nobody_recovers(connection)


async def begin(connection: Connection) -> bool:
    """Recover from now on, until this session ends; whether nobody else does."""
    return bool(await _queries.recover_alone(connection))


async def watch(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
    """Look every other second. Raises StandsAside when a recovery has begun."""

    async def look(pool: "asyncpg.Pool[Any]", _: asyncio.Event) -> None:
        if await being_recovered(pool):
            raise StandsAside("the tables are being recovered")

    await repeat(look, pool, stopping, every=_LOOK, what="looking for a recovery")
