"""Who holds a lock in the database and is not heard of any more does not hold it for ever."""

import asyncio
import secrets
from collections.abc import Callable

import asyncpg
import pytest

from loti_contracts.delivery import database, outbox
from loti_contracts.delivery.database import open_pool, passes
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS
from tests.chaos.proxy import Way
from tests.delivery.counting import request
from tests.servers import Kafka, Postgres


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.05)


async def test_a_leader_whose_machine_lost_its_power_is_followed(kafka: Kafka, postgres: Postgres) -> None:
    """It says no goodbye, so the database believes it there and leading; after a while of silence another may lead, and
    publishes."""
    await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication)
    dsn = await postgres.create_database()
    connection = await asyncpg.connect(dsn)
    await migrate_delivery(connection)
    where = dsn.rpartition("@")[2].partition("/")[0]
    way = Way("a relay~its database", where)
    await way.open()
    service = secrets.token_hex(4)

    def relay(dsn: str) -> Relay:
        return Relay(service=service, dsn=dsn, kafka=kafka.bootstrap, most=50, poll=0.1, silent=1.0)

    stopping = asyncio.Event()
    lost, next_ = relay(dsn.replace(where, way.address)), relay(dsn)
    losing = asyncio.create_task(lost.run(stopping))
    await until(lambda: lost.state == "leading")
    following = asyncio.create_task(next_.run(stopping))
    await until(lambda: next_.state == "standby")
    await way.reset(tell_server=False)
    async with connection.transaction():
        await outbox.add(connection, request("of one whose leader was lost").event)
    await until(lambda: lost.published + next_.published == 1)
    stopping.set()
    await asyncio.gather(losing, following)
    await connection.close()
    await way.close()


_GONE = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""How asyncpg says that a connection has ended, by the moment at which it notices."""


async def test_a_transaction_that_nobody_goes_on_with_is_given_up(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that froze in the midst of one holds its locks for so long and no longer; thawed, it learns that it may
    try again."""
    monkeypatch.setattr(database, "_ABANDONED", 1)
    pool = await open_pool(await postgres.create_database())
    await pool.execute("CREATE TABLE things (id int PRIMARY KEY)")
    async with pool.acquire() as frozen:
        began = frozen.transaction()
        await began.start()
        await frozen.execute("LOCK TABLE things")
        await pool.execute("INSERT INTO things VALUES (1)", timeout=20)
        with pytest.raises(_GONE) as error:
            await frozen.execute("INSERT INTO things VALUES (2)")
        assert passes(error.value)
    await pool.close()
