"""Taking turns: processes of a service that need the same lock for everything they do all come to their turn."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.delivery import turns
from loti_contracts.delivery.batch import BatchHandling, Held, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection, open_pool
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.pacing import Pace
from loti_contracts.delivery.parking import Received
from loti_contracts.events import Envelope, RequestStated, encode
from tests.databases import connected
from tests.delivery.counting import EFFECTS, count, request
from tests.servers import Postgres

TURN = "SELECT hold_in_turn('all of it')"


@pytest.fixture
async def pool(postgres: Postgres) -> AsyncIterator["asyncpg.Pool[Any]"]:
    dsn = await postgres.create_database()
    async with connected(dsn) as connection:
        await migrate_delivery(connection)
        await connection.execute(EFFECTS)
    found = await open_pool(dsn)
    yield found
    await found.close()


def a_service(pool: "asyncpg.Pool[Any]", handler: Any, *, hold: float = 0.0) -> BatchHandling:
    return BatchHandling(
        service="one", pool=pool, handle=each({RequestStated: handler}), handles=frozenset({RequestStated}),
        breaker=Breaker(service="one", pool=pool, limit=100), hold=hold, bug_attempts=2, stopping=asyncio.Event(),
        pace=Pace.stepwise(),
    )  # fmt: skip


def messages(*numbers: int) -> list[Received]:
    return [Received("one", 0, number, 1, *encode(request(number))) for number in numbers]


async def test_a_turn_is_waited_for_longer_than_a_lock(pool: "asyncpg.Pool[Any]") -> None:
    """Whoever cannot have a row's lock gives up at once; the service's turn is waited for, and afterwards rows are as before."""
    async with pool.acquire() as first, pool.acquire() as second:
        holding = first.transaction()
        await holding.start()
        await first.execute(TURN)
        async with second.transaction():
            await second.execute("SET LOCAL lock_timeout = '50ms'")
            waiting = asyncio.create_task(second.execute(TURN))
            done, _ = await asyncio.wait({waiting}, timeout=0.5)
            assert not done
            await holding.rollback()
            await waiting
            assert await second.fetchval("SHOW lock_timeout") == "50ms"


async def test_two_processes_with_much_to_do_both_go_on(pool: "asyncpg.Pool[Any]") -> None:
    """Each has a hundred events, each step under the service's lock, and neither holds the other off until it is done."""
    order: list[int] = []

    async def step(said: Envelope[Any], tx: Connection) -> None:
        await tx.execute(TURN)
        await tx.execute("SELECT pg_sleep(0.01)")
        order.append(int(said.subject.removeprefix("request-")) // 1_000)
        await count(said, tx)

    one, other = a_service(pool, step), a_service(pool, step)
    await asyncio.gather(one.process(messages(*range(100))), other.process(messages(*range(1_000, 1_100))))
    assert await pool.fetchval("SELECT count(*) FROM effects") == 200
    turns = 1 + sum(a != b for a, b in itertools.pairwise(order))
    assert turns > 3, f"one did all its work before the other began: {turns} turns"


async def test_what_is_in_somebodys_way_does_less_at_once(pool: "asyncpg.Pool[Any]") -> None:
    """A batch that could not have its lock comes again in smaller transactions, so that it and the others come through."""

    async def blocked(said: Envelope[Any], tx: Connection) -> None:
        raise asyncpg.LockNotAvailableError("somebody has it")

    handling = a_service(pool, blocked)
    before = handling.at_once
    with pytest.raises(Held):
        await handling.process(messages(*range(40)))
    assert handling.at_once < min(40, before)


async def test_an_outage_in_the_midst_of_much_has_less_done_at_once(pool: "asyncpg.Pool[Any]") -> None:
    """Where connections are lost more often than a long transaction takes, shorter ones get through: each that was undone
    halves the next, also within one batch."""
    done: list[int] = []
    since = 0

    async def step(said: Envelope[Any], tx: Connection) -> None:
        nonlocal since
        since += 1
        if since > 7:  # no transaction gets further than this
            since = 0
            raise ConnectionResetError("cut")
        await count(said, tx)
        done.append(1)

    class Slow(Pace):
        def cut_short(self, seconds: float, number: int) -> None:
            super().cut_short(10.0, number)

        def took(self, seconds: float, number: int, *, steps: bool) -> None:
            nonlocal since
            since = 0

    handling = a_service(pool, step, hold=600.0)
    handling.pace = Slow(64)
    await handling.process(messages(*range(40)))
    assert await pool.fetchval("SELECT count(*) FROM effects") == 40
    assert handling.at_once <= 7


async def test_waiting_for_ones_turn_is_no_work(pool: "asyncpg.Pool[Any]") -> None:
    """How long a transaction works decides how much the next one takes, not how long others worked before it."""
    paced: list[float] = []
    waited: list[float] = []

    class Recorded(Pace):
        def took(self, seconds: float, number: int, *, steps: bool) -> None:
            paced.append(seconds)

    async def step(said: Envelope[Any], tx: Connection) -> None:
        await turns.in_turn(tx.execute(TURN))
        waited.append(turns.waited())
        await count(said, tx)

    handling = a_service(pool, step)
    handling.pace = Recorded(64)
    async with pool.acquire() as first:
        holding = first.transaction()
        await holding.start()
        await first.execute(TURN)
        began = time.monotonic()
        processing = asyncio.create_task(handling.process(messages(1)))
        while not await pool.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()"
        ):
            await asyncio.sleep(0.01)
        seen = time.monotonic()
        await asyncio.sleep(0.2)
        released = time.monotonic()
        await holding.rollback()
    await processing
    assert waited[0] >= released - seen
    assert paced[0] <= time.monotonic() - began - waited[0]


@given(
    went=st.lists(
        st.tuples(
            st.sampled_from(["held", "cut short", "took"]),
            st.floats(0, 5),
            st.integers(1, 5_000),
            st.booleans(),
        )
    )
)
def test_a_pace_is_never_nothing(went: list[tuple[str, float, int, bool]]) -> None:
    """Whatever happens at least one event is taken at once; and what takes a batch as a whole is never cut into parts."""
    stepwise, whole = Pace.stepwise(), Pace()
    for what, seconds, number, steps in went:
        for pace, by_steps in ((stepwise, steps), (whole, False)):
            if what == "held":
                pace.held(number)
            elif what == "cut short":
                pace.cut_short(seconds, number)
            else:
                pace.took(seconds, number, steps=by_steps)
        assert stepwise.at_once >= 1
        assert whole.at_once >= 5_000
