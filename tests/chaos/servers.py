"""Kafka, PostgreSQL, the mail catcher and the sample boards of a system under faults."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import asyncpg
import httpx2
import yaml

from deploy.local.kafka import start_kafka
from deploy.local.kafka_cluster import start_cluster
from deploy.local.kafka_properties import Door
from deploy.local.postgres import PostgresServer, start_postgres
from deploy.local.programs import Program
from deploy.local.server import Server, data_folder
from deploy.local.settings import environment
from tests.chaos.disk import Disk

Say = Callable[[str], None]

_NO_CLEANER = ("log.cleaner.enable=false",)
"""Not even for the moment after a start, before a node knows what it was told since."""
_WAL = "128MB"
"""PostgreSQL's write-ahead log at most, so that the disk may be small."""


async def start_nodes(
    data: Path, *, nodes: int, doors: Mapping[int, Sequence[Door]], say: Say
) -> Sequence[Server]:
    """One Kafka, or a cluster of nodes; each with its doors, by its number. Nothing that was said is ever compacted away on it:
    the checker reads all of it, also after a run that is longer than the hour after which topics about people are."""
    if nodes == 1:
        return [await start_kafka(data, say=say, doors=doors[1], also=_NO_CLEANER)]
    return await start_cluster(data, nodes=nodes, say=say, doors=doors.__getitem__, also=_NO_CLEANER)


async def start_database(data: Path, *, disk: Disk | None, say: Say) -> PostgresServer:
    """PostgreSQL, its cluster on the disk where there is one."""
    data = data_folder(data)
    if disk is not None:
        (data / "cluster-is-in").write_text(f"{disk.place}\n")
    server = await start_postgres(data, say=say)
    connection = await asyncpg.connect(server.dsn)
    try:
        await connection.execute(f"ALTER SYSTEM SET max_wal_size = '{_WAL}'")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
    return server


def mailcatcher(folder: Path, *, smtp: int, http: int) -> Program:
    """The mail catcher at these ports; it keeps what it took over its own end."""
    return _program(
        folder, "mailcatcher", "--smtp-port", smtp, "--http-port", http, "--data", folder / "mails"
    )


def boards(folder: Path, *, port: int) -> Program:
    """The sample boards at that port; what they were told to show they forget when they end."""
    return _program(folder, "boards", "--port", port)


def _program(folder: Path, name: str, *arguments: object) -> Program:
    log = folder / "logs" / f"{name}.log"
    return Program(name, f"deploy.local.{name}", log, tuple(map(str, arguments)), environment())


async def learn_sources(url: str, folder: Path) -> Path:
    """Ask the sample boards what they are, and write the list that ingest reads."""
    async with httpx2.AsyncClient(timeout=2) as client, asyncio.timeout(60):
        while True:
            try:
                listed = (await client.get(f"{url}/sources.json")).raise_for_status().json()
                break
            except httpx2.HTTPError:
                await asyncio.sleep(0.1)
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": listed}, allow_unicode=True), encoding="utf-8")
    return path
