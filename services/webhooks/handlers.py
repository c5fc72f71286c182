"""What webhooks does with the events that it hears: all of them alike."""

from collections.abc import Sequence
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import TOPICS, Envelope, Event, Topic
from services.webhooks import log
from services.webhooks.filters import published
from services.webhooks.push import endpoints


def heard_topics() -> Sequence[Topic]:
    """Every topic that is not restricted."""
    return [topic for topic in TOPICS if not topic.restricted]


def heard_events() -> frozenset[type[Event]]:
    """Every event on them."""
    return frozenset(published().values())


async def on_events(said: Sequence[Envelope[Any]], tx: Connection) -> None:
    """Put them into the log, let them be pushed to whoever wants them, and wake those who wait."""
    kept = await log.add(tx, said)
    if kept:
        await endpoints.queue(tx, kept, await endpoints.endpoints(tx))
        await log.ring(tx)
