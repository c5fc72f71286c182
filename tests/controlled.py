"""A Kafka and a PostgreSQL as tests know them: at an address, to be killed and started again."""

import secrets
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.cluster import Cluster


class Process(Protocol):
    """What can be stopped, killed and started again: deploy.local's Server, and a container."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def kill(self) -> None: ...


@dataclass
class _Controlled:
    process: Process | None

    async def kill(self) -> None:
        """SIGKILL, now."""
        await self._own().kill()

    async def stop(self) -> None:
        """End it in good order."""
        await self._own().stop()

    async def start(self) -> None:
        """Start it again on the same data and address; returns once it answers."""
        await self._own().start()

    async def restart(self) -> None:
        """Stop it if it runs, and start it again."""
        await self.stop()
        await self.start()

    def _own(self) -> Process:
        if self.process is None:
            pytest.skip("this server is not this test run's to stop")
        return self.process


@dataclass
class Kafka(_Controlled):
    """A Kafka broker, or a cluster, at `bootstrap` (host:port, comma-separated) on which topics must be created before they are used."""

    bootstrap: str
    replication: int = 1
    """Copies that each topic is to have: three on a cluster."""

    async def roll(self) -> None:
        """End and start it again in good order: each node of a cluster in turn, so that the cluster is never away."""
        process = self._own()
        await (process.roll() if isinstance(process, Cluster) else self.restart())

    async def create_topic(self, partitions: int = 1, **config: str) -> str:
        """The name of a new, empty topic. `config`: its settings, with `_` for `.`."""
        name = f"test-{secrets.token_hex(6)}"
        settings = {key.replace("_", "."): value for key, value in config.items()}
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            await admin.start()
            await admin.create_topics([NewTopic(name, partitions, self.replication, topic_configs=settings)])
        finally:
            await admin.close()
        return name


@dataclass
class Postgres(_Controlled):
    """A PostgreSQL server. `dsn` is the superuser's."""

    dsn: str

    async def create_database(self, like: str = "template0") -> str:
        """The superuser's DSN of a new database: a copy of the one of that name, or empty."""
        name = f"test_{secrets.token_hex(6)}"
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {like} ENCODING 'UTF8'")
        finally:
            await connection.close()
        return urlunsplit(urlsplit(self.dsn)._replace(path=f"/{name}"))
