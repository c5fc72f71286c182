"""What a replay promises, on a real database; and once on a real broker, from the wish to what is said."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer
from pydantic import SecretStr
from typer.testing import CliRunner

from deploy.dead_letters import app as commands
from loti_contracts.delivery import choosing, process, replaying
from loti_contracts.delivery.batch import BatchHandling, Handler, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park, TryAgain
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import (
    Contact,
    ContactStated,
    Envelope,
    MessageParked,
    MessageReplayed,
    Replay,
    ReplayAsked,
    RequestStated,
    Topic,
    decode,
    encode,
)
from loti_contracts.events.envelope import envelop
from loti_contracts.events.topics import DEAD_LETTERS, REPLAYS
from tests.delivery.counting import EFFECTS, count, effects, publish, request, until
from tests.servers import Kafka, Postgres

NOW = datetime(2026, 11, 22, tzinfo=UTC)


async def refuse(envelope: Envelope[Any], _: Connection) -> None:
    """Until the cause is mended."""
    raise Park(f"{envelope.subject} asks for what cannot be")


@pytest.fixture
async def handling(postgres: Postgres) -> AsyncIterator[BatchHandling]:
    """A service that refuses every request, and hears of replays."""
    dsn = await postgres.create_database()
    async with asyncpg.create_pool(dsn, min_size=0, max_size=4) as pool:
        async with pool.acquire() as connection:
            await migrate_delivery(connection)
            await connection.execute(EFFECTS)
        yield replaying.hearing(
            BatchHandling(
                service="one",
                pool=pool,
                handle=each({RequestStated: refuse}),
                handles=frozenset({RequestStated, ContactStated}),
                breaker=Breaker(service="one", pool=pool, limit=20),
                hold=0.0,
                bug_attempts=1,
                stopping=asyncio.Event(),
            )
        )


def mended(handling: BatchHandling, by: Handler = count) -> BatchHandling:
    """The same service after its repair, over the same tables."""
    return replaying.hearing(
        BatchHandling(
            service=handling.service,
            pool=handling.pool,
            handle=each({RequestStated: by}),
            handles=frozenset({RequestStated}),
            breaker=handling.breaker,
            hold=0.0,
            bug_attempts=1,
            stopping=asyncio.Event(),
        )
    )


def message(envelope: Envelope[Any], offset: int = 0) -> Received:
    key, value, headers = encode(envelope)
    return Received(envelope.event.topic, 0, offset, 1, key, value, headers)


async def parked(handling: BatchHandling, *numbers: int) -> list[Any]:
    """The dead letters that these requests became."""
    await handling.process([message(request(n), n) for n in numbers])
    return [
        row["id"] for row in await handling.pool.fetch("SELECT id FROM dead_letters ORDER BY message_offset")
    ]


async def ask(handling: BatchHandling, letter: object, *, service: str = "one", revision: int = 1) -> None:
    """As the portal says it."""
    replay = Replay(id=str(letter), revision=revision, service=service, stated_at=NOW)
    said = envelop(ReplayAsked(replay=replay), source="/loti/portal", time=NOW)
    await handling.process([message(said, secrets.randbits(40))])


async def said(handling: BatchHandling) -> list[tuple[int, str | None, str]]:
    """Revision, status and reason in each event about dead letters that waits for the relay, in order."""
    rows = await handling.pool.fetch(
        "SELECT convert_from(value, 'UTF8') AS said FROM outbox ORDER BY position"
    )
    letters = [json.loads(row["said"])["dead_letter"] for row in rows]
    return [(one["revision"], one["status"], one["reason"]) for one in letters]


async def test_a_letter_has_its_effect_once_however_often_it_is_asked(handling: BatchHandling) -> None:
    """Asked twice, and again afterwards: one effect, one word of it; the letter is no longer counted as one."""
    (letter,) = await parked(handling, 1)
    service = mended(handling)
    await ask(service, letter)
    await ask(service, letter, revision=2)
    assert await replaying.replay_asked(service)
    await ask(service, letter, revision=3)
    assert await replaying.replay_asked(service)
    found = await handling.pool.fetch("SELECT times FROM effects")
    assert [row["times"] for row in found] == [1]
    why = "request-1 asks for what cannot be"
    assert await said(handling) == [(1, "parked", why), (2, "replayed", why)]
    async with handling.pool.acquire() as connection:
        assert await choosing.letters(connection, choosing.Choice()) == []
        assert len(await choosing.letters(connection, choosing.Choice(status=None))) == 1


async def test_what_had_its_effect_meanwhile_has_no_second(handling: BatchHandling) -> None:
    """The event came a second time after the repair; its replay marks the letter and does nothing else."""
    again = request(1)
    await handling.process([message(again, 1)])
    letter = await handling.pool.fetchval("SELECT id FROM dead_letters")
    service = mended(handling)
    await service.process([message(again, 2)])
    await ask(service, letter)
    assert await replaying.replay_asked(service)
    assert [row["times"] for row in await handling.pool.fetch("SELECT times FROM effects")] == [1]
    assert (await said(handling))[-1][:2] == (2, "replayed")


async def test_what_fails_again_is_parked_with_its_new_reason(handling: BatchHandling) -> None:
    """Nothing of its effect stays; the letter can be asked for once more. The reason may hold what no table can;
    a bug with a message about people is told of by its kind alone, since it may quote the message."""
    (letter,) = await parked(handling, 1)

    async def half(envelope: Envelope[Any], tx: Connection) -> None:
        await count(envelope, tx)
        raise ValueError("another\0 bug \ud800")

    broken = mended(handling, half)
    await ask(broken, letter)
    assert await replaying.replay_asked(broken)
    assert await handling.pool.fetchval("SELECT count(*) FROM effects") == 0
    assert (await said(handling))[-1] == (2, "parked", "unexpected ValueError: see the service's own table")
    (row,) = await handling.pool.fetch("SELECT attempts, reason, stack, replay_asked_at FROM dead_letters")
    assert (row["attempts"], row["replay_asked_at"]) == (2, None)
    assert row["reason"] == "unexpected ValueError: another� bug ?"
    assert "another� bug ?" in row["stack"]
    service = mended(handling)
    await ask(service, letter, revision=2)
    assert await replaying.replay_asked(service)
    assert (await said(handling))[-1][:2] == (3, "replayed")


async def test_what_may_succeed_later_stays_asked_and_lets_others_by(handling: BatchHandling) -> None:
    """TryAgain loses no wish and says nothing; the next look takes it up."""
    first, second = await parked(handling, 1, 2)
    refusals = iter(range(1))

    async def later(envelope: Envelope[Any], tx: Connection) -> None:
        if envelope.subject == "request-1" and next(refusals, None) is not None:
            raise TryAgain("not yet")
        await count(envelope, tx)

    service = mended(handling, later)
    for letter in (first, second):
        await ask(service, letter)
    assert not await replaying.replay_asked(service)
    assert await handling.pool.fetchval("SELECT count(*) FROM effects") == 1
    assert await replaying.replay_asked(service)
    assert await handling.pool.fetchval("SELECT count(*) FROM effects") == 2


async def test_no_batch_is_handled_while_a_letter_is(handling: BatchHandling) -> None:
    """A batch that comes in the middle of a replay waits until it is committed, and sees its effect."""
    (letter,) = await parked(handling, 1)
    begun, go_on = asyncio.Event(), asyncio.Event()
    order = []

    async def slow(envelope: Envelope[Any], tx: Connection) -> None:
        if envelope.subject == "request-1":
            begun.set()
            await go_on.wait()
        order.append((envelope.subject, await tx.fetchval("SELECT count(*) FROM effects")))
        await count(envelope, tx)

    service = mended(handling, slow)
    await ask(service, letter)
    replay = asyncio.create_task(replaying.replay_asked(service))
    await begun.wait()
    batch = asyncio.create_task(service.process([message(request(2), 2)]))

    async def waits() -> bool:
        return bool(
            await handling.pool.fetchval(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'inbox'::regclass"
            )
        )

    await until(waits)
    go_on.set()
    await asyncio.gather(replay, batch)
    assert order == [("request-1", 0), ("request-2", 1)]


async def test_a_replay_that_is_cut_short_did_not_happen(handling: BatchHandling) -> None:
    """Stopped hard between the effect and the mark, neither is there, and the wish still is."""
    (letter,) = await parked(handling, 1)
    done = asyncio.Event()

    async def hang(envelope: Envelope[Any], tx: Connection) -> None:
        await count(envelope, tx)
        done.set()
        await asyncio.Event().wait()

    service = mended(handling, hang)
    await ask(service, letter)
    running = asyncio.create_task(replaying.run(service))
    await done.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert await handling.pool.fetchval("SELECT count(*) FROM effects") == 0
    assert len(await said(handling)) == 1
    assert await replaying.replay_asked(mended(handling))
    assert await handling.pool.fetchval("SELECT count(*) FROM effects") == 1


@pytest.mark.parametrize(
    ("letter", "why"),
    [("7", "is no id of a dead letter"), ("00000000-0000-0000-0000-000000000000", "has no dead letter")],
)
async def test_a_wish_for_nothing_is_set_aside_with_its_reason(
    handling: BatchHandling, letter: str, why: str
) -> None:
    """A wish that this service cannot fulfil is seen by whoever watches; one for another service is not its own."""
    await ask(handling, letter, service="another")
    assert await said(handling) == []
    await ask(handling, letter)
    assert why in (await said(handling))[0][2]


async def test_people_stay_in_the_table(handling: BatchHandling) -> None:
    """The replay of a message about a person says its place alone."""
    person = Contact(
        id="c", revision=1, name="Ada Lovelace", email="ada@hackney.gov.uk", organisation="Hackney"
    )
    await handling.process([message(envelop(ContactStated(contact=person), source="/x", time=NOW))])
    await ask(handling, await handling.pool.fetchval("SELECT id FROM dead_letters"))
    assert await replaying.replay_asked(handling)
    rows = await handling.pool.fetch("SELECT convert_from(value, 'UTF8') AS said FROM outbox")
    assert len(rows) == 2
    assert not any("ovelace" in row["said"] or "Handler" in row["said"] for row in rows)


async def test_from_the_shell(handling: BatchHandling, postgres: Postgres) -> None:
    """`loti dead-letters replay` waits for what comes of it; a service that is away does it when it is back."""
    dsn = await handling.pool.fetchval("SELECT current_database()")
    env = {"LOTI_DATABASE": postgres.dsn.rsplit("/", 1)[0] + f"/{dsn}"}

    async def loti(*words: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, commands, words, env=env)

    assert "no dead letter to replay" in (await loti("replay", "--all")).output
    first, second = await parked(handling, 1, 2)
    away = await loti("replay", str(first), "--wait", "0")
    assert (away.exit_code, "as soon as the service runs" in away.output) == (0, True)
    service = mended(handling)
    running = asyncio.create_task(replaying.run(service))
    both = await loti("replay", "--all")
    assert (both.exit_code, f"{second}  replayed at" in both.output) == (0, True)
    assert (await loti("list", "--replayed")).output.count("replayed at") == 2
    assert (await loti("list")).output == ""
    service.stopping.set()
    await running
    again = await loti("replay", str(second))
    assert (again.exit_code, "replayed at" in again.output) == (0, True)
    for words, why in (((), "or --all"), ((str(first), "--all"), "or --all"), (("7",), "is no id")):
        refused = await loti("replay", *words)
        assert (refused.exit_code, why in refused.output) == (2, True)


async def test_from_the_wish_to_what_is_said(kafka: Kafka, postgres: Postgres) -> None:
    """A running service parks a message and says so; asked over the broker, it handles it and says that."""
    name, topic = f"mended-{secrets.token_hex(4)}", await kafka.create_topic()
    dsn, mended = await postgres.create_database(), asyncio.Event()

    async def handle(envelope: Envelope[Any], tx: Connection) -> None:
        if not mended.is_set():
            raise Park("not yet mended")
        await tx.execute(EFFECTS)
        await count(envelope, tx)

    settings = ServiceSettings(kafka=kafka.bootstrap, database=SecretStr(dsn))
    hears = [Topic(topic, "id", "test", "a test")]
    running = process._Running(
        process.Service(name=name, settings=settings, hears=hears, on={RequestStated: handle})
    )
    life = asyncio.create_task(running.live())
    try:
        await publish(kafka.bootstrap, topic, [one := request(1)])
        letter = await _told(kafka, name, MessageParked)
        mended.set()
        replay = Replay(id=letter.id, revision=1, service=name, stated_at=NOW)
        wish = envelop(ReplayAsked(replay=replay), source="/loti/portal", time=NOW)
        await publish(kafka.bootstrap, REPLAYS.name, [wish])
        replayed = await _told(kafka, name, MessageReplayed)
    finally:
        running._stopping.set()
        await life
    assert (replayed.id, replayed.status, replayed.revision) == (letter.id, "replayed", 2)
    assert await effects(dsn) == {one.id: 1}


async def _told(kafka: Kafka, service: str, event: type[Any]) -> Any:
    """The dead letter in the first such event of that service; waits for it."""
    async with asyncio.timeout(60), contextlib.AsyncExitStack() as stack:
        consumer = AIOKafkaConsumer(
            DEAD_LETTERS.name,
            bootstrap_servers=kafka.bootstrap,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            metadata_max_age_ms=500,
        )
        stack.push_async_callback(consumer.stop)
        await consumer.start()
        async for record in consumer:
            read = decode(record.key, record.value, record.headers)
            if isinstance(read, Envelope) and type(read.event) is event:
                letter = read.event.state
                if letter.service == service:  # type: ignore[attr-defined]
                    return letter
    raise AssertionError("the topic ended")
