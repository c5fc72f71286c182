"""Rows of the outbox, packed into Kafka's batches.

A producer that is handed message by message makes a future for each, and waits for room in the batch of its partition; here
the batches are filled first and handed over whole: a third of the work an event.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder

from loti_contracts.delivery.partitioning import partition_of


async def publish(producer: AIOKafkaProducer, rows: Sequence[Any]) -> None:
    """All of them in one transaction, in this order within each partition. A row has a topic, a key (bytes), a value (bytes or
    None) and headers (a JSON object of texts). Raises KafkaError, and then nothing of it is visible."""
    async with producer.transaction():
        partitions = {
            name: len(await producer.partitions_for(name)) for name in {row["topic"] for row in rows}
        }
        await asyncio.gather(
            *(
                _send(producer, place, batches)
                for place, batches in _packed(producer, rows, partitions).items()
            )
        )


def _packed(
    producer: AIOKafkaProducer, rows: Iterable[Any], partitions: dict[str, int]
) -> dict[TopicPartition, list[BatchBuilder]]:
    """Full batches, and a last one that is not, for each partition."""
    packed: dict[TopicPartition, list[BatchBuilder]] = {}
    for row in rows:
        topic, key = row["topic"], row["key"]
        place = TopicPartition(topic, partition_of(key, partitions[topic]))
        headers = [(name, text.encode()) for name, text in json.loads(row["headers"]).items()]
        batches = packed.setdefault(place, [])
        if not batches or not _fits(batches[-1], key, row["value"], headers):
            batches.append(producer.create_batch())
            if not _fits(batches[-1], key, row["value"], headers):
                raise RuntimeError(
                    f"an empty batch refused an event of {topic}"
                )  # aiokafka takes one of any size
    return packed


def _fits(batch: BatchBuilder, key: bytes, value: bytes | None, headers: list[tuple[str, bytes]]) -> bool:
    return batch.append(timestamp=None, key=key, value=value, headers=headers) is not None


async def _send(producer: AIOKafkaProducer, place: TopicPartition, batches: Iterable[BatchBuilder]) -> None:
    """One after the other, as there is room; then all are waited for."""
    sent = [await producer.send_batch(batch, place.topic, partition=place.partition) for batch in batches]
    await asyncio.gather(*sent)
