"""An outside subscriber as a process that can be killed: `python -m tests.delivery.subscribing`, told by LOTI_TEST_*.

It is a static member of its group, so that a new process takes over from a killed one at once. LOTI_TEST_WAY is `faststream` (what `Subscriber.run` does) or `plain` (aiokafka with a loop of one's own).
"""

import asyncio
import os
import signal
from collections.abc import Sequence

import asyncpg
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr

from loti_contracts.delivery.batch import BatchHandling, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.plain import consume, consumer_settings
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.delivery.subscriber import Subscriber
from loti_contracts.events import Envelope, RequestStated, Topic
from tests.delivery.counting import EFFECTS, count

TOLD = {name.removeprefix("LOTI_TEST_"): text for name, text in os.environ.items()}


class OnOneTopic(Subscriber):
    """As any other, but on a topic of the test's own."""

    @property
    def hears(self) -> Sequence[Topic]:
        """That topic."""
        return [Topic(TOLD["TOPIC"], "request id", "test", "a test's own")]


def subscriber() -> Subscriber:
    """Counts the effect of each event."""
    settings = ServiceSettings(
        kafka=TOLD["BROKER"],
        database=SecretStr(TOLD["DSN"]),
        batch_size=10,
        member="one",
        log_level="WARNING",
    )
    app = OnOneTopic(TOLD["SERVICE"], settings=settings)

    @app.on(RequestStated)
    async def keep(said: Envelope[RequestStated], tx: Connection) -> None:
        await count(said, tx)

    return app


async def plainly() -> None:
    """The same promise, without FastStream."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with asyncpg.create_pool(TOLD["DSN"], min_size=0, max_size=3) as pool:
        async with pool.acquire() as connection:
            await migrate_delivery(connection)
        consumer = AIOKafkaConsumer(
            TOLD["TOPIC"],
            bootstrap_servers=TOLD["BROKER"],
            group_instance_id="one",
            **consumer_settings(f"loti.{TOLD['SERVICE']}"),
        )
        await consumer.start()
        try:
            handling = BatchHandling(
                service=TOLD["SERVICE"],
                pool=pool,
                handle=each({RequestStated: count}),
                handles=frozenset({RequestStated}),
                breaker=Breaker(service=TOLD["SERVICE"], pool=pool, limit=20),
                hold=30.0,
                bug_attempts=3,
                stopping=stopping,
                says=False,
            )
            await consume(consumer, handling, stopping, most=10)
        finally:
            await consumer.stop()


async def _table() -> None:
    connection = await asyncpg.connect(TOLD["DSN"])
    try:
        await connection.execute(EFFECTS)
    finally:
        await connection.close()


if __name__ == "__main__":
    asyncio.run(_table())
    if TOLD["WAY"] == "plain":
        asyncio.run(plainly())
    else:
        subscriber().run()
