"""The relay, from the outbox to Kafka, beside a bare idempotent producer that is handed the same messages."""

import asyncio
import json
import time
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events.topics import ROLES
from tests.bench.measuring import interleaved, slope
from tests.bench.pipeline.stage import Message, Stage, messages, stage
from tests.bench.results import Comparison, Reach, Result, Scale, Series
from tests.databases import connected

_RELAY, _BARE = "the relay", "a bare idempotent producer"


async def bench(scale: Scale) -> Result:
    """Both publish the same, at 1×, 10× and 100×."""
    sizes = (50, 100) if scale.quick else (500, 5_000, 50_000)
    loaded = messages(sizes[-1], seed=3)[: sizes[-1]]
    series: list[Series] = []
    async with stage() as here:
        await here.roles_topic(6)
        dsn = await here.database()
        for size in sizes:
            rates = await interleaved(
                {
                    _of(_RELAY, size): lambda n=size: relayed(here, dsn, loaded[:n]),  # type: ignore[misc]
                    _of(_BARE, size): lambda n=size: bare(here, loaded[:n]),  # type: ignore[misc]
                },
                scale.rounds,
            )
            series += [Series(name, "events/s", figures, "more") for name, figures in rates.items()]
    relays = series[::2]
    slopes = [
        slope(sizes, [n / one.values[r] for n, one in zip(sizes, relays, strict=True)])
        for r in range(scale.rounds)
    ]
    size = sizes[-1]
    return Result(
        name="relay",
        says="Role events of 2 kB from an outbox to six partitions, in Kafka transactions, each row deleted once Kafka has it; "
        "beside aiokafka's producer with enable_idempotence, handed the same messages from memory.",
        series=(*series, Series("slope of the relay's time", "", tuple(slopes), "less")),
        comparisons=tuple(
            Comparison(_of(_RELAY, n), _of(_BARE, n), at_least=0.9 if n == size else None) for n in sizes
        ),
        reaches=(Reach("slope of the relay's time", at_most=1.1),),
    )


def _of(side: str, size: int) -> str:
    return f"{side}, {size:,} events"


async def relayed(here: Stage, dsn: str, some: Sequence[Message]) -> float:
    """Events a second, from the first row read to the last one gone."""
    async with connected(dsn) as db:
        await db.execute("TRUNCATE outbox")
        rows = [
            (ROLES.name, key, value, json.dumps({name: text.decode() for name, text in headers}))
            for key, value, headers in some
        ]
        await db.copy_records_to_table("outbox", records=rows, columns=["topic", "key", "value", "headers"])
        await db.execute("VACUUM ANALYZE outbox")
    settings = ServiceSettings()
    relay = Relay(
        service="bench",
        dsn=dsn,
        kafka=here.kafka.address,
        most=settings.relay_batch,
        poll=settings.relay_poll,
    )
    stopping = asyncio.Event()
    stopping.set()  # it publishes what there is, and ends
    began = time.perf_counter()
    await relay.run(stopping)
    took = time.perf_counter() - began
    if relay.published != len(some):
        raise RuntimeError(f"the relay published {relay.published} of {len(some)} events: {relay.trouble}")
    return len(some) / took


async def bare(here: Stage, some: Sequence[Message]) -> float:
    """Events a second of a producer that is idempotent, and makes batches as large as the relay's: with aiokafka's 16 kB it is
    slower."""
    began = time.perf_counter()
    producer = AIOKafkaProducer(
        bootstrap_servers=here.kafka.address, enable_idempotence=True, max_batch_size=262_144
    )
    await producer.start()
    try:
        sent = [await producer.send(ROLES.name, value, key, headers=headers) for key, value, headers in some]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
    return len(some) / (time.perf_counter() - began)
