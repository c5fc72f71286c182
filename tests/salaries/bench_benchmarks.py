"""What a role event and a reading cost, by how many observations lie behind the cell: `python -m tests.salaries.bench_benchmarks`.

A PostgreSQL of its own is started and thrown away. `--sizes 1000,10000` for less (the default ends with 1,000,000 and takes
some minutes). `percentile_cont` over the raw observations is run beside it, over the same rows and connection.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from deploy.local import postgres as local_postgres
from loti_contracts.events import Role
from services.salaries import recount, store
from services.salaries.rules import Rules
from tests.salaries.hearing import BARNET, CAMDEN, HACKNEY, SUTTON, a_role, connected, hear_batch, prepare
from tests.servers import Postgres, reachable_folder

CELL = "data-engineer.lead.inner"

FILL = """
INSERT INTO observations (role_id, revision, standard_role, family, level, areas, authorities, bottom, top, seen_on,
    why_left_out, period, rule)
SELECT 'filled-' || n, 1, 'Data engineer', 'Data', 'lead', '{inner}', ARRAY['E090000' || lpad((1 + n % 12)::text, 2, '0')],
    low, low + 5000 * (n % ($2::bigint / 5)), date '2026-11-01' - (n % $3::bigint)::int, NULL, 'year', 'year'
FROM (SELECT n, 30000_00 + 5000 * (n * 7919 % $2::bigint) AS low FROM generate_series(1, $1::bigint) AS n) AS filled
"""

NAIVE = """
SELECT percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY bottom),
    percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY (bottom + top) / 2),
    percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY top), count(*)
FROM observations
WHERE why_left_out IS NULL AND standard_role = 'Data engineer' AND level = 'lead' AND 'inner' = ANY(areas)
"""


async def fill(db: Any, observations: int, *, amounts: int = 1_000, days: int = 2_000) -> float:
    """So many observations behind one cell, of so many lower ends, £50 apart, and days; counted. The seconds that
    counting took."""
    await db.execute(
        "TRUNCATE outbox, observations, superseded_observations, benchmarks, pay_signals RESTART IDENTITY"
    )
    await db.execute(FILL, observations, amounts, days, timeout=600)
    await db.execute("ANALYZE observations")
    started = time.perf_counter()
    async with db.transaction():
        await recount.everything(db, Rules())
    took = time.perf_counter() - started
    await db.execute("VACUUM ANALYZE pay_steps, observations, cell_days, cell_months", timeout=600)
    return took


async def events(db: Any, some: int, *, first: int = 0) -> list[float]:
    """Milliseconds of each of so many role events: new offers, and corrections of them. `first` is the number of the
    first, so that those of a later round are new as well."""
    random, took = Random(first), []
    for n in range(first, first + some):
        low = random.randint(30_000, 80_000) * 100
        role = a_role(id=f"new-{n // 2}", revision=n % 2 + 1, pay=(low, low + 5_000_00), posted_on=None)
        started = time.perf_counter()
        await hear_batch(db, [role])
        took.append((time.perf_counter() - started) * 1000)
    return took


async def reading(db: Any, some: int) -> list[float]:
    """Milliseconds of each of so many readings of the benchmark, to the model."""
    took = []
    for _ in range(some):
        started = time.perf_counter()
        found = await store.load_benchmark(db, CELL)
        took.append((time.perf_counter() - started) * 1000)
        assert found
    return took


async def naive(db: Any, some: int) -> list[float]:
    """Milliseconds of the same percentiles, unweighted, over the raw rows."""
    took = []
    for _ in range(some):
        started = time.perf_counter()
        await db.fetchrow(NAIVE)
        took.append((time.perf_counter() - started) * 1000)
    return took


def told(random: Random, roles: int) -> list[Role]:
    """That many roles as ingest might say them from the start of the topic, a tenth of them corrected once."""
    heard = []
    for n in range(roles):
        low = random.randint(30_000, 80_000) * 100
        role = a_role(
            id=f"role-{n}",
            level=random.choice(["senior", "lead", "principal"]),
            authorities=(random.choice([CAMDEN, HACKNEY, BARNET, SUTTON]),),
            pay=(low, low + random.randint(0, 9_000) * 100),
            posted_on=date(2026, 11, 1) - timedelta(days=random.randint(0, 1500)),
        )
        heard.append(role)
        if n % 10 == 0:
            heard.append(role.model_copy(update={"revision": 2, "level": "head"}))
    return heard


async def rebuild(db: Any, roles: int) -> tuple[int, float, float]:
    """Events, events a second, and milliseconds of processor time an event, from an empty database through the
    handlers in batches of 500."""
    await db.execute(
        """TRUNCATE outbox, observations, superseded_observations, benchmarks, pay_steps, cell_boroughs, cell_days,
        cell_months, pay_signals RESTART IDENTITY"""
    )
    heard = told(Random(2), roles)
    started, used = time.perf_counter(), await processor(db)
    for first in range(0, len(heard), 500):
        await hear_batch(db, heard[first : first + 500])
    took, used = time.perf_counter() - started, await processor(db) - used
    return len(heard), len(heard) / took, 1000 * used / len(heard)


async def processor(db: Any) -> float:
    """Seconds of processor time that this process and PostgreSQL's for this connection have used so far: what does not
    depend on what else the machine does. Reads /proc, so on Linux alone; elsewhere only this process's."""
    return time.process_time() + _used_by(await db.fetchval("SELECT pg_backend_pid()"))


def _used_by(process: int) -> float:
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def _p(took: Sequence[float], percent: int) -> float:
    return statistics.quantiles(took, n=100, method="inclusive")[percent - 1]


async def main(sizes: Sequence[int], rebuilds: Sequence[int]) -> None:
    """Print it all."""
    with reachable_folder() as folder:
        server = await local_postgres.start_postgres(folder / "postgres", say=lambda text: None)
        try:
            async with connected(await Postgres(server, server.dsn).create_database()) as db:
                await prepare(db)
                _say(
                    "observations  role event p50/p99 ms (processor)  reading p50/p99 ms  percentile_cont p50 ms  counted anew"
                )
                for size in sizes:
                    counted = await fill(db, size)
                    used = await processor(db)
                    one = await events(db, 100)
                    used = (await processor(db) - used) * 10
                    read, raw = await reading(db, 2_000), await naive(db, 5)
                    _say(
                        f"{size:12,}  {_p(one, 50):9.1f} / {_p(one, 99):7.1f} ({used:5.1f})      {_p(read, 50):9.2f} / {_p(read, 99):6.2f}"
                        f"  {_p(raw, 50):22.1f}  {size / counted:9,.0f}/s"
                    )
                _say("rebuilt from the topic:")
                for size in rebuilds:
                    heard, speed, used = await rebuild(db, size)
                    _say(
                        f"{heard:12,} events  {speed:9,.0f} events/s  {used:6.1f} ms of processor time an event"
                    )
        finally:
            await server.kill()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", default="1000,10000,100000,1000000")
    asked.add_argument("--rebuilds", default="2000,4000,8000")
    given = asked.parse_args()
    asyncio.run(main(*([int(n) for n in one.split(",") if n] for one in (given.sizes, given.rebuilds))))
