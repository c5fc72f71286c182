"""The portal's pages on a socket of this machine, live."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx2

from loti_contracts.delivery.health import serve
from services.portal.web.app import portal_app
from services.portal.web.site import Site
from tests.portal.portal import Clock, Portal, portal_settings


@asynccontextmanager
async def serving(pool: "asyncpg.Pool[Any]", dsn: str, clock: Clock) -> AsyncIterator[Portal]:
    """The pages, until the block ends."""
    port, stopping = _free_port(), asyncio.Event()
    settings = portal_settings(dsn, url=f"http://127.0.0.1:{port}")
    site = Site(pool, settings, clock)
    app = portal_app(site)
    async with asyncio.TaskGroup() as running:
        running.create_task(serve(app, host="127.0.0.1", port=port, stopping=stopping))
        running.create_task(site.live.run(dsn, stopping))
        try:
            await site.live.hears()
            async with httpx2.AsyncClient(base_url=settings.portal_url) as client:
                yield Portal(pool, settings, clock, site, app, client)
        finally:
            stopping.set()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
