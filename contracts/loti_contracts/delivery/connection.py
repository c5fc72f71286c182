"""The connection of a consumer, on FastStream.

Its defaults acknowledge first and lose data, so everything is set here: manual acknowledgement, earliest offsets, committed
reads. A batch reaches us undecoded, because FastStream's own parser fails on a header that is not UTF-8 and would then see
it for ever.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber

from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import Topic

_IDLE_POLL_MS: Final = 20

FETCHED_OF_EACH: Final = (256 * 1024, 2 * 1024 * 1024)
"""The least and the most bytes that are read ahead of each partition. They are handled partition by partition, so this bounds
the memory, and how long a partition waits for its turn. A message, or what was published together, may be larger and comes
whole."""

FETCHED_IN_ALL: Final = 24 * 1024 * 1024
"""Bytes that are read ahead of all partitions, where that leaves each its least."""

FETCHED_AT_ONCE: Final = 8 * 1024 * 1024
"""Bytes of one answer of the broker."""


def connection(
    *,
    service: str,
    settings: ServiceSettings,
    topics: Iterable[Topic],
    parser: Callable[[tuple[ConsumerRecord, ...]], Awaitable[KafkaAckableMessage]],
) -> tuple[KafkaBroker, BatchSubscriber]:
    """A broker's client and its one subscription, not yet started; `parser` makes a message of a batch."""
    topics = tuple(topics)
    broker = KafkaBroker(
        settings.kafka.split(","),
        security=Broker.of(settings).faststream(),
        client_id=f"loti-{service}",
        consumer_only=True,
        allow_auto_create_topics=False,
        metadata_max_age_ms=20_000,  # within which a topic that was lost and made again is read again
        apply_types=False,
        graceful_timeout=settings.drain,
        logger=logging.getLogger("loti.faststream"),
        log_level=logging.DEBUG,
    )
    subscriber: BatchSubscriber = broker.subscriber(
        *(topic.name for topic in topics),
        batch=True,
        group_id=f"loti.{service}",
        group_instance_id=settings.member,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        ack_policy=AckPolicy.MANUAL,
        max_records=settings.batch_size,
        max_partition_fetch_bytes=fetched_of_each(topics),
        fetch_max_bytes=FETCHED_AT_ONCE,
        batch_timeout_ms=_IDLE_POLL_MS,
        session_timeout_ms=10_000,
        heartbeat_interval_ms=2_000,
        max_poll_interval_ms=int(max(300.0, settings.hold * 4) * 1000),
        parser=parser,
        decoder=_undecoded,
        no_reply=True,
    )
    return broker, subscriber


def fetched_of_each(topics: Iterable[Topic]) -> int:
    """Bytes to read ahead of each partition: a service that hears few topics takes larger batches of them, which cost less an
    event, and one that hears many holds no more in memory."""
    least, most = FETCHED_OF_EACH
    return max(least, min(most, FETCHED_IN_ALL // sum(topic.partitions for topic in topics)))


async def _undecoded(message: KafkaAckableMessage) -> Any:
    return message
