"""How fast a shortlist is made over ten thousand supporters.

`python -m tests.matching.bench_shortlist` prints, side by side in one run: the pure function beside the
straightforward way (one supporter after the other), and the time from a stated request to its row in the outbox, on an
embedded PostgreSQL (or the one that LOTI_TEST_POSTGRES names), beside reading everybody from the database first, as it was done before.
"""

import asyncio
import logging
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TypeVar

import asyncpg
import structlog

from deploy.local.postgres import start_postgres
from loti_contracts.delivery.database import Connection
from loti_contracts.events import Request, Supporter
from loti_contracts.vocabulary import FAMILIES, authorities, standard_roles
from services.matching import store
from services.matching.candidates import Candidates
from services.matching.eligibility import SupporterNow
from services.matching.shortlist import Rules, shortlist
from tests.matching.hearing import Town, prepare
from tests.matching.making import KINDS, TODAY, a_request, a_supporter
from tests.matching.straightforward import straightforward
from tests.servers import Postgres

T = TypeVar("T")
SUPPORTERS = 10_000
ROLES, BOROUGHS = tuple(standard_roles()), tuple(authorities())
SKILLS = tuple(sorted({skill for role in standard_roles().values() for skill in role.skills}))


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    random = Random(6)
    listed = [_supporter(random, number) for number in range(SUPPORTERS)]
    asked = [_request(random, number) for number in range(1_000)]
    people = Candidates(SupporterNow(one, random.randrange(2)) for one in listed)
    everybody = list(people)
    _say(f"{SUPPORTERS} supporters of four kinds; milliseconds", "p50", "p99", "each second")
    _show(
        "shortlist, sentences for the nearest 50",
        _times(asked, lambda one: shortlist(one, people, today=TODAY)),
    )
    _show(
        "the same in time of this process alone",
        _times(asked, lambda one: shortlist(one, people, today=TODAY), clock=time.process_time),
    )
    _show(
        "shortlist, sentences for everybody left out",
        _times(asked[:20], lambda one: shortlist(one, people, today=TODAY, tell=None)),
    )
    _show(
        "one supporter after the other",
        _times(asked[:10], lambda one: straightforward(one, everybody, today=TODAY)),
    )
    with tempfile.TemporaryDirectory(prefix="loti-bench-") as folder:
        Path(folder).chmod(0o711)
        asyncio.run(_on_a_database(Path(folder), listed, asked))


async def _on_a_database(folder: Path, listed: list[Supporter], asked: list[Request]) -> None:
    there = os.environ.get("LOTI_TEST_POSTGRES")
    server = None if there else await start_postgres(folder / "postgres", say=lambda _: None)
    try:
        dsn = await Postgres(None, there).create_database() if there else server.dsn if server else ""
        connection = await asyncpg.connect(dsn)
        await prepare(connection)
        town = Town(Rules())
        started = time.perf_counter()
        async with connection.transaction():
            for one in listed:
                await store.save_supporter(connection, one, stated_at=town.now)
        await connection.execute("ANALYZE")
        await town.hear(connection, asked[0])
        _say(f"(everybody written and read once in {time.perf_counter() - started:.1f} s)")

        async def hear(one: Request) -> None:
            await town.hear(connection, one)

        _show("stated request → outbox, one each transaction", await _times_of(asked[1:501], hear))
        batch = asked[501:1_000]
        started = time.perf_counter()
        await town.hear(connection, *batch)
        each = (time.perf_counter() - started) / len(batch)
        _say(
            f"stated requests → outbox, {len(batch)} a transaction",
            f"{each * 1e3:.2f}",
            "",
            f"{1 / each:.0f}",
        )
        _show(
            "reading everybody, then one after the other", await _times_of(asked[:5], _as_before(connection))
        )
        changed = [one.model_copy(update={"revision": 2, "capacity": 5}) for one in listed[:200]]

        async def change(one: Supporter) -> None:
            await town.hear(connection, one)

        waiting = await connection.fetchval("SELECT count(*) FROM matches WHERE stage = 'proposed'")
        _show(f"a supporter changes, {waiting} requests proposed to", await _times_of(changed, change))
        await connection.close()
    finally:
        if server is not None:
            await server.stop()


def _as_before(connection: Connection) -> Callable[[Request], Awaitable[None]]:
    async def find(one: Request) -> None:
        people = [found.now for found in await store.load_changed_supporters(connection, since=0)]
        straightforward(one, people, today=TODAY)

    return find


def _supporter(random: Random, number: int) -> Supporter:
    return a_supporter(
        id=f"supporter-{number}",
        kind=random.choice(KINDS),
        roles=tuple(random.sample(ROLES, random.randint(1, 4))),
        families=tuple(random.sample(FAMILIES, random.randrange(2))),
        skills=tuple(random.sample(SKILLS, random.randint(2, 12))),
        capacity=random.randint(1, 4),
        not_for=tuple(random.sample(BOROUGHS, random.randrange(4))),
        own_borough=random.choice((None, *BOROUGHS)),
        prefers={"boroughs": random.sample(BOROUGHS, 2)} if random.random() < 0.3 else None,
        stated_at=datetime(2026, 10, 1, tzinfo=UTC),
    )


def _request(random: Random, number: int) -> Request:
    return a_request(
        id=f"request-{number}",
        kind=random.choice(KINDS),
        borough=random.choice(BOROUGHS),
        standard_role=random.choice(ROLES),
        skills=tuple(random.sample(SKILLS, random.randint(1, 6))),
    )


def _times(
    asked: list[Request], work: Callable[[Request], object], *, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    found = []
    for one in asked:
        started = clock()
        work(one)
        found.append(clock() - started)
    return found


async def _times_of(items: Sequence[T], work: Callable[[T], Awaitable[None]]) -> list[float]:
    found = []
    for one in items:
        started = time.perf_counter()
        await work(one)
        found.append(time.perf_counter() - started)
    return found


def _show(what: str, times: list[float]) -> None:
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3 for share in (0.5, 0.99)]
    _say(what, f"{at[0]:.2f}", f"{at[1]:.2f}", f"{len(times) / sum(times):.0f}")


def _say(what: str, *cells: str) -> None:
    sys.stdout.write(f"{what:52}" + "".join(f"{cell:>13}" for cell in cells) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
