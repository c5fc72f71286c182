"""kill -9 in the places where it hurts: no loss, no second effect."""

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.local.children import Child, spawn
from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS
from loti_contracts.events.topics import REQUESTS
from tests.databases import connected
from tests.delivery.counting import Counting, effects, publish, request, until
from tests.delivery.test_relay import emptied, heard, relaying
from tests.servers import Kafka, Postgres, on_a_cluster

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(600)]


@contextlib.asynccontextmanager
async def counting(where: str, log: Path, **told: Any) -> AsyncIterator[Child]:
    """The counting service as a process that dies in that place; killed at the end of the block, if it still runs."""
    names = {f"LOTI_TEST_{name.upper()}": str(value) for name, value in told.items()}
    child = await spawn(
        "counting",
        [sys.executable, "-m", "tests.delivery.counting"],
        env=dict(os.environ) | names | {"LOTI_TEST_DIE": where},
        log=log,
        cwd=Path(__file__).parents[2],
    )
    try:
        yield child
    finally:
        child.kill()


async def dies(where: str, log: Path, **told: Any) -> None:
    async with counting(where, log, **told) as child:
        assert await child.wait(120) == -signal.SIGKILL, child.last_lines()


async def test_killed_between_commit_and_acknowledgement(
    kafka: Kafka, postgres: Postgres, tmp_path: Path
) -> None:
    """The batch comes again, and does nothing."""
    topic, dsn = await kafka.create_topic(), await postgres.create_database()
    said = [request(n) for n in range(25)]
    await publish(kafka.bootstrap, topic, said)
    told = {
        "broker": kafka.bootstrap,
        "dsn": dsn,
        "topic": topic,
        "service": f"counting-{secrets.token_hex(4)}",
        "marker": tmp_path / "died",
    }
    where = "between commit and acknowledgement"
    await dies(where, tmp_path / "log", **told)
    assert 0 < len(await effects(dsn)) < 25

    async def all_there() -> bool:
        return len(await effects(dsn)) == 25

    async with counting(where, tmp_path / "log", **told) as again:
        await until(all_there)
        assert await again.stop(grace_seconds=60) == 0, again.last_lines()
    assert await effects(dsn) == {envelope.id: 1 for envelope in said}


async def test_killed_between_publish_and_delete(kafka: Kafka, postgres: Postgres, tmp_path: Path) -> None:
    """Events are published again with the same ids, in the same order: an inbox can drop them, none is lost."""
    await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication)
    dsn = await postgres.create_database()
    number = secrets.randbelow(10**9)
    told = {
        "broker": kafka.bootstrap,
        "dsn": dsn,
        "service": f"relay-{secrets.token_hex(4)}",
        "marker": tmp_path / "died",
    }
    where = "between publish and delete"
    async with connected(dsn) as connection:
        await migrate_delivery(connection)
        async with connection.transaction():
            for revision in range(1, 26):
                await outbox.add(connection, request(number, revision=revision).event)
        await dies(where, tmp_path / "log", **told)
        assert await connection.fetchval("SELECT count(*) FROM outbox") == 25
    async with counting(where, tmp_path / "log", **told) as again:
        await emptied(dsn)
        assert await again.stop(grace_seconds=60) == 0, again.last_lines()
    said = await heard(kafka.bootstrap, {f"request-{number}"})
    revisions = [envelope.event.state.revision for envelope in said]
    assert revisions == [*range(1, 11), *range(1, 26)], "one batch of ten came twice, whole and in order"
    assert len({envelope.id for envelope in said}) == 25
    assert REQUESTS.compacted
    assert revisions[-1] == 25, "the newest state is the last on the compacted topic"


@pytest.mark.parametrize("what", ["broker", "database", "broker rolled"])
async def test_a_server_killed_and_started_again_in_full_flow(
    own_kafka: Kafka, own_postgres: Postgres, what: str
) -> None:
    """The broker, or one node of a cluster, or the database, dies and comes back while outbox, relay and consumer work, or
    all nodes are started anew one after the other: nothing is lost or doubled, and nobody needs a hand."""
    if what == "broker rolled" and not on_a_cluster():
        pytest.skip("one node alone is never rolled: make test-cluster")
    await ensure_topics(own_kafka.bootstrap, TOPICS, replication=own_kafka.replication)
    dsn = await own_postgres.create_database()
    member = Counting(own_kafka.bootstrap, dsn, REQUESTS, "counting", settings={"stuck_after": 5.0})
    wanted = 200

    async def break_it() -> None:
        if what == "broker rolled":
            await own_kafka.roll()
            return
        server = own_kafka if what == "broker" else own_postgres
        await server.kill()
        await server.start()

    async def speak() -> None:
        """One event a transaction; one in doubt is not said again but asked for."""
        for number in range(wanted):
            done = False
            while not done:
                try:
                    connection = await asyncpg.connect(dsn, timeout=5)
                except (*PASSING, asyncpg.PostgresError):
                    await asyncio.sleep(0.1)
                    continue
                with contextlib.suppress(*PASSING):
                    async with connection.transaction():
                        fresh = await connection.fetchval(
                            "INSERT INTO said VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1", number
                        )
                        if fresh:
                            await outbox.add(connection, request(number).event)
                    done = True
                connection.terminate()
            await asyncio.sleep(0.01)

    async with member.running(), relaying(own_kafka.bootstrap, dsn, "counting"):

        async def ready() -> bool:
            async with connected(dsn) as connection:
                await connection.execute("CREATE TABLE IF NOT EXISTS said (number int PRIMARY KEY)")
                return bool(await connection.fetchval("SELECT to_regclass('effects') IS NOT NULL"))

        await until(ready)
        speaking = asyncio.create_task(speak())

        async def count_is(most: int) -> bool:
            with contextlib.suppress(*PASSING, asyncpg.PostgresError):
                return len(await effects(dsn)) >= most
            return False

        await until(lambda: count_is(30))
        await break_it()
        await until(lambda: count_is(100))
        await break_it()
        await speaking
        await until(lambda: count_is(wanted), seconds=120)
    found = await effects(dsn)
    assert len(found) == wanted
    assert set(found.values()) == {1}
