"""Servers of the bench's own, and topics that can be loaded behind a gate: what is written in one Kafka transaction becomes
visible to everybody at the moment of its commit, however long it was being written."""

import asyncio
import contextlib
import logging
import secrets
import sys
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from confluent_kafka import Producer

from deploy.local.kafka import start_kafka
from deploy.local.postgres import PostgresServer, start_postgres
from deploy.local.server import Server
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import encode
from loti_contracts.events.topics import ROLES, TOPICS
from tests.bench.pipeline.adverts import events
from tests.databases import bring_up_to_date, connected
from tests.servers import reachable_folder

Message = tuple[bytes, bytes, list[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A broker, a database server with a template of salaries' database, and a folder for logs."""

    kafka: Server
    postgres: PostgresServer
    folder: Path

    async def database(self, template: str = "empty") -> str:
        """The DSN of a new database like the template."""
        name = f"bench_{secrets.token_hex(6)}"
        async with connected(self.postgres.dsn) as connection:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.dsn(name)

    async def drop(self, dsn: str) -> None:
        """Take a database away, whoever is connected."""
        name = urlsplit(dsn).path[1:]
        async with connected(self.postgres.dsn) as connection:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await connection.execute(
                "CHECKPOINT"
            )  # what one side left to be written is no burden of the next

    def dsn(self, name: str) -> str:
        """The superuser's, of that database."""
        return urlunsplit(urlsplit(self.postgres.dsn)._replace(path=f"/{name}"))

    async def roles_topic(self, partitions: int) -> None:
        """The topic of roles anew, empty, with so many partitions."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.address)
        await admin.start()
        try:
            if ROLES.name in await admin.list_topics():
                await admin.delete_topics([ROLES.name])
            while ROLES.name in await admin.list_topics():
                await asyncio.sleep(0.1)
            await admin.create_topics([NewTopic(ROLES.name, partitions, 1)])
            while ROLES.name not in await admin.list_topics():
                await asyncio.sleep(0.1)
        finally:
            await admin.close()

    async def at_the_end(self, group: str, partitions: int) -> None:
        """Let a group, which has no members now, begin behind what is in the topic of roles."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.kafka.address, group_id=group, enable_auto_commit=False
        )
        await consumer.start()
        try:
            mine = [TopicPartition(ROLES.name, number) for number in range(partitions)]
            consumer.assign(mine)
            await consumer.commit(await consumer.end_offsets(mine))
        finally:
            await consumer.stop()

    async def until_members(self, group: str, count: int) -> None:
        """Wait until a group has so many members and is settled; with none, until they have left."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.address)
        await admin.start()
        try:
            async with asyncio.timeout(60):
                while True:
                    answers = await admin.describe_consumer_groups([group])
                    _, _, state, _, _, members, *_ = answers[0].groups[0]
                    if len(members) == count and state == ("Stable" if count else state):
                        return
                    await asyncio.sleep(0.1)
        finally:
            await admin.close()


@contextlib.asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Servers that run until the block ends, with the service's topics and the template `empty`."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a topic is deleted under its clients
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )  # figures go to standard output
    with reachable_folder() as folder:
        kafka = await start_kafka(folder / "kafka", say=lambda _: None)
        try:
            postgres = await start_postgres(folder / "postgres", say=lambda _: None)
            try:
                found = Stage(kafka, postgres, folder)
                await ensure_topics(kafka.address, [one for one in TOPICS if one is not ROLES], replication=1)
                async with connected(postgres.dsn) as connection:
                    await connection.execute("CREATE DATABASE empty TEMPLATE template0 ENCODING 'UTF8'")
                async with connected(found.dsn("empty")) as connection:
                    await bring_up_to_date("salaries", connection)
                yield found
            finally:
                await postgres.kill()
        finally:
            await kafka.kill()


def messages(roles: int, seed: int) -> list[Message]:
    """Events about so many roles, as they are written to Kafka."""
    return [(key, value or b"", headers) for key, value, headers in map(encode, events(roles, seed=seed))]


def partition_of(key: bytes, partitions: int) -> int:
    """Where a role is."""
    return zlib.crc32(key) % partitions


class Gate:
    """Messages that are in the topic already and that nobody sees before `open`."""

    def __init__(self, kafka: str, loaded: Sequence[Message], partitions: int) -> None:
        settings = {
            "bootstrap.servers": kafka,
            "transactional.id": "bench-gate",
            "transaction.timeout.ms": 240_000,
            "linger.ms": 20,
        }
        self._producer = Producer(settings)
        self._producer.init_transactions(30)
        self._producer.begin_transaction()
        for key, value, headers in loaded:
            self._producer.produce(
                ROLES.name, value, key, partition=partition_of(key, partitions), headers=list(headers)
            )
            self._producer.poll(0)
        self._producer.flush(60)

    def open(self) -> None:
        """Let everybody read."""
        self._producer.commit_transaction(30)


async def until_said(dsn: str, last: Sequence[tuple[str, int]]) -> None:
    """Wait until the table has these roles in these revisions."""
    ids, revisions = [one for one, _ in last], [revision for _, revision in last]
    async with connected(dsn) as connection:
        while not await connection.fetchval(
            """SELECT bool_and(o.revision >= said.revision) AND count(*) = cardinality($1::text[])
            FROM unnest($1::text[], $2::int[]) AS said (id, revision) JOIN observations AS o ON o.role_id = said.id""",
            ids,
            revisions,
        ):  # nobody tells when
            await asyncio.sleep(0.02)


async def until_empty(connection: "asyncpg.Connection[object]") -> None:
    """Wait until the relay has published everything."""
    while await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
        await asyncio.sleep(0.05)
