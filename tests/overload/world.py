"""The six services that hear of roles, as processes on a broker, a database and a mail catcher of their own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx2
from aiokafka import AIOKafkaProducer

from deploy.local.kafka import start_kafka
from deploy.local.postgres import ensure_databases, start_postgres
from deploy.local.programs import Program
from deploy.local.server import free_port
from deploy.local.settings import environment, mail_settings, portal_settings, webhook_settings
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS
from tests.servers import reachable_folder

SERVICES = ("salaries", "matching", "notify", "library", "portal", "webhooks")

ALERTS_A_DAY = "1000"
"""To one contact: the usual limit of twenty would hold back most of what is to be watched here."""


@dataclass(eq=False)
class World:
    """What runs. `databases` are superuser's DSNs."""

    folder: Path
    kafka: str
    databases: Mapping[str, str]
    programs: dict[str, Program] = field(default_factory=dict)

    def health(self, service: str) -> str:
        """The address of its health page."""
        return str(self.programs[service].health)

    async def query(self, service: str, sql: str, *values: object) -> list[asyncpg.Record]:
        """What a query gives in a service's database."""
        connection = await asyncpg.connect(self.databases[service])
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()

    async def slow_down(self, service: str, times: int) -> None:
        """Start it anew, so many times slower (1: as it is)."""
        program = self.programs[service]
        await program.stop()
        module = f"services.{service}.app" if times == 1 else "tests.overload.slowed"
        program.module, program.arguments = module, (() if times == 1 else (service, str(times)))
        await program.start()
        await self.answers(service)

    async def answers(self, service: str) -> None:
        """Wait until its consumer consumes. Raises AssertionError when it died."""
        async with asyncio.timeout(120), httpx2.AsyncClient(timeout=5) as client:
            while True:
                child = self.programs[service].child
                assert child is not None
                assert child.returncode is None, child.last_lines()
                with contextlib.suppress(httpx2.HTTPError, KeyError):
                    if (await client.get(self.health(service))).json()["consumer"]["lag"] is not None:
                        return
                await asyncio.sleep(0.2)

    @contextlib.asynccontextmanager
    async def producer(self) -> AsyncIterator[AIOKafkaProducer]:
        """To put events on topics, in the place of ingest."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.kafka, acks="all", enable_idempotence=True, linger_ms=5
        )
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()


@contextlib.asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """Everything started; and ended, with nothing left behind."""
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(reachable_folder())
        kafka = await start_kafka(folder / "kafka", say=print)
        stack.push_async_callback(kafka.stop)
        postgres = await start_postgres(folder / "postgres", say=print)
        stack.push_async_callback(postgres.stop)
        own = await ensure_databases(postgres, SERVICES)
        await ensure_topics(kafka.address, TOPICS, replication=1)
        base = postgres.dsn.rpartition("/")[0]
        world = World(folder, kafka.address, {name: f"{base}/loti_{name}" for name in SERVICES})
        smtp, mails = free_port(), free_port()
        catcher = Program(
            "the mail catcher",
            "deploy.local.mailcatcher",
            folder / "mailcatcher.log",
            ("--smtp-port", str(smtp), "--http-port", str(mails), "--data", str(folder / "mails")),
            environment(),
        )
        await catcher.start()
        stack.push_async_callback(catcher.stop)
        for name in SERVICES:
            world.programs[name] = _service(name, kafka.address, own[name], folder, smtp=f"127.0.0.1:{smtp}")
            await world.programs[name].start()
            stack.push_async_callback(world.programs[name].stop)
        for name in SERVICES:
            await world.answers(name)
        yield world


def _service(name: str, kafka: str, dsn: str, folder: Path, *, smtp: str) -> Program:
    port = free_port()
    more = {
        "notify": lambda: (
            mail_settings(folder, smtp=smtp, pages=f"http://127.0.0.1:{free_port()}/")
            | {"LOTI_MOST_A_DAY": ALERTS_A_DAY}
        ),
        "portal": lambda: portal_settings(folder, smtp=smtp, pages=f"http://127.0.0.1:{free_port()}/"),
        "webhooks": lambda: webhook_settings(folder, port=free_port()) | {"LOTI_WEBHOOK_TIMEOUT": "60"},
    }.get(name, dict)()
    settings = {"LOTI_KAFKA": kafka, "LOTI_DATABASE": dsn, "LOTI_HTTP_PORT": str(port)}
    return Program(
        name,
        f"services.{name}.app",
        folder / f"{name}.log",
        environment=environment() | settings | more,
        health=f"http://127.0.0.1:{port}/health",
    )
