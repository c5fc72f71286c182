"""A broker whose disk is gone, under a service that runs."""

import asyncio
import shutil

import pytest

from deploy.local.kafka import start_kafka
from loti_contracts.delivery import outbox
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.keeping_topics import keep_topics
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.recovering_topics import kafka_log
from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import ItemPublished
from loti_contracts.events.topics import LIBRARY
from tests.databases import connected
from tests.library.making import an_item
from tests.servers import Postgres, reachable_folder


@pytest.mark.xdist_group("servers")
async def test_a_broker_that_comes_back_empty_is_written_to_again(postgres: Postgres) -> None:
    """Topics are made again and the relay goes on, though nothing is known any more of its transactions: only what was
    lost is missing, and that `loti republish` says."""
    dsn = await postgres.create_database()
    async with connected(dsn) as connection:
        await migrate_delivery(connection)
    with reachable_folder() as folder:
        server = await start_kafka(folder / "kafka", say=print)
        broker = Broker(server.address)
        await ensure_topics(broker, [LIBRARY], replication=1)
        stopping = asyncio.Event()
        relay = Relay(service="library", dsn=dsn, kafka=broker, most=10, poll=0.2)
        tasks = [
            asyncio.create_task(relay.run(stopping)),
            asyncio.create_task(keep_topics(broker, [LIBRARY], replication=1, stopping=stopping, every=0.5)),
        ]
        try:
            await said(dsn, "before")
            await server.kill()
            shutil.rmtree(folder / "kafka" / "log")
            await server.start()
            await said(dsn, "after")
            async with kafka_log(broker, "loti.test") as log:
                keys = [heard.message.key async for heard in log.messages([LIBRARY])]
            assert keys == [b"after"]
        finally:
            stopping.set()
            await asyncio.gather(*tasks)
            await server.kill()


async def said(dsn: str, id_: str) -> None:
    """It is committed, and then on the topic."""
    async with connected(dsn) as connection:
        async with connection.transaction():
            await outbox.add(connection, ItemPublished(item=an_item(id=id_)))
        async with asyncio.timeout(90):
            while await connection.fetchval("SELECT count(*) FROM outbox"):
                await asyncio.sleep(0.05)
