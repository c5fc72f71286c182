"""The pages behind a mail's links, wired. There are no sessions and no cookies: a signed link says whose page it is, so
a foreign site has nothing to misuse. A GET changes nothing; a POST does what its button says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import asyncpg
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from loti_contracts.delivery.page_guards import BodyLimit, SafeHeaders
from services.notify.newsletter import pages as newsletters
from services.notify.reports import parts
from services.notify.reports import web as reports
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from services.notify.web import answering, confirming, outcomes, preferences, told, unsubscribing
from services.notify.web.private import HEADERS
from services.notify.web.problems import CatchBugs, Problems
from services.notify.web.site import Site

_THIS_MACHINE = {"127.0.0.1", "localhost", "[::1]"}


def web_app(
    pool: "asyncpg.Pool[Any]",
    settings: NotifySettings,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Starlette:
    """All pages of the site at `public_url`, whether or not a proxy before it takes the url's path off.

    Raises ValueError where the keys of links are missing or too short.
    """
    links = SignedLinks(settings, clock=lambda: clock().timestamp())
    site = Site(pool, settings, links, clock)
    problems = Problems(site)
    at = urlsplit(settings.public_url)
    path = at.path.rstrip("/")
    routes = _routes(site)
    return Starlette(
        routes=[Mount(path, routes=routes), *routes] if path else routes,
        exception_handlers=problems.handlers,
        middleware=[
            Middleware(SafeHeaders, headers=HEADERS, https=at.scheme == "https"),
            Middleware(CatchBugs, problems=problems),
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(at.netloc), www_redirect=False),
            Middleware(BodyLimit, larger={"/reports": parts.LARGEST + 1}),
        ],
    )


def _routes(site: Site) -> list[BaseRoute]:
    return [
        *confirming.routes(site),
        *preferences.routes(site),
        *unsubscribing.routes(site),
        *told.routes(site),
        *answering.routes(site),
        *outcomes.routes(site),
        *reports.routes(site.pool, site.settings),
        *newsletters.routes(site.pool, site.settings),
        Route("/robots.txt", _robots),
    ]


def _hosts(netloc: str) -> list[str]:
    """The host without its port (an IPv6 address keeps its brackets); one's own machine by each of its names."""
    name, colon, port = netloc.rpartition(":")
    host = (name if colon and port.isdigit() else netloc).lower()
    return sorted(_THIS_MACHINE) if host in _THIS_MACHINE else [host]


async def _robots(_: Request) -> Response:
    return PlainTextResponse(
        "User-agent: *\nAllow: /newsletters\nDisallow: /\n",
        headers={"Cache-Control": "public, max-age=86400"},
    )
