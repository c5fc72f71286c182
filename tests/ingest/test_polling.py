"""Polling, with the sample boards over HTTP and a real database: each thing is said once, whatever goes wrong."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from prometheus_client import REGISTRY

import services.ingest
from deploy.local.boards.adverts import as_of
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.migrations import migrate_delivery
from services.ingest import records, store
from tests.ingest.polling_world import (
    ADVERTS,
    BOARDS,
    DIGITAL,
    EVERY,
    NOW,
    Fetching,
    World,
    advert_of,
    open_world,
    until,
)


async def test_every_digital_advert_is_said_once(everything: World) -> None:
    """The first poll of all boards says each digital advert discovered, once, and none that is not digital; the
    second says nothing, and asks each board for one page."""
    told = await everything.poll()
    assert {kind for kind, _, _ in told} == {"discovered"}
    found = Counter((role.source, advert_of(role)) for _, role, _ in told)
    assert max(found.values()) == 1
    digital = {
        (a.board, a.id)
        for a in (as_of(advert, NOW.date()) for advert in ADVERTS)
        if a.digital and (a.closes is None or a.closes[:10] >= f"{NOW:%Y-%m-%d}")
    }
    others = {(advert.board, advert.id) for advert in ADVERTS if advert.digital is False}
    assert len(digital) >= 25
    assert len(digital - set(found)) <= 0.02 * len(digital)
    assert not others & set(found)
    assert await everything.stored() == await everything.last_said()

    await everything.asked()
    assert await everything.poll() == []
    assert len(await everything.asked()) == len(BOARDS)
    assert await everything.pool.fetchval("SELECT count(*) FROM sources WHERE failures = 0") == len(BOARDS)


async def test_an_unchanged_board_is_asked_for_one_page(world: World) -> None:
    """Known pages cost one conditional request, again and again."""
    for _ in range(3):
        assert await world.poll() == []
        assert await world.asked() == ["/camden/ 304"]


async def test_an_edited_advert_is_said_changed(world: World) -> None:
    """A new title and new pay: one event, one revision on, that names exactly what differs."""
    name = next(a.id for a in DIGITAL.values() if "Data" in a.title or "data" in a.title)
    before = next(role for role in (await world.stored()).values() if advert_of(role) == name)
    await world.change(
        {"replace": [{"id": name, "pay": "£61,000 to £62,000", "location": "Camden Town Hall"}]}
    )
    # Only the first of its pages is asked whether it has changed; the advert may be on another.
    ((kind, role, changed),) = await world.poll(replace(world.polling, whole_every=0))
    assert (kind, role.id, role.revision) == ("changed", before.id, 2)
    assert set(changed) == {"pay", "location"}
    assert role.pay is not None
    assert (role.pay.minimum, role.pay.maximum) == (61_000_00, 62_000_00)
    assert await world.poll() == []
    assert await world.stored() == await world.last_said()


async def test_a_removed_advert_is_closed_at_the_second_whole_reading(world: World) -> None:
    """Missing once it is still open, and the board is read whole again the next time, though its first page has
    not changed; missing twice it is closed. Put back, it is open again."""
    name = next(iter(DIGITAL))
    await world.change({"remove": [name]})
    assert await world.poll() == []
    ((kind, role, changed),) = await world.poll()
    assert (kind, advert_of(role), role.closed_because) == ("closed", name, "withdrawn")
    assert set(changed) == {"status", "closed_because", "closed_at"}
    assert await world.poll() == []
    await world.change({"reset": True})
    ((kind, again, _),) = await world.poll()
    assert (kind, again.id, again.status, again.revision) == ("changed", role.id, "open", 3)
    assert await world.stored() == await world.last_said()


async def test_one_process_polls_and_another_takes_over(postgres: Any) -> None:
    """Of two processes one polls; when its session is cut the other goes on; each thing is said once between them."""
    async with open_world(postgres, lambda source: True) as world:
        await world.asked()
        stopping = asyncio.Event()
        pollings = [replace(world.polling, rests={}) for _ in range(2)]
        loops = [asyncio.create_task(one.loop(world.pool, stopping)) for one in pollings]

        async def all_read() -> bool:
            return not await world.pool.fetchval("SELECT count(*) FROM sources WHERE last_good_at IS NULL")

        holders = (
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = hashtext('loti')::oid "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        try:
            await until(all_read)
            assert await world.pool.fetchval("SELECT max(run) FROM sources") == 1
            ((leader,),) = await world.pool.fetch(holders)
            await world.pool.execute("SELECT pg_terminate_backend($1)", leader)
            await world.pool.execute(
                "UPDATE sources SET next_poll_at = now(), etag = NULL, last_modified = NULL"
            )

            async def read_again() -> bool:
                return not await world.pool.fetchval("SELECT count(*) FROM sources WHERE run = 1")

            await until(read_again)
            ((another,),) = await world.pool.fetch(holders)
            assert another != leader
        finally:
            stopping.set()
            await asyncio.wait_for(asyncio.gather(*loops), timeout=10)
        told = await world.said()
        assert len(told) == len({role.id for _, role, _ in told}) > 25
        assert await world.stored() == await world.last_said()
        assert await world.pool.fetch(holders) == []


async def test_a_slow_board_holds_up_no_other(postgres: Any) -> None:
    """While one board is still being read, the others have their turns, again and again."""
    async with open_world(postgres, lambda source: source.id in ("camden", "hackney", "southwark")) as world:
        fetch, go_on = world.polling.fetcher.fetch, asyncio.Event()

        async def slow_camden(url: str, **conditions: Any) -> Any:
            if "/camden/" in url:
                await go_on.wait()
            return await fetch(url, **conditions)

        polling = replace(world.polling, fetcher=Fetching(slow_camden), at_once=2, every=0.05)
        stopping = asyncio.Event()
        loop = asyncio.create_task(polling.loop(world.pool, stopping))

        async def others_thrice() -> bool:
            looks = {id_: rest.quiet.times for id_, rest in polling.rests.items()}
            return looks.get("hackney", 0) >= 3 and looks.get("southwark", 0) >= 3

        try:
            await until(others_thrice)
            assert (await world.source("camden"))["last_good_at"] is None
        finally:
            go_on.set()
            stopping.set()
            await asyncio.wait_for(loop, timeout=10)


async def test_an_unchanged_board_costs_no_write(world: World) -> None:
    """Asked again and again while nothing changes, not a row is touched; that it was asked is written down with the
    next poll that has something to write, or at the end."""
    await world.poll()
    await world.asked()
    tables = ("sources", "runs", "roles", "sightings", "sighting_keys", "decisions", "outbox")
    rows = " UNION ALL ".join(f"SELECT '{name}', tableoid, ctid, xmin FROM {name}" for name in tables)
    before = await world.pool.fetch(
        f"SELECT pg_current_xact_id_if_assigned(), * FROM ({rows}) AS rows (name)"
    )
    for _ in range(5):
        world.wake()
        assert await world.polling.poll_due(world.pool) == 1
    assert await world.asked() == ["/camden/ 304"] * 5
    assert (
        await world.pool.fetch(f"SELECT pg_current_xact_id_if_assigned(), * FROM ({rows}) AS rows (name)")
        == before
    )
    await world.polling.write_down(world.pool)
    async with world.pool.acquire() as connection:
        runs = await records.runs_of(connection, "camden")
    assert [(run["outcome"], run["times"]) for run in runs] == [("unchanged", 6), ("complete", 1)]
    assert world.polling.rests == {}


async def test_a_poll_that_was_overtaken_says_nothing(world: World) -> None:
    """A process held up with an old snapshot comes back too late: what another one learned since stands, and nothing
    old is said."""
    name = "research-data-manager"
    fetch, held, go_on = world.polling.fetcher.fetch, asyncio.Event(), asyncio.Event()

    async def held_up(url: str, **conditions: Any) -> Any:
        found = await fetch(url, **conditions)
        if url.endswith(name):
            held.set()
            await go_on.wait()
        return found

    await world.change({"replace": [{"id": name, "title": "Second research data manager"}]})
    await world.due()
    late = replace(world.polling, fetcher=Fetching(held_up), whole_every=0)
    slow = asyncio.create_task(late.poll_due(world.pool))
    await held.wait()
    await world.change({"replace": [{"id": name, "title": "Third research data manager"}]})
    told = await world.poll(replace(world.polling, whole_every=0))
    assert [(kind, role.title) for kind, role, _ in told] == [("changed", "Third research data manager")]
    go_on.set()
    await slow
    assert await world.said() == []
    assert await world.stored() == await world.last_said()
    assert (await world.source())["wait"] > 0.2 * EVERY


@pytest.mark.parametrize("where", ["sources", "outbox"])
@pytest.mark.parametrize("how", ["cancelled", "connection cut"])
async def test_killed_between_fetch_and_commit_nothing_is_half_done(
    postgres: Any, where: str, how: str
) -> None:
    """A process that dies after it read a board, before its transaction or in the middle of it, leaves nothing
    behind; the board is still due, and everything is said once."""
    async with (
        open_world(postgres, lambda source: source.id == "camden") as world,
        asyncpg.create_pool(world.dsn, min_size=0) as others,
        others.acquire() as blocker,
    ):
        await world.due()
        world.door.open.clear()
        dying = asyncio.create_task(world.polling.poll_due(world.pool))
        await world.door.somebody_waits.wait()
        block = blocker.transaction()
        await block.start()
        await blocker.execute(f"LOCK TABLE {where} IN EXCLUSIVE MODE")
        world.door.open.set()
        stuck = (
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )

        async def blocked() -> bool:
            return await others.fetchval(stuck) is not None

        await until(blocked)
        if how == "cancelled":
            dying.cancel()
            with pytest.raises(asyncio.CancelledError):
                await dying
        else:
            await others.execute(f"SELECT pg_terminate_backend(pid) FROM ({stuck}) AS at_work")
            with pytest.raises(PASSING):
                await dying
        await block.rollback()
        assert await world.stored() == {}
        assert await world.said() == []
        source = await world.source()
        assert source["wait"] <= 0, "it is still due"
        assert (source["last_good_at"], source["run"]) == (None, 0)
        told = await world.poll()
        assert Counter(kind for kind, _, _ in told) == {"discovered": len(await world.stored())}
        assert len(told) >= len(DIGITAL)
        assert await world.stored() == await world.last_said()


async def test_the_loop_outlives_its_database(own_postgres: Any) -> None:
    """While the database is dead the loop waits; when it is back, what is due is polled and said."""
    async with open_world(own_postgres, lambda source: source.id == "camden") as world:
        stopping = asyncio.Event()
        await own_postgres.kill()
        loop = asyncio.create_task(world.polling.loop(world.pool, stopping))
        try:
            done, _ = await asyncio.wait([loop], timeout=0.7)
            assert not done
            await own_postgres.start()

            async def polled() -> bool:
                return bool((await world.source())["last_good_at"])

            await until(polled)
        finally:
            stopping.set()
            await asyncio.wait_for(loop, timeout=5)
        assert len(await world.said()) >= len(DIGITAL)


async def test_every_decision_and_run_is_on_record(world: World) -> None:
    """What was decided and why, and how each poll went, can be listed; unchanged polls in a row are one row."""
    name = next(iter(DIGITAL))
    for _ in range(3):
        await world.poll()
    await world.change({"remove": [name]})
    await world.poll()
    ((_, role, _),) = await world.poll()
    async with world.pool.acquire() as connection:
        told = await records.decisions_about(connection, role_id=role.id)
        runs = await records.runs_of(connection, "camden")
        (standing,) = await store.standings(connection)
    assert [row["decision"] for row in told] == ["closed", "kept", "discovered"]
    assert all(row["why"] and row["title"] == role.title for row in told)
    assert [(run["outcome"], run["times"]) for run in runs] == [
        ("complete", 1),
        ("complete", 1),
        ("unchanged", 3),
        ("complete", 1),
    ]
    assert runs[0]["said"] == {"closed": 1}
    assert (standing["failing"], standing["outcome"]) == (False, "complete")


async def test_what_polling_counts_is_there_for_prometheus(world: World) -> None:
    """Polls by outcome, postings, events by kind; how long since a board was good counts from the last look, though an
    unchanged board writes nothing; a board said to be failing shows."""

    def sample(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, {"source": "camden", **labels}) or 0.0

    before = {kind: sample("loti_polls_total", outcome=kind) for kind in ("unchanged", "complete", "failed")}
    read, closed = sample("loti_postings_read_total"), sample("loti_roles_said_total", kind="closed")
    await world.poll()
    await world.change({"remove": [next(iter(DIGITAL))]})
    await world.poll()
    await world.poll()
    after = {kind: sample("loti_polls_total", outcome=kind) - before[kind] for kind in before}
    assert after == {"unchanged": 1, "complete": 2, "failed": 0}
    assert sample("loti_postings_read_total") > read
    assert sample("loti_roles_said_total", kind="closed") == closed + 1
    await world.pool.execute("UPDATE sources SET last_complete_at = now() - interval '1 hour'")
    assert (await store.progress(world.pool))["sources"] == 1
    assert sample("loti_source_seconds_since_good") > 3_000
    await store.progress(world.pool, {"camden": datetime.now(UTC)})
    assert sample("loti_source_seconds_since_good") < 60
    await world.change({"answer": {"status": 500}})
    for _ in range(3):
        await world.poll()
    await store.progress(world.pool)
    assert sample("loti_source_failing") == 1
    assert sample("loti_polls_total", outcome="failed") == before["failed"] + 3


async def test_roles_of_the_version_before_keep_their_adverts(postgres: Any) -> None:
    """A database that knew each role by one advert: after the migration each has that advert as its sighting, and the
    next poll finds nothing new."""
    async with open_world(postgres, lambda source: source.id == "camden") as world:
        await world.poll()
        folder = Path(services.ingest.__file__).parent / "migrations"
        before = await postgres.create_database()
        connection = await asyncpg.connect(before)
        try:
            await migrate_delivery(connection)
            for name in ("0001_ingest.sql", "0002_history.sql"):
                await connection.execute((folder / name).read_text())
            await connection.execute("INSERT INTO sources (id, name) VALUES ('camden', 'Camden')")
            rows = await world.pool.fetch("SELECT * FROM sightings")
            for row in rows:
                await connection.execute(
                    "INSERT INTO roles (id, source, posting_key, role, missing, likeness) VALUES ($1, $2, $3, $4, 1, $5)",
                    *(row[name] for name in ("id", "source", "posting_key", "reading", "likeness")),
                )
            for name in ("0003_sightings.sql", "0004_standing_in.sql"):
                await connection.execute((folder / name).read_text())
        finally:
            await connection.close()
        async with asyncpg.create_pool(before, min_size=0) as pool:
            assert await pool.fetchval("SELECT count(*) FROM sightings WHERE missing = 1") == len(rows) > 3
            moved = replace(world, pool=pool, heard=0, polling=replace(world.polling, rests={}))
            assert await moved.poll() == []
            known = await world.stored()
            told = {id_: role.model_copy(update={"boards": ()}) for id_, role in known.items()}
            assert await moved.stored() == told  # that version did not tell of boards
