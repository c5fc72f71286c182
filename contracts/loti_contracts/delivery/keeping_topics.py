"""A topic that goes missing while a service runs, deleted by mistake or with the broker's disk, is made again.

It is empty then: what services hold of it, `loti republish` says again.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from aiokafka.errors import KafkaError

from loti_contracts.delivery import metrics
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.delivery.waiting import wait_for_any
from loti_contracts.events import Topic

_log = structlog.get_logger("topics")
_EVERY: Final = 15.0


async def keep_topics(
    broker: Broker,
    topics: Sequence[Topic],
    *,
    replication: int,
    stopping: asyncio.Event,
    every: float = _EVERY,
) -> None:
    """Look every so many seconds, until `stopping`; outages are waited out."""
    for topic in topics:
        metrics.topics_lost.labels(topic.name)  # 0 until it happens, so that the first time is a rise
    while not await wait_for_any(stopping, timeout=every):
        try:
            made = await ensure_topics(broker, topics, replication=replication)
        except (KafkaError, *PASSING) as error:
            _log.info("topics_unknown", error=type(error).__name__)
            continue
        for name in made:
            metrics.topics_lost.labels(name).inc()
        if made:
            _log.critical(
                "topics_were_lost", topics=made, to_do="loti republish, for each service that owns one"
            )
