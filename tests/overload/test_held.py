"""What is locked holds up its own partition alone; a consumer that does not move is told from one that has much to do."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.delivery import consumer as consumer_module
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.plain import consume, consumer_settings
from loti_contracts.delivery.progress import Progress
from loti_contracts.delivery.resting import MOST, rest_after
from loti_contracts.events import Envelope, Topic, encode
from tests.delivery.counting import Counting, count, effects, request, until
from tests.overload.checking import Told, overtaken
from tests.servers import Kafka, Postgres

LOCKED = "request-0"


async def on_request(envelope: Envelope[Any], tx: Connection) -> None:
    """The effect; that of one thing needs a row that somebody may have locked."""
    if envelope.subject == LOCKED:
        await tx.execute("SELECT FROM locked FOR UPDATE")
    await count(envelope, tx)


async def test_a_locked_thing_holds_its_own_partition_only(kafka: Kafka, postgres: Postgres) -> None:
    """Somebody has a row locked for as long as it takes: the events of all other partitions have their effect meanwhile,
    whatever comes in the same batch; when it is free again, its own have theirs, in order, and nothing twice. With
    FastStream and with plain aiokafka."""
    await asyncio.gather(_locked("faststream", kafka, postgres), _locked("plain", kafka, postgres))


async def _locked(way: str, kafka: Kafka, postgres: Postgres) -> None:
    topic = Topic(await kafka.create_topic(partitions=3), "id", "test", "a test")
    dsn = await postgres.create_database()
    member = Counting(
        kafka.bootstrap, dsn, topic, f"counting-{secrets.token_hex(4)}", handler=on_request, settings={}
    )
    locked = [request(0, revision=n + 1) for n in range(3)]
    others = [request(n) for n in range(1, 21)]
    somebody = await asyncpg.connect(dsn)
    await somebody.execute("CREATE TABLE locked (id int); INSERT INTO locked VALUES (1)")
    holding = somebody.transaction()
    await holding.start()
    await somebody.execute("SELECT FROM locked FOR UPDATE")
    await _publish(kafka, topic.name, {0: locked[:2], 1: others[:10], 2: others[10:15]})
    free: dict[str, int] = {one.id: 1 for one in others}
    async with member.running() as consumer:
        consumer._handling.hold = 0.2
        if way == "plain":
            await consumer.broker.stop()
        with_plain = asyncio.create_task(_plainly(member, consumer._handling)) if way == "plain" else None
        await until(lambda: _are(dsn, {one.id: 1 for one in others[:15]}))
        await _publish(kafka, topic.name, {0: locked[2:], 2: others[15:]})
        await until(lambda: _are(dsn, free))
        await holding.rollback()
        await until(lambda: _are(dsn, free | {one.id: 1 for one in locked}))
        member.stopping.set()
        if with_plain is not None:
            await with_plain
    rows = await somebody.fetch(
        "SELECT event_id FROM effects WHERE event_id = ANY($1) ORDER BY position", [one.id for one in locked]
    )
    await somebody.close()
    assert [row["event_id"] for row in rows] == [one.id for one in locked]


async def test_a_consumer_whose_fetches_stopped_is_connected_anew(
    kafka: Kafka, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client sits there and reads nothing, without any error, though there is something to read: that is noticed, and
    what came meanwhile has its effect once."""
    monkeypatch.setattr(consumer_module, "_LOOK", 0.2)
    topic = Topic(await kafka.create_topic(), "id", "test", "a test")
    dsn = await postgres.create_database()
    member = Counting(
        kafka.bootstrap, dsn, topic, f"counting-{secrets.token_hex(4)}", settings={"stuck_after": 1.0}
    )
    before, after = request(1), request(2)
    await _publish(kafka, topic.name, {0: [before]})
    async with member.running() as consumer:
        await until(lambda: _are(dsn, {before.id: 1}))
        client = consumer._subscriber.consumer
        assert client is not None
        for fetching in (client._fetcher._fetch_task, *client._fetcher._pending_tasks):
            fetching.cancel()
        await _publish(kafka, topic.name, {0: [after]})
        await until(lambda: _are(dsn, {before.id: 1, after.id: 1}))
        assert consumer._subscriber.consumer is not client


async def _plainly(member: Counting, handling: Any) -> None:
    consumer = AIOKafkaConsumer(
        member.topic.name,
        bootstrap_servers=member.kafka,
        **consumer_settings(f"plain.{member.service}"),
    )
    await consumer.start()
    try:
        await consume(consumer, handling, member.stopping)
    finally:
        await consumer.stop()


async def _publish(kafka: Kafka, topic: str, said: Mapping[int, list[Envelope[Any]]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    await producer.start()
    try:
        for partition, envelopes in said.items():
            for key, value, headers in map(encode, envelopes):
                await producer.send_and_wait(
                    topic, key=key, value=value, headers=headers, partition=partition
                )
    finally:
        await producer.stop()


async def _are(dsn: str, wanted: Mapping[str, int]) -> bool:
    return await effects(dsn) == wanted


@given(st.integers(1, 10_000))
def test_a_rest_is_longer_each_time_but_never_long(times: int) -> None:
    """Twice as long as before, ten seconds at most: what is free again is read soon."""
    assert 1.0 <= rest_after(times) <= rest_after(times + 1) <= MOST


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()), min_size=1))
def test_only_a_partition_that_could_move_and_does_not_is_stuck(
    looks: list[tuple[bool, bool, bool, bool]],
) -> None:
    """Counted are the seconds since it last moved, was at its end or rested, without those in which the consumer had
    something else in hand; whatever other partitions do."""
    progress: Progress[str] = Progress()
    position, stood = 0, 0
    for n, (moves, at_end, rests, busy) in enumerate(looks):
        position += moves
        found = progress.look(
            {"this": position, "other": n},
            {"this": 0 if at_end else 5, "other": 1},
            busy=busy,
            resting={"this"} if rests else (),
            seconds=1,
        )
        stood = 0 if moves or at_end or rests or n == 0 else stood + (not busy)
        assert found == stood


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 50))))
def test_overtaking_is_the_worst_pair_of_one_contact(sent: list[tuple[str, int]]) -> None:
    """The same as looking at every pair."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    at: Callable[[int], datetime] = lambda seconds: start + timedelta(seconds=seconds)  # noqa: E731
    told = [Told(who, at(n), at(seconds)) for n, (who, seconds) in enumerate(sent)]
    pairs = [
        (one.sent_at - later.sent_at).total_seconds()
        for n, one in enumerate(told)
        for later in told[n + 1 :]
        if one.contact == later.contact
    ]
    assert overtaken(told) == max([0.0, *pairs])
