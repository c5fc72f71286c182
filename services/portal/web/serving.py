"""Serving the pages as one of the service's loops."""

import asyncio
import gc
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import open_pool
from loti_contracts.delivery.health import serve
from loti_contracts.delivery.process import Loop
from services.portal.settings import PortalSettings
from services.portal.signin.sessions import sessions_of
from services.portal.web import templating
from services.portal.web.app import portal_app
from services.portal.web.site import Site

_log = structlog.get_logger("web")

_CONNECTIONS = 8


def pages(settings: PortalSettings) -> Loop:
    """Serves them until stopped, at `portal_host` and `portal_port`; with port 0 nothing is served. The pages have
    connections of their own, so that many readers never keep events from being heard.

    Raises ValueError where the keys that sign cookies are missing or too short.
    """
    if settings.portal_port:
        sessions_of(settings)

    async def serving(_: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        if not settings.portal_port:
            _log.info("pages_not_served")
            await stopping.wait()
            return
        dsn = settings.database.get_secret_value()
        async with await open_pool(dsn, most=_CONNECTIONS) as pool:
            site = Site(pool, settings)
            app = portal_app(site)
            _log.info("pages_served", port=settings.portal_port)
            async with asyncio.TaskGroup() as together:
                together.create_task(asyncio.to_thread(make_ready))
                together.create_task(site.live.run(dsn, stopping))
                together.create_task(
                    serve(app, host=settings.portal_host, port=settings.portal_port, stopping=stopping)
                )

    return serving


def make_ready() -> None:
    """Pay once for what a page would otherwise pay for: compile the templates, and let the garbage collector pass over
    what is loaded. It stays as long as the process, and a look through all of it, now and then in the middle of some
    page, takes a tenth of a second."""
    templating.prepare()
    gc.collect()
    gc.freeze()
