"""Pushing goes on after its database was away, and one process at a time pushes."""

import asyncio

from loti_contracts.delivery.database import Connection
from tests.databases import connected, database_of
from tests.servers import Postgres
from tests.webhooks.hearing import endpoint, hear, pushing, role, until_states
from tests.webhooks.receiver import OK, Receiver, Taken


async def test_a_database_that_goes_away_in_the_middle(own_postgres: Postgres, receiver: Receiver) -> None:
    """Killed while answers are on their way and started again: they are written down then, or the event comes again; the
    rest follows without anybody's help."""
    dsn = await database_of("webhooks", own_postgres)
    killed, back = asyncio.Event(), asyncio.Event()

    async def in_the_middle(taken: Taken, writer: asyncio.StreamWriter) -> None:
        if len(receiver.taken) == 3:
            await own_postgres.kill()
            killed.set()
        if killed.is_set():
            await back.wait()
        await OK(taken, writer)

    receiver.reply = in_the_middle
    said = [role(f"r{n}") for n in range(8)]
    async with connected(dsn) as db:
        await endpoint(db, receiver)
        await hear(db, *said)
    async with pushing(dsn, webhook_at_once=2, webhook_timeout=15.0):
        await asyncio.wait_for(killed.wait(), 10)
        await own_postgres.start()
        back.set()
        async with connected(dsn) as db:
            async with asyncio.timeout(30):
                while await db.fetchval("SELECT count(*) FROM deliveries WHERE state = 'delivered'") < 8:
                    await asyncio.sleep(0.05)
    assert {one.id for one in receiver.taken} == {one.id for one in said}


async def test_one_process_pushes_and_another_takes_over(
    dsn: str, db: Connection, receiver: Receiver
) -> None:
    """While two run, every event is pushed once; when the one that leads stops, the other goes on."""
    await endpoint(db, receiver)
    async with pushing(dsn):
        await hear(db, role("first"))
        await until_states(db, [("delivered", 1)])
        first_stops = asyncio.Event()

        async def second() -> None:
            async with pushing(dsn):
                await first_stops.wait()
                await hear(db, role("last"))
                await until_states(db, [("delivered", 1)] * 22)

        other = asyncio.create_task(second())
        await hear(db, *[role(f"r{n}") for n in range(20)])
        await until_states(db, [("delivered", 1)] * 21)
        assert len(receiver.taken) == 21
    first_stops.set()
    await other
    assert len(receiver.taken) == 22
