"""What a consumer promises, on a real broker and a real database."""

import asyncio
import json
import secrets
from typing import Any

import asyncpg
import pytest

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park, TryAgain
from loti_contracts.events import Envelope, Topic, encode
from tests.delivery.counting import Counting, count, effects, publish, publish_raw, request, until
from tests.servers import Kafka, Postgres


@pytest.fixture
async def member(kafka: Kafka, postgres: Postgres) -> Counting:
    """A counting service on a topic and a database of its own."""
    return Counting(
        kafka=kafka.bootstrap,
        dsn=await postgres.create_database(),
        topic=Topic(await kafka.create_topic(), "id", "test", "a test"),
        service=f"counting-{secrets.token_hex(4)}",
    )


def once_each(envelopes: list[Envelope[Any]]) -> dict[str, int]:
    return {envelope.id: 1 for envelope in envelopes}


async def test_events_that_come_again_have_no_second_effect(member: Counting) -> None:
    """Doubled within a batch, and again in a later one: each event has its effect once."""
    said = [request(n) for n in range(30)]
    await publish(member.kafka, member.topic.name, [*said, *said[:10]])
    async with member.running():
        await until(lambda: _has(member, 30))
        await publish(member.kafka, member.topic.name, [*said[5:20], last := request(99)])
        await until(lambda: _has(member, 31))
    assert await effects(member.dsn) == once_each([*said, last])


@pytest.mark.parametrize(
    "fault", ["park", "bug", "not json", "wrong shape", "header", "no headers", "wrong key", "empty"]
)
async def test_poison_is_isolated_from_its_batch(member: Counting, fault: str) -> None:
    """The rest of the batch has its effect; the bad message alone is kept, with reason, bytes and headers."""
    good = [request(n) for n in range(20)]
    poison = request(1_000, note="poison")
    key, value, headers = encode(poison)
    bad = {
        "park": (key, value, headers),
        "bug": (key, value, headers),
        "not json": (key, b"{not json", headers),
        "wrong shape": (key, b'{"request": {"id": "request-1000"}}', headers),
        "header": (key, value, [*headers, ("x-mojibake", b"\xff\xfe")]),
        "no headers": (key, value, []),
        "wrong key": (b"somebody-else", value, headers),
        "empty": (key, None, headers),
    }[fault]
    encoded = [encode(envelope) for envelope in good]
    await publish_raw(member.kafka, member.topic.name, [*encoded[:10], bad, *encoded[10:]])

    async def handle(envelope: Envelope[Any], tx: Connection) -> None:
        if envelope.event.request.note == "poison":
            if fault == "park":
                raise Park("request-1000 asks for what cannot be; withdraw it")
            raise KeyError("a bug")
        await count(envelope, tx)

    member.handler = handle
    async with member.running():
        await until(lambda: _has(member, 20))
        letter = (await until(lambda: _letters(member)))[0]
    assert await effects(member.dsn) == once_each(good)
    assert (letter["key"], letter["value"]) == (bad[0], bad[1])
    assert [name for name, _ in json.loads(letter["headers"])] == [name for name, _ in bad[2]]
    assert len(letter["reason"]) > 10
    assert letter["stack"]
    connection = await asyncpg.connect(member.dsn)
    said = await connection.fetchval("SELECT convert_from(value, 'UTF8') FROM outbox")
    await connection.close()
    assert json.loads(said)["dead_letter"]["reason"] == letter["reason"]


async def test_what_may_succeed_later_is_held_in_order(member: Counting) -> None:
    """TryAgain holds the partition: nothing overtakes the event, and in the end all have their effect."""
    said = [request(n) for n in range(10)]
    await publish(member.kafka, member.topic.name, said)
    refusals = iter(range(3))

    async def handle(envelope: Envelope[Any], tx: Connection) -> None:
        if envelope.event.subject == "request-4" and next(refusals, None) is not None:
            raise TryAgain("not yet")
        await count(envelope, tx)

    member.handler = handle
    async with member.running():
        await until(lambda: _has(member, 10))
    connection = await asyncpg.connect(member.dsn)
    order = await connection.fetch("SELECT event_id, times FROM effects ORDER BY position")
    await connection.close()
    assert [(row["event_id"], row["times"]) for row in order] == [(envelope.id, 1) for envelope in said]


async def test_a_batch_that_stays_held_is_given_back_whole(member: Counting) -> None:
    """Held longer than `hold`, the batch is rewound, not acknowledged: it has its effect when the cause is gone."""
    said = [request(n) for n in range(5)]
    await publish(member.kafka, member.topic.name, said)
    tries = 0
    open_ = asyncio.Event()

    async def handle(envelope: Envelope[Any], tx: Connection) -> None:
        nonlocal tries
        tries += 1
        if not open_.is_set():
            raise TryAgain("closed")
        await count(envelope, tx)

    member.handler = handle
    member.settings = {"drain": 15.0}
    async with member.running() as consumer:
        consumer._handling.hold = 0.1

        async def tried_often() -> bool:
            return tries > 6

        await until(tried_often)
        open_.set()
        await until(lambda: _has(member, 5))
    assert await effects(member.dsn) == once_each(said)


async def test_too_many_dead_letters_in_a_row_stop_the_consumer(member: Counting) -> None:
    """Better stopped than skipping: the breaker stays open over a restart, and nothing behind it is lost."""
    good = [request(n) for n in range(5)]
    bad = [(b"x", b"?", [])] * 8
    await publish_raw(member.kafka, member.topic.name, [*bad, *(encode(envelope) for envelope in good)])
    member.settings = {"breaker_limit": 3}
    async with member.running() as consumer:
        await until(lambda: _is(consumer, "stopped by its breaker"))
        assert len(await _letters(member)) == 3
    again = Counting(member.kafka, member.dsn, member.topic, member.service, settings={"breaker_limit": 100})
    async with again.running() as consumer:
        await until(lambda: _is(consumer, "stopped by its breaker"))
        assert "3 messages in a row" in (consumer._handling.breaker.why or "")
        await consumer._handling.breaker.close()
        await until(lambda: _has(again, 5))
        await until(lambda: _has_letters(again, 8))
    assert await effects(member.dsn) == once_each(good)


async def test_a_stop_finishes_what_is_in_hand(member: Counting) -> None:
    """Stopped in the middle of a batch, the batch is finished and acknowledged: nothing of it comes again."""
    said = [request(n) for n in range(3)]
    await publish(member.kafka, member.topic.name, said)
    begun = asyncio.Event()

    async def slow(envelope: Envelope[Any], tx: Connection) -> None:
        begun.set()
        await tx.execute("SELECT pg_sleep(0.3)")
        await count(envelope, tx)

    member.handler = slow
    async with member.running():
        await begun.wait()
    assert await effects(member.dsn) == once_each(said)
    seen: list[str] = []

    async def note(envelope: Envelope[Any], tx: Connection) -> None:
        seen.append(envelope.id)
        await count(envelope, tx)

    connection = await asyncpg.connect(member.dsn)
    await connection.execute("TRUNCATE inbox")  # so that only the acknowledgement keeps them away
    await connection.close()
    again = Counting(member.kafka, member.dsn, member.topic, member.service, handler=note)
    async with again.running():
        await publish(member.kafka, member.topic.name, [last := request(50)])
        await until(lambda: _has(again, 4))
    assert seen == [last.id]


async def test_a_rebalance_in_full_flow_loses_and_doubles_nothing(kafka: Kafka, postgres: Postgres) -> None:
    """Members come and go while events flow: each event has its effect once."""
    topic = Topic(await kafka.create_topic(partitions=4), "id", "test", "a test")
    dsn = await postgres.create_database()
    name = f"counting-{secrets.token_hex(4)}"
    said = [request(n) for n in range(600)]

    def another() -> Counting:
        return Counting(kafka.bootstrap, dsn, topic, name, settings={"batch_size": 20})

    async def flow() -> None:
        from aiokafka import AIOKafkaProducer

        producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
        try:
            await producer.start()
            for n, envelope in enumerate(said):
                key, value, headers = encode(envelope)
                await producer.send_and_wait(
                    topic.name, key=key, value=value, headers=headers, partition=n % 4
                )
        finally:
            await producer.stop()

    first = another()
    async with first.running():
        flowing = asyncio.create_task(flow())
        await until(lambda: _more_than(dsn, 20))
        async with another().running():
            await until(lambda: _more_than(dsn, 150))
            async with another().running():
                await until(lambda: _more_than(dsn, 300))
        await flowing
        await until(lambda: _more_than(dsn, 599))
    assert await effects(dsn) == once_each(said)


async def _has(member: Counting, events: int) -> bool:
    return len(await effects(member.dsn)) >= events


async def _more_than(dsn: str, events: int) -> bool:
    return len(await effects(dsn)) > events


async def _is(consumer: Any, state: str) -> bool:
    return bool(consumer.state == state)


async def _letters(member: Counting) -> list[Any]:
    connection = await asyncpg.connect(member.dsn)
    try:
        return list(await connection.fetch("SELECT * FROM dead_letters"))
    finally:
        await connection.close()


async def _has_letters(member: Counting, number: int) -> bool:
    return len(await _letters(member)) >= number
