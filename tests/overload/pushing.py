"""Events put on the topic of roles, at once or at a rate."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from loti_contracts.events import (
    Consent,
    Contact,
    ContactStated,
    Envelope,
    Event,
    Subscription,
    encode,
    envelop,
)
from loti_contracts.events.topics import CONTACTS, ROLES
from loti_contracts.vocabulary import standard_roles
from tests.overload.flow import Flow
from tests.overload.world import World

Encoded = tuple[bytes, bytes | None, list[tuple[str, bytes]]]

READERS = 12


def encoded(flow: Flow, count: int) -> list[Encoded]:
    """The next events of the flow, made before they are needed, so that making them takes nothing from the services."""
    return [encode(one) for one in flow.events(count)]


async def push(world: World, events: Sequence[Encoded], *, a_second: float | None = None) -> float:
    """Put them on the topic, so many a second or as fast as the broker takes them; seconds that it took."""
    began = time.monotonic()
    async with world.producer() as producer:
        step = 100 if a_second is None else max(1, min(100, int(a_second / 10)))
        for first in range(0, len(events), step):
            some = events[first : first + step]
            if a_second is not None:
                await asyncio.sleep(max(0.0, began + first / a_second - time.monotonic()))
            await _send(producer, ROLES.name, some)
    return time.monotonic() - began


async def state_readers(world: World) -> None:
    """Contacts who agreed to hear at once of every new role, each of another profession."""
    names = sorted(standard_roles())[:READERS]
    now = datetime.now(UTC)
    contacts: list[Envelope[Event]] = [
        envelop(
            ContactStated(
                contact=Contact(
                    id=f"contact-{n}",
                    revision=1,
                    name=f"Reader {n}",
                    email=f"reader-{n}@borough.example.org",
                    organisation="A borough",
                    subscriptions=(Subscription(topic="new role", standard_roles=(name,)),),
                    consent=Consent(given_at=now, how="Signed in on the portal."),
                )
            ),
            source="/loti/portal",
            time=now,
        )
        for n, name in enumerate(names)
    ]
    async with world.producer() as producer:
        await _send(producer, CONTACTS.name, [encode(one) for one in contacts])


async def _send(producer: AIOKafkaProducer, topic: str, events: Sequence[Encoded]) -> None:
    sent = [
        await producer.send(topic, key=key, value=value, headers=headers) for key, value, headers in events
    ]
    await asyncio.gather(*sent)
