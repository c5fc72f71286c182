"""Erasure on a real Kafka: after compaction the bytes are gone, and that needs both the topic's settings and the sweep."""

import asyncio
import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.partitioner import DefaultPartitioner

from loti_contracts.delivery.topic_settings import renew_settings
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import EVENTS, encode
from loti_contracts.events.topics import CONTACTS, SUBSCRIPTIONS, TOPICS
from services.notify.people import erasure
from tests.delivery.counting import until
from tests.notify.making import contact, erased, stated
from tests.servers import Kafka

MOMENT = 1_000
"""Milliseconds that stand for the hour of the real topic."""


async def look_often(kafka: Kafka) -> None:
    """Let the log cleaner of this test's broker look every half second instead of every fifteen."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        await admin.start()
        often = {"log.cleaner.backoff.ms": "500"}
        brokers = (await admin.describe_cluster())["brokers"]
        await admin.alter_configs(
            [ConfigResource(ConfigResourceType.BROKER, str(one["node_id"]), configs=often) for one in brokers]
        )
    finally:
        await admin.close()


async def everything(kafka: Kafka, topic: str) -> list[tuple[bytes, bytes | None]]:
    """All that a reader from the start gets."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(CONTACTS.partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found = []
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for messages in (await consumer.getmany(timeout_ms=200)).values():
                found += [(message.key, message.value) for message in messages]
        return found
    finally:
        await consumer.stop()


async def publish(producer: Any, topic: str, *envelopes: Any) -> None:
    """As the relay does: one transaction."""
    async with producer.transaction():
        for envelope in envelopes:
            key, value, headers = encode(envelope)
            await producer.send_and_wait(topic, key=key, value=value, headers=headers)


async def test_the_bytes_are_gone(kafka: Kafka) -> None:
    """A topic with the settings of the contacts topic, an hour being a second: some moments after the tombstone and the
    sweep behind it, no reader gets the erased name any more; the tombstone and the others are still there."""
    await look_often(kafka)
    settings = CONTACTS.settings()
    assert settings["segment.ms"] == settings["max.compaction.lag.ms"]
    small = settings | {"segment.ms": str(MOMENT), "max.compaction.lag.ms": str(MOMENT)}
    topic = await kafka.create_topic(
        CONTACTS.partitions, **{name.replace(".", "_"): value for name, value in small.items()}
    )
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all", transactional_id=topic)
    await producer.start()
    try:
        others = [stated(contact(f"contact-{number}", 1)) for number in range(2, 12)]
        await publish(producer, topic, stated(contact("contact-1", 1)), *others, erased("contact-1"))
        before = await everything(kafka, topic)
        assert any(b'Featherstone-contact-1"' in (value or b"") for _, value in before)
        first = datetime.now(UTC)
        while (datetime.now(UTC) - first).total_seconds() * 1000 <= MOMENT:
            await asyncio.sleep(MOMENT / 1000)
        await publish(producer, topic, *(erased(id_) for id_ in erasure.SWEEPS))
        async with asyncio.timeout(60):
            while any(
                key == b"contact-1" and value is not None for key, value in await everything(kafka, topic)
            ):
                await asyncio.sleep(0.2)
        after = await everything(kafka, topic)
    finally:
        await producer.stop()
    assert (b"contact-1", None) in after
    assert {key for key, value in after if value} == {envelope.event.subject.encode() for envelope in others}


@pytest.mark.parametrize("partitions", range(1, 25))
def test_a_sweep_reaches_every_partition(partitions: int) -> None:
    """Whatever the number of partitions is, the sweep's keys fall on all of them."""
    choose, all_ = DefaultPartitioner(), list(range(partitions))
    assert {choose(id_.encode(), all_, all_) for id_ in erasure.SWEEPS} == set(all_)


def test_what_is_erased_leaves_every_restricted_topic() -> None:
    """Every topic with personal data that is kept for ever is compacted within the hour, however little it changes."""
    for topic in TOPICS:
        if topic.restricted and topic.compacted:
            assert topic in (CONTACTS, SUBSCRIPTIONS), (
                f"{topic.name} needs a sweep too: services/notify/people/erasure.py"
            )
            assert int(topic.settings()["segment.ms"]) <= 3_600_000
            assert float(topic.settings()["min.cleanable.dirty.ratio"]) < 0.05


def test_what_people_wrote_leaves_the_disk_once_it_is_superseded() -> None:
    """Every kept topic on which somebody's own sentences travel: the broker may not hold an old one for its usual week."""
    fields = ("note", "body")
    for topic in TOPICS:
        said = [str(event.model_json_schema()) for event in EVENTS.values() if event.topic == topic.name]
        if topic.compacted and any(f"'{field}': " in one for field in fields for one in said):
            assert topic.forgets, f"{topic.name} carries what people write: give it words=True"
            assert int(topic.settings()["segment.ms"]) <= 3_600_000


async def test_a_topic_of_an_earlier_version_gets_the_settings(kafka: Kafka) -> None:
    """Where the topic was made before there was a sweep, a service that starts gives it the settings that the sweep
    needs, once; what an operator set on it stays."""
    name = await kafka.create_topic(1, cleanup_policy="compact", max_message_bytes="2000000")
    topic = dataclasses.replace(CONTACTS, name=name)
    await ensure_topics(kafka.bootstrap, [topic], replication=kafka.replication)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        await admin.start()
        wanted = (topic.settings() | {"max.message.bytes": "2000000"}).items()

        async def has_them() -> bool:  # a broker answers before it has learnt them itself
            [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
            return {entry[0]: entry[1] for entry in answer.resources[0][4]}.items() >= wanted

        await until(has_them, seconds=20)
        assert await renew_settings(admin, [topic]) == []
        assert await renew_settings(admin, [dataclasses.replace(topic, name="not-there")]) == []
    finally:
        await admin.close()
