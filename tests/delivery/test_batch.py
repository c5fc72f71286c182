"""What handling a batch promises, on a real database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import asyncpg
import pytest

from loti_contracts.delivery.batch import BatchHandler, BatchHandling, Handler, Held, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park, TryAgain
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.parking import Received
from loti_contracts.events import Envelope, RequestStated, encode
from tests.delivery.counting import EFFECTS, count, request
from tests.servers import Postgres

Make = Callable[..., BatchHandling]


@pytest.fixture
async def make(postgres: Postgres) -> AsyncIterator[Make]:
    """Makes a service that handles requests, with these handlers."""
    async with asyncpg.create_pool(await postgres.create_database(), min_size=0, max_size=4) as pool:
        async with pool.acquire() as connection:
            await migrate_delivery(connection)
            await connection.execute(EFFECTS)

        def made(
            by: Handler = count, *, at_once: BatchHandler | None = None, limit: int = 100
        ) -> BatchHandling:
            return BatchHandling(
                service="one",
                pool=pool,
                handle=at_once or each({RequestStated: by}),
                handles=frozenset({RequestStated}),
                breaker=Breaker(service="one", pool=pool, limit=limit),
                hold=0.0,
                bug_attempts=2,
                stopping=asyncio.Event(),
            )

        yield made


def messages(*numbers: int, note: str | None = None) -> list[Received]:
    """Requests, by their number, which is their offset as well. The same number gives the same message."""
    found = []
    for number in numbers:
        key, value, headers = encode(request(number, note=note))
        known = [(name, f"event-{number}".encode() if name == "ce_id" else text) for name, text in headers]
        found.append(Received("one", 0, number, 1, key, value, known))
    return found


async def done(handling: BatchHandling) -> list[int]:
    """Which had their effect, in order."""
    rows = await handling.pool.fetch("SELECT event_id FROM effects WHERE times = 1 ORDER BY position")
    return [int(row["event_id"].removeprefix("event-")) for row in rows]


async def parked(handling: BatchHandling) -> list[int]:
    """Which were set aside."""
    rows = await handling.pool.fetch("SELECT message_offset FROM dead_letters ORDER BY message_offset")
    return [row["message_offset"] for row in rows]


async def test_a_handler_that_goes_on_over_a_broken_transaction_loses_nothing(make: Make) -> None:
    """PostgreSQL commits nothing of it and reports no error: it counts as a bug, and the event is kept."""

    async def careless(said: Envelope[Any], tx: Connection) -> None:
        with contextlib.suppress(asyncpg.UniqueViolationError):
            await tx.execute("INSERT INTO effects (event_id, times) VALUES ('same', 1)")
        if said.subject != "request-0":
            await count(said, tx)

    handling = make(careless)
    await handling.process(messages(0))
    await handling.process(messages(1, 2))
    assert await parked(handling) == [1, 2]


async def test_a_resumed_consumer_comes_past_what_stopped_it(make: Make) -> None:
    """The batch was not acknowledged: the same bad messages come again, and do not count a second time."""

    async def refuse(said: Envelope[Any], tx: Connection) -> None:
        if int(said.subject.removeprefix("request-")) < 7:
            raise Park("bent")
        await count(said, tx)

    handling = make(refuse, limit=3)
    batch = messages(*range(9))
    for so_far in ([0, 1, 2], [0, 1, 2, 3, 4, 5]):
        with pytest.raises(Held):
            await handling.process(batch)
        assert await parked(handling) == so_far
        await handling.breaker.close()
    await handling.process(batch)
    assert (await parked(handling), await done(handling)) == ([*range(7)], [7, 8])


async def test_what_was_done_before_a_batch_was_held_is_not_done_again(make: Make) -> None:
    """One message asks to be tried again: nothing of its part is there, all before and the bad ones are settled."""
    held = True

    async def handle(said: Sequence[Envelope[Any]], tx: Connection) -> None:
        for one in said:
            if one.subject == "request-1":
                raise Park("bent")
            await count(one, tx)
            if one.subject == "request-3" and held:
                raise TryAgain("locked")

    handling = make(at_once=handle)
    with pytest.raises(Held):
        await handling.process(messages(0, 1, 2, 3))
    held = False
    await handling.process(messages(0, 1, 2, 3))
    assert (await done(handling), await parked(handling)) == ([0, 2, 3], [1])


async def test_a_slow_handler_gets_fewer_events_a_transaction(make: Make) -> None:
    """So that what is good waits a short while for what is bad beside it; a handler for many at once keeps its batch."""

    async def slow(said: Envelope[Any], tx: Connection) -> None:
        await tx.execute("SELECT pg_sleep(0.05)")
        await count(said, tx)

    async def slow_at_once(said: Sequence[Envelope[Any]], tx: Connection) -> None:
        await tx.execute("SELECT pg_sleep(0.5)")

    stepwise, at_once = make(slow), make(at_once=slow_at_once)
    await stepwise.process(messages(*range(10)))
    await at_once.process(messages(*range(20, 30)))
    assert stepwise.at_once == 5
    assert at_once.at_once > 1_000
    assert await done(stepwise) == [*range(10)]
