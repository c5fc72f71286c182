"""Real Kafka and real PostgreSQL for tests, as pytest fixtures.

`kafka` and `postgres` are shared by the whole run; `own_kafka` and `own_postgres` are one test's own, to kill.
Where they come from, the first that holds:

* LOTI_TEST_KAFKA (host:port) and LOTI_TEST_POSTGRES (a superuser's DSN): servers that run already;
* LOTI_TEST_SERVERS=containers, =embedded or =cluster: that, or an error. A cluster is three nodes of Kafka, every topic kept
  three times; a test that kills its Kafka kills one of them then;
* containers, if a Docker engine answers and has the images or can pull them;
* the servers of deploy.local, child processes that need no Docker. `own_...` are always these.

The last two keep their data and their address over kill and restart, if the container's image can start again on
what it left. A test that kills should ask for its own server.
"""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from deploy.local import kafka as local_kafka
from deploy.local import postgres as local_postgres
from tests import cluster
from tests.containers import KAFKA_IMAGE, POSTGRES_IMAGE, has_image, kafka_container, postgres_container
from tests.controlled import Kafka, Postgres

__all__ = ["Kafka", "Postgres", "kafka", "own_kafka", "own_postgres", "postgres", "reachable_folder"]


HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""For the shared PostgreSQL, which no test kills and whose machine does not lose its power: what is written is not waited
for."""


def on_a_cluster() -> bool:
    """Whether this run's Kafka is a cluster of three."""
    return os.environ.get("LOTI_TEST_SERVERS") == "cluster"


def _use_container(image: str, say: Callable[[str], None]) -> bool:
    wanted = os.environ.get("LOTI_TEST_SERVERS", "")
    if wanted not in ("", "containers", "embedded", "cluster"):
        pytest.exit(
            f"LOTI_TEST_SERVERS is {wanted!r}; it may be containers, embedded or cluster", returncode=4
        )
    if wanted in ("embedded", "cluster"):
        return False
    if has_image(image):
        return True
    if wanted == "containers":
        pytest.exit(f"LOTI_TEST_SERVERS=containers, but no Docker engine offers {image}", returncode=4)
    say(f"No Docker engine offers {image}: using the server of deploy/local instead.")
    return False


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


@contextlib.contextmanager
def run_kafka(say: Callable[[str], None]) -> Iterator[Kafka]:
    """The broker that LOTI_TEST_KAFKA names, or one that runs until the block ends."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop, contextlib.ExitStack() as stack:
        if address := os.environ.get("LOTI_TEST_KAFKA"):
            yield Kafka(None, address, cluster.REPLICATION if on_a_cluster() else 1)
        elif on_a_cluster():
            folder = stack.enter_context(reachable_folder())
            nodes = loop.run(cluster.Cluster.begin(folder / "kafka", say))
            stack.callback(lambda: loop.run(nodes.stop()))
            yield Kafka(nodes, nodes.bootstrap, cluster.REPLICATION)
        elif _use_container(KAFKA_IMAGE, say):
            container = kafka_container()
            stack.callback(container.remove)
            loop.run(container.start())
            yield Kafka(container, container.address)
        else:
            folder = stack.enter_context(reachable_folder())
            server = loop.run(local_kafka.start_kafka(folder / "kafka", say=say))
            stack.callback(lambda: loop.run(server.stop()))
            yield Kafka(server, server.address)


@contextlib.contextmanager
def run_postgres(say: Callable[[str], None]) -> Iterator[Postgres]:
    """The server that LOTI_TEST_POSTGRES names, or one that runs until the block ends."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop, contextlib.ExitStack() as stack:
        if dsn := os.environ.get("LOTI_TEST_POSTGRES"):
            yield Postgres(None, dsn)
        elif _use_container(POSTGRES_IMAGE, say):
            container, dsn = postgres_container()
            stack.callback(container.remove)
            loop.run(container.start())
            yield Postgres(container, dsn)
        else:
            folder = stack.enter_context(reachable_folder())
            started = local_postgres.start_postgres(folder / "postgres", say=say, settings=HASTY)
            server = loop.run(started)
            stack.callback(lambda: loop.run(server.stop()))
            yield Postgres(server, server.dsn)


@pytest.fixture(scope="session")
def kafka(_say: Callable[[str], None]) -> Iterator[Kafka]:
    """The run's Kafka broker."""
    with run_kafka(_say) as server:
        yield server


@pytest.fixture(scope="session")
def postgres(_say: Callable[[str], None]) -> Iterator[Postgres]:
    """The run's PostgreSQL server."""
    with run_postgres(_say) as server:
        yield server


@pytest.fixture
async def own_kafka(_say: Callable[[str], None]) -> AsyncIterator[Kafka]:
    """A fresh Kafka of this test's own, child processes: kill it as you like."""
    with reachable_folder() as folder:
        if on_a_cluster():
            nodes = await cluster.Cluster.begin(folder / "kafka", _say)
            try:
                yield Kafka(nodes, nodes.bootstrap, cluster.REPLICATION)
            finally:
                await nodes.kill_all()
            return
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
