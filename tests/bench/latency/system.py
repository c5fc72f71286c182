"""The system under the bench: ingest, salaries and notify as processes, on a Kafka, a PostgreSQL and a mail relay of their own."""

import asyncio
import contextlib
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx2

from deploy.local.kafka import start_kafka
from deploy.local.postgres import start_postgres
from deploy.local.programs import Program
from deploy.local.server import free_port
from deploy.local.settings import environment
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS
from tests.bench.latency.board_server import Boards
from tests.bench.latency.contacts import subscribe
from tests.databases import connected, database_of
from tests.servers import Postgres, reachable_folder

SERVICES = ("ingest", "salaries", "notify")


@dataclass
class System:
    """What runs. `databases` are superuser's DSNs; `taken` is when the relay had taken each mail, by its id."""

    boards: Boards
    kafka: str
    databases: dict[str, str]
    programs: dict[str, Program] = field(default_factory=dict)
    taken: dict[str, float] = field(default_factory=dict)
    servers: dict[str, int] = field(default_factory=dict)
    """Kafka's and PostgreSQL's process ids."""

    def processes(self) -> dict[str, int]:
        """All that runs, by name, with its process id."""
        children = {name: one.child for name, one in self.programs.items()}
        return self.servers | {name: child.pid for name, child in children.items() if child is not None}

    async def query(self, service: str, sql: str) -> list[asyncpg.Record]:
        """What a query gives in a service's database."""
        async with connected(self.databases[service]) as connection:
            return list(await connection.fetch(sql))

    async def until_told(self, roles: int, *, seconds: float = 240) -> None:
        """Wait until so many roles were judged by notify, and no mail waits."""
        async with asyncio.timeout(seconds), self._notify() as notify:
            while not await notify.fetchval(
                "SELECT (SELECT count(*) FROM thing WHERE kind = 'role' AND judged) >= $1 "
                "AND NOT EXISTS (SELECT FROM thing WHERE NOT judged) "
                "AND NOT EXISTS (SELECT FROM notification WHERE mail_id IS NULL AND withheld IS NULL AND held IS NULL) "
                "AND NOT EXISTS (SELECT FROM mail WHERE status IN ('due', 'sending'))",
                roles,
            ):
                for program in self.programs.values():
                    assert program.child is not None
                    assert program.child.returncode is None, program.child.last_lines()
                await asyncio.sleep(0.5)

    def _notify(self) -> "contextlib.AbstractAsyncContextManager[asyncpg.Connection]":
        return connected(self.databases["notify"])


@contextlib.asynccontextmanager
async def system(
    *, poll_every: float, contacts: int, seed: int, traces: bool = False
) -> AsyncIterator[tuple[System, Path]]:
    """Everything started, and the folder where traces are put; ended, with nothing left behind."""
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(reachable_folder())
        kafka = await start_kafka(folder / "kafka", say=_quiet)
        stack.push_async_callback(kafka.kill)
        postgres = await start_postgres(folder / "postgres", say=_quiet)
        stack.push_async_callback(postgres.kill)
        server = Postgres(postgres, postgres.dsn)
        await ensure_topics(kafka.address, TOPICS, replication=1)
        showing = await stack.enter_async_context(Boards().open())
        found = System(showing, kafka.address, {name: await database_of(name, server) for name in SERVICES})
        for name, started in (("kafka", kafka), ("postgres", postgres)):
            found.servers[name] = started.child.pid
        async with connected(found.databases["notify"]) as notify:
            await subscribe(notify, contacts, random.Random(seed))
        port = await _relay(stack, found)
        (folder / "sources.yaml").write_text(showing.sources())
        (folder / "traces").mkdir()
        for name in SERVICES:
            settings = _settings(found, name, folder, port, poll_every, traces)
            found.programs[name] = Program(
                name,
                f"services.{name}.app",
                folder / f"{name}.log",
                environment=environment() | settings,
                health=f"http://127.0.0.1:{settings['LOTI_HTTP_PORT']}/health",
            )
            await found.programs[name].start()
            stack.push_async_callback(found.programs[name].stop)
        for program in found.programs.values():
            await _answers(program)
        yield found, folder / "traces"


def _settings(
    found: System, name: str, folder: Path, smtp: str, poll_every: float, traces: bool
) -> dict[str, str]:
    own = {
        "LOTI_KAFKA": found.kafka,
        "LOTI_DATABASE": found.databases[name],
        "LOTI_HTTP_PORT": str(free_port()),
        "LOTI_LOG_LEVEL": "WARNING",
        "LOTI_SOURCES": str(folder / "sources.yaml"),
        "LOTI_ALLOW_PRIVATE": "true",
        "LOTI_POLL_EVERY": str(poll_every),
        # All boards are one host here; a stranger's would be asked once a second.
        "LOTI_HOST_INTERVAL": "0",
        "LOTI_HOST_AT_ONCE": "8",
        "LOTI_SMTP_PORT": smtp,
        "LOTI_LINK_KEYS": "k" * 32,
        "LOTI_MOST_A_DAY": "1000",
    }
    if traces:
        own |= {"LOTI_TRACES": str(folder / "traces"), "OTEL_BSP_MAX_QUEUE_SIZE": "200000"}
    return own


async def _relay(stack: contextlib.AsyncExitStack, found: System) -> str:
    """A mail relay in a process of its own, which says when it took each mail; its port."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.notify.sending.bad_relay",
        "1",
        "0",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    assert process.stdout is not None

    async def listen() -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            _, _, seconds, mail, *_ = line.decode().split()
            found.taken.setdefault(mail, float(seconds))

    async def end() -> None:
        process.terminate()
        await process.wait()
        await listening

    port = (await process.stdout.readline()).decode().strip()
    listening = asyncio.create_task(listen())
    stack.push_async_callback(end)
    return port


async def _answers(program: Program) -> None:
    began = time.monotonic()
    async with httpx2.AsyncClient(timeout=5) as client:
        while time.monotonic() < began + 120:
            assert program.child is not None
            assert program.child.returncode is None, program.child.last_lines()
            with contextlib.suppress(httpx2.HTTPError, KeyError):
                page = (await client.get(str(program.health))).json()
                if page["state"] == "running" and (
                    "consumer" not in page or page["consumer"]["lag"] is not None
                ):
                    return
            await asyncio.sleep(0.1)
    raise TimeoutError(f"{program.name} is not ready: {program.child.last_lines() if program.child else ''}")


def _quiet(_: str) -> None:
    return
