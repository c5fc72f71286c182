"""Real Kafka and real PostgreSQL for tests, as pytest fixtures.

`kafka` and `postgres` are shared by the whole run; `own_kafka` and `own_postgres` are one test's own, to kill.
Where they come from, the first that holds:

* LOTI_TEST_KAFKA (host:port) and LOTI_TEST_POSTGRES (a superuser's DSN): servers that run already;
* LOTI_TEST_SERVERS=containers or =embedded: the one or the other, or an error;
* containers, if a Docker engine answers and has the images or can pull them;
* the servers of deploy.local, child processes that need no Docker. `own_...` are always these.

The last two keep their data and their address over kill and restart, if the container's image can start again on
what it left. A test that kills should ask for its own server.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import kafka as local_kafka
from deploy.local import postgres as local_postgres
from deploy.local.children import POLL_SECONDS
from deploy.local.server import free_port

KAFKA_IMAGE, POSTGRES_IMAGE = f"apache/kafka:{local_kafka.VERSION}", "postgres:18"


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
    """A Kafka broker at `bootstrap` (host:port) on which topics must be created before they are used."""

    bootstrap: str

    async def create_topic(self, partitions: int = 1, **config: str) -> str:
        """The name of a new, empty topic. `config`: its settings, with `_` for `.`."""
        name = f"test-{secrets.token_hex(6)}"
        settings = {key.replace("_", "."): value for key, value in config.items()}
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(name, partitions, 1, topic_configs=settings)])
        finally:
            await admin.close()
        return name


@dataclass
class Postgres(_Controlled):
    """A PostgreSQL server. `dsn` is the superuser's."""

    dsn: str

    async def create_database(self) -> str:
        """The superuser's DSN of a new, empty database."""
        name = f"test_{secrets.token_hex(6)}"
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()
        return urlunsplit(urlsplit(self.dsn)._replace(path=f"/{name}"))


class Container:
    """A container with a fixed host port, so that it keeps its address. Not started yet."""

    def __init__(self, image: str, port: int, ready: Callable[[str], Awaitable[bool]]) -> None:
        from testcontainers.core.config import testcontainers_config
        from testcontainers.core.container import DockerContainer

        # The reaper only matters when pytest itself is killed; it is not worth a download.
        if not _has_image(testcontainers_config.ryuk_image, pull=False):
            testcontainers_config.ryuk_disabled = True
        self.container = DockerContainer(image)
        engine = self.container.get_docker_client().host()
        self.host = "127.0.0.1" if engine == "localhost" else engine
        self.address = f"{self.host}:{free_port()}"
        at = int(self.address.split(":")[1])
        self.container.ports[str(port)] = (self.host, at) if self.host == "127.0.0.1" else at
        self.ready = ready

    async def start(self) -> None:
        """Raises RuntimeError with the container's last lines if it ends or is not ready in 90 seconds."""
        made = self.container._container
        await asyncio.to_thread(self.container.start if made is None else made.start)
        made = self.container._container
        deadline = time.monotonic() + 90
        while not await self.ready(self.address):
            await asyncio.to_thread(made.reload)
            if made.status == "exited" or time.monotonic() > deadline:
                raise RuntimeError(f"{self.container.image} does not start:\n{made.logs(tail=15).decode()}")
            await asyncio.sleep(POLL_SECONDS)

    async def stop(self) -> None:
        await asyncio.to_thread(self.container._container.stop)

    async def kill(self) -> None:
        await asyncio.to_thread(self.container._container.kill)

    def remove(self) -> None:
        self.container.stop(force=True)


def _has_image(name: str, *, pull: bool = True) -> bool:
    """Whether a Docker engine answers and has this image, or could pull it."""
    import docker

    try:
        with contextlib.closing(docker.from_env(timeout=120)) as engine:
            try:
                engine.images.get(name)
            except docker.errors.ImageNotFound:
                if not pull:
                    return False
                engine.images.pull(name)
            return True
    except docker.errors.DockerException:
        return False


def _use_container(image: str, say: Callable[[str], None]) -> bool:
    wanted = os.environ.get("LOTI_TEST_SERVERS", "")
    if wanted not in ("", "containers", "embedded"):
        pytest.exit(f"LOTI_TEST_SERVERS is {wanted!r}; it may be containers or embedded", returncode=4)
    if wanted == "embedded":
        return False
    if _has_image(image):
        return True
    if wanted == "containers":
        pytest.exit(f"LOTI_TEST_SERVERS=containers, but no Docker engine offers {image}", returncode=4)
    say(f"No Docker engine offers {image}: using the server of deploy/local instead.")
    return False


def _kafka_container() -> Container:
    container = Container(KAFKA_IMAGE, 9092, local_kafka.answers)
    text = local_kafka.PROPERTIES.format(broker=9092, controller=9093, log="/tmp/kafka-log")  # noqa: S108
    properties = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and line[0] != "#")
    properties["listeners"] = "PLAINTEXT://:9092,CONTROLLER://:9093"
    properties["advertised.listeners"] = f"PLAINTEXT://{container.address}"
    for key, value in properties.items():
        container.container.with_env("KAFKA_" + key.upper().replace(".", "_"), value)
    return container


def _postgres_container() -> tuple[Container, str]:
    password = secrets.token_hex(16)

    def dsn(address: str) -> str:
        return f"postgresql://postgres:{password}@{address}/postgres"

    container = Container(POSTGRES_IMAGE, 5432, lambda address: local_postgres.answers(dsn(address)))
    container.container.with_env("POSTGRES_PASSWORD", password)
    return container, dsn(container.address)


@contextlib.contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that others may pass through, as PostgreSQL must when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="loti-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _say(request: pytest.FixtureRequest) -> Callable[[str], None]:
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def say(text: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"\n{text}")  # noqa: T201

    return say


@pytest.fixture(scope="session")
def kafka(_say: Callable[[str], None]) -> Iterator[Kafka]:
    """The run's Kafka broker."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop, contextlib.ExitStack() as stack:
        if address := os.environ.get("LOTI_TEST_KAFKA"):
            yield Kafka(None, address)
        elif _use_container(KAFKA_IMAGE, _say):
            container = _kafka_container()
            stack.callback(container.remove)
            loop.run(container.start())
            yield Kafka(container, container.address)
        else:
            folder = stack.enter_context(reachable_folder())
            server = loop.run(local_kafka.start_kafka(folder / "kafka", say=_say))
            stack.callback(lambda: loop.run(server.stop()))
            yield Kafka(server, server.address)


@pytest.fixture(scope="session")
def postgres(_say: Callable[[str], None]) -> Iterator[Postgres]:
    """The run's PostgreSQL server."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop, contextlib.ExitStack() as stack:
        if dsn := os.environ.get("LOTI_TEST_POSTGRES"):
            yield Postgres(None, dsn)
        elif _use_container(POSTGRES_IMAGE, _say):
            container, dsn = _postgres_container()
            stack.callback(container.remove)
            loop.run(container.start())
            yield Postgres(container, dsn)
        else:
            folder = stack.enter_context(reachable_folder())
            server = loop.run(local_postgres.start_postgres(folder / "postgres", say=_say))
            stack.callback(lambda: loop.run(server.stop()))
            yield Postgres(server, server.dsn)


@pytest.fixture
async def own_kafka(_say: Callable[[str], None]) -> AsyncIterator[Kafka]:
    """A fresh Kafka broker of this test's own, a child process: kill it as you like."""
    with reachable_folder() as folder:
        server = await local_kafka.start_kafka(folder / "kafka", say=_say)
        try:
            yield Kafka(server, server.address)
        finally:
            await server.kill()


@pytest.fixture
async def own_postgres(_say: Callable[[str], None]) -> AsyncIterator[Postgres]:
    """A fresh PostgreSQL server of this test's own, a child process: kill it as you like."""
    with reachable_folder() as folder:
        server = await local_postgres.start_postgres(folder / "postgres", say=_say)
        try:
            yield Postgres(server, server.dsn)
        finally:
            await server.kill()
