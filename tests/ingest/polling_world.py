"""A world for the tests of polling: the sample boards over HTTP, a real database, and ingest's polling between them."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx2
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.local.boards.adverts import as_of, load
from deploy.local.boards.feeds import id_of
from deploy.local.boards.server import create_app, serving
from loti_contracts.delivery.database import open_pool
from loti_contracts.events import Role, SourceState
from services.ingest import store
from services.ingest.fetch import Fetcher
from services.ingest.politeness import AT_HOME
from services.ingest.polling import Polling
from services.ingest.sources import Source
from tests.databases import database_of

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
        await (polling or self.polling).poll_due(self.pool)
        return await self.said()

    async def due(self) -> None:
        """Every board's turn has come."""
        self.wake()
        await self.pool.execute("UPDATE sources SET next_poll_at = now()")

    def wake(self) -> None:
        """Boards that rest since they had not changed have their turn again."""
        for source_id, rest in self.polling.rests.items():
            self.polling.rests[source_id] = replace(rest, until=0.0)

    async def said(self) -> list[tuple[str, Role, tuple[str, ...]]]:
        """What was said since this was asked last."""
        rows = await self.pool.fetch(
            "SELECT position, headers, value FROM outbox WHERE position > $1 AND topic = 'loti.roles.v1' "
            "ORDER BY position",
            self.heard,
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
        for row in await self.pool.fetch(
            "SELECT value FROM outbox WHERE topic = 'loti.roles.v1' ORDER BY position"
        ):
            role = Role.model_validate(json.loads(row["value"])["role"])
            assert role.revision == (newest[role.id].revision + 1 if role.id in newest else 1)
            newest[role.id] = role
        return newest

    async def told_of_sources(self) -> list[tuple[str, SourceState, tuple[str, ...]]]:
        """Everything said of boards: kind, state, changed."""
        rows = await self.pool.fetch(
            "SELECT headers, value FROM outbox WHERE topic = 'loti.sources.v1' ORDER BY position"
        )
        told = []
        for row in rows:
            event = json.loads(row["value"])
            kind = json.loads(row["headers"])["ce_type"].split(".")[3]
            told.append((kind, SourceState.model_validate(event["source"]), tuple(event["changed"])))
        return told

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


@asynccontextmanager
async def open_world(postgres: Any, wanted: Callable[[Source], bool]) -> AsyncIterator[World]:
    dsn = await database_of("ingest", postgres)
    door = Door(create_app(NOW.date()))
    door.open.set()
    async with (
        serving(door) as base,
        Fetcher(
            user_agent="tests", timeout=20, max_bytes=5_000_000, allow_private=True, politeness=AT_HOME
        ) as fetcher,
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
    return id_of(role.links[0], ADVERTS)


@dataclass
class Fetching:
    """A fetcher with another way of fetching."""

    fetch: Callable[..., Awaitable[Any]]
    board_seconds: float = 60.0
