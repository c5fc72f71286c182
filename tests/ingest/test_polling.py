"""Polling, with the sample boards over HTTP and a real database: each thing is said once, whatever goes wrong."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import asyncpg
import pytest

from deploy.local.boards.adverts import as_of
from loti_contracts.delivery.database import PASSING
from services.ingest import records, store, visiting
from services.ingest.fetch import Fetched, FetchFailed
from services.ingest.sources import Source
from tests.ingest.polling_world import (
    ADVERTS,
    BOARDS,
    DIGITAL,
    EVERY,
    NOW,
    World,
    advert_of,
    open_world,
    until,
)


@pytest.fixture
async def everything(postgres: Any) -> AsyncIterator[World]:
    """All sample boards, none of them polled yet."""
    async with open_world(postgres, lambda source: True) as world:
        yield world


@pytest.fixture
async def world(postgres: Any) -> AsyncIterator[World]:
    """Camden's board alone, polled once, with everything it said already heard."""
    async with open_world(postgres, lambda source: source.id == "camden") as world:
        await world.poll()
        await world.asked()
        yield world


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


async def test_what_changes_back_is_noticed(world: World) -> None:
    """An advert that was seen changed on a half-read board and is as before on the next reading is said as before:
    what the board said when it was last whole does not pass for known."""
    name = "research-data-manager"
    await world.change({"replace": [{"id": name, "title": "Lead research data manager"}]})
    last = [advert.id for advert in ADVERTS if advert.board == "camden"][-1]
    fetch = world.polling.fetcher.fetch

    async def losing_one(url: str, **conditions: Any) -> Any:
        if url.endswith(last):
            return await fetch(f"{url}-gone")
        return await fetch(url, **conditions)

    lossy = replace(world.polling, fetcher=_Fetching(losing_one), whole_every=0)
    assert [(kind, role.title) for kind, role, _ in await world.poll(lossy)] == [
        ("changed", "Lead research data manager")
    ]
    assert "incomplete" in (await world.source())["last_outcome"]
    await world.change({"reset": True})
    told = await world.poll()
    assert [(kind, role.title) for kind, role, _ in told] == [("changed", DIGITAL[name].title)]


@dataclass
class _Fetching:
    fetch: Callable[..., Awaitable[Any]]
    board_seconds: float = 60.0


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"status": 500}, "status 500"),
        ({"status": 404}, "status 404"),
        ({"body": "empty"}, "an empty body"),
        ("login", "Sign in"),
    ],
)
async def test_a_board_that_cannot_be_read_closes_nothing(world: World, fault: Any, told: str) -> None:
    """An error, an empty body or a login page: nothing is said, the failure is kept, the next poll is later and
    later, at most a day away; when the board is back all is as it was."""
    before = await world.stored()
    if fault == "login":
        world.door.login = True
    else:
        await world.change({"answer": fault})
    waits = []
    for number in range(1, 9):
        assert await world.poll() == []
        source = await world.source()
        assert source["failures"] == number
        assert source["last_outcome"].startswith("failed: ")
        assert told in source["last_outcome"]
        waits.append(source["wait"])
    assert waits[0] > 1.5 * EVERY
    assert all(later > 1.2 * sooner for sooner, later in pairwise(waits[:5]))
    assert 12 * 3600 < waits[-1] <= 24 * 3600
    ((kind, state, _),) = await world.told_of_sources()
    assert (kind, state.status, state.failures) == ("failing", "failing", 3)
    assert "127.0.0.1" not in state.why
    assert await world.stored() == before
    world.door.login = False
    await world.change({"answer": None})
    assert await world.poll() == []
    source = await world.source()
    assert (source["failures"], source["wait"] < 1.3 * EVERY) == (0, True)
    *_, (kind, state, changed) = await world.told_of_sources()
    assert (kind, state.status, state.failures, state.revision) == ("recovered", "working", 0, 2)
    assert set(changed) == {"status", "last_good_at", "failures", "why"}


async def test_a_board_cut_in_half_closes_nothing(world: World) -> None:
    """A truncated page may leave out any advert: nothing is said however often it comes."""
    await world.change({"answer": {"body": "truncated"}})
    for _ in range(6):
        assert await world.poll() == []
        assert "stops before" in (await world.source())["last_outcome"] or (await world.source())["failures"]
    await world.change({"answer": None})
    assert await world.poll() == []


async def test_an_emptied_board_is_doubted_before_it_is_believed(world: World) -> None:
    """A well-formed list with nothing in it, and adverts' pages that tell nothing: doubted twice, believed the third
    time, closed the fourth; back in between, nothing had happened."""
    every = [advert.id for advert in ADVERTS if advert.board == "camden"]
    fetch = world.polling.fetcher.fetch

    async def telling_nothing(url: str, **conditions: Any) -> Any:
        try:
            return await fetch(url, **conditions)
        except FetchFailed:
            return Fetched(url, b"<h1>Jobs with us</h1>", "text/html", None, None)

    blind = replace(world.polling, fetcher=_Fetching(telling_nothing))
    for _ in range(2):
        await world.change({"remove": every})
        assert await world.poll(blind) == []
        assert await world.poll(blind) == []
        await world.change({"reset": True})
        assert await world.poll(blind) == []
    await world.change({"remove": every})
    for _ in range(3):
        assert await world.poll(blind) == []
    told = await world.poll(blind)
    assert {kind for kind, _, _ in told} == {"closed"}
    assert {role.id for _, role, _ in told} == set(await world.stored())


async def test_what_the_adverts_own_pages_say_counts(world: World) -> None:
    """Gone from the list, a role stays open while its own page shows it; once that answers 404 it is closed at the
    second look, even when the whole list is empty."""
    every = [advert.id for advert in ADVERTS if advert.board == "camden"]
    pages = {role.links[0]: role.title for role in (await world.stored()).values()}
    fetch = world.polling.fetcher.fetch

    async def still_there(url: str, **conditions: Any) -> Any:
        if url in pages:
            return Fetched(url, f"<h1>{pages[url]}</h1>".encode(), "text/html", None, None)
        return await fetch(url, **conditions)

    await world.change({"remove": every})
    for _ in range(5):
        assert await world.poll(replace(world.polling, fetcher=_Fetching(still_there))) == []
    told = await world.poll()
    assert {(kind, role.closed_because) for kind, role, _ in told} == {("closed", "withdrawn")}
    assert {role.id for _, role, _ in told} == set(await world.stored())


@pytest.mark.parametrize("fault", [{"status": 500}, None])
async def test_a_closing_date_passes_whatever_the_board_says(world: World, fault: Any) -> None:
    """The day after its closing date a role is closed as expired, though the board is away or unchanged."""
    name = next(iter(DIGITAL))
    await world.change({"replace": [{"id": name, "closes": "2026-08-28"}]})
    ((kind, role, _),) = await world.poll(replace(world.polling, whole_every=0))
    assert kind == "changed"
    assert role.closes_on is not None
    await world.change({"answer": fault})
    kinds = []
    for day in (role.closes_on, role.closes_on + timedelta(days=1), role.closes_on + timedelta(days=2)):
        then = datetime.combine(day, time(12), tzinfo=UTC)
        told = await world.poll(replace(world.polling, clock=lambda then=then: then))
        kinds.append([(kind, said.closed_because) for kind, said, _ in told if said.id == role.id])
    assert kinds == [[], [("closed", "expired")], []]
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

        holders = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = hashtext('loti')::oid"
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

        polling = replace(world.polling, fetcher=_Fetching(slow_camden), at_once=2, every=0.05)
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
    late = replace(world.polling, fetcher=_Fetching(held_up), whole_every=0)
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


async def test_a_board_that_brings_a_bug_to_light_stops_no_other(
    everything: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When one board's content cannot be handled at all, that is its failure; the others are said."""
    real = visiting.read_snapshot

    def stumbling(snapshot: Any, source: Source, *, now: datetime) -> Any:
        if source.id == "camden":
            raise ZeroDivisionError("a bug")
        return real(snapshot, source, now=now)

    monkeypatch.setattr(visiting, "read_snapshot", stumbling)
    told = await everything.poll()
    assert {role.source for _, role, _ in told} >= {"hackney", "southwark", "westminster"}
    source = await everything.source()
    assert (source["failures"], source["last_outcome"]) == (1, "failed: a bug")


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


async def test_a_board_off_the_list_loses_its_roles_by_the_calendar(world: World) -> None:
    """Nothing polls it any more: its roles stay until their closing dates, and are closed then, once."""
    dated = {id_: role for id_, role in (await world.stored()).items() if role.closes_on}
    assert dated
    off = replace(world.polling, sources={}, clock=lambda: NOW + timedelta(days=400))
    for expected in (set(dated), set()):
        await off.turn_the_calendar(world.pool)
        told = await world.said()
        assert {role.id for _, role, _ in told} == expected
        assert {role.closed_because for _, role, _ in told} <= {"expired"}
    assert await world.stored() == await world.last_said()
