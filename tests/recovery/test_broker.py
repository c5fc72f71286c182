"""What recovery reads of a real broker, and who stands aside for it on a real database."""

import asyncio
import contextlib
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import OffsetAndMetadata
from pydantic import SecretStr

from loti_contracts.delivery import recovering, standing_aside
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.recovering import RecoveryRefused
from loti_contracts.delivery.recovering_topics import kafka_log
from loti_contracts.delivery.service import Service
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import Topic
from tests.servers import Kafka, Postgres


def named(name: str) -> Topic:
    return Topic(name, "key", "test", "for a test")


async def test_a_log_is_read_in_the_order_of_its_time_and_knows_what_was_acknowledged(kafka: Kafka) -> None:
    """Over topics and partitions, committed messages alone; a missing topic says nothing."""
    one, two, nothing = await kafka.create_topic(2), await kafka.create_topic(1), await kafka.create_topic(1)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=f"tx-{one}")
    await producer.start()
    async with producer.transaction():
        for number, (topic, partition) in enumerate([(one, 0), (two, 0), (one, 1), (two, 0), (one, 0)]):
            await producer.send(topic, f"{number}".encode(), partition=partition, timestamp_ms=1_000 + number)
    await producer.begin_transaction()
    await producer.send(one, b"taken back", partition=0, timestamp_ms=1)
    await producer.abort_transaction()
    await producer.stop()
    await acknowledge(kafka, "loti.test-" + one, TopicPartition(one, 0), 1)
    async with kafka_log(Broker(kafka.bootstrap), "loti.test-" + one) as log:
        wanted = [named(one), named(two), named(nothing), named("not-there")]
        found = [heard async for heard in log.messages(wanted)]
        assert [heard.message.value for heard in found] == [b"0", b"1", b"2", b"3", b"4"]
        assert [heard.acknowledged for heard in found] == [True, False, False, False, False]
        assert log.acknowledged_any
        assert [topic.name for topic in await log.empty(wanted)] == [nothing, "not-there"]
        again = [heard.message.value async for heard in log.messages([named(two)])]
        assert again == [b"1", b"3"]


async def acknowledge(kafka: Kafka, group: str, place: TopicPartition, offset: int) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([place])
    await consumer.commit({place: OffsetAndMetadata(offset, "")})
    await consumer.stop()


async def test_a_process_stands_aside_while_somebody_recovers(postgres: Postgres) -> None:
    """It notices, and ends to be started again; when the recovery's session is gone, however it went, it may work."""
    dsn = await postgres.create_database()
    async with asyncpg.create_pool(dsn, min_size=0, max_size=2) as pool:
        recovers = await asyncpg.connect(dsn)
        assert not await standing_aside.being_recovered(pool)
        assert await standing_aside.begin(recovers)
        assert await standing_aside.being_recovered(pool)
        with pytest.raises(standing_aside.StandsAside):
            await standing_aside.watch(pool, asyncio.Event())
        recovers.terminate()
        async with asyncio.timeout(20):
            while await standing_aside.being_recovered(pool):
                await asyncio.sleep(0.05)


async def test_nothing_is_recovered_beside_a_running_service_or_another_recovery(postgres: Postgres) -> None:
    """It is refused, with what to do."""
    dsn = await postgres.create_database()
    service = Service(name="one", settings=ServiceSettings(database=SecretStr(dsn)))
    async with contextlib.AsyncExitStack() as stack:

        async def connection() -> Any:
            found = await asyncpg.connect(dsn)
            stack.push_async_callback(found.close)
            return found

        relay, first, second = await connection(), await connection(), await connection()
        await migrate_delivery(relay)
        await relay.execute("SELECT pg_advisory_lock(hashtext('loti outbox relay'))")
        with pytest.raises(RecoveryRefused, match="--hold"):
            await recovering.alone(first, service, members=_members(0), wait=0)
        with pytest.raises(RecoveryRefused, match="already"):
            await recovering.alone(second, service, members=_members(0), wait=0)
        await first.execute("SELECT pg_advisory_unlock_all()")
        await relay.execute("SELECT pg_advisory_unlock_all()")
        with pytest.raises(RecoveryRefused, match="2 of its processes read"):
            await recovering.alone(second, service, members=_members(2), wait=0)


def _members(count: int) -> Any:
    async def members() -> int:
        return count

    return members
