"""What a role event costs demand, with few and with many roles ever heard: `python -m tests.matching.bench_demand`.

Each row has so many roles heard before, of all the 33 authorities over the years, each in its own database (LOTI_DATABASE
names the server; without it, a PostgreSQL of the program's own is started). What is open at once is the same in every row,
as it is in London. Then the same 300 events are handled in each in turn, one transaction each: a role found, changed,
closed; and the median and the 95th percentile are printed, with the ratio of the medians to the first row.
"""

import asyncio
import contextlib
import os
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import Any

import asyncpg
import structlog

from deploy.local import postgres
from loti_contracts.events import Role
from loti_contracts.vocabulary import authorities, standard_roles
from services.matching.demand import heard_titles, store
from services.matching.market import save_role
from tests.databases import bring_up_to_date
from tests.matching.demand_world import START, World, a_role, closed
from tests.servers import reachable_folder

OPEN_AT_ONCE = 330
"""Ten digital jobs open in each authority."""
EVENTS = 300
SIZES = (1_000, 10_000, 50_000)


def past(number: int, of: int, random: Random) -> Role:
    """One of the roles ever heard: the last OPEN_AT_ONCE of them are open, the others closed after some weeks."""
    found = START - timedelta(hours=12 * (of - number))
    role = _role(f"old-{number}", random).model_copy(update={"found_at": found})
    return (
        role if number >= of - OPEN_AT_ONCE else closed(role, found + timedelta(days=random.randint(7, 45)))
    )


def _role(id_: str, random: Random) -> Role:
    """A standard role under its own name or dressed up; one in fifty is of a kind of its own."""
    gss = random.choice(list(authorities()))
    if random.random() < 0.02:
        return a_role(gss, standard_role=None, id=id_, title=f"{_word(random)} {_word(random)}ist")
    name = random.choice(list(standard_roles()))
    return a_role(gss, standard_role=name, id=id_, title=f"Senior {name} ({_word(random)} team)")


def _word(random: Random) -> str:
    return "".join(random.choice("bcdfgklmnprst") + random.choice("aeiou") for _ in range(4))


async def fill(db: Any, roles: list[Role]) -> None:
    """Take in what was heard before, as the handlers would keep it, without saying anything."""
    for start in range(0, len(roles), 1_000):
        async with db.transaction():
            for role in roles[start : start + 1_000]:
                await save_role(db, role)
                await store.take_in(db, role)
                await heard_titles.hear(db, role, None)
    await db.execute("VACUUM ANALYZE")


async def world(stack: contextlib.AsyncExitStack, server: str, size: int) -> World:
    """One that has heard so many roles; its database is gone with the stack."""
    db = await stack.enter_async_context(database(server, f"demand_{size}"))
    await bring_up_to_date("matching", db)
    random = Random(6)
    await fill(db, [past(number, size, random) for number in range(size)])
    return World(db, now=START)


async def measure(worlds: Sequence[World], events: int = EVENTS, *, first: int = 0) -> list[list[float]]:
    """Seconds of each event in each of these worlds; each event is handled in all of them before the next is. `first`
    numbers the first of them, so that those of a later round are new as well."""
    random = Random(6 + first)
    took: list[list[float]] = [[] for _ in worlds]
    for number in range(first, first + events // 3):
        role = _role(f"new-{number}", random)
        changed = role.model_copy(update={"revision": 2, "location": "Town Hall"})
        for state in (role, changed, closed(changed, START + timedelta(days=1))):
            for world, seconds in zip(worlds, took, strict=True):
                begun = perf_counter()
                await world.hear(state)
                seconds.append(perf_counter() - begun)
    return took


@contextlib.asynccontextmanager
async def database(server: str, name: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    over = await asyncpg.connect(server)
    await over.execute(f"DROP DATABASE IF EXISTS {name}")
    await over.execute(f"CREATE DATABASE {name}")
    db = await asyncpg.connect(f"{server.rsplit('/', 1)[0]}/{name}")
    try:
        yield db
    finally:
        await db.close()
        await over.execute(f"DROP DATABASE {name}")
        await over.close()


@contextlib.asynccontextmanager
async def _server() -> AsyncIterator[str]:
    if dsn := os.environ.get("LOTI_DATABASE"):
        yield dsn
        return
    with reachable_folder() as folder:
        own = await postgres.start_postgres(folder / "postgres", say=lambda _: None)
        try:
            yield own.dsn
        finally:
            await own.stop()


async def main() -> None:
    """Print a row for each size; sizes may be given as arguments."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    lines = [f"{'roles ever heard':>16} {'median ms':>10} {'p95 ms':>8} {'ratio':>6}"]
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(_server())
        worlds = [await world(stack, server, size) for size in sizes]
        took = await measure(worlds)
    first = statistics.median(took[0])
    for size, seconds in zip(sizes, took, strict=True):
        median, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[18]
        lines.append(f"{size:16,} {median * 1000:10.2f} {p95 * 1000:8.2f} {median / first:6.2f}")
    print("\n".join(lines))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
