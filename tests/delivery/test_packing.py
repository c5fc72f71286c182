"""What the relay hands to Kafka: batches that it packed itself."""

import json
import random
import secrets

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as theirs_of
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.delivery.packing import publish
from loti_contracts.delivery.partitioning import murmur2, partition_of
from tests.servers import Kafka

PARTITIONS = 3


@given(st.binary(max_size=300), st.integers(1, 100))
def test_a_key_has_the_partition_that_others_would_choose(key: bytes, partitions: int) -> None:
    """Ours is aiokafka's function, which is the Java client's."""
    assert murmur2(key) == theirs_of(key)
    assert partition_of(key, partitions) == DefaultPartitioner()(key, list(range(partitions)), [])


async def test_all_arrive_in_order_whatever_their_size(kafka: Kafka) -> None:
    """From nothing (a thing that is erased) to the largest event; where Kafka's own clients would put them; each with its
    headers; and a second topic of the same transaction with its own."""
    some = random.Random(5)
    topics = [await kafka.create_topic(partitions=PARTITIONS) for _ in range(2)]
    rows = [
        {
            "topic": some.choice(topics),
            "key": f"thing-{some.randrange(40)}".encode(),
            "value": None if size == 0 else some.randbytes(size),
            "headers": json.dumps({"ce_id": str(number), "ce_words": "ä €"}),
        }
        for number, size in enumerate(
            [0, 900_000, 1, 300_000, *[some.randrange(6_000) for _ in range(600)], 900_000]
        )
    ]
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap, transactional_id=secrets.token_hex(4), max_batch_size=262_144
    )
    async with producer:
        for some_rows in (rows[:400], rows[400:]):
            await publish(producer, some_rows)
    places = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
    found: dict[TopicPartition, list[tuple[bytes, bytes | None, dict[str, str]]]] = {
        one: [] for one in places
    }
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    async with consumer:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for place, records in (await consumer.getmany(timeout_ms=200)).items():
                found[place] += [(r.key, r.value, {n: t.decode() for n, t in r.headers}) for r in records]
    for place in places:
        theirs = [
            (row["key"], row["value"], json.loads(str(row["headers"])))
            for row in rows
            if row["topic"] == place.topic
            and DefaultPartitioner()(row["key"], [0, 1, 2], []) == place.partition
        ]
        assert found[place] == theirs
