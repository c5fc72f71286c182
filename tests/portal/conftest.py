"""A database with the portal's tables, and its pages over ASGI (`portal`) and over a socket (`served`)."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx2
import pytest

from services.portal.web.app import portal_app
from services.portal.web.site import Site
from tests.databases import database_of
from tests.portal.portal import Clock, Portal, portal_settings
from tests.portal.serving import serving
from tests.servers import Postgres


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """A new database with all tables that the portal has."""
    return await database_of("portal", postgres)


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator["asyncpg.Pool[Any]"]:
    """Connections to it."""
    async with asyncpg.create_pool(dsn, min_size=0, max_size=8) as pool:
        yield pool


@pytest.fixture
def clock() -> Clock:
    """The time of the site: now, until a test moves it."""
    return Clock()


@pytest.fixture
async def portal(pool: "asyncpg.Pool[Any]", dsn: str, clock: Clock) -> AsyncIterator[Portal]:
    """The pages without a socket."""
    settings = portal_settings(dsn)
    site = Site(pool, settings, clock)
    app = portal_app(site)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url=settings.portal_url
    ) as client:
        yield Portal(pool, settings, clock, site, app, client)


@pytest.fixture
async def served(pool: "asyncpg.Pool[Any]", dsn: str, clock: Clock) -> AsyncIterator[Portal]:
    """The pages on a socket of this machine, live, for a browser."""
    async with serving(pool, dsn, clock) as portal:
        yield portal
