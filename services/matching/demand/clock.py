"""The clock: what time alone changes is looked at when it is due, by as many processes at once as one likes."""

import asyncio
from typing import Any

import asyncpg

from loti_contracts.delivery.process import Loop
from loti_contracts.delivery.repeating import repeat
from services.matching.demand.handlers import Demand
from services.matching.store import one_at_a_time

_AT_ONCE = 20
"""Things looked at in one transaction, so that no handler waits long for the lock."""


def clock(demand: Demand, *, every: float = 30.0) -> Loop:
    """The loop that looks at what is due, `every` so many seconds."""

    begun = False

    async def turn(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        nonlocal begun
        if not begun:
            await begin(pool, demand)
            begun = True
        await look_until_done(pool, demand, stopping)

    async def keep_looking(pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        await repeat(turn, pool, stopping, every=every, what="the clock of demand")

    return keep_looking


async def begin(pool: "asyncpg.Pool[Any]", demand: Demand) -> None:
    """What is done once, when a process starts: see `Demand.begin`."""
    async with pool.acquire() as tx, tx.transaction():
        await one_at_a_time(tx)
        await demand.begin(tx)


async def look_until_done(pool: "asyncpg.Pool[Any]", demand: Demand, stopping: asyncio.Event) -> None:
    """Look at all that is due, some in each transaction."""
    looked = 1
    while looked and not stopping.is_set():
        async with pool.acquire() as tx, tx.transaction():
            await one_at_a_time(tx)
            looked = await demand.look_at_due(tx, most=_AT_ONCE)
