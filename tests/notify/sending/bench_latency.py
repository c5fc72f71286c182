"""From a role's event committed to its mails accepted: how long, at a steady rate.

    python -m tests.notify.sending.bench_latency [--roles 1500] [--rate 50] [--contacts 1000]

The whole path with real servers: the event in the outbox of ingest's database, its relay, an Apache Kafka of this run's own,
the notify service as `python -m services.notify.app` (with its own outbox relay running), PostgreSQL, SMTP to a relay in
a process of its own, which notes when it took each mail. Contacts ask for new roles at once, each with a standard role and
some boroughs of its own, some with levels. A mail's time is counted from just before the commit of its role's event; the
first two seconds warm up and are left out.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from deploy.local.kafka import start_kafka
from loti_contracts.delivery import outbox
from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS, AuthorityNamed, RoleDiscovered, StandardRoleNamed
from tests.databases import connected, database_of
from tests.notify.making import role
from tests.notify.sending import made
from tests.servers import reachable_folder, run_postgres

BOROUGHS = [f"E090000{n:02}" for n in range(1, 34)]
STANDARD_ROLES = [f"Standard role {n}" for n in range(40)]
LEVELS = ("practitioner", "senior", "lead")
WARM_UP = 2.0


@dataclass
class Caught:
    """When each mail was taken, by its id; `said` counts them."""

    at: dict[str, float] = field(default_factory=dict)

    async def read(self, process: asyncio.subprocess.Process) -> None:
        """What the relay says, until it ends."""
        assert process.stdout is not None
        while line := await process.stdout.readline():
            _, _, seconds, mail, *_ = line.decode().split()
            self.at.setdefault(mail, float(seconds))


async def bench(server: Any, kafka: str, given: argparse.Namespace) -> None:
    """The whole run."""
    ingest, notify = await database_of("ingest", server), await database_of("notify", server)
    chance = random.Random(given.seed)
    await ensure_topics(kafka, TOPICS, replication=1)
    async with connected(notify) as ledger, connected(ingest) as saying:
        await _contacts(ledger, given.contacts, chance)
        async with (
            _process("tests.notify.sending.bad_relay", "1", "0") as relay,
            _relaying(ingest, kafka),
        ):
            port = await _first_line(relay)
            caught = Caught()
            reading = asyncio.create_task(caught.read(relay))
            environment = {
                "LOTI_DATABASE": notify,
                "LOTI_KAFKA": kafka,
                "LOTI_SMTP_PORT": port,
                "LOTI_LINK_KEYS": "k" * 32,
                "LOTI_LOG_LEVEL": "WARNING",
            }
            async with _process("services.notify.app", **environment):
                await _until_hearing(saying, ledger)
                committed = await _say_roles(saying, given, chance)
                await _until_quiet(ledger, len(committed) + 1)
            assert relay.stdin is not None
            relay.stdin.close()
            await reading
        await _report(ledger, committed, caught, given)


async def _contacts(tx: asyncpg.Connection, count: int, chance: random.Random) -> None:
    ids = [f"contact-{n}" for n in range(count)]
    async with tx.transaction():
        await made.people(tx, ids, domains=33)
        for id_ in ids:
            wants = {
                "topic": "new role",
                "frequency": "at once",
                "standard_roles": [chance.choice(STANDARD_ROLES)],
                "boroughs": chance.sample(BOROUGHS, chance.randint(1, 4)),
                "levels": [chance.choice(LEVELS)] if chance.random() < 0.3 else [],
            }
            await tx.execute(
                "UPDATE choice SET subscriptions = jsonb_build_array($2::jsonb) WHERE contact_id = $1",
                id_,
                made.as_json(wants),
            )


async def _say_roles(
    tx: asyncpg.Connection, given: argparse.Namespace, chance: random.Random
) -> dict[str, float]:
    """Commit an event for each role, evenly; when each was committed, by role."""
    committed: dict[str, float] = {}
    begun = time.perf_counter()
    for n in range(given.roles):
        await asyncio.sleep(max(0.0, begun + n / given.rate - time.perf_counter()))
        found = role(
            f"role-{n}",
            authorities=(AuthorityNamed(gss=chance.choice(BOROUGHS), name="A borough", area="inner"),),
            standard_role=StandardRoleNamed(name=chance.choice(STANDARD_ROLES), family="Data"),
            level=chance.choice(LEVELS),
        )
        async with tx.transaction():
            await outbox.add(tx, RoleDiscovered(role=found))
            committed[found.id] = time.time()
    return committed


async def _until_hearing(saying: asyncpg.Connection, ledger: asyncpg.Connection) -> None:
    """A first role has arrived: the service consumes."""
    async with saying.transaction():
        await outbox.add(saying, RoleDiscovered(role=role("first", standard_role=None)))
    await _until_quiet(ledger, 1)


async def _until_quiet(ledger: asyncpg.Connection, roles: int) -> None:
    async with asyncio.timeout(120):
        while not await ledger.fetchval(
            "SELECT (SELECT count(*) FROM thing WHERE kind = 'role' AND judged) >= $1 "
            "AND NOT EXISTS (SELECT FROM notification WHERE mail_id IS NULL AND withheld IS NULL AND held IS NULL) "
            "AND NOT EXISTS (SELECT FROM mail WHERE status IN ('due', 'sending'))",
            roles,
        ):
            await asyncio.sleep(0.2)


async def _report(
    ledger: asyncpg.Connection, committed: dict[str, float], caught: Caught, given: argparse.Namespace
) -> None:
    rows = await ledger.fetch(
        "SELECT thing_id, mail_id::text AS mail FROM notification WHERE kind = 'new role' AND mail_id IS NOT NULL"
    )
    begun = min(committed.values())
    took = sorted(
        caught.at[row["mail"]] - committed[row["thing_id"]]
        for row in rows
        if row["thing_id"] in committed and committed[row["thing_id"]] >= begun + WARM_UP
    )
    lasted = max(committed.values()) - begun
    p99 = took[int(len(took) * 0.99)]
    print(  # noqa: T201
        f"{len(committed):,} roles at {len(committed) / lasted:.1f} a second to {given.contacts:,} contacts: "
        f"{len(rows):,} told in {len(caught.at):,} mails\n"
        f"event committed to mail accepted: p50 {statistics.median(took) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, "
        f"longest {took[-1] * 1000:.0f} ms"
    )


@asynccontextmanager
async def _relaying(dsn: str, kafka: str) -> AsyncIterator[None]:
    """Ingest's outbox relay."""
    stopping = asyncio.Event()
    relay = Relay(service="ingest", dsn=dsn, kafka=kafka, most=2_000, poll=1.0)
    running = asyncio.create_task(relay.run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await running


@asynccontextmanager
async def _process(
    module: str, *arguments: str, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _first_line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def _with_kafka(server: Any, given: argparse.Namespace) -> None:
    with reachable_folder() as folder:
        broker = await start_kafka(folder / "kafka", say=lambda _: None)
        try:
            await bench(server, broker.address, given)
        finally:
            await broker.kill()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="From a role's event committed to its mails accepted.")
    parser.add_argument("--roles", type=int, default=1_500)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--contacts", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with run_postgres(print) as server:
        asyncio.run(_with_kafka(server, given))


if __name__ == "__main__":
    main()
