"""Polling, with the sample boards over HTTP and a real database: each thing is said once, whatever goes wrong."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

import services.ingest
from deploy.local.boards.adverts import as_of, load
from deploy.local.boards.server import create_app, serving
from loti_contracts.delivery.database import PASSING, open_pool
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from loti_contracts.events import Role
from services.ingest import polling as polling_module
from services.ingest import store
from services.ingest.fetch import Fetcher
from services.ingest.polling import Polling
from services.ingest.sources import Source

NOW = datetime(2027, 1, 6, 12, tzinfo=UTC)
BOARDS, ADVERTS = load()
DIGITAL = {a.id: as_of(a, NOW.date()) for a in ADVERTS if a.board == "camden" and a.digital}
EVERY = 900.0


@dataclass
class Door:
    """The sample boards, behind a door that can hold callers up or ask them for a password."""

    app: ASGIApp
    login: bool = False
    open: asyncio.Event = field(default_factory=asyncio.Event)
    somebody_waits: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(("/control", "/sources.json")):
            await self.app(scope, receive, send)
            return
        if not self.open.is_set():
            self.somebody_waits.set()
            await self.open.wait()
        page = HTMLResponse("<html><head><title>Sign in</title></head><body>Password</body></html>")
        await (page if self.login else self.app)(scope, receive, send)


@dataclass
class World:
    """Boards, a database, and the ingest service's polling between them."""

    base: str
    door: Door
    dsn: str
    pool: "asyncpg.Pool[Any]"
    polling: Polling
    client: httpx2.AsyncClient
    heard: int = 0

    async def poll(self, polling: Polling | None = None) -> list[tuple[str, Role, tuple[str, ...]]]:
        """Let every board be due, poll, and give what was newly said: kind, role, changed."""
        await self.due()
        while await (polling or self.polling).poll_due(self.pool):
            pass
        return await self.said()

    async def due(self) -> None:
        await self.pool.execute("UPDATE sources SET next_poll_at = now()")

    async def said(self) -> list[tuple[str, Role, tuple[str, ...]]]:
        """What was said since this was asked last."""
        rows = await self.pool.fetch(
            "SELECT position, headers, value FROM outbox WHERE position > $1 ORDER BY position", self.heard
        )
        told = []
        for row in rows:
            self.heard = row["position"]
            event = json.loads(row["value"])
            kind = json.loads(row["headers"])["ce_type"].split(".")[3]
            told.append((kind, Role.model_validate(event["role"]), tuple(event["changed"])))
        return told

    async def last_said(self) -> dict[str, Role]:
        """The newest state said of each role, whose revisions must have counted up by one."""
        newest: dict[str, Role] = {}
        for row in await self.pool.fetch("SELECT value FROM outbox ORDER BY position"):
            role = Role.model_validate(json.loads(row["value"])["role"])
            assert role.revision == (newest[role.id].revision + 1 if role.id in newest else 1)
            newest[role.id] = role
        return newest

    async def stored(self) -> dict[str, Role]:
        """The table of roles."""
        rows = await self.pool.fetch("SELECT role FROM roles")
        return {role.id: role for role in (Role.model_validate_json(row["role"]) for row in rows)}

    async def source(self, id_: str = "camden") -> Mapping[str, Any]:
        """How a board does, with the seconds until it is polled again."""
        row = await self.pool.fetchrow(
            "SELECT *, extract(epoch FROM next_poll_at - now())::float8 AS wait FROM sources WHERE id = $1",
            id_,
        )
        assert row is not None
        return dict(row)

    async def change(self, wish: Mapping[str, Any], board: str = "camden") -> None:
        """Change a board."""
        (await self.client.put(f"{self.base}/control/{board}", json=wish)).raise_for_status()

    async def asked(self) -> list[str]:
        """The paths that the boards were asked for since this was asked last, with their status."""
        entries = (await self.client.get(f"{self.base}/control/log")).json()
        await self.client.delete(f"{self.base}/control/log")
        return [f"{entry['path']} {entry['status']}" for entry in entries]


@pytest.fixture
async def everything(postgres: Any) -> AsyncIterator[World]:
    """All sample boards, none of them polled yet."""
    async with _world(postgres, lambda source: True) as world:
        yield world


@pytest.fixture
async def world(postgres: Any) -> AsyncIterator[World]:
    """Camden's board alone, polled once, with everything it said already heard."""
    async with _world(postgres, lambda source: source.id == "camden") as world:
        await world.poll()
        await world.asked()
        yield world


@asynccontextmanager
async def _world(postgres: Any, wanted: Callable[[Source], bool]) -> AsyncIterator[World]:
    dsn = await postgres.create_database()
    connection = await asyncpg.connect(dsn)
    try:
        await migrate_delivery(connection)
        await migrate(connection, "ingest", Path(services.ingest.__file__).parent / "migrations")
    finally:
        await connection.close()
    door = Door(create_app(NOW.date()))
    door.open.set()
    async with (
        serving(door) as base,
        Fetcher(user_agent="tests", timeout=20, max_bytes=5_000_000, allow_private=True) as fetcher,
        httpx2.AsyncClient() as client,
    ):
        rows = (await client.get(f"{base}/sources.json")).json()
        sources = {source.id: source for source in map(Source.model_validate, rows) if wanted(source)}
        polling = Polling(
            sources=sources, fetcher=fetcher, every=EVERY, whole_every=6 * 3600, at_once=4, clock=lambda: NOW
        )
        pool = await open_pool(dsn)
        try:
            await store.register(pool, list(sources.values()))
            yield World(base, door, dsn, pool, polling, client)
        finally:
            door.open.set()
            await pool.close()


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that must happen."""
    async with asyncio.timeout(10):
        while not await true():
            await asyncio.sleep(0.01)


def advert_of(role: Role) -> str:
    """The sample advert's id."""
    return role.links[0].rpartition("/")[2]


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
    assert all(later > 1.5 * sooner for sooner, later in pairwise(waits[:5]))
    assert 12 * 3600 < waits[-1] <= 24 * 3600
    assert await world.stored() == before
    world.door.login = False
    await world.change({"answer": None})
    assert await world.poll() == []
    source = await world.source()
    assert (source["failures"], source["wait"] < 1.3 * EVERY) == (0, True)


async def test_a_board_cut_in_half_closes_nothing(world: World) -> None:
    """A truncated page may leave out any advert: nothing is said however often it comes."""
    await world.change({"answer": {"body": "truncated"}})
    for _ in range(6):
        assert await world.poll() == []
        assert "stops before" in (await world.source())["last_outcome"] or (await world.source())["failures"]
    await world.change({"answer": None})
    assert await world.poll() == []


async def test_an_emptied_board_is_doubted_before_it_is_believed(world: World) -> None:
    """A well-formed list with nothing in it: doubted twice, believed the third time, closed the fourth; back in
    between, nothing had happened."""
    every = [advert.id for advert in ADVERTS if advert.board == "camden"]
    for _ in range(2):
        await world.change({"remove": every})
        assert await world.poll() == []
        assert await world.poll() == []
        await world.change({"reset": True})
        assert await world.poll() == []
    await world.change({"remove": every})
    for _ in range(3):
        assert await world.poll() == []
    told = await world.poll()
    assert {kind for kind, _, _ in told} == {"closed"}
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


async def test_two_pollers_share_the_boards(everything: World) -> None:
    """Two processes that poll at the same moment say each thing once between them, and poll no board twice."""
    await everything.due()

    async def one_process() -> None:
        while await everything.polling.poll_due(everything.pool):
            pass

    await asyncio.gather(*(one_process() for _ in range(3)))
    told = await everything.said()
    assert len(told) == len({role.id for _, role, _ in told}) > 25
    assert await everything.stored() == await everything.last_said()
    assert await everything.pool.fetchval("SELECT max(run) FROM sources") == 1


async def test_a_poll_that_was_overtaken_says_nothing(world: World) -> None:
    """A process held up with an old snapshot until its claim ran out comes back too late: what another one learned
    since stands, and nothing old is said."""
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
    assert 0 < (await world.source())["wait"] <= polling_module._LEASE, "it is nobody else's meanwhile"
    await world.change({"replace": [{"id": name, "title": "Third research data manager"}]})
    told = await world.poll(replace(world.polling, whole_every=0))
    assert [(kind, role.title) for kind, role, _ in told] == [("changed", "Third research data manager")]
    go_on.set()
    await slow
    assert await world.said() == []
    assert await world.stored() == await world.last_said()
    assert (await world.source())["wait"] > 0.7 * EVERY


async def test_a_long_reading_keeps_its_claim(postgres: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A board that takes longer to read than a claim lasts is not taken by another process meanwhile."""
    monkeypatch.setattr(polling_module, "_LEASE", 1.0)
    async with _world(postgres, lambda source: source.id == "camden") as world:
        await world.due()
        world.door.open.clear()
        slow = asyncio.create_task(world.polling.poll_due(world.pool))
        await world.door.somebody_waits.wait()
        claimed_until = (await world.source())["next_poll_at"]

        async def well_past_it() -> bool:
            assert not await store.claim_due(world.pool, ["camden"], lease=1, most=1)
            return bool(
                await world.pool.fetchval(
                    "SELECT now() > $1::timestamptz + make_interval(secs => 0.8)", claimed_until
                )
            )

        await until(well_past_it)
        world.door.open.set()
        await slow
        source = await world.source()
        assert (source["run"], source["wait"] > 0.7 * EVERY) == (1, True)
        assert len(await world.said()) > 3


@pytest.mark.parametrize("where", ["sources", "outbox"])
@pytest.mark.parametrize("how", ["cancelled", "connection cut"])
async def test_killed_between_fetch_and_commit_nothing_is_half_done(
    postgres: Any, where: str, how: str
) -> None:
    """A process that dies after it read a board, before its transaction or in the middle of it, leaves nothing
    behind; the board is polled again when its claim runs out, and everything is said once."""
    async with (
        _world(postgres, lambda source: source.id == "camden") as world,
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
        assert 0 < source["wait"] <= polling_module._LEASE
        assert source["last_good_at"] is None
        told = await world.poll()
        assert Counter(kind for kind, _, _ in told) == {"discovered": len(await world.stored())}
        assert len(told) >= len(DIGITAL)
        assert await world.stored() == await world.last_said()


async def test_a_board_that_brings_a_bug_to_light_stops_no_other(
    everything: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When one board's content cannot be handled at all, that is its failure; the others are said."""
    real = polling_module.read_snapshot

    def stumbling(snapshot: Any, source: Source, *, now: datetime) -> Any:
        if source.id == "camden":
            raise ZeroDivisionError("a bug")
        return real(snapshot, source, now=now)

    monkeypatch.setattr(polling_module, "read_snapshot", stumbling)
    told = await everything.poll()
    assert {role.source for _, role, _ in told} >= {"hackney", "southwark", "westminster"}
    source = await everything.source()
    assert (source["failures"], source["last_outcome"]) == (1, "failed: a bug")


async def test_the_loop_outlives_its_database(own_postgres: Any) -> None:
    """While the database is dead the loop waits; when it is back, what is due is polled and said."""
    async with _world(own_postgres, lambda source: source.id == "camden") as world:
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
