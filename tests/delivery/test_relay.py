"""What the outbox and its relay promise."""

import asyncio
import contextlib
import json
import random
import secrets
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from loti_contracts.delivery import outbox, packing, relay
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS, Envelope, Event, RequestStated, decode
from loti_contracts.events.topics import REQUESTS
from tests.delivery.counting import request, until
from tests.servers import Kafka, Postgres


@pytest.fixture
async def dsn(kafka: Kafka, postgres: Postgres) -> str:
    """An empty outbox; the contract's topics exist."""
    await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication)
    dsn = await postgres.create_database()
    connection = await asyncpg.connect(dsn)
    await migrate_delivery(connection)
    await connection.close()
    return dsn


@contextlib.asynccontextmanager
async def relaying(kafka: str, dsn: str, service: str | None = None) -> AsyncIterator[Relay]:
    stopping = asyncio.Event()
    relay = Relay(service=service or secrets.token_hex(4), dsn=dsn, kafka=kafka, most=50, poll=0.2)
    running = asyncio.create_task(relay.run(stopping))
    try:
        yield relay
    finally:
        stopping.set()
        await running


async def heard(kafka: str, mine: set[str]) -> list[Envelope[Event]]:
    """Everything committed on the requests topic about these subjects, partition by partition."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    found: list[Envelope[Event]] = []
    try:
        await consumer.start()
        for number in range(REQUESTS.partitions):
            place = TopicPartition(REQUESTS.name, number)
            consumer.assign([place])
            await consumer.seek_to_beginning(place)
            end = (await consumer.end_offsets([place]))[place]
            while await consumer.position(place) < end:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        said = decode(record.key, record.value, record.headers)
                        if isinstance(said, Envelope) and said.subject in mine:
                            found.append(said)
    finally:
        await consumer.stop()
    return found


async def emptied(dsn: str) -> None:
    async def empty() -> bool:
        connection = await asyncpg.connect(dsn)
        try:
            return not await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)")
        finally:
            await connection.close()

    await until(empty)


def fresh(number: int, revision: int = 1) -> RequestStated:
    return request(number, revision=revision).event


async def test_an_event_is_said_only_if_its_transaction_commits(kafka: Kafka, dsn: str, db: Any) -> None:
    """Rolled back, it is never heard; committed, it is, with its cause's thread carried on."""
    cause = request(random.randrange(10**9))
    kept, lost = fresh(random.randrange(10**9)), fresh(random.randrange(10**9))
    async with relaying(kafka.bootstrap, dsn):
        with contextlib.suppress(ZeroDivisionError):
            async with db.transaction():
                await outbox.add(db, lost)
                raise ZeroDivisionError
        async with db.transaction():
            await outbox.add(db, kept, caused_by=cause)
        await emptied(dsn)
    (said,) = await heard(kafka.bootstrap, {kept.subject, lost.subject})
    assert said.event == kept
    assert (said.correlation_id, said.causation_id, said.source) == (
        cause.correlation_id,
        cause.id,
        "/loti/portal",
    )


async def test_outside_a_transaction_nothing_can_be_said(dsn: str, db: Any) -> None:
    """An event without its state's transaction could be true or not: it is refused."""
    with pytest.raises(RuntimeError, match="transaction"):
        await outbox.add(db, fresh(1))


async def test_an_event_too_large_for_kafka_is_refused_before_it_is_committed(
    dsn: str, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it would block everything behind it for ever."""
    monkeypatch.setattr(outbox, "LARGEST", 100)
    with pytest.raises(outbox.TooLarge, match="bytes"):
        async with db.transaction():
            await outbox.add(db, fresh(1))
    assert await db.fetchval("SELECT count(*) FROM outbox") == 0


@pytest.mark.parametrize("seed", range(3))
async def test_events_of_one_key_keep_their_order_however_transactions_overlap(
    kafka: Kafka, dsn: str, seed: int
) -> None:
    """Writers overlap and commit in any order; on Kafka, each thing's revisions only ever rise."""
    chance = random.Random(seed)
    things = [secrets.randbelow(10**9) for _ in range(6)]
    pool = await asyncpg.create_pool(dsn, min_size=0, max_size=8)
    async with pool.acquire() as connection:
        await connection.execute(
            "CREATE TABLE things (id bigint PRIMARY KEY, revision int NOT NULL DEFAULT 0)"
        )
        await connection.executemany("INSERT INTO things (id) VALUES ($1)", [(thing,) for thing in things])

    async def writer() -> None:
        for _ in range(15):
            mine = sorted(chance.sample(things, 2))
            async with pool.acquire() as tx, tx.transaction():
                for thing in mine:
                    revision = await tx.fetchval(
                        "UPDATE things SET revision = revision + 1 WHERE id = $1 RETURNING revision", thing
                    )
                    await outbox.add(tx, fresh(thing, revision))
                    await asyncio.sleep(chance.random() / 500)

    async with relaying(kafka.bootstrap, dsn):
        await asyncio.gather(*(writer() for _ in range(6)))
        await emptied(dsn)
    await pool.close()
    by_thing: dict[str, list[int]] = {}
    for said in await heard(kafka.bootstrap, {f"request-{thing}" for thing in things}):
        by_thing.setdefault(said.subject, []).append(said.event.state.revision)
    assert sum(map(len, by_thing.values())) == 6 * 15 * 2
    assert by_thing == {thing: list(range(1, len(revisions) + 1)) for thing, revisions in by_thing.items()}


async def test_only_one_relay_leads_and_another_takes_over(kafka: Kafka, dsn: str, db: Any) -> None:
    """A second relay stands by; when the first stops, it publishes on."""
    service = secrets.token_hex(4)
    before, after = fresh(random.randrange(10**9)), fresh(random.randrange(10**9))

    async def leads(relay: Relay) -> bool:
        return relay.state == "leading"

    async with contextlib.AsyncExitStack() as second_stack:
        async with relaying(kafka.bootstrap, dsn, service) as first:
            await until(lambda: leads(first))
            second = await second_stack.enter_async_context(relaying(kafka.bootstrap, dsn, service))
            async with db.transaction():
                await outbox.add(db, before)
            await emptied(dsn)
            assert (first.published, second.published) == (1, 0)
        await until(lambda: leads(second))
        async with db.transaction():
            await outbox.add(db, after)
        await emptied(dsn)
        assert second.published == 1


async def test_a_former_leader_that_wakes_up_late_cannot_publish(
    kafka: Kafka, dsn: str, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its session was taken away while it slept: the broker fences its transaction, and nothing is doubled."""
    service = secrets.token_hex(4)
    event = fresh(random.randrange(10**9))
    asleep, wake = asyncio.Event(), asyncio.Event()

    stopping = asyncio.Event()
    sleeper = Relay(service=service, dsn=dsn, kafka=kafka.bootstrap, most=50, poll=0.2)
    publish = packing.publish

    async def publish_late(producer: Any, rows: list[Any]) -> None:
        if not asleep.is_set():  # the first to publish is the sleeper
            asleep.set()
            await wake.wait()
        await publish(producer, rows)

    monkeypatch.setattr(relay, "publish", publish_late)
    running = asyncio.create_task(sleeper.run(stopping))
    async with db.transaction():
        await outbox.add(db, event)
    await asleep.wait()
    await db.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
           WHERE datname = current_database() AND locktype = 'advisory' AND pid <> pg_backend_pid()"""
    )
    async with relaying(kafka.bootstrap, dsn, service):
        await emptied(dsn)
        stopping.set()
        wake.set()
        await running
    assert len(await heard(kafka.bootstrap, {event.subject})) == 1
    assert sleeper.published == 0


async def test_what_waits_in_the_outbox_is_readable_json(dsn: str, db: Any) -> None:
    """An operator who looks into the table sees what would be said."""
    async with db.transaction():
        await outbox.add(db, fresh(7))
    row = await db.fetchrow("SELECT topic, convert_from(key, 'UTF8') AS key, value, headers FROM outbox")
    assert (row["topic"], row["key"]) == (REQUESTS.name, "request-7")
    assert json.loads(row["value"])["request"]["kind"] == "mentor"
    assert json.loads(row["headers"])["ce_type"] == RequestStated.type
