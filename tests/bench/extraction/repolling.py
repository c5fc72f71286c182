"""What it costs to ask boards again that have not changed: requests, time, and transactions that write."""

import logging
import time
from collections.abc import Mapping
from typing import Any

import asyncpg
import structlog

from deploy.local.postgres import start_postgres
from tests.bench.results import Reach, Result, Scale, Series
from tests.databases import connected
from tests.ingest.polling_world import World, open_world
from tests.servers import HASTY, Postgres, reachable_folder


async def bench(scale: Scale) -> Result:
    """All sample boards, polled until nothing is new, then polled again and again on a server of the bench's own."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with reachable_folder() as folder:
        server = await start_postgres(folder / "postgres", say=lambda _: None, settings=HASTY)
        try:
            async with open_world(Postgres(server, server.dsn), lambda source: True) as world:
                return await _measured(world, scale)
        finally:
            await server.stop()
            structlog.reset_defaults()


async def _measured(world: World, scale: Scale) -> Result:
    found: dict[str, list[float]] = {"writes": [], "events": [], "requests": [], "milliseconds": []}
    boards = len(world.polling.sources)
    async with connected(world.dsn) as connection:
        first = await _again(world, connection)
        await _again(world, connection)  # a board is known to be unchanged from its second answer on
        for _ in range(scale.rounds):
            for name, value in (await _again(world, connection)).items():
                found[name].append(value)
    return Result(
        name="repolling",
        says=(
            f"{boards} boards that have not changed since they were read last are asked again. A transaction that writes anything "
            "takes a number of its server's; they are counted on a server of the bench's own."
        ),
        series=(
            Series("transactions that write, when all is new", "a round", (first["writes"],), "less"),
            Series("transactions that write", "a round", tuple(found["writes"]), "less"),
            Series("events said", "a round", tuple(found["events"]), "less"),
            Series("requests", "a board", tuple(one / boards for one in found["requests"]), "less"),
            Series("time", "ms a board", tuple(one / boards for one in found["milliseconds"]), "less"),
        ),
        reaches=(
            Reach("transactions that write, when all is new", at_least=1, says="what writes is counted"),
            Reach("transactions that write", at_most=0, says="an unchanged board costs no database write"),
            Reach("events said", at_most=0),
        ),
    )


async def _again(world: World, connection: "asyncpg.Connection[Any]") -> Mapping[str, float]:
    """Poll every board once more; that all are due now is written before the counting begins."""
    world.wake()
    await connection.execute("UPDATE sources SET next_poll_at = now()")
    before, began = await _written(connection), time.perf_counter()
    await world.polling.poll_due(world.pool)
    took = (time.perf_counter() - began) * 1_000
    writes = await _written(connection) - before
    return {
        "writes": writes,
        "events": len(await world.said()),
        "requests": len(await world.asked()),
        "milliseconds": took,
    }


async def _written(connection: "asyncpg.Connection[Any]") -> float:
    """The number that the next transaction that writes will have."""
    return float(await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))
