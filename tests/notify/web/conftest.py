"""The real pages, over ASGI and over a socket, on a database with people and matches."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from loti_contracts.delivery.health import serve
from loti_contracts.events import Contact, Match
from services.notify.people import store
from services.notify.people.address_keys import hash_keys
from services.notify.people.choice import Terms
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from services.notify.web.app import web_app

KEY = "a key of the tests that is longer than 32 characters"


@dataclass
class Clock:
    """A time that tests move."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(**span)


@dataclass(frozen=True)
class World:
    """The pages of one site, and what is behind them."""

    pool: "asyncpg.Pool[Any]"
    settings: NotifySettings
    clock: Clock
    app: Starlette
    client: httpx2.AsyncClient
    links: SignedLinks

    async def knows(self, contact: Contact) -> None:
        """The contact was stated."""
        async with self.pool.acquire() as tx, tx.transaction():
            await store.save_contact(
                tx,
                contact,
                stated_at=self.clock(),
                now=self.clock(),
                keys=hash_keys(self.settings.link_keys.get_secret_value()),
                terms=Terms(),
            )

    async def known(self, contact_id: str) -> store.Known | None:
        """What is known of it now."""
        async with self.pool.acquire() as tx:
            return await store.load(tx, contact_id)

    async def heard(self, match: Match) -> None:
        """The match was heard, as the topic said it last."""
        await self.pool.execute(
            """INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id)
               VALUES ('match', $1, $2, true, $3, 'event-of-the-match', 'story-of-the-match')
               ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, state = excluded.state""",
            match.id,
            match.revision,
            match.model_dump_json(),
        )

    async def said(self, topic: str) -> list[dict[str, Any]]:
        """What waits in the outbox for that topic: headers and value."""
        rows = await self.pool.fetch(
            "SELECT headers, value FROM outbox WHERE topic = $1 ORDER BY position", topic
        )
        return [{"headers": row["headers"], "value": (row["value"] or b"").decode()} for row in rows]


@pytest.fixture
def clock() -> Clock:
    """The time of the site."""
    return Clock()


@pytest.fixture
def settings(dsn: str) -> NotifySettings:
    """A site at an address of its own."""
    return NotifySettings(
        database=SecretStr(dsn), public_url="http://talent.example:8027", link_keys=SecretStr(KEY)
    )


@pytest.fixture
async def world(pool: "asyncpg.Pool[Any]", settings: NotifySettings, clock: Clock) -> AsyncIterator[World]:
    """The site without a socket."""
    app = web_app(pool, settings, clock=clock)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url=settings.public_url
    ) as client:
        yield World(
            pool, settings, clock, app, client, SignedLinks(settings, clock=lambda: clock().timestamp())
        )


@pytest.fixture
async def served(pool: "asyncpg.Pool[Any]", dsn: str, clock: Clock) -> AsyncIterator[World]:
    """The site on a socket of this machine, for a browser."""
    settings = NotifySettings(
        database=SecretStr(dsn), public_url=f"http://127.0.0.1:{_free_port()}", link_keys=SecretStr(KEY)
    )
    app, stopping = web_app(pool, settings, clock=clock), asyncio.Event()
    port = urlsplit(settings.public_url).port or 0
    serving = asyncio.create_task(serve(app, host="127.0.0.1", port=port, stopping=stopping))
    async with httpx2.AsyncClient(base_url=settings.public_url) as client:
        yield World(
            pool, settings, clock, app, client, SignedLinks(settings, clock=lambda: clock().timestamp())
        )
    stopping.set()
    await serving


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
