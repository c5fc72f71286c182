"""The portal's pages, wired."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from loti_contracts.delivery.page_guards import BodyLimit, SafeHeaders
from services.portal.signin.who_asks import WhoAsks
from services.portal.web import problems
from services.portal.web.guards import HEADERS, HeadAsGet, Readable
from services.portal.web.last_resort import CatchBugs
from services.portal.web.live_pages import InTurn
from services.portal.web.mounting import routers
from services.portal.web.site import Site

_THIS_MACHINE: Final = {"127.0.0.1", "localhost", "[::1]"}


def portal_app(site: Site) -> FastAPI:
    """All pages and the HTTP API of the portal, at `portal_url` and under no other name.

    Raises ValueError where the keys that sign cookies are missing or too short.
    """
    at = urlsplit(site.settings.portal_url)
    app = FastAPI(
        title=site.settings.site_name,
        docs_url=None,
        redoc_url=None,
        exception_handlers=problems.HANDLERS,
        middleware=[
            Middleware(SafeHeaders, headers=HEADERS, https=at.scheme == "https"),
            Middleware(GZipMiddleware, minimum_size=500, compresslevel=5),
            Middleware(CatchBugs),
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(at.netloc), www_redirect=False),
            Middleware(HeadAsGet, streams=frozenset({"/live"})),
            Middleware(
                BodyLimit, most=5_000_000, seconds=30.0
            ),  # of all that is read; a form has its own limit
            Middleware(Readable),
            Middleware(InTurn, live=site.live),
            Middleware(WhoAsks, site=site),
        ],
    )
    app.state.site = site
    for router in routers():
        app.include_router(router)
    app.middleware_stack = (
        app.build_middleware_stack()
    )  # now, so that what is wrong with the settings is said now
    return app


def _hosts(netloc: str) -> list[str]:
    """The host without its port (an IPv6 address keeps its brackets); one's own machine by each of its names."""
    name, colon, port = netloc.rpartition(":")
    host = (name if colon and port.isdigit() else netloc).lower()
    return sorted(_THIS_MACHINE) if host in _THIS_MACHINE else [host]
