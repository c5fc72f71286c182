"""The counts that are kept: what they cost, that they are a count from nothing, and how they come to be."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import services.salaries
from loti_contracts.delivery.errors import TryAgain
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from loti_contracts.events import ContributedPay, Pay
from services.salaries import recount, store
from services.salaries.announce import put_contributed
from services.salaries.cells import Cell
from services.salaries.rules import Rules
from tests.salaries.bench_benchmarks import fill, told
from tests.salaries.by_hand import counted
from tests.salaries.hearing import a_role, closed, connected, empty, hear, hear_batch, said, table
from tests.salaries.test_any_order import delivered, histories

KEPT = {
    "pay_steps": "cell, measure, month, level, step, adverts, weight, paid",
    "cell_boroughs": "cell, gss, adverts",
    "cell_days": "cell, day, adverts",
    "cell_months": "cell, month, adverts, median",
    "benchmarks": "id, adverts, sums, benchmark - 'revision'",
}


async def kept(db: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is counted, without what was emptied."""
    rows = {
        name: await db.fetch(f"SELECT {columns} FROM {name} WHERE adverts > 0 ORDER BY 1, 2, 3")
        for name, columns in KEPT.items()
    }
    return {name: sorted(map(tuple, found), key=repr) for name, found in rows.items()}


@settings(max_examples=6)
@given(st.integers(0, 2**32))
async def test_what_is_kept_is_what_a_count_from_nothing_fills(db: Any, seed: int) -> None:
    """After any events in any order, every kept row is the one that a count from the observations writes; and counting
    anew says nothing, because nothing differs."""
    random = Random(seed)
    await empty(db)
    told = histories(random, roles=random.randint(1, 9), revisions=4)
    for batch in delivered(random, told):
        await hear_batch(db, batch)
    before, events = await kept(db), len(await said(db))
    assert await recount.differing(db, Rules()) == []
    async with db.transaction():
        await recount.everything(db, Rules())
    assert await kept(db) == before
    assert len(await said(db)) == events


async def test_a_cell_with_many_offers_is_the_count_by_hand(db: Any) -> None:
    """A hundred and twenty offers of four years, some corrected: every figure of every cell, with its confidence, its
    likely median and its trend."""
    heard = told(Random(3), 120)
    for first in range(0, len(heard), 50):
        await hear_batch(db, heard[first : first + 50])
    kept_ = await table(db)
    assert kept_ == counted(heard)
    assert {cell["confidence"] for cell in kept_.values()} >= {"low", "medium"}
    assert any(cell["likely"] for cell in kept_.values())
    assert any(cell["trend"]["change"] for cell in kept_.values())


async def test_a_role_event_costs_the_same_with_forty_times_the_observations(db: Any) -> None:
    """The rows that PostgreSQL reads for a new offer, its correction and its closing: with 20,000 observations behind
    the cell as many as with 500 of the same amounts and days. No table that grows with them is read as a whole."""
    few, many = await rows_read(db, 500), await rows_read(db, 20_000)
    assert few["whole tables"] == many["whole tables"] == 0
    assert many["rows"] <= 1.1 * few["rows"]


async def rows_read(db: Any, observations: int) -> dict[str, int]:
    """What a new offer, its correction and its closing read of the tables that grow, after so many."""
    await fill(db, observations, amounts=50, days=60)
    await hear_batch(db, [a_role(id="warms-up")])
    low = a_role(id="new", pay=(31_000_00, 44_444_00))
    states = [low, low.model_copy(update={"revision": 2, "level": "senior"})]
    await db.execute("SELECT pg_stat_force_next_flush()")  # what was read so far is told apart
    async with db.transaction():
        for state in [*states, closed(states[1]).model_copy(update={"revision": 3})]:
            await hear(db, [state])
        row = await db.fetchrow(
            """SELECT sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::int AS rows,
                sum(seq_tup_read)::int AS "whole tables"
            FROM pg_stat_xact_user_tables WHERE relname = ANY($1)""",
            ["pay_steps", "observations", "superseded_observations", "cell_days", "cell_months"],
        )
    return dict(row)


async def test_every_revision_is_kept_and_the_newest_counts(db: Any) -> None:
    """A correction can be seen: what was offered before it, by which rule; also where the older came later."""
    hourly = Pay(text="£25 an hour", minimum=25_00, maximum=25_00, period="hour")
    states = [a_role(), a_role(revision=2, pay=hourly), a_role(revision=3, pay=None)]
    await hear_batch(db, [states[0], states[2]])
    await hear_batch(db, [states[1], states[0]])
    history = await store.observations_of_role(db, "role-1")
    assert [(one.revision, one.bottom, one.rule) for one in history] == [
        (1, 50_000_00, "year"),
        (2, 46_928_70, "hour"),
        (3, None, None),
    ]
    assert history[1].how == "an hour × 36 hours × 52.143 weeks"
    assert history[2].why_left_out == "no pay is printed"
    assert await table(db) == {}


async def test_other_rules_count_everything_anew(db: Any) -> None:
    """With a half life of six months and a week of 40 hours the next batch finds all figures by the new rules, and those
    that differ are said once more; hours are made comparable anew from what the advert said."""
    hourly = Pay(text="£25 an hour", minimum=25_00, maximum=25_00, period="hour")
    old = a_role(id="old", pay=(70_000_00, 70_000_00), posted_on=a_role().found_at.date().replace(year=2025))
    roles = [a_role(), old, a_role(id="hourly", pay=hourly)]
    await hear_batch(db, roles)
    rules = Rules(half_life_months=6, week_hours=Rules().week_hours + 4)
    before = await store.load_benchmark(db, "data-engineer.lead.inner")
    await hear_batch(db, roles[:1], rules)
    after = await store.load_benchmark(db, "data-engineer.lead.inner")
    assert before
    assert after
    assert (before.half_life_months, after.half_life_months) == (12, 6)
    assert after.revision == before.revision + 1
    assert after.bottom != before.bottom
    assert await recount.differing(db, rules) == []
    told = len(await said(db))
    await hear_batch(db, roles, rules)
    assert len(await said(db)) == told
    lifted = (await store.observations_of_role(db, "hourly"))[-1]
    assert lifted.bottom == 52_143_00


async def test_two_processes_with_other_rules_do_not_mix_figures(dsn: str) -> None:
    """While one counts anew by its rules, the other waits; then it refuses to count by its own on top of them."""
    async with connected(dsn) as one, connected(dsn) as other:
        await hear_batch(other, [a_role()])
        async with one.transaction():
            await hear(one, [a_role(id="role-2")], Rules(half_life_months=3))
            refused = asyncio.create_task(hear_batch(other, [a_role(id="role-3")]))
            async with asyncio.timeout(10):
                while not await one.fetchval(
                    "SELECT cardinality(pg_blocking_pids($1)) > 0", other.get_server_pid()
                ):
                    await asyncio.sleep(0.01)
        with pytest.raises(TryAgain, match="different settings"):
            await refused
        assert await recount.differing(one, Rules(half_life_months=3)) == []
        assert await table(one) == counted([a_role(), a_role(id="role-2")], half_life=3)


async def test_a_database_of_the_first_version_is_counted(postgres: Any, tmp_path: Path) -> None:
    """Its observations become counted steps with the first batch: cells that nobody spoke of are said with the new
    fields, one revision on; what is heard afterwards is counted on top."""
    folder = Path(services.salaries.__file__).parent / "migrations"
    (tmp_path / "0001_salaries.sql").write_text((folder / "0001_salaries.sql").read_text("utf-8"), "utf-8")
    async with connected(await postgres.create_database()) as db:
        await migrate_delivery(db)
        await migrate(db, "salaries", tmp_path)
        await db.execute(
            """INSERT INTO observations VALUES
                ('old-1', 2, 'Data engineer', 'Data', 'lead', '{inner}', '{E09000007}', 5000000, 6000000, '2026-11-01',
                 NULL),
                ('old-2', 1, 'Data engineer', 'Data', 'lead', '{outer}', '{E09000003}', 4000000, 4000001, '2025-11-01',
                 NULL),
                ('old-3', 1, 'Data engineer', 'Data', NULL, '{inner}', '{E09000012}', NULL, NULL, '2026-11-01',
                 'the pay is by the hour')"""
        )
        await migrate(db, "salaries", folder)
        await hear_batch(db, [a_role(id="new", standard_role="Service designer")])
        roles = [
            a_role(id="old-1"),
            a_role(
                id="old-2",
                pay=(40_000_00, 40_000_01),
                authorities=(
                    a_role().authorities[0].model_copy(update={"gss": "E09000003", "area": "outer"}),
                ),
                posted_on=a_role().found_at.date().replace(year=2025, day=1),
            ),
            a_role(id="new", standard_role="Service designer"),
        ]
        assert await table(db) == counted(roles)
        await hear_batch(db, [a_role(id="old-1", revision=3, pay=(55_000_00, 60_000_00))])
        roles[0] = a_role(id="old-1", revision=3, pay=(55_000_00, 60_000_00))
        assert await table(db) == counted(roles)


@pytest.mark.parametrize("offers", [0, 2])
async def test_contributed_pay_is_said_and_outlives_role_events(db: Any, offers: int) -> None:
    """It is put into a cell with or without offers, said once, and carried over when the offers change."""
    cell, pay = Cell("Data engineer", "lead", "inner"), ContributedPay(suppressed="fewer than five boroughs")
    await hear_batch(db, [a_role(id=f"role-{n}") for n in range(offers)])
    async with db.transaction():
        assert await put_contributed(db, {cell: pay}) == [cell.id]
        assert await put_contributed(db, {cell: pay}) == []
    await hear_batch(db, [a_role(id="another")])
    found = await store.load_benchmark(db, cell.id)
    assert found
    assert (found.contributed, found.adverts, found.family) == (pay, offers + 1, "Data")
    assert await recount.differing(db, Rules()) == []
    async with db.transaction():
        assert await put_contributed(db, {cell: None}) == [cell.id]
    revisions = [event.benchmark.revision for event in await said(db) if event.benchmark.id == cell.id]
    assert revisions == list(range(1, len(revisions) + 1))
