"""A service whose only effect is to count, so that a lost or doubled effect is seen.

In a test it runs in the test's own loop; `python -m tests.delivery.counting` is the same as a process that can
be killed, told by LOTI_TEST_* where to die.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from loti_contracts.delivery import consumer as consumer_module
from loti_contracts.delivery import relay as relay_module
from loti_contracts.delivery.batch import BatchHandling, Handler, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.consumer import Consumer
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import Envelope, Event, Request, RequestStated, Topic, encode
from loti_contracts.events.envelope import envelop

EFFECTS = (
    "CREATE TABLE IF NOT EXISTS effects (event_id text PRIMARY KEY, times int NOT NULL, position bigserial)"
)
COUNT = """INSERT INTO effects (event_id, times) VALUES ($1, 1)
           ON CONFLICT (event_id) DO UPDATE SET times = effects.times + 1"""


def request(number: int, *, revision: int = 1, note: str | None = None) -> Envelope[RequestStated]:
    """An event of its own."""
    state = Request(
        id=f"request-{number}",
        revision=revision,
        kind="mentor",
        borough="E09000012",
        contact_id="contact-1",
        note=note,
        stated_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    return envelop(RequestStated(request=state), source="/test", time=datetime.now(UTC))


async def count(envelope: Envelope[Any], tx: Any) -> None:
    """The effect."""
    await tx.execute(COUNT, envelope.id)


@dataclass
class Counting:
    """One member of the counting service on one topic; `settings` may be changed before it starts."""

    kafka: str
    dsn: str
    topic: Topic
    service: str
    handler: Handler = count
    settings: dict[str, Any] = field(default_factory=dict)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Consumer]:
        """Consume until the block ends, then drain."""
        settings = ServiceSettings(kafka=self.kafka, database=SecretStr(self.dsn), hold=5.0, **self.settings)
        async with asyncpg.create_pool(self.dsn, min_size=0, max_size=4) as pool:
            async with pool.acquire() as connection:
                await migrate_delivery(connection)
                await connection.execute(EFFECTS)
            handling = BatchHandling(
                service=self.service,
                pool=pool,
                handle=each({RequestStated: self.handler}),
                handles=frozenset({RequestStated}),
                breaker=Breaker(service=self.service, pool=pool, limit=settings.breaker_limit),
                hold=settings.hold,
                bug_attempts=settings.bug_attempts,
                stopping=self.stopping,
            )
            consumer = Consumer(
                service=self.service, settings=settings, topics=[self.topic], handling=handling
            )
            running = asyncio.create_task(consumer.run(self.stopping))
            try:
                yield consumer
            finally:
                self.stopping.set()
                await running


async def publish(kafka: str, topic: str, envelopes: Sequence[Envelope[Event]]) -> None:
    """Put events on a topic, acknowledged by the broker."""
    await publish_raw(kafka, topic, [encode(envelope) for envelope in envelopes])


async def publish_raw(
    kafka: str, topic: str, messages: Sequence[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]]
) -> None:
    """Put any messages on a topic, all on its first partition and so in this order."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    try:
        await producer.start()
        sent = [
            await producer.send(topic, key=key, value=value, headers=headers, partition=0)
            for key, value, headers in messages
        ]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def effects(dsn: str) -> dict[str, int]:
    """Event id → how often it had its effect; empty while the table is not there."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT event_id, times FROM effects")
        return {row["event_id"]: row["times"] for row in rows}
    except asyncpg.UndefinedTableError:
        return {}
    finally:
        await connection.close()


async def until(condition: Callable[[], Any], *, seconds: float = 120.0) -> Any:
    """Wait until an async condition gives something true; fails the test after `seconds`."""
    async with asyncio.timeout(seconds):
        while not (found := await condition()):
            await asyncio.sleep(0.05)
        return found


def die_once(marker: Path) -> None:
    """SIGKILL this process, unless it did so before."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _arm(where: str, marker: Path) -> None:
    """Die at a named place, the first time it is reached."""
    if where == "between commit and acknowledgement":
        acknowledge = consumer_module.Consumer._acknowledge

        async def dying(self: Consumer, message: Any) -> None:
            die_once(marker)
            await acknowledge(self, message)

        consumer_module.Consumer._acknowledge = dying  # type: ignore[method-assign]
    elif where == "between publish and delete":
        forget = relay_module._queries.forget_published

        async def dying_too(*args: Any, **named: Any) -> Any:
            die_once(marker)
            return await forget(*args, **named)

        relay_module._queries.forget_published = dying_too


async def _main() -> None:
    told = os.environ
    _arm(told["LOTI_TEST_DIE"], Path(told["LOTI_TEST_MARKER"]))
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    if told["LOTI_TEST_DIE"] == "between publish and delete":
        relay = relay_module.Relay(
            service=told["LOTI_TEST_SERVICE"],
            dsn=told["LOTI_TEST_DSN"],
            kafka=told["LOTI_TEST_BROKER"],
            most=10,
            poll=0.2,
        )
        await relay.run(stopping)
        return
    member = Counting(
        kafka=told["LOTI_TEST_BROKER"],
        dsn=told["LOTI_TEST_DSN"],
        topic=Topic(told["LOTI_TEST_TOPIC"], "id", "test", "a test"),
        service=told["LOTI_TEST_SERVICE"],
        settings={"batch_size": 10},
        stopping=stopping,
    )
    async with member.running():
        await stopping.wait()


if __name__ == "__main__":
    asyncio.run(_main())
