"""The batch on plain aiokafka, for whoever has a consumer and a loop of their own.

The promise is the one of `consumer`: acknowledged after the commit; where a batch is held its partition rests and the
others go on. The consumer must be made with `consumer_settings`, and its offsets be committed by nobody else. For
`loti dead-letters replay`, let `replaying.run(handling)` run beside it.
"""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import CommitFailedError, IllegalStateError

from loti_contracts.delivery.batch import BatchHandling, Held
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.resting import Rests
from loti_contracts.delivery.waiting import wait_for_any

_LOOK = 2.0


def consumer_settings(group: str) -> dict[str, Any]:
    """The arguments of AIOKafkaConsumer that the promise rests on."""
    return {
        "group_id": group,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
    }


async def consume(
    consumer: AIOKafkaConsumer, handling: BatchHandling, stopping: asyncio.Event, *, most: int = 500
) -> None:
    """Handle what the started consumer reads, until `stopping`. Raises what aiokafka raises; begin again then.

    While the breaker is open nothing is read; somebody must close it (`breaker.close_breaker`).
    """
    rests = Rests()
    try:
        await _consume(consumer, handling, stopping, rests, most)
    finally:
        rests.forget()


async def _consume(
    consumer: AIOKafkaConsumer, handling: BatchHandling, stopping: asyncio.Event, rests: Rests, most: int
) -> None:
    while not stopping.is_set():
        if handling.breaker.why is not None and await handling.breaker.look():
            await wait_for_any(stopping, timeout=_LOOK)
            continue
        batches = await consumer.getmany(timeout_ms=200, max_records=most)
        for partition, records in batches.items():
            try:
                await handling.process([received(record) for record in records])
            except Held as error:
                rests.begin(consumer, partition, records[0].offset, str(error)[:200])
            else:
                rests.went_on(partition)
                try:
                    await consumer.commit({partition: records[-1].offset + 1})
                except (CommitFailedError, IllegalStateError):
                    # The partition went to another member, whose inbox drops what was handled here.
                    continue


def received(record: ConsumerRecord) -> Received:
    """A record as the batch takes it."""
    return Received(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        headers=record.headers,
    )
