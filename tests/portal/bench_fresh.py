"""How soon a role is on the page: from the moment Kafka has its event until the jobs board shows it.

`python -m tests.portal.bench_fresh [--roles 200] [--behind 0]` runs the portal's own process on a broker and a database
of its own and prints p50, p99 and the longest time in milliseconds. `--behind N`: the board holds N other roles.
"""

import argparse
import asyncio
import contextlib
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx2
from aiokafka import AIOKafkaProducer

from deploy.local.children import Child, spawn
from deploy.local.server import free_port
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS, RoleDiscovered, encode, envelop
from loti_contracts.events.topics import ROLES
from services.portal.heard import store
from tests.databases import database_of
from tests.portal.jobs.making import role
from tests.servers import Postgres, run_kafka, run_postgres


async def measure(kafka: str, postgres: Postgres, *, roles: int, behind: int) -> Sequence[float]:
    """Seconds for each of so many roles, one after another."""
    dsn = await database_of("portal", postgres)
    await _fill(dsn, behind)
    await ensure_topics(kafka, TOPICS, replication=1)
    port = free_port()
    async with _portal(kafka, dsn, port), httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await _answers(client)
        producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
        await producer.start()
        try:
            await _shown(client, producer)  # the first pays for what is made once
            return [await _shown(client, producer) for _ in range(roles)]
        finally:
            await producer.stop()


async def _shown(client: httpx2.AsyncClient, producer: AIOKafkaProducer) -> float:
    title = f"Data engineer {secrets.token_hex(6)}"
    event = RoleDiscovered(role=role(title, title=title, found_at=datetime.now(UTC)))
    key, value, headers = encode(envelop(event, source="/loti/ingest", time=datetime.now(UTC)))
    begun = time.perf_counter()
    await producer.send_and_wait(ROLES.name, key=key, value=value, headers=headers)
    async with asyncio.timeout(30):
        while title not in (await client.get("/jobs")).raise_for_status().text:
            await asyncio.sleep(0.005)
    return time.perf_counter() - begun


async def _fill(dsn: str, roles: int) -> None:
    if roles:
        connection = await asyncpg.connect(dsn)
        now = datetime.now(UTC)
        for first in range(0, roles, 1_000):
            many = [RoleDiscovered(role=role(f"behind-{n}")) for n in range(first, min(first + 1_000, roles))]
            await store.keep(connection, [(one, now) for one in many])
        await connection.execute("ANALYZE")
        await connection.close()


@contextlib.asynccontextmanager
async def _portal(kafka: str, dsn: str, port: int) -> AsyncIterator[Child]:
    told = {
        "LOTI_KAFKA": kafka,
        "LOTI_DATABASE": dsn,
        "LOTI_PORTAL_PORT": str(port),
        "LOTI_PORTAL_URL": f"http://127.0.0.1:{port}",
        "LOTI_SESSION_KEYS": secrets.token_hex(32),
    }
    log = Path(tempfile.mkdtemp()) / "portal.log"
    command = [sys.executable, "-m", "services.portal.app"]
    child = await spawn(
        "portal", command, env=dict(os.environ) | told, log=log, cwd=Path(__file__).parents[2]
    )
    try:
        yield child
    finally:
        child.kill()


async def _answers(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(httpx2.HTTPError):
                if (await client.get("/jobs")).status_code == 200:
                    return
            await asyncio.sleep(0.1)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roles", type=int, default=200)
    parser.add_argument("--behind", type=int, default=0)
    given = parser.parse_args()
    with run_kafka(print) as kafka, run_postgres(print) as postgres:
        took = sorted(asyncio.run(measure(kafka.bootstrap, postgres, roles=given.roles, behind=given.behind)))
    p50, p99 = (took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.99))
    sys.stdout.write(
        f"{given.roles} roles, {given.behind} behind them: event to page p50 {p50 * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms\n"
    )


if __name__ == "__main__":
    main()
