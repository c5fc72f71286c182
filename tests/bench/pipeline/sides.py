"""What a user would write instead of the service, each a loop over the topic of roles."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer
from confluent_kafka import Consumer
from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from loti_contracts.events import RoleDiscovered
from loti_contracts.events.topics import ROLES
from services.salaries.benchmark import benchmark
from services.salaries.cells import touched
from services.salaries.observations import observe
from services.salaries.store import observation_of
from tests.bench.pipeline.by_hand import Table, connected
from tests.bench.pipeline.rows import SAVE_BENCHMARKS, SAVE_OBSERVATIONS, row_of

MOST = 5_000
"""Messages of a batch: more made no side faster."""


async def by_aiokafka(kafka: str, database: str) -> None:
    """aiokafka's getmany and multi-row upserts."""
    consumer = AIOKafkaConsumer(ROLES.name, **_usual(kafka, "aiokafka"), auto_commit_interval_ms=1_000)
    db, table = await connected(database), Table()
    async with consumer:
        while True:
            found = await consumer.getmany(timeout_ms=200, max_records=MOST)
            records = [one for some in found.values() for one in some]
            if records:
                await table.fold_in([(one.value, one.headers) for one in records], db)


async def by_confluent(kafka: str, database: str) -> None:
    """The same behind librdkafka."""
    settings = {
        "bootstrap.servers": kafka,
        "group.id": "bench.confluent",
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "auto.commit.interval.ms": 1_000,
        "fetch.wait.max.ms": 50,
    }
    consumer = Consumer(settings)
    consumer.subscribe([ROLES.name])
    db, table = await connected(database), Table()
    try:
        while True:
            records = await asyncio.to_thread(consumer.consume, MOST, 0.1)
            good = [(one.value(), one.headers() or []) for one in records if not one.error()]
            if good:
                await table.fold_in(good, db)
    finally:
        consumer.close()


async def by_broker(kafka: str, database: str) -> None:
    """The broker alone: what is read is dropped. Says when the end is reached by what it commits."""
    consumer = AIOKafkaConsumer(ROLES.name, **_usual(kafka, "broker"), auto_commit_interval_ms=20)
    async with consumer:
        while True:
            await consumer.getmany(timeout_ms=200, max_records=MOST)


async def by_faststream(kafka: str, database: str) -> None:
    """What most write: a message, a transaction, an acknowledgement."""
    broker = KafkaBroker(kafka)
    pool = await asyncpg.create_pool(database, min_size=1, max_size=4)

    @broker.subscriber(
        ROLES.name,
        group_id="bench.faststream",
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        ack_policy=AckPolicy.NACK_ON_ERROR,
    )
    async def on_role(said: RoleDiscovered, message: KafkaMessage) -> None:
        async with pool.acquire() as tx, tx.transaction():
            await save_one(said, tx)

    await FastStream(broker).run()


async def save_one(said: RoleDiscovered, tx: Any) -> None:
    """Save the offer of a role, and count its cells anew from all offers of its standard role."""
    after = observe(said.role)
    row = await tx.fetchrow("SELECT * FROM observations WHERE role_id = $1 FOR UPDATE", after.role_id)
    before = observation_of(row) if row else None
    if before is not None and before.revision >= after.revision:
        return
    await tx.execute(SAVE_OBSERVATIONS, *([one] for one in row_of(after)))
    cells = touched([before] if before else [], [after])
    for name in sorted({cell.standard_role for cell in cells}):
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext($1))", name)
        rows = await tx.fetch(
            "SELECT * FROM observations WHERE standard_role = $1 AND why_left_out IS NULL", name
        )
        offers = [observation_of(one) for one in rows]
        for cell in (one for one in cells if one.standard_role == name):
            now = benchmark(cell, offers, family=after.family or "", revision=1)
            values = (cell.id, name, cell.level, cell.area, cell.period, now.model_dump_json())
            await tx.execute(SAVE_BENCHMARKS, *([one] for one in values))


def _usual(kafka: str, name: str) -> dict[str, Any]:
    return {
        "bootstrap_servers": kafka,
        "group_id": f"bench.{name}",
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
        "max_partition_fetch_bytes": 8 * 1024 * 1024,
    }


SIDES: Final[Mapping[str, Callable[[str, str], Awaitable[None]]]] = {
    "aiokafka": by_aiokafka,
    "confluent": by_confluent,
    "faststream": by_faststream,
    "broker": by_broker,
}
GROUPS: Final = {name: f"bench.{name}" for name in SIDES} | {"service": "loti.salaries"}
