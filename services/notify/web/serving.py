"""Serving the pages as one of the service's loops."""

import asyncio
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import open_pool
from loti_contracts.delivery.health import serve
from loti_contracts.delivery.process import Loop
from services.notify.settings import NotifySettings
from services.notify.web.app import web_app

_log = structlog.get_logger("web")

_CONNECTIONS = 4


def pages(settings: NotifySettings) -> Loop:
    """Serves them until stopped, at `web_host` and `web_port`; with port 0 nothing is served.

    No request is logged: addresses hold tokens. The pages have a few connections of their own, so that many readers
    at once never keep mail from being sent.
    """

    async def serving(_: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        if not settings.web_port:
            _log.info("pages_not_served")
            await stopping.wait()
            return
        async with await open_pool(settings.database.get_secret_value(), most=_CONNECTIONS) as pool:
            app = web_app(pool, settings)
            _log.info("pages_served", port=settings.web_port)
            await serve(app, host=settings.web_host, port=settings.web_port, stopping=stopping)

    return serving
