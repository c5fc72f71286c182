"""What it costs to find who is told of a new role, by how many contacts there are: `python -m tests.notify.telling.bench_judging`.

A PostgreSQL of its own is started and thrown away. Contacts choose certain roles, boroughs, families or levels; those who
want a role are found by keys, and beside it, in the same run, by reading, parsing and judging every choice. Then the whole of
it: found, told, and put into mails. The last columns are of roles that everybody wants: what each telling costs, and a digest
of ten of them. `--contacts 100,1000` for less.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from pydantic import TypeAdapter

from deploy.local import postgres as local_postgres
from loti_contracts.events import Subscription
from loti_contracts.vocabulary import FAMILIES, LEVELS, authorities, standard_roles
from services.notify.telling import store
from services.notify.telling.audience import Reader, wanting
from services.notify.telling.keys import keys
from services.notify.telling.news import news
from tests.databases import connected, database_of
from tests.notify.making import heard, role
from tests.notify.telling.hearing import hear, prepare_all
from tests.servers import Postgres, reachable_folder

_CHOICE: Final = TypeAdapter(tuple[Subscription, ...])
_NAMES: Final = tuple(standard_roles())
_BOROUGHS: Final = tuple(authorities())
EVERYBODY: Final = Subscription(topic="new role")


def chosen(random: Random) -> tuple[Subscription, ...]:
    """What one contact might choose: new roles of certain kinds and places, and some news."""
    filters: dict[str, Any] = random.choice(
        [
            {"standard_roles": random.sample(_NAMES, 3)},
            {"boroughs": [random.choice(_BOROUGHS)], "families": [random.choice(FAMILIES)]},
            {"boroughs": random.sample(_BOROUGHS, 2)},
            {
                "standard_roles": [random.choice(_NAMES)],
                "levels": random.sample(LEVELS, 2),
                "minimum_pay": 5_000_000,
            },
        ]
    )
    return (
        Subscription.model_validate({"topic": "new role", **filters}),
        Subscription(topic="shared demand", frequency="weekly"),
        Subscription(topic="library news", frequency="weekly"),
    )


async def fill(db: Any, contacts: int, *, everything: bool) -> None:
    """So many contacts that said yes; `everything`: to every new role."""
    random = Random(contacts)
    await db.execute("TRUNCATE contact, choice, thing, mail, notification, outbox")
    ids = [f"contact-{n}" for n in range(contacts)]
    await db.execute(
        "INSERT INTO contact (id, revision, name, email, organisation) "
        "SELECT id, 1, id, id || '@example.org', 'Example' FROM unnest($1::text[]) AS id",
        ids,
    )
    choices = [
        _CHOICE.dump_json((EVERYBODY,) if everything else chosen(random)).decode() for _ in range(contacts)
    ]
    await db.execute(
        "INSERT INTO choice (contact_id, revision, status, subscriptions, chosen_at, confirmed_at, renew_by, judged) "
        "SELECT id, 1, 'confirmed', chosen::jsonb, $3, $3, $4, true FROM unnest($1::text[], $2::text[]) AS one (id, chosen)",
        ids,
        choices,
        datetime.now(UTC),
        date.today() + timedelta(days=300),  # noqa: DTZ011 - any day far off
    )
    await db.execute("ANALYZE")


async def judging(db: Any, some: int) -> tuple[float, int]:
    """Milliseconds in which one new role is judged and put into mails (the median), and how many were told in all."""
    random, took = Random(7), []
    await prepare_all(db)
    for n in range(some):
        await hear(db, heard(one_role(random, n)))
        started = time.perf_counter()
        await prepare_all(db)
        took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took), await db.fetchval("SELECT count(*) FROM notification")


async def by_keys(db: Any, some: int) -> tuple[float, int]:
    """Milliseconds in which those who want a new role are found, and how many were found in all."""
    random, took, found = Random(7), [], 0
    for n in range(some):
        one = news(one_role(random, n))
        assert one is not None
        async with db.transaction():
            await store.expect_growth(db)
            started = time.perf_counter()
            readers = {reader.contact_id: reader for reader, _ in await store.who_may_want(db, keys(one))}
            found += sum(wanting(reader, one) is not None for reader in readers.values())
        took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took), found


async def naive(db: Any, some: int) -> tuple[float, int]:
    """The same by reading and parsing every choice."""
    random, took, found = Random(7), [], 0
    for n in range(some):
        one = news(one_role(random, n))
        assert one is not None
        started = time.perf_counter()
        rows = await db.fetch("SELECT contact_id, subscriptions FROM choice WHERE status = 'confirmed'")
        for row in rows:
            reader = Reader(row["contact_id"], _CHOICE.validate_json(row["subscriptions"]), agreed=True)
            found += wanting(reader, one) is not None
        took.append((time.perf_counter() - started) * 1_000)
    return statistics.median(took), found


def one_role(random: Random, number: int) -> Any:
    """A new role of some kind in some borough."""
    kind = standard_roles()[random.choice(_NAMES)]
    borough = authorities()[random.choice(_BOROUGHS)]
    return role(
        f"new-{number}",
        standard_role={"name": kind.name, "family": kind.family},
        level=random.choice(LEVELS),
        authorities=({"gss": borough.gss, "name": borough.name, "area": borough.area},),
    )


async def plan(db: Any) -> str:
    """By which way the database looks for who may want a role."""
    one = news(one_role(Random(7), 0))
    assert one is not None
    query = "EXPLAIN (FORMAT JSON) SELECT contact_id FROM choice WHERE status = 'confirmed' AND wanted && $1::text[]"
    async with db.transaction():
        await store.expect_growth(db)
        found = json.loads(await db.fetchval(query, keys(one)))[0]["Plan"]
    inner = found.get("Plans", [{}])[0]
    return " over ".join(filter(None, (found["Node Type"], inner.get("Index Name"))))


async def everybody(db: Any, contacts: int) -> tuple[float, float]:
    """Milliseconds for each telling where everybody wants a role; and for each digest of ten things."""
    await fill(db, contacts, everything=True)
    await hear(db, heard(role("wanted")))
    started = time.perf_counter()
    await prepare_all(db)
    each = (time.perf_counter() - started) * 1_000 / contacts
    await hear(db, *(heard(role(f"wanted-{n}")) for n in range(10)))
    started = time.perf_counter()
    await prepare_all(db)
    return each, (time.perf_counter() - started) * 1_000 / contacts


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


async def main(sizes: Sequence[int]) -> None:
    """Print it all."""
    with reachable_folder() as folder:
        server = await local_postgres.start_postgres(folder / "postgres", say=lambda text: None)
        try:
            async with connected(await database_of("notify", Postgres(server, server.dsn))) as db:
                _say(
                    "contacts   found by keys   every choice read   ratio   wanted by   all of a role"
                    "   a telling   a digest of ten   looked for by"
                )
                for size in sizes:
                    await fill(db, size, everything=False)
                    way = await plan(db)
                    (fast, told), (slow, wanting_it) = await by_keys(db, 20), await naive(db, 20)
                    assert told == wanting_it
                    whole, _ = await judging(db, 20)
                    each, digest = await everybody(db, size)
                    _say(
                        f"{size:8,}   {fast:9.1f} ms   {slow:14.1f} ms   {slow / fast:5.1f}   {told / 20:9.1f}"
                        f"   {whole:10.1f} ms   {each:6.2f} ms   {digest:12.2f} ms   {way}"
                    )
        finally:
            await server.kill()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--contacts", default="100,1000,10000")
    asyncio.run(main([int(n) for n in asked.parse_args().contacts.split(",")]))
