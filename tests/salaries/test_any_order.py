"""Whatever order role events come in, in whatever batches, how often, and on how many connections at once."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Pay, Role
from services.salaries import store
from tests.salaries.by_hand import counted
from tests.salaries.hearing import (
    BARNET,
    CAMDEN,
    HACKNEY,
    SUTTON,
    a_role,
    causes,
    closed,
    connected,
    empty,
    hear,
    hear_batch,
    said,
    table,
)

AUTHORITIES = ((CAMDEN,), (HACKNEY,), (BARNET,), (SUTTON,), (CAMDEN, BARNET), ())
on_a_database = settings(max_examples=20)


def histories(random: Random, *, roles: int, revisions: int) -> list[Role]:
    """Every revision of some roles: corrected, moved between cells, left out, brought back, closed."""
    told: list[Role] = []
    for number in range(roles):
        role = _some_state(random, f"role-{number}", 1)
        told.append(role)
        for revision in range(2, random.randint(1, revisions) + 1):
            how = random.random()
            if how < 0.2:
                role = closed(role).model_copy(update={"revision": revision})
            elif how < 0.4:
                role = role.model_copy(update={"revision": revision, "title": f"Title {revision}"})
            else:
                role = _some_state(random, role.id, revision)
            told.append(role)
    return told


def _some_state(random: Random, id_: str, revision: int) -> Role:
    low = random.choice([None, *(pounds * 1_000_00 + random.randint(0, 99) for pounds in (30, 45, 45, 52))])
    high = None if random.random() < 0.2 else (low or 40_000_00) + random.randint(0, 9_000_01)
    others = (
        None,
        Pay(text="£400 a day", minimum=400_00, maximum=random.choice([400_00, 555_55]), period="day"),
        Pay(text="£25.10 an hour", minimum=25_10, maximum=random.choice([None, 31_07]), period="hour"),
        (5_00, 6_00),
    )
    return a_role(
        id=id_,
        revision=revision,
        standard_role=random.choice(["Data engineer"] * 4 + ["Service designer", None]),
        level=random.choice([None, "senior", "lead"]),
        authorities=random.choice(AUTHORITIES),
        pay=random.choice(others) if random.random() < 0.25 else (low, high),
        posted_on=random.choice([None, date(2026, 11, 1), date(2026, 11, 30), _some_day(random)]),
    )


def _some_day(random: Random) -> date:
    return date(2026, 11, 2) - timedelta(
        days=random.choice([40, 300, 3_000, 9_000]) * random.randint(0, 1_000) // 1_000
    )


def delivered(random: Random, told: Sequence[Role]) -> list[list[Role]]:
    """The events in some order, some of them twice, old ones late, in batches of any size."""
    again = random.choices(told, k=random.randint(0, len(told)))
    order = [*told, *again]
    random.shuffle(order)
    batches: list[list[Role]] = []
    while order:
        size = random.randint(1, 6)
        batches.append(order[:size])
        order = order[size:]
    return batches


async def consistent(db: Any, heard: Sequence[Role]) -> None:
    """The table is what a count from nothing gives, and what was said last of each cell; each thing said was a
    difference, named exactly, one revision on."""
    assert await table(db) == counted(heard)
    newest: dict[str, Any] = {}
    for event in await said(db):
        now, before = event.benchmark, newest.get(event.benchmark.id)
        if before is None:
            assert (now.revision, event.changed) == (1, ())
            assert now.adverts > 0
        else:
            assert now.revision == before.revision + 1
            differing = {
                name for name in type(now).model_fields if getattr(now, name) != getattr(before, name)
            }
            assert set(event.changed) == differing - {"revision"} != set()
        newest[now.id] = now
    stored = await store.all_benchmarks(db)
    assert {cell.id: cell for cell in stored} == newest
    assert all(cell.adverts or (cell.bottom, cell.middle, cell.top) == (None,) * 3 for cell in stored)
    assert all(await causes(db))


@on_a_database
@given(st.integers(0, 2**32))
async def test_the_table_is_a_recount_from_nothing(db: Any, seed: int) -> None:
    """After any role events, in any order and batching, with duplicates and stale revisions, after every single
    batch: the benchmarks are those of the newest revision heard of each role, and the last said are the table."""
    random = Random(seed)
    await empty(db)
    told = histories(random, roles=random.randint(1, 9), revisions=4)
    heard: list[Role] = []
    batches = delivered(random, told)
    checked = random.randrange(len(batches))
    for number, batch in enumerate(batches):
        await hear_batch(db, batch)
        heard += batch
        if number == checked:
            await consistent(db, heard)
    await consistent(db, told)
    before = len(await said(db))
    await hear_batch(db, random.sample(told, len(told)))
    assert len(await said(db)) == before, "what was heard before says nothing again"


async def test_a_corrected_role_moves_and_its_old_cells_empty(db: Any) -> None:
    """The only lead data engineer was a senior one after all: the lead cells are said empty, the senior ones full,
    and what did not change is not said."""
    await hear_batch(db, [a_role()])
    first = len(await said(db))
    await hear_batch(db, [a_role(revision=2, level="senior")])
    moved = {event.benchmark.id: event.benchmark.adverts for event in (await said(db))[first:]}
    assert moved == {
        "data-engineer.lead.inner": 0,
        "data-engineer.lead.london": 0,
        "data-engineer.senior.inner": 1,
        "data-engineer.senior.london": 1,
    }
    await hear_batch(db, [closed(a_role(revision=3, level="senior")), a_role()])
    assert len(await said(db)) == first + len(moved)


async def test_an_old_revision_that_comes_late_has_no_effect(db: Any) -> None:
    """Neither after the newer one nor beside it in one batch."""
    new = a_role(revision=3, pay=(70_000_00, 80_000_00))
    await hear_batch(db, [a_role(revision=2), new, a_role(revision=1, level="senior")])
    await hear_batch(db, [a_role(revision=1)])
    assert await table(db) == counted([new])
    assert {event.benchmark.revision for event in await said(db)} == {1}


async def test_a_batch_that_fails_leaves_nothing(db: Any) -> None:
    """Rolled back, it is as if it had not been heard; heard again it has its effect once."""

    class Killed(Exception):
        pass

    async def failing() -> None:
        async with db.transaction():
            await hear(db, [a_role()])
            raise Killed

    with pytest.raises(Killed):
        await failing()
    assert (await table(db), await said(db)) == ({}, [])
    await hear_batch(db, [a_role()])
    await consistent(db, [a_role()])


async def test_two_transactions_at_once_on_one_cell_lose_nothing(dsn: str) -> None:
    """While one has heard a role but not committed, the other waits, and then counts both."""
    roles = [a_role(), a_role(id="role-2", pay=(60_000_00, 70_000_00))]
    async with connected(dsn) as one, connected(dsn) as other:
        await _second_waits_for_first(one, roles[0], other, roles[1])
        await consistent(one, roles)


@pytest.mark.parametrize("known", [True, False])
async def test_two_transactions_at_once_on_one_role_leave_it_in_one_cell(dsn: str, known: bool) -> None:
    """Two revisions of a role, each in another cell, heard at once on two connections: it ends in the newest's
    cells alone, whether or not it was known before."""
    roles = [a_role(), a_role(revision=2, level="senior"), a_role(revision=3, level="head")]
    async with connected(dsn) as one, connected(dsn) as other:
        if known:
            await hear_batch(one, roles[:1])
        await _second_waits_for_first(one, roles[1], other, roles[2])
        await consistent(one, roles)


async def _second_waits_for_first(one: Any, first: Role, other: Any, second: Role) -> None:
    pid = other.get_server_pid()
    async with one.transaction():
        await hear(one, [first])
        waiting = asyncio.create_task(hear_batch(other, [second]))
        async with asyncio.timeout(10):
            while not await one.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid):
                await asyncio.sleep(0.01)
        assert not waiting.done()
    await waiting


@pytest.mark.parametrize("seed", range(6))
async def test_many_connections_at_once_lose_nothing(dsn: str, seed: int) -> None:
    """Eight connections hear overlapping batches of the same roles at once, without a deadlock: the table is the
    recount."""
    random = Random(seed)
    told = histories(random, roles=12, revisions=4)
    async with AsyncExitStack() as stack:
        connections = [await stack.enter_async_context(connected(dsn)) for _ in range(8)]

        async def one(connection: Any, batches: list[list[Role]]) -> None:
            for batch in batches:
                await hear_batch(connection, batch)

        await asyncio.gather(*(one(connection, delivered(random, told)) for connection in connections))
        await consistent(connections[0], told)
