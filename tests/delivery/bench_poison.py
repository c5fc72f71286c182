"""How long good messages wait for bad ones of their batch: `python -m tests.delivery.bench_poison`.

Batches of 500 with 0, 1, 5 and 19 bad messages of a kind, on a real PostgreSQL: when the first and the last good message
had its effect, and when the batch was done, in milliseconds; the ratio is to the same batch without a bad one, measured in
the same run. `steps` is a handler that says which event it has in hand, `at once` one that does not; a `slow` handler
spends 4 ms on each event.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.batch import BatchHandler, BatchHandling, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.parking import Received
from loti_contracts.events import Envelope, RequestStated, encode
from tests.delivery.counting import request
from tests.servers import run_postgres

SIZE, TIMES = 500, 1
KINDS = ("unreadable", "parked", "bug", "slow bug")
SLOW_BUG = 0.3
"""Seconds that a slow bug takes to fail, each time."""


class Clocked:
    """Handlers that note each good message, and when the transaction with it was committed."""

    def __init__(self, pool: "asyncpg.Pool[Any]", slow: float) -> None:
        self._slow = slow
        self.pool = pool

    async def one(self, said: Envelope[Any], tx: Connection) -> None:
        """Count it, or fail as its note says."""
        note = said.event.request.note
        if note == "slow bug":
            await asyncio.sleep(SLOW_BUG)
        if note == "parked":
            raise Park("cannot be")
        if note in ("bug", "slow bug"):
            raise KeyError("a bug")
        if self._slow:
            await tx.execute("SELECT pg_sleep($1)", self._slow)
        await tx.execute("INSERT INTO done (id, place) VALUES ($1, $2)", said.id, said.event.request.revision)

    async def at_once(self, said: Sequence[Envelope[Any]], tx: Connection) -> None:
        """Without saying which it has in hand."""
        for one in said:
            await self.one(one, tx)

    def handling(self, handle: BatchHandler) -> BatchHandling:
        """As a service has it."""
        return BatchHandling(
            service="bench",
            pool=self.pool,
            handle=handle,
            handles=frozenset({RequestStated}),
            breaker=Breaker(service="bench", pool=self.pool, limit=1_000),
            hold=5.0,
            bug_attempts=3,
            stopping=asyncio.Event(),
        )


def batch(begin: int, kind: str, bad: set[int]) -> list[Received]:
    """Every message about a thing of its own."""
    found = []
    for n in range(SIZE):
        note = kind if n in bad and kind != "unreadable" else None
        key, value, headers = encode(request(begin + n, revision=n + 1, note=note))
        value = b"{" if n in bad and kind == "unreadable" else value
        found.append(Received("bench", 0, begin + n, 1, key, value, headers))
    return found


async def measure(
    clocked: Clocked, handling: BatchHandling, messages: Sequence[Received]
) -> tuple[float, float, float]:
    """First effect, last effect and end of the batch, in seconds from its beginning."""
    pool = clocked.pool
    await pool.execute("TRUNCATE done")
    began, seen, done = time.monotonic(), [], asyncio.Event()

    async def watch() -> None:
        known = 0
        while not done.is_set():
            count = await pool.fetchval("SELECT count(*) FROM done")
            if count != known:
                seen.append(time.monotonic() - began)
                known = count
            await asyncio.sleep(0.002)

    watching = asyncio.create_task(watch())
    await handling.process(messages)
    end = time.monotonic() - began
    await asyncio.sleep(0.02)
    done.set()
    await watching
    return seen[0], seen[-1], end


async def run(dsn: str) -> None:
    """All of it, printed."""
    async with asyncpg.create_pool(dsn, min_size=2, max_size=4) as pool:
        async with pool.acquire() as connection:
            await migrate_delivery(connection)
            await connection.execute("CREATE TABLE done (id text, place int)")
        begin = 0
        print(  # noqa: T201
            f"{'handler':16}{'bad':>4} {'of kind':12}{'first ms':>9}{'last ms':>9}{'batch ms':>9}{'ratio of last':>14}"
        )
        for name, slow in (("steps", 0.0), ("at once", 0.0), ("steps, slow", 0.004)):
            clocked = Clocked(pool, slow)
            handle = clocked.at_once if name == "at once" else each({RequestStated: clocked.one})
            handling, plain = clocked.handling(handle), 0.0
            cases = [("none", 0)] + [(kind, n) for kind in KINDS for n in (1, 5, 19)]
            for kind, number in (
                cases if not slow else [("none", 0), ("bug", 1), ("bug", 19), ("slow bug", 1)]
            ):
                rounds = []
                for turn in range(TIMES if not slow else 1):
                    bad = set(random.Random(turn).sample(range(SIZE), number))
                    rounds.append(await measure(clocked, handling, batch(begin, kind, bad)))
                    begin += SIZE
                first, last, end = (statistics.median(times) * 1_000 for times in zip(*rounds, strict=True))
                plain = plain or last
                print(  # noqa: T201
                    f"{name:16}{number:4} {kind:12}{first:9.0f}{last:9.0f}{end:9.0f}{last / plain:14.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with run_postgres(lambda _: None) as server:
        asyncio.run(run(asyncio.run(server.create_database())))
